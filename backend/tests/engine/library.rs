//! Code that an earlier engine has compiled does what code compiled anew does,
//! and is taken in only where it belongs.

use crate::engines::Engines;
use crate::scene::{STEP, Scene, jump, slot};
use crate::test_guest::map::{RAM, page};
use crate::world::Subject;
use backend::{Exit, Library, Thresholds, Tiers};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Units by what their code starts with and mode, in the order in which they
/// were added.
type Units = HashMap<(u64, u32), Vec<Vec<u8>>>;

/// A library in memory.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Units>>);

impl Library for Shelf {
    fn find(&mut self, start: u64, mode: u32, take: &mut dyn FnMut(&[u8]) -> bool) {
        let units = self.0.lock().expect("nobody panics");
        for unit in units.get(&(start, mode)).into_iter().flatten().rev() {
            if take(unit) {
                break;
            }
        }
    }

    fn add(&mut self, start: u64, mode: u32, unit: &[u8]) {
        let mut units = self.0.lock().expect("nobody panics");
        units.entry((start, mode)).or_default().push(unit.to_vec());
    }
}

const REGIONS: Tiers = Tiers::Jit(Thresholds::regions(3));

/// Adds 0x100 to `x0`.
const STRIDE: &str = "v0 = get.i64 x0\nv1 = iconst.i64 0x100\nv2 = iadd v0, v1\nset x0, v2\njump 4";
/// Goes on at 0x40 bytes from here in every eighth round, with the count in `x1`.
const FORK: &str = "v0 = get.i64 x1\nv1 = iconst.i64 1\nv2 = iadd v0, v1\nset x1, v2\nv3 = iconst.i64 8\n\
                    v4 = urem v2, v3\nv5 = iconst.i64 0\nv6 = icmp.eq v4, v5\nbranch v6, 0x40, 4";

/// A loop with a seldom path, which starts 0x40 bytes behind the loop. `usual`
/// is what is done on the other.
fn fork(usual: &str) -> Scene {
    let mut scene = Scene::new();
    // The same words for the same texts, whatever is used of them.
    for text in [FORK, STEP, STRIDE] {
        scene.number(text);
    }
    scene.code(0, 0, &[FORK, usual, &jump(-8)]);
    scene.code(0, 0x40, &[STEP, STEP, &jump(-0x48)]);
    scene
}

fn with_shelf(scene: &Scene, shelf: &Shelf) -> Engines {
    let mut engines = scene.engines(REGIONS, 1, scene.address(page::CODE_A, 0));
    engines.engine.set_library(Box::new(shelf.clone()));
    engines
}

/// A shelf with what an engine has compiled in 4000 instructions, and what the
/// guest's registers are then.
fn filled(scene: &Scene) -> (Shelf, Vec<u64>) {
    let shelf = Shelf::default();
    let mut engines = with_shelf(scene, &shelf);
    assert_eq!(engines.run(0, 4000), Exit::Budget);
    assert!(engines.engine.stats().tier2.blocks > 0 && engines.engine.stats().units_from_library == 0);
    (shelf, engines.slots(0))
}

#[test]
fn a_second_engine_compiles_nothing() {
    let scene = fork(STEP);
    let (shelf, slots) = filled(&scene);
    let mut engines = with_shelf(&scene, &shelf);
    assert_eq!(engines.run(0, 4000), Exit::Budget);
    let stats = engines.engine.stats();
    assert_eq!((stats.tier2.blocks, engines.slots(0)), (0, slots));
    assert!(stats.units_from_library > 0 && stats.tier0.guest_instructions_run < 100, "{stats:?}");
}

#[test]
fn code_that_differs_is_compiled_anew() {
    let (shelf, _) = filled(&fork(STEP));
    let scene = fork(STRIDE);
    let (_, slots) = filled(&scene);
    let mut engines = with_shelf(&scene, &shelf);
    assert_eq!(engines.run(0, 4000), Exit::Budget);
    let stats = engines.engine.stats();
    assert!(stats.tier2.blocks > 0 && stats.units_from_library == 0, "{stats:?}");
    assert_eq!(engines.slots(0), slots);
    // Now the shelf has both.
    for scene in [fork(STEP), scene] {
        let mut engines = with_shelf(&scene, &shelf);
        engines.run(0, 4000);
        assert_eq!(engines.engine.stats().tier2.blocks, 0);
    }
}

/// Nothing of the seldom path was lifted, but what is taken in has it.
#[test]
fn a_write_where_no_block_was_lifted_counts() {
    let scene = fork(STEP);
    let (shelf, _) = filled(&scene);
    let stride = fork(STEP).number(STRIDE).to_le_bytes();
    for first in [1, 100, 4000] {
        let mut engines = with_shelf(&scene, &shelf);
        let mut plain = scene.engines(Tiers::Interp, 1, scene.address(page::CODE_A, 0));
        for engines in [&mut engines, &mut plain] {
            engines.run(0, first);
            assert!(engines.world().ram.write(RAM + 0x44, &stride));
            engines.run(0, 8000);
        }
        assert_eq!(engines.slots(0), plain.slots(0));
        assert!(slot(&engines, "x0") > 0x100 && engines.engine.stats().units_from_library > 0);
    }
}

/// Units come back after all code was dropped.
#[test]
fn a_full_arena_is_filled_again() {
    let scene = fork(STEP);
    let (shelf, slots) = filled(&scene);
    let mut engines = with_shelf(&scene, &shelf);
    engines.engine.limit(2, 0);
    for _ in 0..40 {
        engines.run(0, 100);
    }
    assert_eq!(engines.slots(0), slots);
}

#[test]
fn what_is_no_unit_is_left_alone() {
    let scene = fork(STEP);
    let (shelf, slots) = filled(&scene);
    for units in shelf.0.lock().expect("nobody panics").values_mut() {
        units.iter_mut().for_each(|unit| unit.truncate(unit.len() - 1));
        units.push(Vec::new());
    }
    let mut engines = with_shelf(&scene, &shelf);
    engines.run(0, 4000);
    assert_eq!((engines.engine.stats().units_from_library, engines.slots(0)), (0, slots));
}
