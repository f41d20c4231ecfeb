//! How a block was left, as the engine deals with it.

use crate::fetch::FaultReader;
use crate::memory::Memory;
use crate::tier0::{self, Next};
use crate::vcpu::{Context, NO_RESERVATION};
use guest::{Cause, Fault};
use ir::Leave;

/// A block's end, once it no longer borrows the block.
pub(crate) struct Event {
    pub(crate) what: What,
    pub(crate) pc: u64,
    pub(crate) not_run: i64,
}

pub(crate) enum What {
    Fault(Fault),
    Early,
    Leave(Leave),
}

impl Event {
    /// The end of a block of so many instructions that ran at this origin.
    pub(crate) fn new(next: Next, insns: u32, origin: u64, code: &tier0::Code) -> Event {
        let pc = |insn: usize| origin.wrapping_add(code.pc_of(insn));
        let not_run = |run: usize| i64::from(insns) - run as i64;
        match next {
            Next::Goto(pc) => Event { what: What::Early, pc, not_run: 0 },
            Next::Leave { reason, pc } => Event { what: What::Leave(reason), pc, not_run: 0 },
            Next::Fault { fault, insn } => {
                Event { what: What::Fault(fault), pc: pc(insn), not_run: not_run(insn + 1) }
            }
            Next::Early { insn } => Event { what: What::Early, pc: pc(insn), not_run: not_run(insn) },
        }
    }
}

impl Memory {
    /// Delivers an exception of the guest instruction at `pc`.
    pub(crate) fn raise(&mut self, cx: &mut Context, pc: u64, fault: Fault) {
        self.stats.exits.fault += 1;
        cx.state.set(self.pc, pc);
        cx.reserved_at = NO_RESERVATION;
        let fault = self.guest.complete(&cx.state, &self.space, fault, &mut FaultReader { cx, memory: self });
        self.guest.deliver(&mut cx.state, Cause::Exception(fault));
    }
}
