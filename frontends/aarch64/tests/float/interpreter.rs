//! One instruction on the reference interpreter.

use aarch64::model::Model;
use aarch64::state::{self, C, CURRENT_EL, Mode, N, PC, Z};
use aarch64::{Aarch64, helpers};
use bus::{AddressSpace, Clock};
use guest::{CpuState, Env, Fault, Fetch, Guest, Requests};
use ir::interp::{self, Host, Outcome};
use ir::{BlockKey, HelperId, MemAccess, RmwOp, Slot, Type, eval};

use crate::record::{FPCR, FPSR, NZCV, Record, SP, V, WINDOW, WINDOW_WORDS, X, X_COUNT};

/// Code that lies at some address.
struct Code<'a>(u64, &'a [u32]);

impl Fetch for Code<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let word = self.1.get((at.wrapping_sub(self.0) / 4) as usize).copied();
        Ok((word.unwrap_or(0) >> (8 * (at & 2))) as u16)
    }
}

/// A CPU that knows its registers and the window at `at`.
struct Cpu<'a> {
    /// Told of each word of the record that is looked at.
    see: &'a mut dyn FnMut(usize),
    /// The first instruction, and where it lies.
    code: (u64, u32),
    cpu: CpuState,
    window: Vec<u8>,
    at: u64,
    /// The accesses that missed the window: the first byte of each, and the
    /// one behind it.
    missed: Vec<(u64, u64)>,
}

/// Why an instruction cannot be a case.
#[derive(Debug)]
pub enum Problem {
    /// It raises an exception.
    Exception,
    /// It reaches memory outside the window, from the first address to the
    /// second.
    Outside(u64, u64),
    /// The front end made an invalid block.
    Invalid(String),
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Exception => f.write_str("an exception"),
            Problem::Outside(from, to) => write!(f, "accesses {from:#x} to {to:#x}"),
            Problem::Invalid(error) => write!(f, "an invalid block: {error}"),
        }
    }
}

/// Runs the block of `words`, which lie at `pc`, on a record that lies at `at`.
/// Yields the pc afterwards.
///
/// # Errors
/// It has no result to compare.
pub fn run(words: &[u32], pc: u64, record: &mut Record, at: u64) -> Result<u64, Problem> {
    run_seen(words, pc, record, at, &mut |_| ())
}

/// The same; `see` is told of each word of the record that the block looks at.
///
/// # Errors
/// As [`run`].
pub fn run_seen(
    words: &[u32],
    pc: u64,
    record: &mut Record,
    at: u64,
    see: &mut dyn FnMut(usize),
) -> Result<u64, Problem> {
    let guest = guest();
    let key = BlockKey { pc, mode: Mode::USER.0 };
    let block = guest.lift(key, &mut Code(pc, words), words.len() as u32).map_err(|_| Problem::Exception)?;
    ir::verify(&block, guest.spec()).map_err(|error| Problem::Invalid(error.to_string()))?;
    let mut cpu = Cpu::new(record, (pc, words[0]), at, see);
    let outcome = interp::run(&block, guest.spec(), &mut cpu);
    if !cpu.missed.is_empty() {
        let from = cpu.missed.iter().map(|range| range.0).min().expect("one");
        let to = cpu.missed.iter().map(|range| range.1).max().expect("one");
        return Err(Problem::Outside(from, to));
    }
    match outcome {
        Ok(Outcome::Jump(pc) | Outcome::Indirect { pc, .. } | Outcome::Leave { pc, .. }) => {
            cpu.save(record);
            Ok(pc)
        }
        _ => Err(Problem::Exception),
    }
}

/// The word of the record that has a slot.
fn record_word(slot: Slot) -> Option<usize> {
    let special = [N, Z, C, state::V].map(|flag| (flag, NZCV)).into_iter();
    let special = special.chain([(state::SP, SP), (state::FPSR, FPSR)]);
    let x = (0..X_COUNT).map(|n| (state::x(n as u32), X + n));
    let v = (0..64).map(|n| (word(n), V + n));
    x.chain(v).chain(special).find(|(known, _)| *known == slot).map(|(_, word)| word)
}

/// The architecture, with all instructions.
pub fn guest() -> &'static Aarch64 {
    static GUEST: std::sync::LazyLock<Aarch64> = std::sync::LazyLock::new(|| Aarch64::new(Model::Max));
    &GUEST
}

/// The slot of word `n` of the SIMD registers.
fn word(n: usize) -> Slot {
    let register = state::v(n as u32 / 2);
    if n.is_multiple_of(2) { register } else { register.upper() }
}

