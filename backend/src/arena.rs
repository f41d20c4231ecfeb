//! Memory for compiled code: one reserved arena with two views, of which one
//! can be written and the other run, so no page is ever both.
#![allow(unsafe_code)] // The fence around code memory; see docs/architecture.md.

use crate::generations::{ALIGN, Emptied, Generations, Kind, Tenant};
use memmap2::{Mmap, MmapMut, MmapOptions};
use std::fs::File;
use std::io;
use std::ops::Range;

/// Size of the arena.
const ARENA_BYTES: usize = 128 << 20;
/// The part of it for what all code shares.
const KEPT_BYTES: usize = 16 << 10;
/// Room that is kept for one unit; the largest seen is a tenth of it.
pub(crate) const UNIT_BYTES_MAX: usize = 1 << 20;

/// The arena.
pub(crate) struct Arena {
    write: MmapMut,
    run: Mmap,
    /// What is below is never dropped.
    kept: usize,
    /// The rest.
    generations: Generations,
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
        Ok(Arena { write, run, kept: 0, generations: Generations::new(KEPT_BYTES..ARENA_BYTES) })
    }

    /// Copies code in that is never dropped; yields its address.
    pub(crate) fn keep(&mut self, code: &[u8]) -> u64 {
        let start = self.kept;
        self.kept = (start + code.len()).next_multiple_of(ALIGN);
        assert!(self.kept <= KEPT_BYTES, "{} bytes are too few for what is always there", KEPT_BYTES);
        self.write_at(start, code)
    }

    /// Where the next code that is kept will run.
    pub(crate) fn next_kept(&self) -> u64 {
        self.address(self.kept)
    }

    /// Makes room for code of a kind, of at most [`UNIT_BYTES_MAX`] bytes. Yields
    /// whose code had to go for it, and the addresses that was at; none of it may
    /// be entered any more.
    pub(crate) fn make_room(&mut self, kind: Kind) -> Option<(Range<u64>, Vec<Tenant>)> {
        let Emptied { range, tenants } = self.generations.make_room(kind)?;
        Some((self.address(range.start)..self.address(range.end), tenants))
    }

    /// Copies in somebody's code; yields its address.
    ///
    /// # Panics
    /// If no room was made for it.
    pub(crate) fn publish(&mut self, tenant: Tenant, code: &[u8]) -> u64 {
        let start = self.generations.take(tenant, code.len());
        self.write_at(start, code)
    }

    /// Where the next code of a kind will run. There must be room for it.
    pub(crate) fn next(&self, kind: Kind) -> u64 {
        self.address(self.generations.at(kind))
    }

    fn address(&self, offset: usize) -> u64 {
        self.run.as_ptr() as u64 + offset as u64
    }

    fn write_at(&mut self, start: usize, code: &[u8]) -> u64 {
        self.write[start..start + code.len()].copy_from_slice(code);
        synchronize_instructions(self.run[start..].as_ptr(), code.len());
        self.address(start)
    }

    pub(crate) fn contains(&self, code: u64) -> bool {
        (self.address(0)..self.address(ARENA_BYTES)).contains(&code)
    }

    /// Drops code earlier.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.generations.limit(bytes);
    }

    /// Drops all that is not kept.
    pub(crate) fn clear(&mut self) {
        self.generations.clear();
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
        let kept = arena.keep(&[0xc3, 0x90]);
        assert_eq!(arena.next_kept() - kept, ALIGN as u64);
        assert_eq!(arena.run[..2], [0xc3, 0x90]);
        assert_eq!(arena.make_room(Kind::Block), None);
        let next = arena.next(Kind::Block);
        let first = arena.publish(Tenant::Block(0), &[0xcc]);
        assert_eq!((first, first - kept), (next, KEPT_BYTES as u64));
        assert_eq!(arena.run[KEPT_BYTES], 0xcc);
        assert!(arena.contains(first) && !arena.contains(kept - 1));
        arena.clear();
        assert_eq!(arena.make_room(Kind::Unit), None);
        assert_eq!(arena.publish(Tenant::Unit(0), &[0x90]), first);
    }

    #[test]
    fn who_lost_its_code_is_told() {
        let mut arena = Arena::new().expect("the host has memory");
        arena.limit(0);
        let mut first = 0;
        for id in 0.. {
            if let Some((range, tenants)) = arena.make_room(Kind::Unit) {
                assert_eq!((range, tenants), (first..first + ALIGN as u64, vec![Tenant::Unit(0)]));
                break;
            }
            let at = arena.publish(Tenant::Unit(id), &[0x90]);
            first = if id == 0 { at } else { first };
        }
    }
}
