//! Maintenance of caches and TLBs, and address translation instructions: the
//! `sys` encodings.
//!
//! Caches are coherent with memory and with fetches, so that all that is left of
//! their maintenance are its traps and faults.
//!
//! Source: Arm ARM, C5.3 (cache maintenance), C5.4 (AT), C5.5 (TLBI).

use guest::{Access, CpuState, Env, Fault, Helper};
use ir::{Effects, HelperDecl, HelperId, SlotSet};

use super::registers::{Encoding, Refusal, gate};
use super::slots::{HAS_EL2, PAR_EL1};
use super::syndrome::{MAINTENANCE, WRITE, status};
use crate::fields::{hcr, sctlr};
use crate::mmu::{Failure, Mapping, Walker, flush};
use crate::state::{CURRENT_EL, HCR_EL2, PAN, regime};
use crate::{Lift, Op, helpers};

const SYS: HelperId = helpers::id("sys");
const CACHE: HelperId = helpers::id("cache_maintenance");

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[
    Helper {
        decl: HelperDecl {
            name: "sys",
            args: 2,
            returns: false,
            reads: SlotSet::All,
            writes: SlotSet::These(&[PAR_EL1]),
            effects: Effects::FAULT.union(Effects::CONTROL),
            inline: &[],
        },
        run: sys_helper,
    },
    Helper {
        decl: HelperDecl {
            name: "cache_maintenance",
            args: 2,
            returns: false,
            reads: SlotSet::All,
            writes: SlotSet::NONE,
            effects: Effects::FAULT.union(Effects::OBSERVE),
            inline: &[],
        },
        run: cache_helper,
    },
];

/// What a `sys` encoding does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    /// Instruction cache, all of it.
    InstructionsAll,
    /// Cache maintenance by set and way.
    SetWay,
    /// Cache maintenance by address: to the point of coherency or beyond (true),
    /// or of unification (false).
    Address { coherency: bool, el0: bool },
    /// Address translation in a regime, for an access.
    Translate { regime: Whose, write: bool, both_stages: bool },
    /// TLB maintenance of EL1&0.
    Tlb { which: flush::Which, shared: bool },
    /// TLB maintenance that EL2 alone can do; all is forgotten.
    TlbOfEl2 { which: flush::Which, shared: bool },
}

/// In whose place an address is translated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whose {
    El1,
    El1WithPan,
    El0,
    El2,
}

/// What an encoding does; `None` if it is unallocated.
fn action(at: Encoding) -> Option<Action> {
    match at.crn() {
        7 => cache_action(at).or_else(|| translate_action(at)),
        8 => tlb_action(at),
        _ => None,
    }
}

fn cache_action(at: Encoding) -> Option<Action> {
    let address = |coherency, el0| Some(Action::Address { coherency, el0 });
    match (at.op1(), at.crm(), at.op2()) {
        (0, 1 | 5, 0) => Some(Action::InstructionsAll),
        (0, 6 | 10 | 14, 2) => Some(Action::SetWay),
        (0, 6, 1) => address(true, false),
        (3, 5, 1) | (3, 11, 1) => address(false, true),
        (3, 10 | 12 | 14, 1) => address(true, true),
        _ => None,
    }
}

fn translate_action(at: Encoding) -> Option<Action> {
    let (regime, both_stages) = match (at.op1(), at.crm(), at.op2()) {
        (0, 8, 0 | 1) => (Whose::El1, false),
        (0, 8, 2 | 3) => (Whose::El0, false),
        (0, 9, 0 | 1) => (Whose::El1WithPan, false),
        (4, 8, 0 | 1) => (Whose::El2, false),
        (4, 8, 4 | 5) => (Whose::El1, true),
        (4, 8, 6 | 7) => (Whose::El0, true),
        _ => return None,
    };
    Some(Action::Translate { regime, write: at.op2() & 1 != 0, both_stages })
}

fn tlb_action(at: Encoding) -> Option<Action> {
    use flush::Which;
    let shared = match at.crm() {
        0 | 3 => true,
        4 | 7 => false,
        _ => return None,
    };
    let by_intermediate = at.crm() == 0 || at.crm() == 4;
    match (at.op1(), by_intermediate, at.op2()) {
        (0, false, 0) => Some(Action::Tlb { which: Which::All, shared }),
        (0, false, 1 | 5) => Some(Action::Tlb { which: Which::Page, shared }),
        (0, false, 2) => Some(Action::Tlb { which: Which::Asid, shared }),
        (0, false, 3 | 7) => Some(Action::Tlb { which: Which::PageAllAsids, shared }),
        (4, false, 0 | 4 | 6) => Some(Action::TlbOfEl2 { which: Which::All, shared }),
        (4, false, 1 | 5) => Some(Action::TlbOfEl2 { which: Which::Page, shared }),
        (4, true, 1 | 5) => Some(Action::TlbOfEl2 { which: Which::All, shared }),
        _ => None,
    }
}

