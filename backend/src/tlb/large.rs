//! Where pages larger than 4 KiB were met. The first level remembers 4 KiB at a
//! time, but a flush of one address has to reach all of the page that held it, and
//! what held it can no longer be told from the tables.

use super::PAGE_MASK;
use std::ops::RangeInclusive;

/// Ranges that are kept apart; those nearest to each other become one when there
/// are more. A kernel has its own image and its map of all memory.
const MAX_RANGES: usize = 8;

/// The virtual addresses of large pages, and perhaps what lies between them.
#[derive(Default)]
pub(crate) struct LargePages {
    /// In order, and apart.
    ranges: Vec<RangeInclusive<u64>>,
}

impl LargePages {
    /// Notes a page of `2^bits` bytes that holds `at`.
    pub(crate) fn note(&mut self, at: u64, bits: u32) {
        let inside = (1 << bits) - 1;
        let (mut first, mut last) = (at & !inside, at | inside);
        if self.ranges.iter().any(|r| r.contains(&first) && r.contains(&last)) {
            return;
        }
        let touches = |r: &RangeInclusive<u64>, first: u64, last: u64| {
            *r.start() <= last.saturating_add(1) && first <= r.end().saturating_add(1)
        };
        self.ranges.retain(|r| {
            let joins = touches(r, first, last);
            if joins {
                (first, last) = (first.min(*r.start()), last.max(*r.end()));
            }
            !joins
        });
        let index = self.ranges.partition_point(|r| *r.start() < first);
        self.ranges.insert(index, first..=last);
        if self.ranges.len() > MAX_RANGES {
            self.widen();
        }
    }

    /// Makes one of the two neighbours with the least between them.
    fn widen(&mut self) {
        let gap = |i: &usize| self.ranges[i + 1].start() - self.ranges[*i].end();
        let Some(index) = (0..self.ranges.len() - 1).min_by_key(gap) else { return };
        let second = self.ranges.remove(index + 1);
        self.ranges[index] = *self.ranges[index].start()..=*second.end();
    }

    /// The addresses whose translations may be those of the page that holds `at`:
    /// 4 KiB, or a range with large pages.
    pub(crate) fn around(&self, at: u64) -> RangeInclusive<u64> {
        let page = at & PAGE_MASK..=at | !PAGE_MASK;
        self.ranges.iter().find(|r| r.contains(&at)).cloned().unwrap_or(page)
    }

    /// Forgets them all, as all translations are forgotten.
    pub(crate) fn clear(&mut self) {
        self.ranges.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_large_page_is_reached_from_all_of_its_addresses() {
        let mut large = LargePages::default();
        large.note(0x40_1234, 21);
        for at in [0x40_0000, 0x5f_ffff] {
            assert_eq!(large.around(at), 0x40_0000..=0x5f_ffff);
        }
        assert_eq!(large.around(0x3f_f123), 0x3f_f000..=0x3f_ffff);
        assert_eq!(large.around(0x60_0000), 0x60_0000..=0x60_0fff);
        large.note(u64::MAX, 30);
        assert_eq!(large.around(u64::MAX - 5), 0xffff_ffff_c000_0000..=u64::MAX);
        large.clear();
        assert_eq!(large.around(0x40_0000), 0x40_0000..=0x40_0fff);
    }

    proptest! {
        /// Whatever was noted is covered, by few ranges that are in order.
        #[test]
        fn no_page_is_lost(pages in proptest::collection::vec((any::<u64>(), 13..40_u32), 1..60)) {
            let mut large = LargePages::default();
            for (at, bits) in &pages {
                large.note(*at, *bits);
                prop_assert!(large.ranges.len() <= MAX_RANGES);
                prop_assert!(large.ranges.windows(2).all(|w| w[0].end() < w[1].start()));
            }
            for (at, bits) in &pages {
                let inside = (1 << bits) - 1;
                let around = large.around(*at);
                prop_assert!(around.contains(&(at & !inside)) && around.contains(&(at | inside)));
            }
        }
    }
}