impl<'a> Cpu<'a> {
    fn new(record: &Record, code: (u64, u32), at: u64, see: &'a mut dyn FnMut(usize)) -> Cpu<'a> {
        let mut cpu = CpuState::default();
        guest().reset(&mut cpu, 0, code.0);
        cpu.set(CURRENT_EL, 0);
        for n in 0..X_COUNT {
            cpu.set(state::x(n as u32), record.0[X + n]);
        }
        for n in 0..64 {
            cpu.set(word(n), record.0[V + n]);
        }
        for (slot, bit) in [(N, 31), (Z, 30), (C, 29), (state::V, 28)] {
            cpu.set(slot, record.0[NZCV] >> bit & 1);
        }
        cpu.set(state::FPCR, record.0[FPCR]);
        cpu.set(state::FPSR, record.0[FPSR]);
        cpu.set(PC, code.0);
        cpu.set(state::SP, record.0[SP]);
        let window = record.0[WINDOW..].iter().flat_map(|word| word.to_le_bytes()).collect();
        Cpu { see, code, cpu, window, at: at + WINDOW as u64 * 8, missed: Vec::new() }
    }

    fn save(&self, record: &mut Record) {
        for n in 0..X_COUNT {
            record.0[X + n] = self.cpu.get(state::x(n as u32));
        }
        for n in 0..64 {
            record.0[V + n] = self.cpu.get(word(n));
        }
        let flags = [(N, 31), (Z, 30), (C, 29), (state::V, 28)];
        record.0[NZCV] = flags.into_iter().map(|(slot, bit)| self.cpu.get(slot) << bit).sum();
        record.0[SP] = self.cpu.get(state::SP);
        record.0[FPCR] = self.cpu.get(state::FPCR);
        record.0[FPSR] = self.cpu.get(state::FPSR);
        for (word, bytes) in record.0[WINDOW..].iter_mut().zip(self.window.chunks_exact(8)) {
            *word = u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
        }
    }

    /// The place of an access in the window.
    fn place(&mut self, ty: Type, addr: u64) -> Option<usize> {
        let offset = addr.wrapping_sub(self.at);
        if offset.saturating_add(ty.bytes().into()) <= WINDOW_WORDS as u64 * 8 {
            (self.see)(WINDOW + offset as usize / 8);
            (self.see)(WINDOW + (offset as usize + usize::from(ty.bytes()) - 1) / 8);
            return Some(offset as usize);
        }
        self.missed.push((addr, addr.wrapping_add(ty.bytes().into())));
        None
    }
}

impl Host for Cpu<'_> {
    type Fault = Fault;

    fn get(&mut self, slot: Slot) -> u64 {
        if let Some(word) = record_word(slot) {
            (self.see)(word);
        }
        self.cpu.get(slot)
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.cpu.set(slot, value);
    }

    fn load(&mut self, ty: Type, _: MemAccess, addr: u64) -> Result<u64, Fault> {
        if (addr, ty) == (self.code.0, Type::I32) {
            return Ok(self.code.1.into());
        }
        let Some(place) = self.place(ty, addr) else { return Ok(0) };
        let bytes = &self.window[place..place + usize::from(ty.bytes())];
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn store(&mut self, ty: Type, _: MemAccess, addr: u64, value: u64) -> Result<(), Fault> {
        if let Some(place) = self.place(ty, addr) {
            let bytes = usize::from(ty.bytes());
            self.window[place..place + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
        }
        Ok(())
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        self.load(ty, access, addr)
    }

    /// There is no reservation: a case is one instruction.
    fn store_conditional(&mut self, ty: Type, _: MemAccess, addr: u64, _: u64) -> Result<bool, Fault> {
        self.place(ty, addr);
        Ok(false)
    }

    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<u64, Fault> {
        let old = self.load(ty, access, addr)?;
        self.store(ty, access, addr, eval::rmw(op, ty, old, value))?;
        Ok(old)
    }

    fn atomic_cas(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Fault> {
        let old = self.load(ty, access, addr)?;
        if old == expected {
            self.store(ty, access, addr, new)?;
        }
        Ok(old)
    }

    fn fence(&mut self) {}

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        [FPCR, FPSR].into_iter().for_each(&mut self.see);
        let mut env = Env {
            cpu: &mut self.cpu,
            space: &AddressSpace::default(),
            clock: &Clock::counted(),
            instructions: 0,
            requests: Requests::default(),
        };
        (helpers::HELPERS[usize::from(helper.0)].run)(&mut env, args)
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault { cause, value }
    }

    fn insn(&mut self, _pc: u64) {}
}
