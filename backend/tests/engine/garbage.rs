//! CPUs in states that no program leads to.

use crate::engines::Engines;
use crate::program::programs;
use crate::reference::Reference;
use crate::scene::TIERS;
use crate::test_guest::state::{START, mix};
use crate::world::Subject;
use ir::Slot;
use proptest::prelude::*;
use std::sync::atomic::Ordering;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in the slots, pc and mode among them: nothing panics, and
    /// engines do what the reference does.
    #[test]
    fn any_state_runs(program in programs(), seed in any::<u64>(), pc in proptest::option::of(any::<u64>())) {
        let (guest, image) = (program.guest(), program.image());
        let mut reference = Reference::new(&guest, &image, 1, 0);
        scramble(&mut reference, seed, pc.unwrap_or(program.entry()));
        let expected = observe(&mut reference);
        for tiers in TIERS {
            let mut engines = Engines::new(&guest, &image, 1, 0, tiers);
            scramble(&mut engines, seed, pc.unwrap_or(program.entry()));
            prop_assert_eq!(&observe(&mut engines), &expected, "{:?}", tiers);
        }
    }
}

/// Fills all slots; where the map starts is no state of the architecture.
fn scramble(subject: &mut dyn Subject, seed: u64, pc: u64) {
    let layout = crate::test_guest::state::spec().layout;
    for (index, info) in layout.slots().iter().enumerate() {
        if Slot(index as u16) != START {
            subject.set_slot(0, Slot(index as u16), mix(seed, index as u64) & info.ty.mask());
        }
    }
    subject.set_slot(0, layout.pc(), pc);
}

fn observe(subject: &mut dyn Subject) -> (Vec<backend::Exit>, Vec<u64>, u64) {
    let exits = [0, 1, 50, 900].map(|budget| {
        let exit = subject.run(0, budget);
        subject.world().stop.store(false, Ordering::Relaxed);
        exit
    });
    (exits.to_vec(), subject.slots(0), subject.instructions(0))
}
