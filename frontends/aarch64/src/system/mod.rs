//! Exception levels, System registers, translation and timers.
//!
//! Source: Arm ARM, part D.

pub mod exception;
pub mod mmu;
pub mod timer;

use guest::{CpuState, Helper};

use crate::decode::Set;
use crate::model::Model;
use crate::state::{CURRENT_EL, DAIF, MPIDR_EL1, SPSEL};

/// Rows of the System instructions and registers.
pub static SETS: &[Set] = &[];

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[];

/// MPIDR_EL1's bit 31, which reads as one (D24.2.120).
const MPIDR_RES1: u64 = 1 << 31;

/// What is not zero after reset (D1.7.2): EL1, its own stack pointer,
/// interrupts masked; the affinity is the PE's number.
pub fn reset(cpu: &mut CpuState, _model: Model, index: u32) {
    cpu.set(CURRENT_EL, 1);
    cpu.set(SPSEL, 1);
    cpu.set(DAIF, 0xf << 6);
    cpu.set(MPIDR_EL1, MPIDR_RES1 | u64::from(index));
}
