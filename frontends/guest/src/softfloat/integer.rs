//! Conversion to and from integers and fixed-point numbers (IEEE 754-2008
//! §5.4.1, convertFromInt and convertToInteger; §5.8).

use super::env::{Env, Flags};
use super::format::Format;
use super::round::{round, round_off};
use super::unpack::{Finite, unpack};
use super::word::Word;

/// An integer type that numbers convert to and from, of up to 64 bits.
pub trait Integer: Copy + 'static {
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;
    /// The value 0.
    const ZERO: Self;
    /// Whether the type has negative values.
    const SIGNED: bool;

    /// Whether the value is negative, and its magnitude.
    fn to_sign_magnitude(self) -> (bool, u64);

    /// The value with that sign and magnitude, if the type has it.
    fn from_sign_magnitude(negative: bool, magnitude: u128) -> Option<Self>;
}

/// Implements [`Integer`] for the primitive types.
macro_rules! integers {
    ($($type:ty)*) => { $(
        impl Integer for $type {
            const MIN: $type = <$type>::MIN;
            const MAX: $type = <$type>::MAX;
            const ZERO: $type = 0;
            const SIGNED: bool = <$type>::MIN != 0;

            #[inline]
            fn to_sign_magnitude(self) -> (bool, u64) {
                let value = self as i128;
                (value < 0, value.unsigned_abs() as u64)
            }

            #[inline]
            fn from_sign_magnitude(negative: bool, magnitude: u128) -> Option<$type> {
                let magnitude = i128::try_from(magnitude).ok()?;
                <$type>::try_from(if negative { -magnitude } else { magnitude }).ok()
            }
        }
    )* };
}

integers! { i8 u8 i16 u16 i32 u32 i64 u64 }

/// What stands for a number that the integer type does not have. All of them
/// raise the invalid exception, and that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    /// The nearest value of the type; for a NaN the largest (RISC-V, "F",
    /// table of domains of float-to-integer conversions).
    Riscv,
    /// The nearest value of the type; for a NaN zero (Arm `FPToFixed`).
    Arm,
    /// The "integer indefinite": the smallest of a signed type, the largest of
    /// an unsigned one (SDM volume 1, table 11-1; AVX-512's VCVTSS2USI).
    X86,
}

/// The number as an integer, rounded in the environment's direction; raises
/// the inexact exception if that changed it.
pub fn to_integer<F: Format, I: Integer>(a: F::Word, rule: OutOfRange, env: &mut Env) -> I {
    to_fixed::<F, I>(a, 0, rule, env)
}

/// The number times two to the `fraction_bits`, as an integer like
/// [`to_integer`] (Arm `FPToFixed`). `fraction_bits` is at most 64.
pub fn to_fixed<F: Format, I: Integer>(a: F::Word, fraction_bits: u32, rule: OutOfRange, env: &mut Env) -> I {
    let a = unpack::<F>(a, env);
    if a.is_nan() {
        env.raise(Flags::INVALID);
        return match rule {
            OutOfRange::Riscv => I::MAX,
            OutOfRange::Arm => I::ZERO,
            OutOfRange::X86 => indefinite(),
        };
    }
    if a.is_zero() {
        return I::ZERO;
    }
    let exponent = a.finite.exponent + fraction_bits as i32;
    if a.is_infinite() || exponent > 63 {
        return out_of_range(a.negative(), rule, env);
    }
    // As a fixed-point number with 64 bits to either side of the point.
    let significand = a.finite.significand.to_top_of_u128();
    let fixed = significand.shift_right_sticky((63 - exponent) as u32);
    let rounded = round_off(fixed, 64, a.negative(), env.rounding);
    match I::from_sign_magnitude(a.negative(), rounded.kept) {
        Some(integer) => {
            if rounded.inexact {
                env.raise(Flags::INEXACT);
            }
            integer
        }
        None => out_of_range(a.negative(), rule, env),
    }
}

/// The number cut to an integer, of that the low 32 bits, and whether they are
/// the number (Arm `FPToFixedJS`; FJCVTZS).
///
/// A NaN or an infinity gives zero; it is invalid, and so is an integer that 32
/// bits do not hold. Neither −0 nor a subnormal that was flushed is 0.
pub fn to_i32_modular<F: Format>(a: F::Word, env: &mut Env) -> (i32, bool) {
    let is_positive_zero = a == F::zero(false);
    let a = unpack::<F>(a, env);
    if a.is_nan() || a.is_infinite() {
        env.raise(Flags::INVALID);
        return (0, false);
    }
    let Finite { negative, exponent, significand } = a.finite;
    if a.is_zero() {
        return (0, is_positive_zero);
    }
    let significand = significand.to_top_of_u128();
    let point = 127 - exponent;
    let (magnitude, exact) = match point {
        0..128 => (significand >> point, significand & u128::mask(point as u32) == 0),
        ..0 => (significand.checked_shl(point.unsigned_abs()).unwrap_or(0), true),
        _ => (0, false),
    };
    let low = magnitude as u32 as i32;
    let integer = if negative { low.wrapping_neg() } else { low };
    let fits = exponent < 31 || negative && magnitude == 1 << 31;
    match (fits, exact) {
        (false, _) => env.raise(Flags::INVALID),
        (true, false) => env.raise(Flags::INEXACT),
        (true, true) => (),
    }
    (integer, fits && exact)
}

/// What stands for a number beyond the type's range on the given side.
#[cold]
fn out_of_range<I: Integer>(negative: bool, rule: OutOfRange, env: &mut Env) -> I {
    env.raise(Flags::INVALID);
    match (rule, negative) {
        (OutOfRange::X86, _) => indefinite(),
        (OutOfRange::Riscv | OutOfRange::Arm, true) => I::MIN,
        (OutOfRange::Riscv | OutOfRange::Arm, false) => I::MAX,
    }
}

/// x86's integer indefinite.
fn indefinite<I: Integer>() -> I {
    if I::SIGNED { I::MIN } else { I::MAX }
}

/// The integer as a number, rounded if need be. Zero is positive.
pub fn from_integer<F: Format, I: Integer>(integer: I, env: &mut Env) -> F::Word {
    from_fixed::<F, I>(integer, 0, env)
}

/// The integer divided by two to the `fraction_bits`, as a number (Arm
/// `FixedToFP`). `fraction_bits` is at most 64.
pub fn from_fixed<F: Format, I: Integer>(integer: I, fraction_bits: u32, env: &mut Env) -> F::Word {
    let (negative, magnitude) = integer.to_sign_magnitude();
    let exponent = 63 - fraction_bits as i32;
    match (Finite { negative, exponent, significand: magnitude }).normalized() {
        Some(Finite { exponent, significand, .. }) => {
            let significand = F::Word::from_top_of_u128(significand.to_top_of_u128());
            round::<F>(Finite { negative, exponent, significand }, env)
        }
        None => F::zero(false),
    }
}
