//! Where guests differ, and what no oracle in reach computes: cases from the
//! manuals, in single precision unless a test says otherwise.

use guest::softfloat::{self as soft, Env, F16, F32, F64, Flags, MinMax, Negate, OutOfRange, Rounding};
use guest::softfloat::{SubnormalInput, SubnormalOutput};

const ZERO: u64 = 0;
const MINUS_ZERO: u64 = 0x8000_0000;
const ONE: u64 = 0x3f80_0000;
const TWO: u64 = 0x4000_0000;
const INFINITY: u64 = 0x7f80_0000;
const MINUS_INFINITY: u64 = 0xff80_0000;
const LEAST_NORMAL: u64 = 0x0080_0000;
const SUBNORMAL: u64 = 0x0000_0001;
const MINUS_SUBNORMAL: u64 = 0x8000_0001;
/// Signalling NaNs, and what they become when made quiet.
const SIGNALING: u64 = 0x7f80_0011;
const SIGNALING_QUIETED: u64 = 0x7fc0_0011;
const QUIET: u64 = 0xffc0_0022;
const QUIET_2: u64 = 0x7fc0_0033;
const CANONICAL: u64 = 0x7fc0_0000;
const INDEFINITE: u64 = 0xffc0_0000;

const INVALID: Flags = Flags::INVALID;
const NONE: Flags = Flags::empty();

fn riscv() -> Env {
    Env::riscv(Rounding::NearestEven)
}

fn arm() -> Env {
    Env::arm(Rounding::NearestEven, false)
}

fn x86() -> Env {
    Env::x86(Rounding::NearestEven)
}

/// Result and exceptions of an operation in an environment.
fn of<T>(mut env: Env, operation: impl FnOnce(&mut Env) -> T) -> (T, Flags) {
    let result = operation(&mut env);
    (result, env.flags)
}

fn add(env: Env, a: u64, b: u64) -> (u64, Flags) {
    of(env, |env| soft::add::<F32>(a, b, env))
}

fn mul_add(env: Env, a: u64, b: u64, c: u64) -> (u64, Flags) {
    of(env, |env| soft::mul_add::<F32>(a, b, c, env))
}

fn min(env: Env, rule: MinMax, a: u64, b: u64) -> (u64, Flags) {
    of(env, |env| soft::min::<F32>(a, b, rule, env))
}

fn max(env: Env, rule: MinMax, a: u64, b: u64) -> (u64, Flags) {
    of(env, |env| soft::max::<F32>(a, b, rule, env))
}

#[test]
fn exceptions_accumulate() {
    let env = &mut riscv();
    soft::div::<F32>(ONE, ZERO, env);
    soft::add::<F32>(ONE, ONE, env);
    soft::add::<F32>(ONE, SUBNORMAL, env);
    assert_eq!(env.flags, Flags::DIVZERO | Flags::INEXACT);
    assert_eq!(env.flags.bits(), 0b01001, "the bits of fflags");
}

#[test]
fn bits_above_the_format_are_ignored() {
    let junk = 0xdead_beef_0000_0000;
    assert_eq!(add(riscv(), junk | ONE, junk | ONE), (TWO, NONE));
    assert_eq!(min(riscv(), MinMax::Number, junk | ONE, junk | TWO), (ONE, NONE));
}

/// "F", Single-Precision Floating-Point Computational Instructions: FMIN.S and
/// FMAX.S.
#[test]
fn riscv_minimum_and_maximum() {
    let (min, max) = (|a, b| min(riscv(), MinMax::Number, a, b), |a, b| max(riscv(), MinMax::Number, a, b));
    for (a, b) in [(MINUS_ZERO, ZERO), (ZERO, MINUS_ZERO)] {
        assert_eq!((min(a, b), max(a, b)), ((MINUS_ZERO, NONE), (ZERO, NONE)));
    }
    for (a, b) in [(MINUS_INFINITY, SUBNORMAL), (SUBNORMAL, MINUS_INFINITY)] {
        assert_eq!((min(a, b), max(a, b)), ((MINUS_INFINITY, NONE), (SUBNORMAL, NONE)));
    }
    for pick in [min, max] as [fn(u64, u64) -> (u64, Flags); 2] {
        assert_eq!((pick(QUIET, ONE), pick(ONE, QUIET)), ((ONE, NONE), (ONE, NONE)));
        assert_eq!((pick(SIGNALING, ONE), pick(ONE, SIGNALING)), ((ONE, INVALID), (ONE, INVALID)));
        assert_eq!(pick(QUIET, QUIET_2), (CANONICAL, NONE));
        assert_eq!(pick(QUIET, SIGNALING), (CANONICAL, INVALID));
    }
}

