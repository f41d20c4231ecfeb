//! A TLB that knows address spaces and large pages: for data the second level,
//! with what the first had no room for, or had to forget because another space
//! came; for code the only one.
//!
//! An entry says in which *context* it was learnt, a number that is given once
//! (see [`super::spaces`]): to forget an address space is to number it anew.

use super::spaces::Contexts;
use super::{PAGE_MASK, REGIMES};
use bus::{PAGE_BYTES, PAGE_SHIFT};
use guest::{Access, Page};
use std::ops::RangeInclusive;

/// Entries that share an index.
const WAYS: usize = 4;
/// One page, of any size.
#[derive(Clone, Copy)]
struct Entry {
    /// Its virtual address; in the low bits, its size and regime.
    key: u64,
    /// Its physical address; in the low bits, its rights.
    phys: u64,
    context: u32,
    /// What the page adds to the mode of code.
    code_mode: u32,
}

impl Entry {
    const EMPTY: Entry = Entry { key: 0, phys: 0, context: 0, code_mode: 0 };

    /// Log2 of the page's size; 0 if there is none.
    fn bits(&self) -> u32 {
        (self.key >> 3 & 0x3f) as u32
    }

    fn is_in(&self, pages: &RangeInclusive<u64>) -> bool {
        let first = self.key & PAGE_MASK;
        let last = first | ((1 << self.bits()) - 1);
        self.key != 0 && first <= *pages.end() && *pages.start() <= last
    }
}

/// Low bits of [`Entry::phys`].
mod right {
    pub const READ: u64 = 1;
    pub const WRITE: u64 = 2;
    pub const EXEC: u64 = 4;
    /// No right, but a duty.
    pub const ALIGNED: u64 = 8;
}

/// The key of a page with `2^bits` bytes, of which `at` is one.
fn key(at: u64, bits: u32, regime: u8) -> u64 {
    at >> bits << bits | u64::from(bits) << 3 | (u64::from(regime) % REGIMES as u64)
}

/// The table.
pub(crate) struct TaggedTlb {
    /// As many as a power of two.
    sets: Box<[[Entry; WAYS]]>,
    /// Sizes of pages it may hold: bit `n` stands for `2^n` bytes.
    sizes: u64,
    /// Which way of a full set is next to go.
    next: u8,
}

impl TaggedTlb {
    /// An empty table of `2^bits` sets of four entries, 24 bytes each.
    pub(crate) fn new(bits: u32) -> TaggedTlb {
        TaggedTlb { sets: vec![[Entry::EMPTY; WAYS]; 1 << bits].into(), sizes: 0, next: 0 }
    }

    /// The set a key of a page with `2^bits` bytes is in.
    fn set(&self, key: u64, bits: u32) -> usize {
        // Stacks and heaps of many programs start at the same low bits.
        let page = key >> bits;
        (page ^ page >> 10 ^ key << 5) as usize & (self.sets.len() - 1)
    }

    /// The page that holds `at`, if it is remembered in one of these contexts and
    /// lets `access` through.
    pub(crate) fn get(&self, contexts: Contexts, at: u64, access: Access, regime: u8) -> Option<Page> {
        let wanted = match access {
            Access::Load => right::READ,
            Access::Store => right::WRITE,
            Access::Fetch => right::EXEC,
        };
        let mut sizes = self.sizes;
        while sizes != 0 {
            let bits = sizes.trailing_zeros();
            sizes &= sizes - 1;
            let key = key(at, bits, regime);
            let hit =
                self.sets[self.set(key, bits)].iter().find(|e| e.key == key && contexts.hold(e.context));
            if let Some(entry) = hit
                && entry.phys & wanted != 0
            {
                return Some(page(entry, at, contexts));
            }
        }
        None
    }

    /// Remembers what the page that holds `at` maps to.
    pub(crate) fn insert(&mut self, contexts: Contexts, at: u64, regime: u8, page: &Page) {
        let bits = if page.whole { u32::from(page.offset_bits) } else { PAGE_SHIFT };
        let context = if page.global { contexts.global } else { contexts.local };
        let key = key(at, bits, regime);
        let rights = [
            (page.read, right::READ),
            (page.write, right::WRITE),
            (page.exec, right::EXEC),
            (page.aligned, right::ALIGNED),
        ];
        let rights = rights.iter().filter(|(allowed, _)| *allowed).fold(0, |all, (_, bit)| all | bit);
        let new = Entry { key, phys: page.phys >> bits << bits | rights, context, code_mode: page.code_mode };
        self.sizes |= 1 << bits;
        let set = self.set(key, bits);
        let ways = &mut self.sets[set];
        let old = ways.iter().position(|e| e.key == key && (contexts.hold(e.context)));
        let way = old.or_else(|| ways.iter().position(|e| e.key == 0)).unwrap_or_else(|| {
            self.next = self.next.wrapping_add(1);
            usize::from(self.next) % WAYS
        });
        ways[way] = new;
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.sets.fill([Entry::EMPTY; WAYS]);
        self.sizes = 0;
    }

