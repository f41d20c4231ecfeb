//! Loads and stores to windows of host addresses, in which guest memory is mapped.

use crate::engines::Engines;
use crate::scene::{STEP, Scene, jump, slot, store_word};
use crate::test_guest::map::{RAM, page};
use crate::world::Subject;
use backend::{Exit, MemoryAccess, Thresholds, Tiers};

const MAPPED: Tiers = Tiers::Jit(Thresholds { memory: MemoryAccess::Mapped, ..Thresholds::regions(2) });

/// Adds the word at `from` to `x0`, and stores that at `to`.
fn sum(from: u64, to: u64) -> String {
    format!(
        "v0 = iconst.i64 {from:#x}\nv1 = load.i64 r0 v0\nv2 = get.i64 x0\nv3 = iadd v1, v2\n\
         v4 = iconst.i64 {to:#x}\nstore r0 v4, v3\nset x0, v3\njump 4"
    )
}

/// A loop of one such instruction and a jump.
fn loop_of(from: (u64, u64), to: (u64, u64)) -> (Scene, u64) {
    let mut scene = Scene::new();
    let text = sum(scene.address(from.0, from.1), scene.address(to.0, to.1));
    scene.code(0, 0, &[&text, &jump(-4)]);
    scene.word(4, 8, 3);
    let entry = scene.address(page::CODE_A, 0);
    (scene, entry)
}

fn side_exits(engines: &Engines) -> u64 {
    engines.engine.stats().exits.side_exit
}

#[test]
fn memory_is_reached_without_leaving_once_it_is_mapped() {
    let (scene, entry) = loop_of((page::DATA, 8), (page::DATA, 16));
    let mut engines = scene.engines(MAPPED, 1, entry);
    assert_eq!(engines.run(0, 1000), Exit::Budget);
    let (misses, exits) = (engines.engine.stats().window_misses, side_exits(&engines));
    // The first to be given a window, the next to have the page in it.
    assert!((1..6).contains(&misses), "{misses}");
    assert_eq!(engines.run(0, 100_000), Exit::Budget);
    assert_eq!(engines.engine.stats().window_misses, misses);
    assert!(side_exits(&engines) <= exits + 1, "it ends the slice");
    let sum = slot(&engines, "x0");
    assert_eq!(sum, 3 * (101_000 / 2));
    assert_eq!(engines.world().ram.load(RAM + 4 * bus::PAGE_BYTES + 16, 8), Some(sum));
}

/// Vectors go to windows too, also where an operation reads memory itself.
#[test]
fn vectors_are_reached_without_leaving() {
    let mut scene = Scene::new();
    let (from, to) = (scene.address(page::DATA, 4), scene.address(page::DATA, 0x104));
    let text = format!(
        "v0 = iconst.i64 {from:#x}\nv1 = load.v128 r0 v0\nv2 = get.v128 q0\nv3 = iadd.i32x4 v2, v1\n\
         set q0, v3\nv4 = iconst.i64 {to:#x}\nstore r0 v4, v3\njump 4"
    );
    scene.code(0, 0, &[&text, &jump(-4)]);
    scene.word(4, 4, 3);
    scene.word(4, 16, 5);
    let mut engines = scene.engines(MAPPED, 1, scene.address(page::CODE_A, 0));
    engines.run(0, 100_000);
    assert!((1..6).contains(&engines.engine.stats().window_misses));
    let word = |at| engines.world().ram.load(RAM + 4 * bus::PAGE_BYTES + 0x104 + at, 4);
    assert_eq!([0, 4, 8, 12].map(word), [3 * 50_000, 0, 0, 5 * 50_000].map(Some));
}

/// Each round's store is seen by tier 0, and none of it is lost or done twice.
#[test]
fn what_is_no_memory_is_left_to_others() {
    for to in [(page::ALIAS_A, 0x800), (page::UNCACHED, 8)] {
        let (scene, entry) = loop_of((page::DATA, 8), to);
        let mut soft = scene.engines(Tiers::Interp, 1, entry);
        let mut mapped = scene.engines(MAPPED, 1, entry);
        for budget in [999, 1, 2, 3, 500] {
            assert_eq!(soft.run(0, budget), mapped.run(0, budget));
            assert_eq!(soft.slots(0), mapped.slots(0), "{to:?}");
        }
        assert!(mapped.engine.stats().window_misses > 100);
    }
}

/// A page that comes to hold code is mapped no more to be written.
#[test]
fn code_in_a_mapped_page_is_seen_to_change() {
    let mut scene = Scene::new();
    let step = scene.number(STEP);
    let stores = [scene.address(page::ALIAS_B, 0x100), scene.address(page::ALIAS_B, 0x800)];
    scene.code(0, 0, &[&store_word(stores[1], 5), &store_word(stores[0], step), &jump(-8)]);
    let (entry, behind) = (scene.address(page::CODE_A, 0), scene.address(page::CODE_B, 0x100));
    let mut engines = scene.engines(MAPPED, 1, entry);
    assert_eq!(engines.run(0, 3000), Exit::Budget);
    for _ in 0..5 {
        // What is there now is run, then lost.
        engines.set_slot(0, ir::Slot(0), behind);
        let before = slot(&engines, "x0");
        assert_eq!(engines.run(0, 2), Exit::Firmware);
        assert_eq!(slot(&engines, "x0"), before + 1);
        assert!(engines.world().ram.store(RAM + bus::PAGE_BYTES + 0x100, 4, 0).is_some());
        engines.set_slot(0, ir::Slot(0), entry);
        assert_eq!(engines.run(0, 3000), Exit::Budget);
    }
    assert!(engines.engine.stats().invalidated >= 5);
}

/// A region in which many slices end is compiled once more, for a window.
#[test]
fn what_runs_long_is_mapped_in_the_end() {
    let auto = Tiers::Jit(Thresholds { memory: MemoryAccess::Auto, ..Thresholds::regions(2) });
    let (scene, entry) = loop_of((page::DATA, 8), (page::DATA, 16));
    let mut engines = scene.engines(auto, 1, entry);
    (0..20).for_each(|_| assert_eq!(engines.run(0, 1001), Exit::Budget));
    assert_eq!(engines.engine.stats().window_misses, 0);
    (0..200).for_each(|_| assert_eq!(engines.run(0, 1001), Exit::Budget));
    assert!((1..6).contains(&engines.engine.stats().window_misses));
    assert_eq!(slot(&engines, "x0"), 3 * (220 * 1001 / 2));
}
