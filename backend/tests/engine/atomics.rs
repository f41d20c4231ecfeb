//! Reservations.

use crate::engines::Engines;
use crate::scene::{FIRMWARE, NOP, Scene, slot, slot_of};
use crate::test_guest::map::{RAM, page};
use crate::world::Subject;
use backend::Exit;
use bus::PAGE_BYTES;

/// Where the data is, in the first data page.
const AT: u64 = 0x40;

fn load_reserved(ty: &str, regime: u8, at: u64) -> String {
    format!(
        "v0 = iconst.i64 {at:#x}\nv1 = load_reserved.{ty} r{regime} aligned v0\nset {}, v1\njump 4",
        register(ty)
    )
}

/// Stores all ones, and puts the result into `b0`.
fn store_conditional(ty: &str, regime: u8, at: u64) -> String {
    format!(
        "v0 = iconst.i64 {at:#x}\nv1 = iconst.{ty} -1\n\
         v2 = store_conditional r{regime} aligned v0, v1\nset b0, v2\njump 4"
    )
}

fn register(ty: &str) -> &'static str {
    match ty {
        "i8" => "b1",
        "i16" => "h0",
        "i32" => "w0",
        _ => "x1",
    }
}

/// Runs a pair until all is warm, and then once more, stopping behind its load
/// if something is to happen in between.
fn run_pair(engines: &mut Engines, entry: u64, between: Option<fn(&mut Engines)>) {
    for round in 0..5 {
        engines.set_slot(0, ir::Slot(0), entry);
        let last = round == 4;
        if let (true, Some(between)) = (last, between) {
            assert_eq!(engines.run(0, 1), Exit::Budget);
            between(engines);
        }
        assert_eq!(engines.run(0, 1000), Exit::Firmware);
        if !last {
            fill(engines);
        }
    }
}

/// Puts numbers where the data is that tell widths apart.
fn fill(engines: &Engines) {
    let data = [4, 3, 2, 0, 1, 0, 0, 0].repeat(8);
    assert!(engines.world().ram.write(RAM + 4 * PAGE_BYTES + AT, &data));
}

#[test]
fn an_undisturbed_pair_stores_at_each_width() {
    for (ty, bytes) in [("i8", 1), ("i16", 2), ("i32", 4), ("i64", 8)] {
        let mut scene = Scene::new();
        let at = scene.address(page::DATA, AT);
        scene.code(0, 0, &[&load_reserved(ty, 0, at), &store_conditional(ty, 0, at), FIRMWARE]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            run_pair(engines, entry, None);
            assert_eq!(slot(engines, "b0"), 0, "{ty}");
            let stored = engines.world().ram.load(RAM + 4 * PAGE_BYTES + AT, bytes);
            assert_eq!(stored, Some(u64::MAX >> (64 - 8 * u32::from(bytes))), "{ty}");
        });
    }
}

/// The store is another access than the load: of another width, at another
/// address, or in another regime. It stores nothing, and says so.
#[test]
fn a_pair_that_does_not_match_stores_nothing() {
    let others = [("i32", 0, 0), ("i16", 0, 0), ("i64", 0, 8), ("i64", 1, 0), ("i64", 2, 0)];
    for (ty, regime, offset) in others {
        for (first, second) in [(("i64", 0, 0), (ty, regime, offset)), ((ty, regime, offset), ("i64", 0, 0))]
        {
            let mut scene = Scene::new();
            let at = scene.address(page::DATA, AT);
            let load = load_reserved(first.0, first.1, at + first.2);
            let store = store_conditional(second.0, second.1, at + second.2);
            scene.code(0, 0, &[&load, &store, FIRMWARE]);
            let entry = scene.address(page::CODE_A, 0);
            scene.each(entry, |engines| {
                run_pair(engines, entry, None);
                assert_eq!(slot(engines, "b0"), 1, "{first:?} {second:?}");
                let memory = engines.world().memory();
                let data = &memory[4 * PAGE_BYTES as usize..6 * PAGE_BYTES as usize];
                assert!(!data.contains(&0xff), "{first:?} {second:?}");
            });
        }
    }
}

#[test]
fn a_reservation_is_lost_to_a_fault_an_interrupt_a_helper_and_the_scheduler() {
    let mut scene = Scene::new();
    let at = scene.address(page::DATA, AT);
    let nothing = scene.address(page::NOTHING, 0);
    let fault = format!("v0 = iconst.i64 {nothing:#x}\nv1 = load.i8 r0 v0\nset b1, v1\njump 4");
    let unreserve = "v0 = iconst.i64 0\ncall unreserve v0\njump 4";
    type Between = Option<fn(&mut Engines)>;
    let interrupt: Between = Some(|engines| engines.world().drive(0, true));
    let switch: Between = Some(|engines| engines.drop_reservation(0));
    let nothing: Between = None;
    for (middle, between, kept) in [
        (NOP, nothing, true),
        (fault.as_str(), nothing, false),
        (unreserve, nothing, false),
        (NOP, interrupt, false),
        (NOP, switch, false),
    ] {
        scene.code(0, 0, &[&load_reserved("i64", 0, at), middle, &store_conditional("i64", 0, at), FIRMWARE]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            run_pair(engines, entry, between);
            assert_eq!(slot(engines, "b0"), u64::from(!kept), "{middle}");
        });
    }
}

#[test]
fn another_cpu_disturbs_by_another_value() {
    let mut scene = Scene::new();
    let at = scene.address(page::DATA, AT);
    let add = format!(
        "v0 = iconst.i64 {at:#x}\nv1 = iconst.i64 1\nv2 = atomic_rmw.add r0 aligned v0, v1\nset x1, v2\njump 4"
    );
    scene.code(0, 0, &[&load_reserved("i64", 0, at), &store_conditional("i64", 0, at), FIRMWARE]);
    scene.code(0, 0x100, &[&add, FIRMWARE]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each_with(2, entry, |engines| {
        engines.set_slot(1, ir::Slot(0), entry + 0x100);
        let other: fn(&mut Engines) = |engines| assert_eq!(engines.run(1, 1000), Exit::Firmware);
        run_pair(engines, entry, Some(other));
        assert_eq!(slot(engines, "b0"), 1);
        assert_eq!(slot_of(engines, 1, "x1"), 0x1_0002_0304);
    });
}
