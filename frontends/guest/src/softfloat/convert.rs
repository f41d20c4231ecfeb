//! Conversion between formats (IEEE 754-2008 §5.4.2).

use super::env::Env;
use super::format::Format;
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

/// A quiet NaN with the sign and the upper end of the payload of another.
fn convert_nan<From: Format, To: Format>(nan: From::Word) -> To::Word {
    let negative = nan & From::sign(true) != From::Word::ZERO;
    let fraction = nan << (From::Word::BITS - From::FRACTION_BITS);
    let payload = To::Word::from_top_of_u128(fraction.to_top_of_u128());
    To::quiet_nan(negative) | payload >> (To::Word::BITS - To::FRACTION_BITS)
}
