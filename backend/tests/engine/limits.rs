//! An engine that has room for little does the same.

use crate::engines::Engines;
use crate::scene::{Scene, slot_of};
use crate::test_guest::map::page;
use crate::world::Subject;
use backend::{Exit, Thresholds, Tiers};

/// Two CPUs go round 20 blocks each, in other pages; each block adds its number
/// to `x0`.
fn rounds() -> Scene {
    let mut scene = Scene::new();
    for number in 0..20 {
        let next = if number == 19 { -19 * 8 - 4 } else { 4 };
        let add = format!("v0 = get.i64 x0\nv1 = iconst.i64 {number}\nv2 = iadd v0, v1\nset x0, v2\njump 4");
        // A branch ends a block even where it goes on.
        let branch = format!("v0 = iconst.i8 1\nbranch v0, {:#x}, {:#x}", next as u64, next as u64);
        scene.code(0, 8 * number, &[&add, &branch]);
        scene.code(1, 8 * number, &[&add, &branch]);
    }
    scene
}

fn go_round(engines: &mut Engines, scene: &Scene) {
    for cpu in 0..2 {
        engines.set_slot(cpu, ir::Slot(0), scene.address(page::CODE_A + cpu as u64, 0));
    }
    let before = [0, 1].map(|cpu| slot_of(engines, cpu, "x0"));
    for slice in 1..=4 {
        for (cpu, before) in before.iter().enumerate() {
            assert_eq!(engines.run(cpu, 25 * 40), Exit::Budget);
            assert_eq!(slot_of(engines, cpu, "x0"), before + 25 * 190 * slice);
        }
    }
}

#[test]
fn dropping_all_blocks_goes_unnoticed() {
    let scene = rounds();
    for blocks in [7, 39] {
        scene.each_with(2, scene.address(page::CODE_A, 0), |engines| {
            engines.engine.limit(blocks, usize::MAX);
            go_round(engines, &scene);
            let made = engines.engine.stats().tier0.blocks;
            assert!(made > 40, "only {made} blocks were made: none can have been dropped");
        });
    }
}

#[test]
fn dropping_old_code_goes_unnoticed() {
    let scene = rounds();
    scene.each_with(2, scene.address(page::CODE_A, 0), |engines| {
        engines.engine.limit(usize::MAX, 0);
        go_round(engines, &scene);
    });
    let late = |code_bytes| {
        let tiers = Tiers::Jit(Thresholds::regions(3));
        let mut engines = scene.engines(tiers, 2, scene.address(page::CODE_A, 0));
        engines.engine.limit(usize::MAX, code_bytes);
        let compiled = [(); 2].map(|()| {
            go_round(&mut engines, &scene);
            engines.engine.stats().tier2.blocks
        });
        (compiled[1] - compiled[0], engines.engine.stats().code_parts_emptied)
    };
    assert_eq!(late(usize::MAX), (0, 0), "all is compiled by then");
    let (again, emptied) = late(0);
    assert!(again > 0 && emptied > 0, "what was dropped is compiled again");
}
