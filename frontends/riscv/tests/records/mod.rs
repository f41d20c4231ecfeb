//! Cases of random instructions and random registers.

use std::collections::BTreeMap;

use riscv::decode::decode;
use riscv::random::{Kind, kinds};
use riscv::syntax::{Operand, operands};
use riscv::{Op, disasm};

/// Offsets in a record, and its length, in bytes.
const F: usize = 256;
const FCSR: usize = 512;
const WINDOW: usize = 576;
const WINDOW_BYTES: usize = 128;
pub const RECORD_BYTES: usize = WINDOW + WINDOW_BYTES;

/// Cases of each row.
const PER_KIND: usize = 24;

/// The registers that the program needs for itself.
const GP: u32 = 3;

/// One instruction, and the registers and memory it starts on.
pub struct Case {
    pub kind: Kind,
    pub word: u32,
    label: String,
    x: [u64; 32],
    f: [u64; 32],
    fcsr: u64,
    window: [u8; WINDOW_BYTES],
    /// Where in the window a memory instruction points.
    offset: usize,
}

/// The name of a record's word.
pub fn place(index: usize) -> String {
    match index {
        0..32 => format!("x{index}"),
        32..64 => format!("f{}", index - 32),
        64 => "fcsr".to_owned(),
        _ => format!("memory {}", index as i64 * 8 - WINDOW as i64),
    }
}

/// Random cases of all rows that user-level code has.
pub fn cases() -> Vec<Case> {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let kinds: Vec<Kind> = kinds().into_iter().filter(in_user_mode).collect();
    let count = kinds.len() * PER_KIND;
    (0..count).map(|index| random.case(&kinds[index / PER_KIND], index)).collect()
}

/// Whether user-level code has such instructions, and goes on after them.
fn in_user_mode(kind: &Kind) -> bool {
    let privileged =
        ["mret", "sret", "wfi", "sfence", "sinval"].iter().any(|name| kind.name.starts_with(name));
    let traps = matches!(kind.name, "ecall" | "ebreak" | "c.ebreak");
    !privileged && !traps
}

/// A generator of random values (Vigna, "An experimental exploration of
/// Marsaglia's xorshift generators, scrambled", xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick(&mut self, values: &[u64]) -> u64 {
        values[self.below(values.len() as u64) as usize]
    }

    fn case(&mut self, kind: &Kind, index: usize) -> Case {
        let word = loop {
            let word = kind.instance(&mut || self.next());
            if let Some(word) = tamed(kind, word, self.next()) {
                break word;
            }
        };
        let aligned = kind.set == "A";
        let offset = self.below(WINDOW_BYTES as u64 - 8) as usize;
        let mut case = Case {
            kind: *kind,
            word,
            label: format!("case{index}"),
            x: std::array::from_fn(|_| self.integer()),
            f: std::array::from_fn(|_| self.float()),
            fcsr: self.below(5) << 5 | self.next() & 0x1f,
            window: std::array::from_fn(|_| self.next() as u8),
            offset: if aligned { offset & !7 } else { offset },
        };
        case.x[0] = 0;
        // Two operands that are the same or nearly so are special cases.
        if self.below(4) == 0 {
            let op = case.op();
            case.x[op.rs2() as usize] = case.x[op.rs1() as usize].wrapping_add(self.below(2));
            case.x[0] = 0;
            case.f[op.rs2() as usize] = case.f[op.rs1() as usize] ^ self.below(2) << 63;
        }
        case
    }

    /// Small numbers, numbers near powers of two, and any.
    fn integer(&mut self) -> u64 {
        let power = 1u64 << self.below(64);
        match self.below(6) {
            0 => self.pick(&[0, 1, 2, u64::MAX]),
            1 => power.wrapping_sub(self.below(2)),
            2 => power.wrapping_neg().wrapping_add(self.below(2)),
            3 => self.next() as i32 as u64,
            _ => self.next() >> self.below(64),
        }
    }

    /// Numbers of both precisions that are likely to meet: near each other,
    /// near the ends of the range, subnormal, infinite or no numbers.
    fn float(&mut self) -> u64 {
        if self.below(2) == 0 { self.double() } else { 0xffff_ffff_0000_0000 | self.single() }
    }

    fn double(&mut self) -> u64 {
        let sign = self.next() & 1 << 63;
        let fraction = self.next() >> 12 & !(u64::MAX >> self.below(64) >> 12);
        let exponent = match self.below(5) {
            0 => self.pick(&[0, 1, 2046, 2047]),
            1 => self.below(2048),
            _ => 1023 - 40 + self.below(80),
        };
        match self.below(8) {
            0 => sign,
            1 => self.pick(&[0x7ff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001]) | sign,
            _ => sign | exponent << 52 | fraction,
        }
    }

    fn single(&mut self) -> u64 {
        let sign = self.next() & 1 << 31;
        let fraction = (self.next() & 0x7f_ffff) & !(0x7f_ffff >> self.below(24));
        let exponent = match self.below(5) {
            0 => self.pick(&[0, 1, 254, 255]),
            1 => self.below(256),
            _ => 127 - 20 + self.below(40),
        };
        match self.below(8) {
            0 => sign,
            1 => self.pick(&[0x7f80_0000, 0x7fc0_0000, 0x7f80_0001]) | sign,
            _ => sign | exponent << 23 | fraction,
        }
    }
}

