//! Runs a block's operations.

use super::lanes::{set_vector, vector};
use super::ops::{Code, Op, Word};
use crate::memory::{Memory, probe_read, probe_write};
use crate::vcpu::{Context, NO_RESERVATION};
use guest::{Env, Fault, Requests, STATE_WORDS};
use ir::{IntCC, Leave, Type, eval};

/// How a block was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// To this guest address, in the same mode.
    Goto(u64),
    /// To the engine.
    Leave {
        /// Why.
        reason: Leave,
        /// Where the guest goes on.
        pc: u64,
    },
    /// Guest instruction `insn` (counted from 0) raised an exception.
    Fault {
        /// Which one.
        fault: Fault,
        /// Who.
        insn: usize,
    },
    /// Before guest instruction `insn`, since something needs attention.
    Early {
        /// The first instruction that was not run.
        insn: usize,
    },
}

/// The words of a CPU, without bounds to check.
macro_rules! word {
    ($cx:ident, $w:expr) => {
        $cx.state.words[usize::from($w) % STATE_WORDS]
    };
}

/// Ends the block with the fault of operation `$rest` is behind of.
macro_rules! or_fault {
    ($code:ident, $index:expr, $result:expr) => {
        match $result {
            Ok(value) => value,
            Err(fault) => return Next::Fault { fault, insn: $code.insn_of($index) },
        }
    };
}

