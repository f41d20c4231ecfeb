//! Any accesses to any chip, of any width, in any order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_fuzz::rig::Rig;
use mynah_fuzz::{Script, chips};

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let rig = Rig::new();
    let kind = chips::kind(&mut script);
    let mut chip = (kind.make)(&rig);
    while !script.is_over() {
        kind.step(&mut *chip, &rig, &mut script);
    }
});
