//! Kernels, firmware and initial RAM disks that are damaged, too large or made
//! for something else.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use mynah::{Machine, MachineConfig};
use proptest::prelude::*;

use super::host::{ENGINES, Turns, config, image};

/// A program that fits anywhere.
const NOP: [u8; 4] = [0x13, 0, 0, 0];
const MIB: usize = 1 << 20;

fn complaint(config: MachineConfig) -> String {
    match Machine::new(config) {
        Ok(_) => panic!("must be refused"),
        Err(error) => error.to_string(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A Linux `Image`'s header (Documentation/arch/riscv/boot-image-header.rst).
fn linux(text_offset: u64, image_bytes: u64, flags: u64, magic: &[u8; 4]) -> Vec<u8> {
    let mut header = vec![0; 64];
    for (at, field) in [(8, text_offset), (16, image_bytes), (24, flags)] {
        header[at..at + 8].copy_from_slice(&field.to_le_bytes());
    }
    header[56..60].copy_from_slice(magic);
    header
}

/// What is changed in an ELF file with one segment.
struct Elf {
    class: u8,
    machine: u16,
    kind: u16,
    at: u64,
    file_bytes: u64,
    memory_bytes: u64,
}

/// EXEC, RISC-V, 64 bits, 16 bytes at the start of RAM.
const ELF: Elf = Elf { class: 2, machine: 243, kind: 2, at: 0x8000_0000, file_bytes: 16, memory_bytes: 16 };

/// The file (System V ABI, ELF-64 Object File Format 1.5).
fn elf(elf: &Elf) -> Vec<u8> {
    let mut file = b"\x7fELF".to_vec();
    file.extend([elf.class, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([elf.kind, elf.machine].iter().flat_map(|half| half.to_le_bytes()));
    file.extend(1_u32.to_le_bytes());
    // Entry, program headers, section headers.
    file.extend([elf.at, 64, 0].iter().flat_map(|word| word.to_le_bytes()));
    file.extend(0_u32.to_le_bytes());
    file.extend([64_u16, 56, 1, 64, 0, 0].iter().flat_map(|half| half.to_le_bytes()));
    file.extend([1_u32, 5].iter().flat_map(|word| word.to_le_bytes()));
    let segment = [120, elf.at, elf.at, elf.file_bytes, elf.memory_bytes, 8];
    file.extend(segment.iter().flat_map(|word| word.to_le_bytes()));
    file.extend([0x13, 0, 0, 0].repeat(4));
    file
}

/// Bytes of a file, and what its complaint says.
type Case = (&'static str, Vec<u8>, &'static [&'static str]);

/// Files that are neither kernel nor firmware.
fn programs() -> Vec<Case> {
    let sound = elf(&ELF);
    let halved = gzip(&NOP.repeat(1000));
    vec![
        ("empty", vec![], &["empty"]),
        ("elf header cut short", sound[..40].to_vec(), &["ELF header", "cut short"]),
        ("elf program headers cut short", sound[..80].to_vec(), &["program header", "cut short"]),
        ("elf segment cut short", sound[..130].to_vec(), &["segment", "cut short"]),
        ("elf for x86-64", elf(&Elf { machine: 62, ..ELF }), &["X86_64", "not for riscv64"]),
        ("elf of 32 bits", elf(&Elf { class: 1, ..ELF }), &["64-bit", "riscv64"]),
        ("elf object file", elf(&Elf { kind: 1, ..ELF }), &["link it"]),
        ("elf without memory", elf(&Elf { memory_bytes: 0, file_bytes: 0, ..ELF }), &["nothing to load"]),
        ("elf of more than its memory", elf(&Elf { memory_bytes: 8, ..ELF }), &["segment"]),
        ("elf below RAM", elf(&Elf { at: 0x1000, ..ELF }), &["0x1000", "no RAM", "link it"]),
        ("elf beyond RAM", elf(&Elf { at: 0x8080_0000, ..ELF }), &["9 MiB", "8 MiB", "--memory 9M"]),
        ("elf of 2^63 bytes", elf(&Elf { memory_bytes: 1 << 63, ..ELF }), &["no RAM"]),
        ("elf that wraps around", elf(&Elf { at: u64::MAX - 3, ..ELF }), &["0xfffffffffffffffc"]),
        ("gzip cut short", halved[..halved.len() / 2].to_vec(), &["gzip", "cut short"]),
        ("gzip damaged", [&halved[..20], &[0xff; 20]].concat(), &["gzip", "damaged"]),
        ("gzip of nothing", gzip(&[]), &["empty"]),
        ("gzip of too much", gzip(&vec![0; 9 * MIB]), &["8 MiB", "--memory"]),
        ("as large as RAM", vec![0x13; 8 * MIB + 1], &["--memory"]),
        ("zstd cut short", b"\x28\xb5\x2f\xfd0000".to_vec(), &["zstd", "damaged or cut short"]),
        ("xz", b"\xfd7zXZ\x00000".to_vec(), &["xz -d"]),
        ("bzip2", b"BZh91AY".to_vec(), &["bzip2 -d"]),
        ("cpio", b"070701000".to_vec(), &["cpio", "--initrd"]),
        ("qcow2", b"QFI\xfb000".to_vec(), &["qcow2", "raw", "--drive"]),
        ("a debian package", b"!<arch>\ndebian-binary".to_vec(), &["dpkg -x"]),
        ("a device tree", b"\xd0\x0d\xfe\xed000".to_vec(), &["device tree"]),
    ]
}

fn assert_says(text: &str, name: &str, parts: &[&str]) {
    assert!(text.starts_with(&format!("{name}: ")), "{name}: {text}");
    for part in parts {
        assert!(text.contains(part), "{name}: {text}: does not mention {part}");
    }
}

#[test]
fn files_that_are_no_programs_are_refused_with_a_remedy() {
    for (name, bytes, parts) in programs() {
        let kernel = image(name, bytes.clone());
        assert_says(&complaint(MachineConfig { kernel, ..config(ENGINES[0]) }), name, parts);
        let bios = image(name, bytes);
        assert_says(&complaint(MachineConfig { bios, ..config(ENGINES[0]) }), name, parts);
    }
    // The same file unspoilt is taken.
    assert!(Machine::new(MachineConfig { bios: image("elf", elf(&ELF)), ..config(ENGINES[0]) }).is_ok());
}

#[test]
fn linux_images_that_cannot_run_here_are_refused() {
    const MAGIC: &[u8; 4] = b"RSC\x05";
    let cases: [Case; 6] = [
        ("arm64", linux(0, 0, 0, b"ARM\x64"), &["arm64", "riscv64"]),
        ("big-endian", linux(0, 4096, 1, MAGIC), &["big-endian"]),
        ("text_offset", linux(1 << 50, 4096, 0, MAGIC), &["damaged", "0x4000000000000"]),
        ("image_size", linux(0, u64::MAX, 0, MAGIC), &["damaged", "0xffffffffffffffff"]),
        ("large", linux(2 << 20, 30 << 20, 0, MAGIC), &["32 MiB", "8 MiB", "--memory 32M"]),
        ("far", linux(1 << 40, 4096, 0, MAGIC), &["0x10080000000"]),
    ];
    for (name, bytes, parts) in cases {
        let kernel = image(name, bytes);
        assert_says(&complaint(MachineConfig { kernel, ..config(ENGINES[0]) }), name, parts);
    }
}

#[test]
fn initial_ram_disks_that_do_not_fit_are_refused() {
    let with = |initrd| MachineConfig { kernel: image("k", NOP), initrd, ..config(ENGINES[0]) };
    assert_says(&complaint(with(image("initrd", []))), "initrd", &["empty"]);
    let text = complaint(with(image("initrd", vec![0; 9 * MIB])));
    assert_says(&text, "initrd", &["8 MiB", "--memory"]);
    // As much as the message asks for is enough.
    let mib = text.rsplit_once("--memory ").and_then(|(_, rest)| rest.strip_suffix('M'));
    let mib: u64 = mib.and_then(|mib| mib.parse().ok()).expect("an amount");
    let enough = MachineConfig { memory_bytes: mib << 20, ..with(image("initrd", vec![0; 9 * MIB])) };
    assert!(Machine::new(enough).is_ok(), "{text}");
    let alone = MachineConfig { kernel: None, ..with(image("initrd", NOP)) };
    assert!(complaint(alone).contains("--kernel"));
}

#[test]
fn firmware_and_kernel_do_not_overlap() {
    let (bios, kernel) = (image("firmware", elf(&ELF)), image("kernel", elf(&ELF)));
    let text = complaint(MachineConfig { bios, kernel, ..config(ENGINES[0]) });
    assert_says(&text, "kernel", &["overlaps firmware", "0x80000000"]);
}

#[test]
fn values_out_of_range_are_named_with_a_remedy() {
    let sound = || MachineConfig { bios: image("b", NOP), ..config(ENGINES[0]) };
    let cases = [
        (MachineConfig { memory_bytes: 0, ..sound() }, ["--memory", "0 bytes", "1 MiB"]),
        (
            MachineConfig { memory_bytes: u64::MAX, ..sound() },
            ["--memory", "18446744073709551615", "128 GiB"],
        ),
        (MachineConfig { memory_bytes: (8 << 20) + 1, ..sound() }, ["--memory", "8388609", "4 KiB"]),
        (MachineConfig { cpus: 0, ..sound() }, ["--cpus", "0", "1 to 8"]),
        (MachineConfig { cpus: u32::MAX, ..sound() }, ["--cpus", "4294967295", "1 to 8"]),
        (MachineConfig { append: "x".repeat(5000), ..sound() }, ["--append", "5000", "4095"]),
        (MachineConfig { append: "a\0b".into(), ..sound() }, ["--append", "3", "NUL"]),
        (MachineConfig { machine: "pdp-11".into(), ..sound() }, ["pdp-11", "machine", "mynah machines"]),
        (MachineConfig { bios: None, ..sound() }, ["nothing to run", "--kernel", "--bios"]),
    ];
    for (config, parts) in cases {
        let text = complaint(config);
        assert!(parts.iter().all(|part| text.contains(part)), "{text}: does not mention all of {parts:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Garbage runs, as garbage does, or is refused by name.
    #[test]
    fn garbage_is_run_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        start in prop::sample::select(vec![&b""[..], b"\x7fELF\x02\x01\x01", b"\x1f\x8b\x08"]),
        as_kernel in any::<bool>(),
        initrd in prop::collection::vec(any::<u8>(), 1..50),
    ) {
        let file = image("garbage", [start, &bytes].concat());
        let config = match as_kernel {
            true => MachineConfig { kernel: file, initrd: image("initrd", initrd), ..config(ENGINES[0]) },
            false => MachineConfig { bios: file, ..config(ENGINES[0]) },
        };
        match Machine::new(config) {
            Ok(mut machine) => _ = machine.run(&mut Turns(1)),
            Err(error) => prop_assert!(error.to_string().starts_with("garbage: "), "{error}"),
        }
    }

    /// A sound program with some bytes changed, or cut off.
    #[test]
    fn damaged_programs_are_run_or_refused(
        spoils in prop::collection::vec((0..120_usize, any::<u8>()), 1..4),
        kept in 0..136_usize,
        packed in any::<bool>(),
    ) {
        let mut bytes = if packed { gzip(&elf(&ELF)) } else { elf(&ELF) };
        for (at, value) in spoils {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(kept.max(1));
        match Machine::new(MachineConfig { bios: image("damaged", bytes), ..config(ENGINES[0]) }) {
            Ok(mut machine) => _ = machine.run(&mut Turns(1)),
            Err(error) => {
                let text = error.to_string();
                let named = ["damaged: ", "the device tree: "].iter().any(|name| text.starts_with(name));
                prop_assert!(named, "{text}");
            }
        }
    }
}
