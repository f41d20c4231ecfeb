//! Slices end where they have to, and interrupts are taken where they come.

use crate::scene::{FIRMWARE, NOP, STEP, Scene, jump, slot};
use crate::test_guest::chip::register;
use crate::test_guest::map::page;
use crate::world::Subject;
use backend::Exit;

/// A text that writes `value` to a register of the chip.
fn reach(scene: &Scene, register: u64, value: u64) -> String {
    let at = scene.address(page::CHIP, 8 * register);
    format!("v0 = iconst.i64 {at:#x}\nv1 = iconst.i64 {value}\nstore r0 v0, v1\njump 4")
}

#[test]
fn a_slice_is_exactly_as_long_as_asked() {
    let mut scene = Scene::new();
    scene.code(0, 0, &[STEP, NOP, STEP, &jump(8), FIRMWARE, STEP, &jump(-24)]);
    let entry = scene.address(page::CODE_A, 0);
    // One round is six instructions, three of which step.
    let steps = |count: u64| count / 6 * 3 + [0, 1, 1, 2, 2, 3][count as usize % 6];
    scene.each(entry, |engines| {
        let mut total = 0;
        for budget in (0..40).chain([1000, 1, 0, 63, 64, 65, 400, 399, 2001, 1999, 7000]) {
            assert_eq!(engines.run(0, budget), Exit::Budget);
            total += budget;
            assert_eq!(engines.instructions(0), total);
            assert_eq!(slot(engines, "x0"), steps(total), "{total}");
            assert_eq!(engines.world().clock.now_ns(), total * backend::NS_PER_INSTRUCTION);
        }
    });
}

#[test]
fn a_device_stops_the_slice_behind_the_instruction() {
    let mut scene = Scene::new();
    let stop = reach(&scene, register::STOP, 0);
    scene.code(0, 0, &[STEP, &stop, STEP, STEP, &jump(-16)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        for round in 0..5 {
            assert_eq!(engines.run(0, 1000), Exit::Stop);
            assert_eq!(engines.run(0, 1000), Exit::Stop, "as long as it is asked to");
            assert_eq!(engines.instructions(0), 2 + 5 * round);
            engines.world().stop.store(false, std::sync::atomic::Ordering::Relaxed);
        }
        assert_eq!(slot(engines, "x0"), 13);
    });
}

#[test]
fn an_idle_cpu_waits_for_a_line() {
    let mut scene = Scene::new();
    let idle = "v0 = iconst.i64 0\nleave idle, v0";
    scene.code(0, 0, &[STEP, idle, STEP, &jump(-12)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        let enable = engines.spec().layout.by_name("enable").expect("it is there");
        for round in 1..5 {
            assert_eq!(engines.run(0, 1000), Exit::Idle);
            assert_eq!(slot(engines, "pc"), entry + 8);
            assert_eq!(slot(engines, "x0"), 2 * round - 1);
        }
        // Masked or not, a raised line lets it go on.
        engines.set_slot(0, enable, 0);
        engines.world().drive(0, true);
        assert_eq!(engines.run(0, 4000), Exit::Budget);
        assert_eq!(slot(engines, "x0"), 2007);
        assert_eq!(slot(engines, "taken"), 0);
    });
}

/// However many instructions do nothing behind the one that raises the line.
#[test]
fn an_interrupt_is_taken_before_the_next_instruction() {
    for nops in [0, 1, 7] {
        let mut scene = Scene::new();
        let raise = reach(&scene, register::RAISE, 0);
        scene.code(0, 0, &[STEP, &raise]);
        (0..nops).for_each(|i| scene.code(0, 8 + 4 * i, &[NOP]));
        scene.code(0, 8 + 4 * nops, &[STEP, &jump(-(12 + 4 * nops as i64))]);
        let entry = scene.address(page::CODE_A, 0);
        scene.each(entry, |engines| {
            // The loop, and the handler's two.
            let length = 6 + nops;
            assert_eq!(engines.run(0, 400 * length), Exit::Budget);
            for round in 401..405 {
                assert_eq!(engines.run(0, length), Exit::Budget);
                assert_eq!(slot(engines, "epc"), entry + 8);
                assert_eq!(slot(engines, "taken"), round);
                assert_eq!(slot(engines, "x0"), 2 * round);
                assert_eq!(slot(engines, "pc"), entry);
            }
        });
    }
}