    /// Forgets the pages at some virtual addresses, in every regime, if they are
    /// of one of the contexts that `meant` names. No page is larger than 4 KiB if
    /// they are so few.
    pub(crate) fn flush_pages(&mut self, pages: &RangeInclusive<u64>, meant: impl Fn(u32) -> bool) {
        let forget = |entry: &mut Entry| {
            if meant(entry.context) && entry.is_in(pages) {
                *entry = Entry::EMPTY;
            }
        };
        if pages.end() - pages.start() >= PAGE_BYTES {
            self.sets.iter_mut().flatten().for_each(forget);
            return;
        }
        for regime in 0..REGIMES as u8 {
            let key = key(*pages.start(), PAGE_SHIFT, regime);
            let set = self.set(key, PAGE_SHIFT);
            self.sets[set].iter_mut().for_each(forget);
        }
    }
}

/// What an entry says of an address in it.
fn page(entry: &Entry, at: u64, contexts: Contexts) -> Page {
    let bits = entry.bits();
    let offset = at & ((1 << bits) - 1);
    Page {
        phys: entry.phys >> bits << bits | offset,
        read: entry.phys & right::READ != 0,
        write: entry.phys & right::WRITE != 0,
        exec: entry.phys & right::EXEC != 0,
        cacheable: true,
        global: entry.context == contexts.global,
        offset_bits: bits as u8,
        whole: true,
        aligned: entry.phys & right::ALIGNED != 0,
        code_mode: entry.code_mode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Contexts = Contexts { local: 2, global: 1 };
    const THERE: Contexts = Contexts { local: 3, global: 1 };
    const AT: u64 = 0xffff_ffc0_1234_5678;
    const PAGE: Page = Page {
        phys: 0x8034_5678,
        read: true,
        write: false,
        exec: false,
        cacheable: true,
        global: false,
        offset_bits: 12,
        whole: true,
        aligned: true,
        code_mode: 1 << 28,
    };

    fn phys(tlb: &TaggedTlb, contexts: Contexts, at: u64) -> Option<u64> {
        tlb.get(contexts, at, Access::Load, 1).map(|page| page.phys)
    }

    #[test]
    fn spaces_and_regimes_and_rights_are_told_apart() {
        let mut tlb = TaggedTlb::new(8);
        tlb.insert(HERE, AT, 1, &PAGE);
        assert_eq!(tlb.get(HERE, AT + 1, Access::Load, 1), Some(Page { phys: PAGE.phys + 1, ..PAGE }));
        assert_eq!(phys(&tlb, THERE, AT), None);
        assert_eq!(tlb.get(HERE, AT, Access::Load, 2), None);
        assert_eq!(tlb.get(HERE, AT, Access::Store, 1), None);
        let global = Page { global: true, ..PAGE };
        tlb.insert(HERE, AT, 1, &global);
        assert_eq!(tlb.get(THERE, AT, Access::Load, 1), Some(global));
    }

    #[test]
    fn a_large_page_is_one_entry_and_goes_whole() {
        let mut tlb = TaggedTlb::new(8);
        tlb.insert(HERE, AT, 1, &Page { offset_bits: 21, ..PAGE });
        let base = AT >> 21 << 21;
        let phys_base = PAGE.phys >> 21 << 21;
        assert_eq!(phys(&tlb, HERE, base), Some(phys_base));
        assert_eq!(phys(&tlb, HERE, base + 0x1f_ffff), Some(phys_base + 0x1f_ffff));
        assert_eq!(phys(&tlb, HERE, base + 0x20_0000), None);
        tlb.flush_pages(&(base - 0x20_0000..=base - 1), |_| true);
        assert!(phys(&tlb, HERE, base).is_some());
        tlb.flush_pages(&(base + 0x1f_f000..=base + 0x20_0fff), |_| true);
        assert_eq!(phys(&tlb, HERE, base), None);
    }

    /// Where a page is large but not all alike, its pieces are kept apart.
    #[test]
    fn a_piece_says_nothing_of_the_next() {
        let mut tlb = TaggedTlb::new(8);
        tlb.insert(HERE, AT, 1, &Page { offset_bits: 21, whole: false, ..PAGE });
        assert_eq!(phys(&tlb, HERE, AT), Some(PAGE.phys));
        assert_eq!(phys(&tlb, HERE, AT + PAGE_BYTES), None);
    }

    #[test]
    fn a_flush_of_a_page_reaches_the_contexts_it_means() {
        let mut tlb = TaggedTlb::new(8);
        tlb.insert(HERE, AT, 1, &PAGE);
        tlb.insert(THERE, AT, 1, &PAGE);
        let page = AT & PAGE_MASK..=AT | !PAGE_MASK;
        tlb.flush_pages(&page, |context| context == HERE.local);
        assert!(phys(&tlb, HERE, AT).is_none() && phys(&tlb, THERE, AT).is_some());
        tlb.flush_pages(&page, |_| true);
        assert!(phys(&tlb, THERE, AT).is_none());
    }

    /// One that is remembered anew takes the place of the old one.
    #[test]
    fn a_page_is_remembered_once() {
        let mut tlb = TaggedTlb::new(8);
        for round in 0..100 {
            tlb.insert(HERE, AT, 1, &Page { phys: round << 12, ..PAGE });
            tlb.insert(HERE, AT + PAGE_BYTES, 1, &PAGE);
        }
        assert_eq!(phys(&tlb, HERE, AT), Some(99 << 12 | AT & 0xfff));
        assert_eq!(tlb.sets.iter().flatten().filter(|e| e.key != 0).count(), 2);
    }
}