/// `word`, made such that the program survives it; `None` to try another.
fn tamed(kind: &Kind, word: u32, random: u64) -> Option<u32> {
    let found = decode(word)?;
    let writes_gp = operands(found.row).first() == Some(&Operand::X(7)) && found.op.rd() == GP;
    let no_base = matches!(found.op.rs1(), 0 | GP) && (kind.memory || is_indirect(kind));
    if writes_gp || no_base {
        return None;
    }
    let op = Op(word);
    Some(match kind.name {
        // Over one instruction, or right to the next.
        name if name.starts_with('b') && kind.control => op.with_imm_b(8).0,
        "jal" => op.with_imm_j(8).0,
        "c.j" => word & 0xe003 | 1 << 5,
        "c.beqz" | "c.bnez" => word & 0xe383 | 1 << 10,
        // fflags, frm and fcsr.
        name if name.starts_with("csr") => op.with_imm_i(1 + (random % 3) as u32).0,
        _ => word,
    })
}

/// Whether the instruction jumps to an address in a register.
fn is_indirect(kind: &Kind) -> bool {
    matches!(kind.name, "jalr" | "c.jr" | "c.jalr")
}

impl Case {
    /// The instruction's fields.
    fn op(&self) -> Op {
        decode(self.word).map_or(Op(self.word), |found| found.op)
    }

    /// The code: one instruction, and one that a jump skips.
    pub fn source(&self) -> String {
        let code = match self.kind.compressed {
            true => format!(".half {:#x}, 1", self.word),
            false => format!(".word {:#x}", self.word),
        };
        let label = &self.label;
        format!(
            "        jal t6, restore\n        ld t6, 248(gp)\n{label}: {code}\n        addi x4, x4, 1\n        \
             sd t6, 248(gp)\n        jal t6, save\n"
        )
    }

    /// The record, which lies at `at`.
    pub fn record(&self, at: u64, labels: &BTreeMap<String, u64>) -> Vec<u8> {
        let mut x = self.x;
        let op = self.op();
        if let Some(target) = self.base(at, labels[&self.label]) {
            x[op.rs1() as usize] = target;
        }
        let mut record: Vec<u8> =
            x.iter().chain(&self.f).chain(&[self.fcsr]).flat_map(|v| v.to_le_bytes()).collect();
        debug_assert_eq!(record.len(), FCSR + 8, "F is at {F}");
        record.resize(WINDOW, 0);
        record.extend(self.window);
        record
    }

    /// What rs1 has to be for the access to hit the window, or the jump the
    /// instruction after the next.
    fn base(&self, at: u64, label: u64) -> Option<u64> {
        let op = self.op();
        let window = at + (WINDOW + self.offset) as u64;
        match operands(decode(self.word)?.row).last()? {
            Operand::MemoryI if is_indirect(&self.kind) => Some((label + 8).wrapping_sub(op.imm_i())),
            Operand::MemoryI => Some(window.wrapping_sub(op.imm_i())),
            Operand::MemoryS => Some(window.wrapping_sub(op.imm_s())),
            Operand::Address => Some(window),
            _ => None,
        }
    }

    /// The operands, for messages.
    pub fn inputs(&self) -> String {
        let op = self.op();
        let of = |n: u32| format!("x{n}={:#x} f{n}={:#x}", self.x[n as usize], self.f[n as usize]);
        let text = disasm::text_without_aliases(0, self.word).unwrap_or_default();
        format!("{text}: {} {} {} fcsr={:#x}", of(op.rs1()), of(op.rs2()), of(op.rs3()), self.fcsr)
    }
}
