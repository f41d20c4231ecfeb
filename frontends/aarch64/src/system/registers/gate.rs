//! Who may access a register now: the conditions beyond its encoding.
//!
//! Source: Arm ARM, D24.2, each register's "Accessing"; D24.2.53 (HCR_EL2).

use guest::CpuState;

use super::{Asked, Encoding, Refusal, timer};
use crate::fields::{cpacr, hcr, mdcr, sctlr};
use crate::state::{CPTR_EL2, CURRENT_EL, HCR_EL2, SCTLR_EL1, SCTLR_EL2};
use crate::system::slots::{GIC_REGISTERS, HAS_EL2, MDCR_EL2, PMUSERENR_EL0};

/// Who lets an access through, beside the encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// Nobody is asked.
    Open,
    /// HCR_EL2.TVM for writes, TRVM for reads: memory control.
    Memory,
    /// HCR_EL2.TID1: identification group 1.
    Tid1,
    /// HCR_EL2.TID2: caches.
    Tid2,
    /// HCR_EL2.TID3: features.
    Tid3,
    /// HCR_EL2.TACR: auxiliary control.
    Auxiliary,
    /// SCTLR_ELx.UCT: CTR_EL0.
    CacheType,
    /// SCTLR_ELx.UMA: DAIF.
    Masks,
    /// CPTR_EL2.TCPAC: CPACR_EL1.
    Coprocessors,
    /// HCR_EL2.APK: keys of pointer authentication.
    Keys,
    /// MDCR_EL2.TDA: debug.
    Debug,
    /// MDCR_EL2.TDOSA: the OS lock and its like.
    OsLock,
    /// MDCR_EL2.TDRA: debug ROM addresses.
    DebugRom,
    /// PMUSERENR_EL0 and MDCR_EL2.TPM: performance monitors.
    Monitors,
    /// CNTKCTL_EL1 and CNTHCTL_EL2: counts and timers.
    Timers,
    /// There has to be such a controller.
    InterruptController,
}

impl Gate {
    /// Why an access does not happen now.
    pub fn refusal(self, cpu: &CpuState, asked: Asked) -> Option<Refusal> {
        match self {
            Gate::Open => None,
            Gate::Memory => memory(cpu, asked),
            Gate::Tid1 => below_el2(asked, cpu.get(HCR_EL2), hcr::TID1),
            Gate::Tid2 => below_el2(asked, cpu.get(HCR_EL2), hcr::TID2 | hcr::TID4),
            Gate::Tid3 => below_el2(asked, cpu.get(HCR_EL2), hcr::TID3),
            Gate::Auxiliary => below_el2(asked, cpu.get(HCR_EL2), hcr::TACR),
            Gate::CacheType => cache_type(cpu, asked),
            Gate::Masks => masks(cpu, asked),
            Gate::Coprocessors => coprocessors(cpu, asked),
            Gate::Keys => keys(cpu, asked),
            Gate::Debug => debug(cpu, asked, mdcr::TDA),
            Gate::OsLock => debug(cpu, asked, mdcr::TDOSA),
            Gate::DebugRom => debug(cpu, asked, mdcr::TDRA),
            Gate::Monitors => monitors(cpu, asked),
            Gate::Timers => timer::gate(cpu, asked),
            Gate::InterruptController => interrupt_controller(cpu, asked),
        }
    }

    /// Whether nobody but EL2 could close it to EL1 and EL2, and `traps` says
    /// whether EL2 does (see [`crate::state::Mode::registers_trap`]).
    pub const fn is_open(self, traps: bool) -> bool {
        let by_el2_alone = matches!(self, Gate::Memory | Gate::Coprocessors | Gate::Debug | Gate::OsLock);
        matches!(self, Gate::Open) || by_el2_alone && !traps
    }
}

/// Whether EL2 traps some accesses of this level that are open otherwise.
pub fn traps(cpu: &CpuState) -> bool {
    cpu.get(HAS_EL2) != 0
        && cpu.get(CURRENT_EL) < 2
        && (cpu.get(HCR_EL2) & hcr::TRAPS != 0
            || cpu.get(MDCR_EL2) & mdcr::TRAPS != 0
            || cpu.get(CPTR_EL2) & cpacr::CPTR_TCPAC != 0)
}

