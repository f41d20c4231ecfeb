//! Exceptions from entry to return.

use super::exception::{deliver, interrupt, pending, return_from, wakes};
use super::slots::{HAS_EL2, HPFAR_EL2, IL, MDSCR_EL1, OS_LOCK, SS, STAGE2_FAULT};
use super::*;
use crate::fields::{ec, esr, hcr, mdscr, sctlr};
use crate::state::*;
use guest::{Access, Cause, Fault};

const VECTORS: u64 = 0xffff_8000_0001_0000;
const AT: u64 = 0x40_1234;

/// A CPU at a level, with its own stack pointer (if not EL0), interrupts open
/// and different values in all stack pointers.
fn cpu(el: u64) -> CpuState {
    let mut cpu = CpuState::default();
    reset(&mut cpu, Model::Max, 0);
    for (slot, value) in [
        (CURRENT_EL, el),
        (SPSEL, u64::from(el > 0)),
        (DAIF, 0),
        (PC, AT),
        (VBAR_EL1, VECTORS),
        (VBAR_EL2, VECTORS + 0x800),
        (SP, 0x1000 * (el + 1)),
        (SP_EL0, 0x1000),
        (SP_EL1, 0x2000),
        (SP_EL2, 0x3000),
    ] {
        cpu.set(slot, value);
    }
    cpu
}

/// `eret` as the instruction does it.
fn eret(cpu: &mut CpuState) -> u64 {
    let link = cpu.get(if cpu.get(CURRENT_EL) == 2 { ELR_EL2 } else { ELR_EL1 });
    return_from(cpu, link)
}

fn raise(cpu: &mut CpuState, class: u64) {
    deliver(cpu, Cause::Exception(Fault { cause: esr::syndrome(class, 0), value: 0x77 }));
}

#[test]
fn a_call_enters_el1_and_comes_back_behind_itself() {
    let mut c = cpu(0);
    c.set(C, 1);
    c.set(N, 1);
    c.set(SCTLR_EL1, sctlr::SPAN);
    raise(&mut c, ec::SVC);
    assert_eq!((c.get(PC), c.get(ELR_EL1)), (VECTORS + 0x400, AT + 4));
    assert_eq!((c.get(SPSR_EL1), c.get(ESR_EL1)), (0xa000_0000, 0x5600_0000));
    assert_eq!((c.get(CURRENT_EL), c.get(DAIF), c.get(SP), c.get(SP_EL0)), (1, 0x3c0, 0x2000, 0x1000));
    assert_eq!(c.get(PAN), 0, "SPAN leaves it");
    c.set(C, 0);
    c.set(SP, 0x1ff0);
    assert_eq!(eret(&mut c), AT + 4);
    assert_eq!(
        (c.get(CURRENT_EL), c.get(C), c.get(DAIF), c.get(SP), c.get(SP_EL1)),
        (0, 1, 0, 0x1000, 0x1ff0)
    );
}

#[test]
fn vectors_are_by_where_from_and_by_which_stack() {
    for (el, own, offset) in [(0, 0, 0x400), (1, 0, 0), (1, 1, 0x200)] {
        let mut c = cpu(el);
        c.set(SPSEL, own);
        c.set(SCTLR_EL1, 0);
        deliver(&mut c, Cause::Interrupt(interrupt::IRQ));
        assert_eq!((c.get(PC), c.get(ELR_EL1)), (VECTORS + offset + 0x80, AT));
        assert_eq!(c.get(PAN), 1 << 22, "without SPAN");
    }
}

#[test]
fn aborts_tell_the_address_and_whose_they_are() {
    for (el, class) in [(0, ec::DATA_ABORT_LOWER), (1, ec::DATA_ABORT)] {
        let mut c = cpu(el);
        deliver(&mut c, Cause::Exception(crate::mmu::misaligned(0x1001, Access::Store)));
        assert_eq!(c.get(ESR_EL1), esr::syndrome(class, 0x61));
        assert_eq!((c.get(FAR_EL1), c.get(ELR_EL1)), (0x1001, AT));
    }
}

#[test]
fn stage_2_faults_go_to_el2_with_both_addresses() {
    let mut c = cpu(1);
    c.set(HAS_EL2, 1);
    c.set(STAGE2_FAULT, 0x4567_8123);
    let cause = crate::mmu::bus_error(0x99, Access::Load).cause | syndrome::TO_EL2 | syndrome::STAGE_2;
    deliver(&mut c, Cause::Exception(Fault { cause, value: 0x99 }));
    assert_eq!((c.get(CURRENT_EL), c.get(HPFAR_EL2), c.get(FAR_EL2)), (2, 0x45_6780, 0x99));
    assert_eq!((c.get(ESR_EL2), c.get(PC)), (esr::syndrome(ec::DATA_ABORT_LOWER, 0x10), VECTORS + 0xc00));
}

#[test]
fn calls_of_a_hypervisor_go_there_and_a_host_takes_its_el0s() {
    let mut c = cpu(1);
    c.set(HAS_EL2, 1);
    raise(&mut c, ec::HVC);
    assert_eq!((c.get(CURRENT_EL), c.get(ELR_EL2), c.get(SP)), (2, AT + 4, 0x3000));
    let mut c = cpu(0);
    c.set(HAS_EL2, 1);
    c.set(HCR_EL2, hcr::E2H | hcr::TGE);
    raise(&mut c, ec::SVC);
    assert_eq!((c.get(CURRENT_EL), c.get(PC)), (2, VECTORS + 0xc00));
}

