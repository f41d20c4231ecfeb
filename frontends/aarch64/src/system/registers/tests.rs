//! Who may access which register, by encodings as assemblers make them.

use super::*;
use crate::fields::sctlr;
use crate::state::{SCTLR_EL1, VBAR_EL1, VBAR_EL2};
use crate::system::slots::{GIC_REGISTERS, PMUSERENR_EL0};
use bus::{AddressSpace, Clock};
use guest::Requests;

const MRS_VBAR_EL1: u32 = 0xd538_c000;
const MSR_VBAR_EL1: u32 = 0xd518_c000;
const MRS_VBAR_EL12: u32 = 0xd53d_c000;
const MRS_MIDR_EL1: u32 = 0xd538_0000;
const MRS_CTR_EL0: u32 = 0xd53b_0020;
const MRS_TPIDRRO_EL0: u32 = 0xd53b_d060;
const MSR_TPIDRRO_EL0: u32 = 0xd51b_d060;
const MRS_PMCCNTR_EL0: u32 = 0xd53b_9d00;
const MRS_ID_AA64PFR0_EL1: u32 = 0xd538_0400;
const MRS_APIAKEYLO_EL1: u32 = 0xd538_2100;
const MRS_CNTVCT_EL0: u32 = 0xd53b_e040;
const MRS_ICC_PMR_EL1: u32 = 0xd538_4600;
const MSR_CNTV_TVAL_EL0: u32 = 0xd51b_e300;

struct Bench {
    cpu: CpuState,
    space: AddressSpace,
    clock: Clock,
}

impl Bench {
    fn new(model: Model, el: u64) -> Bench {
        let mut cpu = CpuState::default();
        crate::system::reset(&mut cpu, model, 0);
        cpu.set(CURRENT_EL, el);
        cpu.set(HAS_EL2, u64::from(el == 2));
        Bench { cpu, space: AddressSpace::default(), clock: Clock::counted() }
    }

    fn env(&mut self) -> Env<'_> {
        let (space, clock) = (&self.space, &self.clock);
        Env { cpu: &mut self.cpu, space, clock, instructions: 0, requests: Requests::default() }
    }

    fn read(&mut self, word: u32) -> Result<u64, Fault> {
        read(&self.env(), word)
    }

    fn write(&mut self, word: u32, value: u64) -> Result<(), Fault> {
        write(&mut self.env(), word, value)
    }
}

#[test]
fn encodings_are_those_of_instructions() {
    let at = Encoding::of(MRS_VBAR_EL1);
    assert_eq!((at.op0(), at.op1(), at.crn(), at.crm(), at.op2()), (3, 0, 12, 0, 0));
    assert_eq!(name(at).as_deref(), Some("vbar_el1"));
    assert_eq!(name(Encoding::new(2, 0, 0, 3, 4)).as_deref(), Some("dbgbvr3_el1"));
    assert_eq!(find(Encoding::new(1, 0, 12, 0, 0)).map(|row| row.name), None);
}

#[test]
fn levels_below_that_of_the_name_are_undefined() {
    let mut b = Bench::new(Model::CortexA57, 0);
    assert_eq!(b.read(MRS_VBAR_EL1), Err(UNDEFINED));
    assert_eq!(b.read(MRS_MIDR_EL1), Err(UNDEFINED));
    assert_eq!(b.read(MRS_TPIDRRO_EL0), Ok(0));
    assert_eq!(b.write(MSR_TPIDRRO_EL0, 1), Err(UNDEFINED));
    // With FEAT_IDST, reads of identification registers are told apart.
    let mut b = Bench::new(Model::Max, 0);
    assert_eq!(b.read(MRS_MIDR_EL1).map_err(|f| f.cause), Err(syndrome::system(MRS_MIDR_EL1)));
}

#[test]
fn el0_sees_what_el1_lets_it() {
    let mut b = Bench::new(Model::CortexA57, 0);
    b.cpu.set(SCTLR_EL1, 0);
    for (word, open) in [(MRS_CTR_EL0, (SCTLR_EL1, sctlr::UCT)), (MRS_PMCCNTR_EL0, (PMUSERENR_EL0, 1))] {
        assert_eq!(b.read(word).map_err(|f| f.cause), Err(syndrome::system(word)));
        b.cpu.set(open.0, open.1);
        assert!(b.read(word).is_ok());
    }
}

