//! Lifts of System instructions, in every mode.

use super::*;
use crate::Aarch64;
use crate::fields::hcr;
use crate::state::{HCR_EL2, Mode, PC};
use crate::system::registers::TABLE;
use guest::{Fault, Fetch, Guest};
use ir::{Block, BlockKey, Inst, Leave, Terminator};

/// The same word everywhere.
struct Everywhere(u32);

impl Fetch for Everywhere {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        Ok((self.0 >> (8 * (at & 2))) as u16)
    }
}

fn mode(el: u64, changes: &[(ir::Slot, u64)]) -> u32 {
    let mut cpu = CpuState::default();
    reset(&mut cpu, Model::Max, 0);
    cpu.set(slots::HAS_EL2, 1);
    cpu.set(CURRENT_EL, el);
    for (slot, value) in changes {
        cpu.set(*slot, *value);
    }
    cpu.set(PC, 0);
    Mode::of(&cpu).0
}

fn lift(word: u32, mode: u32) -> Block {
    let guest = Aarch64::new(Model::Max);
    let key = BlockKey { pc: 0, mode };
    let block = guest.lift(key, &mut Everywhere(word), 1).expect("code is everywhere");
    ir::verify(&block, guest.spec()).unwrap_or_else(|error| panic!("{word:#010x} in {mode:#x}: {error}"));
    block
}

/// EL0, EL1, EL1 under a hypervisor that traps, EL1 of a virtual machine, EL2,
/// EL2 as a host.
fn modes() -> [u32; 5] {
    [
        mode(0, &[]),
        mode(1, &[]),
        mode(1, &[(HCR_EL2, hcr::TVM | hcr::TGE)]),
        mode(2, &[]),
        mode(2, &[(HCR_EL2, hcr::E2H)]),
    ]
}

#[test]
fn every_encoding_lifts_to_a_valid_block() {
    for mode in modes() {
        for row in TABLE {
            for direction in [0, 1 << 21] {
                for register in [3, 31] {
                    lift(0xd500_0000 | direction | u32::from(row.at.0) << 5 | register, mode);
                }
            }
        }
        // MSR (immediate), SYS and SYSL, some of each.
        for bits in (0..1 << 15).step_by(37) {
            lift(0xd500_0000 | bits << 5 | 31, mode);
            lift(0xd520_0000 | bits << 5 | 2, mode);
        }
        for word in [0xd69f_03e0, 0xd6bf_03e0, 0xd503_205f, 0xd503_207f] {
            lift(word, mode);
        }
    }
}

fn calls(block: &Block) -> usize {
    block.insts.iter().filter(|inst| matches!(inst, Inst::Call { .. })).count()
}

/// What kernels do at each exception costs no call, unless EL2 looks on.
#[test]
fn plain_registers_need_no_helper() {
    // mrs x0, sp_el0; msr tpidr_el1, x0; mrs x0, esr_el1; msr elr_el1, x0; mrs x0, daif.
    for word in [0xd538_4100, 0xd518_d080, 0xd538_5200, 0xd518_4020, 0xd53b_4220] {
        let block = lift(word, mode(1, &[]));
        assert_eq!(calls(&block), 0, "{word:#010x}");
        assert!(matches!(block.terminator, Terminator::Jump { .. }), "{word:#010x}");
    }
    let trapped = lift(0xd538_5200, mode(1, &[(HCR_EL2, hcr::TRVM)]));
    assert_eq!(calls(&trapped), 1);
    // mrs x0, tpidr_el0 by a program of a host.
    let host = mode(0, &[(HCR_EL2, hcr::E2H | hcr::TGE)]);
    assert_eq!(calls(&lift(0xd53b_d040, host)), 0);
    // msr ttbr0_el1, x0 is another address space.
    let block = lift(0xd518_2000, mode(1, &[]));
    assert_eq!(calls(&block), 0);
    assert!(matches!(block.terminator, Terminator::Leave { reason: Leave::Resume, .. }));
}

#[test]
fn a_stepped_instruction_is_alone_and_the_next_is_an_exception() {
    let step = |ss: u64| mode(0, &[(slots::OS_LOCK, 0), (slots::MDSCR_EL1, 1), (slots::SS, ss)]);
    let guest = Aarch64::new(Model::Max);
    let key = BlockKey { pc: 0, mode: step(1 << 21) };
    // A branch to itself.
    let block = guest.lift(key, &mut Everywhere(0x1400_0000), 10).expect("code is everywhere");
    assert_eq!(block.insns, 1);
    assert!(matches!(block.terminator, Terminator::Leave { reason: Leave::Resume, .. }));
    assert!(block.insts.iter().any(|inst| matches!(inst, Inst::Set { slot, .. } if *slot == slots::SS)));
    let Terminator::Trap { cause, .. } = lift(0xd503_201f, step(0)).terminator else {
        panic!("it has been stepped")
    };
    assert_eq!(cause >> 26, 0x32);
}
