//! A unit as a library keeps it: what it was compiled from, byte by byte, and
//! its code before it had a place.
//!
//! All numbers are in the host's order. What does not decode is not a unit;
//! nothing here trusts a length.

use crate::jit::{Relocation, UnitCode, Wanted};
use crate::lane_functions::LaneFunction;

/// What kind of address a relocation wants.
mod kind {
    pub(super) const LINK: u64 = 0;
    pub(super) const HELPER: u64 = 1;
    pub(super) const CHECK: u64 = 2;
    pub(super) const CHECK_STATUS: u64 = 3;
    pub(super) const RARE_HELPER: u64 = 4;
    pub(super) const RARE_REFILL: u64 = 5;
    pub(super) const LANES: u64 = 6;
}

/// What a unit was compiled from: its blocks, and which of them it can be
/// entered at.
pub(crate) struct Source {
    encoded: Vec<u8>,
    blocks: u32,
    entries: Vec<u32>,
}

impl Source {
    /// No blocks yet; entries are their numbers, the head's first.
    pub(crate) fn new(entries: &[usize]) -> Source {
        Source {
            encoded: Vec::new(),
            blocks: 0,
            entries: entries.iter().map(|entry| *entry as u32).collect(),
        }
    }

    /// Adds a block: its guest address, instructions, and bytes of code.
    pub(crate) fn push(&mut self, pc: u64, insns: u32, bytes: &[u8]) {
        self.encoded.extend(pc.to_ne_bytes());
        self.encoded.extend(insns.to_ne_bytes());
        put_bytes(&mut self.encoded, bytes);
        self.blocks += 1;
    }

    /// The stored form of a unit.
    pub(crate) fn encode(&self, code: &UnitCode) -> Vec<u8> {
        let mut out = self.blocks.to_ne_bytes().to_vec();
        out.extend(&self.encoded);
        out.extend((self.entries.len() as u32).to_ne_bytes());
        out.extend(self.entries.iter().flat_map(|entry| entry.to_ne_bytes()));
        out.extend((code.relocations.len() as u32).to_ne_bytes());
        for relocation in &code.relocations {
            let (kind, pc) = match relocation.what {
                Wanted::Link(pc) => (kind::LINK, pc),
                Wanted::Helper => (kind::HELPER, 0),
                Wanted::RareHelper => (kind::RARE_HELPER, 0),
                Wanted::RareRefill => (kind::RARE_REFILL, 0),
                Wanted::Lanes(function) => (kind::LANES, function as u64),
                Wanted::Check => (kind::CHECK, 0),
                Wanted::CheckStatus => (kind::CHECK_STATUS, 0),
            };
            out.extend(relocation.offset.to_ne_bytes());
            out.extend(kind.to_ne_bytes());
            out.extend(pc.to_ne_bytes());
        }
        out.extend(code.shadow.to_ne_bytes());
        put_bytes(&mut out, &code.bytes);
        out
    }
}

/// A block of a stored unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StoredBlock<'a> {
    pub(crate) pc: u64,
    /// Guest instructions in it.
    pub(crate) insns: u32,
    /// The code it was lifted from.
    pub(crate) bytes: &'a [u8],
}

/// A stored unit.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Stored<'a> {
    /// At least one.
    pub(crate) blocks: Vec<StoredBlock<'a>>,
    /// The blocks it can be entered at, at least one, each in `blocks`.
    pub(crate) entries: Vec<StoredBlock<'a>>,
    pub(crate) code: UnitCode,
}

impl<'a> Stored<'a> {
    /// Reads the stored form. `None` if it is not one.
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Stored<'a>> {
        let mut rest = Reader(bytes);
        let blocks =
            rest.list(16, |r| Some(StoredBlock { pc: r.u64()?, insns: r.u32()?, bytes: r.bytes()? }))?;
        let entries = rest.list(4, |r| blocks.get(r.u32()? as usize).copied())?;
        let relocations = rest.list(20, |r| {
            let (offset, kind, pc) = (r.u32()?, r.u64()?, r.u64()?);
            let what = match kind {
                kind::LINK => Wanted::Link(pc),
                kind::HELPER => Wanted::Helper,
                kind::RARE_HELPER => Wanted::RareHelper,
                kind::RARE_REFILL => Wanted::RareRefill,
                kind::LANES => Wanted::Lanes(*LaneFunction::ALL.get(pc as usize)?),
                kind::CHECK => Wanted::Check,
                kind::CHECK_STATUS => Wanted::CheckStatus,
                _ => return None,
            };
            Some(Relocation { offset, what })
        })?;
        let shadow = rest.u32()?;
        let code = UnitCode { bytes: rest.bytes()?.to_vec(), relocations, shadow };
        let sound = rest.0.is_empty() && !blocks.is_empty() && !entries.is_empty();
        sound.then_some(Stored { blocks, entries, code })
    }
}

