//! Good files, and every way of being a bad one.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

const RAM: Range<PhysAddr> = 0x8000_0000..0x8400_0000;
const BASE: Base = Base { raw: 0x8020_0000, linux: 0x8000_0000 };

fn kernel(image: &Image, base: Base, ram: &Range<PhysAddr>) -> Result<Program, MachineError> {
    super::kernel(image, &RISCV64, base, ram)
}

fn firmware(image: &Image, base: PhysAddr, ram: &Range<PhysAddr>) -> Result<Program, MachineError> {
    super::firmware(image, &RISCV64, base, ram)
}

fn file(bytes: Vec<u8>) -> Image {
    Image { name: "some/file".into(), bytes: bytes.into() }
}

/// A Linux `Image` of `len` bytes with these header fields (boot-image-header.rst).
fn linux_image(text_offset: u64, image_bytes: u64, flags: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0x13; len];
    bytes[8..16].copy_from_slice(&text_offset.to_le_bytes());
    bytes[16..24].copy_from_slice(&image_bytes.to_le_bytes());
    bytes[24..32].copy_from_slice(&flags.to_le_bytes());
    bytes[48..56].copy_from_slice(b"RISCV\0\0\0");
    bytes[56..60].copy_from_slice(b"RSC\x05");
    bytes
}

/// The same for arm64 (booting.rst).
fn arm64_image(text_offset: u64, len: usize) -> Vec<u8> {
    let mut bytes = linux_image(text_offset, len as u64, 0, len);
    bytes[56..60].copy_from_slice(b"ARM\x64");
    bytes
}

/// An EFI program that holds `payload`, packed by `kind` (Linux,
/// drivers/firmware/efi/libstub/zboot-header.S).
fn zboot(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[4..8].copy_from_slice(b"zimg");
    bytes[8..12].copy_from_slice(&64_u32.to_le_bytes());
    bytes[12..16].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes[24..24 + kind.len()].copy_from_slice(kind.as_bytes());
    [&bytes, payload].concat()
}

#[test]
fn kernels_are_found_in_efi_programs() {
    let image = arm64_image(0x8_0000, 4096);
    let zstd = zstd::encode_all(&image[..], 1).expect("a vector takes all");
    for bytes in [image.clone(), gzip(&image), zboot("gzip", &gzip(&image)), zboot("zstd22", &zstd), zstd] {
        let program = super::kernel(&file(bytes), &ARM64, BASE, &RAM).expect("a good image");
        assert_eq!((program.entry, &program.segments[0].bytes[..]), (BASE.linux + 0x8_0000, &image[..]));
    }
    let refused = |bytes| complaint(super::kernel(&file(bytes), &ARM64, BASE, &RAM));
    assert!(refused(zboot("lzma", &image)).contains("lzma"));
    assert!(refused(zboot("gzip", &gzip(&image))[..80].to_vec()).contains("cut short"));
    assert!(refused(linux_image(0, 0, 0, 128)).contains("riscv64"));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}

/// What an ELF file for tests says.
struct Elf {
    kind: u16,
    machine: u16,
    class: u8,
    paddr: u64,
    memory_bytes: u64,
    tohost: Option<u64>,
}

const ELF: Elf = Elf { kind: 2, machine: 243, class: 2, paddr: 0x8000_0000, memory_bytes: 64, tohost: None };
const CODE: &[u8] = b"sixteen bytes...";

impl Elf {
    /// The file, laid out by hand after the ELF-64 specification: header,
    /// program header, code, symbols, names, section headers.
    fn bytes(&self) -> Vec<u8> {
        let names = b"\0tohost\0fromhost\0";
        let (code_at, symbols_at) = (120u64, 136u64);
        let names_at = symbols_at + 72;
        let sections_at = names_at + names.len() as u64;
        let mut b = vec![0x7f, b'E', b'L', b'F', self.class, 1, 1];
        b.resize(16, 0);
        b.extend([self.kind, self.machine].iter().flat_map(|half| half.to_le_bytes()));
        b.extend(1u32.to_le_bytes());
        b.extend([0xffff_0000 + 4, 64, sections_at].iter().flat_map(|word: &u64| word.to_le_bytes()));
        b.extend(0u32.to_le_bytes());
        b.extend([64u16, 56, 1, 64, 3, 0].iter().flat_map(|half| half.to_le_bytes()));
        // PT_LOAD, readable and executable, at virtual 0xffff0000.
        b.extend([1u32, 5].iter().flat_map(|word| word.to_le_bytes()));
        let load = [code_at, 0xffff_0000, self.paddr, CODE.len() as u64, self.memory_bytes, 8];
        b.extend(load.iter().flat_map(|word| word.to_le_bytes()));
        b.extend(CODE);
        b.resize(b.len() + 24, 0);
        for (name, value) in [(1u32, self.tohost), (8, self.tohost.map(|at| at + 64))] {
            b.extend(if value.is_some() { name } else { 0 }.to_le_bytes());
            b.extend([0x10, 0, 1, 0]);
            b.extend([value.unwrap_or(0), 8].iter().flat_map(|word| word.to_le_bytes()));
        }
        b.extend(names);
        b.resize(b.len() + 64, 0);
        for (kind, at, size, link, entry) in
            [(2u32, symbols_at, 72u64, 2u32, 24u64), (3, names_at, names.len() as u64, 0, 0)]
        {
            b.extend([0, kind].iter().flat_map(|word| word.to_le_bytes()));
            b.extend([0, 0, at, size].iter().flat_map(|word: &u64| word.to_le_bytes()));
            b.extend([link, 0].iter().flat_map(|word| word.to_le_bytes()));
            b.extend([8, entry].iter().flat_map(|word: &u64| word.to_le_bytes()));
        }
        b
    }
}

