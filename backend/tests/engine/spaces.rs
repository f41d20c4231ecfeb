//! Address spaces: what is learnt in one says nothing of another, and is still
//! there when it comes again.

use crate::engines::Engines;
use crate::scene::{STEP, Scene, slot};
use crate::test_guest::map::{MOVES_CODE, MOVES_DATA, MOVES_GLOBAL, MOVES_LARGE, map_shift, page};
use crate::test_guest::state::{MAP, SPACE};
use crate::world::Subject;
use backend::Exit;
use bus::PAGE_BYTES;

/// Adds 0x100 to `x0`.
const STRIDE: &str = "v0 = get.i64 x0\nv1 = iconst.i64 0x100\nv2 = iadd v0, v1\nset x0, v2\njump 4";
/// Moves pages as `x1` says, and flushes those alone.
const SET_MAP: &str = "v0 = get.i64 x1\nv1 = iconst.i64 0\ncall set_map v0\nleave resume, v1";
/// Goes to the address space in `x1`.
const SET_SPACE: &str = "v0 = get.i64 x1\nv1 = iconst.i64 0\ncall set_space v0\nleave resume, v1";

/// Loads the word at an address into `x2`.
fn load(at: u64) -> String {
    format!("v0 = iconst.i64 {at:#x}\nv1 = load.i64 r0 v0\nset x2, v1\njump 4")
}

/// Where the instructions above are, in the handler's page.
const MAP_AT: u64 = 0x100;
const SPACE_AT: u64 = 0x200;

/// A scene with them, and each page of RAM starting with its own number.
fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.code(3, MAP_AT, &[SET_MAP]);
    scene.code(3, SPACE_AT, &[SET_SPACE]);
    (4..8).for_each(|number| scene.word(number, 0, number as u32));
    scene
}

fn run_from(engines: &mut Engines, entry: u64) {
    engines.set_slot(0, ir::Slot(0), entry);
    assert_eq!(engines.run(0, 1000), Exit::Firmware);
}

/// Runs the instruction at `offset` of the handler's page with `x1`.
fn with_x1(engines: &mut Engines, scene: &Scene, offset: u64, value: u64) {
    let x1 = engines.spec().layout.by_name("x1").expect("it is there");
    engines.set_slot(0, x1, value);
    run_from(engines, scene.address(page::HANDLER, offset));
}

/// Each space sees its own page, whichever was there before.
#[test]
fn spaces_see_their_own_pages() {
    let cases = [(page::DATA, MOVES_DATA, 4, 5), (page::LARGE + 1, MOVES_LARGE, 5, 7)];
    for (number, moves, here, there) in cases {
        let mut scene = scene();
        let at = scene.address(number, 0);
        scene.code(0, 0, &[&load(at)]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            engines.set_slot(0, MAP, moves << map_shift(2));
            for _ in 0..5 {
                for (space, expected) in [(0, here), (2, there), (1, here)] {
                    with_x1(engines, &scene, SPACE_AT, space);
                    (0..3).for_each(|_| run_from(engines, entry));
                    assert_eq!((slot(engines, "x2"), slot(engines, "space")), (expected, space));
                }
            }
        });
    }
}

/// The same for code: the same address is other code in another space.
#[test]
fn spaces_run_their_own_code() {
    let mut scene = scene();
    scene.code(1, 0, &[STEP]);
    scene.code(2, 0, &[STRIDE]);
    let entry = scene.address(page::CODE_B, 0);
    scene.each(entry, |engines| {
        engines.set_slot(0, MAP, MOVES_CODE << map_shift(3));
        for round in 1..6 {
            for space in [0, 3] {
                with_x1(engines, &scene, SPACE_AT, space);
                (0..4).for_each(|_| run_from(engines, entry));
            }
            assert_eq!(slot(engines, "x0"), round * 0x404);
        }
    });
}

/// A page moves in a space that is not there; or in all at once.
#[test]
fn a_flush_reaches_a_space_that_is_away() {
    let cases = [
        (page::DATA + 1, MOVES_DATA, 5, 4),
        (page::LARGE, MOVES_LARGE, 4, 6),
        (page::GLOBAL, MOVES_GLOBAL, 6, 7),
    ];
    for (number, moves, before, after) in cases {
        let mut scene = scene();
        scene.code(0, 0, &[&load(scene.address(number, 0))]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            let visit = |engines: &mut Engines, space| {
                with_x1(engines, &scene, SPACE_AT, space);
                run_from(engines, entry);
                slot(engines, "x2")
            };
            assert_eq!((visit(engines, 0), visit(engines, 1)), (before, before));
            // In space 1, another is 1 ^ 1.
            with_x1(engines, &scene, MAP_AT, moves | 1 << 4);
            let elsewhere = if moves == MOVES_GLOBAL { after } else { before };
            assert_eq!((visit(engines, 1), visit(engines, 0)), (elsewhere, after));
        });
    }
}

/// However often spaces take turns, the tables are not looked at again.
#[test]
fn a_space_that_comes_again_finds_what_it_left() {
    let mut scene = scene();
    let loads: Vec<String> =
        [page::DATA, page::LARGE, page::GLOBAL].iter().map(|n| load(scene.address(*n, 0))).collect();
    scene.code(1, 0, &loads.iter().map(String::as_str).collect::<Vec<_>>());
    let entry = scene.address(page::CODE_B, 0);
    scene.each(entry, |engines| {
        engines.set_slot(0, MAP, MOVES_DATA);
        let visit = |engines: &mut Engines, space| {
            engines.set_slot(0, SPACE, space);
            run_from(engines, entry);
        };
        (0..4).for_each(|space| visit(engines, space));
        let known = engines.engine.stats().tlb_walks;
        (0..400).for_each(|turn| visit(engines, turn % 4));
        assert_eq!(engines.engine.stats().tlb_walks, known);
    });
}

/// A flush of one page costs the others nothing, and a flush of a space nothing
/// that is global or another's.
#[test]
fn a_flush_is_no_more_than_it_says() {
    let mut scene = scene();
    let loads: Vec<String> = [page::DATA + 2, page::LARGE, page::LARGE + 1, page::GLOBAL]
        .iter()
        .map(|n| load(scene.address(*n, 0)))
        .collect();
    scene.code(0, 0, &loads.iter().map(String::as_str).collect::<Vec<_>>());
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        let mut walks = |flush: guest::Flush| {
            run_from(engines, entry);
            let before = engines.engine.stats().tlb_walks;
            engines.vcpus[0].flush(flush);
            run_from(engines, entry);
            engines.engine.stats().tlb_walks - before
        };
        let page = |number, offset| Some(scene.address(number, offset));
        let flush = |page, space| guest::Flush { page, space };
        assert_eq!(walks(flush(page(page::GLOBAL, 8), None)), 1);
        assert_eq!(walks(flush(page(page::GLOBAL, 8), Some(0))), 0);
        // Either half is all of the large page.
        assert_eq!(walks(flush(page(page::LARGE, 0), None)), 1);
        assert_eq!(walks(flush(page(page::LARGE + 1, PAGE_BYTES - 1), Some(0))), 1);
        assert_eq!(walks(flush(page(page::LARGE, 0), Some(1))), 0);
        assert_eq!(walks(flush(None, Some(0))), 1);
        assert_eq!(walks(flush(None, Some(1))), 0);
        // What is read, and the code's page.
        assert_eq!(walks(guest::Flush::ALL), 4);
    });
}
