//! Loads and stores of general-purpose registers.

use ir::Type::{self, I32, I64};

use super::text::{EXTENSIONS, join, reg, reg_sp};
use crate::Op;
use crate::decode::Decoded;

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, pc: u64, op: Op) -> Option<String> {
    let name = found.row.name;
    let base = || format!("[{}]", reg_sp(I64, op.rn()));
    let t = || transferred(name, op);
    Some(match found.set.name {
        "load register (literal)" => {
            let at = format!("{:#x}", pc.wrapping_add(op.signed(23, 5) << 2));
            let ty = if op.bits(31, 30) == 0 { I32 } else { I64 };
            let t = if name == "prfm" { prefetch(op) } else { reg(ty, op.rt()) };
            join(name, &[t, at])
        }
        "load/store register (unscaled immediate)"
        | "load/store register (unprivileged)"
        | "LDAPR/STLR (unscaled immediate)" => join(name, &[t(), offset(op, op.imm9())]),
        "load/store register (immediate post-indexed)" => {
            join(name, &[t(), base(), format!("#{}", op.imm9() as i64)])
        }
        "load/store register (immediate pre-indexed)" => join(name, &[t(), before(op, op.imm9())]),
        "load/store register (unsigned immediate)" => {
            join(name, &[t(), offset(op, op.imm12() << op.bits(31, 30))])
        }
        "load/store register (register offset)" => join(name, &[t(), by_register(op, op.bits(31, 30))?]),
        "load/store register (pac)" => {
            let imm = (op.signed(22, 22) << 9 | u64::from(op.bits(20, 12))) << 3;
            let address = match (op.bit(11), imm) {
                (true, 0) => format!("{}!", offset(op, 0)),
                (true, _) => before(op, imm),
                (false, _) => offset(op, imm),
            };
            join(name, &[reg(I64, op.rt()), address])
        }
        "load/store register pair" => pair(name, op),
        "load/store ordered" => join(name, &[reg(op.size(), op.rt()), base()]),
        "load/store exclusive register" => {
            let mut operands = vec![reg(op.size(), op.rt()), base()];
            if name.starts_with("st") {
                operands.insert(0, reg(I32, op.rs()));
            }
            join(name, &operands)
        }
        "load/store exclusive pair" => {
            let mut operands = vec![reg(op.size(), op.rt()), reg(op.size(), op.rt2()), base()];
            if name.starts_with("st") {
                operands.insert(0, reg(I32, op.rs()));
            }
            join(name, &operands)
        }
        "compare and swap" => compare_and_swap(name, op),
        "atomic memory operations" if name.starts_with("ldapr") => {
            join(name, &[reg(op.size(), op.rt()), base()])
        }
        "atomic memory operations" => atomic(name, op),
        _ => return None,
    })
}

/// Rt, or what a prefetch is for.
fn transferred(name: &str, op: Op) -> String {
    if name.starts_with("prf") {
        return prefetch(op);
    }
    let extends = name.contains("rs");
    let wide = if extends { !op.bit(22) } else { op.size() == I64 };
    reg(if wide { I64 } else { I32 }, op.rt())
}

/// C6.2.299: kind, level and policy.
fn prefetch(op: Op) -> String {
    let (kind, level, policy) = (op.bits(4, 3), op.bits(2, 1), op.bit(0));
    if kind == 3 || level == 3 {
        return format!("#0x{:02x}", op.rt());
    }
    let kind = ["pld", "pli", "pst"][kind as usize];
    format!("{kind}l{}{}", level + 1, if policy { "strm" } else { "keep" })
}

/// Base and offset.
pub fn offset(op: Op, offset: u64) -> String {
    let base = reg_sp(I64, op.rn());
    if offset == 0 { format!("[{base}]") } else { format!("[{base}, #{}]", offset as i64) }
}

/// Base and offset, added before.
pub fn before(op: Op, offset: u64) -> String {
    format!("[{}, #{}]!", reg_sp(I64, op.rn()), offset as i64)
}

/// The address of an access to `1 << scale` bytes; `None` if there is none such.
pub fn by_register(op: Op, scale: u32) -> Option<String> {
    let (option, scaled) = (op.bits(15, 13), op.bit(12));
    if option & 2 == 0 {
        return None;
    }
    let base = reg_sp(I64, op.rn());
    let index = reg(if option & 1 != 0 { I64 } else { I32 }, op.rm());
    let name = if option == 3 { "lsl" } else { EXTENSIONS[option as usize] };
    Some(match (option, scaled) {
        (3, false) => format!("[{base}, {index}]"),
        (_, true) => format!("[{base}, {index}, {name} #{scale}]"),
        (_, false) => format!("[{base}, {index}, {name}]"),
    })
}

fn pair(name: &str, op: Op) -> String {
    let (ty, scale) = match name {
        "ldpsw" => (I64, 2),
        _ if op.bit(31) => (I64, 3),
        _ => (I32, 2),
    };
    let distance = op.imm7() << scale;
    let mut operands = vec![reg(ty, op.rt()), reg(ty, op.rt2())];
    match op.bits(24, 23) {
        0b01 => operands.extend([format!("[{}]", reg_sp(I64, op.rn())), format!("#{}", distance as i64)]),
        0b11 => operands.push(before(op, distance)),
        _ => operands.push(offset(op, distance)),
    }
    join(name, &operands)
}

/// The letters for ordering and for a size below 32 bits.
fn suffixes(acquire: bool, release: bool, size: Type) -> String {
    let mut letters = String::new();
    letters.extend(acquire.then_some('a'));
    letters.extend(release.then_some('l'));
    letters.extend(match size {
        Type::I8 => Some('b'),
        Type::I16 => Some('h'),
        _ => None,
    });
    letters
}

fn compare_and_swap(name: &str, op: Op) -> String {
    let base = format!("[{}]", reg_sp(I64, op.rn()));
    if name == "casp" {
        let ty = if op.bit(30) { I64 } else { I32 };
        let name = format!("casp{}", suffixes(op.bit(22), op.bit(15), I64));
        let registers = [op.rs(), op.rs() + 1, op.rt(), op.rt() + 1].map(|n| reg(ty, n));
        return join(&name, &[registers.to_vec(), vec![base]].concat());
    }
    let name = format!("cas{}", suffixes(op.bit(22), op.bit(15), op.size()));
    join(&name, &[reg(op.size(), op.rs()), reg(op.size(), op.rt()), base])
}

fn atomic(name: &str, op: Op) -> String {
    let (acquire, release) = (op.bit(23), op.bit(22));
    let base = format!("[{}]", reg_sp(I64, op.rn()));
    let (s, t) = (reg(op.size(), op.rs()), reg(op.size(), op.rt()));
    let suffixes = suffixes(acquire, release, op.size());
    match name.strip_prefix("ld") {
        Some(rest) if op.rt() == 31 && !acquire => join(&format!("st{rest}{suffixes}"), &[s, base]),
        _ => join(&format!("{name}{suffixes}"), &[s, t, base]),
    }
}
