//! Where a jump finds its code: a small table from guest address and mode to
//! the block and, once there is some, its compiled code.

/// Entries; the index is the low bits of the address.
pub(crate) const JUMP_ENTRIES: usize = 4096;

/// No block.
pub(crate) const NO_BLOCK: u32 = u32::MAX;

/// One entry. Compiled code knows this layout.
#[repr(C, align(32))]
#[derive(Clone, Copy)]
pub(crate) struct JumpEntry {
    /// The guest address.
    pub(crate) pc: u64,
    /// Address of the compiled unit; 0 if there is none.
    pub(crate) code: u64,
    /// The mode bits.
    pub(crate) mode: u32,
    /// The block's number.
    pub(crate) block: u32,
    /// Which of the unit's entries it is.
    pub(crate) entry: u32,
}

impl JumpEntry {
    const EMPTY: JumpEntry = JumpEntry { pc: 1, code: 0, mode: !0, block: NO_BLOCK, entry: 0 };
}

/// The table of one vCPU. It holds for the vCPU's present translations.
#[repr(C)]
pub(crate) struct JumpCache {
    entries: [JumpEntry; JUMP_ENTRIES],
}

impl JumpCache {
    /// Where the entries start, for compiled code.
    pub(crate) const ENTRIES_OFFSET: usize = std::mem::offset_of!(JumpCache, entries);

    pub(crate) fn new() -> JumpCache {
        JumpCache { entries: [JumpEntry::EMPTY; JUMP_ENTRIES] }
    }

    /// The index of an address. Code is at even addresses; the bits above the
    /// page spread libraries that are mapped alike.
    #[inline]
    pub(crate) fn index(pc: u64) -> usize {
        ((pc >> 1) ^ (pc >> 13)) as usize % JUMP_ENTRIES
    }

    #[inline]
    pub(crate) fn get(&self, pc: u64, mode: u32) -> Option<&JumpEntry> {
        let entry = &self.entries[Self::index(pc)];
        (entry.pc == pc && entry.mode == mode).then_some(entry)
    }

    pub(crate) fn insert(&mut self, entry: JumpEntry) {
        self.entries[Self::index(entry.pc)] = entry;
    }

    /// Forgets the entry for this address and mode.
    pub(crate) fn remove(&mut self, pc: u64, mode: u32) {
        let entry = &mut self.entries[Self::index(pc)];
        if entry.pc == pc && entry.mode == mode {
            *entry = JumpEntry::EMPTY;
        }
    }

    pub(crate) fn flush(&mut self) {
        self.entries.fill(JumpEntry::EMPTY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_apart_by_mode() {
        let mut jumps = JumpCache::new();
        jumps.insert(JumpEntry { pc: 0x1000, mode: 3, block: 7, code: 0, entry: 0 });
        assert_eq!(jumps.get(0x1000, 3).map(|e| e.block), Some(7));
        assert!(jumps.get(0x1000, 1).is_none());
        jumps.remove(0x1000, 1);
        assert!(jumps.get(0x1000, 3).is_some());
        jumps.remove(0x1000, 3);
        assert!(jumps.get(0x1000, 3).is_none());
    }
}
