//! Division and square root (IEEE 754-2008 §5.4.1, §7.2, §7.3).

use super::env::{Env, Flags};
use super::format::Format;
use super::nan::propagate;
use super::round::round;
use super::unpack::{Finite, note_subnormal, unpack};
use super::word::Wide;

/// `a / b` (Arm `FPDiv`).
pub fn div<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> F::Word {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    if a.is_nan() || b.is_nan() {
        return propagate::<F>(&[a, b], env);
    }
    if a.is_infinite() && b.is_infinite() || a.is_zero() && b.is_zero() {
        return env.invalid::<F>();
    }
    let negative = a.negative() != b.negative();
    if b.is_zero() && !a.is_infinite() {
        env.raise(Flags::DIVZERO);
        return F::infinity(negative);
    }
    note_subnormal(&[a, b], env);
    if a.is_infinite() {
        return F::infinity(negative);
    }
    if a.is_zero() || b.is_infinite() {
        return F::zero(negative);
    }
    let (a, b) = (a.finite, b.finite);
    let significand = F::Wide::quotient(a.significand, b.significand);
    let quotient = Finite { negative, exponent: a.exponent - b.exponent, significand };
    round_nonzero::<F>(quotient, env)
}

/// The square root (Arm `FPSqrt`). That of −0 is −0; that of other negative
/// numbers is invalid.
pub fn sqrt<F: Format>(a: F::Word, env: &mut Env) -> F::Word {
    let a = unpack::<F>(a, env);
    if a.is_nan() {
        return propagate::<F>(&[a], env);
    }
    if a.is_zero() {
        return a.bits;
    }
    if a.negative() {
        return env.invalid::<F>();
    }
    note_subnormal(&[a], env);
    if a.is_infinite() {
        return a.bits;
    }
    let Finite { exponent, significand, .. } = a.finite;
    // With an even exponent the significand in [1, 2) is a fourth of itself in
    // [1/4, 1/2); with an odd one it takes a factor of 2 from the exponent.
    let radicand = if exponent & 1 == 0 { significand >> 1 } else { significand };
    let root = Finite { negative: false, exponent: exponent >> 1, significand: F::Wide::root(radicand) };
    round_nonzero::<F>(root, env)
}

/// Moves the leading one of a nonzero number to the top, and rounds.
#[inline]
fn round_nonzero<F: Format>(number: Finite<F::Word>, env: &mut Env) -> F::Word {
    match number.normalized() {
        Some(exact) => round::<F>(exact, env),
        None => F::zero(number.negative),
    }
}
