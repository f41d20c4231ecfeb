//! Translated blocks, found by physical address and mode, dropped when their
//! code is written.

mod drop;

use crate::block::{Baseline, CachedBlock, overlap};
use crate::hash::AddressMap;
use crate::links::{Link, Links};
use crate::tlb::PAGE_MASK;
use bus::PAGE_BYTES;
use ir::BlockKey;
use std::sync::atomic::Ordering;

/// Most places of blocks that are kept; when they are more, all are dropped. A
/// boot of Debian to its login prompt makes 1.3 million, as each process has its
/// libraries elsewhere; most of them run a few times.
pub(crate) const MAX_BLOCKS: usize = 1 << 20;

/// The number of a block, of its place and of its link. It stays when the block
/// is dropped, for the next one in the same place.
pub(crate) type BlockId = u32;

/// A compiled unit.
struct Unit {
    /// Where its code is.
    code: u64,
    entries: Vec<BlockId>,
    /// The physical ranges it was compiled from, as address and length.
    ranges: Vec<(u64, u64)>,
}

/// All that finds a block: physical address and mode.
type Address = (u64, u32);

/// Where a block is, or may be.
struct Place {
    address: Address,
    block: Option<Box<CachedBlock>>,
    /// The unit it can be entered in. There may be one without a block.
    unit: Option<u32>,
    /// A region that starts here is to hold in all address spaces.
    narrow: bool,
}

/// The block cache.
#[derive(Default)]
pub(crate) struct Cache {
    pub(crate) links: Links,
    places: Vec<Place>,
    by_address: AddressMap<Address, BlockId>,
    by_page: AddressMap<u64, Vec<BlockId>>,
    units: Vec<Option<Unit>>,
    /// The numbers of units that are gone.
    free_units: Vec<u32>,
    units_by_page: AddressMap<u64, Vec<u32>>,
    blocks_made: u64,
    /// What `heat` of a link starts from.
    hot: u32,
}

impl Cache {
    /// An empty cache whose links lead to `stub` as long as there is no code.
    /// A block is hot after `hot` runs.
    pub(crate) fn new(stub: u64, hot: u32) -> Cache {
        Cache { links: Links::new(stub), hot, ..Cache::default() }
    }

    /// Places of blocks, with or without one.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The block with this number.
    ///
    /// # Panics
    /// If it was dropped.
    #[inline]
    pub(crate) fn block(&self, id: BlockId) -> &CachedBlock {
        self.get(id).expect("a block number in use names a block")
    }

    /// The block with this number, if there is one and it was not dropped.
    #[inline]
    pub(crate) fn get(&self, id: BlockId) -> Option<&CachedBlock> {
        self.places.get(id as usize)?.block.as_deref()
    }

    pub(crate) fn block_mut(&mut self, id: BlockId) -> Option<&mut CachedBlock> {
        self.places[id as usize].block.as_deref_mut()
    }

    /// Where in its page the block with this number starts and in which mode,
    /// even if it was dropped.
    pub(crate) fn key(&self, id: BlockId) -> BlockKey {
        let (phys, mode) = self.places[id as usize].address;
        BlockKey { pc: phys & !PAGE_MASK, mode }
    }

    /// The block lifted from the code at this address in this mode.
    pub(crate) fn find(&self, phys: u64, mode: u32) -> Option<BlockId> {
        self.known_place(phys, mode).filter(|id| self.get(*id).is_some())
    }

    /// The place at this address, if there was ever a block or a jump to one.
    pub(crate) fn known_place(&self, phys: u64, mode: u32) -> Option<BlockId> {
        self.by_address.get(&(phys, mode)).copied()
    }

    /// Whether the place with this number has a block or a unit.
    pub(crate) fn is_used(&self, id: BlockId) -> bool {
        self.places.get(id as usize).is_some_and(|place| place.block.is_some() || place.unit.is_some())
    }

    /// Whether the block with this number can be entered in a unit.
    pub(crate) fn has_unit(&self, id: BlockId) -> bool {
        self.places[id as usize].unit.is_some()
    }

    /// The block that a block's unit grew from, if it has one.
    pub(crate) fn head_of(&self, id: BlockId) -> Option<BlockId> {
        let unit = self.places[id as usize].unit?;
        self.units.get(unit as usize)?.as_ref()?.entries.first().copied()
    }

    /// The physical address of the block with this number, lifted or not.
    pub(crate) fn phys(&self, id: BlockId) -> u64 {
        self.places[id as usize].address.0
    }

    /// The number of the block that is, or will be, at this address.
    pub(crate) fn place(&mut self, phys: u64, mode: u32) -> BlockId {
        let address = (phys, mode);
        *self.by_address.entry(address).or_insert_with(|| {
            self.places.push(Place { address, block: None, unit: None, narrow: false });
            self.links.push()
        })
    }

