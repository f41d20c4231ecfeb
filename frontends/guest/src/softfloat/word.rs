//! The unsigned integers in which bits and significands are computed.

use std::fmt::Debug;
use std::ops::{Add, BitAnd, BitOr, BitXor, Not, Shl, Shr, Sub};

/// An unsigned integer that holds a format's bits, or one significand.
pub trait Word:
    Copy
    + Debug
    + Ord
    + Add<Output = Self>
    + Sub<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// Width in bits.
    const BITS: u32;
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;
    /// The top bit alone: where the leading one of a significand stands.
    const TOP: Self;

    /// How many bits above the highest set one are clear.
    fn leading_zeros(self) -> u32;

    /// The low 32 bits.
    fn low_u32(self) -> u32;

    /// `n` as a word.
    fn from_u32(n: u32) -> Self;

    /// The same significand with its top bit at the top of 128 bits.
    fn to_top_of_u128(self) -> u128;

    /// The upper end of `significand`; the last bit is set if any bit below it
    /// was.
    fn from_top_of_u128(significand: u128) -> Self;

    /// The number whose low `count` bits are set; `count` is below the width.
    #[inline]
    fn mask(count: u32) -> Self {
        (Self::ONE << count) - Self::ONE
    }

    /// Shifts right by any count and sets the last bit if a set bit fell out,
    /// so that the result still rounds like the exact number.
    #[inline]
    fn shift_right_sticky(self, count: u32) -> Self {
        if count == 0 {
            self
        } else if count < Self::BITS {
            self >> count | Self::sticky(self & Self::mask(count))
        } else {
            Self::sticky(self)
        }
    }

    /// 1 if any bit of `lost` is set, otherwise 0.
    #[inline]
    fn sticky(lost: Self) -> Self {
        if lost == Self::ZERO { Self::ZERO } else { Self::ONE }
    }
}

impl Word for u64 {
    const BITS: u32 = u64::BITS;
    const ZERO: u64 = 0;
    const ONE: u64 = 1;
    const TOP: u64 = 1 << 63;

    #[inline]
    fn leading_zeros(self) -> u32 {
        u64::leading_zeros(self)
    }

    #[inline]
    fn low_u32(self) -> u32 {
        self as u32
    }

    #[inline]
    fn from_u32(n: u32) -> u64 {
        u64::from(n)
    }

    #[inline]
    fn to_top_of_u128(self) -> u128 {
        u128::from(self) << 64
    }

    #[inline]
    fn from_top_of_u128(significand: u128) -> u64 {
        (significand >> 64) as u64 | u64::sticky(significand as u64)
    }
}

impl Word for u128 {
    const BITS: u32 = u128::BITS;
    const ZERO: u128 = 0;
    const ONE: u128 = 1;
    const TOP: u128 = 1 << 127;

    #[inline]
    fn leading_zeros(self) -> u32 {
        u128::leading_zeros(self)
    }

    #[inline]
    fn low_u32(self) -> u32 {
        self as u32
    }

    #[inline]
    fn from_u32(n: u32) -> u128 {
        u128::from(n)
    }

    #[inline]
    fn to_top_of_u128(self) -> u128 {
        self
    }

    #[inline]
    fn from_top_of_u128(significand: u128) -> u128 {
        significand
    }
}

/// A word wide enough for the exact product of two significands held in `W`,
/// and with it the operations that need more than one significand's width.
///
/// All operands have their top bit set.
pub trait Wide<W: Word>: Word {
    /// `significand` with its top bit at the top of the wide word.
    fn widen(significand: W) -> Self;

    /// The upper end of the wide word, with a sticky last bit.
    fn narrow(self) -> W;

    /// The exact product. With the operands read as fractions in [1/2, 1), so
    /// is the result, in [1/4, 1): at most the top bit is clear.
    fn product(a: W, b: W) -> Self;

    /// `a / b` in (1/2, 2), with the point after the top bit and a sticky last
    /// bit: at most the top bit is clear.
    fn quotient(a: W, b: W) -> W;

    /// The square root of `radicand` read as a fraction in [1/4, 1), as a
    /// fraction in [1/2, 1) with a sticky last bit. `radicand` may have its
    /// top bit clear, but not the next one too.
    fn root(radicand: W) -> W;
}

/// For precisions up to 30 bits: half a word holds a significand, so a word
/// holds the product.
impl Wide<u64> for u64 {
    #[inline]
    fn widen(significand: u64) -> u64 {
        significand
    }

    #[inline]
    fn narrow(self) -> u64 {
        self
    }

    #[inline]
    fn product(a: u64, b: u64) -> u64 {
        (a >> 32) * (b >> 32)
    }

    #[inline]
    fn quotient(a: u64, b: u64) -> u64 {
        let (dividend, divisor) = (a >> 1, b >> 32);
        (dividend / divisor) << 32 | u64::sticky(dividend % divisor)
    }

    #[inline]
    fn root(radicand: u64) -> u64 {
        let root = radicand.isqrt();
        root << 32 | u64::sticky(radicand - root * root)
    }
}

/// For precisions up to 62 bits.
impl Wide<u64> for u128 {
    #[inline]
    fn widen(significand: u64) -> u128 {
        u128::from(significand) << 64
    }

    #[inline]
    fn narrow(self) -> u64 {
        u64::from_top_of_u128(self)
    }

    #[inline]
    fn product(a: u64, b: u64) -> u128 {
        u128::from(a) * u128::from(b)
    }

    #[inline]
    fn quotient(a: u64, b: u64) -> u64 {
        let (dividend, divisor) = (u128::from(a) << 63, u128::from(b));
        let quotient = (dividend / divisor) as u64;
        quotient | u64::sticky((dividend % divisor) as u64)
    }

    #[inline]
    fn root(radicand: u64) -> u64 {
        let radicand = u128::from(radicand) << 64;
        let root = radicand.isqrt();
        root as u64 | u64::from(root * root != radicand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifting_right_keeps_a_trace_of_what_it_loses() {
        assert_eq!(0b1100u64.shift_right_sticky(2), 0b11);
        assert_eq!(0b1101u64.shift_right_sticky(2), 0b11);
        assert_eq!(0b1001u64.shift_right_sticky(2), 0b11);
        assert_eq!(0b1001u64.shift_right_sticky(0), 0b1001);
        assert_eq!(u64::TOP.shift_right_sticky(64), 1);
        assert_eq!(u64::MAX.shift_right_sticky(u32::MAX), 1);
        assert_eq!(0u128.shift_right_sticky(500), 0);
    }

    #[test]
    fn narrowing_keeps_a_trace_of_what_it_loses() {
        assert_eq!(u64::from_top_of_u128(5 << 64), 5);
        assert_eq!(u64::from_top_of_u128((4 << 64) + 1), 5);
    }
}
