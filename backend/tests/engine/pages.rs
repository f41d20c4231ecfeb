//! Code across the end of a page, and pages that move.

use crate::scene::{STEP, Scene, jump, slot, store_word};
use crate::test_guest::map::{MOVES_CODE, RAM, page};
use crate::world::Subject;
use backend::Exit;
use bus::PAGE_BYTES;

/// Adds 0x100 to `x0`.
const STRIDE: &str = "v0 = get.i64 x0\nv1 = iconst.i64 0x100\nv2 = iadd v0, v1\nset x0, v2\njump 4";

/// Moves pages as `x1` says.
const SET_MAP: &str = "v0 = get.i64 x1\nv1 = iconst.i64 0\ncall set_map v0\nleave resume, v1";

fn run_from(engines: &mut crate::engines::Engines, entry: u64) {
    engines.set_slot(0, ir::Slot(0), entry);
    assert_eq!(engines.run(0, 1000), Exit::Firmware);
}

/// Moves pages, by the guest's own instruction at the start of the handler page
/// and a bit.
fn move_pages(engines: &mut crate::engines::Engines, scene: &Scene, map: u64) {
    let x1 = engines.spec().layout.by_name("x1").expect("it is there");
    engines.set_slot(0, x1, map);
    run_from(engines, scene.address(page::HANDLER, 0x100));
}

fn with_set_map() -> Scene {
    let mut scene = Scene::new();
    scene.code(3, 0x100, &[SET_MAP]);
    scene
}

#[test]
fn a_block_goes_on_in_whatever_page_comes_next() {
    let mut scene = with_set_map();
    let last = PAGE_BYTES - 8;
    scene.code(0, last, &[STEP, STEP]);
    scene.code(1, 0, &[STEP]);
    scene.code(2, 0, &[STRIDE, STRIDE]);
    let entry = scene.address(page::CODE_A, last);
    scene.each(entry, |engines| {
        (0..5).for_each(|_| run_from(engines, entry));
        assert_eq!(slot(engines, "x0"), 15);
        move_pages(engines, &scene, MOVES_CODE);
        (0..5).for_each(|_| run_from(engines, entry));
        assert_eq!(slot(engines, "x0"), 25 + 0xa00);
        move_pages(engines, &scene, 0);
        (0..5).for_each(|_| run_from(engines, entry));
        assert_eq!(slot(engines, "x0"), 40 + 0xa00);
    });
}

/// An instruction may have its halves in two pages.
#[test]
fn an_instruction_is_read_from_both_its_pages() {
    let mut scene = with_set_map();
    let number = scene.number(STEP);
    assert!(number < 1 << 16);
    let last = PAGE_BYTES - 2;
    let word = number << 16;
    scene.word(0, PAGE_BYTES - 4, word);
    // The second half, of the instruction and of the firmware call behind it.
    scene.word(1, 0, 0);
    scene.word(2, 0, 1);
    let entry = scene.address(page::CODE_A, last);
    let pool = scene.guest().pool_len();
    scene.each(entry, |engines| {
        (0..5).for_each(|_| run_from(engines, entry));
        assert_eq!(slot(engines, "x0"), 5);
        move_pages(engines, &scene, MOVES_CODE);
        engines.set_slot(0, ir::Slot(0), entry);
        engines.run(0, 1);
        // Now it is another instruction, unless the numbers happen to agree.
        assert!(!(1u32 << 16).is_multiple_of(pool));
        assert_eq!(slot(engines, "x0"), 5);
    });
}

/// Counts `x1`, four times before it goes on.
const FOUR_TIMES: &str = "v0 = get.i64 x1\nv1 = iconst.i64 1\nv2 = iadd v0, v1\nset x1, v2\n\
                          v3 = iconst.i64 3\nv4 = band v2, v3\nv5 = iconst.i64 0\n\
                          v6 = icmp.ne v4, v5\nbranch v6, 0, 4";

/// Where the inner loop of [`nested_loops`] is in code page A.
const INNER: u64 = PAGE_BYTES - 0x100;

/// A loop whose head crosses into another page, and a loop inside it that does
/// not: what is compiled can be entered at both. A round is eight instructions.
fn nested_loops(scene: &mut Scene) -> u64 {
    let last = PAGE_BYTES - 4;
    let back = jump(-0x104);
    scene.code(0, last, &[STEP]);
    scene.code(1, 0, &[STEP, &back]);
    scene.code(2, 0, &[STRIDE, &back]);
    scene.code(0, INNER, &[FOUR_TIMES, &jump(0xf8)]);
    scene.address(page::CODE_A, last)
}

/// Shows where it is.
const HERE: &str = "v0 = code_address 0\nset x2, v0\njump 4";

/// Code that is mapped twice is translated once, and knows where it runs: in a
/// loop across pages, whose indirect jump goes to a page that it was not made in.
#[test]
fn the_same_code_runs_wherever_it_is_mapped() {
    let mut scene = Scene::new();
    let back = "v0 = get.i64 x3\nindirect v0";
    scene.code(0, PAGE_BYTES - 8, &[HERE, STEP]);
    scene.code(1, 0, &[STEP, back]);
    let entries = [page::CODE_A, page::ALIAS_A].map(|page| scene.address(page, PAGE_BYTES - 8));
    scene.each(entries[0], |engines| {
        let x3 = engines.spec().layout.by_name("x3").expect("it is there");
        let mut lifted = None;
        for (round, entry) in (1..).zip(entries.into_iter().cycle().take(6)) {
            engines.set_slot(0, x3, entry);
            engines.set_slot(0, ir::Slot(0), entry);
            assert_eq!(engines.run(0, 4000), Exit::Budget);
            assert_eq!((slot(engines, "x2"), slot(engines, "pc")), (entry, entry));
            assert_eq!(slot(engines, "x0"), round * 2000);
            let blocks = engines.engine.stats().tier0.blocks;
            assert_eq!(*lifted.get_or_insert(blocks), blocks, "round {round}");
        }
    });
}