/// Runs `code` at the origin that the context says. Its `insns` guest instructions
/// are already taken off the budget.
pub(crate) fn run(
    code: &Code,
    insns: u32,
    cx: &mut Context,
    memory: &mut Memory,
    requests: &mut Requests,
) -> Next {
    let mut end = code.ops.len();
    // The guest instruction that starts at `end`; several may, if some have no
    // operations.
    let mut end_insn = code.marks.len();
    let mut index = 0;
    // An operation that needs attention makes `end` the start of the next
    // guest instruction, where the loop then ends.
    macro_rules! slow {
        ($call:expr) => {{
            let value = or_fault!(code, index, $call);
            if memory.attention {
                (end, end_insn) = stop_after(code, index);
            }
            value
        }};
    }
    macro_rules! left {
        () => {
            left(code, insns, cx, index)
        };
    }
    macro_rules! load {
        ($n:literal, $regime:ident, $d:ident, $a:ident, $imm:ident, $value:ident => $extend:expr) => {{
            let at = word!(cx, $a).wrapping_add($imm);
            let $value = match probe_read::<$n>(cx, $regime, at) {
                Some(host) => host.load::<$n>(),
                None => {
                    let left = left!();
                    slow!(memory.load(cx, at, $n, $regime, left))
                }
            };
            word!(cx, $d) = $extend;
        }};
    }
    macro_rules! store {
        ($n:literal, $regime:ident, $a:ident, $v:ident, $imm:ident) => {{
            let at = word!(cx, $a).wrapping_add($imm);
            let value = word!(cx, $v);
            match probe_write::<$n>(cx, $regime, at) {
                Some(host) => host.store::<$n>(value),
                None => {
                    let left = left!();
                    slow!(memory.store(cx, at, $n, value, $regime, left));
                }
            }
        }};
    }
    while index < end {
        match code.ops[index] {
            Op::Const { d, imm } => word!(cx, d) = imm,
            Op::Address { d, pc } => word!(cx, d) = cx.origin.wrapping_add(pc),
            Op::Mov { d, a } => word!(cx, d) = word!(cx, a),

            Op::Add { d, a, b } => word!(cx, d) = word!(cx, a).wrapping_add(word!(cx, b)),
            Op::Sub { d, a, b } => word!(cx, d) = word!(cx, a).wrapping_sub(word!(cx, b)),
            Op::Mul { d, a, b } => word!(cx, d) = word!(cx, a).wrapping_mul(word!(cx, b)),
            Op::And { d, a, b } => word!(cx, d) = word!(cx, a) & word!(cx, b),
            Op::Or { d, a, b } => word!(cx, d) = word!(cx, a) | word!(cx, b),
            Op::Xor { d, a, b } => word!(cx, d) = word!(cx, a) ^ word!(cx, b),
            Op::Shl { d, a, b } => word!(cx, d) = word!(cx, a).wrapping_shl(word!(cx, b) as u32),
            Op::Shr { d, a, b } => word!(cx, d) = word!(cx, a).wrapping_shr(word!(cx, b) as u32),
            Op::Sar { d, a, b } => word!(cx, d) = sar(word!(cx, a), word!(cx, b) as u32),
            Op::AddI { d, a, imm } => word!(cx, d) = word!(cx, a).wrapping_add(imm),
            Op::AndI { d, a, imm } => word!(cx, d) = word!(cx, a) & imm,
            Op::OrI { d, a, imm } => word!(cx, d) = word!(cx, a) | imm,
            Op::XorI { d, a, imm } => word!(cx, d) = word!(cx, a) ^ imm,
            Op::ShlI { d, a, imm } => word!(cx, d) = word!(cx, a).wrapping_shl(imm as u32),
            Op::ShrI { d, a, imm } => word!(cx, d) = word!(cx, a).wrapping_shr(imm as u32),
            Op::SarI { d, a, imm } => word!(cx, d) = sar(word!(cx, a), imm as u32),

            Op::Add32 { d, a, b } => word!(cx, d) = sext32(word!(cx, a).wrapping_add(word!(cx, b))),
            Op::Sub32 { d, a, b } => word!(cx, d) = sext32(word!(cx, a).wrapping_sub(word!(cx, b))),
            Op::Mul32 { d, a, b } => word!(cx, d) = sext32(word!(cx, a).wrapping_mul(word!(cx, b))),
            Op::Shl32 { d, a, b } => {
                word!(cx, d) = sext32((word!(cx, a) as u32).wrapping_shl(word!(cx, b) as u32).into())
            }
            Op::Shr32 { d, a, b } => {
                word!(cx, d) = sext32((word!(cx, a) as u32).wrapping_shr(word!(cx, b) as u32).into())
            }
            Op::Sar32 { d, a, b } => {
                word!(cx, d) = (word!(cx, a) as i32).wrapping_shr(word!(cx, b) as u32) as u64
            }
            Op::AddI32 { d, a, imm } => word!(cx, d) = sext32(word!(cx, a).wrapping_add(imm)),
            Op::ShlI32 { d, a, imm } => {
                word!(cx, d) = sext32((word!(cx, a) as u32).wrapping_shl(imm as u32).into())
            }
            Op::ShrI32 { d, a, imm } => {
                word!(cx, d) = sext32((word!(cx, a) as u32).wrapping_shr(imm as u32).into())
            }
            Op::SarI32 { d, a, imm } => word!(cx, d) = (word!(cx, a) as i32).wrapping_shr(imm as u32) as u64,
            Op::Sext8 { d, a } => word!(cx, d) = word!(cx, a) as i8 as u64,
            Op::Sext16 { d, a } => word!(cx, d) = word!(cx, a) as i16 as u64,
            Op::Sext32 { d, a } => word!(cx, d) = sext32(word!(cx, a)),

            Op::SetUlt { d, a, b } => word!(cx, d) = (word!(cx, a) < word!(cx, b)).into(),
            Op::SetSlt { d, a, b } => word!(cx, d) = ((word!(cx, a) as i64) < word!(cx, b) as i64).into(),
            Op::SetUltI { d, a, imm } => word!(cx, d) = (word!(cx, a) < imm).into(),
            Op::SetSltI { d, a, imm } => word!(cx, d) = ((word!(cx, a) as i64) < imm as i64).into(),
            Op::SetEqI { d, a, imm } => word!(cx, d) = (word!(cx, a) == imm).into(),
            Op::SetNeI { d, a, imm } => word!(cx, d) = (word!(cx, a) != imm).into(),

            Op::Unary { op, ty, d, a } => word!(cx, d) = eval::unary(op, ty, word!(cx, a)),
            Op::Binary { op, ty, d, a, b } => word!(cx, d) = eval::binary(op, ty, word!(cx, a), word!(cx, b)),
            Op::Icmp { cond, ty, d, a, b } => word!(cx, d) = compare(cond, ty, word!(cx, a), word!(cx, b)),
            Op::Sext { from, to, d, a } => word!(cx, d) = from.sext(word!(cx, a)) & to.mask(),
            Op::Select { d, cond, a, b } => {
                word!(cx, d) = if word!(cx, cond) != 0 { word!(cx, a) } else { word!(cx, b) };
            }

            Op::Flags { op, ty, a, b, to } => set_flags(cx, to, op.flags(ty, word!(cx, a), word!(cx, b))),

            Op::LoadU8 { regime, d, a, imm } => load!(1, regime, d, a, imm, v => v),
            Op::LoadS8 { regime, d, a, imm } => load!(1, regime, d, a, imm, v => v as i8 as u64),
            Op::LoadU16 { regime, d, a, imm } => load!(2, regime, d, a, imm, v => v),
            Op::LoadS16 { regime, d, a, imm } => load!(2, regime, d, a, imm, v => v as i16 as u64),
            Op::LoadU32 { regime, d, a, imm } => load!(4, regime, d, a, imm, v => v),
            Op::LoadS32 { regime, d, a, imm } => load!(4, regime, d, a, imm, v => sext32(v)),
            Op::Load64 { regime, d, a, imm } => load!(8, regime, d, a, imm, v => v),
            Op::Store8 { regime, a, v, imm } => store!(1, regime, a, v, imm),
            Op::Store16 { regime, a, v, imm } => store!(2, regime, a, v, imm),
            Op::Store32 { regime, a, v, imm } => store!(4, regime, a, v, imm),
            Op::Store64 { regime, a, v, imm } => store!(8, regime, a, v, imm),

            Op::Vector(ref op) => op.run(&mut cx.state),
            op @ (Op::Load128 { .. } | Op::Store128 { .. }) => slow!(access_vector(left!(), op, cx, memory)),
            Op::LoadAligned { regime, ty, d, a } => {
                let (at, left) = (word!(cx, a), left!());
                word!(cx, d) = slow!(memory.load_aligned(cx, at, ty.bytes(), regime, left));
            }
            Op::StoreAligned { regime, ty, a, v } => {
                let (at, value, left) = (word!(cx, a), word!(cx, v), left!());
                slow!(memory.store_aligned(cx, at, ty.bytes(), value, regime, left));
            }
            Op::LoadReserved { regime, ty, d, a } => {
                let (at, left) = (word!(cx, a), left!());
                word!(cx, d) = slow!(memory.load_reserved(cx, ty, at, regime, left));
            }
            Op::StoreConditional { regime, ty, d, a, v } => {
                let (at, value, left) = (word!(cx, a), word!(cx, v), left!());
                word!(cx, d) = slow!(memory.store_conditional(cx, ty, at, value, regime, left));
            }
            Op::Rmw { regime, ty, op, d, a, v } => {
                let (at, value, left) = (word!(cx, a), word!(cx, v), left!());
                word!(cx, d) = slow!(memory.rmw(cx, op, ty, at, value, regime, left));
            }
            Op::Cas { regime, ty, d, a, expected, v } => {
                let (at, left) = (word!(cx, a), left!());
                let (expected, new) = (word!(cx, expected), word!(cx, v));
                word!(cx, d) = slow!(memory.cas(cx, ty, at, expected, new, regime, left));
            }
            Op::Fence => std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst),
            Op::TrapIf { cond, a, cause } => {
                if word!(cx, cond) != 0 {
                    return trap(code, index, cause, word!(cx, a));
                }
            }
            Op::Call { helper, d, args } => {
                let left = left!();
                let pc = cx.origin.wrapping_add(code.pc_of(code.insn_of(index)));
                let args = args.map(|a| word!(cx, a));
                word!(cx, d) = slow!(call(helper, args, pc, left, cx, memory, requests));
            }

            Op::Jump { pc } => return Next::Goto(cx.origin.wrapping_add(pc)),
            Op::BrEq { a, b } => return branch(code, cx, word!(cx, a) == word!(cx, b)),
            Op::BrNe { a, b } => return branch(code, cx, word!(cx, a) != word!(cx, b)),
            Op::BrSlt { a, b } => return branch(code, cx, (word!(cx, a) as i64) < word!(cx, b) as i64),
            Op::BrSge { a, b } => return branch(code, cx, word!(cx, a) as i64 >= word!(cx, b) as i64),
            Op::BrUlt { a, b } => return branch(code, cx, word!(cx, a) < word!(cx, b)),
            Op::BrUge { a, b } => return branch(code, cx, word!(cx, a) >= word!(cx, b)),
            Op::BrEqI { a, imm } => return branch(code, cx, word!(cx, a) == imm),
            Op::BrNeI { a, imm } => return branch(code, cx, word!(cx, a) != imm),
            Op::Indirect { a } => return Next::Goto(word!(cx, a)),
            Op::Leave { reason, a } => return Next::Leave { reason, pc: word!(cx, a) },
            Op::Trap { a, cause } => return trap(code, index, cause, word!(cx, a)),
        }
        index += 1;
    }
    Next::Early { insn: end_insn }
}

