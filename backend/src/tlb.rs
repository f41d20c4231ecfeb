//! What a vCPU remembers of its translations.
//!
//! The soft TLB proper is one direct-mapped table a translation regime, probed
//! inline by compiled code. A tag is the virtual page's address; any low bit set
//! in it makes a probe miss, so clean pages, code pages and devices take the slow
//! path without a test of their own. It holds 4 KiB pieces that are global or of
//! the present address space. Behind it is a larger, [`tagged`] one, which knows
//! spaces and large pages.

pub(crate) mod code_pages;
pub(crate) mod large;
pub(crate) mod spaces;
pub(crate) mod tagged;

use bus::PAGE_SHIFT;
use std::ops::RangeInclusive;

/// Entries in one regime's table; its index is the low bits of the page number.
/// A boot of Linux to a shell and some work misses 1.04 million times with 512,
/// 0.48 million with 1024, of 5.2 billion instructions.
pub const TLB_ENTRIES: usize = 1024;
/// Translation regimes a guest may tell apart.
pub const REGIMES: usize = 8;
/// Log2 of the size of an entry.
pub(crate) const ENTRY_SHIFT: u32 = size_of::<TlbEntry>().trailing_zeros();
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

    fn is_in(&self, pages: &RangeInclusive<u64>) -> bool {
        // One that is neither read nor written answers nothing.
        [self.read, self.write].iter().any(|tag| *tag != NEVER && pages.contains(tag))
    }
}

/// The first level: translations for loads and stores.
#[repr(C)]
pub struct Tlb {
    tables: [[TlbEntry; TLB_ENTRIES]; REGIMES],
    /// What kind of entry each place holds.
    kinds: [Kind; PLACES],
    /// The places that are not empty: forgetting costs what there is.
    filled: Vec<Place>,
}

/// Numbers the entries of all tables.
type Place = u16;

const PLACES: usize = REGIMES * TLB_ENTRIES;
const _: () = assert!(PLACES <= 1 << Place::BITS);

/// What an entry holds for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing.
    Empty,
    /// The present address space.
    Local,
    /// All of them.
    Global,
}

/// Which translations of a virtual address are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// All.
    All,
    /// Those that are not global.
    Local,
}

impl Default for Tlb {
    fn default() -> Tlb {
        Tlb::new()
    }
}

impl Tlb {
    /// An empty TLB.
    pub fn new() -> Tlb {
        Tlb {
            tables: [[TlbEntry::EMPTY; TLB_ENTRIES]; REGIMES],
            kinds: [Kind::Empty; PLACES],
            filled: Vec::new(),
        }
    }

