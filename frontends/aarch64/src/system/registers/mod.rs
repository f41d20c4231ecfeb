//! System registers: who may access which, and what stands behind each.
//!
//! Source: Arm ARM, C5.1 (encodings), D24.1 (accesses), D24.2.

mod control;
mod debug;
pub(crate) mod gate;
mod gic;
pub mod identity;
mod pmu;
mod random;
mod table;
#[cfg(test)]
mod tests;
mod timer;

pub use control::{FPSR_BITS, fpcr_bits};
pub use gate::{Gate, traps};
pub use random::next as random_number;
pub use table::TABLE;
pub use timer::{COUNTER_HZ, NS_PER_TICK};

use super::slots::{HAS_EL2, MODEL};
use super::syndrome::{self, TO_EL2, UNDEFINED};
use crate::fields::hcr;
use crate::state::{CURRENT_EL, HCR_EL2};
use crate::{Features, Model};
use guest::{CpuState, Env, Fault};
use ir::Slot;

/// A register's encoding: op0, op1, CRn, CRm and op2, as bits 20 to 5 of `mrs`
/// and `msr` have them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Encoding(pub u16);

impl Encoding {
    /// From its five parts.
    pub const fn new(op0: u16, op1: u16, crn: u16, crm: u16, op2: u16) -> Encoding {
        Encoding(op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2)
    }

    /// Of an instruction.
    pub const fn of(word: u32) -> Encoding {
        Encoding((word >> 5) as u16)
    }

    /// op0, 0 to 3.
    pub const fn op0(self) -> u16 {
        self.0 >> 14
    }

    /// op1, 0 to 7.
    pub const fn op1(self) -> u16 {
        self.0 >> 11 & 7
    }

    /// CRn, 0 to 15.
    pub const fn crn(self) -> u16 {
        self.0 >> 7 & 15
    }

    /// CRm, 0 to 15.
    pub const fn crm(self) -> u16 {
        self.0 >> 3 & 15
    }

    /// op2, 0 to 7.
    pub const fn op2(self) -> u16 {
        self.0 & 7
    }

    const fn with_op1(self, op1: u16) -> Encoding {
        Encoding(self.0 & !(7 << 11) | op1 << 11)
    }

    /// The lowest level that the encoding itself lets in (D24.1): 3 for one that
    /// no level here has.
    pub const fn lowest_level(self) -> u64 {
        match self.op1() {
            0..=2 => 1,
            3 => 0,
            4 | 5 => 2,
            _ => 3,
        }
    }
}

/// Why an access does not happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The instruction is undefined.
    Undefined,
    /// It traps, to the level that takes the exceptions of this one.
    Trap,
    /// It traps to EL2.
    Hypervisor,
}

impl Refusal {
    /// The exception for the instruction `word`.
    pub const fn fault(self, word: u32) -> Fault {
        match self {
            Refusal::Undefined => UNDEFINED,
            Refusal::Trap => Fault { cause: syndrome::system(word), value: 0 },
            Refusal::Hypervisor => Fault { cause: syndrome::system(word) | TO_EL2, value: 0 },
        }
    }
}

/// One access to a register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Which.
    pub register: Encoding,
    /// By which level.
    pub el: u64,
    /// It is a write.
    pub write: bool,
}

/// Reads a register.
pub type ReadFn = fn(&Env<'_>, Encoding) -> u64;
/// Writes a register, keeping to what is legal for its fields.
pub type WriteFn = fn(&mut Env<'_>, Encoding, u64);

/// What stands behind a register.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Always the same value; writes change nothing.
    Constant(u64),
    /// A value that depends on the model and on what the machine has.
    Identity(fn(&CpuState) -> u64),
    /// A slot that holds the bits of the mask, and that nothing depends on
    /// until an exception or another access looks at it.
    Plain(Slot, u64),
    /// The same, but the mode or the address space depends on it.
    Mode(Slot, u64),
    /// A slot that a function writes.
    Watched(Slot, WriteFn),
    /// Functions.
    Computed(ReadFn, WriteFn),
    /// Functions that reach a chip: interrupts may be pending afterwards.
    Chip(ReadFn, WriteFn),
}

/// Which accesses exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rights {
    /// Both.
    ReadWrite,
    /// Reads.
    ReadOnly,
    /// Writes.
    WriteOnly,
}

/// One register, or a family with adjacent values of CRm.
#[derive(Clone, Copy)]
pub struct Register {
    /// The name in lower case; a family's is followed by its index and the rest.
    pub name: &'static str,
    /// Its encoding, of a family the first.
    pub at: Encoding,
    /// How many there are.
    pub count: u16,
    /// What it is.
    pub kind: Kind,
    /// Which accesses exist.
    pub rights: Rights,
    /// The lowest level that may write it.
    pub writer: u64,
    /// Whether it can be accessed now.
    pub gate: Gate,
    /// Features that it needs.
    pub features: Features,
    /// What its name means at EL2 with HCR_EL2.E2H; nothing else if equal. It
    /// then has an alias with `_EL12` or `_EL02` in its name too (D24.1.3).
    pub host: Encoding,
}

