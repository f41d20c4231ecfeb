//! The smaller and the larger of two numbers (IEEE 754-2008 §5.3.1; IEEE
//! 754-2019 §9.6).

use super::compare::{Relation, order};
use super::env::{Env, Flags};
use super::format::Format;
use super::nan::propagate;
use super::unpack::{Kind, Operand, note_subnormal, unpack};

/// What a minimum or maximum does about NaNs and zeros. But for [`X86`],
/// −0 is below +0.
///
/// [`X86`]: MinMax::X86
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinMax {
    /// minimumNumber of 2019: the operand that is a number wins, even over a
    /// signalling NaN, which is invalid (RISC-V FMIN since "F" 2.2).
    Number,
    /// minNum of 2008: a number wins over a quiet NaN, but a signalling NaN is
    /// invalid and makes the result a NaN (Arm FMINNM).
    MinNum,
    /// minimum of 2019: any NaN makes the result a NaN (Arm FMIN; RISC-V Zfa
    /// FMINM).
    Propagate,
    /// The second operand as it is, if either is a NaN, which is invalid, or
    /// both are zero (x86 MINSS).
    X86,
}

/// The smaller of two numbers.
pub fn min<F: Format>(a: F::Word, b: F::Word, rule: MinMax, env: &mut Env) -> F::Word {
    select::<F>(a, b, Relation::Less, rule, env)
}

/// The larger of two numbers.
pub fn max<F: Format>(a: F::Word, b: F::Word, rule: MinMax, env: &mut Env) -> F::Word {
    select::<F>(a, b, Relation::Greater, rule, env)
}

/// `a` if it stands to `b` as `wanted` says, otherwise `b`.
fn select<F: Format>(a: F::Word, b: F::Word, wanted: Relation, rule: MinMax, env: &mut Env) -> F::Word {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    if a.is_nan() || b.is_nan() {
        return select_with_nan::<F>(a, b, rule, env);
    }
    note_subnormal(&[a, b], env);
    let zeros_apart = a.is_zero() && b.is_zero() && rule != MinMax::X86;
    let a_wins =
        if zeros_apart { a.negative() == (wanted == Relation::Less) } else { order(&a, &b) == wanted };
    if a_wins { a.bits } else { b.bits }
}

/// The result when an operand is a NaN.
#[cold]
fn select_with_nan<F: Format>(
    a: Operand<F::Word>,
    b: Operand<F::Word>,
    rule: MinMax,
    env: &mut Env,
) -> F::Word {
    let quiet = a.kind != Kind::SignalingNan && b.kind != Kind::SignalingNan;
    let number = [a, b].into_iter().find(|operand| !operand.is_nan());
    match (rule, number) {
        (MinMax::X86, _) => {
            env.raise(Flags::INVALID);
            b.bits
        }
        (MinMax::Number, Some(number)) => {
            if !quiet {
                env.raise(Flags::INVALID);
            }
            number.bits
        }
        (MinMax::MinNum, Some(number)) if quiet => number.bits,
        _ => propagate::<F>(&[a, b], env),
    }
}