    /// Takes a block in.
    pub(crate) fn insert(&mut self, mut block: CachedBlock) -> BlockId {
        let id = self.place(block.phys, block.key.mode);
        for page in block.pages() {
            self.by_page.entry(page).or_default().push(id);
        }
        self.blocks_made += 1;
        block.serial = self.blocks_made;
        self.places[id as usize].block = Some(Box::new(block));
        if self.has_unit(id) {
            self.set_ordered(id);
        }
        id
    }

    /// Gives a block tier 1 code, or the knowledge that it has none.
    pub(crate) fn set_baseline(&mut self, id: BlockId, baseline: Baseline) {
        let hot = self.hot;
        let free = !self.has_unit(id);
        let Some(block) = self.block_mut(id) else { return };
        block.baseline = baseline;
        let (runs, ordered) = (block.heat.get(), block.ordered);
        if !ordered {
            self.link(id).heat.store(hot.saturating_sub(runs).max(1) as i32, Ordering::Relaxed);
        }
        if let Baseline::At(code) = baseline
            && free
        {
            self.links.set(id, code, 0);
        }
    }

    fn link(&self, id: BlockId) -> &Link {
        self.links.get(id)
    }

    /// How often a block has run, as far as it is counted.
    pub(crate) fn runs(&self, id: BlockId) -> u32 {
        let Some(block) = self.get(id) else { return 0 };
        let left = self.link(id).heat.load(Ordering::Relaxed);
        match block.baseline {
            Baseline::At(_) if block.ordered => self.hot,
            Baseline::At(_) => self.hot.saturating_sub(left.max(0) as u32),
            _ => block.heat.get(),
        }
    }

    /// Lets a hot block ask for a region once more when it has run half as often again,
    /// and once at least: it asks before it runs.
    pub(crate) fn ask_later(&mut self, id: BlockId) {
        self.link(id).heat.store((self.hot / 2).max(2) as i32, Ordering::Relaxed);
    }

    /// Notes that a region is on order for a block: from now on its link counts
    /// how urgent that is.
    pub(crate) fn set_ordered(&mut self, id: BlockId) {
        self.link(id).heat.store(i32::MAX, Ordering::Relaxed);
        if let Some(block) = self.block_mut(id) {
            block.ordered = true;
        }
    }

    /// How often a block has run in tier 1 since a region was ordered for it.
    pub(crate) fn urgency(&self, id: BlockId) -> u32 {
        i32::MAX.wrapping_sub(self.link(id).heat.load(Ordering::Relaxed)) as u32
    }

    /// The number that the next unit gets.
    pub(crate) fn next_unit(&self) -> u32 {
        self.free_units.last().copied().unwrap_or(self.units.len() as u32)
    }

    /// Takes a compiled unit in: its address, the blocks it can be entered at
    /// (in the order of its entries, lifted or not), and the physical ranges it
    /// came from.
    pub(crate) fn insert_unit(&mut self, code: u64, entries: Vec<BlockId>, ranges: Vec<(u64, u64)>) {
        let unit = self.next_unit();
        for (index, id) in (0..).zip(&entries) {
            self.places[*id as usize].unit = Some(unit);
            self.links.set(*id, code, index);
        }
        let made = Unit { code, entries, ranges };
        for page in made.pages() {
            self.units_by_page.entry(page).or_default().push(unit);
        }
        match self.free_units.pop() {
            Some(number) => self.units[number as usize] = Some(made),
            None => self.units.push(Some(made)),
        }
    }

    /// Drops the blocks and units whose code lies in `[phys, phys + len)`. Yields
    /// the dropped blocks' keys and, for each page touched, the ranges of code
    /// that remain there.
    pub(crate) fn invalidate(&mut self, phys: u64, len: u64) -> Dropped {
        let mut dropped = Dropped::default();
        let mut page = phys & PAGE_MASK;
        while page < phys.saturating_add(len) {
            let hit: Vec<BlockId> = self
                .by_page
                .get(&page)
                .into_iter()
                .flatten()
                .copied()
                .filter(|id| self.block(*id).overlaps(phys, len))
                .collect();
            for id in hit {
                dropped.keys.extend(self.remove(id));
            }
            self.drop_units(page, phys, len);
            dropped.pages.push((page, self.code_in(page)));
            page += PAGE_BYTES;
        }
        dropped
    }

    /// The ranges of a physical page that something was translated from.
    fn code_in(&self, page: u64) -> Vec<(u64, u64)> {
        let blocks = self.by_page.get(&page).into_iter().flatten();
        let units = self.units_by_page.get(&page).into_iter().flatten();
        let units = units.filter_map(|unit| self.units[*unit as usize].as_ref());
        let ranges = units.flat_map(|unit| &unit.ranges).filter(|(at, _)| at & PAGE_MASK == page);
        blocks.flat_map(|id| self.block(*id).ranges_in(page)).chain(ranges.copied()).collect()
    }

    /// Drops everything; yields the pages there was something from.
    pub(crate) fn clear(&mut self) -> Vec<u64> {
        let pages = self.by_page.keys().chain(self.units_by_page.keys()).copied().collect();
        let blocks_made = self.blocks_made;
        *self = Cache { blocks_made, ..Cache::new(self.links.stub(), self.hot) };
        pages
    }

