//! FPCR and FPSR: what operations depend on, and what they leave.
//!
//! Source: Arm ARM, C5.2.8 (FPCR), C5.2.10 (FPSR), A1.5 (floating-point
//! support) and the pseudocode functions `FPUnpack`, `FPRound` and
//! `FPProcessException`.

use guest::softfloat::{self, Flags, Flush, Rounding};

use super::float::Float;
use crate::state::{FPCR, FPSR};

/// Fields of FPCR.
pub mod fpcr {
    /// Half-precision subnormals are flushed to zero.
    pub const FZ16: u64 = 1 << 19;
    /// Position of the rounding mode.
    pub const RMODE_SHIFT: u32 = 22;
    /// The rounding mode: nearest, up, down, toward zero.
    pub const RMODE: u64 = 3 << RMODE_SHIFT;
    /// Subnormals of single and double precision are flushed to zero.
    pub const FZ: u64 = 1 << 24;
    /// Every NaN result is the default NaN.
    pub const DN: u64 = 1 << 25;
    /// Half precision in conversions is the alternative one.
    pub const AHP: u64 = 1 << 26;
}

/// Fields of FPSR.
pub mod fpsr {
    /// Invalid operation.
    pub const IOC: u64 = 1;
    /// Division by zero.
    pub const DZC: u64 = 1 << 1;
    /// Overflow.
    pub const OFC: u64 = 1 << 2;
    /// Underflow.
    pub const UFC: u64 = 1 << 3;
    /// Inexact.
    pub const IXC: u64 = 1 << 4;
    /// A subnormal operand was flushed.
    pub const IDC: u64 = 1 << 7;
    /// An integer SIMD instruction saturated.
    pub const QC: u64 = 1 << 27;
}

/// The rounding mode of FPCR.
pub fn rounding(control: u64) -> Rounding {
    match control >> fpcr::RMODE_SHIFT & 3 {
        0 => Rounding::NearestEven,
        1 => Rounding::Up,
        2 => Rounding::Down,
        _ => Rounding::TowardZero,
    }
}

/// The environment that FPCR makes, with subnormals as given.
pub fn float_env(control: u64, flush: Flush) -> softfloat::Env {
    let mut float = softfloat::Env::arm(rounding(control), control & fpcr::DN != 0);
    float.flush = flush;
    float
}

/// Runs `operation` in the environment of precision `F`, and adds the
/// exceptions it raises to FPSR.
pub fn accrue<F: Float, T>(env: &mut guest::Env<'_>, operation: impl FnOnce(&mut softfloat::Env) -> T) -> T {
    let control = env.cpu.get(FPCR);
    accrue_in(env, float_env(control, F::flush(control)), operation)
}

/// Runs `operation` in an environment, and adds the exceptions to FPSR.
pub fn accrue_in<T>(
    env: &mut guest::Env<'_>,
    mut float: softfloat::Env,
    operation: impl FnOnce(&mut softfloat::Env) -> T,
) -> T {
    let result = operation(&mut float);
    if !float.flags.is_empty() {
        let raised = env.cpu.get(FPSR) | cumulative_bits(float.flags);
        env.cpu.set(FPSR, raised);
    }
    result
}

/// The bits of FPSR for exceptions.
fn cumulative_bits(flags: Flags) -> u64 {
    [
        (Flags::INVALID, fpsr::IOC),
        (Flags::DIVZERO, fpsr::DZC),
        (Flags::OVERFLOW, fpsr::OFC),
        (Flags::UNDERFLOW, fpsr::UFC),
        (Flags::INEXACT, fpsr::IXC),
        (Flags::DENORMAL, fpsr::IDC),
    ]
    .into_iter()
    .filter(|(flag, _)| flags.contains(*flag))
    .map(|(_, bit)| bit)
    .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_have_the_bits_of_fpsr() {
        assert_eq!(cumulative_bits(Flags::all()), 0x9f);
        assert_eq!(cumulative_bits(Flags::INEXACT | Flags::DENORMAL), 0x90);
    }

    #[test]
    fn rounding_modes_are_those_of_fpcr() {
        let modes = [Rounding::NearestEven, Rounding::Up, Rounding::Down, Rounding::TowardZero];
        assert_eq!([0, 1, 2, 3].map(|mode| rounding(mode << fpcr::RMODE_SHIFT)), modes);
    }
}
