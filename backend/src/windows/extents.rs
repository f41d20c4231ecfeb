//! What is mapped where in one window: runs of pages, in order and apart.

use bus::PAGE_BYTES;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Pages of guest memory that are mapped one behind the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Extent {
    pub(crate) bytes: u64,
    /// The physical address of the first byte.
    pub(crate) phys: u64,
    /// Stores go straight to memory too.
    pub(crate) write: bool,
}

/// The runs, by the guest address they start at. All addresses and lengths are
/// multiples of the page size.
#[derive(Default)]
pub(crate) struct Extents {
    runs: BTreeMap<u64, Extent>,
    /// Those of one page, as its physical address and where it is.
    single: BTreeSet<(u64, u64)>,
    /// Where the others start.
    long: BTreeSet<u64>,
}

impl Extents {
    /// How many runs there are.
    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    /// The run that holds an address, and where it starts.
    pub(crate) fn at(&self, at: u64) -> Option<(u64, Extent)> {
        let (start, run) = self.runs.range(..=at).next_back()?;
        (at - start < run.bytes).then_some((*start, *run))
    }

    /// Notes what is mapped at an address from now on.
    pub(crate) fn insert(&mut self, at: u64, extent: Extent) {
        self.remove(at, extent.bytes);
        self.put(at, extent);
    }

    fn put(&mut self, at: u64, run: Extent) {
        self.take(at);
        self.runs.insert(at, run);
        if run.bytes == PAGE_BYTES {
            self.single.insert((run.phys, at));
        } else {
            self.long.insert(at);
        }
    }

    fn take(&mut self, at: u64) {
        if let Some(run) = self.runs.remove(&at) {
            self.single.remove(&(run.phys, at));
            self.long.remove(&at);
        }
    }

    /// Forgets what is mapped at `bytes` bytes from `at`. Yields whether anything was.
    pub(crate) fn remove(&mut self, at: u64, bytes: u64) -> bool {
        self.split(at);
        self.split(at + bytes);
        let inside: Vec<u64> = self.runs.range(at..at + bytes).map(|(start, _)| *start).collect();
        for start in &inside {
            self.take(*start);
        }
        !inside.is_empty()
    }

    /// Makes a run begin at `at`, if that is in the midst of one.
    fn split(&mut self, at: u64) {
        let Some((start, run)) = self.at(at).filter(|(start, _)| *start != at) else { return };
        let first = at - start;
        self.put(start, Extent { bytes: first, ..run });
        self.put(at, Extent { bytes: run.bytes - first, phys: run.phys + first, ..run });
    }

    /// Forgets where a physical page is mapped so that it can be written. Yields
    /// these places.
    pub(crate) fn protect(&mut self, phys: u64) -> Vec<u64> {
        let single = self.single.range((phys, 0)..=(phys, u64::MAX)).map(|(_, at)| *at);
        let long = self.long.iter().filter_map(|at| {
            let run = self.runs.get(at)?;
            (run.phys..run.phys + run.bytes).contains(&phys).then(|| at + (phys - run.phys))
        });
        let writable = |at: &u64| self.at(*at).is_some_and(|(_, run)| run.write);
        let found: Vec<u64> = single.chain(long).filter(writable).collect();
        for at in &found {
            self.remove(*at, PAGE_BYTES);
        }
        found
    }

    /// What is mapped in a range of addresses, run by run.
    pub(crate) fn within(&self, range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        let first = self.at(range.start).map_or(range.start, |(start, _)| start);
        let (from, to) = (range.start, range.end);
        let runs = self.runs.range(first..to.max(first));
        runs.map(move |(start, run)| (*start).max(from)..(start + run.bytes).min(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const PAGES: u64 = 24;

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u64, u64, u64, bool),
        Remove(u64, u64),
        Protect(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..PAGES, 1..8_u64, 0..PAGES, any::<bool>()).prop_map(|(a, n, p, w)| Step::Insert(a, n, p, w)),
            (0..PAGES, 1..8_u64).prop_map(|(a, n)| Step::Remove(a, n)),
            (0..PAGES + 8).prop_map(Step::Protect),
        ]
    }

    proptest! {
        /// Page by page it is what a plain table would be.
        #[test]
        fn runs_are_a_table_of_pages(steps in prop::collection::vec(step(), 1..60)) {
            let mut extents = Extents::default();
            let mut model: HashMap<u64, (u64, bool)> = HashMap::new();
            for step in steps {
                match step {
                    Step::Insert(at, pages, phys, write) => {
                        let run = Extent { bytes: pages * PAGE_BYTES, phys: phys * PAGE_BYTES, write };
                        extents.insert(at * PAGE_BYTES, run);
                        model.extend((0..pages).map(|i| (at + i, (phys + i, write))));
                    }
                    Step::Remove(at, pages) => {
                        let any = extents.remove(at * PAGE_BYTES, pages * PAGE_BYTES);
                        let gone = (at..at + pages).filter(|page| model.remove(page).is_some()).count();
                        prop_assert_eq!(any, gone > 0);
                    }
                    Step::Protect(phys) => {
                        let mut found = extents.protect(phys * PAGE_BYTES);
                        let hit = model.iter().filter(|(_, page)| **page == (phys, true));
                        let mut expected: Vec<u64> = hit.map(|(at, _)| at * PAGE_BYTES).collect();
                        model.retain(|_, page| *page != (phys, true));
                        found.sort_unstable();
                        expected.sort_unstable();
                        prop_assert_eq!(found, expected);
                    }
                }
                for page in 0..PAGES + 8 {
                    let at = page * PAGE_BYTES + 5;
                    let found = extents.at(at).map(|(start, run)| (run.phys + (at - start), run.write));
                    let expected = model.get(&page).map(|(phys, write)| (phys * PAGE_BYTES + 5, *write));
                    prop_assert_eq!(found, expected);
                }
                let covered: u64 = extents.within(0..u64::MAX).map(|r| r.end - r.start).sum();
                prop_assert_eq!(covered, model.len() as u64 * PAGE_BYTES);
                let part = 3 * PAGE_BYTES..9 * PAGE_BYTES;
                let covered: u64 = extents.within(part).map(|r| r.end - r.start).sum();
                let expected = model.keys().filter(|page| (3..9).contains(*page)).count() as u64;
                prop_assert_eq!(covered, expected * PAGE_BYTES);
            }
        }
    }
}
