//! Cases of random instructions and random registers.

use aarch64::Op;
use aarch64::decode::{Set, decode, sets};
use aarch64::lift::LiftFn;
use guest::Row;

use crate::interpreter::{self, Problem};
use crate::program::{RECORDS, code_address};
use crate::record::{FPCR, FPSR, NZCV, RECORD_WORDS, Record, V, WINDOW, WINDOW_WORDS, X, X_COUNT};

/// Cases of each row; `CASES` in the environment says otherwise.
const PER_ROW: usize = 24;

/// The offset of a literal.
const LITERAL: &str = "iiiiiiiiiiiiiiiiiii";

/// One instruction, and the registers and memory it starts on.
pub struct Case {
    pub name: &'static str,
    pub bits: &'static str,
    pub word: u32,
    pub record: Record,
}

/// Random cases of all floating-point and SIMD rows; of those whose name has
/// `ROW` in it, if the environment has that.
pub fn cases() -> Vec<Case> {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let per_row = std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(PER_ROW);
    let wanted = std::env::var("ROW").unwrap_or_default();
    let of_set = |set: &'static Set| set.rows.iter();
    let rows = sets().filter(|set| set.float).flat_map(of_set).filter(|row| row.name.contains(&wanted));
    let mut cases = Vec::new();
    for row in rows {
        for _ in 0..per_row {
            let Some(case) = (0..200).find_map(|_| random.case(row, cases.len())) else {
                println!("no case of {} {}", row.name, row.bits);
                break;
            };
            cases.push(case);
        }
    }
    cases
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
        (self.next() >> 11) % limit.max(1)
    }

    fn pick(&mut self, values: &[u64]) -> u64 {
        values[self.below(values.len() as u64) as usize]
    }

    /// An instruction of a row, if this one has a result to compare.
    fn case(&mut self, row: &'static Row<LiftFn>, index: usize) -> Option<Case> {
        let word = self.instance(row)?;
        let mut record = self.record();
        self.liken(Op(word), &mut record);
        let at = RECORDS + (index * RECORD_WORDS * 8) as u64;
        match interpreter::run(&[word], code_address(index, 1), &mut record.clone(), at) {
            Err(Problem::Exception) => return None,
            Err(Problem::Outside(from, to)) => {
                let window = at + WINDOW as u64 * 8;
                let room = (WINDOW_WORDS as u64 * 8).checked_sub(to.wrapping_sub(from))?;
                let n = Op(word).rn() as usize;
                let target = window + self.below(room + 1);
                let base = record.0.get_mut(X + n).filter(|_| n < X_COUNT)?;
                *base = base.wrapping_add(target).wrapping_sub(from);
                interpreter::run(&[word], code_address(index, 1), &mut record.clone(), at).ok()?;
            }
            Ok(_) | Err(Problem::Invalid(_)) => (),
        }
        Some(Case { name: row.name, bits: row.bits, word, record })
    }

    /// A word of the row. Registers are among those of the record.
    fn instance(&mut self, row: &'static Row<LiftFn>) -> Option<u32> {
        let letters = !row.pattern.mask as u32;
        let mut word = row.pattern.value as u32 | self.next() as u32 & letters;
        for low in [0, 5, 16] {
            let field = 31u32 << low;
            if letters & field == field && (word & field != field || self.below(4) != 0) {
                word &= !(16 << low);
            }
        }
        // A literal is the instruction itself: that alone is alike in both programs.
        if row.bits.contains(LITERAL) {
            word &= !(0x7_ffff << 5);
        }
        (decode(word)?.row.bits == row.bits).then_some(word)
    }

    fn record(&mut self) -> Record {
        let mut words = [0; RECORD_WORDS];
        words[X..X + X_COUNT].fill_with(|| self.integer());
        words[NZCV] = self.below(16) << 28;
        words[FPCR] = match self.below(3) {
            0 => 0,
            1 => self.below(4) << 22,
            _ => self.next() & 0x07c8_0000,
        };
        words[FPSR] = if self.below(4) == 0 { self.next() & 0x0800_009f } else { 0 };
        for register in words[V..WINDOW].chunks_exact_mut(2) {
            let kind = self.below(8);
            register.fill_with(|| self.half(kind));
        }
        words[WINDOW..].fill_with(|| self.next());
        Record(words)
    }

    /// Makes operands the same or nearly so now and then, which often is a
    /// special case.
    fn liken(&mut self, op: Op, record: &mut Record) {
        if self.below(4) != 0 {
            return;
        }
        let [from, to] = [op.rn(), op.rm()].map(|n| V + n as usize * 2);
        for half in 0..2 {
            record.0[to + half] = record.0[from + half] ^ self.pick(&[0, 0, 1 << 63, 0x8000_0000, 1]);
        }
    }

    /// Half a register of lanes of some kind.
    fn half(&mut self, kind: u64) -> u64 {
        match kind {
            0 => self.next(),
            1 => self.integer(),
            2 | 3 => self.float(11, 52),
            4 | 5 => self.float(8, 23) | self.float(8, 23) << 32,
            6 => (0..4).fold(0, |half, _| half << 16 | self.float(5, 10)),
            _ => (0..8).fold(0, |half, _| half << 8 | self.integer() & 0xff),
        }
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

    /// Numbers that are likely to meet: near each other, near the ends of the
    /// range, subnormal, infinite or no numbers.
    fn float(&mut self, exponent_bits: u32, fraction_bits: u32) -> u64 {
        let ones = |count: u32| (1u64 << count) - 1;
        let (top, bias) = (ones(exponent_bits), ones(exponent_bits - 1));
        let sign = self.below(2) << (exponent_bits + fraction_bits);
        let kept = self.below(u64::from(fraction_bits) + 1) as u32;
        let fraction = self.next() & ones(fraction_bits) & !ones(kept);
        let near = u64::from(fraction_bits.min(exponent_bits * 2));
        let exponent = match self.below(6) {
            0 => self.pick(&[0, 0, 1, top - 1, top]),
            1 => self.below(top + 1),
            _ => bias - near / 2 + self.below(near),
        };
        match self.below(10) {
            0 => sign,
            1 => sign | top << fraction_bits | self.pick(&[0, 1, 1 << (fraction_bits - 1)]),
            _ => sign | exponent << fraction_bits | fraction,
        }
    }
}

impl Case {
    /// What QEMU runs.
    pub fn code(&self) -> [u32; 1] {
        [self.word]
    }

    /// The operands, for messages.
    pub fn inputs(&self) -> String {
        let op = Op(self.word);
        let of = |n: u32| {
            let [low, high] = [0, 1].map(|half| self.record.0[V + n as usize * 2 + half]);
            let x = self.record.0.get(X + n as usize).filter(|_| (n as usize) < X_COUNT);
            format!("v{n}={high:016x}_{low:016x} x{n}={:#x}", x.unwrap_or(&0))
        };
        let registers = [op.rd(), op.rn(), op.rm(), op.ra()].map(of).join("\n    ");
        format!("    {registers}\n    fpcr={:#x} fpsr={:#x}", self.record.0[FPCR], self.record.0[FPSR])
    }
}
