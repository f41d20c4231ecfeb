//! Exception levels, System registers, translation and timers.
//!
//! Source: Arm ARM, part D.

pub mod abort;
#[cfg(test)]
mod blocks;
pub mod debug;
pub mod exception;
pub(crate) mod instructions;
mod maintenance;
pub mod pstate;
pub mod registers;
pub mod slots;
pub mod syndrome;
#[cfg(test)]
mod tests;

use guest::{CpuState, Helper};

use crate::decode::Set;
use crate::fields::{pstate as bit, sctlr};
use crate::model::Model;
use crate::state::{CURRENT_EL, DAIF, MPIDR_EL1, SCTLR_EL1, SCTLR_EL2, SPSEL};

/// Rows of the System instructions and registers.
pub static SETS: &[Set] = &[Set::base("System instructions and registers", instructions::ROWS)];

/// Helpers of instructions on registers and of exception return.
pub const INSTRUCTIONS: &[Helper] = instructions::HELPERS;
/// Helpers of maintenance and address translation.
pub const MAINTENANCE: &[Helper] = maintenance::HELPERS;
/// Helpers of breakpoints.
pub const DEBUG: &[Helper] = debug::HELPERS;

/// SCTLR_EL1 after reset: bits that read as one on Armv8.0 (D24.2.172), SA and SA0, and
/// those that leave wait instructions open to EL0. It is what a Cortex-A57 has (DDI 0488H,
/// 4.3.31).
const SCTLR_EL1_RESET: u64 = 0x00c0_0820 | sctlr::SA | sctlr::SA0 | sctlr::NTWI | sctlr::NTWE;
/// The same of SCTLR_EL2 (4.3.34).
const SCTLR_EL2_RESET: u64 = 0x3000_0000 | SCTLR_EL1_RESET;

/// What is not zero after reset (D1.7.2): EL1, its own stack pointer,
/// interrupts masked; the affinity and the random numbers are the CPU's own.
pub fn reset(cpu: &mut CpuState, model: Model, index: u32) {
    cpu.set(CURRENT_EL, 1);
    cpu.set(SPSEL, 1);
    cpu.set(DAIF, bit::DAIF);
    cpu.set(SCTLR_EL1, SCTLR_EL1_RESET);
    cpu.set(SCTLR_EL2, SCTLR_EL2_RESET);
    cpu.set(slots::OS_LOCK, 1);
    cpu.set(MPIDR_EL1, registers::identity::affinity(index));
    cpu.set(slots::VMPIDR_EL2, registers::identity::affinity(index));
    cpu.set(slots::VPIDR_EL2, registers::identity::main_id(model));
    cpu.set(slots::MODEL, model.number());
    cpu.set(slots::CPU_INDEX, index.into());
    // Any number but zero.
    cpu.set(slots::RANDOM, u64::from(index) + 1);
}
