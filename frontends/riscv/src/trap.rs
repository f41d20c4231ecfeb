//! Traps: which interrupt is taken, and how a hart enters its handler and
//! comes back.
//!
//! Source: RISC-V Privileged ISA (20240411), §3.1.6 to §3.1.9, §3.1.15 and
//! §10.1.

use crate::fields::{exception, interrupt, mstatus, privilege};
use crate::state::{
    MCAUSE, MEDELEG, MEPC, MIDELEG, MIE, MIP_PINS, MIP_SOFT, MSTATUS, MTVAL, MTVEC, PC, PRIV, SCAUSE, SEPC,
    STVAL, STVEC,
};
use guest::{Access, Cause, CpuState, Fault};
use ir::Slot;

/// The access fault for a physical address that cannot be accessed (§3.1.15).
pub fn access_fault(at: u64, access: Access) -> Fault {
    let cause = match access {
        Access::Fetch => exception::FETCH_ACCESS,
        Access::Load => exception::LOAD_ACCESS,
        Access::Store => exception::STORE_ACCESS,
    };
    Fault { cause, value: at }
}

/// The page fault for a virtual address that cannot be accessed (§3.1.15).
pub fn page_fault(at: u64, access: Access) -> Fault {
    let cause = match access {
        Access::Fetch => exception::FETCH_PAGE,
        Access::Load => exception::LOAD_PAGE,
        Access::Store => exception::STORE_PAGE,
    };
    Fault { cause, value: at }
}

/// The fault for an access that has to be aligned. Fetches never have to be,
/// beyond what their addresses are anyway.
pub fn misaligned(at: u64, access: Access) -> Fault {
    let cause = match access {
        Access::Fetch => exception::FETCH_ACCESS,
        Access::Load => exception::LOAD_MISALIGNED,
        Access::Store => exception::STORE_MISALIGNED,
    };
    Fault { cause, value: at }
}

/// mip: what software set, and what the pins and timers drive.
pub fn mip(cpu: &CpuState) -> u64 {
    cpu.get(MIP_SOFT) | cpu.get(MIP_PINS)
}

/// The interrupt to take now (§3.1.9): those to M come first, then priority
/// decides.
pub fn pending(cpu: &CpuState) -> Option<u64> {
    let ready = mip(cpu) & cpu.get(MIE);
    if ready == 0 {
        return None;
    }
    let (mode, status, delegated) = (cpu.get(PRIV), cpu.get(MSTATUS), cpu.get(MIDELEG));
    let to_m = mode < privilege::M || status & mstatus::MIE != 0;
    let to_s = mode < privilege::S || mode == privilege::S && status & mstatus::SIE != 0;
    let for_m = if to_m { ready & !delegated } else { 0 };
    let for_s = if to_s { ready & delegated } else { 0 };
    let candidates = if for_m != 0 { for_m } else { for_s };
    interrupt::BY_PRIORITY.into_iter().find(|n| candidates >> n & 1 != 0)
}

/// Whether wfi is over (§3.3.3): an interrupt is pending that mie enables,
/// whatever mstatus and mideleg say.
pub fn wakes(cpu: &CpuState) -> bool {
    mip(cpu) & cpu.get(MIE) != 0
}

/// The registers that one privilege takes its traps with.
struct Bank {
    epc: Slot,
    cause: Slot,
    tval: Slot,
    tvec: Slot,
}

const MACHINE: Bank = Bank { epc: MEPC, cause: MCAUSE, tval: MTVAL, tvec: MTVEC };
const SUPERVISOR: Bank = Bank { epc: SEPC, cause: SCAUSE, tval: STVAL, tvec: STVEC };

/// Enters the handler for `cause`, in M or, if it is delegated, in S
/// (§3.1.6.1, §3.1.8).
pub fn deliver(cpu: &mut CpuState, cause: Cause) {
    let (number, value, code, delegated) = match cause {
        Cause::Exception(fault) => (fault.cause, fault.value, fault.cause, cpu.get(MEDELEG)),
        Cause::Interrupt(number) => (number, 0, number | interrupt::CAUSE, cpu.get(MIDELEG)),
    };
    let from = cpu.get(PRIV);
    let to_s = from <= privilege::S && number < 64 && delegated >> number & 1 != 0;
    let bank = if to_s { SUPERVISOR } else { MACHINE };
    let status = cpu.get(MSTATUS);
    let stacked = if to_s { stack_s(status, from) } else { stack_m(status, from) };
    cpu.set(MSTATUS, stacked);
    cpu.set(bank.epc, cpu.get(PC));
    cpu.set(bank.cause, code);
    cpu.set(bank.tval, value);
    cpu.set(PRIV, if to_s { privilege::S } else { privilege::M });
    cpu.set(PC, target(cpu.get(bank.tvec), cause));
}

/// mstatus after a trap into S: SPIE = SIE, SIE = 0, SPP = the privilege.
fn stack_s(status: u64, from: u64) -> u64 {
    let spie = if status & mstatus::SIE != 0 { mstatus::SPIE } else { 0 };
    let spp = if from == privilege::S { mstatus::SPP } else { 0 };
    status & !(mstatus::SIE | mstatus::SPIE | mstatus::SPP) | spie | spp
}

/// mstatus after a trap into M: MPIE = MIE, MIE = 0, MPP = the privilege.
fn stack_m(status: u64, from: u64) -> u64 {
    let mpie = if status & mstatus::MIE != 0 { mstatus::MPIE } else { 0 };
    status & !(mstatus::MIE | mstatus::MPIE | mstatus::MPP) | mpie | from << mstatus::MPP_SHIFT
}

/// Where a handler starts (§3.1.7): in vectored mode, interrupts each have
/// four bytes.
fn target(tvec: u64, cause: Cause) -> u64 {
    let base = tvec & !3;
    match cause {
        Cause::Interrupt(number) if tvec & 3 == 1 => base.wrapping_add(number.wrapping_mul(4)),
        _ => base,
    }
}

/// mret (§3.3.2): back to MPP. Yields the address to go on at.
pub fn return_m(cpu: &mut CpuState) -> u64 {
    let status = cpu.get(MSTATUS);
    let to = (status & mstatus::MPP) >> mstatus::MPP_SHIFT;
    let mie = if status & mstatus::MPIE != 0 { mstatus::MIE } else { 0 };
    // §3.1.6.3: leaving M ends MPRV.
    let mprv = if to == privilege::M { status & mstatus::MPRV } else { 0 };
    let kept = status & !(mstatus::MIE | mstatus::MPP | mstatus::MPRV);
    cpu.set(MSTATUS, kept | mie | mprv | mstatus::MPIE);
    cpu.set(PRIV, to);
    cpu.get(MEPC)
}

/// sret (§3.3.2): back to SPP. Yields the address to go on at.
pub fn return_s(cpu: &mut CpuState) -> u64 {
    let status = cpu.get(MSTATUS);
    let to = if status & mstatus::SPP != 0 { privilege::S } else { privilege::U };
    let sie = if status & mstatus::SPIE != 0 { mstatus::SIE } else { 0 };
    let kept = status & !(mstatus::SIE | mstatus::SPP | mstatus::MPRV);
    cpu.set(MSTATUS, kept | sie | mstatus::SPIE);
    cpu.set(PRIV, to);
    cpu.get(SEPC)
}
