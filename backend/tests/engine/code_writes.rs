//! Code that is written, by whom and from where ever, is the code that runs.

use crate::engines::Engines;
use crate::scene::{NOP, STEP, Scene, jump, slot, slot_of, store_word};
use crate::test_guest::chip::register;
use crate::test_guest::map::{RAM, RAM_PAGES, page};
use crate::world::Subject;
use backend::Exit;
use bus::PAGE_BYTES;

/// Adds 0x100 to `x0`.
const STRIDE: &str = "v0 = get.i64 x0\nv1 = iconst.i64 0x100\nv2 = iadd v0, v1\nset x0, v2\njump 4";

/// Runs a CPU until it calls the firmware, and starts it anew.
fn run_from(engines: &mut Engines, cpu: usize, entry: u64) {
    engines.set_slot(cpu, ir::Slot(0), entry);
    assert_eq!(engines.run(cpu, 1000), Exit::Firmware);
}

#[test]
fn a_store_changes_the_next_instruction() {
    for distance in [1, 2, 20] {
        let mut scene = Scene::new();
        let stride = scene.number(STRIDE);
        scene.code(0, 0, &[&store_word(scene.address(page::CODE_A, 4 * distance), stride)]);
        (1..distance).for_each(|i| scene.code(0, 4 * i, &[NOP]));
        scene.code(0, 4 * distance, &[STEP]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            run_from(engines, 0, entry);
            assert_eq!(slot(engines, "x0"), 0x100, "{distance}");
        });
    }
}

#[test]
fn a_hot_loop_sees_itself_change() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    // A counter in `x1` makes every eighth round store.
    let count = "v0 = get.i64 x1\nv1 = iconst.i64 1\nv2 = iadd v0, v1\nset x1, v2\njump 4";
    let skip = "v0 = get.i64 x1\nv1 = iconst.i64 8\nv2 = urem v0, v1\nv3 = iconst.i64 0\n\
                v4 = icmp.ne v2, v3\nbranch v4, 8, 4";
    let store = store_word(scene.address(page::CODE_A, 0), stride);
    scene.code(0, 0, &[STEP, count, skip, &store, &jump(-16)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 4 * 7 + 5 + 4), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 0x108);
        assert_eq!(engines.run(0, 4000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 0x3_cb08);
    });
}

#[test]
fn data_beside_code_drops_nothing() {
    let mut scene = Scene::new();
    let store = store_word(scene.address(page::ALIAS_A, 0x800), 7);
    scene.code(0, 0, &[STEP, &store, &jump(-8)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 3000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 1000);
        assert_eq!(engines.engine.stats().invalidated, 0);
        assert_eq!(engines.world().ram.load(RAM + 0x800, 4), Some(7));
    });
}

#[test]
fn a_store_through_another_address_counts() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    let store = store_word(scene.address(page::ALIAS_A, 0x100), stride);
    scene.code(0, 0, &[&store]);
    scene.code(0, 0x100, &[STEP]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        (0..5).for_each(|_| run_from(engines, 0, entry + 0x100));
        run_from(engines, 0, entry);
        run_from(engines, 0, entry + 0x100);
        assert_eq!(slot(engines, "x0"), 0x105);
    });
}

/// CPU 0 has stored to the page before CPU 1 ran code there, so it has a
/// translation that knows of no code.
#[test]
fn one_cpu_writes_what_another_has_translated() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    let warm = store_word(scene.address(page::ALIAS_A, 0x800), 1);
    let change = store_word(scene.address(page::ALIAS_A, 0x400), stride);
    scene.code(3, 0x100, &[&warm]);
    scene.code(3, 0x200, &[&change]);
    scene.code(0, 0x400, &[STEP]);
    let [warm, change] = [0x100, 0x200].map(|offset| scene.address(page::HANDLER, offset));
    let victim = scene.address(page::CODE_A, 0x400);
    scene.each_with(2, warm, |engines| {
        (0..5).for_each(|_| run_from(engines, 0, warm));
        (0..5).for_each(|_| run_from(engines, 1, victim));
        run_from(engines, 0, change);
        run_from(engines, 1, victim);
        assert_eq!(slot_of(engines, 1, "x0"), 0x105);
    });
}

#[test]
fn a_device_writes_code_between_slices() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    scene.code(0, 0x100, &[STEP]);
    scene.code(0, 0xffc, &[STEP]);
    scene.code(1, 0, &[STEP]);
    let entry = scene.address(page::CODE_A, 0x100);
    let across = scene.address(page::CODE_A, 0xffc);
    scene.each(entry, |engines| {
        (0..5).for_each(|_| run_from(engines, 0, entry));
        (0..5).for_each(|_| run_from(engines, 0, across));
        assert_eq!(slot(engines, "x0"), 15);
        let code = [stride.to_le_bytes(), stride.to_le_bytes()].concat();
        assert!(engines.world().ram.write(RAM + 0x100, &code[..4]));
        assert!(engines.world().ram.write(RAM + 0xffc, &code));
        run_from(engines, 0, entry);
        run_from(engines, 0, across);
        assert_eq!(slot(engines, "x0"), 0x30f);
    });
}

#[test]
fn a_device_writes_the_running_block() {
    let mut scene = Scene::new();
    let (target, stride) = (0x80, scene.number(STRIDE));
    scene.code(0, target, &[STEP]);
    // The chip writes a value's bits from 7 on where its low bits say. One more
    // instruction comes into the pool.
    let pool = scene.guest().pool_len() + 1;
    let values = (0..u64::from(pool)).map(|k| k * RAM_PAGES * PAGE_BYTES + target);
    let value = values.into_iter().find(|value| (value >> 7) as u32 % pool == stride).expect("there is one");
    let at = scene.address(page::CHIP, 8 * register::DMA);
    let dma = format!("v0 = iconst.i64 {at:#x}\nv1 = iconst.i64 {value:#x}\nstore r0 v0, v1\njump 4");
    scene.code(0, target - 4, &[&dma]);
    let entry = scene.address(page::CODE_A, target - 4);
    scene.each(entry, |engines| {
        run_from(engines, 0, entry);
        assert_eq!(slot(engines, "x0"), 0x100);
    });
}

/// A helper with [`ir::Effects::MEMORY`] may write code.
#[test]
fn a_helper_changes_the_next_instruction() {
    let mut scene = Scene::new();
    let stride = scene.number(STRIDE);
    let poke = format!("v0 = iconst.i64 4\nv1 = iconst.i64 {stride}\ncall poke v0, v1\njump 4");
    scene.code(0, 0, &[&poke, STEP]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        run_from(engines, 0, entry);
        assert_eq!(slot(engines, "x0"), 0x100);
    });
}