#[test]
fn a_masked_interrupt_is_taken_once_it_is_not() {
    let mut scene = Scene::new();
    let set_enable = "v0 = get.i64 x1\nv1 = iconst.i64 0\ncall set_enable v0\nleave resume, v1";
    scene.code(0, 0, &[STEP, set_enable, STEP, &jump(-4)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        let [enable, x1] = ["enable", "x1"].map(|n| engines.spec().layout.by_name(n).expect(n));
        engines.set_slot(0, enable, 0);
        engines.set_slot(0, x1, 1);
        engines.world().drive(0, true);
        assert_eq!(engines.run(0, 1), Exit::Budget);
        assert_eq!(slot(engines, "taken"), 0);
        assert_eq!(engines.run(0, 1), Exit::Budget);
        assert_eq!((slot(engines, "taken"), slot(engines, "epc")), (1, entry + 8));
    });
}

#[test]
fn a_device_sees_the_time_of_each_access() {
    let mut scene = Scene::new();
    let write = reach(&scene, 20, 5);
    let at = scene.address(page::CHIP, 8 * 21);
    let read = format!("v0 = iconst.i64 {at:#x}\nv1 = load.i16 r0 v0\njump 4");
    let now = "v0 = call now\nset x2, v0\njump 4";
    let count = "v0 = call count\nset x3, v0\njump 4";
    scene.code(0, 0, &[NOP, &write, STEP, &read, now, STEP, count, &jump(-28)]);
    let entry = scene.address(page::CODE_A, 0);
    for slices in [vec![4000], vec![1; 4000], vec![7, 2000, 93, 1900]] {
        scene.each(entry, |engines| {
            slices.iter().for_each(|budget| assert_eq!(engines.run(0, *budget), Exit::Budget));
            let times: Vec<u64> = engines.world().log().iter().map(|reached| reached.now_ns).collect();
            let expected: Vec<u64> = (0..500).flat_map(|round| [8 * round + 1, 8 * round + 3]).collect();
            assert_eq!(times, expected);
            assert_eq!((slot(engines, "x2"), slot(engines, "x3")), (3996, 3998));
        });
    }
}

/// A fault in the middle of a block finds all that came before done, and
/// nothing of what comes behind.
#[test]
fn a_fault_is_precise() {
    let mut scene = Scene::new();
    // `base` says whether the load faults.
    let load = "v0 = get.i64 base\nv1 = load.i64 r0 v0\nset x1, v1\njump 4";
    scene.code(0, 0, &[STEP, STEP, load, STEP, &jump(-16)]);
    let entry = scene.address(page::CODE_A, 0);
    scene.each(entry, |engines| {
        assert_eq!(engines.run(0, 5000), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "taken")), (3000, 0));
        let bad = scene.address(page::NOTHING, 0x10);
        engines.vcpus[0].registers_mut().set(ir::testing::BASE, bad);
        assert_eq!(engines.run(0, 3), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "taken")), (3002, 1));
        assert_eq!((slot(engines, "epc"), slot(engines, "datum")), (entry + 8, bad));
        assert_eq!(slot(engines, "pc"), scene.address(page::HANDLER, 0));
        assert_eq!(engines.run(0, 2 + 2), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "pc")), (3003, entry));
        // A round is seven instructions now.
        assert_eq!(engines.run(0, 7000), Exit::Budget);
        assert_eq!((slot(engines, "x0"), slot(engines, "taken")), (6003, 1001));
    });
}
