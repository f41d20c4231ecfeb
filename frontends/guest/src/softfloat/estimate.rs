//! Arm's estimates of reciprocals, which later steps make precise
//! (`FPRecipEstimate`, `FPRSqrtEstimate`, `FPRecpX` and their unsigned kin).

use super::env::{Env, Flags, Rounding, SubnormalOutput};
use super::format::Format;
use super::nan::propagate;
use super::unpack::{Kind, unpack};

/// Bits of an estimate's fraction.
const ESTIMATE_BITS: u32 = 8;

/// An estimate of `1 / a`, good to eight bits (Arm FRECPE).
///
/// A zero operand is a division by zero; an operand so small that its
/// reciprocal has no finite value overflows in the environment's direction.
pub fn recip_estimate<F: Format<Word = u64>>(a: u64, env: &mut Env) -> u64 {
    let a = unpack::<F>(a, env);
    let negative = a.negative();
    match a.kind {
        Kind::QuietNan | Kind::SignalingNan => return propagate::<F>(&[a], env),
        Kind::Infinity => return F::zero(negative),
        Kind::Zero => {
            env.raise(Flags::DIVZERO);
            return F::infinity(negative);
        }
        Kind::Normal | Kind::Subnormal => (),
    }
    let exponent = a.finite.exponent;
    if exponent < -1 - F::EMAX {
        env.raise(Flags::OVERFLOW | Flags::INEXACT);
        return if overflows_to_infinity(negative, env) {
            F::infinity(negative)
        } else {
            F::largest(negative)
        };
    }
    if env.flush.output == SubnormalOutput::Flush && exponent >= F::EMAX - 1 {
        env.raise(Flags::UNDERFLOW);
        return F::zero(negative);
    }
    // The significand in [1, 2) as nine bits, and its estimated reciprocal in
    // the same form, but in (1/2, 1]: hence one less of exponent.
    let scaled = (a.finite.significand >> (u64::BITS - 1 - ESTIMATE_BITS)) as u32;
    let estimate = u64::from(recip_nine_bits(scaled)) << (F::FRACTION_BITS - ESTIMATE_BITS);
    let field = F::EMAX - 1 - exponent;
    F::sign(negative) | place::<F>(estimate, field)
}

/// A number with the significand `significand` (the leading one included) and
/// the biased exponent `field`, which is at least −1; below 1 it is subnormal.
fn place<F: Format<Word = u64>>(significand: u64, field: i32) -> u64 {
    if field < 1 {
        return significand >> (1 - field);
    }
    (field as u64) << F::FRACTION_BITS | significand & !(1 << F::FRACTION_BITS)
}

/// Whether a number that is too large becomes infinity (§7.4).
fn overflows_to_infinity(negative: bool, env: &Env) -> bool {
    match env.rounding {
        Rounding::NearestEven | Rounding::NearestMaxMagnitude => true,
        Rounding::TowardZero | Rounding::Odd => false,
        Rounding::Down => negative,
        Rounding::Up => !negative,
    }
}

/// An estimate of `1 / √a`, good to eight bits (Arm FRSQRTE).
///
/// A zero operand is a division by zero, another negative one invalid.
pub fn rsqrt_estimate<F: Format<Word = u64>>(a: u64, env: &mut Env) -> u64 {
    let a = unpack::<F>(a, env);
    match a.kind {
        Kind::QuietNan | Kind::SignalingNan => return propagate::<F>(&[a], env),
        Kind::Zero => {
            env.raise(Flags::DIVZERO);
            return F::infinity(a.negative());
        }
        _ if a.negative() => return env.invalid::<F>(),
        Kind::Infinity => return F::zero(false),
        Kind::Normal | Kind::Subnormal => (),
    }
    // With an odd exponent the significand in [1, 2) is a half of itself in
    // [1/2, 1), with an even one a fourth in [1/4, 1/2).
    let exponent = a.finite.exponent;
    let quarter = u32::from(exponent & 1 == 0);
    let scaled = (a.finite.significand >> (u64::BITS - 1 - ESTIMATE_BITS)) as u32 >> quarter;
    let estimate = u64::from(rsqrt_nine_bits(scaled)) << (F::FRACTION_BITS - ESTIMATE_BITS);
    place::<F>(estimate, F::EMAX - 1 - (exponent >> 1))
}

/// A power of two near `1 / a`: the exponent's bits turned over, the fraction
/// zero (Arm FRECPX).
pub fn recip_exponent<F: Format<Word = u64>>(a: u64, env: &mut Env) -> u64 {
    let operand = unpack::<F>(a, env);
    if operand.is_nan() {
        return propagate::<F>(&[operand], env);
    }
    let (sign, exponent) = (operand.bits & F::sign(true), operand.bits & F::infinity(false));
    if exponent == 0 {
        return sign | F::infinity(false) & !(1 << F::FRACTION_BITS);
    }
    sign | exponent ^ F::infinity(false)
}

/// An estimate of the reciprocal of `a`, a fraction of 32 bits; all ones
/// below one half (Arm URECPE).
pub fn recip_estimate_u32(a: u32) -> u32 {
    if a >> 31 == 0 { u32::MAX } else { recip_nine_bits(a >> 23) << 23 }
}

/// An estimate of the reciprocal square root of `a`, a fraction of 32 bits;
/// all ones below one fourth (Arm URSQRTE).
pub fn rsqrt_estimate_u32(a: u32) -> u32 {
    if a >> 30 == 0 { u32::MAX } else { rsqrt_nine_bits(a >> 23) << 23 }
}

/// `RecipEstimate`: for `a` / 512 in [1/2, 1) the reciprocal times 256, of the
/// middle of the interval that `a` stands for, rounded.
fn recip_nine_bits(a: u32) -> u32 {
    ((1 << 19) / (2 * a + 1) + 1) >> 1
}

/// `RecipSqrtEstimate`: for `a` / 512 in [1/4, 1) the reciprocal square root
/// times 256.
fn rsqrt_nine_bits(a: u32) -> u32 {
    RSQRT_NINE_BITS[(a % 512) as usize].into()
}

/// Of the middle of the interval that each operand stands for, rounded. From one
/// half up, the operand's last bit does not count.
const RSQRT_NINE_BITS: [u16; 512] = {
    let mut table = [0; 512];
    let mut a = 128;
    while a < 512 {
        let middle = if a < 256 { 2 * a + 1 } else { ((a & !1) + 1) * 2 };
        let mut root = 512;
        while middle * (root + 1) * (root + 1) < 1 << 28 {
            root += 1;
        }
        table[a] = ((root + 1) >> 1) as u16;
        a += 1;
    }
    table
};
