//! Exceptions: which interrupt is taken, how a level is entered, and how it is
//! left.
//!
//! Source: Arm ARM, D1.3 (exceptions), D1.3.6 (asynchronous ones), D1.4.

use guest::{Cause, CpuState, Fault};
use ir::Slot;

use super::pstate;
use super::slots::{HAS_EL2, HPFAR_EL2, MDCR_EL2, STACK_BENDS, STAGE2_FAULT};
use super::syndrome::{self, class_of};
use crate::fields::{ec, esr, hcr, mdcr, pstate as bit};
use crate::mmu;
use crate::state::{
    self, BRANCH_TARGET, CURRENT_EL, DAIF, ELR_EL1, ELR_EL2, ESR_EL1, ESR_EL2, FAR_EL1, FAR_EL2, HCR_EL2,
    Mode, PC, PINS, SPSEL, SPSR_EL1, SPSR_EL2, VBAR_EL1, VBAR_EL2,
};

/// Interrupts, by the number of their pin.
pub mod interrupt {
    /// Physical IRQ.
    pub const IRQ: u64 = 0;
    /// Physical FIQ.
    pub const FIQ: u64 = 1;
    /// Virtual IRQ.
    pub const VIRTUAL_IRQ: u64 = 2;
    /// Virtual FIQ.
    pub const VIRTUAL_FIQ: u64 = 3;
    /// Virtual SError, which has no pin.
    pub const VIRTUAL_SERROR: u64 = 4;
}

/// The levels of the pins, with what HCR_EL2 makes pending.
fn levels(cpu: &CpuState) -> u64 {
    let hcr = cpu.get(HCR_EL2);
    let virtual_ones = [
        (hcr::VI, interrupt::VIRTUAL_IRQ),
        (hcr::VF, interrupt::VIRTUAL_FIQ),
        (hcr::VSE, interrupt::VIRTUAL_SERROR),
    ];
    let set = virtual_ones.into_iter().filter(|(bit, _)| hcr & bit != 0);
    set.fold(cpu.get(PINS) & 0xf, |all, (_, number)| all | 1 << number)
}

/// The interrupt to take now (D1.3.6.3).
pub fn pending(cpu: &CpuState) -> Option<u64> {
    let levels = levels(cpu);
    if levels == 0 {
        return None;
    }
    let order = [
        interrupt::FIQ,
        interrupt::IRQ,
        interrupt::VIRTUAL_FIQ,
        interrupt::VIRTUAL_IRQ,
        interrupt::VIRTUAL_SERROR,
    ];
    order.into_iter().find(|number| levels >> number & 1 != 0 && is_open(cpu, *number))
}

/// Whether an interrupt that is pending would be taken (D1.3.6.2).
fn is_open(cpu: &CpuState, number: u64) -> bool {
    let (el, hcr) = (cpu.get(CURRENT_EL), cpu.get(HCR_EL2));
    let (mask, route) = match number {
        interrupt::IRQ | interrupt::VIRTUAL_IRQ => (bit::I, hcr::IMO),
        interrupt::FIQ | interrupt::VIRTUAL_FIQ => (bit::F, hcr::FMO),
        _ => (bit::A, hcr::AMO),
    };
    let unmasked = cpu.get(DAIF) & mask == 0;
    if number >= interrupt::VIRTUAL_IRQ {
        return el < 2 && hcr & route != 0 && hcr & hcr::TGE == 0 && unmasked;
    }
    match (goes_to_el2(hcr, route), el) {
        (false, 2) => false,
        (false, _) | (true, 2) => unmasked,
        // A hypervisor is interrupted in its guest whatever that masks; the EL0
        // of a host is the host's own.
        (true, 0) if hcr & (hcr::E2H | hcr::TGE) == hcr::E2H | hcr::TGE => unmasked,
        (true, _) => true,
    }
}

/// Whether a physical interrupt is EL2's.
const fn goes_to_el2(hcr: u64, route: u64) -> bool {
    hcr & (hcr::TGE | route) != 0
}

