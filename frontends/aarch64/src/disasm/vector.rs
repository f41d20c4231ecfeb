//! Advanced SIMD: data processing.

use super::float::{number, scalar};
use super::text::{join, reg};
use crate::Op;
use crate::decode::Decoded;
use ir::Type::{I32, I64};

/// A vector of lanes of `1 << size` bytes; all 128 bits of it, or the lower 64.
fn vector(n: u32, size: u32, full: bool) -> String {
    let count = (if full { 16 } else { 8 }) >> size;
    format!("v{n}.{count}{}", LETTERS[size as usize])
}

/// A lane of a vector.
fn lane(n: u32, size: u32, index: u32) -> String {
    format!("v{n}.{}[{index}]", LETTERS[size as usize])
}

const LETTERS: [&str; 5] = ["b", "h", "s", "d", "q"];

/// What a group's registers look like: Rd, Rn and Rm by their numbers.
struct Look {
    op: Op,
    scalar: bool,
    full: bool,
}

impl Look {
    /// A register with lanes of `1 << size` bytes, or a scalar of that size.
    fn of(&self, n: u32, size: u32) -> String {
        if self.scalar { scalar(size, n) } else { vector(n, size, self.full) }
    }

    fn two(&self, size: u32) -> Vec<String> {
        vec![self.of(self.op.rd(), size), self.of(self.op.rn(), size)]
    }

    fn three(&self, size: u32) -> Vec<String> {
        let mut operands = self.two(size);
        operands.push(self.of(self.op.rm(), size));
        operands
    }

    /// Rd with lanes twice as wide.
    fn long(&self, n: u32, size: u32) -> String {
        if self.scalar { scalar(size + 1, n) } else { vector(n, size + 1, true) }
    }

    /// The name with a 2 where narrow lanes are in upper halves.
    fn second(&self, name: &str) -> String {
        format!("{name}{}", if self.full && !self.scalar { "2" } else { "" })
    }
}

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, op: Op) -> Option<String> {
    let (name, set) = (found.row.name, found.set.name);
    let look = Look { op, scalar: op.bit(28), full: op.bit(30) };
    let size = op.bits(23, 22);
    let is_float = name.starts_with('f') || name.ends_with("cvtf");
    let number_size = if set.ends_with("FP16") || set.ends_with("(FP16)") { 1 } else { 2 + (size & 1) };
    let own_size = if is_float { number_size } else { size };
    if set.starts_with("cryptographic") {
        return Some(join(name, &cryptographic(name, op)?));
    }
    let set = set.strip_prefix("Advanced SIMD ")?;
    let set = set.strip_prefix("scalar ").unwrap_or(set);
    Some(match set.trim_end_matches(" FP16").trim_end_matches(" (FP16)") {
        "copy" => copy(name, op)?,
        "three same" => three_same(name, &look, own_size),
        "two-register miscellaneous" => two_register(name, &look, own_size, is_float),
        "pairwise" => pairwise(name, op),
        "three different" => three_different(name, &look, size),
        "shift by immediate" => shift(name, &look)?,
        "x indexed element" | "vector x indexed element" => indexed(name, &look),
        "table lookup" => {
            let table = list(op.rn(), op.bits(14, 13) + 1, "16b");
            join(name, &[vector(op.rd(), 0, look.full), table, vector(op.rm(), 0, look.full)])
        }
        "permute" => join(name, &look.three(size)),
        "extract" => {
            let mut operands = look.three(0);
            operands.push(format!("#{}", op.bits(14, 11)));
            join(name, &operands)
        }
        "three same extra" | "three-register extension" => extension(name, &look, size),
        "across lanes" => across(name, &look, size),
        "modified immediate" => immediate(name, op),
        _ => return None,
    })
}

/// Registers from `first` on, with 31 before 0.
pub fn list(first: u32, count: u32, lanes: &str) -> String {
    let register = |index: u32| format!("v{}.{lanes}", (first + index) % 32);
    if count > 2 && first + count <= 32 {
        return format!("{{{}-{}}}", register(0), register(count - 1));
    }
    let registers: Vec<String> = (0..count).map(register).collect();
    format!("{{{}}}", registers.join(", "))
}

