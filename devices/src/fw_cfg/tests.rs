use super::*;
use bus::{AddressSpace, Ram};
use proptest::prelude::*;
use std::sync::Arc;

const RAM: PhysAddr = 0x8000_0000;
const DESCRIPTOR: PhysAddr = RAM + 0x100;
const BUFFER: PhysAddr = RAM + 0x200;

struct Bench {
    cfg: FwCfg,
    dma: Dma,
}

fn bench() -> Bench {
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::new(Ram::new(RAM, 0x1_0000).expect("a small mapping")));
    let dma = space.dma();
    Bench { cfg: FwCfg::new(dma.clone()), dma }
}

impl Bench {
    fn select(&mut self, key: u16) {
        self.cfg.write(8, 2, key.swap_bytes().into());
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.cfg.read(0, 1) as u8).collect()
    }

    /// Runs a descriptor; returns its control word afterwards.
    fn run(&mut self, control: u32, length: u32, address: u64) -> u32 {
        let mut descriptor = Vec::new();
        descriptor.extend(control.to_be_bytes());
        descriptor.extend(length.to_be_bytes());
        descriptor.extend(address.to_be_bytes());
        self.dma.write(DESCRIPTOR, &descriptor).expect("RAM");
        self.cfg.write(16, 8, DESCRIPTOR.swap_bytes());
        u32::from_be_bytes(self.dma.load(DESCRIPTOR).expect("RAM"))
    }

    fn ram<const N: usize>(&self, at: PhysAddr) -> [u8; N] {
        self.dma.load(at).expect("RAM")
    }
}

fn with_key(key: u16, control: u32) -> u32 {
    u32::from(key) << 16 | control::SELECT | control
}

#[test]
fn the_signature_and_features_are_there() {
    let mut b = bench();
    assert_eq!(b.bytes(6), b"QEMU\0\0");
    b.select(key::ID);
    assert_eq!(b.cfg.read(0, 4), 3);
    assert_eq!(b.cfg.read(16, 8).to_le_bytes(), *b"QEMU CFG");
    assert_eq!(b.cfg.read(20, 4).to_le_bytes(), *b" CFG\0\0\0\0");
}

#[test]
fn data_comes_in_item_order_at_any_width() {
    let mut b = bench();
    b.cfg.add_bytes(key::UUID, (1..=11).collect::<Vec<u8>>());
    b.select(key::UUID);
    assert_eq!((b.cfg.read(0, 8), b.cfg.read(0, 2), b.cfg.read(0, 4)), (0x0807_0605_0403_0201, 0x0a09, 0x0b));
    b.select(key::UUID);
    assert_eq!(b.cfg.read(0, 1), 1, "selecting starts over");
}

#[test]
fn the_directory_names_the_files() {
    let mut b = bench();
    let second = b.cfg.add_file("opt/second", *b"xyz").expect("room");
    let first = b.cfg.add_file("etc/first", *b"a").expect("room");
    b.select(key::FILE_DIRECTORY);
    assert_eq!(b.bytes(4), 2u32.to_be_bytes());
    for (name, key, size) in [("etc/first", first, 1u32), ("opt/second", second, 3)] {
        let entry = b.bytes(64);
        assert_eq!(entry[..4], size.to_be_bytes());
        assert_eq!(entry[4..6], key.to_be_bytes());
        assert_eq!(entry[8..8 + name.len()], *name.as_bytes());
        assert!(entry[8 + name.len()..].iter().all(|byte| *byte == 0));
    }
    b.select(second);
    assert_eq!(b.bytes(4), b"xyz\0");
}

#[test]
fn bad_files_are_refused() {
    let mut b = bench();
    for name in ["", "nul\0", &"x".repeat(56)] {
        assert_eq!(b.cfg.add_file(name, []), Err(FwCfgError::BadName(name.into())));
    }
    assert!(b.cfg.add_file(&"x".repeat(55), []).is_ok());
    assert_eq!(b.cfg.add_file(&"x".repeat(55), []), Err(FwCfgError::Taken("x".repeat(55))));
}

#[test]
fn dma_reads_and_pads_with_zeroes() {
    let mut b = bench();
    b.dma.write(BUFFER, &[0xaa; 9]).expect("RAM");
    assert_eq!(b.run(with_key(key::SIGNATURE, control::READ), 8, BUFFER), 0);
    assert_eq!(b.ram(BUFFER), *b"QEMU\0\0\0\0\xaa");
}

#[test]
fn dma_skips_and_continues() {
    let mut b = bench();
    assert_eq!(b.run(with_key(key::SIGNATURE, control::SKIP), 2, u64::MAX), 0);
    assert_eq!(b.run(control::READ, 2, BUFFER), 0);
    assert_eq!(b.ram(BUFFER), *b"MU");
}

#[test]
fn the_address_can_be_written_in_halves() {
    let mut b = bench();
    b.dma.write(DESCRIPTOR, &with_key(key::SIGNATURE, control::READ).to_be_bytes()).expect("RAM");
    b.dma.write(DESCRIPTOR + 4, &4u32.to_be_bytes()).expect("RAM");
    b.dma.write(DESCRIPTOR + 8, &BUFFER.to_be_bytes()).expect("RAM");
    b.cfg.write(16, 4, 0);
    b.cfg.write(20, 4, (DESCRIPTOR as u32).swap_bytes().into());
    assert_eq!(b.ram(BUFFER), *b"QEMU");
}

#[test]
fn hostile_descriptors_get_the_error_bit() {
    let mut b = bench();
    let end = RAM + 0x1_0000;
    for (length, address) in [(8, 0), (8, end - 7), (u32::MAX, RAM), (2, u64::MAX), (1, end)] {
        assert_eq!(b.run(with_key(0, control::READ), length, address), control::ERROR, "{address:#x}");
    }
    assert_eq!(b.run(with_key(0, control::WRITE), 1, BUFFER), control::ERROR, "read-only");
    for at in [0, end - 8, u64::MAX] {
        b.cfg.write(16, 8, u64::swap_bytes(at));
    }
}

#[test]
fn writable_files_take_writes_within_their_size() {
    let mut b = bench();
    let key = b.cfg.add_writable_file("etc/vmcoreinfo", [0; 4]).expect("room");
    b.dma.write(BUFFER, b"ABCDE").expect("RAM");
    assert_eq!(b.run(with_key(key, control::WRITE), 5, BUFFER), control::ERROR);
    assert_eq!(b.run(with_key(key, control::SKIP), 1, 0), 0);
    assert_eq!(b.run(control::WRITE, 3, BUFFER), 0);
    assert_eq!(b.cfg.item(key), Some(&b"\0ABC"[..]));
    let state = b.cfg.save();
    let mut other = bench();
    assert!(other.cfg.restore(state.clone()).is_err(), "it has no such file");
    other.cfg.add_writable_file("etc/vmcoreinfo", [0; 4]).expect("room");
    other.cfg.restore(state).expect("the same files");
    assert_eq!(other.cfg.item(key), Some(&b"\0ABC"[..]));
}

proptest! {
    /// No descriptor reaches beyond RAM or an item, and each is answered.
    #[test]
    fn any_descriptor_is_answered(control: u32, length: u32, address: u64, near in 0u64..0x1_0010) {
        let mut b = bench();
        for address in [address, RAM + near] {
            for length in [length, length & 0xffff] {
                let answer = b.run(control, length, address);
                // A transfer may run over its own descriptor; the answer comes last.
                prop_assert!(answer == 0 || answer == control::ERROR);
            }
        }
    }
}
