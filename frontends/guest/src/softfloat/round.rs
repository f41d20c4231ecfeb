//! From an exact number back to bits: rounding, overflow and underflow
//! (IEEE 754-2008 §4.3, §7.4, §7.5; Arm `FPRound`).

use super::env::{Env, Flags, Rounding, SubnormalOutput, Tininess};
use super::format::Format;
use super::unpack::Finite;
use super::word::Word;

/// What rounding an exact number came to.
pub(super) struct Rounded<W> {
    /// The number without the bits that were dropped.
    pub kept: W,
    /// Whether anything nonzero was dropped.
    pub inexact: bool,
}

/// Rounds `exact` to a multiple of two to the `drop`, and divides it by that.
/// `drop` is at least 1 and below the word's width.
#[inline]
pub(super) fn round_off<W: Word>(exact: W, drop: u32, negative: bool, rounding: Rounding) -> Rounded<W> {
    let tail = exact & W::mask(drop);
    let kept = exact >> drop;
    let half = W::ONE << (drop - 1);
    let odd = kept & W::ONE != W::ZERO;
    let inexact = tail != W::ZERO;
    let away = match rounding {
        Rounding::NearestEven => tail > half || (tail == half && odd),
        Rounding::NearestMaxMagnitude => tail >= half,
        Rounding::TowardZero => false,
        Rounding::Down => negative && inexact,
        Rounding::Up => !negative && inexact,
        Rounding::Odd => !odd && inexact,
    };
    Rounded { kept: if away { kept + W::ONE } else { kept }, inexact }
}

/// Rounds a nonzero number, whose significand has its top bit set and may end
/// in a sticky bit, to the format.
#[inline]
pub(super) fn round<F: Format>(exact: Finite<F::Word>, env: &mut Env) -> F::Word {
    let Finite { negative, exponent, significand } = exact;
    if exponent < F::EMIN {
        return round_tiny::<F>(exact, env);
    }
    if exponent > F::EMAX {
        return overflow::<F>(negative, env);
    }
    let rounded = round_off(significand, dropped::<F>(), negative, env.rounding);
    // The leading one, and with it a carry, adds into the exponent.
    let field = F::Word::from_u32((exponent + F::EMAX - 1) as u32);
    let magnitude = (field << F::FRACTION_BITS) + rounded.kept;
    if magnitude >= F::infinity(false) {
        return overflow::<F>(negative, env);
    }
    if rounded.inexact {
        env.raise(Flags::INEXACT);
    }
    F::sign(negative) | magnitude
}

/// How many bits of a significand's word lie below the format's precision.
fn dropped<F: Format>() -> u32 {
    F::Word::BITS - F::PRECISION
}

/// §7.4: infinity, or the largest number if the direction is toward it.
#[cold]
fn overflow<F: Format>(negative: bool, env: &mut Env) -> F::Word {
    env.raise(Flags::OVERFLOW | Flags::INEXACT);
    let infinite = match env.rounding {
        Rounding::NearestEven | Rounding::NearestMaxMagnitude => true,
        Rounding::TowardZero | Rounding::Odd => false,
        Rounding::Down => negative,
        Rounding::Up => !negative,
    };
    if infinite { F::infinity(negative) } else { F::largest(negative) }
}

/// §7.5: rounds a number that is, before rounding, below the smallest normal
/// one. Underflow is raised only if the result is inexact too, or flushed.
#[cold]
fn round_tiny<F: Format>(exact: Finite<F::Word>, env: &mut Env) -> F::Word {
    let Finite { negative, exponent, significand } = exact;
    let tiny = env.tininess == Tininess::BeforeRounding || tiny_once_rounded::<F>(exact, env);
    match env.flush.output {
        SubnormalOutput::Flush => {
            env.raise(Flags::UNDERFLOW);
            return F::zero(negative);
        }
        SubnormalOutput::FlushInexact if tiny => {
            env.raise(Flags::UNDERFLOW | Flags::INEXACT);
            return F::zero(negative);
        }
        SubnormalOutput::FlushInexact | SubnormalOutput::Keep => (),
    }
    let shifted = significand.shift_right_sticky((F::EMIN - exponent) as u32);
    let rounded = round_off(shifted, dropped::<F>(), negative, env.rounding);
    if rounded.inexact {
        env.raise(Flags::INEXACT);
        if tiny {
            env.raise(Flags::UNDERFLOW);
        }
    }
    // The exponent field is 0, or 1 by a carry: then the number is normal.
    F::sign(negative) | rounded.kept
}

/// Whether a number below the smallest normal one stays there when rounded to
/// full precision with an unbounded exponent.
fn tiny_once_rounded<F: Format>(exact: Finite<F::Word>, env: &Env) -> bool {
    let Finite { negative, exponent, significand } = exact;
    let rounded = round_off(significand, dropped::<F>(), negative, env.rounding);
    let carried = rounded.kept >> F::PRECISION != F::Word::ZERO;
    exponent < F::EMIN - 1 || !carried
}