fn complaint(result: Result<Program, MachineError>) -> String {
    let text = result.expect_err("must be refused").to_string();
    assert!(text.starts_with("some/file: "), "{text}");
    text
}

#[test]
fn a_linux_image_goes_where_its_header_says() {
    let image = linux_image(0x20_0000, 0x10_0000, 0, 4096);
    for bytes in [image.clone(), gzip(&image)] {
        let program = kernel(&file(bytes), BASE, &RAM).expect("a good image");
        assert_eq!(program.entry, 0x8020_0000);
        assert_eq!(program.segments[0].range(), 0x8020_0000..0x8030_0000);
        assert_eq!(program.segments[0].bytes, image);
    }
}

#[test]
fn kernels_for_other_machines_say_so() {
    let mut arm = linux_image(0, 0, 0, 128);
    arm[56..60].copy_from_slice(b"ARM\x64");
    assert!(complaint(kernel(&file(arm), BASE, &RAM)).contains("arm64"));
    assert!(complaint(kernel(&file(linux_image(0, 0, 1, 128)), BASE, &RAM)).contains("big-endian"));
    assert!(complaint(kernel(&file(linux_image(u64::MAX, 0, 0, 128)), BASE, &RAM)).contains("damaged"));
    let x86 = Elf { machine: 62, ..ELF };
    assert!(complaint(kernel(&file(x86.bytes()), BASE, &RAM)).contains("X86_64"));
    let rv32 = Elf { class: 1, ..ELF };
    assert!(complaint(kernel(&file(rv32.bytes()), BASE, &RAM)).contains("64-bit"));
    let object = Elf { kind: 1, ..ELF };
    assert!(complaint(kernel(&file(object.bytes()), BASE, &RAM)).contains("link it"));
    assert!(complaint(kernel(&file(b"\x28\xb5\x2f\xfd....".to_vec()), BASE, &RAM)).contains("zstd"));
    assert!(complaint(kernel(&file(b"070701....".to_vec()), BASE, &RAM)).contains("--initrd"));
}

#[test]
fn empty_and_damaged_files_say_so() {
    assert!(complaint(kernel(&file(vec![]), BASE, &RAM)).contains("empty"));
    assert!(complaint(kernel(&file(gzip(&[])), BASE, &RAM)).contains("empty"));
    let mut packed = gzip(&linux_image(0, 0, 0, 4096));
    packed.truncate(packed.len() - 9);
    assert!(complaint(kernel(&file(packed), BASE, &RAM)).contains("cut short"));
    let bomb = gzip(&vec![0; (RAM.end - RAM.start + 1) as usize]);
    assert!(complaint(kernel(&file(bomb), BASE, &RAM)).contains("--memory"));
}

/// A kernel with an EFI stub says how long it has to be.
#[test]
fn a_kernel_cut_short_says_so() {
    let mut image = linux_image(0x20_0000, 0x10_0000, 0, 4096);
    image[..2].copy_from_slice(b"MZ");
    image[60..64].copy_from_slice(&64u32.to_le_bytes());
    image[64..68].copy_from_slice(b"PE\0\0");
    image[70..72].copy_from_slice(&1u16.to_le_bytes());
    image[84..86].copy_from_slice(&16u16.to_le_bytes());
    // The one section: 3,000 bytes at 1,096.
    image[64 + 24 + 16 + 16..][..4].copy_from_slice(&3000u32.to_le_bytes());
    image[64 + 24 + 16 + 20..][..4].copy_from_slice(&1096u32.to_le_bytes());
    assert!(kernel(&file(image.clone()), BASE, &RAM).is_ok());
    image.truncate(4095);
    assert!(complaint(kernel(&file(image), BASE, &RAM)).contains("4095 bytes of 4096"));
}

#[test]
fn an_elf_program_is_placed_by_its_physical_addresses() {
    let program = firmware(&file(ELF.bytes()), RAM.start, &RAM).expect("a good program");
    assert_eq!(program.segments.len(), 1);
    assert_eq!((program.segments[0].at, program.segments[0].memory_bytes), (0x8000_0000, 64));
    assert_eq!(program.segments[0].bytes, CODE);
    assert_eq!(program.entry, 0x8000_0004, "the entry is virtual");
    assert_eq!(program.symbols, Symbols::default());
}

