//! What every device owes, whatever it is: one test body for all of them.
//!
//! - Accesses of any width at any offset never panic.
//! - A device restored into a fresh one of the same make is the same: state,
//!   wires, deadline, and all that it does afterwards.
//! - A snapshot record survives JSON; a record that is not one is refused.
//!
//! A new device is a [`Subject`] and a test that calls [`conform`].

mod rig;
mod subjects;

use bus::{AnySnapshot, Device, Snapshot};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rig::Rig;
use serde_json::{Value, json};

/// Lets something happen to a device that no register access causes; the value
/// says what.
type Outside<D> = fn(&mut D, u64);

/// A device under test.
struct Subject<D> {
    /// Builds it after power-on.
    make: fn(&Rig) -> D,
    /// The size of its register block in bytes.
    span: u64,
    /// Offsets worth trying more often than others.
    offsets: &'static [u64],
    /// Values worth writing more often than others.
    values: &'static [u64],
    /// Something happens on the host's side, or on a wire into the device.
    outside: Outside<D>,
}

/// One thing that happens to a device.
#[derive(Clone, Debug)]
enum Step {
    Read { offset: u64, bytes: u8 },
    Write { offset: u64, bytes: u8, value: u64 },
    Wait { ns: u64 },
    Outside { value: u64 },
    Poke { at: u64, value: u64 },
    Reset,
}

impl<D: Device + Snapshot> Subject<D> {
    fn steps(&self, count: usize) -> impl Strategy<Value = Vec<Step>> + use<D> {
        let span = self.span;
        let any_offset = 0..span;
        let word = (0..span / 4).prop_map(|index| index * 4);
        let offset = prop_oneof![1 => any_offset, 1 => word, 6 => chosen(self.offsets)];
        let value = prop_oneof![2 => any::<u64>(), 2 => 0..256u64, 6 => chosen(self.values)];
        let bytes = prop_oneof![1 => Just(1), 1 => Just(2), 4 => Just(4), 1 => Just(8)];
        let access =
            (offset, bytes, value.clone(), any::<bool>()).prop_map(move |(offset, bytes, value, write)| {
                // The bus lets no access leave the region.
                let offset = offset.min(span - u64::from(bytes));
                let value = value & u64::MAX >> (64 - 8 * u32::from(bytes));
                if write { Step::Write { offset, bytes, value } } else { Step::Read { offset, bytes } }
            });
        let near = prop_oneof![0..4u64, 0..0x400u64];
        let step = prop_oneof![
            12 => access,
            2 => (0..1_000_000u64).prop_map(|ns| Step::Wait { ns }),
            2 => any::<u64>().prop_map(|value| Step::Outside { value }),
            2 => (near, value).prop_map(|(index, value)| Step::Poke { at: rig::RAM + 8 * index, value }),
            1 => prop::bool::weighted(0.2).prop_map(|yes| if yes { Step::Reset } else { Step::Wait { ns: 1 } }),
        ];
        prop::collection::vec(step, 1..count)
    }

    fn run_all(&self, device: &mut D, rig: &Rig, steps: &[Step]) {
        for step in steps {
            self.run(device, rig, step);
        }
    }

    /// Does `step` as a machine does it: deadlines that have come are met.
    /// Returns what was read.
    fn run(&self, device: &mut D, rig: &Rig, step: &Step) -> u64 {
        let mut seen = 0;
        match *step {
            Step::Read { offset, bytes } => seen = device.read(offset, bytes),
            Step::Write { offset, bytes, value } => device.write(offset, bytes, value),
            Step::Wait { ns } => rig.clock.advance_to(rig.clock.now_ns() + ns),
            Step::Outside { value } => (self.outside)(device, value),
            Step::Poke { at, value } => rig.poke(at, value),
            Step::Reset => device.reset(),
        }
        if device.deadline().is_some_and(|due_ns| due_ns <= rig.clock.now_ns()) {
            device.expire();
        }
        seen
    }

