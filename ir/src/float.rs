//! Floating point as a hint: the host's operation that may stand for a
//! helper's call.
//!
//! Numbers are bit patterns in `i64`s and arithmetic on them is helpers, which
//! know the guest's rounding modes, exceptions and NaNs. Most calls need none of
//! that: the guest rounds to nearest, and an exception that has been raised
//! already cannot be raised again. An [`InlineFloat`] says which operation of
//! IEEE 754-2008 (§5.4, §5.6) a helper is then, and where in the guest's state
//! an engine sees whether it is. It is a hint: an engine may ignore it, and the
//! helper alone is the meaning.

use crate::Slot;

/// A form of a helper for hosts with floating point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InlineFloat {
    /// The calls it is for; the first form that fits a call counts.
    pub calls: Calls,
    /// What the helper computes from its first arguments.
    pub op: FloatOp,
    /// The format of numbers; that of the result, if an operand has another.
    pub format: FloatFormat,
    /// When the host computes the same.
    pub env: FloatEnv,
}

impl InlineFloat {
    /// The format of the operands; `None` if they are integers.
    pub fn takes(&self) -> Option<FloatFormat> {
        match self.op {
            FloatOp::FromInteger(_) => None,
            FloatOp::Widen => Some(FloatFormat::BoxedSingle),
            FloatOp::Narrow => Some(FloatFormat::Double),
            _ => Some(self.format),
        }
    }

    /// The format of the result; `None` if it is an integer.
    pub fn yields(&self) -> Option<FloatFormat> {
        match self.op {
            FloatOp::Equal | FloatOp::Less | FloatOp::LessOrEqual | FloatOp::ToInteger(..) => None,
            _ => Some(self.format),
        }
    }
}

/// Which calls of a helper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Calls {
    /// All.
    Any,
    /// Those whose argument `arg` is a constant that has `value` under `mask`.
    Where {
        /// The argument's number.
        arg: u8,
        /// Which of its bits count.
        mask: u64,
        /// What they are.
        value: u64,
    },
}

impl Calls {
    /// Whether a call is meant; `constant` gives the value of an argument that
    /// has a known one.
    pub fn contains(self, constant: impl Fn(u8) -> Option<u64>) -> bool {
        match self {
            Calls::Any => true,
            Calls::Where { arg, mask, value } => constant(arg).is_some_and(|word| word & mask == value),
        }
    }
}

/// How a number stands in an `i64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatFormat {
    /// binary64.
    Double,
    /// binary32 in the low half. The upper half of a result is all ones; an
    /// operand with any other upper half is a NaN.
    BoxedSingle,
}

/// Operations of one format. The result has it, too, unless the operation says
/// otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatOp {
    /// a + b.
    Add,
    /// a − b.
    Sub,
    /// a × b.
    Mul,
    /// a ÷ b.
    Div,
    /// √a.
    Sqrt,
    /// ±(a × b) ± c, rounded once.
    MulAdd {
        /// The product's sign is changed.
        negate_product: bool,
        /// The sign of c is changed.
        negate_addend: bool,
    },
    /// 2 − a × b, rounded once. Where this is no number, or a factor is infinite,
    /// the helper knows.
    RecipStep,
    /// (3 − a × b) ÷ 2, likewise.
    RsqrtStep,
    /// a as an integral number, of the same sign. Inexact is raised if `exact` and
    /// the number changes.
    Integral {
        /// Which one.
        toward: Toward,
        /// Inexact is raised.
        exact: bool,
    },
    /// The lesser; −0 is less than +0. Of NaNs the helper knows.
    Min,
    /// The greater; −0 is less than +0. Of NaNs the helper knows.
    Max,
    /// 1 if a = b, otherwise 0.
    Equal,
    /// 1 if a < b, otherwise 0.
    Less,
    /// 1 if a ≤ b, otherwise 0.
    LessOrEqual,
    /// a as an integer. One of 32 bits comes sign-extended, signed or not.
    ToInteger(Integer, Toward),
    /// The integer a, in the low bits of an `i64`, as a number.
    FromInteger(Integer),
    /// The [`FloatFormat::BoxedSingle`] a as a [`FloatFormat::Double`].
    Widen,
    /// The [`FloatFormat::Double`] a as a [`FloatFormat::BoxedSingle`].
    Narrow,
}

impl FloatOp {
    /// Whether engines may do it on all lanes of vectors at once: what a
    /// [lane call](crate::Inst::LaneCall) is worth making for.
    pub const fn is_packed(self) -> bool {
        use FloatOp::{Add, Div, Integral, Mul, MulAdd, RecipStep, RsqrtStep, Sqrt, Sub};
        matches!(self, Add | Sub | Mul | Div | Sqrt | MulAdd { .. } | RecipStep | RsqrtStep | Integral { .. })
    }
}

/// An integer type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Integer {
    /// Two's complement.
    pub signed: bool,
    /// 64 bits, or else 32.
    pub wide: bool,
}

/// Where a number between two integers goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Toward {
    /// The nearest; halfway, the even one.
    Nearest,
    /// The one of smaller magnitude.
    Zero,
    /// The lower one.
    Down,
    /// The higher one.
    Up,
}

/// The part of the guest's state that decides whether the host may compute.
/// All its slots are among those that the helper reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FloatEnv {
    /// Holds if the inexact exception has been raised, and so has any other
    /// that normal operands and a normal result do not rule out.
    pub raised: SlotBits,
    /// Holds if the guest rounds to nearest, ties to even, in the standard way;
    /// `None` if the calls are of that kind by themselves. Exact operations
    /// need it too: what else the slot holds may be no rounding mode at all.
    /// Where it holds, or there is none, the helper does not fault. Where it does
    /// not hold, an engine may leave the block.
    pub nearest: Option<SlotBits>,
}

/// A condition on a slot: its bits under `mask` are `value`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotBits {
    /// The slot, an `i64`.
    pub slot: Slot,
    /// Which of its bits count; below 2^32.
    pub mask: u64,
    /// What they are.
    pub value: u64,
}