    /// Where the table of a regime starts, for compiled code.
    pub(crate) const fn table_offset(regime: u8) -> usize {
        std::mem::offset_of!(Tlb, tables) + (regime as usize % REGIMES) * TLB_ENTRIES * size_of::<TlbEntry>()
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

    /// Remembers a translation in the place of another; it holds in all address
    /// spaces if it is `global`.
    pub fn insert(&mut self, regime: u8, at: u64, entry: TlbEntry, global: bool) {
        let regime = usize::from(regime) % REGIMES;
        let place = regime * TLB_ENTRIES + Self::index(at);
        if self.kinds[place] == Kind::Empty {
            self.filled.push(place as Place);
        }
        self.kinds[place] = if global { Kind::Global } else { Kind::Local };
        self.tables[regime][Self::index(at)] = entry;
    }

    /// Forgets everything.
    pub fn flush(&mut self) {
        self.forget(|_, _| true);
    }

    /// Forgets what is not global.
    pub fn flush_local(&mut self) {
        self.forget(|_, kind| kind == Kind::Local);
    }

    /// Forgets the pages at some virtual addresses, whole ones, in every regime.
    pub fn flush_pages(&mut self, pages: &RangeInclusive<u64>, which: Which) {
        let hit = |kind| which == Which::All || kind == Kind::Local;
        if pages.start() & PAGE_MASK != pages.end() & PAGE_MASK {
            return self.forget(|entry, kind| hit(kind) && entry.is_in(pages));
        }
        for regime in 0..REGIMES {
            let index = Self::index(*pages.start());
            // The place stays among those that are filled.
            if hit(self.kinds[regime * TLB_ENTRIES + index]) && self.tables[regime][index].is_in(pages) {
                self.tables[regime][index] = TlbEntry::EMPTY;
            }
        }
    }

    /// Makes stores to a physical page take the slow path from now on.
    pub fn protect(&mut self, phys_page: u64) {
        for place in &self.filled {
            let place = usize::from(*place);
            let entry = &mut self.tables[place / TLB_ENTRIES][place % TLB_ENTRIES];
            if entry.phys == phys_page {
                entry.write = NEVER;
            }
        }
    }

    fn forget(&mut self, which: impl Fn(&TlbEntry, Kind) -> bool) {
        let Tlb { tables, kinds, filled } = self;
        filled.retain(|place| {
            let place = usize::from(*place);
            let entry = &mut tables[place / TLB_ENTRIES][place % TLB_ENTRIES];
            let gone = which(entry, kinds[place]);
            if gone {
                *entry = TlbEntry::EMPTY;
                kinds[place] = Kind::Empty;
            }
            !gone
        });
    }
}

/// The tag for an access that is allowed, or not.
pub const fn tag(at: u64, allowed: bool) -> u64 {
    if allowed { at & PAGE_MASK } else { NEVER }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: u64 = 0x1234_5678;

    fn insert(tlb: &mut Tlb, at: u64, global: bool) {
        let entry = TlbEntry { read: tag(at, true), write: tag(at, true), addend: 0, phys: 0x8000_0000 };
        tlb.insert(1, at, entry, global);
    }

    fn is_known(tlb: &Tlb, at: u64) -> bool {
        tlb.entry(1, at).read == at & PAGE_MASK
    }

    #[test]
    fn protected_pages_keep_their_reads() {
        let mut tlb = Tlb::new();
        insert(&mut tlb, AT, true);
        tlb.protect(0x8000_0000);
        assert_eq!(tlb.entry(1, AT).read, 0x1234_5000);
        assert_eq!(tlb.entry(1, AT).write, NEVER);
    }

    #[test]
    fn a_flush_of_a_page_leaves_the_others() {
        let behind = AT + bus::PAGE_BYTES;
        let same_place = AT + TLB_ENTRIES as u64 * bus::PAGE_BYTES;
        let page = |at: u64| at & PAGE_MASK..=at | !PAGE_MASK;
        for pages in [page(AT), AT & !0xff_ffff..=AT | !PAGE_MASK] {
            let mut tlb = Tlb::new();
            insert(&mut tlb, AT, false);
            insert(&mut tlb, behind, false);
            tlb.flush_pages(&page(same_place), Which::All);
            assert!(is_known(&tlb, AT));
            tlb.flush_pages(&pages, Which::All);
            assert!(!is_known(&tlb, AT) && is_known(&tlb, behind));
        }
    }

    #[test]
    fn global_entries_outlive_flushes_of_one_space() {
        let mut tlb = Tlb::new();
        let other = AT + bus::PAGE_BYTES;
        insert(&mut tlb, AT, false);
        insert(&mut tlb, AT, true);
        insert(&mut tlb, other, true);
        insert(&mut tlb, other, false);
        tlb.flush_pages(&(AT & PAGE_MASK..=AT | !PAGE_MASK), Which::Local);
        tlb.flush_local();
        assert!(is_known(&tlb, AT) && !is_known(&tlb, other));
        tlb.flush();
        assert!(!is_known(&tlb, AT));
    }

    /// However often a place is filled and emptied, it is listed once.
    #[test]
    fn the_list_of_places_does_not_grow() {
        let mut tlb = Tlb::new();
        for round in 0..5 {
            insert(&mut tlb, AT, round % 2 == 0);
            tlb.flush_pages(&(AT & PAGE_MASK..=AT | !PAGE_MASK), Which::All);
        }
        assert_eq!(tlb.filled.len(), 1);
        tlb.flush();
        insert(&mut tlb, AT, false);
        assert_eq!(tlb.filled.len(), 1);
    }
}
