//! Debug registers, as far as self-hosted software sees them.
//!
//! Source: Arm ARM, D24.3 (debug registers), D2.2 (the OS lock).

use guest::{CpuState, Env, Flush};
use ir::Slot;

use super::{Encoding, Kind, find, slot_of};
use crate::system::slots::{DBGCLAIM, MDSCR_EL1, OS_LOCK};

/// Claim tags that there are.
const TAGS: u64 = 0xff;

/// Bits that MDSCR_EL1 has.
const CONTROL: u64 = 0xf_ffff | 0x7ff0_0000;

/// Writes what says which pages have watchpoints: their translations are forgotten.
fn set_watching(env: &mut Env<'_>, slot: Slot, value: u64) {
    if env.cpu.get(slot) != value {
        env.cpu.set(slot, value);
        env.requests.flush = Some(Flush::ALL);
    }
}

/// DBGWVRn_EL1 and DBGWCRn_EL1.
pub fn write_watchpoint(env: &mut Env<'_>, at: Encoding, value: u64) {
    let Some(row) = find(at) else { return };
    let Kind::Watched(first, _) = row.kind else { return };
    let bits = if at.op2() == 6 { !3 } else { 0x1fff_ffff };
    set_watching(env, slot_of(row, first, at), value & bits);
}

/// MDSCR_EL1.
pub fn write_debug_control(env: &mut Env<'_>, _: Encoding, value: u64) {
    set_watching(env, MDSCR_EL1, value & CONTROL);
}

/// OSLAR_EL1: locks with bit 0.
pub fn write_os_lock(env: &mut Env<'_>, _: Encoding, value: u64) {
    set_watching(env, OS_LOCK, value & 1);
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
