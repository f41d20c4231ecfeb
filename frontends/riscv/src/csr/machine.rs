//! Machine-level registers.
//!
//! Source: RISC-V Privileged ISA (20240411), §3.1 and §3.7.

use crate::fields::{envcfg, interrupt, mstatus};
use crate::state::{MENVCFG, MIDELEG, MIE, MIP_PINS, MIP_SOFT, MSTATUS, PMPCFG0, PMPCFG2};
use crate::{pmp, timer, trap};
use guest::{CpuState, Env, Flush};

/// mstatus with SD as FS has it (§3.1.6.6).
pub fn status(cpu: &CpuState) -> u64 {
    let status = cpu.get(MSTATUS) & !mstatus::SD;
    let dirty = status & mstatus::FS == mstatus::FS;
    status | if dirty { mstatus::SD } else { 0 }
}

pub fn read_mstatus(env: &Env<'_>, _: u16) -> u64 {
    status(env.cpu)
}

/// §3.1.6: MPP keeps its value if it is given the privilege that is none.
pub fn write_mstatus(env: &mut Env<'_>, _: u16, value: u64) {
    let mut new = value & mstatus::M_WRITABLE;
    if new & mstatus::MPP == 2 << mstatus::MPP_SHIFT {
        new = new & !mstatus::MPP | env.cpu.get(MSTATUS) & mstatus::MPP;
    }
    env.cpu.set(MSTATUS, new | mstatus::XLEN_64);
}

pub fn read_mideleg(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(MIDELEG)
}

/// §3.1.8: interrupts of M cannot be delegated.
pub fn write_mideleg(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(MIDELEG, value & interrupt::SUPERVISOR);
}

pub fn read_mie(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(MIE)
}

pub fn write_mie(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(MIE, value & interrupt::ALL);
}

pub fn read_mip(env: &Env<'_>, _: u16) -> u64 {
    trap::mip(env.cpu)
}

/// §3.1.9: software sets the supervisor's bits, but for STIP where Sstc drives
/// it (chapter "Sstc").
pub fn write_mip(env: &mut Env<'_>, _: u16, value: u64) {
    let timer = if env.cpu.get(MENVCFG) & envcfg::STCE != 0 { 1 << interrupt::STI } else { 0 };
    env.cpu.set(MIP_SOFT, value & interrupt::SUPERVISOR & !timer);
}

pub fn read_menvcfg(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(MENVCFG)
}

/// §3.1.18; the reserved value of CBIE becomes 0.
pub fn write_menvcfg(env: &mut Env<'_>, _: u16, value: u64) {
    let changed = value ^ env.cpu.get(MENVCFG);
    env.cpu.set(MENVCFG, legal_envcfg(value & envcfg::MENVCFG));
    if changed & (envcfg::ADUE | envcfg::PBMTE) != 0 {
        env.requests.flush = Some(Flush::ALL);
    }
    if changed & envcfg::STCE != 0 {
        let stip = 1 << interrupt::STI;
        env.cpu.set(MIP_SOFT, env.cpu.get(MIP_SOFT) & !stip);
        env.cpu.set(MIP_PINS, env.cpu.get(MIP_PINS) & !stip);
        timer::sample(env.cpu, env.clock.now_ns());
        env.requests.resample = true;
    }
}

/// Replaces the reserved value of CBIE by 0.
pub fn legal_envcfg(value: u64) -> u64 {
    let reserved = value & envcfg::CBIE == 2 << 4;
    if reserved { value & !envcfg::CBIE } else { value }
}

/// Number of pmpcfg0.
const PMPCFG0_NUMBER: u16 = 0x3a0;

pub fn read_pmpcfg(env: &Env<'_>, number: u16) -> u64 {
    env.cpu.get(if number == PMPCFG0_NUMBER { PMPCFG0 } else { PMPCFG2 })
}

pub fn write_pmpcfg(env: &mut Env<'_>, number: u16, value: u64) {
    pmp::write_config(env.cpu, if number == PMPCFG0_NUMBER { 0 } else { 8 }, value);
    env.requests.flush = Some(Flush::ALL);
}

pub fn read_pmpaddr(env: &Env<'_>, number: u16) -> u64 {
    env.cpu.get(pmp::address_slot(usize::from(number & 15)))
}

pub fn write_pmpaddr(env: &mut Env<'_>, number: u16, value: u64) {
    pmp::write_address(env.cpu, usize::from(number & 15), value);
    env.requests.flush = Some(Flush::ALL);
}
