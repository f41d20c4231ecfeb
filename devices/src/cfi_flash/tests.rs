use super::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

const READY: u64 = 0x0080_0080;

fn flash() -> CfiFlash {
    CfiFlash::new(BANK_BYTES, vec![0x12, 0x34, 0x56, 0x78], false).expect("a small image")
}

/// Writes to both chips at once, as drivers do.
fn both(flash: &mut CfiFlash, at: u64, data: u64) {
    flash.write(at, 4, data << 16 | data);
}

fn array(flash: &mut CfiFlash, at: u64) -> u64 {
    both(flash, 0, 0xff);
    flash.read(at, 4)
}

#[test]
fn reads_the_image_and_ones_behind_it() {
    let mut f = flash();
    assert_eq!((f.read(0, 8), f.read(1, 2), f.read(3, 1)), (0xffff_ffff_7856_3412, 0x5634, 0x78));
    assert_eq!(f.read(BANK_BYTES as u64 - 4, 4), 0xffff_ffff);
    assert_eq!(f.read(BANK_BYTES as u64, 4), 0);
}

#[test]
fn the_query_describes_the_bank() {
    let mut f = flash();
    both(&mut f, 0x55 * 4, 0x98);
    let mut word = |at: u64| f.read(at * 4, 4) as u16 as usize;
    assert_eq!([0x10, 0x11, 0x12].map(&mut word), [b'Q', b'R', b'Y'].map(usize::from));
    assert_eq!(word(0x13), 1);
    let extended = word(0x15) as u64;
    assert_eq!([0, 1, 2].map(|i| word(extended + i)), [b'P', b'R', b'I'].map(usize::from));
    let chip_bytes = 1usize << word(0x27);
    assert_eq!(2 * chip_bytes, BANK_BYTES);
    let (blocks, block_bytes) = (word(0x2d) + 1, (word(0x30) << 8 | word(0x2f)) * 256);
    assert_eq!((word(0x2c), blocks * block_bytes, 2 * block_bytes), (1, chip_bytes, SECTOR_BYTES));
    assert_eq!(1 << word(0x2a), 2 * BUFFER_WORDS as usize);
    assert_eq!(f.read(0x10 * 4, 4), 0x0051_0051, "both chips answer");
}

#[test]
fn the_identifier_is_intels() {
    let mut f = flash();
    both(&mut f, 0, 0x90);
    assert_eq!((f.read(0, 4), f.read(4, 4), f.read(8, 4)), (0x0089_0089, 0x0018_0018, 0));
}

#[test]
fn programming_clears_bits_and_erasing_sets_them() {
    let mut f = flash();
    let at = SECTOR_BYTES as u64 + 8;
    for data in [0xf0f0_ff00, 0x3c3c_ffff] {
        both(&mut f, at, 0x40);
        f.write(at, 4, data);
        assert_eq!(f.read(at, 4), READY);
    }
    assert_eq!(array(&mut f, at), 0x3030_ff00);
    both(&mut f, at, 0x20);
    both(&mut f, at, 0xd0);
    assert_eq!(f.read(at, 4), READY);
    assert_eq!((array(&mut f, at), f.read(0, 4)), (0xffff_ffff, 0x7856_3412));
}

#[test]
fn a_buffer_is_programmed_at_its_confirmation() {
    let mut f = flash();
    let block = 3 * SECTOR_BYTES as u64;
    both(&mut f, block, 0xe8);
    assert_eq!(f.read(block, 4), READY);
    both(&mut f, block, 2);
    for (at, data) in [(0x10, 0x1111_2222), (0x14, 0x3333_4444), (0x18, 0x5555_6666)] {
        f.write(block + at, 4, data);
    }
    assert!(f.save().changed.is_empty());
    both(&mut f, block, 0xd0);
    assert_eq!(f.read(block, 4), READY);
    assert_eq!((array(&mut f, block + 0x10), f.read(block + 0x18, 4)), (0x1111_2222, 0x5555_6666));
}

#[test]
fn wrong_sequences_set_both_error_bits() {
    let sequences: [&[(u64, u64)]; 5] = [
        &[(0, 0x20), (0, 0xff)],
        &[(0, 0xe8), (0, 0xffff)],
        &[(0, 0xe8), (0, 0), (SECTOR_BYTES as u64, 1)],
        &[(0, 0xe8), (0, 0), (0, 1), (0, 0xff)],
        &[(0, 0x60), (0, 0x77)],
    ];
    for sequence in sequences {
        let mut f = flash();
        sequence.iter().for_each(|(at, data)| both(&mut f, *at, *data));
        assert_eq!(f.read(0, 4), 0x00b0_00b0, "{sequence:x?}");
        both(&mut f, 0, 0x50);
        both(&mut f, 0, 0x70);
        assert_eq!(f.read(0, 4), READY);
        assert!(f.save().changed.is_empty());
    }
}