/// Bytes with their number before them.
fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_ne_bytes());
    out.extend(bytes);
}

/// What remains to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_ne_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_ne_bytes)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.u32()? as usize;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// As many items as a number says, each of at least `least` bytes.
    fn list<T>(&mut self, least: usize, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()? as usize;
        if count > self.0.len() / least {
            return None;
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted() -> impl Strategy<Value = Wanted> {
        prop_oneof![
            any::<u64>().prop_map(Wanted::Link),
            Just(Wanted::Helper),
            Just(Wanted::RareHelper),
            Just(Wanted::RareRefill),
            prop::sample::select(&LaneFunction::ALL[..]).prop_map(Wanted::Lanes),
            Just(Wanted::Check),
            Just(Wanted::CheckStatus)
        ]
    }

    fn relocation() -> impl Strategy<Value = Relocation> {
        (any::<u32>(), wanted()).prop_map(|(offset, what)| Relocation { offset, what })
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..40)
    }

    type Blocks = Vec<(u64, u32, Vec<u8>)>;

    /// Blocks, entries and code of a unit.
    fn unit() -> impl Strategy<Value = (Blocks, Vec<usize>, UnitCode)> {
        let blocks = prop::collection::vec((any::<u64>(), any::<u32>(), bytes()), 1..5);
        blocks.prop_flat_map(|blocks| {
            let entries = prop::collection::vec(0..blocks.len(), 1..4);
            let code = (bytes(), prop::collection::vec(relocation(), 0..5));
            let code = (code, any::<u32>());
            let code =
                code.prop_map(|((bytes, relocations), shadow)| UnitCode { bytes, relocations, shadow });
            (Just(blocks), entries, code)
        })
    }

    fn encode(blocks: &Blocks, entries: &[usize], code: &UnitCode) -> Vec<u8> {
        let mut source = Source::new(entries);
        blocks.iter().for_each(|(pc, insns, bytes)| source.push(*pc, *insns, bytes));
        source.encode(code)
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back((blocks, entries, code) in unit()) {
            let bytes = encode(&blocks, &entries, &code);
            let stored = Stored::decode(&bytes).expect("it is a unit");
            let as_stored = |(pc, insns, bytes): &(u64, u32, Vec<u8>)| (*pc, *insns, bytes.clone());
            let back = |b: &StoredBlock<'_>| (b.pc, b.insns, b.bytes.to_vec());
            prop_assert_eq!(stored.blocks.iter().map(back).collect::<Vec<_>>(),
                            blocks.iter().map(as_stored).collect::<Vec<_>>());
            prop_assert_eq!(stored.entries.iter().map(back).collect::<Vec<_>>(),
                            entries.iter().map(|i| as_stored(&blocks[*i])).collect::<Vec<_>>());
            prop_assert_eq!(stored.code, code);
        }

        #[test]
        fn no_part_of_a_unit_is_one((blocks, entries, code) in unit(), cut in any::<prop::sample::Index>()) {
            let bytes = encode(&blocks, &entries, &code);
            prop_assert_eq!(Stored::decode(&bytes[..cut.index(bytes.len())]), None);
        }

        #[test]
        fn damage_is_no_panic((blocks, entries, code) in unit(),
                              damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut bytes = encode(&blocks, &entries, &code);
            let len = bytes.len();
            damage.iter().for_each(|(at, byte)| bytes[at.index(len)] = *byte);
            if let Some(stored) = Stored::decode(&bytes) {
                prop_assert!(!stored.entries.is_empty() && stored.blocks.len() <= len);
                stored.code.resolve(|_| Some(0));
            }
        }
    }
}
