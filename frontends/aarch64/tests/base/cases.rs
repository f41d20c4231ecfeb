//! Cases of random base instructions and random registers.

use aarch64::Op;
use aarch64::decode::{Set, decode, sets};
use aarch64::lift::LiftFn;
use guest::Row;

use crate::interpreter::{self, Problem};
use crate::program::{RECORDS, code_address};
use crate::record::{NZCV, RECORD_WORDS, Record, SP, WINDOW, WINDOW_WORDS, X, X_COUNT};

/// add x15, x15, #1
const COUNT: u32 = 0x9100_05ef;

/// Rows that are left out, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("udf", "raises an exception"),
    ("svc", "calls the kernel"),
    ("hvc", "raises an exception"),
    ("smc", "raises an exception"),
    ("brk", "raises an exception"),
    ("hlt", "raises an exception"),
    ("hint", "may authenticate pointers, which each does in its way"),
    ("wfi", "may be trapped"),
    ("dc zva", "zeroes blocks of another size"),
];

/// How the names of those start that sign pointers, which each does in its
/// way.
const POINTERS: &[&str] = &["pac", "aut", "xpac", "bra", "blra", "reta", "ereta", "ldra"];

/// Instructions in a block of several.
const BLOCK_INSNS: usize = 6;

/// One instruction or a block of several, and the registers and memory it
/// starts on.
pub struct Case {
    /// The row's name; that of the last instruction's.
    pub name: &'static str,
    /// The row's bits.
    pub bits: &'static str,
    /// What is run, without the count.
    pub words: Vec<u32>,
    /// The first byte of the window that it accesses, and the one behind the
    /// last.
    pub accesses: Option<(u64, u64)>,
    pub record: Record,
}

/// Whether instructions of this row are compared: not those that leave the
/// user level, that read registers whose values are the machine's, or that
/// load from near their own code.
pub fn compared(row: &Row<LiftFn>) -> bool {
    if POINTERS.iter().any(|start| row.name.starts_with(start)) {
        return false;
    }
    let literal = row.bits.contains("011 0 00 iiiiiiiiiiiiiiiiiii") && row.name != "prfm";
    !literal && LEFT_OUT.iter().all(|(name, _)| *name != row.name)
}

/// Whether rows of this set are compared: not those of floating point, which
/// have their own test, nor those on what only a system has.
pub fn has_cases(set: &Set) -> bool {
    !set.float && !set.name.starts_with("System")
}

/// Random cases of all rows but the floating-point ones; of those whose name
/// has `ROW` in it, if the environment has that.
pub fn cases(per_row: usize) -> Vec<Case> {
    let mut random = Random(0x0123_4567_89ab_cdef);
    let wanted = std::env::var("ROW").unwrap_or_default();
    let of_set = |set: &'static Set| set.rows.iter();
    let rows = sets().filter(|set| has_cases(set)).flat_map(of_set);
    let rows = rows.filter(|row| compared(row) && row.name.contains(&wanted));
    let mut cases = Vec::new();
    for row in rows {
        for _ in 0..per_row {
            cases.extend((0..200).find_map(|_| random.case(row, cases.len())));
        }
    }
    cases
}

