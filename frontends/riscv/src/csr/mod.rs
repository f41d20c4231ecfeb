//! Control and status registers: who may access which, and how.
//!
//! Source: RISC-V Privileged ISA (20240411), chapter 2; Unprivileged ISA
//! (20240411), chapter 6 (Zicsr).

mod counters;
mod float;
mod machine;
mod supervisor;
mod table;

pub use table::TABLE;

use crate::fields::interrupt;
use crate::state::{MIP_SOFT, PRIV};
use guest::{CpuState, Env};
use ir::Slot;

/// Reads a register; the number tells members of a family apart.
pub type ReadFn = fn(&Env<'_>, u16) -> u64;
/// Writes a register, keeping to what is legal for its fields.
pub type WriteFn = fn(&mut Env<'_>, u16, u64);
/// Whether the register can be accessed, beyond what its number says.
pub type GateFn = fn(&CpuState, u16) -> bool;

/// What stands behind a register.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Always the same value; writes change nothing.
    Constant(u64),
    /// A slot that holds the bits of the mask, and that nothing depends on
    /// until a trap or another access looks at it.
    Plain(Slot, u64),
    /// Functions.
    Computed(ReadFn, WriteFn),
}

/// One register, or a family with adjacent numbers.
#[derive(Clone, Copy)]
pub struct Csr {
    /// The number, of a family the lowest.
    pub first: u16,
    /// The same, of a family the highest.
    pub last: u16,
    /// The name; a family's is followed by an index in decimal.
    pub name: &'static str,
    /// The index of a family's first member.
    pub index: Option<u16>,
    /// Whether it can be accessed now.
    pub gate: GateFn,
    /// What it is.
    pub kind: Kind,
}

/// The access is an illegal instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Illegal;

/// How a CSR instruction gets the new value from the old one and the operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Update {
    /// The operand.
    Write,
    /// The old value with the operand's bits set.
    Set,
    /// The old value with the operand's bits cleared.
    Clear,
}

impl Update {
    /// The new value.
    pub const fn apply(self, old: u64, operand: u64) -> u64 {
        match self {
            Update::Write => operand,
            Update::Set => old | operand,
            Update::Clear => old & !operand,
        }
    }
}

/// Position in [`TABLE`] plus one by register number; 0 where there is none.
const INDEX: [u8; 4096] = {
    let mut index = [0; 4096];
    let mut row = 0;
    while row < TABLE.len() {
        let mut number = TABLE[row].first;
        while number <= TABLE[row].last {
            assert!(index[number as usize] == 0, "two rows have one number");
            index[number as usize] = row as u8 + 1;
            number += 1;
        }
        row += 1;
    }
    index
};

/// The row of register `number`.
pub fn find(number: u16) -> Option<&'static Csr> {
    let position = INDEX.get(usize::from(number)).copied().unwrap_or(0);
    TABLE.get(usize::from(position).checked_sub(1)?)
}

/// The register's name as assemblers spell it.
pub fn name(number: u16) -> Option<String> {
    let row = find(number)?;
    Some(match row.index {
        Some(index) => format!("{}{}", row.name, index + number - row.first),
        None => row.name.into(),
    })
}

/// The lowest privilege that may access register `number` (chapter 2).
pub const fn privilege(number: u16) -> u64 {
    (number >> 8 & 3) as u64
}

/// Whether the number itself says that the register cannot be written.
pub const fn is_read_only(number: u16) -> bool {
    number >> 10 & 3 == 3
}

/// The row, if the hart may access it now.
fn accessible(cpu: &CpuState, number: u16) -> Result<&'static Csr, Illegal> {
    let row = find(number).ok_or(Illegal)?;
    let allowed = cpu.get(PRIV) >= privilege(number) && (row.gate)(cpu, number);
    allowed.then_some(row).ok_or(Illegal)
}

fn value(env: &Env<'_>, row: &Csr, number: u16) -> u64 {
    match row.kind {
        Kind::Constant(value) => value,
        Kind::Plain(slot, _) => env.cpu.get(slot),
        Kind::Computed(read, _) => read(env, number),
    }
}

/// Reads register `number`, as csrrs and csrrc with x0 do.
///
/// # Errors
/// There is no such register, or it cannot be accessed now.
pub fn read(env: &Env<'_>, number: u16) -> Result<u64, Illegal> {
    let row = accessible(env.cpu, number)?;
    Ok(value(env, row, number))
}

/// Reads and writes register `number`; yields what it held.
///
/// # Errors
/// There is no such register, or it cannot be written now; nothing is changed.
pub fn modify(env: &mut Env<'_>, number: u16, update: Update, operand: u64) -> Result<u64, Illegal> {
    if is_read_only(number) {
        return Err(Illegal);
    }
    let row = accessible(env.cpu, number)?;
    let old = value(env, row, number);
    // §3.1.9: what the pin says of SEIP is read, but not written back.
    let basis = if number == MIP { old & !SEIP | env.cpu.get(MIP_SOFT) & SEIP } else { old };
    let new = update.apply(basis, operand);
    match row.kind {
        Kind::Constant(_) => (),
        Kind::Plain(slot, mask) => env.cpu.set(slot, new & mask),
        Kind::Computed(_, write) => write(env, number, new),
    }
    Ok(old)
}

const SEIP: u64 = 1 << interrupt::SEI;

/// Number of mip, whose read-modify-write is special.
const MIP: u16 = 0x344;
/// Number of sstatus.
pub const SSTATUS: u16 = 0x100;
/// Number of fflags.
pub const FFLAGS: u16 = 0x001;
/// Number of frm.
pub const FRM: u16 = 0x002;
/// Number of fcsr.
pub const FCSR: u16 = 0x003;