#[test]
fn features_decide_which_registers_there_are() {
    assert!(Bench::new(Model::Max, 1).read(MRS_APIAKEYLO_EL1).is_ok());
    assert_eq!(Bench::new(Model::CortexA57, 1).read(MRS_APIAKEYLO_EL1), Err(UNDEFINED));
    let mut b = Bench::new(Model::CortexA57, 1);
    assert_eq!(b.read(MRS_ICC_PMR_EL1), Err(UNDEFINED));
    assert_eq!(b.read(MRS_ID_AA64PFR0_EL1), Ok(0x11));
    b.cpu.set(GIC_REGISTERS, 1);
    assert_eq!(b.read(MRS_ICC_PMR_EL1), Ok(0));
    assert_eq!(b.read(MRS_ID_AA64PFR0_EL1), Ok(0x0100_0011));
}

#[test]
fn a_hypervisor_traps_what_it_says() {
    let mut b = Bench::new(Model::CortexA57, 1);
    b.cpu.set(HCR_EL2, hcr::TID3);
    assert!(b.read(MRS_ID_AA64PFR0_EL1).is_ok(), "there is none");
    b.cpu.set(HAS_EL2, 1);
    let trapped = Err(syndrome::system(MRS_ID_AA64PFR0_EL1) | TO_EL2);
    assert_eq!(b.read(MRS_ID_AA64PFR0_EL1).map_err(|f| f.cause), trapped);
    b.cpu.set(CURRENT_EL, 2);
    assert_eq!(b.read(MRS_ID_AA64PFR0_EL1), Ok(0x111));
}

#[test]
fn a_host_has_its_own_registers_under_the_names_of_el1() {
    let mut b = Bench::new(Model::Max, 2);
    b.write(MSR_VBAR_EL1, 0x1000_0fff).expect("EL2 may");
    assert_eq!((b.cpu.get(VBAR_EL1), b.cpu.get(VBAR_EL2)), (0x1000_0800, 0));
    assert_eq!(b.read(MRS_VBAR_EL12), Err(UNDEFINED));
    b.cpu.set(HCR_EL2, hcr::E2H);
    b.write(MSR_VBAR_EL1, 0x2000_0000).expect("EL2 may");
    assert_eq!(b.cpu.get(VBAR_EL2), 0x2000_0000);
    assert_eq!((b.read(MRS_VBAR_EL1), b.read(MRS_VBAR_EL12)), (Ok(0x2000_0000), Ok(0x1000_0800)));
}

#[test]
fn counts_follow_the_clock() {
    let mut b = Bench::new(Model::CortexA57, 1);
    b.clock.advance_to(100 * NS_PER_TICK);
    b.cpu.set(crate::system::slots::CNTVOFF_EL2, 30);
    assert_eq!(b.read(MRS_CNTVCT_EL0), Ok(70));
    assert!(b.write(MSR_CNTV_TVAL_EL0, 5).is_ok(), "a board without timers");
}

/// Reading what the guest may read changes nothing, and every row that can be
/// written takes any value.
#[test]
fn every_register_can_be_read_and_written() {
    for (model, el) in [(Model::CortexA57, 1), (Model::Max, 2)] {
        let mut b = Bench::new(model, el);
        b.cpu.set(GIC_REGISTERS, 1);
        for row in TABLE {
            let word = 0xd500_0000 | u32::from(row.at.0) << 5;
            let exists = row.at.lowest_level() <= el && model.has(row.features);
            let before = b.cpu.clone();
            let read = b.read(word | 1 << 21);
            assert!(b.cpu == before, "{}", row.name);
            assert_eq!(read.is_ok(), exists && row.rights != Rights::WriteOnly, "{} at EL{el}", row.name);
            let written = b.write(word, 0);
            assert_eq!(written.is_ok(), exists && row.rights != Rights::ReadOnly, "{} at EL{el}", row.name);
            b.cpu.set(CURRENT_EL, el);
        }
    }
}
