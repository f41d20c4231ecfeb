//! Any kernel, firmware and initial RAM disk, on each machine: one that runs, or an
//! error that names the file.

#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use machines::{Image, Machine, MachineConfig};
use mynah_fuzz::Script;
use mynah_fuzz::machine::{Turns, small};

const NAMES: [&str; 4] = ["the kernel", "the initrd", "the firmware", "the device tree"];

fn image(name: &str, bytes: &[u8]) -> Option<Image> {
    Some(Image { name: name.into(), bytes: bytes.to_vec().into() })
}

/// The bytes as they are, or as kernels come, which bytes alone seldom become.
fn packed(kind: u8, script: &mut Script<'_>) -> Vec<u8> {
    let header = [script.word(), script.word()];
    let bytes = script.rest().to_vec();
    let gzip = |bytes: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).and_then(|()| packer.finish()).expect("a vector takes all")
    };
    match kind {
        0 => bytes,
        1 => gzip(&bytes),
        2 => zstd::encode_all(&bytes[..], 1).expect("a vector takes all"),
        // An EFI program with another inside, at a place and of a size of any kind.
        _ => {
            let inner = gzip(&bytes);
            let place = if header[0] % 4 == 0 { header } else { [64, inner.len() as u32] };
            let place = place.map(u32::to_le_bytes).concat();
            [b"MZ\0\0zimg", &place[..], &[0; 8], b"gzip", &[0; 36], &inner].concat()
        }
    }
}

/// With the magic of each architecture's Linux `Image` where it belongs.
fn as_linux(mut bytes: Vec<u8>, arm: bool) -> Vec<u8> {
    if let Some(magic) = bytes.get_mut(56..60) {
        magic.copy_from_slice(if arm { b"ARM\x64" } else { b"RSC\x05" });
    }
    bytes
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let given = script.byte();
    let pages = 256 + 16 * u64::from(script.byte());
    let initrd_bytes = script.below(2000);
    let arm = given & 8 != 0;
    let machine = if arm { "arm-virt" } else { "riscv-virt" };
    let mut config = MachineConfig { machine: machine.into(), memory_bytes: pages << 12, ..small() };
    if given & 1 != 0 {
        config.initrd = image(NAMES[1], script.take(initrd_bytes));
    }
    if given & 6 == 2 {
        let bytes = script.below(4000);
        config.bios = image(NAMES[2], script.take(bytes));
    }
    let mut bytes = packed(given >> 4 & 3, &mut script);
    if given & 0x40 != 0 {
        bytes = as_linux(bytes, arm);
    }
    match given & 4 {
        0 => config.kernel = image(NAMES[0], &bytes),
        _ => config.bios = image(NAMES[2], &bytes),
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