/// Zfa, FMINM and FMAXM: "if either operand is NaN, the result is the
/// canonical NaN" and −0 is below +0.
#[test]
fn riscv_minimum_that_propagates() {
    let min = |a, b| min(riscv(), MinMax::Propagate, a, b);
    assert_eq!(min(QUIET, ONE), (CANONICAL, NONE));
    assert_eq!(min(ONE, SIGNALING), (CANONICAL, INVALID));
    assert_eq!(min(ZERO, MINUS_ZERO), (MINUS_ZERO, NONE));
}

/// "F", table of domains of float-to-integer conversions and behaviour for
/// invalid inputs, in double precision.
#[test]
fn riscv_integers_out_of_range() {
    fn to<I: soft::Integer>(a: f64) -> (I, Flags) {
        of(Env::riscv(Rounding::TowardZero), |env| {
            soft::to_integer::<F64, I>(a.to_bits(), OutOfRange::Riscv, env)
        })
    }
    for (a, w, wu, l, lu) in [
        (-1e300, i32::MIN, 0, i64::MIN, 0),
        (f64::NEG_INFINITY, i32::MIN, 0, i64::MIN, 0),
        (1e300, i32::MAX, u32::MAX, i64::MAX, u64::MAX),
        (f64::INFINITY, i32::MAX, u32::MAX, i64::MAX, u64::MAX),
        (f64::NAN, i32::MAX, u32::MAX, i64::MAX, u64::MAX),
        (-f64::NAN, i32::MAX, u32::MAX, i64::MAX, u64::MAX),
    ] {
        assert_eq!((to::<i32>(a), to::<u32>(a)), ((w, INVALID), (wu, INVALID)), "{a}");
        assert_eq!((to::<i64>(a), to::<u64>(a)), ((l, INVALID), (lu, INVALID)), "{a}");
    }
    assert_eq!(to::<u32>(-0.9), (0, Flags::INEXACT));
    assert_eq!(to::<u32>(-1.0), (0, INVALID));
    assert_eq!(to::<i32>(-2_147_483_648.9), (i32::MIN, Flags::INEXACT));
}

/// "F": FMADD and its kin are invalid for infinity times zero, even when the
/// addend is a quiet NaN.
#[test]
fn riscv_fused_infinity_times_zero() {
    for c in [ONE, QUIET, SIGNALING, INFINITY] {
        assert_eq!(mul_add(riscv(), INFINITY, ZERO, c), (CANONICAL, INVALID));
        assert_eq!(mul_add(riscv(), ZERO, MINUS_INFINITY, c), (CANONICAL, INVALID));
    }
    assert_eq!(mul_add(riscv(), ONE, QUIET, ONE), (CANONICAL, NONE));
}

/// `FPProcessNaNs` and `FPProcessNaNs3`.
#[test]
fn arm_nan_propagation() {
    assert_eq!(add(arm(), QUIET, SIGNALING), (SIGNALING_QUIETED, INVALID));
    assert_eq!(add(arm(), QUIET, QUIET_2), (QUIET, NONE));
    assert_eq!(add(arm(), ONE, QUIET_2), (QUIET_2, NONE));
    assert_eq!(add(arm(), INFINITY, MINUS_INFINITY), (CANONICAL, INVALID));
    assert_eq!(mul_add(arm(), QUIET, ONE, QUIET_2), (QUIET_2, NONE), "the addend is first");
    assert_eq!(mul_add(arm(), SIGNALING, ONE, QUIET_2), (SIGNALING_QUIETED, INVALID));
    let default = Env::arm(Rounding::NearestEven, true);
    assert_eq!(add(default, QUIET, ONE), (CANONICAL, NONE));
    assert_eq!(add(default, SIGNALING, ONE), (CANONICAL, INVALID));
}