fn cryptographic(name: &str, op: Op) -> Option<Vec<String>> {
    let (d, n, m) = (op.rd(), op.rn(), op.rm());
    let words = |n| vector(n, 2, true);
    let q = |n| scalar(4, n);
    Some(match name {
        "aese" | "aesd" | "aesmc" | "aesimc" => vec![vector(d, 0, true), vector(n, 0, true)],
        "sha1c" | "sha1p" | "sha1m" => vec![q(d), scalar(2, n), words(m)],
        "sha256h" | "sha256h2" => vec![q(d), q(n), words(m)],
        "sha1su0" | "sha256su1" => vec![words(d), words(n), words(m)],
        "sha1h" => vec![scalar(2, d), scalar(2, n)],
        "sha1su1" | "sha256su0" => vec![words(d), words(n)],
        "sha512h" | "sha512h2" => vec![q(d), q(n), vector(m, 3, true)],
        "sha512su0" => vec![vector(d, 3, true), vector(n, 3, true)],
        "sha512su1" | "rax1" => [d, n, m].map(|n| vector(n, 3, true)).to_vec(),
        "eor3" | "bcax" => [d, n, m, op.ra()].map(|n| vector(n, 0, true)).to_vec(),
        "xar" => {
            let mut operands = [d, n, m].map(|n| vector(n, 3, true)).to_vec();
            operands.push(format!("#{}", op.bits(15, 10)));
            operands
        }
        "sm3ss1" => [d, n, m, op.ra()].map(words).to_vec(),
        "sm3partw1" | "sm3partw2" | "sm4ekey" => [d, n, m].map(words).to_vec(),
        "sm4e" => vec![words(d), words(n)],
        _ if name.starts_with("sm3tt") => vec![words(d), words(n), lane(m, 2, op.bits(13, 12))],
        _ => return None,
    })
}

/// `None` if imm5 names no lane.
fn copy(name: &str, op: Op) -> Option<String> {
    let imm5 = op.rm();
    let size = imm5.trailing_zeros();
    if size > 3 {
        return None;
    }
    let (index, full) = (imm5 >> (size + 1), op.bit(30));
    let (d, n) = (op.rd(), op.rn());
    let from_general = reg(if size == 3 { I64 } else { I32 }, n);
    let to_general = reg(if full { I64 } else { I32 }, d);
    Some(match (name, op.bits(14, 11)) {
        ("dup", _) if op.bit(28) => join("mov", &[scalar(size, d), lane(n, size, index)]),
        ("dup", 0) => join("dup", &[vector(d, size, full), lane(n, size, index)]),
        ("dup", _) => join("dup", &[vector(d, size, full), from_general]),
        ("ins", _) if op.bit(29) => {
            join("mov", &[lane(d, size, index), lane(n, size, op.bits(14, 11) >> size)])
        }
        ("ins", _) => join("mov", &[lane(d, size, index), from_general]),
        ("umov", _) if size >= 2 => join("mov", &[to_general, lane(n, size, index)]),
        _ => join(name, &[to_general, lane(n, size, index)]),
    })
}

fn three_same(name: &str, look: &Look, size: u32) -> String {
    match name {
        "orr" if look.op.rn() == look.op.rm() => join("mov", &look.two(0)),
        "and" | "bic" | "orr" | "orn" | "eor" | "bsl" | "bit" | "bif" => join(name, &look.three(0)),
        "fmlal" | "fmlsl" | "fmlal2" | "fmlsl2" => join(name, &widening_numbers(look)),
        _ => join(name, &look.three(size)),
    }
}

/// Lanes of single precision from pairs of half precision.
fn widening_numbers(look: &Look) -> Vec<String> {
    let half = |n| format!("v{n}.{}h", if look.full { 4 } else { 2 });
    vec![vector(look.op.rd(), 2, look.full), half(look.op.rn()), half(look.op.rm())]
}

