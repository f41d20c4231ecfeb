//! Comparison (IEEE 754-2008 §5.6.1, §5.11).

use super::env::{Env, Flags};
use super::format::Format;
use super::unpack::{Kind, Operand, note_subnormal, unpack};
use super::word::Word;

/// How two numbers stand to each other; exactly one of these holds (§5.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The first is below the second.
    Less,
    /// They are equal; zeros are, whatever their signs.
    Equal,
    /// The first is above the second.
    Greater,
    /// At least one is a NaN.
    Unordered,
}

/// Compares; a signalling NaN is invalid (Arm FCMP; x86 UCOMISS).
pub fn compare<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> Relation {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    if a.is_nan() || b.is_nan() {
        if a.kind == Kind::SignalingNan || b.kind == Kind::SignalingNan {
            env.raise(Flags::INVALID);
        }
        return Relation::Unordered;
    }
    note_subnormal(&[a, b], env);
    order(&a, &b)
}

/// Compares; any NaN is invalid (Arm FCMPE; x86 COMISS).
pub fn compare_signaling<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> Relation {
    let relation = compare::<F>(a, b, env);
    if relation == Relation::Unordered {
        env.raise(Flags::INVALID);
    }
    relation
}

/// `a = b`, quiet (RISC-V FEQ).
pub fn eq<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> bool {
    compare::<F>(a, b, env) == Relation::Equal
}

/// `a < b`; any NaN is invalid (RISC-V FLT).
pub fn lt<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> bool {
    compare_signaling::<F>(a, b, env) == Relation::Less
}

/// `a ≤ b`; any NaN is invalid (RISC-V FLE).
pub fn le<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> bool {
    matches!(compare_signaling::<F>(a, b, env), Relation::Less | Relation::Equal)
}

/// `a < b`, quiet (RISC-V Zfa FLTQ).
pub fn lt_quiet<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> bool {
    compare::<F>(a, b, env) == Relation::Less
}

/// `a ≤ b`, quiet (RISC-V Zfa FLEQ).
pub fn le_quiet<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> bool {
    matches!(compare::<F>(a, b, env), Relation::Less | Relation::Equal)
}

/// The order of two operands that are not NaNs. Without their signs, the bits
/// of numbers and infinities are in order.
#[inline]
pub(super) fn order<W: Word>(a: &Operand<W>, b: &Operand<W>) -> Relation {
    let less = match (a.negative(), b.negative()) {
        _ if a.bits == b.bits || a.is_zero() && b.is_zero() => return Relation::Equal,
        (false, false) => a.bits < b.bits,
        (true, true) => a.bits > b.bits,
        (a_negative, _) => a_negative,
    };
    if less { Relation::Less } else { Relation::Greater }
}
