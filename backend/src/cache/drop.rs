//! How code goes: with the guest code it was made from, or as the oldest.

use super::{BlockId, Cache, Unit};
use crate::block::Baseline;
use crate::generations::Tenant;
use crate::tlb::PAGE_MASK;
use std::ops::Range;

impl Cache {
    /// Drops the code at these addresses, of these owners; blocks stay. Who is an
    /// owner no more, or has code elsewhere by now, is left alone.
    pub(crate) fn drop_code(&mut self, addresses: &Range<u64>, owners: &[Tenant]) {
        for owner in owners {
            match *owner {
                Tenant::Block(id) => self.drop_baseline(id, addresses),
                Tenant::Unit(number) => {
                    let unit = self.units[number as usize].as_ref();
                    if unit.is_some_and(|unit| addresses.contains(&unit.code)) {
                        self.drop_unit(number);
                    }
                }
            }
        }
    }

    fn drop_baseline(&mut self, id: BlockId, addresses: &Range<u64>) {
        let free = !self.has_unit(id);
        let Some(block) = self.block_mut(id) else { return };
        if matches!(block.baseline, Baseline::At(code) if addresses.contains(&code)) {
            block.baseline = Baseline::Not;
            // It gets new code if it runs as often once more.
            block.heat.set(0);
            if free {
                self.links.reset(id);
            }
        }
    }

    /// Drops the units of a page that were compiled from any of
    /// `[phys, phys + len)`.
    pub(super) fn drop_units(&mut self, page: u64, phys: u64, len: u64) {
        let Some(numbers) = self.units_by_page.get(&page) else { return };
        let units = &self.units;
        let hit = |n: &u32| units[*n as usize].as_ref().is_some_and(|unit| unit.overlaps(phys, len));
        for number in numbers.iter().copied().filter(hit).collect::<Vec<_>>() {
            self.drop_unit(number);
        }
    }

    /// Drops the unit that a block can be entered in; yields its first entry.
    pub(crate) fn drop_unit_of(&mut self, id: BlockId) -> Option<BlockId> {
        self.drop_unit(self.places[id as usize].unit?)
    }

    /// Drops a unit; yields its first entry.
    fn drop_unit(&mut self, number: u32) -> Option<BlockId> {
        let unit = self.units[number as usize].take()?;
        for page in unit.pages() {
            if let Some(numbers) = self.units_by_page.get_mut(&page) {
                numbers.retain(|other| *other != number);
                if numbers.is_empty() {
                    self.units_by_page.remove(&page);
                }
            }
        }
        for id in &unit.entries {
            self.leave_unit(*id, number);
        }
        self.free_units.push(number);
        unit.entries.first().copied()
    }

    /// A block that could be entered in a unit goes back to its other code.
    fn leave_unit(&mut self, id: BlockId, unit: u32) {
        let place = &mut self.places[id as usize];
        if place.unit != Some(unit) {
            return;
        }
        place.unit = None;
        self.links.reset(id);
        let Some(block) = self.block_mut(id) else { return };
        block.ordered = false;
        block.heat.set(0);
        let baseline = block.baseline;
        if let Baseline::At(_) = baseline {
            self.set_baseline(id, baseline);
        }
    }
}

impl Unit {
    /// The physical pages it was compiled from, each once.
    pub(super) fn pages(&self) -> Vec<u64> {
        let mut pages: Vec<u64> = self.ranges.iter().map(|(at, _)| at & PAGE_MASK).collect();
        pages.sort_unstable();
        pages.dedup();
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::block;
    use super::*;

    const OLD: Range<u64> = 0x7000..0x8000;

    #[test]
    fn old_code_goes_and_younger_stays() {
        let mut cache = Cache::default();
        let [a, b] = [0x1000, 0x2000].map(|phys| cache.insert(block(phys, 8)));
        cache.set_baseline(a, Baseline::At(0x7000));
        cache.set_baseline(b, Baseline::At(0x8000));
        cache.block(a).heat.set(40);
        cache.drop_code(&OLD, &[Tenant::Block(a), Tenant::Block(b)]);
        assert_eq!([a, b].map(|id| cache.links.code(id)), [None, Some((0x8000, 0))]);
        assert_eq!((cache.block(a).baseline, cache.block(a).heat.get()), (Baseline::Not, 0));
    }

    #[test]
    fn a_block_in_a_unit_loses_the_one_or_the_other() {
        for (code, left) in [(0x7000, 0x9000), (0x9000, 0x7000)] {
            let mut cache = Cache::default();
            let id = cache.insert(block(0x1000, 8));
            cache.set_baseline(id, Baseline::At(code));
            let unit = cache.next_unit();
            cache.insert_unit(left, vec![id], vec![(0x1000, 8)]);
            cache.drop_code(&OLD, &[Tenant::Block(id), Tenant::Unit(unit)]);
            assert_eq!(cache.links.code(id), Some((0x9000, 0)));
            assert_eq!(cache.has_unit(id), left == 0x9000);
        }
    }

    #[test]
    fn a_number_is_used_again_and_its_old_owner_is_no_more() {
        let mut cache = Cache::default();
        let id = cache.insert(block(0x1000, 8));
        cache.insert_unit(0x7000, vec![id], vec![(0x1000, 8)]);
        let first = Tenant::Unit(0);
        cache.invalidate(0x1000, 1);
        assert_eq!((cache.links.code(id), cache.next_unit()), (None, 0));
        let id = cache.insert(block(0x1000, 8));
        cache.insert_unit(0x9000, vec![id], vec![(0x1000, 8)]);
        assert_eq!(cache.next_unit(), 1);
        cache.drop_code(&OLD, &[first]);
        assert_eq!(cache.links.code(id), Some((0x9000, 0)), "it has code elsewhere");
        assert_eq!(cache.invalidate(0x1000, 1).pages, [(0x1000, vec![])]);
    }
}
