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
    /// Goes on at the guest address in `RAX` if it is in its second place in the jump
    /// cache, or else leaves there; `RCX` is as the look at the first has left it.
    pub(super) second_place: u64,
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
    /// Calls the helper of the tier 0 operation at address `RSI`, with what is left
    /// of the budget in `RAX` and the pc in `RCX`; `RAX` is what
    /// [`callback::called`] says. Keeps all other registers but `RCX`.
    pub(super) run_call: u64,
    /// Raises exception `RSI` with the datum in `RAX` at the pc in `RCX`, and leaves.
    pub(super) raise: u64,
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
        let (side, jump) = (leave(status::SIDE_BASELINE), leave(status::JUMP));
        let [hot, resume, firmware, idle] =
            [status::HOT, status::RESUME, status::FIRMWARE, status::IDLE].map(&mut leave);
        Thunks {
            side,
            hot,
            resume,
            firmware,
            idle,
            second_place: second_place(arena, jump),
            enter: enter(arena),
            refill: refill(arena),
            run_op: call(arena, callback::run_op_address(), |_| ()),
            raise: raise(arena),
            run_call: call(arena, callback::run_call_address(), |asm| asm.mov(RDX, RAX)),
        }
    }

    /// The address of the way in.
    pub(in crate::tier1) fn way_in(&self) -> u64 {
        self.enter
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

fn second_place(arena: &mut Arena, jump: u64) -> u64 {
    let mut asm = Asm::new(arena.next_kept());
    super::edges::second_place(&mut asm, jump);
    arena.keep(&asm.finish())
}

/// The guest has another pc then.
fn raise(arena: &mut Arena) -> u64 {
    let raise = call(arena, callback::raise_address(), |asm| asm.mov(RDX, RAX));
    let mut asm = Asm::new(arena.next_kept());
    asm.call_to(raise);
    asm.store(mem(RDI, offset_of!(Context, budget) as i32), RDX);
    asm.constant(RAX, status::RAISED as u64);
    asm.ret();
    arena.keep(&asm.finish())
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