#[test]
fn a_loop_across_pages_forgets_the_page_that_moved() {
    let mut scene = with_set_map();
    let entry = nested_loops(&mut scene);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 8000), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "pc")), (2000, entry));
        let x1 = engines.spec().layout.by_name("x1").expect("it is there");
        move_pages(engines, &scene, MOVES_CODE);
        engines.set_slot(0, x1, 0);
        engines.set_slot(0, ir::Slot(0), scene.address(page::CODE_A, INNER));
        assert_eq!(engines.run(0, 5 + 8000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 3000 + 1000 * 0x100);
    });
}

#[test]
fn a_loop_across_pages_forgets_the_page_that_is_written() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    let entry = nested_loops(&mut scene);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 8000), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "pc")), (2000, entry));
        assert!(engines.world().ram.write(RAM + PAGE_BYTES, &stride.to_le_bytes()));
        engines.set_slot(0, ir::Slot(0), scene.address(page::CODE_A, INNER));
        assert_eq!(engines.run(0, 5 + 8000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 3000 + 1000 * 0x100);
    });
}

/// The block that moves pages is in one itself.
#[test]
fn a_block_may_move_the_page_it_is_in() {
    let mut scene = Scene::new();
    let toggle = "v0 = get.i64 x1\nv1 = iconst.i64 1\nv2 = bxor v0, v1\nset x1, v2\njump 4";
    scene.code(1, 0, &[STEP, toggle, SET_MAP, &jump(-12)]);
    scene.code(2, 0, &[STRIDE, toggle, SET_MAP, &jump(-12)]);
    let entry = scene.address(page::CODE_B, 0);
    scene.each(entry, |engines| {
        let x1 = engines.spec().layout.by_name("x1").expect("it is there");
        engines.set_slot(0, x1, 0);
        assert_eq!(engines.run(0, 4 * 1001), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 501 + 500 * 0x100);
    });
}

#[test]
fn code_goes_on_at_the_start_of_the_address_space() {
    let mut scene = Scene::at(0_u64.wrapping_sub(PAGE_BYTES));
    let last = PAGE_BYTES - 8;
    scene.code(0, last, &[STEP, STEP]);
    scene.code(1, 0, &[STEP, &jump(-12)]);
    let entry = scene.address(page::CODE_A, last);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 4000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 3000);
        assert_eq!(slot(engines, "pc"), 0_u64.wrapping_sub(8));
    });
}

/// The page behind the code cannot be run: the block before it can.
#[test]
fn a_block_ends_before_what_cannot_be_fetched() {
    let mut scene = Scene::new();
    let last = PAGE_BYTES - 8;
    scene.code(1, last, &[STEP, STEP]);
    // The handler goes on at a firmware call.
    scene.word(3, 4, 0);
    let entry = scene.address(page::ALIAS_B, last);
    scene.each(entry, |engines| {
        for round in 1..5 {
            run_from(engines, entry);
            assert_eq!(slot(engines, "x0"), 2 * round);
            assert_eq!(slot(engines, "epc"), scene.address(page::CHIP, 0));
            assert_eq!(slot(engines, "taken"), round);
        }
    });
}

/// A store across two pages of code changes both.
#[test]
fn a_store_across_pages_changes_both() {
    let mut scene = Scene::new();
    let stride = u64::from(scene.number(STRIDE));
    let value = stride << 32 | stride;
    let at = scene.address(page::CODE_A, PAGE_BYTES - 4);
    let store = format!("v0 = iconst.i64 {at:#x}\nv1 = iconst.i64 {value:#x}\nstore r0 v0, v1\njump 4");
    scene.code(3, 0x100, &[&store]);
    scene.code(0, PAGE_BYTES - 4, &[STEP]);
    scene.code(1, 0, &[STEP]);
    let entry = scene.address(page::CODE_A, PAGE_BYTES - 4);
    scene.each(entry, |engines| {
        (0..5).for_each(|_| run_from(engines, entry));
        assert_eq!(slot(engines, "x0"), 10);
        run_from(engines, scene.address(page::HANDLER, 0x100));
        run_from(engines, entry);
        assert_eq!(slot(engines, "x0"), 0x20a);
    });
}

/// A store that faults in its second page has changed nothing in its first:
/// neither where that may not be written, nor where nothing answers.
#[test]
fn a_store_across_pages_is_done_whole_or_not_at_all() {
    for number in [page::DATA + 1, page::UNCACHED] {
        let mut scene = Scene::new();
        scene.word(3, 4, 0);
        let at = scene.address(number, PAGE_BYTES - 2);
        scene.code(0, 0, &[&store_word(at, 0x1234_5678)]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            run_from(engines, entry);
            assert_eq!(slot(engines, "taken"), 1);
            assert_eq!(engines.world().ram.load(RAM + 6 * PAGE_BYTES - 2, 2), Some(0));
        });
    }
}