fn two_register(name: &str, look: &Look, size: u32, is_float: bool) -> String {
    let op = look.op;
    let (d, n) = (op.rd(), op.rn());
    match name {
        "not" => join("mvn", &look.two(0)),
        "rbit" => join(name, &look.two(0)),
        "fcvtn" | "fcvtxn" | "bfcvtn" => {
            let from = if name == "bfcvtn" { 2 } else { 2 + op.bits(22, 22) };
            join(&look.second(name), &[look.of(d, from - 1), look.long(n, from - 1)])
        }
        "fcvtl" => {
            let to = 2 + op.bits(22, 22);
            join(&look.second(name), &[vector(d, to, true), vector(n, to - 1, look.full)])
        }
        "xtn" | "sqxtn" | "sqxtun" | "uqxtn" => {
            join(&look.second(name), &[look.of(d, size), look.long(n, size)])
        }
        "shll" => {
            let shift = format!("#{}", 8 << size);
            join(&look.second(name), &[vector(d, size + 1, true), look.of(n, size), shift])
        }
        "saddlp" | "uaddlp" | "sadalp" | "uadalp" => {
            join(name, &[vector(d, size + 1, look.full), look.of(n, size)])
        }
        _ => {
            let mut operands = look.two(size);
            if name.starts_with("cm") {
                operands.push("#0".to_owned());
            } else if is_float && name.starts_with("fcm") {
                operands.push("#0.0".to_owned());
            }
            join(name, &operands)
        }
    }
}

fn pairwise(name: &str, op: Op) -> String {
    let size = match (name, op.bit(29)) {
        ("addp", _) => 3,
        (_, false) => 1,
        (_, true) => 2 + op.bits(22, 22),
    };
    join(name, &[scalar(size, op.rd()), format!("v{}.2{}", op.rn(), LETTERS[size as usize])])
}

fn three_different(name: &str, look: &Look, size: u32) -> String {
    let op = look.op;
    let (d, n, m) = (op.rd(), op.rn(), op.rm());
    let second = look.second(name);
    if name == "pmull" && size == 3 {
        let words = |n| if look.full { format!("v{n}.2d") } else { format!("v{n}.1d") };
        return join(&second, &[format!("v{d}.1q"), words(n), words(m)]);
    }
    let operands = if name.ends_with("hn") {
        [look.of(d, size), look.long(n, size), look.long(m, size)]
    } else if name.ends_with('w') {
        [look.long(d, size), look.long(n, size), look.of(m, size)]
    } else {
        [look.long(d, size), look.of(n, size), look.of(m, size)]
    };
    join(&second, &operands)
}

fn shift(name: &str, look: &Look) -> Option<String> {
    let op = look.op;
    let immediate = op.bits(22, 16);
    let size = (immediate >> 3).checked_ilog2()?;
    let bits = 8 << size;
    let (right, left) = (2 * bits - immediate, immediate - bits);
    let (d, n) = (op.rd(), op.rn());
    Some(match name {
        "sshll" | "ushll" => {
            let mut operands = vec![look.long(d, size), look.of(n, size)];
            let name = match (left, name) {
                (0, "sshll") => "sxtl",
                (0, _) => "uxtl",
                _ => name,
            };
            operands.extend((left != 0).then(|| format!("#{left}")));
            join(&look.second(name), &operands)
        }
        _ if name.ends_with("rn") || name.ends_with("run") => {
            join(&look.second(name), &[look.of(d, size), look.long(n, size), format!("#{right}")])
        }
        _ => {
            let to_left = name.contains("shl") || name == "sli";
            let mut operands = look.two(size);
            operands.push(format!("#{}", if to_left { left } else { right }));
            join(name, &operands)
        }
    })
}

/// The lane of Rm of instructions by element: of 16 bits, Rm has four bits.
fn element(op: Op, size: u32) -> String {
    let (high, low, middle) = (op.bits(11, 11), op.bits(21, 21), op.bits(20, 20));
    match size {
        1 => lane(op.bits(19, 16), 1, high << 2 | low << 1 | middle),
        2 => lane(op.rm(), 2, high << 1 | low),
        _ => lane(op.rm(), 3, high),
    }
}

