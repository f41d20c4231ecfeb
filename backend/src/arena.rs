//! Memory for compiled code: one reserved arena with two views, of which one
//! can be written and the other run, so no page is ever both.
#![allow(unsafe_code)] // The fence around code memory; see docs/architecture.md.

use memmap2::{Mmap, MmapMut, MmapOptions};
use std::fs::File;
use std::io;

/// Size of the arena. When it is full, all code is dropped.
const ARENA_BYTES: usize = 128 << 20;
/// Room that is kept for one unit; the largest seen is a tenth of it.
pub(crate) const UNIT_BYTES_MAX: usize = 1 << 20;
/// Units start at multiples of this.
const ALIGN: usize = 32;

/// The arena.
pub(crate) struct Arena {
    write: MmapMut,
    run: Mmap,
    used: usize,
    /// What is below stays when the rest is dropped.
    kept: usize,
    /// When more is used than this, there may be no room for a unit.
    limit: usize,
}

impl Arena {
    pub(crate) fn new() -> io::Result<Arena> {
        let fd = rustix::fs::memfd_create("mynah-code", rustix::fs::MemfdFlags::CLOEXEC)?;
        let file = File::from(fd);
        file.set_len(ARENA_BYTES as u64)?;
        // SAFETY: the file is anonymous and ours alone, so nobody shortens or
        // changes it behind the mappings.
        let write = unsafe { MmapOptions::new().len(ARENA_BYTES).map_mut(&file)? };
        // SAFETY: as above. The other view changes it, but only where `publish`
        // has not yet said that there is code, and this view is never read as
        // data by Rust code.
        let run = unsafe { MmapOptions::new().len(ARENA_BYTES).map_exec(&file)? };
        Ok(Arena { write, run, used: 0, kept: 0, limit: ARENA_BYTES - UNIT_BYTES_MAX })
    }

    /// Copies code in; yields its address.
    ///
    /// # Panics
    /// If there is no room, which [`Arena::is_full`] tells in time.
    pub(crate) fn publish(&mut self, code: &[u8]) -> u64 {
        let start = self.used;
        self.write[start..start + code.len()].copy_from_slice(code);
        self.used = (start + code.len()).next_multiple_of(ALIGN);
        let at = self.run[start..].as_ptr();
        synchronize_instructions(at, code.len());
        at as u64
    }

    /// Where the next code will run.
    pub(crate) fn next(&self) -> u64 {
        self.run[self.used..].as_ptr() as u64
    }

    pub(crate) fn contains(&self, code: u64) -> bool {
        let base = self.run.as_ptr() as u64;
        (base..base + self.used as u64).contains(&code)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used > self.limit
    }

    /// What is there now is never dropped.
    pub(crate) fn keep(&mut self) {
        self.kept = self.used;
    }

    /// Makes the arena full earlier.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.limit = self.kept.saturating_add(bytes).min(ARENA_BYTES - UNIT_BYTES_MAX);
    }

    pub(crate) fn clear(&mut self) {
        self.used = self.kept;
    }
}

/// Makes new code visible to instruction fetch. x86 does so by itself.
#[cfg(target_arch = "x86_64")]
fn synchronize_instructions(_at: *const u8, _len: usize) {}

/// Elsewhere the kernel is asked to.
#[cfg(not(target_arch = "x86_64"))]
fn synchronize_instructions(at: *const u8, len: usize) {
    use wasmtime_internal_jit_icache_coherence::{clear_cache, pipeline_flush_mt};
    // SAFETY: the range was mapped and written just now.
    let cleared = unsafe { clear_cache(at.cast(), len) };
    cleared.and_then(|()| pipeline_flush_mt()).expect("the host can run code it has written");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_code_is_readable_where_it_runs() {
        let mut arena = Arena::new().expect("the host has memory");
        let first = arena.publish(&[0xc3, 0x90]);
        let second = arena.publish(&[0xcc]);
        assert_eq!(second - first, ALIGN as u64);
        assert!(arena.contains(first) && !arena.contains(second + ALIGN as u64));
        assert_eq!(arena.run[..2], [0xc3, 0x90]);
        arena.clear();
        assert_eq!(arena.publish(&[0x90]), first);
    }
}
