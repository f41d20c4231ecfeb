//! Where a jump finds its code: a small table from guest address and mode to
//! the block and, once there is some, its compiled code.
//!
//! An address has two places, side by side: who is put where another one is moves
//! that to its second.
//!
//! An entry's tag is its mode and the generation it was made in; generations
//! belong to address spaces (see [`crate::tlb::spaces`]). To forget all entries of
//! one is to give it another.

use bus::PAGE_SHIFT;

/// Entries; the index is the low bits of the address. A boot of Debian to its
/// login prompt took 28.5 s with 4,096, 25.0 s with these and 26.3 s with 65,536.
pub(crate) const JUMP_ENTRIES: usize = 16384;

/// How far an address is shifted for each half of its index; compiled code
/// computes the same.
pub(crate) const LOW_SHIFT: u8 = 1;
pub(crate) const HIGH_SHIFT: u8 = 13;

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
    /// The low bits of each entry's page, for whoever looks for some pages only: a
    /// sixteenth of the memory to go through.
    pages: Vec<u16>,
}

/// Entries whose pages are looked at together.
const FLUSH_CHUNK: usize = 64;

/// What [`JumpCache::pages`] has for an address.
fn page_bits(pc: u64) -> u16 {
    (pc >> PAGE_SHIFT) as u16
}

impl JumpCache {
    /// Where the entries start, for compiled code.
    pub(crate) const ENTRIES_OFFSET: usize = std::mem::offset_of!(JumpCache, entries);

    pub(crate) fn new() -> JumpCache {
        JumpCache { entries: [JumpEntry::EMPTY; JUMP_ENTRIES], pages: vec![0; JUMP_ENTRIES] }
    }

    /// The index of an address. Code is at even addresses; the bits above the
    /// page spread libraries that are mapped alike.
    #[inline]
    pub(crate) fn index(pc: u64) -> usize {
        ((pc >> LOW_SHIFT) ^ (pc >> HIGH_SHIFT)) as usize % JUMP_ENTRIES
    }

    #[inline]
    pub(crate) fn get(&self, pc: u64, tag: u64) -> Option<&JumpEntry> {
        let first = Self::index(pc);
        let entries = [&self.entries[first], &self.entries[first ^ 1]];
        entries.into_iter().find(|entry| entry.pc == pc && entry.tag == tag)
    }

    pub(crate) fn insert(&mut self, entry: JumpEntry) {
        let first = Self::index(entry.pc);
        if self.entries[first].pc != entry.pc {
            self.entries[first ^ 1] = self.entries[first];
            self.pages[first ^ 1] = self.pages[first];
        }
        self.entries[first] = entry;
        self.pages[first] = page_bits(entry.pc);
    }

    /// Forgets the entries for the addresses from `first` to `first + beyond`,
    /// which may go around the end of the address space, whatever their tag.
    pub(crate) fn flush_range(&mut self, (first, beyond): (u64, u64)) {
        let last = page_bits(first.wrapping_add(beyond)).wrapping_sub(page_bits(first));
        let any_page = beyond >> PAGE_SHIFT >= u64::from(u16::MAX);
        let chunks = self.pages.as_chunks::<FLUSH_CHUNK>().0.iter();
        for (pages, entries) in chunks.zip(self.entries.as_chunks_mut::<FLUSH_CHUNK>().0) {
            let near = |page: &u16| page.wrapping_sub(page_bits(first)) <= last;
            // Without a way out in between the host does several at once.
            if any_page || pages.iter().map(near).fold(false, |any, near| any | near) {
                for entry in entries.iter_mut().filter(|e| e.pc.wrapping_sub(first) <= beyond) {
                    *entry = JumpEntry::EMPTY;
                }
            }
        }
    }

    /// Forgets all entries.
    pub(crate) fn clear(&mut self) {
        self.entries.fill(JumpEntry::EMPTY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(jumps: &mut JumpCache, pc: u64, tag: u64) {
        jumps.insert(JumpEntry { pc, tag, link: 0, block: 7 });
    }

    #[test]
    fn entries_are_told_apart_by_tag() {
        let mut jumps = JumpCache::new();
        insert(&mut jumps, 0x1000, 3);
        assert_eq!(jumps.get(0x1000, 3).map(|e| e.block), Some(7));
        assert!(jumps.get(0x1000, 1).is_none());
        assert!(jumps.get(0x1000, 3 | 1 << 32).is_none());
    }

    #[test]
    fn two_addresses_with_one_place_are_both_there() {
        let mut jumps = JumpCache::new();
        let same: Vec<u64> =
            (0..1 << 20).map(|n| n * 2).filter(|pc| JumpCache::index(*pc) == 5).take(3).collect();
        same.iter().for_each(|pc| insert(&mut jumps, *pc, 3));
        let there = |pc: &u64| jumps.get(*pc, 3).is_some();
        assert_eq!(same.iter().map(there).collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn a_range_may_go_around_the_end_of_the_address_space() {
        let first = 0_u64.wrapping_sub(0x1000);
        let cases = [(first, false), (u64::MAX - 1, false), (0, false), (0xfff, false), (0x1000, true)];
        for (pc, stays) in cases.into_iter().chain([(first - 2, true)]) {
            let mut jumps = JumpCache::new();
            insert(&mut jumps, pc, 3);
            jumps.flush_range((first, 0x1fff));
            assert_eq!(jumps.get(pc, 3).is_some(), stays, "{pc:#x}");
            jumps.clear();
            assert!(jumps.get(pc, 3).is_none());
        }
    }
}
