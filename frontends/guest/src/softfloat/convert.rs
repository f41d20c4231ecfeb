//! Conversion between formats (IEEE 754-2008 §5.4.2).

use super::env::{Env, Flags};
use super::format::{F16, Format};
use super::nan::propagate;
use super::round::round;
use super::unpack::{Finite, note_subnormal, unpack};
use super::word::Word;

/// The number in another format (Arm `FPConvert`; RISC-V FCVT.S.D and alike).
///
/// A NaN that the guest's rule propagates keeps its sign and the upper bits
/// of its payload, and becomes quiet.
pub fn convert<From: Format, To: Format>(a: From::Word, env: &mut Env) -> To::Word {
    let a = unpack::<From>(a, env);
    let negative = a.negative();
    if a.is_nan() {
        let nan = propagate::<From>(&[a], env);
        return convert_nan::<From, To>(nan);
    }
    note_subnormal(&[a], env);
    if a.is_infinite() {
        return To::infinity(negative);
    }
    if a.is_zero() {
        return To::zero(negative);
    }
    let significand = To::Word::from_top_of_u128(a.finite.significand.to_top_of_u128());
    round::<To>(Finite { negative, exponent: a.finite.exponent, significand }, env)
}

/// Fraction and bias of the alternative half precision, and where its sign is.
const ALTERNATIVE_FRACTION_BITS: u32 = F16::FRACTION_BITS;
const ALTERNATIVE_SIGN: u64 = 1 << 15;

/// The number in Arm's alternative half precision in another format (FPCR.AHP).
///
/// It has neither infinities nor NaNs: their exponent is that of large numbers.
pub fn from_alternative_half<To: Format>(a: u64, env: &mut Env) -> To::Word {
    let negative = a & ALTERNATIVE_SIGN != 0;
    let magnitude = a & (ALTERNATIVE_SIGN - 1);
    if magnitude >> ALTERNATIVE_FRACTION_BITS < 31 {
        return convert::<F16, To>(a, env);
    }
    let fraction = u128::from(magnitude) << (u128::BITS - F16::PRECISION);
    let significand = To::Word::from_top_of_u128(fraction | u128::TOP);
    round::<To>(Finite { negative, exponent: F16::EMAX + 1, significand }, env)
}

/// The number in Arm's alternative half precision (FPCR.AHP). What it has no
/// number for is invalid: a NaN becomes zero, all else the largest number.
pub fn to_alternative_half<From: Format>(a: From::Word, env: &mut Env) -> u64 {
    let operand = unpack::<From>(a, env);
    let negative = operand.negative();
    let sign = if negative { ALTERNATIVE_SIGN } else { 0 };
    if operand.is_nan() {
        env.raise(Flags::INVALID);
        return sign;
    }
    if operand.is_zero() {
        return sign;
    }
    let Finite { exponent, significand, .. } = operand.finite;
    // Halved, a number of 1 or more rounds as half precision does; the exponent
    // gets its one back afterwards.
    let halved = u64::from(exponent >= 0);
    let significand = u64::from_top_of_u128(significand.to_top_of_u128());
    let number = Finite { negative, exponent: exponent - halved as i32, significand };
    let mut inner = Env { flags: Flags::empty(), ..*env };
    let bits = if operand.is_infinite() { 0 } else { round::<F16>(number, &mut inner) };
    if operand.is_infinite() || inner.flags.contains(Flags::OVERFLOW) {
        env.raise(Flags::INVALID);
        return sign | (ALTERNATIVE_SIGN - 1);
    }
    env.raise(inner.flags);
    bits + (halved << ALTERNATIVE_FRACTION_BITS)
}

/// A quiet NaN with the sign and the upper end of the payload of another.
fn convert_nan<From: Format, To: Format>(nan: From::Word) -> To::Word {
    let negative = nan & From::sign(true) != From::Word::ZERO;
    let fraction = nan << (From::Word::BITS - From::FRACTION_BITS);
    let payload = To::Word::from_top_of_u128(fraction.to_top_of_u128());
    To::quiet_nan(negative) | payload >> (To::Word::BITS - To::FRACTION_BITS)
}
