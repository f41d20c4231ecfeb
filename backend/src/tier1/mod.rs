//! Tier 1: host code straight from tier 0's operations, block by block. It
//! costs a small part of a microsecond for a guest instruction, so whatever
//! runs some tens of times gets it.
//!
//! Each kind of host has a folder; hosts that have none do without the tier.
//! All folders are compiled everywhere, since making code needs no host that
//! can run it: only [`Emitter::new`] asks which host this is.

mod x64;

use crate::arena::Arena;
#[cfg(doc)]
use crate::block::Seen;
use crate::tier0::{Code, Op};
use ir::{BlockKey, Spec};
use x64::Thunks;

/// What makes tier 1 code, and what all of that code shares.
pub(crate) struct Emitter {
    /// `None` if this host has no tier 1.
    thunks: Option<Thunks>,
}

impl Emitter {
    /// Puts the shared pieces into the arena.
    pub(crate) fn new(arena: &mut Arena, pc: ir::Slot) -> Emitter {
        Emitter { thunks: cfg!(target_arch = "x86_64").then(|| Thunks::publish(arena, pc)) }
    }

    /// The address of the way in, which calls the code it is given; `None` if
    /// code can be called directly.
    pub(crate) fn way_in(&self) -> Option<u64> {
        self.thunks.as_ref().map(Thunks::way_in)
    }

    /// Host code for a block that [`takes`] is true for, to run at `base`. `None`
    /// if this host has no tier 1.
    pub(crate) fn emit(&self, source: &Source<'_>, base: u64) -> Option<Vec<u8>> {
        self.thunks.as_ref().map(|thunks| x64::emit(source, thunks, base))
    }
}

/// What a block's code is made from.
pub(crate) struct Source<'a> {
    pub(crate) key: BlockKey,
    /// Guest instructions in it.
    pub(crate) insns: u32,
    pub(crate) code: &'a Code,
    /// The address of the block's own link.
    pub(crate) link: u64,
    /// For guest addresses it leads to: the link that may be used without a
    /// look at the mapping.
    pub(crate) edges: [Option<(u64, u64)>; 2],
    /// Where its indirect jump is noted, if it ends in one; see [`Seen`].
    pub(crate) seen: Option<u64>,
    pub(crate) spec: &'a Spec,
}

impl Source<'_> {
    /// The link for jumps to `pc`.
    fn link_to(&self, pc: u64) -> Option<u64> {
        self.edges.iter().flatten().find(|(at, _)| *at == pc).map(|(_, link)| *link)
    }
}

/// Whether all of a block can get tier 1 code. If not, one lifted again to end
/// before the first instruction that stands in the way can: no pass has then
/// taken what comes behind for certain.
pub(crate) fn takes(code: &Code, spec: &Spec) -> bool {
    let goes_on = !matches!(code.ops.last(), Some(Op::Leave { .. } | Op::Jump { .. }));
    let last = code.marks.last().map_or(0, |mark| usize::from(mark.op));
    code.ops.iter().enumerate().all(|(index, op)| match *op {
        // Who calls one may have to leave behind that instruction, so it is known
        // where that is.
        Op::Call { helper, .. } if goes_on && index >= last => {
            crate::jit::is_inline_helper(&spec.helpers[usize::from(helper)])
        }
        _ => true,
    })
}
