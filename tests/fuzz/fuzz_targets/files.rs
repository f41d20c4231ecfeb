//! Any kernel, firmware and initial RAM disk: a machine that runs, or an error
//! that names the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use machines::{Image, Machine, MachineConfig};
use mynah_fuzz::Script;
use mynah_fuzz::machine::{Turns, small};

const NAMES: [&str; 4] = ["the kernel", "the initrd", "the firmware", "the device tree"];

fn image(name: &str, bytes: &[u8]) -> Option<Image> {
    Some(Image { name: name.into(), bytes: bytes.to_vec().into() })
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let given = script.byte();
    let pages = 256 + 16 * u64::from(script.byte());
    let initrd_bytes = script.below(2000);
    let mut config = MachineConfig { memory_bytes: pages << 12, ..small() };
    if given & 1 != 0 {
        config.initrd = image(NAMES[1], script.take(initrd_bytes));
    }
    if given & 6 == 2 {
        let bytes = script.below(4000);
        config.bios = image(NAMES[2], script.take(bytes));
    }
    match given & 4 {
        0 => config.kernel = image(NAMES[0], script.rest()),
        _ => config.bios = image(NAMES[2], script.rest()),
    }
    match Machine::new(config) {
        Ok(mut machine) => {
            let _ = machine.run(&mut Turns(1));
        }
        Err(error) => {
            let text = error.to_string();
            let names_it = NAMES.iter().any(|name| text.contains(name)) || text.contains("--initrd");
            assert!(names_it, "{text}");
        }
    }
});
