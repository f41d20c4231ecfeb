//! Memory for compiled code: one reserved arena with two views, of which one
//! can be written and the other run, so no page is ever both.
#![allow(unsafe_code)] // The fence around code memory; see docs/architecture.md.

use memmap2::{Mmap, MmapMut, MmapOptions};
use std::fs::File;
use std::io;

/// Size of the arena. When it is full, all code is dropped.
const ARENA_BYTES: usize = 64 << 20;
/// Room that is kept for one unit; the largest seen is a tenth of it.
const UNIT_BYTES_MAX: usize = 1 << 20;
/// Units start at multiples of this.
const ALIGN: usize = 32;

/// The arena.
pub(super) struct Arena {
    write: MmapMut,
    run: Mmap,
    used: usize,
    /// When more is used than this, there may be no room for a unit.
    limit: usize,
}

impl Arena {
    pub(super) fn new() -> io::Result<Arena> {
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
        Ok(Arena { write, run, used: 0, limit: ARENA_BYTES - UNIT_BYTES_MAX })
    }

    /// Copies code in; yields its address.
    ///
    /// # Panics
    /// If there is no room, which [`Arena::is_full`] tells in time.
    pub(super) fn publish(&mut self, code: &[u8]) -> u64 {
        let start = self.used;
        self.write[start..start + code.len()].copy_from_slice(code);
        self.used = (start + code.len()).next_multiple_of(ALIGN);
        let at = self.run[start..].as_ptr();
        synchronize_instructions(at, code.len());
        at as u64
    }

    pub(super) fn contains(&self, code: u64) -> bool {
        let base = self.run.as_ptr() as u64;
        (base..base + self.used as u64).contains(&code)
    }

    pub(super) fn is_full(&self) -> bool {
        self.used > self.limit
    }

    /// Makes the arena full earlier.
    pub(super) fn limit(&mut self, bytes: usize) {
        self.limit = bytes.min(ARENA_BYTES - UNIT_BYTES_MAX);
    }

    pub(super) fn clear(&mut self) {
        self.used = 0;
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
