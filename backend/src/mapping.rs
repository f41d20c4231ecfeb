//! Which regions reach memory through windows, and which through the soft TLB.
//!
//! A window wins in each access, and loses some microseconds with each page that
//! is mapped anew: see `docs/adr/0012-host-mapped-memory.md`.

use crate::cache::BlockId;
use crate::engine::Engine;
use crate::fetch::CodeReader;
use crate::region::Region;
use crate::tiers::MemoryAccess;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Vcpu;
use crate::windows::{self, PLACES, Place};
use ir::{Align, Inst, Order};
use std::collections::HashMap;

/// Signals that a place may take whatever it wins: as many as a program takes
/// that walks through all of a large memory once.
const SIGNALS_FREE: u64 = 32_768;
/// Guest instructions for which it may take one more. A signal takes some 4 µs,
/// in which 10,000 instructions would run; a window saves a quarter of their time.
const INSTRUCTIONS_PER_SIGNAL: u64 = 100_000;

/// Slices that have to end in a region before it is compiled for a window. With a
/// hundred thousand instructions a slice, it has taken some 10 ms by then, and its
/// second compilation takes some 5.
const SAMPLES: u32 = 100;
/// What is left of a slice's budget if a region is left because of it: regions
/// look at it once a round of a loop.
pub(crate) const SLICE_END: i64 = 1024;

/// What was chosen.
pub(crate) struct Mapping {
    choice: MemoryAccess,
    /// Places where windows have lost.
    given_up: [bool; PLACES],
    /// How often slices have ended in a region, by the block it grew from.
    samples: HashMap<BlockId, u32>,
}

impl Mapping {
    /// As asked for, as far as the host has windows.
    pub(crate) fn new(wanted: MemoryAccess) -> Mapping {
        let has_windows = wanted != MemoryAccess::Soft && windows::are_offered();
        let choice = if has_windows { wanted } else { MemoryAccess::Soft };
        Mapping { choice, given_up: [false; PLACES], samples: HashMap::new() }
    }

    /// Whether all regions are to have accesses to windows, as far as they can.
    pub(crate) fn maps_all(&self) -> bool {
        self.choice == MemoryAccess::Mapped
    }

    /// Forgets regions, as all of them are dropped.
    pub(crate) fn forget(&mut self) {
        self.samples.clear();
    }

    /// The window that the accesses of a region in the page at `origin` are to go to.
    pub(crate) fn window_of(&self, region: &Region, origin: u64) -> Option<Place> {
        if self.choice == MemoryAccess::Soft {
            return None;
        }
        let plain = |inst: &Inst| match *inst {
            Inst::Load { access, .. } | Inst::Store { access, .. } => {
                (access.align == Align::Any && access.order == Order::Relaxed).then_some(access.regime)
            }
            _ => None,
        };
        let regime = region.blocks.iter().flat_map(|block| &block.insts).find_map(plain)?;
        // Code that is high in memory has its data there.
        let place = Place { regime, high: origin >> 63 != 0 };
        (!self.given_up[place.index()]).then_some(place)
    }

    /// Whether units with accesses to windows may be taken in.
    pub(crate) fn takes_mapped(&self) -> bool {
        self.choice != MemoryAccess::Soft && self.given_up == [false; PLACES]
    }

    /// Gives up where too many signals were taken for so many instructions. Tells
    /// whether there is such a place.
    fn weigh(&mut self, signals: &[u64; PLACES], instructions: u64) -> bool {
        if self.choice != MemoryAccess::Auto {
            return false;
        }
        let allowed = SIGNALS_FREE + instructions / INSTRUCTIONS_PER_SIGNAL;
        let mut any = false;
        for (given_up, signals) in self.given_up.iter_mut().zip(signals) {
            any |= *signals > allowed && !std::mem::replace(given_up, true);
        }
        any
    }
}

impl Engine {
    /// A slice is about to end in the region that is entered at `pc`: one that is
    /// often found so runs long, and is compiled once more for a window.
    pub(crate) fn sample_region(&mut self, vcpu: &mut Vcpu, pc: u64) {
        let Some(compiled) = self.compiled.as_mut().filter(|c| c.mapping.choice == MemoryAccess::Auto) else {
            return;
        };
        let mode = vcpu.context.jump_tag as u32;
        let origin = pc & PAGE_MASK;
        let mut reader = CodeReader::new(&mut vcpu.context, &mut self.memory, mode, origin);
        let Some((phys, mode)) = reader.locate_ahead(pc & !PAGE_MASK) else { return };
        let Some(found) = self.cache.find(phys, mode) else { return };
        // Grown from another block the region would be another.
        let same_page = |head: &BlockId| self.cache.phys(*head) & PAGE_MASK == phys & PAGE_MASK;
        let id = self.cache.head_of(found).filter(same_page).unwrap_or(found);
        let samples = compiled.mapping.samples.entry(id).or_default();
        *samples += 1;
        if *samples == SAMPLES {
            self.order_region(vcpu, id, origin, true);
        }
    }

    /// An access to a window has failed, and its unit was left.
    pub(crate) fn after_failed_access(&mut self, vcpu: &mut Vcpu) {
        vcpu.context.budget_kept = 0;
        vcpu.context.grant_window();
    }

    /// Goes back to the soft TLB where windows have lost. Blocks that were known are
    /// so no more then.
    pub(crate) fn weigh_windows(&mut self, vcpu: &Vcpu) {
        let Some(compiled) = &mut self.compiled else { return };
        if compiled.mapping.weigh(&vcpu.context.windows.signals, vcpu.instructions()) {
            self.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_that_lose_are_given_up_once() {
        let mut mapping = Mapping { choice: MemoryAccess::Auto, ..Mapping::new(MemoryAccess::Soft) };
        let mut signals = [0; PLACES];
        signals[3] = SIGNALS_FREE + 10;
        assert!(!mapping.weigh(&signals, 10 * INSTRUCTIONS_PER_SIGNAL));
        assert!(mapping.takes_mapped());
        assert!(mapping.weigh(&signals, 9 * INSTRUCTIONS_PER_SIGNAL));
        assert!(!mapping.weigh(&signals, 0) && !mapping.takes_mapped());
    }

    #[test]
    fn who_wants_windows_keeps_them() {
        let mut mapping = Mapping { choice: MemoryAccess::Mapped, ..Mapping::new(MemoryAccess::Soft) };
        assert!(!mapping.weigh(&[u64::MAX; PLACES], 0));
    }
}
