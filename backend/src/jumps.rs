//! Where a jump finds its code: a small table from guest address and mode to
//! the block and, once there is some, its compiled code.
//!
//! An entry's tag is its mode and the generation it was made in. To forget all
//! entries is to start another generation.

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
    /// The mode bits, and above them the generation.
    pub(crate) tag: u64,
    /// The address of the block's link.
    pub(crate) link: u64,
    /// The block's number.
    pub(crate) block: u32,
}

impl JumpEntry {
    const EMPTY: JumpEntry = JumpEntry { pc: 1, tag: 0, link: 0, block: NO_BLOCK };
}

/// The table of one vCPU. It holds for the vCPU's present translations.
#[repr(C)]
pub(crate) struct JumpCache {
    entries: [JumpEntry; JUMP_ENTRIES],
    /// Entries of other generations are not there.
    generation: u32,
}

impl JumpCache {
    /// Where the entries start, for compiled code.
    pub(crate) const ENTRIES_OFFSET: usize = std::mem::offset_of!(JumpCache, entries);

    pub(crate) fn new() -> JumpCache {
        JumpCache { entries: [JumpEntry::EMPTY; JUMP_ENTRIES], generation: 1 }
    }

    /// The index of an address. Code is at even addresses; the bits above the
    /// page spread libraries that are mapped alike.
    #[inline]
    pub(crate) fn index(pc: u64) -> usize {
        ((pc >> 1) ^ (pc >> 13)) as usize % JUMP_ENTRIES
    }

    /// The tag of entries for code of this mode.
    pub(crate) fn tag(&self, mode: u32) -> u64 {
        u64::from(mode) | u64::from(self.generation) << 32
    }

    #[inline]
    pub(crate) fn get(&self, pc: u64, tag: u64) -> Option<&JumpEntry> {
        let entry = &self.entries[Self::index(pc)];
        (entry.pc == pc && entry.tag == tag).then_some(entry)
    }

    pub(crate) fn insert(&mut self, entry: JumpEntry) {
        self.entries[Self::index(entry.pc)] = entry;
    }

    /// Forgets all entries. Tags made before are void.
    pub(crate) fn flush(&mut self) {
        self.generation = self.generation.wrapping_add(1);
        if self.generation == 0 {
            // Entries of the first generations would come back.
            self.entries.fill(JumpEntry::EMPTY);
            self.generation = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(jumps: &mut JumpCache, pc: u64, mode: u32) {
        jumps.insert(JumpEntry { pc, tag: jumps.tag(mode), link: 0, block: 7 });
    }

    #[test]
    fn entries_are_told_apart_by_mode() {
        let mut jumps = JumpCache::new();
        insert(&mut jumps, 0x1000, 3);
        assert_eq!(jumps.get(0x1000, jumps.tag(3)).map(|e| e.block), Some(7));
        assert!(jumps.get(0x1000, jumps.tag(1)).is_none());
    }

    #[test]
    fn a_flush_forgets_even_what_is_a_whole_round_of_generations_old() {
        let mut jumps = JumpCache::new();
        insert(&mut jumps, 0x1000, 3);
        jumps.flush();
        assert!(jumps.get(0x1000, jumps.tag(3)).is_none());
        jumps.generation = u32::MAX;
        jumps.flush();
        assert_eq!(jumps.tag(3) >> 32, 1);
        assert!(jumps.get(0x1000, jumps.tag(3)).is_none());
    }
}
