//! What a conversion's or a rounding's helper is told beside the number: a
//! constant argument.

use guest::softfloat::Rounding;

/// A rounding mode that an instruction names; the first four as FPCR has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Mode {
    /// To nearest, ties to even.
    Nearest = 0,
    /// Toward positive infinity.
    Up = 1,
    /// Toward negative infinity.
    Down = 2,
    /// Toward zero.
    Zero = 3,
    /// To nearest, ties away from zero.
    Away = 4,
}

impl Mode {
    const fn from_bits(bits: u64) -> Mode {
        match bits & 7 {
            0 => Mode::Nearest,
            1 => Mode::Up,
            2 => Mode::Down,
            3 => Mode::Zero,
            _ => Mode::Away,
        }
    }

    /// The same for [`guest::softfloat`].
    pub const fn rounding(self) -> Rounding {
        match self {
            Mode::Nearest => Rounding::NearestEven,
            Mode::Up => Rounding::Up,
            Mode::Down => Rounding::Down,
            Mode::Zero => Rounding::TowardZero,
            Mode::Away => Rounding::NearestMaxMagnitude,
        }
    }
}

/// The width of an integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum IntWidth {
    /// 16 bits.
    W16 = 0,
    /// 32 bits.
    W32 = 1,
    /// 64 bits.
    W64 = 2,
}

/// A conversion between numbers and integers or fixed-point numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConversionSpec {
    /// How to round to an integer; from an integer FPCR says it.
    pub mode: Mode,
    /// The integer has a sign.
    pub signed: bool,
    /// Its width.
    pub width: IntWidth,
    /// How many of its bits are behind the point, 0 to 64.
    pub fraction_bits: u32,
}

impl ConversionSpec {
    /// As an argument.
    pub const fn bits(self) -> u64 {
        self.fraction_bits as u64
            | (self.signed as u64) << 8
            | (self.width as u64) << 9
            | (self.mode as u64) << 12
    }

    /// From an argument.
    pub const fn from_bits(bits: u64) -> ConversionSpec {
        let width = match bits >> 9 & 3 {
            0 => IntWidth::W16,
            1 => IntWidth::W32,
            _ => IntWidth::W64,
        };
        let signed = bits >> 8 & 1 != 0;
        ConversionSpec { mode: Mode::from_bits(bits >> 12), signed, width, fraction_bits: bits as u32 & 0x7f }
    }
}

/// How FRINT32X and its kin, and the other FRINTs, round to an integral number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IntegralSpec {
    /// The direction; `None` for FPCR's.
    pub mode: Option<Mode>,
    /// Raise inexact if the number changed.
    pub exact: bool,
    /// What is no integer of so many bits becomes the least one of them; 0 for
    /// no such bound.
    pub bound_bits: u32,
}

impl IntegralSpec {
    /// As FPCR says, without a bound.
    pub const CURRENT: IntegralSpec = IntegralSpec { mode: None, exact: false, bound_bits: 0 };

    /// In a direction, without a bound.
    pub const fn toward(mode: Mode) -> IntegralSpec {
        IntegralSpec { mode: Some(mode), ..IntegralSpec::CURRENT }
    }

    /// As an argument.
    pub const fn bits(self) -> u64 {
        let mode = match self.mode {
            Some(mode) => mode as u64,
            None => 7,
        };
        mode | (self.exact as u64) << 3 | (self.bound_bits as u64) << 8
    }

    /// From an argument.
    pub const fn from_bits(bits: u64) -> IntegralSpec {
        let mode = if bits & 7 == 7 { None } else { Some(Mode::from_bits(bits)) };
        IntegralSpec { mode, exact: bits >> 3 & 1 != 0, bound_bits: (bits >> 8) as u32 & 0x7f }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_survive_as_arguments() {
        for mode in [Mode::Nearest, Mode::Up, Mode::Down, Mode::Zero, Mode::Away] {
            for width in [IntWidth::W16, IntWidth::W32, IntWidth::W64] {
                let spec = ConversionSpec { mode, signed: true, width, fraction_bits: 64 };
                assert_eq!(ConversionSpec::from_bits(spec.bits()), spec);
            }
            let spec = IntegralSpec { mode: Some(mode), exact: true, bound_bits: 64 };
            assert_eq!(IntegralSpec::from_bits(spec.bits()), spec);
        }
        let spec = IntegralSpec { mode: None, exact: false, bound_bits: 0 };
        assert_eq!(IntegralSpec::from_bits(spec.bits()), spec);
    }
}