/// C6.2.417: whatever the encoding stands for.
pub fn sys(l: &mut Lift, op: Op) {
    let at = Encoding::of(op.0);
    let Some(action) = action(at) else { return l.undefined() };
    let el0 = matches!(action, Action::Address { el0: true, .. });
    let of_el2 = at.op1() == 4;
    if l.mode.el() == 0 && !el0 || l.mode.el() < 2 && of_el2 {
        return l.undefined();
    }
    let (word, operand) = (l.i64(u64::from(l.word)), l.x(op.rt()));
    let helper = match action {
        Action::Address { .. } | Action::SetWay | Action::InstructionsAll => CACHE,
        _ => SYS,
    };
    l.call(helper, &[word, operand]);
}

/// The bits of HCR_EL2 that trap an action below EL2.
fn trapping(action: Action) -> u64 {
    match action {
        Action::InstructionsAll | Action::Address { coherency: false, .. } => hcr::TPU,
        Action::SetWay => hcr::TSW,
        Action::Address { coherency: true, .. } => hcr::TPC,
        Action::Tlb { shared: true, .. } => hcr::TTLB | hcr::TTLBIS,
        Action::Tlb { shared: false, .. } => hcr::TTLB,
        Action::Translate { .. } | Action::TlbOfEl2 { .. } => 0,
    }
}

/// The action of an instruction, if it may be done now.
fn allowed(cpu: &CpuState, word: u64) -> Result<Action, Fault> {
    let refused = |refusal: Refusal| refusal.fault(word as u32);
    let action = action(Encoding::of(word as u32)).ok_or_else(|| refused(Refusal::Undefined))?;
    let (el, hcr) = (cpu.get(CURRENT_EL), cpu.get(HCR_EL2));
    if el == 0 && gate::control_of_el0(cpu) & sctlr::UCI == 0 {
        return Err(refused(Refusal::Trap));
    }
    if el < 2 && cpu.get(HAS_EL2) != 0 && hcr & trapping(action) != 0 {
        return Err(refused(Refusal::Hypervisor));
    }
    Ok(action)
}

/// Caches: an address has to be mapped (C5.3), the rest is nothing.
fn cache_helper(env: &mut Env<'_>, [word, operand, ..]: [u64; 4]) -> Result<u64, Fault> {
    let action = allowed(env.cpu, word)?;
    if matches!(action, Action::Address { .. }) {
        let number = present_regime(env.cpu);
        let walker =
            Walker { cpu: env.cpu, space: env.space, at: operand, access: Access::Load, marks: true };
        if let Err(failure) = walker.translate(number) {
            // Faults of maintenance are those of writes (D24.2.41, WnR).
            let cause = failure.fault.cause | MAINTENANCE | super::syndrome::WRITE;
            return Err(Fault { cause, ..failure.fault });
        }
    }
    Ok(0)
}

/// The regime of loads now.
fn present_regime(cpu: &CpuState) -> u8 {
    crate::state::Mode::of(cpu).data_regime()
}

fn sys_helper(env: &mut Env<'_>, [word, operand, ..]: [u64; 4]) -> Result<u64, Fault> {
    match allowed(env.cpu, word)? {
        Action::Translate { regime, write, both_stages } => {
            let number = regime_of(env.cpu, regime);
            let access = if write { Access::Store } else { Access::Load };
            translate(env, operand, number, access, both_stages)?;
        }
        Action::Tlb { which, shared } => {
            let host = flush::acts_on_host(env.cpu);
            forget(env, flush::of(env.cpu, which, operand, host), shared);
        }
        Action::TlbOfEl2 { which, shared } => {
            let flush = flush::of(env.cpu, which, operand, true);
            forget(env, flush, shared);
        }
        Action::InstructionsAll | Action::SetWay | Action::Address { .. } => (),
    }
    Ok(0)
}