#[test]
fn a_position_independent_program_moves_into_ram() {
    let program =
        firmware(&file(Elf { kind: 3, paddr: 0, ..ELF }.bytes()), RAM.start, &RAM).expect("movable");
    assert_eq!((program.segments[0].at, program.entry), (RAM.start, RAM.start + 4));
    let fixed = firmware(&file(Elf { paddr: 0, ..ELF }.bytes()), RAM.start, &RAM).expect("parses");
    let error = Layout::new(&RAM).program("some/file", &fixed).expect_err("0 is not RAM").to_string();
    assert!(error.contains("no RAM") && error.contains("0x80000000"), "{error}");
}

#[test]
fn the_host_target_interface_is_found_by_its_symbols() {
    let program =
        firmware(&file(Elf { tohost: Some(0x8000_1000), ..ELF }.bytes()), RAM.start, &RAM).expect("good");
    assert_eq!(program.symbols, Symbols { tohost: Some(0x8000_1000), fromhost: Some(0x8000_1040) });
}

#[test]
fn too_little_memory_names_how_much_is_needed() {
    let big = kernel(&file(linux_image(0x20_0000, 80 << 20, 0, 4096)), BASE, &RAM).expect("parses");
    let error = Layout::new(&RAM).program("vmlinux", &big).expect_err("64 MiB are too few").to_string();
    assert_eq!(error, "vmlinux: it needs at least 82 MiB of RAM, not 64 MiB: give --memory 82M");
}

#[test]
fn overlaps_name_both_files() {
    let mut layout = Layout::new(&RAM);
    layout.take("fw", 0x8000_0000..0x8000_2000).expect("free");
    let error = layout.take("kernel", 0x8000_1fff..0x8000_3000).expect_err("taken").to_string();
    assert!(error.starts_with("kernel: ") && error.contains("overlaps fw"), "{error}");
    layout.take("kernel", 0x8000_2000..0x8000_3000).expect("just behind");
}

/// Whether two ranges have a byte in common.
fn overlap(a: &Range<PhysAddr>, b: &Range<PhysAddr>) -> bool {
    a.start < b.end && b.start < a.end
}

proptest! {
    /// Whatever the sizes, all that gets a place is inside RAM and apart.
    #[test]
    fn places_are_apart(
        ram_mib in 1..5000u64,
        kernel_bytes in 1..1u64 << 28,
        fdt_bytes in 1..1u64 << 21,
        initrd_bytes in 1..1u64 << 30,
    ) {
        let ram = RAM.start..RAM.start + (ram_mib << 20);
        let mut layout = Layout::new(&ram);
        let kernel = ram.start..ram.start + kernel_bytes;
        prop_assume!(layout.take("kernel", kernel.clone()).is_ok());
        let Ok(at) = layout.device_tree(fdt_bytes) else { return Ok(()) };
        let fdt = at..at + fdt_bytes;
        prop_assert!(at % 8 == 0 && fdt.end <= ram.end && !overlap(&fdt, &kernel));
        if let Ok(at) = layout.initrd("initrd", initrd_bytes, kernel.end) {
            let initrd = at..at + initrd_bytes;
            prop_assert!(at % 4096 == 0 && initrd.end <= ram.end);
            prop_assert!(!overlap(&initrd, &kernel) && !overlap(&initrd, &fdt));
        }
    }

    #[test]
    fn any_bytes_are_a_program_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = kernel(&file(bytes.clone()), BASE, &RAM);
        let _ = kernel(&file([b"\x7fELF".as_slice(), &bytes].concat()), BASE, &RAM);
        let _ = kernel(&file([&[0x1f, 0x8b, 8], &bytes[..]].concat()), BASE, &RAM);
    }

    /// A good file with some bytes changed, then cut short. What is accepted
    /// lies in RAM or is refused a place, without a panic.
    #[test]
    fn damage_is_survived(
        elf in any::<bool>(),
        damage in proptest::collection::vec((0..500usize, any::<u8>()), 0..4),
        len in 0..500usize,
    ) {
        let mut bytes = match elf {
            true => Elf { tohost: Some(0x8000_1000), ..ELF }.bytes(),
            false => linux_image(0x20_0000, 0x1000, 0, 500),
        };
        for (at, byte) in damage {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        bytes.truncate(len);
        if let Ok(program) = kernel(&file(bytes), BASE, &RAM)
            && Layout::new(&RAM).program("some/file", &program).is_ok()
        {
            for segment in &program.segments {
                prop_assert!(segment.at >= RAM.start && segment.range().end <= RAM.end);
                prop_assert!(segment.bytes.len() as u64 <= segment.memory_bytes);
            }
        }
    }
}