/// Random blocks of what reads and writes flags, a branch on them last.
pub fn blocks(count: usize) -> Vec<Case> {
    let mut random = Random(0xfedc_ba98_7654_3210);
    let of_set = |set: &'static Set| set.rows.iter();
    let rows: Vec<_> = sets().filter(|set| has_cases(set)).flat_map(of_set).collect();
    let with_flags = |row: &&Row<LiftFn>| {
        let name = row.name;
        ["adds", "subs", "ands", "bics", "adc", "sbc", "cs", "cc", "add", "madd", "rmif", "setf", "cfinv"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    let inner: Vec<_> = rows.iter().copied().filter(with_flags).collect();
    let last: Vec<_> = rows.iter().copied().filter(|row| row.name == "b.cond").collect();
    let mut cases: Vec<Case> = Vec::new();
    while cases.len() < count {
        cases.extend((0..200).find_map(|_| random.block(&inner, &last, cases.len())));
    }
    cases
}

/// Runs `words` and what comes behind them on the record of the case with this
/// index.
///
/// # Errors
/// It has no result to compare.
pub fn run(words: &[u32], record: &mut Record, index: usize) -> Result<(), Problem> {
    let pc = code_address(index, words.len() + 1);
    let behind = pc + 4 * words.len() as u64;
    let at = RECORDS + (index * RECORD_WORDS * 8) as u64;
    let mut next = interpreter::run(words, pc, record, at)?;
    if (pc..behind).contains(&next) {
        // A block ends with its page.
        next = interpreter::run(&words[(next - pc) as usize / 4..], next, record, at)?;
    }
    if next == behind {
        interpreter::run(&[COUNT], next, record, at)?;
    } else if next != behind + 4 {
        return Err(Problem::Exception);
    }
    Ok(())
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
        if ["br", "blr", "ret"].contains(&row.name) {
            *record.0.get_mut(X + Op(word).rn() as usize)? = code_address(index, 2) + 8;
        }
        let mut accesses = None;
        match run(&[word], &mut record.clone(), index) {
            Err(Problem::Exception) => return None,
            Err(Problem::Outside(from, to)) => {
                let target = self.aim(word, &mut record, index, from, to)?;
                run(&[word], &mut record.clone(), index).ok()?;
                accesses = Some((target, target + to.wrapping_sub(from)));
            }
            Ok(()) | Err(Problem::Invalid(_)) => (),
        }
        Some(Case { name: row.name, bits: row.bits, words: vec![word], accesses, record })
    }

    /// A block of instructions of `inner` and one of `last`.
    fn block(
        &mut self,
        inner: &[&'static Row<LiftFn>],
        last: &[&'static Row<LiftFn>],
        index: usize,
    ) -> Option<Case> {
        let mut words = Vec::new();
        for place in 1..=BLOCK_INSNS {
            let rows = if place == BLOCK_INSNS { last } else { inner };
            let row = rows[self.below(rows.len() as u64) as usize];
            words.push((0..200).find_map(|_| self.instance(row))?);
        }
        let record = self.record();
        run(&words, &mut record.clone(), index).ok()?;
        Some(Case { name: last[0].name, bits: last[0].bits, words, accesses: None, record })
    }

    /// Changes the base register such that the access from `from` to `to` hits
    /// the window; atomic accesses have to be aligned. Yields where it goes.
    fn aim(&mut self, word: u32, record: &mut Record, index: usize, from: u64, to: u64) -> Option<u64> {
        let window = RECORDS + ((index * RECORD_WORDS + WINDOW) * 8) as u64;
        let room = (WINDOW_WORDS as u64 * 8).checked_sub(to.wrapping_sub(from))?;
        let aligned = Op(word).bits(29, 24) == 0b00_1000
            || Op(word).bits(29, 24) == 0b01_1001
            || Op(word).bits(29, 27) == 0b111 && Op(word).bits(25, 24) == 0 && Op(word).bits(11, 10) == 0;
        let unit = if aligned { 16 } else { 1 };
        let target = window + self.below(room + 1) / unit * unit;
        let n = Op(word).rn() as usize;
        let base = if n == 31 { SP } else { X + n };
        let base = record.0.get_mut(base).filter(|_| n == 31 || n < X_COUNT)?;
        *base = base.wrapping_add(target).wrapping_sub(from);
        Some(target)
    }

    /// A word of the row that is not unpredictable. Registers are among those
    /// of the record, or 31.
    fn instance(&mut self, row: &'static Row<LiftFn>) -> Option<u32> {
        let letters = !row.pattern.mask as u32;
        let mut word = row.pattern.value as u32 | self.next() as u32 & letters;
        for low in registers(row) {
            word &= !(16 << low);
            if self.below(8) == 0 {
                word |= 31 << low;
            }
        }
        let word = tamed(row.name, word);
        (decode(word)?.row.bits == row.bits && predictable(row, Op(word))).then_some(word)
    }

    fn record(&mut self) -> Record {
        let mut words = [0; RECORD_WORDS];
        words[X..X + X_COUNT].fill_with(|| self.integer());
        words[NZCV] = self.below(16) << 28;
        words[SP] = self.integer() & !15;
        words[WINDOW..].fill_with(|| self.next());
        Record(words)
    }

    /// Makes operands the same or nearly so now and then, which often is a
    /// special case.
    fn liken(&mut self, op: Op, record: &mut Record) {
        let (n, m) = (op.rn() as usize, op.rm() as usize);
        if self.below(4) == 0 && n < X_COUNT && m < X_COUNT {
            record.0[X + m] = record.0[X + n] ^ self.pick(&[0, 0, 1 << 63, 0x8000_0000, 1]);
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
}

/// Where the row has register fields: five times one of their letters.
pub fn registers(row: &Row<LiftFn>) -> Vec<u32> {
    let bits: Vec<u8> = row.bits.bytes().filter(|byte| *byte != b' ').collect();
    let names = b"dnmtaus";
    let fields = (0..=27).filter(|high| {
        let field = &bits[*high..high + 5];
        names.contains(&field[0]) && field.iter().all(|byte| *byte == field[0])
    });
    fields.map(|high| 27 - high as u32).collect()
}

/// A branch made to go over one instruction, or right to the next.
fn tamed(name: &str, word: u32) -> u32 {
    match name {
        "b" | "bl" => word & 0xfc00_0000 | 2,
        "b.cond" | "cbz" | "cbnz" => word & 0xff00_001f | 2 << 5,
        "tbz" | "tbnz" => word & 0xfff8_001f | 2 << 5,
        _ => word,
    }
}

/// Whether the architecture says what the instruction does (Arm ARM, the
/// "constrained unpredictable" notes of chapter C6).
fn predictable(row: &Row<LiftFn>, op: Op) -> bool {
    let single = op.bits(29, 27) == 0b111 && op.bits(25, 24) == 0;
    let writes_base = single && !op.bit(21) && op.bit(10);
    let pair = op.bits(29, 27) == 0b101 && op.bits(26, 25) == 0;
    let pair_writes_base = pair && op.bit(23);
    let exclusive = op.bits(29, 24) == 0b00_1000 && !op.bit(23);
    let base_is = |n: u32| op.rn() == n && n != 31;
    let bad_single = writes_base && base_is(op.rt());
    let bad_pair = pair && op.bit(22) && op.rt() == op.rt2()
        || pair_writes_base && (base_is(op.rt()) || base_is(op.rt2()));
    let loads_pair = row.name.starts_with("ld") && row.name.ends_with("xp") && op.rt() == op.rt2();
    let stores = exclusive && row.name.starts_with("st");
    let status = [op.rt(), op.rn(), op.rt2()].contains(&op.rs());
    !(bad_single || bad_pair || loads_pair || stores && status)
}

impl Case {
    /// What QEMU runs.
    pub fn code(&self) -> Vec<u32> {
        self.words.iter().copied().chain([COUNT]).collect()
    }

    /// The operands, for messages.
    pub fn inputs(&self) -> String {
        let op = Op(self.words[self.words.len() - 1]);
        let x = |n: u32| self.record.0.get(X + n as usize).filter(|_| (n as usize) < X_COUNT);
        let of = |n: u32| format!("x{n}={:#x}", x(n).unwrap_or(&0));
        let registers = [op.rd(), op.rn(), op.rm(), op.ra()].map(of).join(" ");
        let words: Vec<String> = self.words.iter().map(|word| format!("{word:08x}")).collect();
        let words = words.join(" ");
        format!(
            "    {words}\n    {registers} sp={:#x} nzcv={:#x}",
            self.record.0[SP],
            self.record.0[NZCV] >> 28
        )
    }
}
