//! Debug registers, as far as self-hosted software probes them. Breakpoints and
//! watchpoints keep what is written to them, and match nothing.
//!
//! Source: Arm ARM, D24.3 (debug registers), D2.2 (the OS lock).

use guest::{CpuState, Env};

use super::Encoding;
use crate::system::slots::{DBGCLAIM, OS_LOCK};

/// Claim tags that there are.
const TAGS: u64 = 0xff;

/// OSLAR_EL1: locks with bit 0.
pub fn write_os_lock(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(OS_LOCK, value & 1);
}

/// OSLSR_EL1: there is a lock (OSLM is 0b10), and whether it is set.
pub fn os_lock_status(cpu: &CpuState) -> u64 {
    1 << 3 | cpu.get(OS_LOCK) << 1
}

/// DBGCLAIMSET_EL1 reads as the tags that there are.
pub fn read_claim_set(_: &Env<'_>, _: Encoding) -> u64 {
    TAGS
}

/// DBGCLAIMSET_EL1 sets tags.
pub fn write_claim_set(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(DBGCLAIM, env.cpu.get(DBGCLAIM) | value & TAGS);
}

/// DBGCLAIMCLR_EL1 reads as the tags that are set.
pub fn read_claim_clear(env: &Env<'_>, _: Encoding) -> u64 {
    env.cpu.get(DBGCLAIM)
}

/// DBGCLAIMCLR_EL1 clears tags.
pub fn write_claim_clear(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(DBGCLAIM, env.cpu.get(DBGCLAIM) & !value);
}