/// TLBI: with IS in its name, on all CPUs. HCR_EL2.FB makes every one so.
fn forget(env: &mut Env<'_>, flush: guest::Flush, shared: bool) {
    env.requests.flush = Some(flush);
    env.requests.flush_everywhere = shared || env.cpu.get(HCR_EL2) & hcr::FB != 0;
}

/// The regime that an AT instruction names (C5.4): EL1's names are EL2's for a
/// host.
fn regime_of(cpu: &CpuState, whose: Whose) -> u8 {
    let host = flush::acts_on_host(cpu);
    let e2h = cpu.get(HCR_EL2) & hcr::E2H != 0;
    let pan = cpu.get(PAN) != 0;
    match (whose, host) {
        (Whose::El1, false) => regime::EL10,
        (Whose::El1, true) => regime::EL20,
        (Whose::El1WithPan, false) => {
            if pan {
                regime::EL10_PAN
            } else {
                regime::EL10
            }
        }
        (Whose::El1WithPan, true) => {
            if pan {
                regime::EL20_PAN
            } else {
                regime::EL20
            }
        }
        (Whose::El0, false) => regime::EL10_USER,
        (Whose::El0, true) => regime::EL20_USER,
        (Whose::El2, _) => {
            if e2h {
                regime::EL20
            } else {
                regime::EL2
            }
        }
    }
}

/// AT: PAR_EL1 tells where an access would go (D24.2.129).
///
/// # Errors
/// The abort of a walk whose tables nothing answers for.
fn translate(env: &mut Env<'_>, at: u64, regime: u8, access: Access, both_stages: bool) -> Result<(), Fault> {
    const SUCCESS: u64 = 1 << 11;
    const NON_SECURE: u64 = 1 << 9;
    const OUTER: u8 = 2;
    const ADDRESS: u64 = ((1 << 52) - 1) & !0xfff;
    let walker = Walker { cpu: env.cpu, space: env.space, at, access, marks: true };
    let found = if both_stages {
        walker.translate(regime).map(|found| (found.phys, found.first))
    } else {
        walker.first_stage(regime).map(|first| (first.out, first))
    };
    let result = match found {
        Ok((phys, Mapping { attributes, shareability, .. })) => {
            // Device memory, and Normal memory that is not cached, is outer shareable.
            let shareability = if is_cached(attributes) { shareability } else { OUTER };
            let attributes = u64::from(attributes) << 56 | u64::from(shareability) << 7;
            phys & ADDRESS | attributes | SUCCESS | NON_SECURE
        }
        Err(Failure { fault, .. }) if status::is_external_on_walk(fault.cause & 0x3f) => {
            return Err(Fault { cause: fault.cause | MAINTENANCE | WRITE, ..fault });
        }
        Err(failure) => {
            let stage2 = u64::from(failure.intermediate.is_some()) << 9;
            let on_walk = u64::from(failure.fault.cause & super::syndrome::STAGE_1_WALK != 0) << 8;
            1 | (failure.fault.cause & 0x3f) << 1 | on_walk | stage2 | SUCCESS
        }
    };
    env.cpu.set(PAR_EL1, result);
    Ok(())
}

