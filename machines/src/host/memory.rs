//! A disk in memory.

use bus::BlockStore;
use std::io;
use std::ops::Range;

/// A disk whose contents are forgotten with it.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    bytes: Vec<u8>,
    read_only: bool,
}

impl MemoryStore {
    /// A disk that holds `bytes`.
    pub fn new(bytes: Vec<u8>, read_only: bool) -> MemoryStore {
        MemoryStore { bytes, read_only }
    }

    /// What it holds.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn range(&self, offset: u64, len: u64) -> io::Result<Range<usize>> {
        super::file::check_range(offset, len, self.bytes.len() as u64)?;
        Ok(offset as usize..(offset + len) as usize)
    }

    fn writable(&mut self, offset: u64, len: u64) -> io::Result<&mut [u8]> {
        if self.read_only {
            return Err(super::file::read_only());
        }
        let range = self.range(offset, len)?;
        Ok(&mut self.bytes[range])
    }
}

impl BlockStore for MemoryStore {
    fn len_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_only(&self) -> bool {
        self.read_only
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let range = self.range(offset, buf.len() as u64)?;
        buf.copy_from_slice(&self.bytes[range]);
        Ok(())
    }

    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        self.writable(offset, buf.len() as u64)?.copy_from_slice(buf);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()> {
        self.writable(offset, len_bytes)?.fill(0);
        Ok(())
    }
}
