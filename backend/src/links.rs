//! Links: how code finds the code of a block. Each block that is known, or
//! that some code leads to, has one; jumps go through it, so that a block's
//! better or dropped code is a matter of one word in memory.

use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};

/// Links are allocated so many at a time, and never move.
const CHUNK: usize = 1024;

/// Where a block's code is. Compiled code knows this layout.
#[repr(C, align(16))]
pub(crate) struct Link {
    /// The address to jump to. What has no code leads to a stub that goes back
    /// to the engine.
    pub(crate) code: AtomicU64,
    /// What that code is passed: which of a unit's entries, or this link's own
    /// number for the stub.
    pub(crate) entry: AtomicU32,
    /// Counted down by each run of the block's tier 1 code.
    pub(crate) heat: AtomicI32,
}

/// All links; they are numbered from 0 on.
#[derive(Default)]
pub(crate) struct Links {
    chunks: Vec<Box<[Link]>>,
    len: usize,
    /// What leads back to the engine.
    stub: u64,
}

impl Links {
    /// No links; those to come lead to `stub` at first.
    pub(crate) fn new(stub: u64) -> Links {
        Links { chunks: Vec::new(), len: 0, stub }
    }

    /// What links without code lead to.
    pub(crate) fn stub(&self) -> u64 {
        self.stub
    }

    /// Makes one more; yields its number.
    pub(crate) fn push(&mut self) -> u32 {
        if self.len.is_multiple_of(CHUNK) {
            let base = self.len as u32;
            let chunk = (0..CHUNK as u32).map(|i| Link {
                code: AtomicU64::new(self.stub),
                entry: AtomicU32::new(base + i),
                heat: AtomicI32::new(0),
            });
            self.chunks.push(chunk.collect());
        }
        self.len += 1;
        self.len as u32 - 1
    }

    pub(crate) fn get(&self, id: u32) -> &Link {
        &self.chunks[id as usize / CHUNK][id as usize % CHUNK]
    }

    /// The address of a link, for compiled code. It holds as long as the links.
    pub(crate) fn address(&self, id: u32) -> u64 {
        std::ptr::from_ref(self.get(id)) as u64
    }

    /// Leads a link to code.
    pub(crate) fn set(&self, id: u32, code: u64, entry: u32) {
        let link = self.get(id);
        link.entry.store(entry, Ordering::Relaxed);
        link.code.store(code, Ordering::Relaxed);
    }

    /// Leads a link back to the engine.
    pub(crate) fn reset(&self, id: u32) {
        self.set(id, self.stub, id);
    }

    /// The code a link leads to and what that is passed, if there is some.
    pub(crate) fn code(&self, id: u32) -> Option<(u64, u32)> {
        let link = self.get(id);
        let code = link.code.load(Ordering::Relaxed);
        (code != self.stub).then(|| (code, link.entry.load(Ordering::Relaxed)))
    }
}