/// Whether `wfi` is over (C6.2.450): some interrupt is pending, masked or not.
pub fn wakes(cpu: &CpuState) -> bool {
    let hcr = cpu.get(HCR_EL2);
    let levels = levels(cpu);
    let virtual_ones = levels >> interrupt::VIRTUAL_IRQ != 0
        && cpu.get(CURRENT_EL) < 2
        && hcr & (hcr::IMO | hcr::FMO | hcr::AMO) != 0;
    levels & 3 != 0 || virtual_ones
}

/// The registers that one level takes its exceptions with.
struct Bank {
    elr: Slot,
    spsr: Slot,
    esr: Slot,
    far: Slot,
    vbar: Slot,
}

const EL1: Bank = Bank { elr: ELR_EL1, spsr: SPSR_EL1, esr: ESR_EL1, far: FAR_EL1, vbar: VBAR_EL1 };
const EL2: Bank = Bank { elr: ELR_EL2, spsr: SPSR_EL2, esr: ESR_EL2, far: FAR_EL2, vbar: VBAR_EL2 };

const fn bank(el: u64) -> &'static Bank {
    if el == 2 { &EL2 } else { &EL1 }
}

/// Offsets of a vector: by what is taken.
mod vector {
    pub const SYNCHRONOUS: u64 = 0;
    pub const IRQ: u64 = 0x80;
    pub const FIQ: u64 = 0x100;
    pub const SERROR: u64 = 0x180;
}

/// Enters the level that takes `cause` (D1.3.1, D1.3.2).
pub fn deliver(cpu: &mut CpuState, cause: Cause) {
    match cause {
        Cause::Exception(Fault { cause: syndrome::AGAIN, .. }) => cpu.set(STACK_BENDS, 1),
        Cause::Exception(Fault { cause: syndrome::ELSEWHERE, value }) => come_to(cpu, value),
        Cause::Exception(fault) => {
            let to = target(cpu, fault.cause);
            describe(cpu, fault, to);
            let class = class_of(fault.cause);
            let is_call = matches!(class, ec::SVC | ec::HVC | ec::SMC);
            // A call that was trapped has not been made.
            let is_made = is_call && class != ec::SMC;
            let link = cpu.get(PC).wrapping_add(if is_made { 4 } else { 0 });
            enter(cpu, to, vector::SYNCHRONOUS, link);
        }
        Cause::Interrupt(number) => {
            let regime = Mode::of(cpu).fetch_regime();
            come_to(cpu, mmu::branch_target(cpu, cpu.get(PC), regime));
            let (route, offset) = match number {
                interrupt::IRQ => (hcr::IMO, vector::IRQ),
                interrupt::FIQ => (hcr::FMO, vector::FIQ),
                interrupt::VIRTUAL_IRQ => (0, vector::IRQ),
                interrupt::VIRTUAL_FIQ => (0, vector::FIQ),
                _ => (0, vector::SERROR),
            };
            let hcr = cpu.get(HCR_EL2);
            let physical = number < interrupt::VIRTUAL_IRQ;
            let to = if physical && goes_to_el2(hcr, route) { 2 } else { 1 };
            if number == interrupt::VIRTUAL_SERROR {
                cpu.set(ESR_EL1, esr::syndrome(ec::SERROR, 0));
                cpu.set(HCR_EL2, hcr & !hcr::VSE);
            }
            enter(cpu, to, offset, cpu.get(PC));
        }
    }
}

/// Makes the pc `target`, which is what it was but for a tag.
fn come_to(cpu: &mut CpuState, target: u64) {
    if target != cpu.get(PC) {
        let branch = pstate::branch_type(cpu);
        cpu.set(PC, target);
        cpu.set(BRANCH_TARGET, target & !3 | branch);
    }
}

