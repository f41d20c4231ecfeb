//! Translated blocks, found by physical address and mode, dropped when their
//! code is written.

use crate::tier0::Code;
use crate::tlb::PAGE_MASK;
use bus::PAGE_BYTES;
use ir::BlockKey;
use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Most blocks that are kept; when they are more, all are dropped. A boot of
/// Debian to its login prompt makes about 300,000.
pub(crate) const MAX_BLOCKS: usize = 1 << 19;

/// The number of a block; the same as long as the block lives.
pub(crate) type BlockId = u32;

/// A translated block.
pub(crate) struct CachedBlock {
    pub(crate) key: BlockKey,
    /// Physical address of its first byte.
    pub(crate) phys: u64,
    /// Physical page of its last byte if that is another page than the first's.
    pub(crate) second_page: Option<u64>,
    /// Guest instructions in it.
    pub(crate) insns: u32,
    /// Bytes of guest code.
    pub(crate) bytes: u32,
    /// Tier 0's form.
    pub(crate) code: Code,
    /// Times it was entered in tier 0, saturating.
    pub(crate) heat: Cell<u32>,
    /// Where it is in a compiled unit.
    pub(crate) unit: Option<Entry>,
}

/// A way into a compiled unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    /// The unit's number.
    pub(crate) unit: u32,
    /// The unit's address.
    pub(crate) code: u64,
    /// Which of its entries.
    pub(crate) index: u32,
}

/// What a unit was compiled from.
struct Unit {
    entries: Vec<BlockId>,
    pages: Vec<u64>,
}

/// All that finds a block: physical address, guest address and mode.
type Address = (u64, u64, u32);

/// The block cache.
#[derive(Default)]
pub(crate) struct Cache {
    blocks: Vec<Option<CachedBlock>>,
    free: Vec<BlockId>,
    by_address: HashMap<Address, BlockId, BuildHasherDefault<AddressHasher>>,
    by_page: HashMap<u64, Vec<BlockId>>,
    units: Vec<Option<Unit>>,
    units_by_page: HashMap<u64, Vec<u32>>,
}

impl Cache {
    /// Blocks kept now.
    pub(crate) fn len(&self) -> usize {
        self.blocks.len() - self.free.len()
    }

    /// The block with this number.
    ///
    /// # Panics
    /// If it was dropped: jump caches are flushed with every drop.
    #[inline]
    pub(crate) fn block(&self, id: BlockId) -> &CachedBlock {
        self.blocks[id as usize].as_ref().expect("a block number in use names a block")
    }

    /// The block lifted from this code at this address in this mode.
    pub(crate) fn find(&self, phys: u64, key: BlockKey) -> Option<BlockId> {
        self.by_address.get(&(phys, key.pc, key.mode)).copied()
    }

    /// Takes a block in.
    pub(crate) fn insert(&mut self, block: CachedBlock) -> BlockId {
        let address = (block.phys, block.key.pc, block.key.mode);
        let pages: Vec<u64> = block.pages().collect();
        let id = self.free.pop().unwrap_or_else(|| {
            self.blocks.push(None);
            self.blocks.len() as BlockId - 1
        });
        self.blocks[id as usize] = Some(block);
        self.by_address.insert(address, id);
        for page in pages {
            self.by_page.entry(page).or_default().push(id);
        }
        id
    }

    /// Takes a compiled unit in: its address, the blocks it can be entered at
    /// (in the order of its entries), and the physical pages it came from.
    pub(crate) fn insert_unit(&mut self, code: u64, entries: Vec<BlockId>, pages: Vec<u64>) {
        let unit = self.units.len() as u32;
        for (index, id) in entries.iter().enumerate() {
            if let Some(block) = &mut self.blocks[*id as usize] {
                block.unit = Some(Entry { unit, code, index: index as u32 });
            }
        }
        for page in &pages {
            self.units_by_page.entry(*page).or_default().push(unit);
        }
        self.units.push(Some(Unit { entries, pages }));
    }

