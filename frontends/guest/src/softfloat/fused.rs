//! Multiplication and addition with one rounding (IEEE 754-2008 §5.4.1,
//! fusedMultiplyAdd; §7.2 c).

use bitflags::bitflags;

use super::arith::{add_finite, infinity_times_zero, multiply_finite, zero_sum_negative};
use super::env::{Env, NanRule};
use super::format::Format;
use super::nan::propagate;
use super::round::round;
use super::unpack::{Finite, Kind, Operand, note_subnormal, unpack};
use super::word::Wide;

bitflags! {
    /// Which parts of a fused multiply-add change sign. A NaN operand does
    /// not, as on x86; Arm and RISC-V flip operands instead, NaNs included.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Negate: u8 {
        /// The product, before the addition.
        const PRODUCT = 1 << 0;
        /// The addend.
        const ADDEND = 1 << 1;
    }
}

/// `a × b + c` with one rounding (Arm `FPMulAdd`; RISC-V FMADD).
///
/// Infinity times zero is invalid; if `c` is then a quiet NaN, RISC-V and Arm
/// raise the exception and return the default NaN, and x86 returns `c` and
/// raises nothing (SDM volume 1, §14.5.2).
pub fn mul_add<F: Format>(a: F::Word, b: F::Word, c: F::Word, env: &mut Env) -> F::Word {
    mul_add_signed::<F>(a, b, c, Negate::empty(), env)
}

/// `±(a × b) ± c` with one rounding. For x86, `a` and `b` stand as the digits
/// of the mnemonic name them: for VFMADD213 they are operands 2 and 1.
pub fn mul_add_signed<F: Format>(
    a: F::Word,
    b: F::Word,
    c: F::Word,
    negate: Negate,
    env: &mut Env,
) -> F::Word {
    let (a, b, c) = (unpack::<F>(a, env), unpack::<F>(b, env), unpack::<F>(c, env));
    let invalid_product = infinity_times_zero(&a, &b);
    if a.is_nan() || b.is_nan() || c.is_nan() {
        return propagate_fused::<F>(a, b, c, invalid_product, env);
    }
    let negative = (a.negative() != b.negative()) != negate.contains(Negate::PRODUCT);
    let c_negative = c.negative() != negate.contains(Negate::ADDEND);
    let infinite = a.is_infinite() || b.is_infinite();
    if invalid_product || infinite && c.is_infinite() && negative != c_negative {
        return env.invalid::<F>();
    }
    note_subnormal(&[a, b, c], env);
    if infinite {
        return F::infinity(negative);
    }
    if c.is_infinite() {
        return F::infinity(c_negative);
    }
    let addend = Finite { negative: c_negative, ..c.finite };
    match sum_exact::<F>(a.finite, b.finite, negative, addend) {
        Some(exact) => round::<F>(exact, env),
        None => F::zero(zero_sum_negative(negative, c_negative, env)),
    }
}

/// `(c − a × b) × 2^scale` with one rounding, where infinity times zero counts
/// as zero: a step of Newton's iteration (Arm `FPRecipStepFused`, with 2 for `c`
/// and no scale, and `FPRSqrtStepFused`, with 3 and −1). `c` is normal.
///
/// A NaN operand `a` changes its sign.
pub fn newton_step<F: Format>(a: F::Word, b: F::Word, c: F::Word, scale: i32, env: &mut Env) -> F::Word {
    let negated = a ^ F::sign(true);
    let (a, b, c) = (unpack::<F>(negated, env), unpack::<F>(b, env), unpack::<F>(c, env));
    if a.is_nan() || b.is_nan() {
        return propagate::<F>(&[a, b], env);
    }
    let negative = a.negative() != b.negative();
    let zero_product = infinity_times_zero(&a, &b);
    if (a.is_infinite() || b.is_infinite()) && !zero_product {
        return F::infinity(negative);
    }
    let exact =
        if zero_product { Some(c.finite) } else { sum_exact::<F>(a.finite, b.finite, negative, c.finite) };
    match exact {
        Some(exact) => round::<F>(Finite { exponent: exact.exponent + scale, ..exact }, env),
        None => F::zero(zero_sum_negative(negative, c.negative(), env)),
    }
}

/// `a × b + c`, the product with the sign `negative`, so that it rounds like
/// the exact number. `None` is zero.
#[inline]
fn sum_exact<F: Format>(
    a: Finite<F::Word>,
    b: Finite<F::Word>,
    negative: bool,
    c: Finite<F::Word>,
) -> Option<Finite<F::Word>> {
    let Some(product) = multiply_finite::<F>(a, b, negative) else {
        return c.normalized();
    };
    let addend =
        Finite { negative: c.negative, exponent: c.exponent, significand: F::Wide::widen(c.significand) };
    let Finite { negative, exponent, significand } = add_finite(product, addend)?;
    Some(Finite { negative, exponent, significand: significand.narrow() })
}

/// The result when an operand is a NaN. Arm looks at the addend first
/// (`FPProcessNaNs3`).
#[cold]
fn propagate_fused<F: Format>(
    a: Operand<F::Word>,
    b: Operand<F::Word>,
    c: Operand<F::Word>,
    invalid_product: bool,
    env: &mut Env,
) -> F::Word {
    match env.nan {
        NanRule::Riscv if invalid_product => env.invalid::<F>(),
        NanRule::Arm { .. } if invalid_product && c.kind == Kind::QuietNan => env.invalid::<F>(),
        NanRule::Riscv | NanRule::Arm { .. } => propagate::<F>(&[c, a, b], env),
        NanRule::X86 => propagate::<F>(&[a, b, c], env),
    }
}