fn indexed(name: &str, look: &Look) -> String {
    let op = look.op;
    let (d, n, size) = (op.rd(), op.rn(), op.bits(23, 22));
    let index = op.bits(11, 11) << 1 | op.bits(21, 21);
    match name {
        "sdot" | "udot" | "usdot" | "sudot" => {
            let four = format!("v{}.4b[{index}]", op.rm());
            join(name, &[vector(d, 2, look.full), vector(n, 0, look.full), four])
        }
        "bfdot" => {
            let two = format!("v{}.2h[{index}]", op.rm());
            join(name, &[vector(d, 2, look.full), vector(n, 1, look.full), two])
        }
        "bfmlalb" | "bfmlalt" => join(name, &[vector(d, 2, true), vector(n, 1, true), element(op, 1)]),
        "fmlal" | "fmlsl" | "fmlal2" | "fmlsl2" => {
            let mut operands = widening_numbers(look);
            operands[2] = element(op, 1);
            join(name, &operands)
        }
        "fcmla" => {
            let index = if size == 1 { index } else { index >> 1 };
            let mut operands = look.two(size);
            operands.extend([lane(op.rm(), size, index), format!("#{}", 90 * op.bits(14, 13))]);
            join(name, &operands)
        }
        _ if name.starts_with('f') => {
            let size = if size == 0 { 1 } else { size };
            let mut operands = look.two(size);
            operands.push(element(op, size));
            join(name, &operands)
        }
        _ if name.contains("ml") && !name.ends_with("h") && name != "mla" && name != "mls"
            || name.ends_with("ull") =>
        {
            join(&look.second(name), &[look.long(d, size), look.of(n, size), element(op, size)])
        }
        _ => {
            let mut operands = look.two(size);
            operands.push(element(op, size));
            join(name, &operands)
        }
    }
}

fn extension(name: &str, look: &Look, size: u32) -> String {
    let op = look.op;
    let (d, n, m) = (op.rd(), op.rn(), op.rm());
    match name {
        "sdot" | "udot" | "usdot" => {
            let bytes = |n| vector(n, 0, look.full);
            join(name, &[vector(d, 2, look.full), bytes(n), bytes(m)])
        }
        "smmla" | "ummla" | "usmmla" => {
            join(name, &[vector(d, 2, true), vector(n, 0, true), vector(m, 0, true)])
        }
        "bfdot" => {
            let halves = |n| vector(n, 1, look.full);
            join(name, &[vector(d, 2, look.full), halves(n), halves(m)])
        }
        "bfmmla" | "bfmlalb" | "bfmlalt" => {
            join(name, &[vector(d, 2, true), vector(n, 1, true), vector(m, 1, true)])
        }
        "fcmla" | "fcadd" => {
            let turns = if name == "fcmla" { op.bits(12, 11) } else { 1 + 2 * op.bits(12, 12) };
            let mut operands = look.three(size);
            operands.push(format!("#{}", 90 * turns));
            join(name, &operands)
        }
        _ => join(name, &look.three(size)),
    }
}

fn across(name: &str, look: &Look, size: u32) -> String {
    let op = look.op;
    let (size, to) = match name {
        "saddlv" | "uaddlv" => (size, size + 1),
        _ if name.starts_with('f') && op.bit(29) => (2, 2),
        _ if name.starts_with('f') => (1, 1),
        _ => (size, size),
    };
    join(name, &[scalar(to, op.rd()), vector(op.rn(), size, look.full)])
}

fn immediate(name: &str, op: Op) -> String {
    let (imm8, cmode, full) = (op.bits(18, 16) << 5 | op.bits(9, 5), op.bits(15, 12), op.bit(30));
    let d = op.rd();
    let plain = format!("#{imm8:#x}");
    let shifted = |size, shift: u32| {
        let mut operands = vec![vector(d, size, full), plain.clone()];
        operands.extend((shift != 0).then(|| format!("lsl #{shift}")));
        join(name, &operands)
    };
    match cmode {
        0b1111 => {
            let size = if op.bit(11) { 1 } else { 2 + op.bits(29, 29) };
            join(name, &[vector(d, size, full), number(imm8)])
        }
        0b1110 if op.bit(29) => {
            let ones = (0..8).filter(|bit| imm8 >> bit & 1 != 0);
            let mask = ones.fold(0u64, |mask, bit| mask | 0xff << (8 * bit));
            let d = if full { vector(d, 3, true) } else { scalar(3, d) };
            join(name, &[d, format!("#{mask:#x}")])
        }
        0b1110 => shifted(0, 0),
        0b1100 | 0b1101 => join(name, &[vector(d, 2, full), plain, format!("msl #{}", 8 << (cmode & 1))]),
        _ if cmode & 8 != 0 => shifted(1, 8 * (cmode >> 1 & 1)),
        _ => shifted(2, 8 * (cmode >> 1)),
    }
}
