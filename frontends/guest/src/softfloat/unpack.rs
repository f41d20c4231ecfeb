//! From bits to kind, sign, exponent and significand.

use super::env::{Env, Flags, SubnormalInput};
use super::format::Format;
use super::word::Word;

/// The class of a number (IEEE 754-2008 §5.7.2), in the order of the bits of
/// the mask that RISC-V's FCLASS gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// −∞
    NegativeInfinity,
    /// A negative number with a leading one.
    NegativeNormal,
    /// A negative number below the smallest normal one in magnitude.
    NegativeSubnormal,
    /// −0
    NegativeZero,
    /// +0
    PositiveZero,
    /// A positive number below the smallest normal one.
    PositiveSubnormal,
    /// A positive number with a leading one.
    PositiveNormal,
    /// +∞
    PositiveInfinity,
    /// A NaN that raises the invalid exception when operated upon.
    SignalingNan,
    /// A NaN that passes through most operations silently.
    QuietNan,
}

/// The class of a number. Raises nothing and flushes nothing.
pub fn classify<F: Format>(a: F::Word) -> Class {
    let negative = a & F::sign(true) != F::Word::ZERO;
    match (kind::<F>(a), negative) {
        (Kind::SignalingNan, _) => Class::SignalingNan,
        (Kind::QuietNan, _) => Class::QuietNan,
        (Kind::Infinity, true) => Class::NegativeInfinity,
        (Kind::Normal, true) => Class::NegativeNormal,
        (Kind::Subnormal, true) => Class::NegativeSubnormal,
        (Kind::Zero, true) => Class::NegativeZero,
        (Kind::Zero, false) => Class::PositiveZero,
        (Kind::Subnormal, false) => Class::PositiveSubnormal,
        (Kind::Normal, false) => Class::PositiveNormal,
        (Kind::Infinity, false) => Class::PositiveInfinity,
    }
}

/// The class of a number without its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Zero,
    Subnormal,
    Normal,
    Infinity,
    QuietNan,
    SignalingNan,
}

/// A number as sign, exponent and significand: the significand, read with the
/// point after its top bit, times two to the exponent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finite<W> {
    pub negative: bool,
    pub exponent: i32,
    /// Top bit set, or zero for zero.
    pub significand: W,
}

/// An operand taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand<W> {
    /// The operand's bits, after a subnormal one was flushed if so asked.
    pub bits: W,
    pub kind: Kind,
    /// The number; for infinities and NaNs only its sign has a meaning.
    pub finite: Finite<W>,
}

impl<W: Word> Operand<W> {
    #[inline]
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::QuietNan | Kind::SignalingNan)
    }

    #[inline]
    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinity
    }

    #[inline]
    pub fn is_zero(&self) -> bool {
        self.kind == Kind::Zero
    }

    #[inline]
    pub fn negative(&self) -> bool {
        self.finite.negative
    }
}

impl<W: Word> Finite<W> {
    /// Moves the leading one to the top; `None` for zero.
    #[inline]
    pub fn normalized(self) -> Option<Self> {
        if self.significand == W::ZERO {
            return None;
        }
        let shift = self.significand.leading_zeros();
        Some(Finite {
            exponent: self.exponent - shift as i32,
            significand: self.significand << shift,
            ..self
        })
    }
}

/// Takes an operand apart, flushing a subnormal one to zero if so asked.
#[inline]
pub(super) fn unpack<F: Format>(bits: F::Word, env: &mut Env) -> Operand<F::Word> {
    let bits = bits & (F::sign(true) | (F::sign(true) - F::Word::ONE));
    let negative = bits & F::sign(true) != F::Word::ZERO;
    let kind = kind::<F>(bits);
    if kind == Kind::Normal {
        let field = (bits >> F::FRACTION_BITS & F::Word::mask(F::EXPONENT_BITS)).low_u32();
        let significand = bits << (F::Word::BITS - F::PRECISION) | F::Word::TOP;
        let exponent = field as i32 - F::EMAX;
        return Operand { bits, kind, finite: Finite { negative, exponent, significand } };
    }
    unpack_special::<F>(bits, kind, negative, env)
}

/// Everything but normal numbers.
fn unpack_special<F: Format>(bits: F::Word, kind: Kind, negative: bool, env: &mut Env) -> Operand<F::Word> {
    let zero = Finite { negative, exponent: F::EMIN, significand: F::Word::ZERO };
    if kind != Kind::Subnormal {
        return Operand { bits, kind, finite: zero };
    }
    if env.flush.input == SubnormalInput::FlushAndRaise {
        env.raise(Flags::DENORMAL);
    }
    if matches!(env.flush.input, SubnormalInput::Flush | SubnormalInput::FlushAndRaise) {
        return Operand { bits: F::zero(negative), kind: Kind::Zero, finite: zero };
    }
    let fraction = bits & F::Word::mask(F::FRACTION_BITS);
    let shift = fraction.leading_zeros();
    let finite = Finite {
        negative,
        exponent: F::EMIN + (F::Word::BITS - F::PRECISION) as i32 - shift as i32,
        significand: fraction << shift,
    };
    Operand { bits, kind, finite }
}

/// Raises x86's denormal-operand exception if it is wanted and one of the
/// operands calls for it. To be called once neither a NaN nor an invalid
/// operation can take precedence.
#[inline]
pub(super) fn note_subnormal<W: Word>(operands: &[Operand<W>], env: &mut Env) {
    if env.flush.input == SubnormalInput::Raise
        && operands.iter().any(|operand| operand.kind == Kind::Subnormal)
    {
        env.raise(Flags::DENORMAL);
    }
}

/// The kind of a number.
#[inline]
fn kind<F: Format>(bits: F::Word) -> Kind {
    let fraction = bits & F::Word::mask(F::FRACTION_BITS);
    let exponent = bits & F::infinity(false);
    if exponent == F::infinity(false) {
        if fraction == F::Word::ZERO {
            Kind::Infinity
        } else if fraction & F::quiet_bit() == F::Word::ZERO {
            Kind::SignalingNan
        } else {
            Kind::QuietNan
        }
    } else if exponent != F::Word::ZERO {
        Kind::Normal
    } else if fraction == F::Word::ZERO {
        Kind::Zero
    } else {
        Kind::Subnormal
    }
}
