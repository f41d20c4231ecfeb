//! Performance monitors: the cycle counter. There are no event counters, and
//! overflows do not interrupt.
//!
//! A cycle is an instruction. While the counter runs, its slot holds what has to
//! be added to the instruction count; while it stands still, its value.
//!
//! Source: Arm ARM, D13 (PMU), D24.5 (its registers).

use guest::{CpuState, Env};

use super::Encoding;
use crate::system::slots::{PMCCNTR_BASE, PMCNTENSET_EL0, PMCR_EL0, PMINTENSET_EL1, PMOVSSET_EL0};
use ir::Slot;

/// The cycle counter's bit in the registers that have one a counter.
const CYCLES: u64 = 1 << 31;

/// PMCR_EL0.
mod pmcr {
    /// Counters run.
    pub const E: u64 = 1;
    /// A write of one clears the cycle counter.
    pub const C: u64 = 1 << 2;
    /// What is kept: E, D, X, DP and LC.
    pub const KEPT: u64 = 0b110_1001 | 1 << 4;
    /// Implementer and number, as the Cortex-A57 has them; no event counters.
    pub const IDENTITY: u64 = 0x4101_0000;
}

/// PMCEID0_EL0: the one common event, CPU_CYCLES (0x11).
pub const EVENTS: u64 = 1 << 0x11;

fn is_running(cpu: &CpuState) -> bool {
    cpu.get(PMCR_EL0) & pmcr::E != 0 && cpu.get(PMCNTENSET_EL0) & CYCLES != 0
}

/// PMCCNTR_EL0.
pub fn read_cycles(env: &Env<'_>, _: Encoding) -> u64 {
    let base = env.cpu.get(PMCCNTR_BASE);
    if is_running(env.cpu) { base.wrapping_add(env.instructions) } else { base }
}

/// PMCCNTR_EL0: what the instruction after this one reads.
pub fn write_cycles(env: &mut Env<'_>, _: Encoding, value: u64) {
    let base = if is_running(env.cpu) { value.wrapping_sub(env.instructions + 1) } else { value };
    env.cpu.set(PMCCNTR_BASE, base);
}

/// Makes a change that may start or stop the counter; its value stays.
fn around(env: &mut Env<'_>, at: Encoding, change: impl FnOnce(&mut CpuState)) {
    let value = read_cycles(env, at);
    change(env.cpu);
    write_cycles(env, at, value);
}

/// PMCR_EL0.
pub fn read_control(env: &Env<'_>, _: Encoding) -> u64 {
    env.cpu.get(PMCR_EL0) | pmcr::IDENTITY
}

/// PMCR_EL0.
pub fn write_control(env: &mut Env<'_>, at: Encoding, value: u64) {
    around(env, at, |cpu| cpu.set(PMCR_EL0, value & pmcr::KEPT));
    if value & pmcr::C != 0 {
        write_cycles(env, at, 0);
    }
}

/// The slot of a pair of registers that set and clear the bits of counters.
fn bits(at: Encoding) -> Slot {
    match (at.op1(), at.crm(), at.op2()) {
        (0, ..) => PMINTENSET_EL1,
        (_, 12, 1 | 2) => PMCNTENSET_EL0,
        _ => PMOVSSET_EL0,
    }
}

/// PMCNTENSET_EL0, PMOVSSET_EL0, PMINTENSET_EL1 and those that clear.
pub fn read_bits(env: &Env<'_>, at: Encoding) -> u64 {
    env.cpu.get(bits(at))
}

/// Those that set.
pub fn set_bits(env: &mut Env<'_>, at: Encoding, value: u64) {
    around(env, at, |cpu| cpu.set(bits(at), cpu.get(bits(at)) | value & CYCLES));
}

/// Those that clear.
pub fn clear_bits(env: &mut Env<'_>, at: Encoding, value: u64) {
    around(env, at, |cpu| cpu.set(bits(at), cpu.get(bits(at)) & !value));
}
