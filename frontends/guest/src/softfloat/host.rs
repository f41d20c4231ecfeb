//! The host's floating-point unit, where it cannot make a difference.
//!
//! The host rounds to nearest and tells no exceptions. So it may compute only
//! if the guest rounds to nearest, inexact has been raised already, the
//! operands are zero or normal, and the result is normal and not the smallest
//! such number, which a tiny one may have been rounded to: then no exception
//! but inexact can have been raised. Rust's arithmetic is IEEE 754's
//! (reference, "primitive types f32 and f64").

use super::format::{F32, F64, Format};

/// Arithmetic on the host in one precision; numbers are their bits.
pub trait Host: Format<Word = u64> {
    /// `a + b`.
    fn add(a: u64, b: u64) -> u64;
    /// `a − b`.
    fn sub(a: u64, b: u64) -> u64;
    /// `a × b`.
    fn mul(a: u64, b: u64) -> u64;
    /// `a ÷ b`.
    fn div(a: u64, b: u64) -> u64;
    /// `√a`.
    fn sqrt(a: u64) -> u64;
    /// `a × b + c` with one rounding.
    fn mul_add(a: u64, b: u64, c: u64) -> u64;
}

/// Whether `number` is zero or normal, and so may be an operand.
#[inline]
pub fn is_plain<F: Format<Word = u64>>(number: u64) -> bool {
    let magnitude = number & !F::sign(true);
    magnitude == 0 || (1 << F::FRACTION_BITS..F::infinity(false)).contains(&magnitude)
}

/// Whether `result` shows that nothing but inexact was raised.
#[inline]
pub fn is_safe<F: Format<Word = u64>>(result: u64) -> bool {
    let magnitude = result & !F::sign(true);
    ((1 << F::FRACTION_BITS) + 1..F::infinity(false)).contains(&magnitude)
}

impl Host for F32 {
    #[inline]
    fn add(a: u64, b: u64) -> u64 {
        single(from_single(a) + from_single(b))
    }

    #[inline]
    fn sub(a: u64, b: u64) -> u64 {
        single(from_single(a) - from_single(b))
    }

    #[inline]
    fn mul(a: u64, b: u64) -> u64 {
        single(from_single(a) * from_single(b))
    }

    #[inline]
    fn div(a: u64, b: u64) -> u64 {
        single(from_single(a) / from_single(b))
    }

    #[inline]
    fn sqrt(a: u64) -> u64 {
        single(from_single(a).sqrt())
    }

    #[inline]
    fn mul_add(a: u64, b: u64, c: u64) -> u64 {
        single(from_single(a).mul_add(from_single(b), from_single(c)))
    }
}

#[inline]
fn from_single(bits: u64) -> f32 {
    f32::from_bits(bits as u32)
}

#[inline]
fn single(number: f32) -> u64 {
    number.to_bits().into()
}

impl Host for F64 {
    #[inline]
    fn add(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) + f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn sub(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) - f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn mul(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) * f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn div(a: u64, b: u64) -> u64 {
        (f64::from_bits(a) / f64::from_bits(b)).to_bits()
    }

    #[inline]
    fn sqrt(a: u64) -> u64 {
        f64::from_bits(a).sqrt().to_bits()
    }

    #[inline]
    fn mul_add(a: u64, b: u64, c: u64) -> u64 {
        f64::from_bits(a).mul_add(f64::from_bits(b), f64::from_bits(c)).to_bits()
    }
}
