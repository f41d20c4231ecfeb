//! Scalar floating point.

use ir::Type::{I32, I64};

use super::text::{CONDITIONS, join, reg};
use crate::Op;
use crate::decode::Decoded;
use crate::fp::{Precision, expand_immediate};

/// A register of `1 << size` bytes.
pub fn scalar(size: u32, n: u32) -> String {
    format!("{}{n}", ["b", "h", "s", "d", "q"][size as usize])
}

/// The size that `ftype` says; its third value is a part of a vector.
fn size_of_type(ftype: u32) -> u32 {
    [2, 3, 3, 1][ftype as usize & 3]
}

/// An expanded immediate as objdump writes it.
pub fn number(imm8: u32) -> String {
    let value = f64::from_bits(expand_immediate(Precision::Double, imm8));
    let text = format!("{value:.18e}");
    let (digits, exponent) = text.split_once('e').expect("it is asked for");
    let exponent: i32 = exponent.parse().expect("it is a number");
    format!("#{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, op: Op) -> Option<String> {
    let name = found.row.name;
    let size = size_of_type(op.bits(23, 22));
    let f = |n| scalar(size, n);
    let operands = match found.set.name {
        "conversion between floating-point and fixed-point" => {
            let bits = format!("#{}", 64 - op.bits(15, 10));
            let (general, fixed) = (reg(op.sf(), if op.bit(19) { op.rd() } else { op.rn() }), bits);
            if op.bit(19) { vec![general, f(op.rn()), fixed] } else { vec![f(op.rd()), general, fixed] }
        }
        "conversion between floating-point and integer" => with_integer(op),
        "floating-point data-processing (1 source)" => {
            let (to, from) = match name {
                "fcvt" => (size_of_type(op.bits(16, 15)), size),
                "bfcvt" => (1, 2),
                _ => (size, size),
            };
            vec![scalar(to, op.rd()), scalar(from, op.rn())]
        }
        "floating-point compare" => {
            vec![f(op.rn()), if op.bit(3) { "#0.0".to_owned() } else { f(op.rm()) }]
        }
        "floating-point immediate" => vec![f(op.rd()), number(op.bits(20, 13))],
        "floating-point conditional compare" => {
            let condition = CONDITIONS[op.cond() as usize].to_owned();
            vec![f(op.rn()), f(op.rm()), format!("#{:#x}", op.bits(3, 0)), condition]
        }
        "floating-point data-processing (2 source)" => vec![f(op.rd()), f(op.rn()), f(op.rm())],
        "floating-point conditional select" => {
            vec![f(op.rd()), f(op.rn()), f(op.rm()), CONDITIONS[op.cond() as usize].to_owned()]
        }
        "floating-point data-processing (3 source)" => vec![f(op.rd()), f(op.rn()), f(op.rm()), f(op.ra())],
        _ => return None,
    };
    Some(join(name, &operands))
}

/// Operands of conversions and moves between both kinds of registers.
fn with_integer(op: Op) -> Vec<String> {
    let (rmode, opcode, ftype) = (op.bits(20, 19), op.bits(18, 16), op.bits(23, 22));
    let is_upper = ftype == 2;
    let float = |n| if is_upper { format!("v{n}.d[1]") } else { scalar(size_of_type(ftype), n) };
    let general = |n| reg(if op.bit(31) { I64 } else { I32 }, n);
    // SCVTF, UCVTF and FMOV from a general register.
    let from_general = matches!((rmode, opcode), (0, 0b010 | 0b011) | (_, 0b111));
    if from_general { vec![float(op.rd()), general(op.rn())] } else { vec![general(op.rd()), float(op.rn())] }
}
