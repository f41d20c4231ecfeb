//! Any JSON as a chip's saved state is refused, and the chip then unchanged,
//! or makes a chip that works.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_fuzz::rig::Rig;
use mynah_fuzz::{Script, chips};
use serde_json::{Value, json};

/// The `nth` value inside `value`, itself being the first.
fn part<'a>(value: &'a mut Value, nth: &mut usize) -> Option<&'a mut Value> {
    if *nth == 0 {
        return Some(value);
    }
    *nth -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| part(item, nth)),
        Value::Object(fields) => fields.iter_mut().find_map(|(_, field)| part(field, nth)),
        _ => None,
    }
}

fn replacement(script: &mut Script<'_>) -> Value {
    match script.byte() % 8 {
        0 => json!(null),
        1 => json!(script.byte() & 1 != 0),
        2 => json!(script.byte()),
        3 => json!(script.long()),
        4 => json!(String::from_utf8_lossy(script.take(8))),
        5 => json!([]),
        6 => json!(script.take(6)),
        _ => {
            let bytes = script.below(200);
            serde_json::from_slice(script.take(bytes)).unwrap_or(json!({}))
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let rig = Rig::new();
    let kind = chips::kind(&mut script);
    let mut chip = (kind.make)(&rig);
    for _ in 0..script.byte() % 16 {
        kind.step(&mut *chip, &rig, &mut script);
    }
    let before = chip.save_any();
    let mut record = before.clone();
    for _ in 0..=script.byte() % 4 {
        let mut nth = script.below(64);
        let with = replacement(&mut script);
        if let Some(part) = part(&mut record, &mut nth) {
            *part = with;
        }
    }
    match chip.restore_any(record) {
        Err(error) => {
            assert!(!error.reason.is_empty());
            assert_eq!(chip.save_any(), before, "a refused record leaves the chip alone");
        }
        Ok(()) => {
            while !script.is_over() {
                kind.step(&mut *chip, &rig, &mut script);
            }
        }
    }
});
