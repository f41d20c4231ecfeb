//! One translated block, in each of its forms.

use crate::growth::PageAt;
use crate::tier0::Code;
use crate::tlb::PAGE_MASK;
use bus::PAGE_BYTES;
use ir::BlockKey;
use std::cell::{Cell, OnceCell};

/// A translated block.
pub(crate) struct CachedBlock {
    /// Its address is relative to its page.
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
    /// What its tier 1 code was made from, if that is not all of it.
    pub(crate) part: Option<Box<Part>>,
    /// Where its indirect jump, if it ends in one, was seen to lead.
    pub(crate) seen: Seen,
    /// Its tier 1 code.
    pub(crate) baseline: Baseline,
    /// A region that starts with it was asked for, or is there.
    pub(crate) ordered: bool,
    /// Which block of all that were ever made.
    pub(crate) serial: u64,
}

/// Where an indirect jump led to of late: the low halves of some guest addresses.
/// Few blocks end in one, so it is a word in those that do not.
#[derive(Default)]
pub(crate) struct Seen(OnceCell<Box<Samples>>);

/// How many jumps are remembered. A switch with 64 arms taken alike shows 25 of
/// them in so many.
pub(crate) const SAMPLES: usize = 32;

/// Compiled code writes these.
type Samples = [Cell<u32>; SAMPLES];

/// No guest has its code there: the last byte of an address space's fourth part.
const NOTHING: u32 = u32::MAX;

impl Seen {
    fn samples(&self) -> &Samples {
        self.0.get_or_init(|| Box::new([const { Cell::new(NOTHING) }; SAMPLES]))
    }

    /// Where compiled code may note its jumps: an index from any number, modulo
    /// [`SAMPLES`]. It holds as long as the block.
    pub(crate) fn address(&self) -> u64 {
        self.samples().as_ptr() as u64
    }

    /// Notes that the jump led to `pc`. `number` spreads the notes.
    pub(crate) fn note(&self, pc: u64, number: i64) {
        self.samples()[number as usize % SAMPLES].set(pc as u32);
    }

    /// Where it was seen to lead, most often first, relative to the block's page,
    /// which is mapped at `page` now.
    pub(crate) fn targets(&self, page: u64) -> Vec<u64> {
        let Some(samples) = self.0.get() else { return Vec::new() };
        let mut all: Vec<u32> = samples.iter().map(Cell::get).filter(|low| *low != NOTHING).collect();
        all.sort_unstable();
        let mut targets: Vec<&[u32]> = all.chunk_by(|a, b| a == b).collect();
        targets.sort_by_key(|same| std::cmp::Reverse(same.len()));
        let relative = |low: u32| i64::from(low.wrapping_sub(page as u32).cast_signed()).cast_unsigned();
        targets.into_iter().map(|same| relative(same[0])).collect()
    }
}

/// The first instructions of a block.
pub(crate) struct Part {
    pub(crate) code: Code,
    pub(crate) insns: u32,
}

/// A block's tier 1 code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Baseline {
    /// Not made yet.
    Not,
    /// Tier 0 has to do its first instruction, so there is no use in any.
    Never,
    /// At this address.
    At(u64),
}

impl CachedBlock {
    /// A block that has not run. The cache gives it its serial number.
    pub(crate) fn new(
        key: BlockKey,
        phys: u64,
        second_page: Option<u64>,
        (insns, bytes): (u32, u32),
        code: Code,
    ) -> CachedBlock {
        CachedBlock {
            key,
            phys,
            second_page,
            insns,
            bytes,
            code,
            heat: Cell::new(0),
            part: None,
            seen: Seen::default(),
            baseline: Baseline::Not,
            ordered: false,
            serial: 0,
        }
    }

    /// What its tier 1 code is made from, and how many instructions that is.
    pub(crate) fn baseline_source(&self) -> (&Code, u32) {
        self.part.as_ref().map_or((&self.code, self.insns), |part| (&part.code, part.insns))
    }

    /// The pages its code is in if the first is mapped at `base`.
    pub(crate) fn pages_at(&self, base: u64) -> impl Iterator<Item = PageAt> + use<> {
        let first = PageAt { virt: base, phys: self.phys & PAGE_MASK };
        let virt = base.wrapping_add(PAGE_BYTES);
        [Some(first), self.second_page.map(|phys| PageAt { virt, phys })].into_iter().flatten()
    }

    /// The physical pages its code is in.
    pub(crate) fn pages(&self) -> impl Iterator<Item = u64> + use<> {
        [Some(self.phys & PAGE_MASK), self.second_page].into_iter().flatten()
    }

    /// The parts of the block's code in a physical page, as address and length.
    pub(crate) fn ranges_in(&self, page: u64) -> Option<(u64, u64)> {
        let first = (PAGE_BYTES - (self.phys & !PAGE_MASK)).min(self.bytes.into());
        if page == self.phys & PAGE_MASK {
            return Some((self.phys, first));
        }
        (Some(page) == self.second_page).then(|| (page, u64::from(self.bytes) - first))
    }

    pub(crate) fn overlaps(&self, phys: u64, len: u64) -> bool {
        self.pages().filter_map(|page| self.ranges_in(page)).any(|range| overlap(range, phys, len))
    }
}

/// Whether a range of code, by address and length, has bytes of
/// `[phys, phys + len)`.
pub(crate) fn overlap((at, bytes): (u64, u64), phys: u64, len: u64) -> bool {
    at < phys.saturating_add(len) && phys < at + bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_page_and_the_usual_one_comes_first() {
        let seen = Seen::default();
        let page = 0xffff_fff0_8000_0000;
        assert!(seen.targets(page).is_empty());
        for number in 0..10 {
            seen.note(if number % 3 == 0 { page - 0x20 } else { page + 0x30 }, number);
        }
        assert_eq!(seen.targets(page), [0x30, 0_u64.wrapping_sub(0x20)]);
    }

    #[test]
    fn only_the_latest_jumps_are_kept() {
        let seen = Seen::default();
        (0..SAMPLES as i64).for_each(|number| seen.note(0x1000, number));
        (0..SAMPLES as i64).for_each(|number| seen.note(0x2000 + 2 * number as u64, -number));
        let targets = seen.targets(0x1000);
        assert!(!targets.contains(&0) && targets.len() == SAMPLES);
    }
}
