//! Helpers of conversions: between precisions, and to and from integers.

use guest::softfloat::{self, BF16, F16, F32, F64, Flags, Flush, Format, Integer, OutOfRange, Rounding};
use guest::softfloat::{SubnormalInput, SubnormalOutput};
use guest::{Env, Fault, Helper};
use ir::FloatOp;

use super::env::{accrue, accrue_in, float_env, fpcr, rounding};
use super::float::Float;
use super::helpers::helper;
use super::inline::{self, DOUBLE, SINGLE, form};
use super::spec::{ConversionSpec, IntWidth, IntegralSpec};
use crate::state::FPCR;

/// The helpers of conversions. Argument 1 of those to and from integers is a
/// [`ConversionSpec`], that of frint an [`IntegralSpec`].
#[rustfmt::skip]
pub const CONVERSIONS: &[Helper] = &[
    helper("fcvt.x.h", 2, to_integer::<F16>, &[]),
    helper("fcvt.x.s", 2, to_integer::<F32>, &inline::to_integer(SINGLE)),
    helper("fcvt.x.d", 2, to_integer::<F64>, &inline::to_integer(DOUBLE)),
    helper("fcvt.h.x", 2, from_integer::<F16>, &[]),
    helper("fcvt.s.x", 2, from_integer::<F32>, &inline::from_integer(SINGLE)),
    helper("fcvt.d.x", 2, from_integer::<F64>, &inline::from_integer(DOUBLE)),
    helper("frint.h", 2, frint::<F16>, &[]),
    helper("frint.s", 2, frint::<F32>, &inline::integral(SINGLE)),
    helper("frint.d", 2, frint::<F64>, &inline::integral(DOUBLE)),
    helper("fcvt.s.d", 1, convert::<F64, F32>, &[form(FloatOp::Narrow, SINGLE)]),
    helper("fcvt.d.s", 1, convert::<F32, F64>, &[form(FloatOp::Widen, DOUBLE)]),
    helper("fcvt.h.s", 1, to_half::<F32>, &[]),
    helper("fcvt.h.d", 1, to_half::<F64>, &[]),
    helper("fcvt.s.h", 1, from_half::<F32>, &[]),
    helper("fcvt.d.h", 1, from_half::<F64>, &[]),
    helper("fcvtxn", 1, fcvtxn, &[]),
    helper("fjcvtzs", 1, fjcvtzs, &[]),
    helper("bfcvt", 1, to_brain, &[]),
    helper("bfdot", 3, brain_dot_add, &[]),
    helper("half.widen", 1, widen_half, &[]),
];

/// `FPToFixed`. An integer of 32 bits comes sign-extended, signed or not; one
/// of 16 bits in the low bits.
fn to_integer<F: Float>(env: &mut Env<'_>, [a, spec, ..]: [u64; 4]) -> Result<u64, Fault> {
    fn to<F: Float, I: Integer>(env: &mut Env<'_>, a: u64, spec: ConversionSpec) -> I {
        accrue::<F, _>(env, |float| {
            float.rounding = spec.mode.rounding();
            softfloat::to_fixed::<F, I>(a, spec.fraction_bits, OutOfRange::Arm, float)
        })
    }
    let spec = ConversionSpec::from_bits(spec);
    Ok(match (spec.width, spec.signed) {
        (IntWidth::W16, true) => to::<F, i16>(env, a, spec) as u16 as u64,
        (IntWidth::W16, false) => to::<F, u16>(env, a, spec).into(),
        (IntWidth::W32, true) => to::<F, i32>(env, a, spec) as u64,
        (IntWidth::W32, false) => to::<F, u32>(env, a, spec) as i32 as u64,
        (IntWidth::W64, true) => to::<F, i64>(env, a, spec) as u64,
        (IntWidth::W64, false) => to::<F, u64>(env, a, spec),
    })
}

/// `FixedToFP`.
fn from_integer<F: Float>(env: &mut Env<'_>, [a, spec, ..]: [u64; 4]) -> Result<u64, Fault> {
    let spec = ConversionSpec::from_bits(spec);
    let bits = spec.fraction_bits;
    Ok(F::boxed(accrue::<F, _>(env, |float| match (spec.width, spec.signed) {
        (IntWidth::W16, true) => softfloat::from_fixed::<F, i16>(a as i16, bits, float),
        (IntWidth::W16, false) => softfloat::from_fixed::<F, u16>(a as u16, bits, float),
        (IntWidth::W32, true) => softfloat::from_fixed::<F, i32>(a as i32, bits, float),
        (IntWidth::W32, false) => softfloat::from_fixed::<F, u32>(a as u32, bits, float),
        (IntWidth::W64, true) => softfloat::from_fixed::<F, i64>(a as i64, bits, float),
        (IntWidth::W64, false) => softfloat::from_fixed::<F, u64>(a, bits, float),
    })))
}

