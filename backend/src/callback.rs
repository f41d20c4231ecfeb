//! Rust that compiled code calls: helpers, the TLB's refill, and those
//! operations that are too rare for code of their own.
#![allow(unsafe_code)] // The fence around calls from compiled code; see docs/architecture.md.

use crate::description;
use crate::memory::Memory;
use crate::tier0::{Op, access_vector, call as call_with_all, compare};
use crate::vcpu::Context;
use guest::{Env, Fault, Requests, STATE_WORDS};
use ir::{Effects, Type, eval};

/// The address of [`run_helper`].
pub(crate) fn helper_address() -> u64 {
    run_helper as *const () as u64
}

/// The address of [`refill`].
pub(crate) fn refill_address() -> u64 {
    refill as *const () as u64
}

/// The address of [`run_op`].
pub(crate) fn run_op_address() -> u64 {
    run_op as *const () as u64
}

/// What compiled code hands on: the CPU, and the memory it runs with.
///
/// # Safety
/// `cx` is the pointer that compiled code was entered with, and this runs
/// during that call.
unsafe fn parts<'a>(cx: *mut Context) -> (&'a mut Context, &'a mut Memory) {
    // SAFETY: the way in got both as exclusive references that outlive its
    // call, made this pointer and `helper_memory` from them, and does not touch
    // them until compiled code returns; they are different objects.
    unsafe { (&mut *cx, &mut *((*cx).helper_memory as *mut Memory)) }
}

/// Runs a helper for compiled code. If it faults, nothing has changed and
/// `helper_failed` is set, whereupon compiled code leaves to tier 0.
extern "C" fn run_helper(cx: *mut Context, helper: u64, a0: u64, a1: u64, a2: u64, a3: u64) -> u64 {
    // SAFETY: compiled code passes on what it was entered with.
    let (cx, memory) = unsafe { parts(cx) };
    match call(cx, memory, helper as usize, [a0, a1, a2, a3]) {
        Some(value) => value,
        None => {
            cx.helper_failed = 1;
            0
        }
    }
}

/// Calls a helper that touches slots only. `None` if it faults.
fn call(cx: &mut Context, memory: &Memory, helper: usize, args: [u64; 4]) -> Option<u64> {
    let mut env = Env {
        cpu: &mut cx.state,
        space: &memory.space,
        clock: &memory.clock,
        instructions: 0,
        requests: Requests::default(),
    };
    (memory.guest.helpers()[helper].run)(&mut env, args).ok()
}

/// Makes the TLB know the page of an access. Tells whether it may now go
/// straight to memory; if not, tier 0 does it.
extern "C" fn refill(cx: *mut Context, at: u64, access: u32) -> bool {
    // SAFETY: compiled code passes on what it was entered with.
    let (cx, memory) = unsafe { parts(cx) };
    let (bytes, regime, write) = description::unpack(access);
    memory.make_plain(cx, at, bytes, regime, write)
}

/// The address of [`run_call`].
pub(crate) fn run_call_address() -> u64 {
    run_call as *const () as u64
}

/// What [`run_call`] yields.
pub(crate) mod called {
    /// Nothing was done: tier 0 runs the guest instruction.
    pub(crate) const NOT: u64 = 0;
    /// The guest goes on.
    pub(crate) const DONE: u64 = 1;
    /// The engine has to look before the next guest instruction.
    pub(crate) const STOP: u64 = 2;
}

/// Calls any helper, in the guest instruction at `pc`, with `left` of the budget
/// before it.
extern "C" fn run_call(cx: *mut Context, op: *const Op, left: i64, pc: u64) -> u64 {
    // SAFETY: compiled code passes on what it was entered with.
    let (cx, memory) = unsafe { parts(cx) };
    // SAFETY: as in `run_op`.
    let op = unsafe { *op };
    let Op::Call { helper, d, args } = op else { return called::NOT };
    let args = args.map(|a| cx.state.words[usize::from(a) % STATE_WORDS]);
    let mut requests = Requests::default();
    // If it faults nothing has changed, and it faults once more in tier 0.
    let Ok(value) = call_with_all(helper, args, pc, left, cx, memory, &mut requests) else {
        return called::NOT;
    };
    cx.state.words[usize::from(d) % STATE_WORDS] = value;
    let stop = memory.attention || requests.flush.is_some() || requests.resample;
    memory.requests = requests;
    if stop { called::STOP } else { called::DONE }
}