    /// Drops the blocks whose code lies in `[phys, phys + len)`, and every unit
    /// of the pages it lies in. Yields the dropped blocks' keys and, for each
    /// page touched, the ranges of code that remain there.
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
            if !dropped.keys.is_empty() {
                self.drop_units(page);
            }
            let remaining = self.by_page.get(&page).into_iter().flatten();
            let ranges = remaining.flat_map(|id| self.block(*id).ranges_in(page)).collect();
            dropped.pages.push((page, ranges));
            page += PAGE_BYTES;
        }
        dropped
    }

    /// Drops everything.
    pub(crate) fn clear(&mut self) -> Vec<u64> {
        let pages = self.by_page.keys().copied().collect();
        *self = Cache::default();
        pages
    }

    /// Drops all compiled units, but no block.
    pub(crate) fn clear_units(&mut self) {
        self.units.clear();
        self.units_by_page.clear();
        for block in self.blocks.iter_mut().flatten() {
            block.unit = None;
            block.heat.set(0);
        }
    }

    fn remove(&mut self, id: BlockId) -> Option<BlockKey> {
        let block = self.blocks[id as usize].take()?;
        self.free.push(id);
        self.by_address.remove(&(block.phys, block.key.pc, block.key.mode));
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

    fn drop_units(&mut self, page: u64) {
        for number in self.units_by_page.remove(&page).unwrap_or_default() {
            let Some(unit) = self.units[number as usize].take() else { continue };
            for id in unit.entries {
                if let Some(block) = &mut self.blocks[id as usize]
                    && block.unit.is_some_and(|e| e.unit == number)
                {
                    block.unit = None;
                    block.heat.set(0);
                }
            }
            for other in unit.pages.iter().filter(|p| **p != page) {
                if let Some(units) = self.units_by_page.get_mut(other) {
                    units.retain(|u| *u != number);
                }
            }
        }
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

impl CachedBlock {
    /// The guest addresses it is known to lead to, in the same mode.
    pub(crate) fn successors(&self) -> impl Iterator<Item = u64> + '_ {
        self.code.targets().into_iter().flatten()
    }

    /// The physical pages its code is in.
    pub(crate) fn pages(&self) -> impl Iterator<Item = u64> + use<> {
        [Some(self.phys & PAGE_MASK), self.second_page].into_iter().flatten()
    }

    /// The parts of the block's code in a physical page, as address and length.
    fn ranges_in(&self, page: u64) -> Option<(u64, u64)> {
        let first = (PAGE_BYTES - (self.phys & !PAGE_MASK)).min(self.bytes.into());
        if page == self.phys & PAGE_MASK {
            return Some((self.phys, first));
        }
        (Some(page) == self.second_page).then(|| (page, u64::from(self.bytes) - first))
    }

    fn overlaps(&self, phys: u64, len: u64) -> bool {
        self.pages()
            .filter_map(|page| self.ranges_in(page))
            .any(|(at, bytes)| at < phys.saturating_add(len) && phys < at + bytes)
    }
}

/// A multiplicative hash, enough for addresses.
#[derive(Default)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(phys: u64, bytes: u32) -> CachedBlock {
        let end = phys + u64::from(bytes) - 1;
        let second_page = (end & PAGE_MASK != phys & PAGE_MASK).then_some(end & PAGE_MASK);
        let code = Code { ops: Box::new([]), marks: Box::new([]), taken: 0, other: 0 };
        let key = BlockKey { pc: phys, mode: 0 };
        CachedBlock { key, phys, second_page, insns: 1, bytes, code, heat: Cell::new(0), unit: None }
    }

    #[test]
    fn only_written_blocks_are_dropped() {
        let mut cache = Cache::default();
        let first = cache.insert(block(0x1000, 8));
        let second = cache.insert(block(0x1008, 8));
        let dropped = cache.invalidate(0x100c, 1);
        assert_eq!(dropped.keys, [BlockKey { pc: 0x1008, mode: 0 }]);
        assert_eq!(dropped.pages, [(0x1000, vec![(0x1000, 8)])]);
        assert_eq!(cache.find(0x1000, cache.block(first).key), Some(first));
        assert_eq!(cache.find(0x1008, BlockKey { pc: 0x1008, mode: 0 }), None);
        assert_eq!(cache.insert(block(0x2000, 4)), second);
        assert_eq!(cache.len(), 2);
    }

    #[test]
    fn a_block_across_pages_goes_with_either() {
        for at in [0x1ffe, 0x2001] {
            let mut cache = Cache::default();
            cache.insert(block(0x1ffe, 4));
            assert_eq!(cache.invalidate(at, 1).keys.len(), 1, "{at:#x}");
            assert_eq!(cache.len(), 0);
        }
    }

    #[test]
    fn a_unit_goes_with_any_of_its_pages() {
        let mut cache = Cache::default();
        let a = cache.insert(block(0x1000, 8));
        let b = cache.insert(block(0x2000, 8));
        cache.insert_unit(0x7000, vec![a, b], vec![0x1000, 0x2000]);
        assert_eq!(cache.block(b).unit, Some(Entry { unit: 0, code: 0x7000, index: 1 }));
        cache.invalidate(0x1000, 4);
        assert_eq!(cache.block(b).unit, None);
    }
}
