//! Supervisor-level registers.
//!
//! Source: RISC-V Privileged ISA (20240411), §10.1.

use super::machine::{legal_envcfg, status};
use crate::fields::{envcfg, interrupt, mstatus, privilege, satp};
use crate::state::{MIDELEG, MIE, MIP_SOFT, MSTATUS, PRIV, SATP, SENVCFG, STIMECMP};
use crate::{mmu, trap};
use guest::{CpuState, Env, Flush};

pub fn read_sstatus(env: &Env<'_>, _: u16) -> u64 {
    status(env.cpu) & (mstatus::S_VISIBLE | mstatus::SD)
}

pub fn write_sstatus(env: &mut Env<'_>, _: u16, value: u64) {
    let kept = env.cpu.get(MSTATUS) & !mstatus::S_WRITABLE;
    env.cpu.set(MSTATUS, kept | value & mstatus::S_WRITABLE);
}

/// §10.1.3: interrupts that are not delegated read as 0.
pub fn read_sie(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(MIE) & env.cpu.get(MIDELEG)
}

pub fn write_sie(env: &mut Env<'_>, _: u16, value: u64) {
    let delegated = env.cpu.get(MIDELEG);
    env.cpu.set(MIE, env.cpu.get(MIE) & !delegated | value & delegated);
}

pub fn read_sip(env: &Env<'_>, _: u16) -> u64 {
    trap::mip(env.cpu) & env.cpu.get(MIDELEG)
}

/// §10.1.3: of sip, only SSIP can be written.
pub fn write_sip(env: &mut Env<'_>, _: u16, value: u64) {
    let writable = env.cpu.get(MIDELEG) & 1 << interrupt::SSI;
    env.cpu.set(MIP_SOFT, env.cpu.get(MIP_SOFT) & !writable | value & writable);
}

pub fn read_senvcfg(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(SENVCFG)
}

pub fn write_senvcfg(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(SENVCFG, legal_envcfg(value & envcfg::SENVCFG));
}

pub fn read_stimecmp(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(STIMECMP)
}

/// §3.1.6.5: with mstatus.TVM, satp is M's alone.
pub fn translation_allowed(cpu: &CpuState, _: u16) -> bool {
    cpu.get(PRIV) == privilege::M || cpu.get(MSTATUS) & mstatus::TVM == 0
}

pub fn read_satp(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(SATP)
}

/// §10.1.11: a mode that is not supported leaves all of satp as it was. A
/// change of mode takes effect at once, which global mappings would not know;
/// another ASID is another address space. Another table for the same one needs
/// a fence by software; to forget without one is allowed, and what software
/// that uses no ASIDs can hardly tell from hardware.
pub fn write_satp(env: &mut Env<'_>, _: u16, value: u64) {
    let supported = matches!(value >> satp::MODE_SHIFT, satp::BARE | satp::SV39 | satp::SV48 | satp::SV57);
    if !supported {
        return;
    }
    let changed = value ^ env.cpu.get(SATP);
    let asid = mmu::address_space(env.cpu);
    env.cpu.set(SATP, value);
    if changed >> satp::MODE_SHIFT != 0 {
        env.requests.flush = Some(Flush::ALL);
    } else if changed & satp::PPN != 0 && asid == mmu::address_space(env.cpu) {
        env.requests.flush = Some(mmu::fence(None, Some(asid)));
    }
}