/// The address of [`raise`].
pub(crate) fn raise_address() -> u64 {
    raise as *const () as u64
}

/// Delivers the exception that the guest instruction at `pc` raises.
extern "C" fn raise(cx: *mut Context, cause: u64, value: u64, pc: u64) {
    // SAFETY: compiled code passes on what it was entered with.
    let (cx, memory) = unsafe { parts(cx) };
    memory.raise(cx, pc, Fault { cause, value });
}

/// Runs one operation on the words of the state. Tells whether it did; if not,
/// nothing has changed, and tier 0 runs the guest instruction.
extern "C" fn run_op(cx: *mut Context, op: *const Op) -> bool {
    // SAFETY: compiled code passes on what it was entered with.
    let (cx, memory) = unsafe { parts(cx) };
    // SAFETY: tier 1 takes this address from the block that its code is made
    // from, which is not dropped as long as that code can run.
    let op = unsafe { *op };
    operate(cx, memory, op).is_some()
}

/// `None` if the operation has to be left to tier 0.
fn operate(cx: &mut Context, memory: &mut Memory, op: Op) -> Option<()> {
    let word = |cx: &Context, w: u16| cx.state.words[usize::from(w) % STATE_WORDS];
    let (d, value) = match op {
        Op::Unary { op, ty, d, a } => (d, eval::unary(op, ty, word(cx, a))),
        Op::Binary { op, ty, d, a, b } => (d, eval::binary(op, ty, word(cx, a), word(cx, b))),
        Op::Icmp { cond, ty, d, a, b } => (d, compare(cond, ty, word(cx, a), word(cx, b))),
        Op::Sext { from, to, d, a } => (d, from.sext(word(cx, a)) & to.mask()),
        Op::Vector(op) => {
            op.run(&mut cx.state);
            return Some(());
        }
        Op::Load128 { regime, a, imm, .. } => return vector(cx, memory, op, (regime, a, imm), false),
        Op::Store128 { regime, a, imm, .. } => return vector(cx, memory, op, (regime, a, imm), true),
        Op::LoadAligned { regime, ty, d, a } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, false)?;
            (d, memory.load_aligned(cx, at, ty.bytes(), regime, 0).ok()?)
        }
        Op::StoreAligned { regime, ty, a, v } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, true)?;
            return memory.store_aligned(cx, at, ty.bytes(), word(cx, v), regime, 0).ok();
        }
        Op::LoadReserved { regime, ty, d, a } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, false)?;
            (d, memory.load_reserved(cx, ty, at, regime, 0).ok()?)
        }
        Op::StoreConditional { regime, ty, d, a, v } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, true)?;
            (d, memory.store_conditional(cx, ty, at, word(cx, v), regime, 0).ok()?)
        }
        Op::Rmw { regime, ty, op, d, a, v } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, true)?;
            (d, memory.rmw(cx, op, ty, at, word(cx, v), regime, 0).ok()?)
        }
        Op::Cas { regime, ty, d, a, expected, v } => {
            let at = aligned(cx, memory, word(cx, a), ty, regime, true)?;
            (d, memory.cas(cx, ty, at, word(cx, expected), word(cx, v), regime, 0).ok()?)
        }
        Op::Call { helper, d, args } => {
            debug_assert!(Effects::FAULT.contains(memory.guest.helpers()[usize::from(helper)].decl.effects));
            (d, call(cx, memory, helper.into(), args.map(|a| word(cx, a)))?)
        }
        _ => return None,
    };
    cx.state.words[usize::from(d) % STATE_WORDS] = value;
    Some(())
}

/// The address, if an aligned access there goes straight to memory.
fn aligned(cx: &mut Context, memory: &mut Memory, at: u64, ty: Type, regime: u8, write: bool) -> Option<u64> {
    let fits = at.is_multiple_of(ty.bytes().into());
    (fits && memory.make_plain(cx, at, ty.bytes(), regime, write)).then_some(at)
}

/// Loads or stores a vector, if that goes straight to memory.
fn vector(
    cx: &mut Context,
    memory: &mut Memory,
    op: Op,
    (regime, base, offset): (u8, u16, u64),
    write: bool,
) -> Option<()> {
    let at = cx.state.words[usize::from(base) % STATE_WORDS].wrapping_add(offset);
    let plain = memory.make_plain(cx, at, Type::V128.bytes(), regime, write);
    plain.then(|| access_vector(0, op, cx, memory).ok())?
}