/// Where the loop has to end so that the current guest instruction is the last:
/// the start of the next, or the block's own end. Yields the operation and the
/// instruction.
#[cold]
fn stop_after(code: &Code, index: usize) -> (usize, usize) {
    let next = code.insn_of(index) + 1;
    (code.marks.get(next).map_or(code.ops.len(), |m| m.op.into()), next)
}

/// The budget that remained before the guest instruction of operation `index`.
#[cold]
fn left(code: &Code, insns: u32, cx: &Context, index: usize) -> i64 {
    cx.budget + i64::from(insns) - code.insn_of(index) as i64
}

/// Loads or stores a vector: its two words, one after the other. The loaded ones
/// are written once both are there.
#[inline(never)]
pub(crate) fn access_vector(left: i64, op: Op, cx: &mut Context, memory: &mut Memory) -> Result<(), Fault> {
    match op {
        Op::Load128 { regime, aligned, d, a, imm } => {
            let at = word!(cx, a).wrapping_add(imm);
            let mut word = |at| match probe_read::<8>(cx, regime, at) {
                _ if aligned => memory.load_aligned(cx, at, 8, regime, left),
                Some(host) => Ok(host.load::<8>()),
                None => memory.load(cx, at, 8, regime, left),
            };
            let low = word(at)?;
            let value = eval::iconcat(low, word(at.wrapping_add(8))?);
            set_vector(&mut cx.state, d, value);
        }
        Op::Store128 { regime, aligned, a, v, imm } => {
            let at = word!(cx, a).wrapping_add(imm);
            let [low, high] = eval::isplit(vector(&cx.state, v));
            let mut word = |at, value| match probe_write::<8>(cx, regime, at) {
                _ if aligned => memory.store_aligned(cx, at, 8, value, regime, left),
                Some(host) => {
                    host.store::<8>(value);
                    Ok(())
                }
                None => memory.store(cx, at, 8, value, regime, left),
            };
            word(at, low)?;
            word(at.wrapping_add(8), high)?;
        }
        _ => unreachable!("no other operation reaches memory for a vector"),
    }
    Ok(())
}