/// `FPRoundInt`, and with a bound `FPRoundIntN`.
fn frint<F: Float>(env: &mut Env<'_>, [a, spec, ..]: [u64; 4]) -> Result<u64, Fault> {
    let spec = IntegralSpec::from_bits(spec);
    let control = env.cpu.get(FPCR);
    let mut float = float_env(control, F::flush(control));
    float.rounding = spec.mode.map_or_else(|| rounding(control), |mode| mode.rounding());
    let round = |float: &mut softfloat::Env| {
        if spec.bound_bits == 0 {
            return softfloat::round_to_integral::<F>(a, spec.exact, float);
        }
        bounded::<F>(a, spec.bound_bits, float)
    };
    Ok(F::boxed(accrue_in(env, float, round)))
}

/// The number as an integral one, and the least integer of `bits` bits (32 or
/// 64) if it is none of these; then only invalid is raised.
fn bounded<F: Float>(a: u64, bits: u32, float: &mut softfloat::Env) -> u64 {
    const RULE: OutOfRange = OutOfRange::Arm;
    let mut probe = *float;
    probe.flags = Flags::empty();
    if bits == 32 {
        softfloat::to_integer::<F, i32>(a, RULE, &mut probe);
    } else {
        softfloat::to_integer::<F, i64>(a, RULE, &mut probe);
    }
    if probe.flags.contains(Flags::INVALID) {
        float.flags |= probe.flags;
        return softfloat::from_integer::<F, i64>(i64::MIN >> (64 - bits), float);
    }
    softfloat::round_to_integral::<F>(a, true, float)
}

/// `FPConvert` between single and double precision.
fn convert<From: Float, To: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(To::boxed(accrue::<From, _>(env, |float| softfloat::convert::<From, To>(a, float))))
}

/// `FPConvert` to half precision, where FPCR.FZ16 does not count.
fn to_half<From: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    let control = env.cpu.get(FPCR);
    let mut float = float_env(control, From::flush(control));
    float.flush.output = SubnormalOutput::Keep;
    Ok(accrue_in(env, float, |float| {
        if control & fpcr::AHP != 0 {
            softfloat::to_alternative_half::<From>(a, float)
        } else {
            softfloat::convert::<From, F16>(a, float)
        }
    }))
}

/// `FPConvert` from half precision, where FPCR.FZ16 does not count.
fn from_half<To: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    let control = env.cpu.get(FPCR);
    let mut float = float_env(control, To::flush(control));
    float.flush.input = SubnormalInput::Keep;
    Ok(To::boxed(accrue_in(env, float, |float| {
        if control & fpcr::AHP != 0 {
            softfloat::from_alternative_half::<To>(a, float)
        } else {
            softfloat::convert::<F16, To>(a, float)
        }
    })))
}

/// `FPConvert` to single precision, rounding to odd.
fn fcvtxn(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(F32::boxed(accrue::<F64, _>(env, |float| {
        float.rounding = Rounding::Odd;
        softfloat::convert::<F64, F32>(a, float)
    })))
}

/// `FPToFixedJS`: the low 32 bits, and at bit 32 whether they are the number.
fn fjcvtzs(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    let (integer, exact) = accrue::<F64, _>(env, |float| softfloat::to_i32_modular::<F64>(a, float));
    Ok(u64::from(integer as u32) | u64::from(exact) << 32)
}

/// `FPConvertBF`.
fn to_brain(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(accrue::<F32, _>(env, |float| softfloat::convert::<F32, BF16>(F32::unboxed(a), float)))
}

/// `BFDotAdd`: a sum of two products added to a number.
fn brain_dot_add(_: &mut Env<'_>, [sum, a, b, _]: [u64; 4]) -> Result<u64, Fault> {
    let product = |shift: u32| {
        let [a, b] = [a, b].map(|pair| pair >> shift << 16 & 0xffff_0000);
        rounded_to_odd(|float| softfloat::mul::<F32>(a, b, float))
    };
    let (first, second) = (product(0), product(16));
    let products = rounded_to_odd(|float| softfloat::add::<F32>(first, second, float));
    Ok(rounded_to_odd(|float| softfloat::add::<F32>(sum, products, float)))
}

/// A result rounded to odd, but infinite if it is too large; with subnormal numbers
/// as zeros and the default NaN. Nothing is raised (`BFAdd`, `BFMul`).
fn rounded_to_odd(operation: impl FnOnce(&mut softfloat::Env) -> u64) -> u64 {
    let mut float = softfloat::Env::arm(Rounding::Odd, true);
    float.flush = Flush { input: SubnormalInput::Flush, output: SubnormalOutput::Flush };
    let result = operation(&mut float);
    let negative = result & F32::sign(true) != 0;
    if float.flags.contains(Flags::OVERFLOW) { F32::infinity(negative) } else { result }
}

/// A number in half precision in single precision: bits that mean the same, of NaNs
/// too. FPCR.FZ16 counts, FPCR.AHP does not.
fn widen_half(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    let (sign, magnitude) = ((a & 0x8000) << 16, a & 0x7fff);
    Ok(sign
        | match magnitude {
            0x7c00.. => 0x7f80_0000 | (magnitude & 0x3ff) << 13,
            0..0x400 if env.cpu.get(FPCR) & fpcr::FZ16 != 0 => 0,
            _ => softfloat::convert::<F16, F32>(magnitude, &mut float_env(0, Flush::default())),
        })
}
