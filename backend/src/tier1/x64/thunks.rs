//! Pieces of code that all of tier 1 shares: the way in, the ways out, and the
//! calls to Rust.
//!
//! Tier 1 has the register use of a unit compiled for Cranelift's tail-call
//! convention, so that both tiers jump to each other: `RDI` the CPU's context,
//! `RSI` which entry, `RDX` the budget, the status back in `RAX`. But it keeps
//! no register for its caller, which is why the way in does.

use super::asm::{Asm, R8, R9, R10, R11, R12, R13, R14, R15, RAX, RBX, RCX, RDI, RDX, RSI, Reg, mem};
use super::regs::word_mem;
use crate::arena::Arena;
use crate::callback;
use crate::status;
use crate::vcpu::Context;
use std::mem::offset_of;

/// Where the shared pieces are.
#[derive(Clone, Copy, Debug)]
pub(in crate::tier1) struct Thunks {
    /// `(context, entry, budget, code)`: keeps the caller's registers and calls
    /// `code`.
    enter: u64,
    /// Leaves to tier 0 at the pc in `RAX`.
    pub(super) side: u64,
    /// Leaves to the engine at the pc in `RAX`, to go on wherever its code is.
    pub(super) jump: u64,
    /// Leaves since the block at the pc in `RAX` is hot.
    pub(super) hot: u64,
    /// Leaves at the pc in `RAX`: mode, translation or pending may differ.
    pub(super) resume: u64,
    /// Leaves at the pc in `RAX` for the machine's firmware.
    pub(super) firmware: u64,
    /// Leaves at the pc in `RAX` to wait for an interrupt.
    pub(super) idle: u64,
    /// Fills the TLB for the access at `RAX` that `ESI` describes; `AL` tells
    /// whether a probe now hits. Keeps all other registers.
    pub(super) refill: u64,
    /// Runs the tier 0 operation at address `RSI`; `AL` tells whether it did.
    /// Keeps all other registers.
    pub(super) run_op: u64,
}

/// Registers that a call by the host's convention may change and tier 1 uses.
const KEPT: [Reg; 6] = [RDI, RDX, R8, R9, R10, R11];

/// Registers that a call by the host's convention has to keep and tier 1 uses.
const CALLERS: [Reg; 5] = [RBX, R12, R13, R14, R15];

impl Thunks {
    /// Writes them into the arena.
    pub(in crate::tier1) fn publish(arena: &mut Arena, pc: ir::Slot) -> Thunks {
        let mut leave = |status: i64| {
            let mut asm = Asm::new(arena.next_kept());
            asm.store(word_mem(pc.0), RAX);
            asm.store(mem(RDI, offset_of!(Context, budget) as i32), RDX);
            asm.constant(RAX, status as u64);
            asm.ret();
            arena.keep(&asm.finish())
        };
        Thunks {
            side: leave(status::SIDE_BASELINE),
            jump: leave(status::JUMP),
            hot: leave(status::HOT),
            resume: leave(status::RESUME),
            firmware: leave(status::FIRMWARE),
            idle: leave(status::IDLE),
            enter: enter(arena),
            refill: refill(arena),
            run_op: call(arena, callback::run_op_address(), |_| ()),
        }
    }

    pub(in crate::tier1) fn way_in(&self) -> Option<u64> {
        Some(self.enter)
    }
}

fn enter(arena: &mut Arena) -> u64 {
    let mut asm = Asm::new(arena.next_kept());
    for reg in CALLERS {
        asm.push(reg);
    }
    asm.call_reg(RCX);
    for reg in CALLERS.into_iter().rev() {
        asm.pop(reg);
    }
    asm.ret();
    arena.keep(&asm.finish())
}

/// `RAX` is the address and `ESI` the description; the function wants them
/// second and third.
fn refill(arena: &mut Arena) -> u64 {
    call(arena, callback::refill_address(), |asm| {
        asm.mov32(RDX, RSI);
        asm.mov(RSI, RAX);
    })
}

/// Calls a Rust function of the host's convention whose first argument is the
/// context. Six registers keep the stack aligned.
fn call(arena: &mut Arena, function: u64, arguments: impl Fn(&mut Asm)) -> u64 {
    let mut asm = Asm::new(arena.next_kept());
    for reg in KEPT {
        asm.push(reg);
    }
    arguments(&mut asm);
    asm.constant(RAX, function);
    asm.call_reg(RAX);
    for reg in KEPT.into_iter().rev() {
        asm.pop(reg);
    }
    asm.ret();
    arena.keep(&asm.finish())
}