/// Position in [`TABLE`] plus one, by the encodings' low 15 bits: op0 is 2 or 3.
static INDEX: [u8; 1 << 15] = {
    let mut index = [0; 1 << 15];
    let mut row = 0;
    while row < TABLE.len() {
        let mut n = 0;
        while n < TABLE[row].count {
            let at = (TABLE[row].at.0 + (n << 3)) & 0x7fff;
            assert!(index[at as usize] == 0, "two rows have one encoding");
            index[at as usize] = row as u8 + 1;
            n += 1;
        }
        row += 1;
    }
    index
};

/// The row of a register; nothing is redirected.
pub fn find(at: Encoding) -> Option<&'static Register> {
    let position = INDEX[usize::from(at.0 & 0x7fff)];
    if at.op0() < 2 { None } else { TABLE.get(usize::from(position).checked_sub(1)?) }
}

/// The register's name.
pub fn name(at: Encoding) -> Option<String> {
    let row = find(at)?;
    if row.count == 1 {
        return Some(row.name.into());
    }
    let index = at.crm() - row.at.crm();
    Some(row.name.replacen('n', &index.to_string(), 1))
}

/// What the encoding `at` means for an access at level `el`, where EL2 is a host
/// or not (D24.1.3): names of EL1 are EL2's for a host, which has others for EL1's.
pub fn redirect(at: Encoding, el: u64, e2h: bool) -> Option<Encoding> {
    let host = el == 2 && e2h;
    if at.op1() == 5 {
        let has_alias = |target: &Encoding| find(*target).is_some_and(|row| row.host != *target);
        let targets = [at.with_op1(0), at.with_op1(3)];
        return targets.into_iter().find(has_alias).filter(|_| host);
    }
    match find(at) {
        Some(row) if host => Some(row.host),
        _ => Some(at),
    }
}

/// The register that an instruction means, if it may access it now.
///
/// # Errors
/// Why it may not.
pub fn accessible(cpu: &CpuState, word: u32) -> Result<(&'static Register, Encoding), Refusal> {
    let write = word >> 21 & 1 == 0;
    let (el, hcr) = (cpu.get(CURRENT_EL), cpu.get(HCR_EL2));
    let at = redirect(Encoding::of(word), el, hcr & hcr::E2H != 0).ok_or(Refusal::Undefined)?;
    let row = find(at).ok_or(Refusal::Undefined)?;
    let asked = Asked { register: at, el, write };
    let model = Model::of(cpu.get(MODEL));
    if el == 0 && gate::is_identification(at) && model.has(Features::IDST) {
        return Err(Refusal::Trap);
    }
    let needed = if write { row.writer } else { at.lowest_level() };
    let exists = match row.rights {
        Rights::ReadWrite => true,
        Rights::ReadOnly => !write,
        Rights::WriteOnly => write,
    };
    if el < needed || !exists || !model.has(row.features) {
        return Err(Refusal::Undefined);
    }
    match row.gate.refusal(cpu, asked) {
        Some(Refusal::Hypervisor) if cpu.get(HAS_EL2) == 0 => Ok((row, at)),
        Some(refusal) => Err(refusal),
        None => Ok((row, at)),
    }
}

/// What the instruction `word`, an `mrs`, reads.
///
/// # Errors
/// The exception that it takes instead.
pub fn read(env: &Env<'_>, word: u32) -> Result<u64, Fault> {
    let (row, at) = accessible(env.cpu, word).map_err(|refusal| refusal.fault(word))?;
    Ok(match row.kind {
        Kind::Constant(value) => value,
        Kind::Identity(value) => value(env.cpu),
        Kind::Plain(slot, _) | Kind::Mode(slot, _) | Kind::Watched(slot, _) => {
            env.cpu.get(slot_of(row, slot, at))
        }
        Kind::Computed(read, _) | Kind::Chip(read, _) => read(env, at),
    })
}

/// Does what the instruction `word`, an `msr` of `value`, asks for.
///
/// # Errors
/// The exception that it takes instead.
pub fn write(env: &mut Env<'_>, word: u32, value: u64) -> Result<(), Fault> {
    let (row, at) = accessible(env.cpu, word).map_err(|refusal| refusal.fault(word))?;
    match row.kind {
        Kind::Constant(_) | Kind::Identity(_) => (),
        Kind::Plain(slot, mask) | Kind::Mode(slot, mask) => {
            env.cpu.set(slot_of(row, slot, at), value & mask);
        }
        Kind::Watched(_, write) | Kind::Computed(_, write) | Kind::Chip(_, write) => write(env, at, value),
    }
    Ok(())
}

/// The slot of a family's member.
pub fn slot_of(row: &Register, first: Slot, at: Encoding) -> Slot {
    Slot(first.0 + at.crm() - row.at.crm())
}

/// Why EL0 may not change its interrupt masks, as the instruction `word` would.
///
/// # Errors
/// The exception that it takes instead.
pub fn check_masks(cpu: &CpuState, word: u32) -> Result<(), Fault> {
    let register = Encoding::new(3, 3, 4, 2, 1);
    let asked = Asked { register, el: cpu.get(CURRENT_EL), write: true };
    Gate::Masks.refusal(cpu, asked).map_or(Ok(()), |refusal| Err(refusal.fault(word)))
}
