//! Addition, subtraction and multiplication (IEEE 754-2008 §5.4.1, §6.3).

use super::env::{Env, Rounding};
use super::format::Format;
use super::nan::propagate;
use super::round::round;
use super::unpack::{Finite, Operand, note_subnormal, unpack};
use super::word::{Wide, Word};

/// `a + b` (Arm `FPAdd`).
pub fn add<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> F::Word {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    sum::<F>(a, b, b.negative(), env)
}

/// `a - b` (Arm `FPSub`).
pub fn sub<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> F::Word {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    sum::<F>(a, b, !b.negative(), env)
}

/// The sum of `a` and `b`, the latter taken with the sign `b_negative`, which
/// a NaN does not follow.
#[inline]
fn sum<F: Format>(a: Operand<F::Word>, b: Operand<F::Word>, b_negative: bool, env: &mut Env) -> F::Word {
    if a.is_nan() || b.is_nan() {
        return propagate::<F>(&[a, b], env);
    }
    let (x, y) = (a.finite, Finite { negative: b_negative, ..b.finite });
    if a.is_infinite() && b.is_infinite() && x.negative != y.negative {
        return env.invalid::<F>();
    }
    note_subnormal(&[a, b], env);
    if a.is_infinite() {
        return F::infinity(x.negative);
    }
    if b.is_infinite() {
        return F::infinity(y.negative);
    }
    match add_finite(x, y) {
        Some(exact) => round::<F>(exact, env),
        None => F::zero(zero_sum_negative(x.negative, y.negative, env)),
    }
}

/// The sign of a sum that is exactly zero (§6.3): that of the terms if they
/// agree, otherwise positive except when rounding down.
#[inline]
pub(super) fn zero_sum_negative(x: bool, y: bool, env: &Env) -> bool {
    if x == y { x } else { env.rounding == Rounding::Down }
}

/// The sum of two numbers whose significands leave at least three low bits
/// clear. It rounds like the exact sum. `None` is zero.
#[inline]
pub(super) fn add_finite<W: Word>(x: Finite<W>, y: Finite<W>) -> Option<Finite<W>> {
    if x.significand == W::ZERO {
        return y.normalized();
    }
    if y.significand == W::ZERO {
        return x.normalized();
    }
    let (big, small) =
        if (x.exponent, x.significand) >= (y.exponent, y.significand) { (x, y) } else { (y, x) };
    // One place down makes room for the carry. If the shift loses bits, then
    // at most one leading bit cancels, and the sticky bit stays below the
    // precision.
    let distance = (big.exponent - small.exponent) as u32;
    let (upper, lower) = (big.significand >> 1, (small.significand >> 1).shift_right_sticky(distance));
    let significand = if big.negative == small.negative { upper + lower } else { upper - lower };
    Finite { negative: big.negative, exponent: big.exponent + 1, significand }.normalized()
}

/// `a × b` (Arm `FPMul`).
pub fn mul<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> F::Word {
    let (a, b) = (unpack::<F>(a, env), unpack::<F>(b, env));
    if a.is_nan() || b.is_nan() {
        return propagate::<F>(&[a, b], env);
    }
    if infinity_times_zero(&a, &b) {
        return env.invalid::<F>();
    }
    note_subnormal(&[a, b], env);
    let negative = a.negative() != b.negative();
    if a.is_infinite() || b.is_infinite() {
        return F::infinity(negative);
    }
    match multiply_finite::<F>(a.finite, b.finite, negative) {
        Some(Finite { exponent, significand, .. }) => {
            let significand = significand.narrow();
            round::<F>(Finite { negative, exponent, significand }, env)
        }
        None => F::zero(negative),
    }
}

/// `a × b`, but infinity times zero is two, with the product's sign (Arm
/// `FPMulX`).
pub fn mul_extended<F: Format>(a: F::Word, b: F::Word, env: &mut Env) -> F::Word {
    let (x, y) = (unpack::<F>(a, env), unpack::<F>(b, env));
    if infinity_times_zero(&x, &y) {
        return F::sign(x.negative() != y.negative()) | F::two();
    }
    mul::<F>(a, b, env)
}

/// Whether one operand is infinite and the other zero.
#[inline]
pub(super) fn infinity_times_zero<W: Word>(a: &Operand<W>, b: &Operand<W>) -> bool {
    a.is_infinite() && b.is_zero() || a.is_zero() && b.is_infinite()
}

/// The exact product, given the sign `negative`. `None` is zero.
#[inline]
pub(super) fn multiply_finite<F: Format>(
    a: Finite<F::Word>,
    b: Finite<F::Word>,
    negative: bool,
) -> Option<Finite<F::Wide>> {
    // Two factors in [1, 2) make a product in [1, 4): hence the 1.
    let exponent = a.exponent + b.exponent + 1;
    let significand = F::Wide::product(a.significand, b.significand);
    Finite { negative, exponent, significand }.normalized()
}
