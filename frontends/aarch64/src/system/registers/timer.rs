//! The generic timers: counts here, the timers themselves in a chip beside the
//! CPU, so that its interrupt lines follow at once.
//!
//! Source: Arm ARM, D12 (the generic timer), D24.10 (its registers).

use guest::{CpuState, Env};

use super::{Asked, Encoding, Refusal};
use crate::fields::hcr;
use crate::mmu::in_host;
use crate::state::{CURRENT_EL, HCR_EL2};
use crate::system::slots::{CNTHCTL_EL2, CNTKCTL_EL1, CNTVOFF_EL2, CPU_INDEX, HAS_EL2};

/// Ticks in a second.
pub const COUNTER_HZ: u64 = 62_500_000;
/// Nanoseconds a tick.
pub const NS_PER_TICK: u64 = 1_000_000_000 / COUNTER_HZ;

/// Where in the CPU's private window the timers' chip answers, and what there.
mod chip {
    pub const BASE: u64 = 0x4_0000;
    /// Registers of timer `n` start at `n` times this.
    pub const STRIDE: u64 = 0x10;
    pub const CONTROL: u64 = 0;
    pub const COMPARE: u64 = 8;
    /// What the virtual count lags behind.
    pub const OFFSET: u64 = 0x40;
}

/// The timers, by their number in the chip.
const PHYSICAL: u64 = 0;
const VIRTUAL: u64 = 1;
const HYPERVISOR: u64 = 2;
const HYPERVISOR_VIRTUAL: u64 = 3;

/// The physical count.
pub fn physical_count(env: &Env<'_>, _: Encoding) -> u64 {
    env.clock.now_ns() / NS_PER_TICK
}

/// The virtual count: a host has no offset (D24.10.23).
pub fn virtual_count(env: &Env<'_>, at: Encoding) -> u64 {
    let offset = if in_host(env.cpu) { 0 } else { env.cpu.get(CNTVOFF_EL2) };
    physical_count(env, at).wrapping_sub(offset)
}

/// Which timer a register is of. EL0 of a host means the host's.
fn timer(cpu: &CpuState, at: Encoding) -> u64 {
    let host = in_host(cpu) && cpu.get(CURRENT_EL) == 0;
    match (at.op1(), at.crm(), host) {
        (4, 2, _) => HYPERVISOR,
        (4, ..) => HYPERVISOR_VIRTUAL,
        (_, 2, false) => PHYSICAL,
        (_, _, false) => VIRTUAL,
        (_, 2, true) => HYPERVISOR,
        (_, _, true) => HYPERVISOR_VIRTUAL,
    }
}

fn window(cpu: &CpuState) -> u64 {
    bus::private_window(cpu.get(CPU_INDEX) as u32).start + chip::BASE
}

/// A register of a timer in the chip. Without a chip, timers stand still.
fn read_chip(env: &Env<'_>, at: Encoding, register: u64) -> u64 {
    let at = window(env.cpu) + timer(env.cpu, at) * chip::STRIDE + register;
    env.space.read(at, 8).unwrap_or(0)
}

fn write_chip(env: &mut Env<'_>, at: Encoding, register: u64, value: u64) {
    let at = window(env.cpu) + timer(env.cpu, at) * chip::STRIDE + register;
    tell(env, at, value);
}

/// Writes to the chip. A board without one leaves the CPU without timers.
fn tell(env: &mut Env<'_>, at: u64, value: u64) {
    if env.space.write(at, 8, value).is_ok() {
        env.requests.resample = true;
    }
}

/// The count that a timer compares with.
fn count_of(env: &Env<'_>, at: Encoding) -> u64 {
    let offset = if timer(env.cpu, at) == VIRTUAL { env.cpu.get(CNTVOFF_EL2) } else { 0 };
    physical_count(env, at).wrapping_sub(offset)
}

/// CNT…_CTL.
pub fn read_control(env: &Env<'_>, at: Encoding) -> u64 {
    read_chip(env, at, chip::CONTROL)
}

/// CNT…_CTL.
pub fn write_control(env: &mut Env<'_>, at: Encoding, value: u64) {
    write_chip(env, at, chip::CONTROL, value);
}

/// CNT…_CVAL.
pub fn read_compare(env: &Env<'_>, at: Encoding) -> u64 {
    read_chip(env, at, chip::COMPARE)
}

/// CNT…_CVAL.
pub fn write_compare(env: &mut Env<'_>, at: Encoding, value: u64) {
    write_chip(env, at, chip::COMPARE, value);
}

/// CNT…_TVAL: how far the compare value is ahead, 32 bits.
pub fn read_ahead(env: &Env<'_>, at: Encoding) -> u64 {
    read_compare(env, at).wrapping_sub(count_of(env, at)) & 0xffff_ffff
}

/// CNT…_TVAL: a compare value that is so far ahead, signed.
pub fn write_ahead(env: &mut Env<'_>, at: Encoding, value: u64) {
    let ahead = value as i32 as u64;
    let compare = count_of(env, at).wrapping_add(ahead);
    write_compare(env, at, compare);
}

/// CNTVOFF_EL2.
pub fn write_offset(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(CNTVOFF_EL2, value);
    let at = window(env.cpu) + chip::OFFSET;
    tell(env, at, value);
}

/// Bits of CNTKCTL_EL1, and of CNTHCTL_EL2 with E2H, that let EL0 at a register.
mod el0 {
    pub const PHYSICAL_COUNT: u64 = 1;
    pub const VIRTUAL_COUNT: u64 = 1 << 1;
    pub const VIRTUAL_TIMER: u64 = 1 << 8;
    pub const PHYSICAL_TIMER: u64 = 1 << 9;
}

/// The bits that open CNTFRQ, a count or a timer to EL0.
const fn opening(at: Encoding) -> u64 {
    match (at.crm(), at.op2()) {
        (0, 1) => el0::PHYSICAL_COUNT,
        (0, 2) => el0::VIRTUAL_COUNT,
        (0, _) => el0::PHYSICAL_COUNT | el0::VIRTUAL_COUNT,
        (2, _) => el0::PHYSICAL_TIMER,
        _ => el0::VIRTUAL_TIMER,
    }
}

/// Counts and timers of EL1: what EL0 may see, and what EL2 leaves to both of
/// the physical ones (D12.3).
pub fn gate(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    let (control, hcr) = (cpu.get(CNTHCTL_EL2), cpu.get(HCR_EL2));
    let host = in_host(cpu);
    if asked.el == 0 {
        let open = if host { control } else { cpu.get(CNTKCTL_EL1) };
        if open & opening(asked.register) == 0 {
            return Some(Refusal::Trap);
        }
    }
    if asked.el == 2 || host || cpu.get(HAS_EL2) == 0 {
        return None;
    }
    let shift = if hcr & hcr::E2H != 0 { 10 } else { 0 };
    let closed = |bit: u64| (control >> shift & bit == 0).then_some(Refusal::Hypervisor);
    match (asked.register.crm(), asked.register.op2()) {
        (0, 1) => closed(1),
        (2, _) => closed(2),
        _ => None,
    }
}
