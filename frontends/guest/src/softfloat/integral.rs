//! Rounding to an integral number in the same format (IEEE 754-2008 §5.3.1,
//! roundToIntegral; §5.9).

use super::env::{Env, Flags};
use super::format::Format;
use super::nan::propagate;
use super::round::{round, round_off};
use super::unpack::{Finite, unpack};
use super::word::Word;

/// The number rounded to an integral one in the environment's direction, with
/// its sign (Arm `FPRoundInt`; RISC-V Zfa FROUND; x86 ROUNDSS).
///
/// With `exact` the inexact exception is raised if that changed the number
/// (FROUNDNX, FRINTX, ROUNDSS with bit 3 of the immediate clear).
pub fn round_to_integral<F: Format>(a: F::Word, exact: bool, env: &mut Env) -> F::Word {
    let a = unpack::<F>(a, env);
    if a.is_nan() {
        return propagate::<F>(&[a], env);
    }
    let Finite { negative, exponent, significand } = a.finite;
    if a.is_infinite() || a.is_zero() || exponent >= F::FRACTION_BITS as i32 {
        return a.bits;
    }
    // Below 1 the point is above the significand's top bit; two places above
    // it leave a fraction below one half, so further down nothing changes.
    let exponent = exponent.max(-2);
    let point = (F::Word::BITS as i32 - 1 - exponent) as u32;
    let down = point.saturating_sub(F::Word::BITS - 1);
    let drop = point - down;
    let rounded = round_off(significand.shift_right_sticky(down), drop, negative, env.rounding);
    if exact && rounded.inexact {
        env.raise(Flags::INEXACT);
    }
    let integer = Finite { negative, exponent: F::Word::BITS as i32 - 1, significand: rounded.kept };
    match integer.normalized() {
        Some(integer) => round::<F>(integer, env),
        None => F::zero(negative),
    }
}
