//! How the room for code is used: in parts, each filled with code of one kind.
//! When all are full, the oldest part of a kind is emptied for new code. So code
//! goes in the order it came in, a part at a time, and what still runs is soon
//! compiled again.

use crate::arena::UNIT_BYTES_MAX;
use crate::cache::BlockId;
use std::ops::Range;

/// Parts that the room is divided into.
const PARTS: usize = 8;
/// A kind that has no more parts than these loses none to the other.
const SHARE: usize = PARTS / 2;
/// Code starts at multiples of this.
pub(crate) const ALIGN: usize = 32;

/// Code that lives about equally long. Tier 1 makes much that soon serves nobody;
/// tier 2's code is dear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Tier 1's.
    Block,
    /// Tier 2's.
    Unit,
}

/// Whose code it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tenant {
    Block(BlockId),
    /// The number of a unit.
    Unit(u32),
}

/// One part.
#[derive(Debug)]
struct Part {
    start: usize,
    used: usize,
    /// What it is filled with; `None` as long as nothing ever was.
    kind: Option<Kind>,
    /// Which part of all that were begun.
    begun: u64,
    /// All who got code here, in order. Some may have other code by now.
    tenants: Vec<Tenant>,
}

/// What was in a part that has been emptied.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Emptied {
    /// Where it was, as offsets.
    pub(crate) range: Range<usize>,
    /// Whose it was. Who has other code by now has that elsewhere.
    pub(crate) tenants: Vec<Tenant>,
}

/// All parts.
pub(crate) struct Generations {
    parts: [Part; PARTS],
    part_bytes: usize,
    /// A part with more than this may have no room for a unit.
    full: usize,
    begun: u64,
}

impl Generations {
    /// Parts of this range of offsets.
    pub(crate) fn new(room: Range<usize>) -> Generations {
        let part_bytes = (room.len() / PARTS) & !(ALIGN - 1);
        assert!(part_bytes >= UNIT_BYTES_MAX, "a part of {part_bytes} bytes has no room for a unit");
        let start = room.start.next_multiple_of(ALIGN);
        let parts = std::array::from_fn(|index| Part {
            start: start + index * part_bytes,
            used: 0,
            kind: None,
            begun: 0,
            tenants: Vec::new(),
        });
        Generations { parts, part_bytes: part_bytes - ALIGN, full: 0, begun: 0 }.limited(usize::MAX)
    }

    fn limited(mut self, bytes: usize) -> Generations {
        self.limit(bytes);
        self
    }

    /// Keeps no more than so many bytes, beside what a unit in each part may need.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.full = (bytes / PARTS).min(self.part_bytes - UNIT_BYTES_MAX);
    }

    /// The part that is being filled with code of a kind: the youngest.
    fn current(&self, kind: Kind) -> Option<usize> {
        let own = (0..PARTS).filter(|index| self.parts[*index].kind == Some(kind));
        own.max_by_key(|index| self.parts[*index].begun)
    }

    /// Makes room for code of at most [`UNIT_BYTES_MAX`] bytes. Yields what had to
    /// go for it.
    pub(crate) fn make_room(&mut self, kind: Kind) -> Option<Emptied> {
        if self.current(kind).is_some_and(|index| self.parts[index].used <= self.full) {
            return None;
        }
        let index = self.next(kind);
        self.begun += 1;
        let part = &mut self.parts[index];
        let range = part.start..part.start + part.used;
        let tenants = std::mem::take(&mut part.tenants);
        (part.used, part.kind, part.begun) = (0, Some(kind), self.begun);
        (!range.is_empty()).then_some(Emptied { range, tenants })
    }

    /// The part to fill with a kind's code from now on.
    fn next(&self, kind: Kind) -> usize {
        // One is kept for the kind that has none yet.
        let other = match kind {
            Kind::Block => Kind::Unit,
            Kind::Unit => Kind::Block,
        };
        let count = |kind| self.parts.iter().filter(|part| part.kind == kind).count();
        let reserved = usize::from(count(Some(other)) == 0);
        if count(None) > reserved || count(Some(kind)) == 0 {
            let free = self.parts.iter().position(|part| part.kind.is_none());
            return free.expect("one was kept for a kind that has none");
        }
        let loser = if count(Some(other)) > SHARE { other } else { kind };
        let parts = (0..PARTS).filter(|index| self.parts[*index].kind == Some(loser));
        parts.min_by_key(|index| self.parts[*index].begun).expect("who loses a part has some")
    }

    /// Where the next code of a kind will be. There must be room for it.
    pub(crate) fn at(&self, kind: Kind) -> usize {
        let part = &self.parts[self.current(kind).expect("room was made")];
        part.start + part.used
    }

    /// Takes the room for code; yields its offset.
    ///
    /// # Panics
    /// If no room was made for it, or it is larger than [`UNIT_BYTES_MAX`].
    pub(crate) fn take(&mut self, tenant: Tenant, bytes: usize) -> usize {
        let index = self.current(tenant.kind()).expect("room was made");
        let part = &mut self.parts[index];
        let at = part.start + part.used;
        part.used = (part.used + bytes).next_multiple_of(ALIGN);
        assert!(part.used <= self.part_bytes, "{bytes} bytes of code have no room");
        part.tenants.push(tenant);
        at
    }

    /// Forgets all code.
    pub(crate) fn clear(&mut self) {
        for part in &mut self.parts {
            part.tenants.clear();
            (part.used, part.kind, part.begun) = (0, None, 0);
        }
    }
}

