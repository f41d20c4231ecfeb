//! The form of a file: a head, units one behind the other, and an index of
//! them. Numbers are little-endian.
//!
//! ```text
//! 0   8   magic
//! 8   32  the key
//! 40  8   where the index starts; it is the rest of the file
//! 48  4   CRC-32 of the index
//! 52  4   CRC-32 of the bytes before
//! ```
//!
//! A row of the index: start (8), offset of the unit (8), mode (4), bytes (4),
//! CRC-32 (4), runs since it was last used (4).

use std::fs::File;
use std::os::unix::fs::FileExt;

use flate2::Crc;

use super::key::Key;

/// Also the form's version, in the last byte.
const MAGIC: [u8; 8] = *b"mynah-c\x01";
/// Bytes of the head.
pub(super) const HEAD_BYTES: usize = 56;
const ROW_BYTES: usize = 32;
/// The most bytes of a unit.
pub(super) const UNIT_BYTES_MAX: usize = 1 << 20;

/// The CRC-32 of some bytes (ISO 3309).
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A row of the index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Row {
    /// What the unit is looked for by: a sum of its first code.
    pub(super) start: u64,
    pub(super) mode: u32,
    /// Where in the file the unit is.
    pub(super) offset: u64,
    pub(super) bytes: u32,
    pub(super) crc: u32,
    /// Runs since it was last used.
    pub(super) age: u32,
}

/// The head of a file.
pub(super) fn head(key: Key, index_at: u64, index: &[u8]) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&MAGIC);
    head[8..40].copy_from_slice(&key.0);
    head[40..48].copy_from_slice(&index_at.to_le_bytes());
    head[48..52].copy_from_slice(&crc(index).to_le_bytes());
    let sum = crc(&head[..52]);
    head[52..].copy_from_slice(&sum.to_le_bytes());
    head
}

/// An index.
pub(super) fn index(rows: &[Row]) -> Vec<u8> {
    let mut index = Vec::with_capacity(rows.len() * ROW_BYTES);
    for row in rows {
        index.extend(row.start.to_le_bytes());
        index.extend(row.offset.to_le_bytes());
        for word in [row.mode, row.bytes, row.crc, row.age] {
            index.extend(word.to_le_bytes());
        }
    }
    index
}

/// Reads the index of a file with this key, which has at most `most` bytes.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub(super) fn read(file: &File, key: Key, most: u64) -> Result<Vec<Row>, String> {
    let unreadable = |error: std::io::Error| error.to_string();
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > most {
        return Err(format!("it has more than {} MiB", most >> 20));
    }
    let mut head = [0; HEAD_BYTES];
    file.read_exact_at(&mut head, 0).map_err(unreadable)?;
    let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if head[..8] != MAGIC || crc(&head[..52]) != word(52) {
        return Err("it is no file of compiled code, or damaged".to_owned());
    }
    if head[8..40] != key.0 {
        return Err("its code is for another program or host".to_owned());
    }
    let index_at = u64::from(word(40)) | u64::from(word(44)) << 32;
    let index_bytes = bytes.checked_sub(index_at).filter(|b| b.is_multiple_of(ROW_BYTES as u64));
    let Some(index_bytes) = index_bytes.filter(|_| index_at >= HEAD_BYTES as u64) else {
        return Err("it is not as long as it says".to_owned());
    };
    // At most `most`, so this is a bounded amount of memory.
    let mut index = vec![0; index_bytes as usize];
    file.read_exact_at(&mut index, index_at).map_err(unreadable)?;
    if crc(&index) != word(48) {
        return Err("it is damaged".to_owned());
    }
    let rows: Vec<Row> = index.as_chunks::<ROW_BYTES>().0.iter().map(row).collect();
    let inside = |row: &Row| {
        let end = row.offset.checked_add(row.bytes.into());
        row.offset >= HEAD_BYTES as u64
            && end.is_some_and(|end| end <= index_at)
            && row.bytes as usize <= UNIT_BYTES_MAX
    };
    if rows.iter().all(inside) { Ok(rows) } else { Err("it refers to what is not in it".to_owned()) }
}

fn row(bytes: &[u8; ROW_BYTES]) -> Row {
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    Row { start: long(0), offset: long(8), mode: word(16), bytes: word(20), crc: word(24), age: word(28) }
}
