//! What a unit of several pages is entered under: that these are mapped, relative
//! to each other, as they were when it was made. Its entries compare a word; only
//! where that differs the engine looks.

use crate::compiled::Compiled;
use crate::engine::{Engine, Enter};
use crate::fetch::CodeReader;
use crate::growth::PageAt;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Vcpu;
use std::sync::atomic::{AtomicU64, Ordering};

/// A jump tag that no CPU has: no generation is 0.
const NEVER_VALID: u64 = 0;

/// A region that was not entered so often, as its pages are mapped otherwise, is
/// of more use in another shape. A look costs a third of a microsecond, so this is
/// a small part of the time that compiling takes.
const FAILURES_MAX: u32 = 2000;

/// Whether the pages of a unit are mapped as it wants them.
pub(crate) struct Check {
    /// When they were last known to be.
    known: Box<Validity>,
    /// The mode of the unit's code, what its pages add to it included.
    mode: u32,
    /// What the unit wants.
    pages: Vec<PageAt>,
    /// How often they were not.
    failures: u32,
}

/// The jump tag and the origin with which a unit's pages are mapped as it wants
/// them. Compiled code knows this layout.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Validity {
    pub(crate) tag: AtomicU64,
    pub(crate) origin: AtomicU64,
}

impl Compiled {
    /// A check for a unit that wants these pages. It has the unit's number; who
    /// had that before is gone.
    pub(crate) fn add_check(&mut self, unit: u32, mode: u32, pages: &[PageAt]) -> u32 {
        let check = Check { known: Box::default(), mode, pages: pages.to_vec(), failures: 0 };
        self.checks.insert(unit, check);
        unit
    }

    /// The address of a check's [`Validity`].
    pub(crate) fn validity(&self, number: u32) -> u64 {
        std::ptr::from_ref(&*self.checks[&number].known) as u64
    }
}

impl Engine {
    /// Looks whether the pages of a region, whose origin the context has, are
    /// mapped as it wants them, and how its code may be entered then. `pc` is where.
    pub(crate) fn check(&mut self, vcpu: &mut Vcpu, number: u32, pc: u64) -> Enter {
        let origin = vcpu.context.origin;
        let Some(compiled) = &mut self.compiled else { return Enter::Baseline };
        let Some(check) = compiled.checks.get_mut(&number) else { return Enter::Baseline };
        let Check { known, mode, pages, failures } = check;
        let mut reader = CodeReader::new(&mut vcpu.context, &mut self.memory, *mode, origin);
        if pages.iter().all(|page| reader.look_ahead(page.virt) == Some(page.phys)) {
            // Only now: looking at a page may change the tag.
            known.tag.store(vcpu.context.jump_tag, Ordering::Relaxed);
            known.origin.store(origin, Ordering::Relaxed);
            return Enter::Any;
        }
        *failures += 1;
        if *failures == FAILURES_MAX {
            self.reshape(vcpu, pc);
        }
        Enter::Baseline
    }

    /// Replaces the region that is entered at `pc` by one that holds in more address
    /// spaces. It was grown in one, along calls into other libraries, say, which
    /// are elsewhere in the next.
    fn reshape(&mut self, vcpu: &mut Vcpu, pc: u64) {
        let Some(entry) = vcpu.context.jumps.get(pc, vcpu.context.jump_tag) else { return };
        let Some(head) = self.cache.drop_unit_of(entry.block) else { return };
        self.cache.set_narrow(head);
        if head == entry.block {
            self.order(vcpu, head, pc & PAGE_MASK);
        }
    }

    /// Makes regions of several pages look again whether these are mapped as they
    /// were: `vcpu` has forgotten some without a change of its tags.
    pub(crate) fn doubt_checks(&mut self, vcpu: &mut Vcpu) {
        let Some(compiled) = &self.compiled else { return };
        if std::mem::replace(&mut vcpu.seen.remapped, vcpu.context.remapped) != vcpu.context.remapped {
            compiled.checks.values().for_each(|check| check.known.tag.store(NEVER_VALID, Ordering::Relaxed));
        }
    }
}
