//! Guest RAM: one mapping of the host a region, shared by everything that
//! reads or writes guest memory.
//!
//! Accesses are bounds-checked here and nowhere else. Pages that hold
//! translated code are marked; a write to a marked page is reported to the
//! engine, which drops what it translated.
#![allow(unsafe_code)] // The fence around guest memory; see docs/architecture.md.

use memmap2::{MmapOptions, MmapRaw};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

/// Log2 of [`PAGE_BYTES`].
pub const PAGE_SHIFT: u32 = 12;
/// The unit in which code pages are tracked.
pub const PAGE_BYTES: u64 = 1 << PAGE_SHIFT;

/// A guest physical address.
pub type PhysAddr = u64;

const CODE: u8 = 1;
/// What is written at once from here on is a file being loaded.
const BULK_BYTES: usize = 1 << 20;

/// One region of guest RAM, zero at first.
pub struct Ram {
    base: PhysAddr,
    bytes: u64,
    map: MmapRaw,
    file: File,
    flags: Box<[AtomicU8]>,
    written: Mutex<Vec<PhysAddr>>,
    any_written: AtomicBool,
}

impl Ram {
    /// Maps `bytes` (a positive multiple of the page size) at `base`.
    ///
    /// # Errors
    /// The host has not the memory or address space, or the range wraps.
    pub fn new(base: PhysAddr, bytes: u64) -> io::Result<Ram> {
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what);
        if bytes == 0 || !bytes.is_multiple_of(PAGE_BYTES) || !base.is_multiple_of(PAGE_BYTES) {
            return Err(invalid("guest RAM must be a whole number of 4 KiB pages"));
        }
        base.checked_add(bytes).ok_or_else(|| invalid("guest RAM goes beyond the address space"))?;
        let len = usize::try_from(bytes)
            .map_err(|_| invalid("guest RAM is larger than the host's address space"))?;
        let fd = rustix::fs::memfd_create("mynah-ram", rustix::fs::MemfdFlags::CLOEXEC)?;
        let file = File::from(fd);
        file.set_len(bytes)?;
        let map = MmapOptions::new().len(len).map_raw(&file)?;
        let flags = (0..bytes >> PAGE_SHIFT).map(|_| AtomicU8::new(0)).collect();
        Ok(Ram {
            base,
            bytes,
            map,
            file,
            flags,
            written: Mutex::default(),
            any_written: AtomicBool::new(false),
        })
    }

    /// The guest physical addresses of this region.
    pub fn range(&self) -> Range<PhysAddr> {
        self.base..self.base + self.bytes
    }

    /// Size in bytes.
    pub fn len_bytes(&self) -> u64 {
        self.bytes
    }

    /// The memory's file descriptor, for those who map it again.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The host address of the region's first byte, for the engines' fast
    /// paths. It stays valid for as long as this `Ram` lives.
    pub fn host_base(&self) -> *mut u8 {
        self.map.as_mut_ptr()
    }

    /// The offset of `[at, at + len)` in this region, if all of it is inside.
    fn offset(&self, at: PhysAddr, len: u64) -> Option<usize> {
        let offset = at.checked_sub(self.base)?;
        (offset.checked_add(len)? <= self.bytes).then_some(offset as usize)
    }

    /// Copies guest memory into `buf`; `false`, and nothing done, if any of it
    /// is outside.
    #[must_use]
    pub fn read(&self, at: PhysAddr, buf: &mut [u8]) -> bool {
        let Some(offset) = self.offset(at, buf.len() as u64) else { return false };
        // SAFETY: `offset` checked that the range lies in the mapping, which
        // lives as long as `self`; `buf` is ours alone, so they do not overlap.
        unsafe { self.host_base().add(offset).copy_to_nonoverlapping(buf.as_mut_ptr(), buf.len()) };
        true
    }

    /// Copies `buf` into guest memory; `false`, and nothing done, if any of it
    /// is outside. Code on the pages is reported as written.
    #[must_use]
    pub fn write(&self, at: PhysAddr, buf: &[u8]) -> bool {
        let Some(offset) = self.offset(at, buf.len() as u64) else { return false };
        // Through the file it costs no page fault for each page.
        if buf.len() < BULK_BYTES || self.file.write_all_at(buf, offset as u64).is_err() {
            // SAFETY: as in `read`.
            unsafe { self.host_base().add(offset).copy_from_nonoverlapping(buf.as_ptr(), buf.len()) };
        }
        self.note_write(offset as u64, buf.len() as u64);
        true
    }

    /// Loads `bytes` (1, 2, 4 or 8) little-endian, zero-extended. An aligned
    /// access is one access on the host too.
    #[inline]
    pub fn load(&self, at: PhysAddr, bytes: u8) -> Option<u64> {
        let offset = self.offset(at, bytes.into())?;
        // SAFETY: `offset` checked that the range lies in the mapping.
        Some(unsafe { load_le(self.host_base().add(offset), bytes) })
    }

    /// Stores the low `bytes` (1, 2, 4 or 8) of `value` little-endian.
    /// `None`, and nothing done, if any of it is outside.
    #[inline]
    pub fn store(&self, at: PhysAddr, bytes: u8, value: u64) -> Option<()> {
        let offset = self.offset(at, bytes.into())?;
        // SAFETY: `offset` checked that the range lies in the mapping.
        unsafe { store_le(self.host_base().add(offset), bytes, value) };
        self.note_write(offset as u64, bytes.into());
        Some(())
    }

    fn note_write(&self, offset: u64, len: u64) {
        if len == 0 {
            return;
        }
        for page in offset >> PAGE_SHIFT..=(offset + len - 1) >> PAGE_SHIFT {
            if self.flags[page as usize].load(Ordering::Relaxed) & CODE != 0 {
                let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
                written.push(self.base + (page << PAGE_SHIFT));
                self.any_written.store(true, Ordering::Release);
            }
        }
    }

    /// Marks the page at `at` as holding translated code, or not. Addresses
    /// outside are ignored.
    pub fn mark_code(&self, at: PhysAddr, holds_code: bool) {
        if let Some(offset) = self.offset(at, 1) {
            let flags = &self.flags[offset >> PAGE_SHIFT];
            flags.store(if holds_code { CODE } else { 0 }, Ordering::Release);
        }
    }

    /// Whether the page at `at` is marked as holding translated code.
    pub fn is_code(&self, at: PhysAddr) -> bool {
        self.offset(at, 1).is_some_and(|o| self.flags[o >> PAGE_SHIFT].load(Ordering::Acquire) & CODE != 0)
    }

    /// The pages with translated code that were written through this interface
    /// since the last call; cheap when there are none.
    pub fn take_written_code(&self) -> Vec<PhysAddr> {
        if !self.any_written.swap(false, Ordering::AcqRel) {
            return Vec::new();
        }
        std::mem::take(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// # Safety
/// `bytes` bytes at `at` must be mapped for as long as the call lasts.
#[inline]
unsafe fn load_le(at: *const u8, bytes: u8) -> u64 {
    // SAFETY: the caller vouches for the range; unaligned reads are used, and
    // volatile ones, since another thread of the guest may write there.
    unsafe {
        match bytes {
            1 => at.read_volatile().into(),
            2 if at.cast::<u16>().is_aligned() => u16::from_le(at.cast::<u16>().read_volatile()).into(),
            4 if at.cast::<u32>().is_aligned() => u32::from_le(at.cast::<u32>().read_volatile()).into(),
            8 if at.cast::<u64>().is_aligned() => u64::from_le(at.cast::<u64>().read_volatile()),
            _ => {
                let mut buf = [0; 8];
                at.copy_to_nonoverlapping(buf.as_mut_ptr(), usize::from(bytes.min(8)));
                u64::from_le_bytes(buf)
            }
        }
    }
}

/// # Safety
/// As for [`load_le`].
#[inline]
unsafe fn store_le(at: *mut u8, bytes: u8, value: u64) {
    // SAFETY: as in `load_le`.
    unsafe {
        match bytes {
            1 => at.write_volatile(value as u8),
            2 if at.cast::<u16>().is_aligned() => at.cast::<u16>().write_volatile((value as u16).to_le()),
            4 if at.cast::<u32>().is_aligned() => at.cast::<u32>().write_volatile((value as u32).to_le()),
            8 if at.cast::<u64>().is_aligned() => at.cast::<u64>().write_volatile(value.to_le()),
            _ => at.copy_from_nonoverlapping(value.to_le_bytes().as_ptr(), usize::from(bytes.min(8))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: PhysAddr = 0x8000_0000;

    fn ram() -> Ram {
        Ram::new(BASE, 4 * PAGE_BYTES).expect("a small mapping")
    }

    #[test]
    fn loads_see_stores_at_any_alignment() {
        let ram = ram();
        for at in BASE..BASE + 9 {
            for bytes in [1, 2, 4, 8] {
                let value = 0x8877_6655_4433_2211 & (u64::MAX >> (64 - 8 * u32::from(bytes)));
                ram.store(at, bytes, value).expect("inside");
                assert_eq!(ram.load(at, bytes), Some(value));
            }
        }
    }

    #[test]
    fn nothing_outside_is_reached() {
        let ram = ram();
        let end = ram.range().end;
        assert_eq!(ram.load(end - 7, 8), None);
        assert_eq!(ram.store(BASE - 1, 1, 0), None);
        assert_eq!(ram.load(u64::MAX, 8), None);
        assert!(!ram.read(end - 1, &mut [0; 2]));
        assert!(!ram.write(u64::MAX - 1, &[0; 4]));
        assert!(ram.write(end, &[]));
    }

    #[test]
    fn writes_to_code_are_reported_once() {
        let ram = ram();
        ram.mark_code(BASE + PAGE_BYTES, true);
        assert!(ram.write(BASE + PAGE_BYTES - 1, &[1, 2]));
        assert_eq!(ram.take_written_code(), [BASE + PAGE_BYTES]);
        assert!(ram.take_written_code().is_empty());
        ram.mark_code(BASE + PAGE_BYTES, false);
        ram.store(BASE + PAGE_BYTES, 8, 0).expect("inside");
        assert!(ram.take_written_code().is_empty());
    }

    #[test]
    fn odd_sizes_are_refused() {
        assert!(Ram::new(BASE, 0).is_err());
        assert!(Ram::new(BASE, 100).is_err());
        assert!(Ram::new(u64::MAX - PAGE_BYTES + 1, 2 * PAGE_BYTES).is_err());
    }
}