impl Tenant {
    fn kind(self) -> Kind {
        match self {
            Tenant::Block(_) => Kind::Block,
            Tenant::Unit(_) => Kind::Unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: Range<usize> = 0x1000..0x1000 + PARTS * 4 * UNIT_BYTES_MAX;

    fn fill(all: &mut Generations, tenant: Tenant, bytes: usize) -> (usize, Option<Emptied>) {
        let emptied = all.make_room(tenant.kind());
        let at = all.at(tenant.kind());
        assert_eq!(all.take(tenant, bytes), at);
        (at, emptied)
    }

    #[test]
    fn the_oldest_part_is_emptied() {
        let mut all = Generations::new(ROOM);
        all.limit(0);
        // Each fills a part of its own; one is kept for units.
        let first: Vec<usize> = (0..7).map(|id| fill(&mut all, Tenant::Block(id), 64).0).collect();
        let (unit, none) = fill(&mut all, Tenant::Unit(0), 64);
        assert!(none.is_none() && !first.contains(&unit));
        for id in 0..7 {
            let (at, emptied) = fill(&mut all, Tenant::Block(7 + id), 32);
            let range = first[id as usize]..first[id as usize] + 64;
            assert_eq!(at, range.start);
            assert_eq!(emptied, Some(Emptied { range, tenants: vec![Tenant::Block(id)] }));
        }
    }

    #[test]
    fn no_kind_loses_its_share() {
        let mut all = Generations::new(ROOM);
        all.limit(0);
        (0..20).for_each(|id| drop(fill(&mut all, Tenant::Block(id), 64)));
        let lost = |emptied: Option<Emptied>| emptied.map(|emptied| emptied.tenants[0]);
        let units: Vec<_> = (0..5).map(|id| lost(fill(&mut all, Tenant::Unit(id), 64).1)).collect();
        let blocks = [13, 14, 15].map(|id| Some(Tenant::Block(id)));
        assert_eq!(units, [&[None], &blocks[..], &[Some(Tenant::Unit(0))]].concat());
        assert_eq!(lost(fill(&mut all, Tenant::Block(20), 64).1), Some(Tenant::Block(16)));
    }

    #[test]
    fn a_part_takes_what_the_limit_allows() {
        let mut all = Generations::new(ROOM);
        all.limit(PARTS * 128);
        let at: Vec<usize> = (0..4).map(|id| fill(&mut all, Tenant::Block(id), 60).0).collect();
        assert_eq!([at[1] - at[0], at[2] - at[1]], [64, 64]);
        assert!(at[3] - at[0] >= UNIT_BYTES_MAX, "more than 128 bytes were there");
    }

    #[test]
    fn what_was_cleared_is_nobodys() {
        let mut all = Generations::new(ROOM);
        all.limit(0);
        let before: Vec<usize> = (0..9).map(|id| fill(&mut all, Tenant::Block(id), 64).0).collect();
        all.clear();
        assert_eq!(fill(&mut all, Tenant::Block(0), 64), (before[0], None));
    }

    proptest! {
        /// Code overlaps no other that is there.
        #[test]
        fn code_has_room_of_its_own(
            limit in 0_usize..1 << 22,
            code in prop::collection::vec((any::<bool>(), 1_usize..UNIT_BYTES_MAX), 1..200),
        ) {
            let mut all = Generations::new(ROOM);
            all.limit(limit);
            let mut there: Vec<(Range<usize>, Tenant)> = Vec::new();
            for (id, (unit, bytes)) in (0..).zip(code) {
                let tenant = if unit { Tenant::Unit(id) } else { Tenant::Block(id) };
                let (at, emptied) = fill(&mut all, tenant, bytes);
                if let Some(emptied) = emptied {
                    let (gone, left): (Vec<_>, Vec<_>) =
                        there.into_iter().partition(|(range, _)| emptied.range.contains(&range.start));
                    prop_assert_eq!(gone.iter().map(|gone| gone.1).collect::<Vec<_>>(), emptied.tenants);
                    there = left;
                }
                let code = at..at + bytes;
                prop_assert!(ROOM.start <= code.start && code.end <= ROOM.end);
                prop_assert!(there.iter().all(|(range, _)| range.end <= code.start || code.end <= range.start));
                there.push((code, tenant));
            }
        }
    }
}
