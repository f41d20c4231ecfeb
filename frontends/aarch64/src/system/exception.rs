//! Exceptions: which interrupt is taken, and how a level is entered.
//!
//! Source: Arm ARM, D1.3.

use guest::{Access, Cause, CpuState, Fault};

use crate::fields::{ec, esr};
use crate::state::{
    C, CURRENT_EL, DAIF, ELR_EL1, ESR_EL1, FAR_EL1, N, PC, PINS, SP, SP_EL0, SP_EL1, SPSEL, SPSR_EL1, V,
    VBAR_EL1, Z,
};

/// The abort for a physical address that nothing answers to: synchronous
/// external abort.
pub fn bus_error(at: u64, access: Access) -> Fault {
    abort(at, access, 0x10)
}

/// The fault for an access that has to be aligned and is not.
pub fn misaligned(at: u64, access: Access) -> Fault {
    abort(at, access, 0x21)
}

/// An abort with fault status `status`; the class is that of the same level,
/// and taking it to a higher one makes it the other.
pub fn abort(at: u64, access: Access, status: u64) -> Fault {
    let cause = match access {
        Access::Fetch => esr::syndrome(ec::INSTRUCTION_ABORT, status),
        Access::Load => esr::syndrome(ec::DATA_ABORT, status),
        Access::Store => esr::syndrome(ec::DATA_ABORT, status | 1 << 6),
    };
    Fault { cause, value: at }
}

/// The interrupt to take now.
pub fn pending(cpu: &CpuState) -> Option<u64> {
    let masked = cpu.get(DAIF);
    let open = |pin: u64, mask: u64| cpu.get(PINS) >> pin & 1 != 0 && masked & mask == 0;
    if open(1, 1 << 6) {
        return Some(1);
    }
    open(0, 1 << 7).then_some(0)
}

/// Whether `wfi` is over.
pub fn wakes(cpu: &CpuState) -> bool {
    cpu.get(PINS) & 3 != 0
}

/// Enters EL1 for `cause`.
pub fn deliver(cpu: &mut CpuState, cause: Cause) {
    let (from, own) = (cpu.get(CURRENT_EL), cpu.get(SPSEL));
    let flags = cpu.get(N) << 31 | cpu.get(Z) << 30 | cpu.get(C) << 29 | cpu.get(V) << 28;
    cpu.set(SPSR_EL1, flags | cpu.get(DAIF) | from << 2 | own);
    let mut vector = match (from, own) {
        (0, _) => 0x400,
        (_, 0) => 0,
        _ => 0x200,
    };
    let mut link = cpu.get(PC);
    match cause {
        Cause::Exception(fault) => {
            let class = fault.cause >> esr::EC_SHIFT;
            let lower = matches!(class, ec::INSTRUCTION_ABORT | ec::DATA_ABORT) && from == 0;
            cpu.set(ESR_EL1, fault.cause - (u64::from(lower) << esr::EC_SHIFT));
            if matches!(class, ec::INSTRUCTION_ABORT | ec::DATA_ABORT | ec::PC_ALIGNMENT) {
                cpu.set(FAR_EL1, fault.value);
            }
            if class == ec::SVC {
                link = link.wrapping_add(4);
            }
        }
        Cause::Interrupt(number) => vector += [0x80, 0x100, 0x180][number.min(2) as usize],
    }
    cpu.set(ELR_EL1, link);
    if from == 0 || own == 0 {
        cpu.set(SP_EL0, cpu.get(SP));
        cpu.set(SP, cpu.get(SP_EL1));
    }
    cpu.set(CURRENT_EL, 1);
    cpu.set(SPSEL, 1);
    cpu.set(DAIF, 0xf << 6);
    cpu.set(PC, cpu.get(VBAR_EL1).wrapping_add(vector));
}