/// `FPMulAdd`: a quiet addend does not hide an invalid product.
#[test]
fn arm_fused_infinity_times_zero() {
    assert_eq!(mul_add(arm(), INFINITY, ZERO, QUIET), (CANONICAL, INVALID));
    assert_eq!(mul_add(arm(), INFINITY, ZERO, SIGNALING), (SIGNALING_QUIETED, INVALID));
    assert_eq!(mul_add(arm(), INFINITY, ZERO, ONE), (CANONICAL, INVALID));
}

/// FPCR.FZ: `FPUnpack` sets IDC, `FPRound` sets UFC but not IXC.
#[test]
fn arm_flush_to_zero() {
    let mut env = arm();
    env.flush.input = SubnormalInput::FlushAndRaise;
    env.flush.output = SubnormalOutput::Flush;
    assert_eq!(add(env, MINUS_SUBNORMAL, MINUS_ZERO), (MINUS_ZERO, Flags::DENORMAL));
    assert_eq!(mul_add(env, INFINITY, SUBNORMAL, ONE), (CANONICAL, INVALID | Flags::DENORMAL));
    let half = 0x3f00_0000;
    let product = of(env, |env| soft::mul::<F32>(LEAST_NORMAL, half, env));
    assert_eq!(product, (ZERO, Flags::UNDERFLOW));
    let integer = of(env, |env| soft::to_integer::<F32, i32>(SUBNORMAL, OutOfRange::Arm, env));
    assert_eq!(integer, (0, Flags::DENORMAL), "and not inexact");
}

/// `FPMin`, `FPMinNum`, `FPMax`, `FPMaxNum`.
#[test]
fn arm_minimum_and_maximum() {
    assert_eq!(min(arm(), MinMax::MinNum, QUIET, ONE), (ONE, NONE));
    assert_eq!(min(arm(), MinMax::MinNum, ONE, SIGNALING), (SIGNALING_QUIETED, INVALID));
    assert_eq!(max(arm(), MinMax::MinNum, QUIET, QUIET_2), (QUIET, NONE));
    assert_eq!(min(arm(), MinMax::Propagate, ONE, QUIET), (QUIET, NONE));
    assert_eq!(max(arm(), MinMax::Propagate, MINUS_ZERO, ZERO), (ZERO, NONE));
    assert_eq!(min(arm(), MinMax::Propagate, ZERO, MINUS_ZERO), (MINUS_ZERO, NONE));
}

/// `FPToFixed` and `FixedToFP`.
#[test]
fn arm_fixed_point() {
    let to = |a: f32, bits| {
        of(arm(), |env| soft::to_fixed::<F32, i32>(a.to_bits().into(), bits, OutOfRange::Arm, env))
    };
    assert_eq!(to(f32::NAN, 0), (0, INVALID));
    assert_eq!(to(f32::INFINITY, 0), (i32::MAX, INVALID));
    assert_eq!(to(-1.25, 8), (-0x140, NONE));
    assert_eq!(to(1.0, 31), (i32::MAX, INVALID));
    assert_eq!(to(-1.0, 31), (i32::MIN, NONE));
    assert_eq!(to(0.75 / 256.0, 8), (1, Flags::INEXACT));
    let from = of(arm(), |env| soft::from_fixed::<F32, i32>(-0x140, 8, env));
    assert_eq!(from, (u64::from((-1.25f32).to_bits()), NONE));
}

/// `FPConvert`: the payload keeps its upper end.
#[test]
fn arm_nan_conversion() {
    let wide = |a| of(arm(), |env| soft::convert::<F32, F64>(a, env));
    assert_eq!(wide(SIGNALING), (0x7ff8_0002_2000_0000, INVALID));
    assert_eq!(wide(QUIET), (0xfff8_0004_4000_0000, NONE));
    let short = of(arm(), |env| soft::convert::<F64, F16>(0xfff4_0400_0000_0001, env));
    assert_eq!(short, (0xff01, INVALID));
}

