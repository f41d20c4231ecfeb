//! The soft TLB: what a vCPU remembers of its translations.
//!
//! One direct-mapped table a translation regime, probed inline by compiled
//! code. A tag is the virtual page's address; any low bit set in it makes a
//! probe miss, so clean pages, code pages and devices take the slow path
//! without a test of their own.

use bus::PAGE_SHIFT;

/// Entries in one regime's table; its index is the low bits of the page number.
pub const TLB_ENTRIES: usize = 256;
/// Translation regimes a guest may tell apart.
pub const REGIMES: usize = 8;
/// The bits of an address above its page offset.
pub const PAGE_MASK: u64 = !0 << PAGE_SHIFT;

/// A tag that no address has.
const NEVER: u64 = !0;

/// What one page of virtual addresses maps to. Compiled code knows this layout.
#[repr(C, align(32))]
#[derive(Clone, Copy)]
pub struct TlbEntry {
    /// The page's address if loads may go straight to memory.
    pub read: u64,
    /// The page's address if stores may go straight to memory.
    pub write: u64,
    /// Host address minus virtual address.
    pub addend: u64,
    /// The physical page.
    pub phys: u64,
}

impl TlbEntry {
    const EMPTY: TlbEntry = TlbEntry { read: NEVER, write: NEVER, addend: 0, phys: NEVER };
}

/// All translations one vCPU remembers for loads and stores.
#[repr(C)]
pub struct Tlb {
    tables: [[TlbEntry; TLB_ENTRIES]; REGIMES],
}

impl Tlb {
    /// An empty TLB.
    pub fn new() -> Tlb {
        Tlb { tables: [[TlbEntry::EMPTY; TLB_ENTRIES]; REGIMES] }
    }

    /// The table index of an address.
    #[inline]
    pub fn index(at: u64) -> usize {
        (at >> PAGE_SHIFT) as usize % TLB_ENTRIES
    }

    /// The entry an address would be in.
    #[inline]
    pub fn entry(&self, regime: u8, at: u64) -> &TlbEntry {
        &self.tables[usize::from(regime) % REGIMES][Self::index(at)]
    }

    /// Remembers a translation in the place of another.
    pub fn insert(&mut self, regime: u8, at: u64, entry: TlbEntry) {
        self.tables[usize::from(regime) % REGIMES][Self::index(at)] = entry;
    }

    /// Forgets everything.
    pub fn flush(&mut self) {
        for table in &mut self.tables {
            // Regimes a guest does not use stay untouched, and cost no cache.
            if table.iter().any(|e| e.phys != NEVER) {
                table.fill(TlbEntry::EMPTY);
            }
        }
    }

    /// Forgets the page at a virtual address, in every regime.
    pub fn flush_page(&mut self, at: u64) {
        for table in &mut self.tables {
            table[Self::index(at)] = TlbEntry::EMPTY;
        }
    }

    /// Makes stores to a physical page take the slow path from now on.
    pub fn protect(&mut self, phys_page: u64) {
        for entry in self.tables.iter_mut().flatten() {
            if entry.phys == phys_page {
                entry.write = NEVER;
            }
        }
    }
}

/// The tag for an access that is allowed, or not.
pub const fn tag(at: u64, allowed: bool) -> u64 {
    if allowed { at & PAGE_MASK } else { NEVER }
}

/// Fetch translations: which physical page a virtual page's code is in.
pub struct FetchTlb {
    entries: Box<[FetchEntry; TLB_ENTRIES]>,
}

#[derive(Clone, Copy)]
struct FetchEntry {
    page: u64,
    regime: u8,
    phys: u64,
}

impl FetchTlb {
    /// An empty table.
    pub fn new() -> FetchTlb {
        FetchTlb { entries: Box::new([FetchEntry { page: NEVER, regime: 0, phys: 0 }; TLB_ENTRIES]) }
    }

    /// The physical address of the code at `at`, if remembered.
    #[inline]
    pub fn get(&self, regime: u8, at: u64) -> Option<u64> {
        let entry = &self.entries[Tlb::index(at)];
        (entry.page == at & PAGE_MASK && entry.regime == regime).then_some(entry.phys | at & !PAGE_MASK)
    }

    /// Remembers that the code at `at` is at physical address `phys`.
    pub fn insert(&mut self, regime: u8, at: u64, phys: u64) {
        self.entries[Tlb::index(at)] = FetchEntry { page: at & PAGE_MASK, regime, phys: phys & PAGE_MASK };
    }

    /// Forgets everything.
    pub fn flush(&mut self) {
        for entry in self.entries.iter_mut() {
            entry.page = NEVER;
        }
    }

    /// Forgets the page at a virtual address.
    pub fn flush_page(&mut self, at: u64) {
        self.entries[Tlb::index(at)].page = NEVER;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_pages_keep_their_reads() {
        let mut tlb = Tlb::new();
        let at = 0x1234_5678;
        tlb.insert(
            1,
            at,
            TlbEntry { read: tag(at, true), write: tag(at, true), addend: 0, phys: 0x8000_0000 },
        );
        tlb.protect(0x8000_0000);
        assert_eq!(tlb.entry(1, at).read, 0x1234_5000);
        assert_eq!(tlb.entry(1, at).write, NEVER);
        tlb.flush_page(at);
        assert_eq!(tlb.entry(1, at).read, NEVER);
    }

    #[test]
    fn fetches_are_kept_apart_by_regime() {
        let mut tlb = FetchTlb::new();
        tlb.insert(3, 0x1000, 0x8000_2000);
        assert_eq!(tlb.get(3, 0x1abc), Some(0x8000_2abc));
        assert_eq!(tlb.get(1, 0x1abc), None);
    }
}