#[test]
fn a_read_only_bank_reports_a_locked_block() {
    let mut f = CfiFlash::new(BANK_BYTES, vec![0; 8], true).expect("a small image");
    both(&mut f, 0, 0x20);
    both(&mut f, 0, 0xd0);
    assert_eq!(f.read(0, 4), 0x00a2_00a2);
    assert_eq!(array(&mut f, 0), 0);
}

#[test]
fn the_chips_take_commands_apart() {
    let mut f = flash();
    f.write(2, 2, 0x90);
    assert_eq!(f.read(0, 4), 0x0089_3412);
}

#[derive(Clone)]
struct Disk(Arc<Mutex<Vec<u8>>>, bool);

impl BlockStore for Disk {
    fn len_bytes(&self) -> u64 {
        self.0.lock().expect("one thread").len() as u64
    }
    fn read_only(&self) -> bool {
        self.1
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        buf.copy_from_slice(&self.0.lock().expect("one thread")[offset as usize..][..buf.len()]);
        Ok(())
    }
    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        self.0.lock().expect("one thread")[offset as usize..][..buf.len()].copy_from_slice(buf);
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn discard(&mut self, _offset: u64, _len_bytes: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

fn disk(bytes: usize, read_only: bool) -> Disk {
    Disk(Arc::new(Mutex::new(vec![0xff; bytes])), read_only)
}

fn program(flash: &mut CfiFlash, at: u64, data: u64) {
    both(flash, at, 0x40);
    flash.write(at, 4, data);
}

#[test]
fn the_store_follows_programming_erasing_and_restoring() {
    let disk = disk(BANK_BYTES, false);
    let byte = |at: usize| disk.0.lock().expect("one thread")[at];
    let mut f = CfiFlash::open(BANK_BYTES, Box::new(disk.clone())).expect("a full bank");
    let blank = f.save();
    program(&mut f, 0x40_0004, 0x0102_0304);
    assert_eq!([4, 5, 6, 7].map(|i| byte(0x40_0000 + i)), [4, 3, 2, 1]);
    let written = f.save();
    f.restore(blank).expect("our own state");
    assert_eq!((byte(0x40_0004), array(&mut f, 0x40_0004)), (0xff, 0xffff_ffff));
    f.restore(written).expect("our own state");
    assert_eq!((byte(0x40_0004), array(&mut f, 0x40_0004)), (4, 0x0102_0304));
}

#[test]
fn a_store_that_cannot_be_written_stays_as_it_is() {
    let disk = disk(4096, true);
    let mut f = CfiFlash::open(BANK_BYTES, Box::new(disk.clone())).expect("it fits");
    program(&mut f, 4, 0x0102_0304);
    assert_eq!(array(&mut f, 4), 0x0102_0304);
    assert!(disk.0.lock().expect("one thread").iter().all(|byte| *byte == 0xff));
}

#[test]
fn stores_of_the_wrong_size_are_refused() {
    let open = |bytes, read_only| CfiFlash::open(BANK_BYTES, Box::new(disk(bytes, read_only)));
    let error = open(BANK_BYTES + 1, false).err().expect("too large");
    assert!(error.to_string().contains("larger than its bank"));
    assert!(open(4096, false).err().expect("too small").to_string().contains("extend it to 33554432"));
    assert!(open(4096, true).is_ok());
}

#[test]
fn impossible_states_are_refused() {
    let mut f = flash();
    let sector = |number, bytes: usize| {
        let changed = BTreeMap::from([(number, HexBytes(vec![0; bytes]))]);
        State { chips: Default::default(), changed }
    };
    assert!(f.restore(sector(128, SECTOR_BYTES)).is_err());
    assert!(f.restore(sector(0, 4)).is_err());
    let mut fixed = CfiFlash::new(BANK_BYTES, Vec::new(), true).expect("no image");
    assert!(fixed.restore(sector(0, SECTOR_BYTES)).is_err());
    assert!(f.restore(sector(127, SECTOR_BYTES)).is_ok());
}

proptest! {
    /// Programmed words read back as old AND new at any width and alignment.
    #[test]
    fn accesses_agree_with_a_plain_array(words in prop::collection::vec((0u64..64, any::<u32>()), 1..20),
                                         reads in prop::collection::vec((0u64..250, 0u32..4), 1..20)) {
        let mut f = CfiFlash::new(BANK_BYTES, Vec::new(), false).expect("no image");
        let mut model = vec![0xff_u8; 264];
        for (word, data) in words {
            program(&mut f, word * 4, data.into());
            let cells = &mut model[word as usize * 4..][..4];
            data.to_le_bytes().iter().zip(cells).for_each(|(data, cell)| *cell &= data);
        }
        both(&mut f, 0, 0xff);
        for (at, log2) in reads {
            let bytes = 1usize << log2;
            let mut expected = [0; 8];
            expected[..bytes].copy_from_slice(&model[at as usize..][..bytes]);
            prop_assert_eq!(f.read(at, bytes as u8), u64::from_le_bytes(expected));
        }
    }
}
