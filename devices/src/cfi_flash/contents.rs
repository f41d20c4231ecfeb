//! What a bank holds: the image it was built with, the sectors changed since,
//! and the store that changes are written back to.

use super::{BLOCK_WORDS, SECTOR_BYTES};
use crate::hex::HexBytes;
use bus::BlockStore;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

const ERASED: u8 = 0xff;

/// Why cells were not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The bank is read-only.
    Locked,
    /// The store could not be written.
    Host,
}

/// The cells of both chips, interleaved as the bus sees them.
pub struct Contents {
    /// The image; what lies behind its end is erased.
    image: Vec<u8>,
    changed: BTreeMap<u32, HexBytes>,
    /// How many sectors the bank has.
    sectors: usize,
    read_only: bool,
    store: Option<Box<dyn BlockStore>>,
}

impl Contents {
    pub fn new(bank_bytes: usize, image: Vec<u8>, read_only: bool) -> io::Result<Contents> {
        check_size(image.len() as u64, bank_bytes)?;
        let sectors = bank_bytes / SECTOR_BYTES;
        Ok(Contents { image, changed: BTreeMap::new(), sectors, read_only, store: None })
    }

    pub fn open(bank_bytes: usize, mut store: Box<dyn BlockStore>) -> io::Result<Contents> {
        let (bytes, writes_back) = (store.len_bytes(), !store.read_only());
        check_size(bytes, bank_bytes)?;
        if writes_back && bytes < bank_bytes as u64 {
            return Err(invalid(format!(
                "a flash image of {bytes} bytes has no room for what the guest may write: \
                 extend it to {bank_bytes} bytes, or make it read-only"
            )));
        }
        let mut image = vec![0; bytes as usize];
        store.read_at(0, &mut image)?;
        let store = writes_back.then_some(store);
        Ok(Contents { store, ..Contents::new(bank_bytes, image, false)? })
    }

    /// How many sectors the bank has.
    pub fn sectors(&self) -> usize {
        self.sectors
    }

    /// The two bytes at even byte offset `at`.
    pub fn half(&self, at: usize) -> u16 {
        match self.changed.get(&((at / SECTOR_BYTES) as u32)) {
            Some(HexBytes(sector)) => u16::from_le_bytes([0, 1].map(|i| sector[at % SECTOR_BYTES + i])),
            None => u16::from_le_bytes([0, 1].map(|i| self.original(at + i))),
        }
    }

    /// The cells of chip `lane`, 0 or 1.
    pub fn lane(&mut self, lane: usize) -> Lane<'_> {
        Lane { contents: self, lane }
    }

    /// The sectors changed since the image was loaded.
    pub fn changed(&self) -> BTreeMap<u32, HexBytes> {
        self.changed.clone()
    }

    /// Takes over another run's changes to the same image.
    pub fn replace(&mut self, changed: BTreeMap<u32, HexBytes>) -> Result<(), String> {
        if self.read_only && !changed.is_empty() {
            return Err("it changes a flash bank that is read-only here".into());
        }
        let is_sector = |(number, HexBytes(sector)): (&u32, &HexBytes)| {
            (*number as usize) < self.sectors && sector.len() == SECTOR_BYTES
        };
        if !changed.iter().all(is_sector) {
            let sectors = self.sectors;
            return Err(format!("a flash bank has {sectors} sectors of {SECTOR_BYTES} bytes"));
        }
        let before = std::mem::replace(&mut self.changed, changed);
        self.write_back(&before).map_err(|error| {
            self.changed = before;
            format!("the flash image cannot be written: {error}")
        })
    }

    /// Writes the sectors to the store that are not as they were `before`.
    fn write_back(&mut self, before: &BTreeMap<u32, HexBytes>) -> io::Result<()> {
        let differs = |number: &&u32| self.changed.get(number) != before.get(number);
        let numbers: Vec<u32> = before.keys().chain(self.changed.keys()).filter(differs).copied().collect();
        for number in numbers {
            let sector = self.changed.get(&number).map_or_else(|| self.sector(number), |s| s.0.clone());
            if let Some(store) = &mut self.store {
                store.write_at((number as usize * SECTOR_BYTES) as u64, &sector)?;
            }
        }
        Ok(())
    }

    fn original(&self, at: usize) -> u8 {
        self.image.get(at).copied().unwrap_or(ERASED)
    }

    /// A sector as the image has it.
    fn sector(&self, number: u32) -> Vec<u8> {
        let start = number as usize * SECTOR_BYTES;
        (start..start + SECTOR_BYTES).map(|at| self.original(at)).collect()
    }

    /// Lets `change` loose on the bytes `range` of a sector, first in the store.
    fn edit(
        &mut self,
        number: u32,
        range: Range<usize>,
        change: impl FnOnce(&mut [u8]),
    ) -> Result<(), Refusal> {
        if self.read_only {
            return Err(Refusal::Locked);
        }
        let mut sector = match self.changed.remove(&number) {
            Some(HexBytes(sector)) => sector,
            None => self.sector(number),
        };
        let before = sector[range.clone()].to_vec();
        change(&mut sector[range.clone()]);
        let at = (number as usize * SECTOR_BYTES + range.start) as u64;
        let stored =
            self.store.as_mut().is_none_or(|store| store.write_at(at, &sector[range.clone()]).is_ok());
        if !stored {
            sector[range].copy_from_slice(&before);
        }
        self.changed.insert(number, HexBytes(sector));
        if stored { Ok(()) } else { Err(Refusal::Host) }
    }
}

fn check_size(bytes: u64, bank_bytes: usize) -> io::Result<()> {
    if bytes <= bank_bytes as u64 {
        return Ok(());
    }
    Err(invalid(format!("a flash image of {bytes} bytes is larger than its bank of {bank_bytes} bytes")))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

/// The cells of one chip, by word address within the chip.
pub struct Lane<'a> {
    contents: &'a mut Contents,
    lane: usize,
}

impl Lane<'_> {
    /// Programs words of one block: bits go from one to zero only (J3 data
    /// sheet, section 4.4).
    pub fn program(&mut self, words: &[(u32, u16)]) -> Result<(), Refusal> {
        let Some(block) = words.first().map(|(word, _)| word / BLOCK_WORDS) else { return Ok(()) };
        let at = |word: u32| (word % BLOCK_WORDS) as usize * 4 + self.lane * 2;
        let start = words.iter().map(|(word, _)| at(*word)).min().unwrap_or(0);
        let end = words.iter().map(|(word, _)| at(*word) + 2).max().unwrap_or(0);
        self.contents.edit(block, start..end, |bytes| {
            for (word, data) in words {
                let at = at(*word) - start;
                data.to_le_bytes().iter().zip(&mut bytes[at..]).for_each(|(data, cell)| *cell &= data);
            }
        })
    }

    /// Sets all bits of a block.
    pub fn erase(&mut self, block: u32) -> Result<(), Refusal> {
        let lane = self.lane;
        self.contents.edit(block, 0..SECTOR_BYTES, |bytes| {
            bytes.chunks_mut(4).for_each(|chunk| chunk[lane * 2..][..2].fill(ERASED));
        })
    }
}