    fn remove(&mut self, id: BlockId) -> Option<BlockKey> {
        let place = &mut self.places[id as usize];
        let block = place.block.take()?;
        if place.unit.is_none() {
            self.links.reset(id);
        }
        for page in block.pages() {
            if let Some(ids) = self.by_page.get_mut(&page) {
                ids.retain(|other| *other != id);
                if ids.is_empty() {
                    self.by_page.remove(&page);
                }
            }
        }
        Some(block.key)
    }

    /// Makes regions that start with a block hold in all address spaces from now on.
    pub(crate) fn set_narrow(&mut self, id: BlockId) {
        self.places[id as usize].narrow = true;
    }

    /// Whether a region that starts with a block has to hold in all address spaces.
    pub(crate) fn is_narrow(&self, id: BlockId) -> bool {
        self.places[id as usize].narrow
    }
}

impl Unit {
    fn overlaps(&self, phys: u64, len: u64) -> bool {
        self.ranges.iter().any(|range| overlap(*range, phys, len))
    }
}

/// What an invalidation did.
#[derive(Default, Debug)]
pub(crate) struct Dropped {
    /// The keys of the blocks that are gone.
    pub(crate) keys: Vec<BlockKey>,
    /// Pages looked at, with the ranges (address and length) of code left.
    pub(crate) pages: Vec<(u64, Vec<(u64, u64)>)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tier0::Code;

    pub(super) fn block(phys: u64, bytes: u32) -> CachedBlock {
        let end = phys + u64::from(bytes) - 1;
        let second_page = (end & PAGE_MASK != phys & PAGE_MASK).then_some(end & PAGE_MASK);
        let code = Code { ops: Box::new([]), pc: 0, marks: Box::new([]), taken: 0, other: 0 };
        let key = BlockKey { pc: phys & !PAGE_MASK, mode: 0 };
        CachedBlock::new(key, phys, second_page, (1, bytes), code)
    }

    #[test]
    fn only_written_blocks_are_dropped() {
        let mut cache = Cache::default();
        let first = cache.insert(block(0x1000, 8));
        let second = cache.insert(block(0x1008, 8));
        let dropped = cache.invalidate(0x100c, 1);
        assert_eq!(dropped.keys, [BlockKey { pc: 8, mode: 0 }]);
        assert_eq!(dropped.pages, [(0x1000, vec![(0x1000, 8)])]);
        assert_eq!(cache.find(0x1000, 0), Some(first));
        assert_eq!(cache.find(0x1008, 0), None);
        assert!(cache.get(second).is_none());
        assert_eq!(cache.insert(block(0x1008, 8)), second, "the place stays");
    }

    #[test]
    fn a_block_across_pages_goes_with_either() {
        for at in [0x1ffe, 0x2001] {
            let mut cache = Cache::default();
            cache.insert(block(0x1ffe, 4));
            assert_eq!(cache.invalidate(at, 1).keys.len(), 1, "{at:#x}");
            assert!(cache.get(0).is_none());
        }
    }

    #[test]
    fn a_unit_goes_with_any_of_its_code_and_with_no_other() {
        let mut cache = Cache::default();
        let a = cache.insert(block(0x1000, 8));
        let b = cache.insert(block(0x2000, 8));
        cache.insert_unit(0x7000, vec![a, b], vec![(0x1000, 8), (0x2000, 8)]);
        assert_eq!(cache.links.code(b), Some((0x7000, 1)));
        assert!(cache.invalidate(0x1008, 8).keys.is_empty());
        assert_eq!(cache.links.code(b), Some((0x7000, 1)));
        cache.invalidate(0x1004, 1);
        assert_eq!(cache.links.code(b), None);
        assert!(cache.get(b).is_some() && !cache.has_unit(b));
    }

    #[test]
    fn a_unit_needs_no_blocks() {
        let mut cache = Cache::default();
        let head = cache.place(0x1000, 0);
        cache.insert_unit(0x7000, vec![head], vec![(0x1000, 8), (0x1010, 8)]);
        assert_eq!(cache.find(0x1000, 0), None);
        assert_eq!(cache.known_place(0x1000, 0).filter(|id| cache.has_unit(*id)), Some(head));
        assert_eq!(cache.insert(block(0x1000, 12)), head);
        assert!(cache.block(head).ordered && cache.runs(head) == 0);
        let dropped = cache.invalidate(0x1008, 1);
        assert_eq!(
            dropped.keys,
            [BlockKey { pc: 0, mode: 0 }],
            "the block is longer than what the unit has of it"
        );
        assert_eq!(dropped.pages, [(0x1000, vec![(0x1000, 8), (0x1010, 8)])]);
        assert_eq!(cache.links.code(head), Some((0x7000, 0)));
        assert_eq!(cache.invalidate(0x1010, 1).pages, [(0x1000, vec![])]);
        assert_eq!(cache.links.code(head), None);
    }
}