/// Whether memory with attributes as MAIR_ELx has them is Normal memory that caches hold.
const fn is_cached(attributes: u8) -> bool {
    const NON_CACHEABLE: u8 = 0x44;
    attributes & 0xf0 != 0 && attributes != NON_CACHEABLE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;
    use crate::fields::{ec, tcr};
    use crate::state::SCTLR_EL1;
    use crate::system::slots::{TCR_EL1, TTBR0_EL1};
    use crate::system::syndrome::class_of;
    use bus::{AddressSpace, Clock, Ram};
    use guest::{Flush, Requests};
    use std::sync::Arc;

    const RAM: u64 = 0x4000_0000;
    const AT_S1E1R: u64 = 0xd508_7800;
    const AT_S1E0W: u64 = 0xd508_7860;
    const DC_CVAU: u64 = 0xd50b_7b20;
    const DC_CISW: u64 = 0xd508_7e40;
    const IC_IALLUIS: u64 = 0xd508_7100;
    const TLBI_VMALLE1: u64 = 0xd508_8700;
    const TLBI_VALE1IS: u64 = 0xd508_83a0;
    const TLBI_ASIDE1IS: u64 = 0xd508_8340;

    /// A CPU whose gigabyte from 0x4000_0000 is mapped to itself at 0, for EL1
    /// alone.
    fn bench() -> (CpuState, AddressSpace) {
        let ram = Arc::new(Ram::new(RAM, 0x1_0000).expect("a small mapping"));
        ram.store(RAM, 8, RAM | 1 << 10 | 1).expect("inside");
        let mut space = AddressSpace::default();
        space.add_ram("ram", ram);
        let mut cpu = CpuState::default();
        crate::system::reset(&mut cpu, Model::Max, 0);
        cpu.set(TTBR0_EL1, RAM);
        cpu.set(TCR_EL1, 25 | 25 << tcr::T1SZ_SHIFT | 5 << tcr::IPS_SHIFT | tcr::AS);
        cpu.set(SCTLR_EL1, sctlr::M | sctlr::UCI);
        (cpu, space)
    }

    type Run = fn(&mut Env<'_>, [u64; 4]) -> Result<u64, Fault>;

    fn run(helper: Run, cpu: &mut CpuState, space: &AddressSpace, args: [u64; 2]) -> Result<Requests, Fault> {
        let clock = Clock::counted();
        let mut env = Env { cpu, space, clock: &clock, instructions: 0, requests: Requests::default() };
        helper(&mut env, [args[0], args[1], 0, 0])?;
        Ok(env.requests)
    }

    #[test]
    fn translations_are_told_without_a_fault() {
        let (mut cpu, space) = bench();
        run(sys_helper, &mut cpu, &space, [AT_S1E1R, 0x12_3456]).expect("it never faults");
        assert_eq!(cpu.get(PAR_EL1), (RAM | 0x12_3000) | 0xa00 | 2 << 7, "Device, so outer shareable");
        run(sys_helper, &mut cpu, &space, [AT_S1E0W, 0x12_3456]).expect("it never faults");
        assert_eq!(cpu.get(PAR_EL1), 1 | 0xd << 1 | 1 << 11, "permission, level 1");
        run(sys_helper, &mut cpu, &space, [AT_S1E1R, 0x4012_3456]).expect("it never faults");
        assert_eq!(cpu.get(PAR_EL1), 1 | 5 << 1 | 1 << 11, "translation, level 1");
    }

    #[test]
    fn caches_ask_for_a_mapping_and_for_leave() {
        let (mut cpu, space) = bench();
        assert!(run(cache_helper, &mut cpu, &space, [DC_CVAU, 0x5000]).is_ok());
        let fault = run(cache_helper, &mut cpu, &space, [DC_CVAU, 0x4000_0000]).expect_err("unmapped");
        assert_eq!((class_of(fault.cause), fault.cause & 0x1ff), (ec::DATA_ABORT_LOWER, 0x145));
        assert_eq!(fault.value, 0x4000_0000);
        for word in [IC_IALLUIS, DC_CISW] {
            assert!(run(cache_helper, &mut cpu, &space, [word, 0]).is_ok());
        }
        cpu.set(CURRENT_EL, 0);
        cpu.set(SCTLR_EL1, sctlr::M);
        let fault = run(cache_helper, &mut cpu, &space, [DC_CVAU, 0x5000]).expect_err("without UCI");
        assert_eq!(fault.cause, super::super::syndrome::system(DC_CVAU as u32));
        cpu.set(CURRENT_EL, 1);
        cpu.set(HAS_EL2, 1);
        cpu.set(HCR_EL2, hcr::TSW);
        assert!(run(cache_helper, &mut cpu, &space, [DC_CISW, 0]).is_err());
    }

    #[test]
    fn tlb_maintenance_is_of_one_cpu_or_of_all() {
        let (mut cpu, space) = bench();
        let mut asked = |word, operand| run(sys_helper, &mut cpu, &space, [word, operand]).expect("EL1 may");
        let all = asked(TLBI_VMALLE1, 0);
        assert_eq!((all.flush, all.flush_everywhere), (Some(Flush::ALL), false));
        let page = asked(TLBI_VALE1IS, 7 << 48 | 0x1234);
        assert_eq!(page.flush, Some(Flush { page: Some(0x123_4000), space: None }));
        assert!(page.flush_everywhere);
        assert_eq!(asked(TLBI_ASIDE1IS, 7 << 48).flush, Some(Flush { page: None, space: Some(7) }));
    }

    #[test]
    fn unallocated_encodings_are_nothing() {
        for (op1, crm, op2) in [(0, 3, 4), (0, 7, 6), (1, 7, 0), (4, 7, 2), (0, 2, 0)] {
            assert_eq!(action(Encoding::new(1, op1, 8, crm, op2)), None);
        }
        assert_eq!(action(Encoding::new(1, 3, 7, 4, 3)), None);
    }
}