    /// A device is saved after `before`; the restored one must not be told
    /// from it during `after`.
    fn check_restore(&self, before: &[Step], after: &[Step]) -> Result<(), TestCaseError> {
        let rig = Rig::new();
        let mut original = (self.make)(&rig);
        self.run_all(&mut original, &rig, before);

        let twin_rig = rig.copy();
        let mut twin = (self.make)(&twin_rig);
        let record = through_text(original.save_any());
        twin.restore_any(record).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(twin.save(), original.save());
        prop_assert_eq!(twin_rig.seen(), rig.seen());

        for step in after {
            let (expected, got) = (self.run(&mut original, &rig, step), self.run(&mut twin, &twin_rig, step));
            prop_assert_eq!(got, expected, "{:?}", step);
            prop_assert_eq!(twin.deadline(), original.deadline(), "{:?}", step);
            prop_assert_eq!(twin_rig.seen(), rig.seen(), "{:?}", step);
        }
        prop_assert_eq!(twin.save(), original.save());
        prop_assert_eq!(twin_rig.ram(), rig.ram());
        Ok(())
    }

    /// A record with one part replaced, by anything, is refused or makes a
    /// device that works.
    fn check_damage(&self, before: &[Step], after: &[Step]) -> Result<(), TestCaseError> {
        let rig = Rig::new();
        let mut device = (self.make)(&rig);
        self.run_all(&mut device, &rig, before);
        let (saved, record) = (device.save(), device.save_any());
        for at in 0..count_parts(&mut record.clone()) {
            for with in garbage() {
                let mut damaged = record.clone();
                replace_part(&mut damaged, at, &with);
                if device.restore_any(damaged).is_ok() {
                    self.run_all(&mut device, &rig, after);
                    device.restore(saved.clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
                }
                prop_assert_eq!(device.save(), saved.clone(), "a refused record leaves the device alone");
            }
        }
        Ok(())
    }

    /// Bodies of another shape are errors and leave the device alone.
    fn check_garbage(&self) {
        let rig = Rig::new();
        let mut device = (self.make)(&rig);
        let before = device.save();
        for body in [json!("x"), json!(-1), json!([[]]), json!({"no": {"such": "field"}}), json!(true)] {
            assert!(device.restore_any(body.clone()).is_err(), "{body}");
            assert_eq!(device.save(), before);
        }
    }
}

/// Runs the whole test body on `subject`.
fn conform<D: Device + Snapshot>(subject: &Subject<D>) {
    subject.check_garbage();
    repeat(256, subject, |before, after| subject.check_restore(before, after));
    repeat(4, subject, |before, after| subject.check_damage(before, after));
}

/// Checks `cases` random lives of a device, each in two parts.
fn repeat<D: Device + Snapshot>(
    cases: u32,
    subject: &Subject<D>,
    check: impl Fn(&[Step], &[Step]) -> Result<(), TestCaseError>,
) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let lives = (subject.steps(120), subject.steps(60));
    let outcome = runner.run(&lives, |(before, after)| check(&before, &after));
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

fn chosen(from: &'static [u64]) -> impl Strategy<Value = u64> + Clone {
    prop::sample::select(from)
}

fn through_text(record: Value) -> Value {
    let text = serde_json::to_string(&record).expect("a JSON value");
    serde_json::from_str(&text).expect("our own output")
}

/// What does not belong where it is put.
fn garbage() -> [Value; 13] {
    [
        json!(null),
        json!(true),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(255),
        json!(0),
        json!(-1),
        json!("zz"),
        json!("00"),
        json!([]),
        json!([1, 2, 3]),
        json!({}),
        json!({"3": "00"}),
    ]
}

/// Calls `visit` on `value` and then on what it holds; of a list, that is the
/// first few items, since the others are like them.
fn visit_parts(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    visit(value);
    match value {
        Value::Array(items) => items.iter_mut().take(3).for_each(|item| visit_parts(item, visit)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, field)| visit_parts(field, visit)),
        _ => (),
    }
}

fn count_parts(value: &mut Value) -> usize {
    let mut count = 0;
    visit_parts(value, &mut |_| count += 1);
    count
}

/// Replaces part number `at`.
fn replace_part(value: &mut Value, at: usize, with: &Value) {
    let mut parts = 0..;
    visit_parts(value, &mut |part| {
        if parts.next() == Some(at) {
            *part = with.clone();
        }
    });
}
