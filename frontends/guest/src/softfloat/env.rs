//! What an operation depends on besides its operands, and what it leaves.

use bitflags::bitflags;

use super::format::Format;

bitflags! {
    /// The exceptions raised so far (IEEE 754-2008 §7).
    ///
    /// The low five bits stand as in RISC-V's `fflags`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Flags: u8 {
        /// The result was rounded: NX, IXC, PE.
        const INEXACT = 1 << 0;
        /// The result was tiny and rounded, or flushed: UF, UFC, UE.
        const UNDERFLOW = 1 << 1;
        /// The rounded result was beyond the largest number: OF, OFC, OE.
        const OVERFLOW = 1 << 2;
        /// A finite number was divided by zero: DZ, DZC, ZE.
        const DIVZERO = 1 << 3;
        /// There is no useful result: NV, IOC, IE.
        const INVALID = 1 << 4;
        /// An operand was subnormal: x86's DE, or Arm's IDC, which says that
        /// it was flushed. RISC-V has no such flag.
        const DENORMAL = 1 << 5;
    }
}

/// How a result that a format cannot hold becomes one that it can (§4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; halfway, to the one whose last bit is clear.
    NearestEven,
    /// To the one of smaller magnitude.
    TowardZero,
    /// Toward negative infinity.
    Down,
    /// Toward positive infinity.
    Up,
    /// To the nearest; halfway, to the one of greater magnitude.
    NearestMaxMagnitude,
    /// Toward zero, and the last bit is set if that was inexact, so that a
    /// second rounding to a shorter format is as good as one (Arm `FCVTXN`).
    Odd,
}

/// When a result counts as tiny, and so may underflow (§7.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tininess {
    /// When the exact result is below the smallest normal number (Arm).
    BeforeRounding,
    /// When the result, rounded as though the exponent had no lower bound, is
    /// still below the smallest normal number (RISC-V, x86).
    AfterRounding,
}

/// Which NaN an operation with a NaN result returns (§6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NanRule {
    /// Always the positive quiet NaN without payload (RISC-V, "F", NaN
    /// Generation and Propagation).
    Riscv,
    /// The first signalling operand made quiet, else the first quiet operand,
    /// as `FPProcessNaNs`; without a NaN operand the positive default NaN.
    Arm {
        /// FPCR.DN: every NaN result is the default NaN.
        default_nan: bool,
    },
    /// The first operand that is a NaN, made quiet (SDM volume 1, table 4-7,
    /// SSE); without a NaN operand the negative "QNaN floating-point
    /// indefinite".
    X86,
}

/// What happens to a subnormal operand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubnormalInput {
    /// It is used (RISC-V, Arm).
    #[default]
    Keep,
    /// It is used and raises [`Flags::DENORMAL`], unless a NaN or an invalid
    /// operation takes precedence (x86; SDM volume 1, §4.9.2).
    Raise,
    /// It is replaced by zero of the same sign (x86 with MXCSR.DAZ).
    Flush,
    /// It is replaced by zero of the same sign and raises [`Flags::DENORMAL`]
    /// (Arm with FPCR.FZ, `FPUnpack`).
    FlushAndRaise,
}

/// What happens to a tiny result of arithmetic or of a narrowing conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubnormalOutput {
    /// It becomes a subnormal number.
    #[default]
    Keep,
    /// It becomes zero of the same sign if it was tiny before rounding, and
    /// raises only [`Flags::UNDERFLOW`] (Arm with FPCR.FZ, `FPRound`).
    Flush,
    /// It becomes zero of the same sign and raises [`Flags::UNDERFLOW`] and
    /// [`Flags::INEXACT`] (x86 with MXCSR.FTZ and underflow masked).
    FlushInexact,
}

/// What becomes of subnormal numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flush {
    /// As operands.
    pub input: SubnormalInput,
    /// As results.
    pub output: SubnormalOutput,
}

/// The environment of an operation: a guest's control bits as they matter
/// here, and the exceptions that operations add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// The rounding direction.
    pub rounding: Rounding,
    /// Exceptions raised so far; operations only ever add to them.
    pub flags: Flags,
    /// Which NaN is returned.
    pub nan: NanRule,
    /// When underflow is detected.
    pub tininess: Tininess,
    /// What becomes of subnormal numbers.
    pub flush: Flush,
}

impl Env {
    /// RISC-V, with no exceptions raised.
    pub const fn riscv(rounding: Rounding) -> Env {
        Env {
            rounding,
            flags: Flags::empty(),
            nan: NanRule::Riscv,
            tininess: Tininess::AfterRounding,
            flush: Flush { input: SubnormalInput::Keep, output: SubnormalOutput::Keep },
        }
    }

    /// AArch64 with FPCR.DN as given and FPCR.FZ clear; no exceptions raised.
    pub const fn arm(rounding: Rounding, default_nan: bool) -> Env {
        Env { nan: NanRule::Arm { default_nan }, tininess: Tininess::BeforeRounding, ..Env::riscv(rounding) }
    }

    /// SSE with MXCSR.DAZ and MXCSR.FTZ clear; no exceptions raised.
    pub const fn x86(rounding: Rounding) -> Env {
        Env {
            nan: NanRule::X86,
            flush: Flush { input: SubnormalInput::Raise, output: SubnormalOutput::Keep },
            ..Env::riscv(rounding)
        }
    }

    /// Adds exceptions.
    #[inline]
    pub(super) fn raise(&mut self, flags: Flags) {
        self.flags |= flags;
    }

    /// Raises the invalid exception and gives the NaN that stands for it.
    #[cold]
    pub(super) fn invalid<F: Format>(&mut self) -> F::Word {
        self.raise(Flags::INVALID);
        self.default_nan::<F>()
    }

    /// The NaN that an operation without NaN operands returns.
    pub(super) fn default_nan<F: Format>(&self) -> F::Word {
        F::quiet_nan(self.nan == NanRule::X86)
    }
}
