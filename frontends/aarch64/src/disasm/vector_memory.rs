//! Loads and stores of SIMD and floating-point registers.

use ir::Type::I64;

use super::float::scalar;
use super::memory::{before, by_register, offset};
use super::text::{join, reg, reg_sp};
use super::vector::list;
use crate::Op;
use crate::decode::Decoded;

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, pc: u64, op: Op) -> Option<String> {
    let name = found.row.name;
    let scale = op.bits(23, 23) << 2 | op.bits(31, 30);
    let t = scalar(scale.min(4), op.rt());
    let base = format!("[{}]", reg_sp(I64, op.rn()));
    Some(match found.set.name {
        "load register (literal)" => {
            let at = format!("{:#x}", pc.wrapping_add(op.signed(23, 5) << 2));
            join(name, &[scalar(2 + op.bits(31, 30), op.rt()), at])
        }
        "load/store register (unscaled immediate)" => join(name, &[t, offset(op, op.imm9())]),
        "load/store register (immediate post-indexed)" => {
            join(name, &[t, base, format!("#{}", op.imm9() as i64)])
        }
        "load/store register (immediate pre-indexed)" => join(name, &[t, before(op, op.imm9())]),
        "load/store register (unsigned immediate)" => join(name, &[t, offset(op, op.imm12() << scale)]),
        "load/store register (register offset)" => join(name, &[t, by_register(op, scale)?]),
        "load/store register pair" => {
            let scale = 2 + op.bits(31, 30);
            let distance = op.imm7() << scale;
            let mut operands = vec![scalar(scale, op.rt()), scalar(scale, op.rt2())];
            match op.bits(24, 23) {
                0b01 => operands.extend([base, format!("#{}", distance as i64)]),
                0b11 => operands.push(before(op, distance)),
                _ => operands.push(offset(op, distance)),
            }
            join(name, &operands)
        }
        set if set.starts_with("Advanced SIMD load/store multiple") => multiple(name, op),
        set if set.starts_with("Advanced SIMD load/store single") => single(name, op),
        _ => return None,
    })
}

/// Base register, and what is added to it afterwards.
fn address(op: Op, bytes: u32) -> Vec<String> {
    let mut operands = vec![format!("[{}]", reg_sp(I64, op.rn()))];
    if op.bit(23) {
        operands.push(if op.rm() == 31 { format!("#{bytes}") } else { reg(I64, op.rm()) });
    }
    operands
}

/// Lanes of a whole vector.
fn arrangement(op: Op, size: u32) -> String {
    let count = (if op.bit(30) { 16 } else { 8 }) >> size;
    format!("{count}{}", ["b", "h", "s", "d"][size as usize])
}

fn multiple(name: &str, op: Op) -> String {
    let registers = match op.bits(15, 12) {
        0b0000 | 0b0010 => 4,
        0b0100 | 0b0110 => 3,
        0b0111 => 1,
        _ => 2,
    };
    let bytes = registers * if op.bit(30) { 16 } else { 8 };
    let registers = list(op.rt(), registers, &arrangement(op, op.bits(11, 10)));
    join(name, &[vec![registers], address(op, bytes)].concat())
}

fn single(name: &str, op: Op) -> String {
    let registers = (op.bits(13, 13) << 1 | op.bits(21, 21)) + 1;
    if name.ends_with('r') {
        let size = op.bits(11, 10);
        let all = list(op.rt(), registers, &arrangement(op, size));
        return join(name, &[vec![all], address(op, registers << size)].concat());
    }
    let (q, s, low) = (op.bits(30, 30), op.bits(12, 12), op.bits(11, 10));
    let (size, index) = match (op.bits(15, 14), low) {
        (0, _) => (0, q << 3 | s << 2 | low),
        (1, _) => (1, q << 2 | s << 1 | low >> 1),
        (_, 0) => (2, q << 1 | s),
        _ => (3, q),
    };
    let lanes = list(op.rt(), registers, ["b", "h", "s", "d"][size as usize]);
    join(name, &[vec![format!("{lanes}[{index}]")], address(op, registers << size)].concat())
}