#[cold]
fn trap(code: &Code, index: usize, cause: u64, value: u64) -> Next {
    Next::Fault { fault: Fault { cause, value }, insn: code.insn_of(index) }
}

#[inline(always)]
fn branch(code: &Code, cx: &Context, holds: bool) -> Next {
    Next::Goto(cx.origin.wrapping_add(if holds { code.taken } else { code.other }))
}

#[inline(always)]
fn sext32(value: u64) -> u64 {
    value as i32 as u64
}

fn sar(value: u64, amount: u32) -> u64 {
    (value as i64).wrapping_shr(amount) as u64
}

/// Sets four words to flags.
fn set_flags(cx: &mut Context, to: [Word; 4], flags: [bool; 4]) {
    to.into_iter().zip(flags).for_each(|(word, flag)| word!(cx, word) = flag.into());
}

pub(crate) fn compare(cond: IntCC, ty: Type, a: u64, b: u64) -> u64 {
    eval::icmp(cond, ty, a, b).into()
}

/// Calls a helper with time, count and pc exact.
pub(crate) fn call(
    helper: u16,
    args: [u64; 4],
    pc: u64,
    left: i64,
    cx: &mut Context,
    memory: &mut Memory,
    requests: &mut Requests,
) -> Result<u64, Fault> {
    let guest = std::sync::Arc::clone(&memory.guest);
    let helper = &guest.helpers()[usize::from(helper)];
    let pure = (helper.decl.effects - ir::Effects::FAULT).is_empty();
    let instructions = if pure { 0 } else { memory.sync(left) };
    cx.state.set(memory.pc, pc);
    let mut env = Env {
        cpu: &mut cx.state,
        space: &memory.space,
        clock: &memory.clock,
        instructions,
        requests: Requests::default(),
    };
    let result = (helper.run)(&mut env, args);
    let asked = env.requests;
    // It may have written code, or made a device ask for something.
    memory.attention |= helper.decl.effects.contains(ir::Effects::MEMORY);
    requests.flush = requests.flush.or(asked.flush);
    requests.flush_everywhere |= asked.flush_everywhere;
    requests.resample |= asked.resample;
    if asked.drop_reservation {
        cx.reserved_at = NO_RESERVATION;
    }
    result
}
