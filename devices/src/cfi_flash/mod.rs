//! Parallel NOR flash with the Intel command set (Intel StrataFlash J3 data
//! sheet 290667; Common Flash Interface, JEDEC JESD68.01, command set 0x0001).
//!
//! A bank is what one of the two flash nodes of QEMU's `virt` machine has: two
//! 16-bit chips side by side on a 32-bit bus, with 128 or 256 blocks each. The
//! chips are told apart by address bit 1 and take commands independently;
//! drivers write the same command to both at once.
//!
//! Reads come from the contents until a command says otherwise:
//!
//! | command            | cycles                                              |
//! |--------------------|-----------------------------------------------------|
//! | read array         | 0xff                                                |
//! | read identifier    | 0x90; word 0: maker, 1: device, 2: block lock       |
//! | CFI query          | 0x98; the table is in `query.rs`                    |
//! | read status        | 0x70                                                |
//! | clear status       | 0x50                                                |
//! | block erase        | 0x20, 0xd0 to the block                             |
//! | program word       | 0x40 or 0x10, data                                  |
//! | buffered program   | 0xe8, words - 1, data of each word, 0xd0            |
//! | block lock, unlock | 0x60, 0x01 or 0xd0 or 0x2f; accepted, does nothing  |
//!
//! Erasing and programming take no time.

mod chip;
mod contents;
mod query;

use crate::hex::HexBytes;
use crate::refused;
use crate::registry::DeviceInfo;
use bus::{BlockStore, Device, RestoreError, Snapshot};
use chip::Chip;
use contents::Contents;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "cfi-flash",
    description: "Parallel NOR flash, Intel command set, 32 or 64 MiB a bank",
    source: "Intel StrataFlash J3 data sheet; JEDEC JESD68.01 (CFI)",
    compatible: &["cfi-flash"],
};

/// The size of a bank in bytes on some boards. On others it is twice that.
pub const BANK_BYTES: usize = 128 * SECTOR_BYTES;
/// The unit of erasing in bytes: a block of both chips.
pub const SECTOR_BYTES: usize = 256 << 10;
/// The width of the bus in bytes.
pub const BANK_WIDTH: u32 = 4;

/// A block of one chip in 16-bit words.
const BLOCK_WORDS: u32 = (SECTOR_BYTES / 4) as u32;
/// The write buffer of one chip in 16-bit words.
const BUFFER_WORDS: u32 = 1 << (query::BUFFER_LOG2_BYTES - 1);

/// A bank of flash.
pub struct CfiFlash {
    contents: Contents,
    chips: [Chip; 2],
}

/// All that a guest can see of it. It goes with the image the bank was built
/// with: only what the guest changed is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    chips: [Chip; 2],
    /// Contents of the changed sectors by number.
    changed: BTreeMap<u32, HexBytes>,
}

impl CfiFlash {
    /// A bank of `bank_bytes` (whole sectors, a power of two) that holds `image`,
    /// erased (all ones) behind its end, and forgets what the guest writes when
    /// it is dropped.
    ///
    /// # Errors
    /// The image is larger than the bank.
    ///
    /// # Panics
    /// If there is no such bank: a board's mistake, not a guest's.
    pub fn new(bank_bytes: usize, image: Vec<u8>, read_only: bool) -> io::Result<CfiFlash> {
        assert!(bank_bytes.is_power_of_two() && bank_bytes >= SECTOR_BYTES, "no bank has {bank_bytes} bytes");
        Ok(CfiFlash { contents: Contents::new(bank_bytes, image, read_only)?, chips: Default::default() })
    }

    /// A bank of that size that holds what `store` holds, and writes back to it
    /// what the guest writes. If the store cannot be written, it forgets that.
    ///
    /// # Errors
    /// The store cannot be read, is larger than the bank, or can be written but
    /// is smaller.
    ///
    /// # Panics
    /// As for [`CfiFlash::new`].
    pub fn open(bank_bytes: usize, store: Box<dyn BlockStore>) -> io::Result<CfiFlash> {
        assert!(bank_bytes.is_power_of_two() && bank_bytes >= SECTOR_BYTES, "no bank has {bank_bytes} bytes");
        Ok(CfiFlash { contents: Contents::open(bank_bytes, store)?, chips: Default::default() })
    }

    fn bank_bytes(&self) -> usize {
        self.contents.sectors() * SECTOR_BYTES
    }
}

/// The 16-bit halves of the bus that an access touches, by even byte offset.
/// What lies outside the bank is left out.
fn halves(offset: u64, bytes: u8, bank_bytes: usize) -> impl Iterator<Item = usize> {
    let end = offset.saturating_add(bytes.into()).min(bank_bytes as u64);
    (offset.min(end) as usize & !1..end as usize).step_by(2)
}

/// The chip a half of the bus leads to and the word within the chip.
fn lane_and_word(at: usize) -> (usize, u32) {
    (at / 2 % 2, (at / 4) as u32)
}

impl Device for CfiFlash {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let mut value = 0;
        for at in halves(offset, bytes, self.bank_bytes()) {
            let (lane, word) = lane_and_word(at);
            let half =
                u128::from(self.chips[lane].read(word, self.contents.sectors(), || self.contents.half(at)));
            // The first half of an odd access starts a byte before it.
            value |= half << (8 * (at as u64 + 1 - offset));
        }
        let mask = u64::MAX >> (64 - 8 * u32::from(bytes.clamp(1, 8)));
        (value >> 8) as u64 & mask
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        // Data lines that the access leaves alone float high.
        let mask = u128::MAX << (8 * u32::from(bytes.clamp(1, 8)));
        let lines = (u128::from(value) | mask) << 8 | 0xff;
        for at in halves(offset, bytes, self.bank_bytes()) {
            let (lane, word) = lane_and_word(at);
            let data = (lines >> (8 * (at as u64 + 1 - offset))) as u16;
            self.chips[lane].write(word, data, &mut self.contents.lane(lane));
        }
    }

    /// The chips read as an array again; what they hold stays.
    fn reset(&mut self) {
        self.chips = Default::default();
    }
}

impl Snapshot for CfiFlash {
    const KIND: &'static str = "cfi-flash";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        State { chips: self.chips.clone(), changed: self.contents.changed() }
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.chips.iter().all(|chip| chip.is_reachable(self.contents.sectors())) {
            return Err(refused::<CfiFlash>("a chip's write buffer holds what it cannot"));
        }
        self.contents.replace(state.changed).map_err(refused::<CfiFlash>)?;
        self.chips = state.chips;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
