//! What only Arm has: estimates, the steps that refine them, the alternative
//! half precision and the modular conversion. Expected values are what
//! `qemu-aarch64` 10.0.2 computes.

use guest::softfloat::{self as soft, Env, F16, F32, F64, Flags, Rounding, SubnormalInput, SubnormalOutput};

const NONE: Flags = Flags::empty();
const INVALID: Flags = Flags::INVALID;
const OVERFLOWED: Flags = Flags::OVERFLOW.union(Flags::INEXACT);

fn arm() -> Env {
    Env::arm(Rounding::NearestEven, false)
}

/// Result and exceptions of an operation.
fn of<T>(mut env: Env, operation: impl FnOnce(&mut Env) -> T) -> (T, Flags) {
    let result = operation(&mut env);
    (result, env.flags)
}

#[test]
fn reciprocals_are_estimated_to_eight_bits() {
    let estimate = |a| of(arm(), |env| soft::recip_estimate::<F32>(a, env));
    assert_eq!(estimate(0x3f80_0000), (0x3f7f_8000, NONE));
    assert_eq!(estimate(0x4040_0000), (0x3eaa_8000, NONE));
    assert_eq!(estimate(0x8000_0000), (0xff80_0000, Flags::DIVZERO));
    assert_eq!(estimate(0x801b_317d), (0xff80_0000, OVERFLOWED));
    assert_eq!(estimate(0x7f00_0000), (0x003f_e000, NONE), "a subnormal estimate");
    let mut env = arm();
    env.flush.output = SubnormalOutput::Flush;
    assert_eq!(of(env, |env| soft::recip_estimate::<F32>(0x7f00_0000, env)), (0, Flags::UNDERFLOW));
    let up = Env::arm(Rounding::Up, false);
    assert_eq!(of(up, |env| soft::recip_estimate::<F16>(0x8001, env)), (0xfbff, OVERFLOWED));
}

#[test]
fn reciprocal_roots_are_estimated_to_eight_bits() {
    let estimate = |a| of(arm(), |env| soft::rsqrt_estimate::<F32>(a, env));
    assert_eq!(estimate(0x4040_0000), (0x3f13_8000, NONE));
    assert_eq!(estimate(0xbf80_0000), (0x7fc0_0000, INVALID));
    assert_eq!(estimate(0x8000_0000), (0xff80_0000, Flags::DIVZERO));
    assert_eq!(estimate(0x7f80_0000), (0, NONE));
}

#[test]
fn unsigned_estimates_saturate_below_their_domain() {
    assert_eq!((soft::recip_estimate_u32(0x7fff_ffff), soft::recip_estimate_u32(1 << 31)), (!0, 0xff80_0000));
    assert_eq!((soft::rsqrt_estimate_u32(0x3fff_ffff), soft::rsqrt_estimate_u32(1 << 30)), (!0, 0xff80_0000));
}

#[test]
fn exponents_are_turned_over() {
    let exponent = |a| of(arm(), |env| soft::recip_exponent::<F32>(a, env));
    assert_eq!(exponent(0xc040_0000), (0xbf80_0000, NONE));
    assert_eq!(exponent(0x0000_0001), (0x7f00_0000, NONE));
}

#[test]
fn steps_round_once() {
    let recip = |a, b| of(arm(), |env| soft::newton_step::<F32>(a, b, 0x4000_0000, 0, env));
    let root = |a, b| of(arm(), |env| soft::newton_step::<F32>(a, b, 0x4040_0000, -1, env));
    assert_eq!(recip(0xe566_8368, 0x2100_0000), (0x46e6_8768, NONE));
    assert_eq!(root(0xe566_8368, 0x2100_0000), (0x4666_8968, NONE));
    assert_eq!(recip(0xfffc_1a9e, 0x8780_0000), (0x7ffc_1a9e, NONE), "the first NaN changes sign");
    let zero_times_infinity = (0x8000_0000, 0x7f80_0000);
    assert_eq!(recip(zero_times_infinity.0, zero_times_infinity.1), (0x4000_0000, NONE));
    assert_eq!(root(zero_times_infinity.0, zero_times_infinity.1), (0x3fc0_0000, NONE));
    let product = of(arm(), |env| soft::mul_extended::<F32>(0x8000_0000, 0x7f80_0000, env));
    assert_eq!(product, (0xc000_0000, NONE));
}

#[test]
fn alternative_half_precision_has_large_numbers_for_infinities() {
    let from = |a| of(arm(), |env| soft::from_alternative_half::<F32>(a, env)).0 as u32;
    assert_eq!((from(0x7c00), from(0xffff), from(0x3c00)), (0x4780_0000, 0xc7ff_e000, 0x3f80_0000));
    let to = |a: f32| of(arm(), |env| soft::to_alternative_half::<F32>(u64::from(a.to_bits()), env));
    assert_eq!(to(131_008.0), (0x7fff, NONE));
    assert_eq!(to(131_007.0), (0x7fff, Flags::INEXACT));
    assert_eq!(to(131_072.0), (0x7fff, INVALID));
    assert_eq!(to(-65_536.0), (0xfc00, NONE));
    assert_eq!(to(f32::NEG_INFINITY), (0xffff, INVALID));
    assert_eq!(to(-f32::NAN), (0x8000, INVALID));
    assert_eq!(to(1.0), (0x3c00, NONE));
    assert_eq!(to(0.5), (0x3800, NONE));
}

#[test]
fn modular_conversion_keeps_the_low_bits() {
    let to = |a: u64| of(arm(), |env| soft::to_i32_modular::<F64>(a, env));
    assert_eq!(to(0x41a2_dfc8_7460_9af8), ((0x096f_e43a, false), Flags::INEXACT));
    assert_eq!(to(4_294_967_299f64.to_bits()), ((3, false), INVALID));
    assert_eq!(to((-2_147_483_648f64).to_bits()), ((i32::MIN, true), NONE));
    assert_eq!(to((-0f64).to_bits()), ((0, false), NONE));
    assert_eq!(to(f64::NAN.to_bits()), ((0, false), INVALID));
    assert_eq!(to(1e300f64.to_bits()), ((0, false), INVALID));
    let mut env = arm();
    env.flush.input = SubnormalInput::FlushAndRaise;
    assert_eq!(of(env, |env| soft::to_i32_modular::<F64>(1, env)), ((0, false), Flags::DENORMAL));
}
