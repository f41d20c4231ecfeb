//! The interchange formats (IEEE 754-2008 §3.4) as types.

use super::word::{Wide, Word};

/// A binary format: a sign bit, a biased exponent, and a fraction whose
/// leading one is implied.
///
/// The bits stand at the low end of [`Format::Word`]; bits above are ignored
/// in operands and clear in results. A new format of up to 62 bits of
/// precision is four constants; a longer one brings its own word.
pub trait Format: Copy + 'static {
    /// Holds the raw bits, or one significand with at least three bits to
    /// spare.
    type Word: Word;
    /// Holds the exact product of two significands.
    type Wide: Wide<Self::Word>;

    /// Width of the whole number in bits.
    const BITS: u32;
    /// Width of the biased exponent in bits.
    const EXPONENT_BITS: u32;
    /// Width of the fraction in bits: the precision less the implied one.
    const FRACTION_BITS: u32 = Self::BITS - 1 - Self::EXPONENT_BITS;
    /// The precision *p* in bits.
    const PRECISION: u32 = Self::FRACTION_BITS + 1;
    /// The largest exponent of a finite number, *emax*; also the bias.
    const EMAX: i32 = (1 << (Self::EXPONENT_BITS - 1)) - 1;
    /// The smallest exponent of a normal number, *emin*.
    const EMIN: i32 = 1 - Self::EMAX;

    /// The sign bit, set if `negative`.
    #[inline]
    fn sign(negative: bool) -> Self::Word {
        if negative { Self::Word::ONE << (Self::BITS - 1) } else { Self::Word::ZERO }
    }

    /// Zero with a sign.
    #[inline]
    fn zero(negative: bool) -> Self::Word {
        Self::sign(negative)
    }

    /// Infinity with a sign.
    #[inline]
    fn infinity(negative: bool) -> Self::Word {
        Self::sign(negative) | Self::Word::mask(Self::EXPONENT_BITS) << Self::FRACTION_BITS
    }

    /// The finite number of greatest magnitude, with a sign.
    #[inline]
    fn largest(negative: bool) -> Self::Word {
        Self::infinity(negative) - Self::Word::ONE
    }

    /// The number 2.
    #[inline]
    fn two() -> Self::Word {
        Self::Word::ONE << (Self::BITS - 2)
    }

    /// The bit that tells a quiet NaN from a signalling one (§6.2.1).
    #[inline]
    fn quiet_bit() -> Self::Word {
        Self::Word::ONE << (Self::FRACTION_BITS - 1)
    }

    /// The quiet NaN with a sign and no payload.
    #[inline]
    fn quiet_nan(negative: bool) -> Self::Word {
        Self::infinity(negative) | Self::quiet_bit()
    }
}

/// binary16, half precision.
#[derive(Clone, Copy, Debug)]
pub enum F16 {}

/// bfloat16: the upper half of a binary32.
#[derive(Clone, Copy, Debug)]
pub enum BF16 {}

/// binary32, single precision.
#[derive(Clone, Copy, Debug)]
pub enum F32 {}

/// binary64, double precision.
#[derive(Clone, Copy, Debug)]
pub enum F64 {}

impl Format for F16 {
    type Word = u64;
    type Wide = u64;
    const BITS: u32 = 16;
    const EXPONENT_BITS: u32 = 5;
}

impl Format for BF16 {
    type Word = u64;
    type Wide = u64;
    const BITS: u32 = 16;
    const EXPONENT_BITS: u32 = 8;
}

impl Format for F32 {
    type Word = u64;
    type Wide = u64;
    const BITS: u32 = 32;
    const EXPONENT_BITS: u32 = 8;
}

impl Format for F64 {
    type Word = u64;
    type Wide = u128;
    const BITS: u32 = 64;
    const EXPONENT_BITS: u32 = 11;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_those_of_the_host() {
        assert_eq!(F32::PRECISION, f32::MANTISSA_DIGITS);
        assert_eq!(F64::PRECISION, f64::MANTISSA_DIGITS);
        // The host counts exponents of significands in [1/2, 1).
        assert_eq!(F32::EMIN, f32::MIN_EXP - 1);
        assert_eq!(F64::EMAX, f64::MAX_EXP - 1);
        assert_eq!(F32::largest(true), u64::from(f32::MIN.to_bits()));
        assert_eq!(F64::largest(false), f64::MAX.to_bits());
        assert_eq!(F64::infinity(true), f64::NEG_INFINITY.to_bits());
        assert_eq!(F64::zero(true), (-0.0f64).to_bits());
        assert_eq!(F32::two(), u64::from(2f32.to_bits()));
        assert!(f64::from_bits(F64::quiet_nan(false)).is_nan());
    }
}