/// The level that a synchronous exception is taken to (D1.3.5).
fn target(cpu: &CpuState, cause: u64) -> u64 {
    let (el, hcr) = (cpu.get(CURRENT_EL), cpu.get(HCR_EL2));
    let for_el2 = match class_of(cause) {
        ec::HVC | ec::SMC => true,
        ec::BRK | ec::BREAKPOINT_LOWER | ec::STEP_LOWER | ec::WATCHPOINT_LOWER => {
            cpu.get(MDCR_EL2) & mdcr::TDE != 0
        }
        ec::FP_ACCESS => !state::fp_trapped_by_el1(cpu),
        _ => false,
    };
    let host = el == 0 && hcr & hcr::TGE != 0;
    let has_el2 = cpu.get(HAS_EL2) != 0;
    if has_el2 && (el == 2 || host || for_el2 || cause & syndrome::TO_EL2 != 0) { 2 } else { 1 }
}

/// Writes the registers that tell level `to` what happened.
fn describe(cpu: &mut CpuState, fault: Fault, to: u64) {
    let class = class_of(fault.cause);
    let has_variants = matches!(
        class,
        ec::INSTRUCTION_ABORT_LOWER
            | ec::DATA_ABORT_LOWER
            | ec::BREAKPOINT_LOWER
            | ec::STEP_LOWER
            | ec::WATCHPOINT_LOWER
    );
    let same = has_variants && cpu.get(CURRENT_EL) == to;
    // What a block does not know that finds a branch's target wrong, or a step done.
    let more = match class {
        ec::BRANCH_TARGET => fault.value & 3,
        ec::STEP_LOWER => fault.value,
        _ => 0,
    };
    cpu.set(bank(to).esr, (fault.cause & syndrome::ESR | more) + (u64::from(same) << esr::EC_SHIFT));
    let has_address = matches!(
        class,
        ec::INSTRUCTION_ABORT_LOWER | ec::DATA_ABORT_LOWER | ec::PC_ALIGNMENT | ec::WATCHPOINT_LOWER
    );
    if has_address {
        cpu.set(bank(to).far, fault.value);
    }
    if fault.cause & syndrome::STAGE_2 != 0 {
        // FIPA, from bit 4: bits of the address from 12 up.
        cpu.set(HPFAR_EL2, cpu.get(STAGE2_FAULT) >> 12 << 4);
    }
}

/// Enters level `to` at a vector, to return to `link`.
fn enter(cpu: &mut CpuState, to: u64, offset: u64, link: u64) {
    let (from, own_stack) = (cpu.get(CURRENT_EL), cpu.get(SPSEL) != 0);
    let base = match (from == to, own_stack) {
        (true, false) => 0,
        (true, true) => 0x200,
        (false, _) => 0x400,
    };
    let bank = bank(to);
    cpu.set(bank.spsr, pstate::read(cpu));
    cpu.set(bank.elr, link);
    pstate::enter(cpu, to);
    cpu.set(PC, cpu.get(bank.vbar).wrapping_add(base + offset));
}

/// `eret` (D1.4): back to `link` in the state that SPSR_ELx says. Yields the address to
/// go on at.
pub fn return_from(cpu: &mut CpuState, link: u64) -> u64 {
    let spsr = cpu.get(bank(cpu.get(CURRENT_EL)).spsr);
    if is_legal(cpu, spsr) {
        pstate::select(cpu, spsr >> bit::EL_SHIFT & 3, spsr & bit::SP);
        pstate::write(cpu, spsr, link);
    } else {
        // D1.4.1: the level stays; the next instruction faults.
        pstate::write(cpu, spsr | bit::IL, link);
    }
    link
}

/// Whether a return may go where `spsr` says (D1.4.1).
fn is_legal(cpu: &CpuState, spsr: u64) -> bool {
    let to = spsr >> bit::EL_SHIFT & 3;
    let exists = to < 2 || to == 2 && cpu.get(HAS_EL2) != 0;
    let reserved = spsr & (bit::AARCH32 | 2) != 0 || to == 0 && spsr & bit::SP != 0;
    let usurped = to == 1 && cpu.get(HCR_EL2) & hcr::TGE != 0;
    exists && !reserved && !usurped && to <= cpu.get(CURRENT_EL)
}
