//! Counters, time, and the supervisor's timer.
//!
//! A cycle is an instruction. A running counter's slot holds what has to be
//! added to the instruction count; an inhibited one's holds its value.
//!
//! Source: RISC-V Privileged ISA (20240411), §3.1.10 to §3.1.12, §10.1.5 and
//! chapter "Sstc".

use crate::fields::{envcfg, privilege};
use crate::state::{
    MCOUNTEREN, MCOUNTINHIBIT, MCYCLE_OFFSET, MENVCFG, MINSTRET_OFFSET, PRIV, SCOUNTEREN, STIMECMP,
};
use crate::timer;
use guest::{CpuState, Env};
use ir::Slot;

/// The counters that can be inhibited: bit in mcountinhibit, and slot.
const COUNTERS: [(u64, Slot); 2] = [(1, MCYCLE_OFFSET), (1 << 2, MINSTRET_OFFSET)];
/// Bit of `time` in the counter-enable registers.
const TM: u64 = 1 << 1;

/// §3.1.11: S needs the bit of mcounteren, U that of scounteren too.
pub fn counter_enabled(cpu: &CpuState, number: u16) -> bool {
    let enabled = match cpu.get(PRIV) {
        privilege::M => u64::MAX,
        privilege::S => cpu.get(MCOUNTEREN),
        _ => cpu.get(MCOUNTEREN) & cpu.get(SCOUNTEREN),
    };
    enabled >> (number & 31) & 1 != 0
}

/// Chapter "Sstc": below M, stimecmp needs mcounteren.TM and menvcfg.STCE.
pub fn timer_enabled(cpu: &CpuState, _: u16) -> bool {
    let enabled = cpu.get(MCOUNTEREN) & TM != 0 && cpu.get(MENVCFG) & envcfg::STCE != 0;
    cpu.get(PRIV) == privilege::M || enabled
}

fn read(env: &Env<'_>, (bit, slot): (u64, Slot)) -> u64 {
    let held = env.cpu.get(slot);
    let inhibited = env.cpu.get(MCOUNTINHIBIT) & bit != 0;
    if inhibited { held } else { held.wrapping_add(env.instructions) }
}

/// Makes the instruction after the current one read `value`.
fn write(env: &mut Env<'_>, (bit, slot): (u64, Slot), value: u64) {
    let inhibited = env.cpu.get(MCOUNTINHIBIT) & bit != 0;
    let done = env.instructions.wrapping_add(1);
    env.cpu.set(slot, if inhibited { value } else { value.wrapping_sub(done) });
}

pub fn read_cycle(env: &Env<'_>, _: u16) -> u64 {
    read(env, COUNTERS[0])
}

pub fn write_cycle(env: &mut Env<'_>, _: u16, value: u64) {
    write(env, COUNTERS[0], value);
}

pub fn read_instret(env: &Env<'_>, _: u16) -> u64 {
    read(env, COUNTERS[1])
}

pub fn write_instret(env: &mut Env<'_>, _: u16, value: u64) {
    write(env, COUNTERS[1], value);
}

pub fn read_time(env: &Env<'_>, _: u16) -> u64 {
    timer::ticks(env.clock.now_ns())
}

pub fn inhibited(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(MCOUNTINHIBIT)
}

/// Stops and starts counters (§3.1.12); this instruction is still counted as
/// before.
pub fn write_inhibited(env: &mut Env<'_>, _: u16, value: u64) {
    let old = env.cpu.get(MCOUNTINHIBIT);
    let done = env.instructions.wrapping_add(1);
    let mut new = 0;
    for (bit, slot) in COUNTERS {
        let held = env.cpu.get(slot);
        match (old & bit != 0, value & bit != 0) {
            (false, true) => env.cpu.set(slot, held.wrapping_add(done)),
            (true, false) => env.cpu.set(slot, held.wrapping_sub(done)),
            _ => (),
        }
        new |= value & bit;
    }
    env.cpu.set(MCOUNTINHIBIT, new);
}

pub fn write_stimecmp(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(STIMECMP, value);
    timer::sample(env.cpu, env.clock.now_ns());
    env.requests.resample = true;
}
