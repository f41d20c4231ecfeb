//! What a chip says about itself (JESD68.01 section 2, tables 1 to 4; Intel's
//! extended table in the J3 data sheet, appendix A). The geometry is the one
//! that QEMU's `virt` machine reports.

use super::SECTOR_BYTES;

/// A block of one chip in bytes.
const CHIP_BLOCK_BYTES: usize = SECTOR_BYTES / 2;
/// Maker code: Intel.
const MAKER: u16 = 0x89;
/// Device code: 28F128J3, 128 Mbit.
const DEVICE: u16 = 0x18;

/// Log2 of the write buffer of one chip in bytes.
pub const BUFFER_LOG2_BYTES: u32 = 11;

/// Where the query structure begins, in words.
const QUERY: u32 = 0x10;

#[rustfmt::skip]
const TABLE: [u8; 48] = [
    b'Q', b'R', b'Y',
    0x01, 0x00,                    // Command set 0x0001, Intel extended.
    0x31, 0x00,                    // Its table is at word 0x31.
    0x00, 0x00, 0x00, 0x00,        // No alternative command set.
    0x45, 0x55, 0x00, 0x00,        // Supply 4.5 V to 5.5 V, no programming supply.
    0x07, 0x07, 0x0a, 0x00,        // Typical times, 2^n us: word, buffer; 2^n ms: block; chip.
    0x04, 0x04, 0x04, 0x00,        // Longest times, 2^n of the typical.
    0x00,                          // Size, 2^n bytes.
    0x02, 0x00,                    // 8 or 16 bits wide.
    BUFFER_LOG2_BYTES as u8, 0x00, // Write buffer, 2^n bytes.
    0x01,                          // One region of equal blocks:
    0x00, 0x00,                    // their number less one,
    0x00, 0x02,                    // their size in units of 256 bytes.
    b'P', b'R', b'I', b'1', b'0',  // Intel extended table, version 1.0.
    0x00, 0x00, 0x00, 0x00,        // No optional features,
    0x00, 0x00, 0x00,              // nothing while suspended, no block status,
    0x00, 0x00,                    // supply voltages not stated,
    0x01,                          // one protection field, of no size.
];

/// Where in the table the chip's size and its number of blocks are, which are
/// not the same for every bank.
const SIZE: usize = 0x17;
const BLOCKS: usize = 0x1d;

/// The answer at `word` after a CFI query command to a chip of `blocks` blocks.
pub fn word(word: u32, blocks: usize) -> u16 {
    let Some(index) = word.checked_sub(QUERY).map(|index| index as usize) else { return 0 };
    let [low, high] = (blocks as u16 - 1).to_le_bytes();
    let byte = match index {
        SIZE => (blocks * CHIP_BLOCK_BYTES).ilog2() as u8,
        BLOCKS => low,
        _ if index == BLOCKS + 1 => high,
        _ => TABLE.get(index).copied().unwrap_or(0),
    };
    byte.into()
}

/// The answer at `word` after a read-identifier command. No block is locked.
pub fn identifier(word: u32) -> u16 {
    match word & 0xff {
        0 => MAKER,
        1 => DEVICE,
        _ => 0,
    }
}