#[test]
fn returns_to_where_nobody_may_go_are_illegal() {
    // EL2, which is not there; EL0 with a stack of its own; AArch32; EL1 from EL0's host.
    for (spsr, hcr) in [(0x9, 0), (0x1, 0), (0x10, 0), (0x5, hcr::TGE)] {
        let mut c = cpu(1);
        c.set(HCR_EL2, hcr);
        c.set(SPSR_EL1, spsr | 1 << 30);
        c.set(ELR_EL1, 0x5000);
        assert_eq!(eret(&mut c), 0x5000);
        assert_eq!((c.get(CURRENT_EL), c.get(SPSEL), c.get(IL), c.get(Z)), (1, 1, 1 << 20, 1), "{spsr:#x}");
        assert!(Mode::of(&c).is_illegal());
    }
}

#[test]
fn interrupts_are_masked_by_level_and_route() {
    let mut c = cpu(1);
    c.set(PINS, 1);
    assert_eq!((pending(&c), wakes(&c)), (Some(interrupt::IRQ), true));
    c.set(DAIF, 1 << 7);
    assert_eq!((pending(&c), wakes(&c)), (None, true));
    // A hypervisor takes them whatever its guest masks.
    c.set(HAS_EL2, 1);
    c.set(HCR_EL2, hcr::IMO);
    assert_eq!(pending(&c), Some(interrupt::IRQ));
    c.set(PINS, 1 << interrupt::VIRTUAL_IRQ);
    assert_eq!(pending(&c), None);
    c.set(DAIF, 0);
    assert_eq!(pending(&c), Some(interrupt::VIRTUAL_IRQ));
    deliver(&mut c, Cause::Interrupt(interrupt::VIRTUAL_IRQ));
    assert_eq!((c.get(CURRENT_EL), c.get(PC)), (1, VECTORS + 0x280));
    // EL1's are not EL2's.
    let mut c = cpu(2);
    c.set(HAS_EL2, 1);
    c.set(PINS, 1);
    assert_eq!(pending(&c), None);
}

#[test]
fn a_fast_interrupt_comes_first() {
    let mut c = cpu(0);
    c.set(PINS, 3);
    assert_eq!(pending(&c), Some(interrupt::FIQ));
    deliver(&mut c, Cause::Interrupt(interrupt::FIQ));
    assert_eq!(c.get(PC), VECTORS + 0x500);
}

#[test]
fn a_step_is_one_instruction_long() {
    let mut c = cpu(1);
    c.set(OS_LOCK, 0);
    c.set(MDSCR_EL1, mdscr::SS);
    c.set(SPSR_EL1, 1 << 21);
    eret(&mut c);
    assert!(Mode::of(&c).steps());
    c.set(SS, 0);
    assert!(Mode::of(&c).has_stepped());
    raise(&mut c, ec::STEP_LOWER);
    assert_eq!((c.get(CURRENT_EL), c.get(SPSR_EL1) & 1 << 21), (1, 0));
    assert!(!Mode::of(&c).has_stepped(), "not in EL1");
    // Without it, a return clears the bit.
    c.set(MDSCR_EL1, 0);
    c.set(SPSR_EL1, 1 << 21);
    eret(&mut c);
    assert_eq!(c.get(SS), 0);
}

#[test]
fn the_type_of_a_branch_is_that_of_its_target_alone() {
    let mut c = cpu(1);
    c.set(BRANCH_TARGET, AT | 3);
    assert_eq!(pstate::read(&c) >> 10 & 3, 3);
    raise(&mut c, ec::BRANCH_TARGET);
    assert_eq!(c.get(ESR_EL1), esr::syndrome(ec::BRANCH_TARGET, 0x77 & 3));
    assert_eq!((c.get(SPSR_EL1) >> 10 & 3, pstate::read(&c) >> 10 & 3), (3, 0));
    let at = eret(&mut c);
    c.set(PC, at);
    assert_eq!(pstate::read(&c) >> 10 & 3, 3);
    c.set(PC, at + 4);
    assert_eq!(pstate::read(&c) >> 10 & 3, 0);
}

/// Tags are not part of the pc: neither where code is fetched nor where an interrupt
/// comes before that.
#[test]
fn a_branch_to_a_tagged_address_leaves_the_tag_behind() {
    const TAGGED: u64 = AT | 0xa5 << 56;
    let mut c = cpu(0);
    c.set(crate::system::slots::TCR_EL1, crate::fields::tcr::TBI0);
    c.set(PC, TAGGED);
    c.set(BRANCH_TARGET, TAGGED | 2);
    deliver(&mut c, Cause::Interrupt(interrupt::IRQ));
    assert_eq!((c.get(ELR_EL1), c.get(SPSR_EL1) >> 10 & 3), (AT, 2));
    // Without tags, the address is what it is.
    let mut c = cpu(0);
    c.set(PC, TAGGED);
    deliver(&mut c, Cause::Interrupt(interrupt::IRQ));
    assert_eq!(c.get(ELR_EL1), TAGGED);
}
