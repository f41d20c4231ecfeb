//! Random programs for the test guest, and what happens between their slices.

use crate::test_guest::map::{RAM, RAM_PAGES};
use crate::test_guest::state::{MAP, mix};
use crate::test_guest::{ACKNOWLEDGE, BYTES, Instruction, RETURN, TestGuest};
use crate::world::Subject;
use bus::PAGE_BYTES;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt;
use std::sync::Arc;

/// A program and how it is run. All numbers but seeds are cut to their range,
/// so that they shrink to the simplest.
#[derive(Clone, Debug)]
pub struct Program {
    /// What instructions are made from.
    tapes: Vec<OneLine<u8>>,
    /// Numbers of instructions; they are repeated until all code pages are full.
    code: OneLine<u16>,
    /// Where the map starts; see [`STARTS`].
    start: usize,
    /// Translation regimes in use, 1 to 8.
    regimes: usize,
    /// The number of the word at which CPUs start.
    entry: u64,
    /// Fills registers and data.
    seed: u64,
    pub cpus: usize,
    pub steps: Vec<Step>,
}

/// Numbers that a failed test prints in one line.
#[derive(Clone)]
struct OneLine<T>(Vec<T>);

impl<T: fmt::Debug> fmt::Debug for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{:?}", self.0))
    }
}

/// One slice.
#[derive(Clone, Copy)]
pub struct Step {
    pub cpu: usize,
    pub budget: u64,
    /// What happens before.
    pub before: Before,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CPU {}, {} instructions, before: ", self.cpu, self.budget)?;
        f.write_str(&format!("{:?}", self.before))
    }
}

/// What may happen between slices.
#[derive(Clone, Copy, Debug)]
pub enum Before {
    Nothing,
    DropReservation,
    /// The CPU's line changes.
    Line(bool),
    /// A register is written.
    Register(u16, u64),
    /// A device writes a word of RAM: its number, and what.
    Dma(u64, u32),
}

/// Where the map may start: somewhere, and so that the code pages lie across
/// the end of the address space.
const STARTS: [u64; 3] = [0x40_0000, 0_u64.wrapping_sub(PAGE_BYTES), 0_u64.wrapping_sub(2 * PAGE_BYTES)];

/// Any program.
pub fn programs() -> impl Strategy<Value = Program> {
    let tapes = vec(vec(any::<u8>(), 0..24).prop_map(OneLine), 1..40);
    let code = vec(any::<u16>(), 1..80).prop_map(OneLine);
    let shape = (0..STARTS.len(), 1..=4_usize, 0..2048_u64, any::<u64>(), 1..=2_usize);
    (tapes, code, shape, vec(steps(), 1..16)).prop_map(|(tapes, code, shape, steps)| {
        let (start, regimes, entry, seed, cpus) = shape;
        Program { tapes, code, start, regimes, entry, seed, cpus, steps }
    })
}

fn steps() -> impl Strategy<Value = Step> {
    // Near a slice's end an engine runs no compiled code.
    let budget = prop_oneof![1 => 0..8_u64, 1 => 0..100_u64, 2 => 0..2000_u64, 2 => 400..1500_u64];
    let before = prop_oneof![
        4 => Just(Before::Nothing),
        1 => Just(Before::DropReservation),
        1 => any::<bool>().prop_map(Before::Line),
        1 => (2..6_u16, any::<u64>()).prop_map(|(slot, value)| Before::Register(slot, value)),
        1 => (0..2048_u64, any::<u32>()).prop_map(|(word, value)| Before::Dma(word, value)),
    ];
    (0..2_usize, budget, before).prop_map(|(cpu, budget, before)| Step { cpu, budget, before })
}

impl Program {
    /// The guest with the program's instructions.
    pub fn guest(&self) -> Arc<TestGuest> {
        Arc::new(TestGuest::new(STARTS[self.start], |spec| {
            self.tapes
                .iter()
                .map(|tape| Instruction::random(&tape.0, self.regimes, STARTS[self.start], spec))
                .collect()
        }))
    }

    /// Where CPUs start.
    pub fn entry(&self) -> u64 {
        STARTS[self.start].wrapping_add(self.entry * BYTES)
    }

    /// The contents of RAM: code, the fault handler, data.
    pub fn image(&self) -> Vec<u8> {
        let page_words = PAGE_BYTES / BYTES;
        let code = |index: u64| u32::from(self.code.0[index as usize % self.code.0.len()]);
        let words = (0..RAM_PAGES * page_words).map(|index| match (index / page_words, index % page_words) {
            (3, 0) => ACKNOWLEDGE,
            (3, 1) => RETURN,
            // Page B's other self differs.
            (2, _) => code(index + 1),
            (0..=3, _) => code(index),
            _ => mix(self.seed, index) as u32,
        });
        words.flat_map(u32::to_le_bytes).collect()
    }

    /// Fills the registers, and has pages lie elsewhere in each address space.
    pub fn prepare(&self, subject: &mut dyn Subject) {
        let layout = ir::testing::spec().layout;
        for (index, slot) in layout.slots().iter().enumerate().skip(ir::testing::BASE.index() + 1) {
            let value = mix(self.seed, !(index as u64)) & slot.ty.mask();
            (0..self.cpus).for_each(|cpu| subject.set_slot(cpu, ir::Slot(index as u16), value));
        }
        (0..self.cpus).for_each(|cpu| subject.set_slot(cpu, MAP, self.seed & 0xffff));
    }
}

impl Before {
    /// Makes it happen.
    pub fn happen(self, subject: &mut dyn Subject, cpu: usize) {
        match self {
            Before::Nothing => (),
            Before::DropReservation => subject.drop_reservation(cpu),
            Before::Line(level) => subject.world().drive(cpu, level),
            Before::Register(slot, value) => subject.set_slot(cpu, ir::Slot(slot), value),
            Before::Dma(word, value) => {
                let at = RAM + word * BYTES;
                subject.world().space.dma().write(at, &value.to_le_bytes()).expect("RAM is there");
            }
        }
    }
}
