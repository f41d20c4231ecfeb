//! Names of registers, conditions and the like.

use guest::Row;
use ir::Type;

use crate::Op;

/// Conditions, in the order of their numbers.
pub const CONDITIONS: [&str; 16] =
    ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

/// Shifts, in the order of their numbers.
pub const SHIFTS: [&str; 4] = ["lsl", "lsr", "asr", "ror"];

/// Extensions, in the order of their numbers.
pub const EXTENSIONS: [&str; 8] = ["uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"];

/// General-purpose register `n`, of 64 bits or else 32; 31 is zero.
pub fn reg(ty: Type, n: u32) -> String {
    let letter = if ty == Type::I64 { 'x' } else { 'w' };
    if n == 31 { format!("{letter}zr") } else { format!("{letter}{n}") }
}

/// The same; 31 is the stack pointer.
pub fn reg_sp(ty: Type, n: u32) -> String {
    match (n, ty) {
        (31, Type::I64) => "sp".to_owned(),
        (31, _) => "wsp".to_owned(),
        _ => reg(ty, n),
    }
}

/// `name first, second, …`
pub fn join(name: &str, operands: &[String]) -> String {
    if operands.is_empty() { name.to_owned() } else { format!("{name} {}", operands.join(", ")) }
}

/// The fields of a row as `letter=number`, in its order.
pub fn vector_fields(row: &Row<crate::lift::LiftFn>, op: Op) -> String {
    let bits: Vec<u8> = row.bits.bytes().filter(|bit| *bit != b' ').collect();
    let mut letters: Vec<u8> = Vec::new();
    for bit in bits.iter().filter(|bit| bit.is_ascii_alphabetic()) {
        if !letters.contains(bit) {
            letters.push(*bit);
        }
    }
    let value = |letter: u8| {
        let of = bits.iter().enumerate().filter(|(_, bit)| **bit == letter);
        of.fold(0, |value, (place, _)| value << 1 | op.0 >> (31 - place) & 1)
    };
    let fields: Vec<String> =
        letters.into_iter().map(|letter| format!("{}={}", letter as char, value(letter))).collect();
    fields.join(", ")
}