/// Whether a register is one of the feature identification space (D24.1.1).
pub const fn is_identification(at: Encoding) -> bool {
    let space = at.op0() == 3 && at.op1() == 0 && at.crn() == 0;
    let caches = at.op0() == 3 && (at.op1() == 1 || at.op1() == 2) && at.crn() == 0;
    space || caches
}

/// The hypervisor's trap, where bits of HCR_EL2 say so, for levels below it.
const fn below_el2(asked: Asked, hcr: u64, bits: u64) -> Option<Refusal> {
    if asked.el < 2 && hcr & bits != 0 { Some(Refusal::Hypervisor) } else { None }
}

/// Memory control: HCR_EL2.TVM for writes, TRVM for reads.
fn memory(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    below_el2(asked, cpu.get(HCR_EL2), if asked.write { hcr::TVM } else { hcr::TRVM })
}

/// SCTLR of EL0's owner.
pub fn control_of_el0(cpu: &CpuState) -> u64 {
    let both = hcr::E2H | hcr::TGE;
    cpu.get(if cpu.get(HCR_EL2) & both == both { SCTLR_EL2 } else { SCTLR_EL1 })
}

/// CTR_EL0: SCTLR_ELx.UCT for EL0.
fn cache_type(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    if asked.el == 0 && control_of_el0(cpu) & sctlr::UCT == 0 {
        return Some(Refusal::Trap);
    }
    below_el2(asked, cpu.get(HCR_EL2), hcr::TID2)
}

/// DAIF: SCTLR_ELx.UMA for EL0.
fn masks(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    (asked.el == 0 && control_of_el0(cpu) & sctlr::UMA == 0).then_some(Refusal::Trap)
}

/// CPACR_EL1: CPTR_EL2.TCPAC.
fn coprocessors(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    (asked.el == 1 && cpu.get(CPTR_EL2) & cpacr::CPTR_TCPAC != 0).then_some(Refusal::Hypervisor)
}

/// Pointer authentication keys: HCR_EL2.APK lets EL1 at them.
fn keys(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    (asked.el == 1 && cpu.get(HCR_EL2) & hcr::APK == 0).then_some(Refusal::Hypervisor)
}

/// Debug registers of a group, or all where debug exceptions are EL2's.
fn debug(cpu: &CpuState, asked: Asked, group: u64) -> Option<Refusal> {
    let bits = group | mdcr::TDE;
    (asked.el < 2 && cpu.get(MDCR_EL2) & bits != 0).then_some(Refusal::Hypervisor)
}

/// Performance monitors: PMUSERENR_EL0.EN for EL0.
fn monitors(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    const EN: u64 = 1;
    const CYCLES_READ: u64 = 1 << 2;
    let enabled = cpu.get(PMUSERENR_EL0);
    let is_cycles = asked.register.crm() == 13 && asked.register.op2() == 0 && !asked.write;
    let open = enabled & EN != 0 || is_cycles && enabled & CYCLES_READ != 0;
    let is_enable = asked.register.crm() == 14 && asked.register.op2() == 0;
    if asked.el == 0 && !open && !is_enable {
        return Some(Refusal::Trap);
    }
    let is_control = asked.register.crm() == 12 && asked.register.op2() == 0;
    let bits = if is_control { mdcr::TPM | mdcr::TPMCR } else { mdcr::TPM };
    (asked.el < 2 && cpu.get(MDCR_EL2) & bits != 0).then_some(Refusal::Hypervisor)
}

/// The interrupt controller's registers: there must be such a controller, and a
/// guest of EL2 must not send real interrupts.
fn interrupt_controller(cpu: &CpuState, asked: Asked) -> Option<Refusal> {
    if cpu.get(GIC_REGISTERS) == 0 {
        return Some(Refusal::Undefined);
    }
    let sends = asked.register.crm() == 11 && asked.register.op2() >= 5;
    let virtualized = cpu.get(HCR_EL2) & (hcr::IMO | hcr::FMO) != 0;
    (asked.el == 1 && sends && virtualized).then_some(Refusal::Hypervisor)
}