/// SDM volume 1, table 4-7, and what processors do with VFMADD213SS.
#[test]
fn x86_nan_propagation() {
    assert_eq!(add(x86(), QUIET, SIGNALING), (QUIET, INVALID));
    assert_eq!(add(x86(), ONE, SIGNALING), (SIGNALING_QUIETED, INVALID));
    assert_eq!(add(x86(), INFINITY, MINUS_INFINITY), (INDEFINITE, INVALID));
    assert_eq!(add(x86(), SUBNORMAL, QUIET), (QUIET, NONE), "a NaN precedes a subnormal");
    assert_eq!(mul_add(x86(), INFINITY, ZERO, QUIET), (QUIET, NONE));
    assert_eq!(mul_add(x86(), INFINITY, ZERO, SIGNALING), (SIGNALING_QUIETED, INVALID));
    assert_eq!(mul_add(x86(), QUIET, ONE, QUIET_2), (QUIET, NONE));
    assert_eq!(mul_add(x86(), ONE, QUIET, QUIET_2), (QUIET, NONE));
    let negated =
        of(x86(), |env| soft::mul_add_signed::<F32>(QUIET, ONE, ONE, Negate::PRODUCT | Negate::ADDEND, env));
    assert_eq!(negated, (QUIET, NONE), "a NaN keeps its sign");
    let difference = of(x86(), |env| soft::sub::<F32>(ONE, QUIET, env));
    assert_eq!(difference, (QUIET, NONE));
}

/// Negating parts of a fused multiply-add gives −(2 × 2) − 1 = −5.
#[test]
fn fused_signs() {
    let signs = |negate| {
        let bits = soft::mul_add_signed::<F32>(TWO, TWO, ONE, negate, &mut x86());
        f32::from_bits(bits as u32)
    };
    assert_eq!(signs(Negate::empty()), 5.0);
    assert_eq!(signs(Negate::PRODUCT), -3.0);
    assert_eq!(signs(Negate::ADDEND), 3.0);
    assert_eq!(signs(Negate::all()), -5.0);
}

/// SDM volume 1, §4.9.1.2, §10.2.3.3 and §10.2.3.4.
#[test]
fn x86_subnormal_numbers() {
    assert_eq!(add(x86(), SUBNORMAL, ZERO), (SUBNORMAL, Flags::DENORMAL));
    let quotient = of(x86(), |env| soft::div::<F32>(SUBNORMAL, ZERO, env));
    assert_eq!(quotient, (INFINITY, Flags::DIVZERO), "a division by zero precedes");
    let root = of(x86(), |env| soft::sqrt::<F32>(MINUS_SUBNORMAL, env));
    assert_eq!(root, (INDEFINITE, INVALID));
    let mut env = x86();
    env.flush.input = SubnormalInput::Flush;
    assert_eq!(add(env, MINUS_SUBNORMAL, MINUS_ZERO), (MINUS_ZERO, NONE));
    env.flush.output = SubnormalOutput::FlushInexact;
    let half = 0xbf00_0000;
    let product = of(env, |env| soft::mul::<F32>(LEAST_NORMAL, half, env));
    assert_eq!(product, (MINUS_ZERO, Flags::UNDERFLOW | Flags::INEXACT));
}

/// SDM volume 2, MINSS and MAXSS.
#[test]
fn x86_minimum_and_maximum() {
    let pick = |a, b| (min(x86(), MinMax::X86, a, b), max(x86(), MinMax::X86, a, b));
    assert_eq!(pick(ONE, QUIET), ((QUIET, INVALID), (QUIET, INVALID)));
    assert_eq!(pick(SIGNALING, ONE), ((ONE, INVALID), (ONE, INVALID)));
    assert_eq!(pick(ONE, SIGNALING), ((SIGNALING, INVALID), (SIGNALING, INVALID)));
    assert_eq!(pick(ZERO, MINUS_ZERO), ((MINUS_ZERO, NONE), (MINUS_ZERO, NONE)));
    assert_eq!(pick(MINUS_ZERO, ZERO), ((ZERO, NONE), (ZERO, NONE)));
    assert_eq!(pick(ONE, TWO), ((ONE, NONE), (TWO, NONE)));
}

/// SDM volume 2, CVTSS2SI and VCVTSS2USI: the integer indefinite.
#[test]
fn x86_integer_indefinite() {
    for a in [QUIET, INFINITY, MINUS_INFINITY] {
        let signed = of(x86(), |env| soft::to_integer::<F32, i64>(a, OutOfRange::X86, env));
        assert_eq!(signed, (i64::MIN, INVALID));
        let unsigned = of(x86(), |env| soft::to_integer::<F32, u32>(a, OutOfRange::X86, env));
        assert_eq!(unsigned, (u32::MAX, INVALID));
    }
}
