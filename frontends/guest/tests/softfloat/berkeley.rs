//! Berkeley SoftFloat 3e, in its RISC-V specialization, as the oracle.
//!
//! It knows neither rounding to odd nor, in this build, tininess before
//! rounding. Both follow from what it says when rounding toward zero: the odd
//! result is that one with its last bit set if it was inexact, and the exact
//! result was tiny if that one is subnormal or zero.

use std::fmt::Debug;

use guest::softfloat::{self as soft, Env, F16, F32, F64, Flags, Format, OutOfRange};
use guest::softfloat::{MinMax, Rounding, Tininess};
use softfloat_wrapper::{ExceptionFlags, Float, RoundingMode};

use crate::operands::{Random, corners, operand, operand_near};

/// Random samples per operation and format; each is tried in every direction.
const SAMPLES: u64 = 100_000;

const DIRECTIONS: [(Rounding, RoundingMode); 5] = [
    (Rounding::NearestEven, RoundingMode::TiesToEven),
    (Rounding::TowardZero, RoundingMode::TowardZero),
    (Rounding::Down, RoundingMode::TowardNegative),
    (Rounding::Up, RoundingMode::TowardPositive),
    (Rounding::NearestMaxMagnitude, RoundingMode::TiesToAway),
];

/// A format that the oracle has too.
trait Subject: Format<Word = u64> {
    type Oracle: Float;
    const NAME: &str;
    fn oracle(bits: u64) -> Self::Oracle;
    fn bits(number: Self::Oracle) -> u64;
}

impl Subject for F16 {
    type Oracle = softfloat_wrapper::F16;
    const NAME: &str = "f16";
    fn oracle(bits: u64) -> Self::Oracle {
        Self::Oracle::from_bits(bits as u16)
    }
    fn bits(number: Self::Oracle) -> u64 {
        number.to_bits().into()
    }
}

impl Subject for F32 {
    type Oracle = softfloat_wrapper::F32;
    const NAME: &str = "f32";
    fn oracle(bits: u64) -> Self::Oracle {
        Self::Oracle::from_bits(bits as u32)
    }
    fn bits(number: Self::Oracle) -> u64 {
        number.to_bits().into()
    }
}

impl Subject for F64 {
    type Oracle = softfloat_wrapper::F64;
    const NAME: &str = "f64";
    fn oracle(bits: u64) -> Self::Oracle {
        Self::Oracle::from_bits(bits)
    }
    fn bits(number: Self::Oracle) -> u64 {
        number.to_bits()
    }
}

/// What the oracle returns and raises.
fn ask<T>(operation: impl FnOnce() -> T) -> (T, Flags) {
    let mut flags = ExceptionFlags::default();
    flags.set();
    let result = operation();
    flags.get();
    (result, Flags::from_bits_truncate(flags.to_bits()))
}

/// What we return and raise.
fn answer<T>(mut env: Env, operation: impl FnOnce(&mut Env) -> T) -> (T, Flags) {
    let result = operation(&mut env);
    (result, env.flags)
}

/// One operation under test, and the number of results compared so far.
struct Trial {
    name: String,
    compared: u64,
}

impl Trial {
    fn new<F: Subject>(operation: &str) -> Trial {
        Trial { name: format!("{} {operation}", F::NAME), compared: 0 }
    }

    /// Fails unless result and exceptions are the same.
    fn same<T: PartialEq + Debug>(
        &mut self,
        env: Env,
        operands: &[u64],
        ours: (T, Flags),
        theirs: (T, Flags),
    ) {
        self.compared += 1;
        assert!(
            ours == theirs,
            "{} of {operands:#x?}, {:?}, {:?}: ours {ours:#x?}, theirs {theirs:#x?}",
            self.name,
            env.rounding,
            env.tininess,
        );
    }

    /// Compares an operation that rounds to `F` in all directions and with
    /// both kinds of tininess.
    fn rounding<F: Subject>(
        &mut self,
        operands: &[u64],
        ours: impl Fn(&mut Env) -> u64,
        theirs: impl Fn(RoundingMode) -> F::Oracle,
    ) {
        let (truncated, raised) = ask(|| F::bits(theirs(RoundingMode::TowardZero)));
        let magnitude = truncated & !F::sign(true);
        let tiny = magnitude < 1 << F::FRACTION_BITS && raised.contains(Flags::INEXACT);
        for (rounding, mode) in DIRECTIONS {
            let mut env = Env::riscv(rounding);
            let (result, mut flags) = ask(|| F::bits(theirs(mode)));
            self.same(env, operands, answer(env, &ours), (result, flags));
            env.tininess = Tininess::BeforeRounding;
            flags.set(Flags::UNDERFLOW, tiny);
            self.same(env, operands, answer(env, &ours), (result, flags));
        }
        let env = Env::riscv(Rounding::Odd);
        let odd = truncated | u64::from(raised.contains(Flags::INEXACT));
        self.same(env, operands, answer(env, &ours), (odd, raised));
    }

    fn report(self) {
        println!("{}: {} results and exceptions agree", self.name, self.compared);
        assert!(self.compared > SAMPLES);
    }
}

/// Every pair of corners, then random pairs.
fn pairs<F: Subject>(seed: u64) -> impl Iterator<Item = (u64, u64)> {
    let corners = corners::<F>();
    let crossed: Vec<_> = corners.iter().flat_map(|&a| corners.iter().map(move |&b| (a, b))).collect();
    let mut random = Random::new(seed);
    crossed.into_iter().chain((0..SAMPLES).map(move |_| {
        let a = operand::<F>(&mut random);
        (a, operand_near::<F>(a, &mut random))
    }))
}

/// Every corner, then random numbers.
fn singles<F: Subject>(seed: u64) -> impl Iterator<Item = u64> {
    let mut random = Random::new(seed);
    corners::<F>().into_iter().chain((0..SAMPLES).map(move |_| operand::<F>(&mut random)))
}

/// Compares an operation on two numbers.
fn binary<F: Subject>(
    name: &str,
    ours: fn(u64, u64, &mut Env) -> u64,
    theirs: fn(F::Oracle, F::Oracle, RoundingMode) -> F::Oracle,
) {
    let mut trial = Trial::new::<F>(name);
    for (a, b) in pairs::<F>(1) {
        trial.rounding::<F>(&[a, b], |env| ours(a, b, env), |mode| theirs(F::oracle(a), F::oracle(b), mode));
    }
    trial.report();
}

fn sum_difference<F: Subject>() {
    binary::<F>("add", soft::add::<F>, |a, b, mode| a.add(b, mode));
    binary::<F>("sub", soft::sub::<F>, |a, b, mode| a.sub(b, mode));
}

#[test]
fn sum_and_difference() {
    sum_difference::<F16>();
    sum_difference::<F32>();
    sum_difference::<F64>();
}

fn product_quotient<F: Subject>() {
    binary::<F>("mul", soft::mul::<F>, |a, b, mode| a.mul(b, mode));
    binary::<F>("div", soft::div::<F>, |a, b, mode| a.div(b, mode));
}

#[test]
fn product_and_quotient() {
    product_quotient::<F16>();
    product_quotient::<F32>();
    product_quotient::<F64>();
}

/// Every triple of corners, then random ones whose addend often cancels most
/// of the product.
fn fused<F: Subject>() {
    let mut trial = Trial::new::<F>("mul_add");
    let mut check = |a, b, c| {
        trial.rounding::<F>(
            &[a, b, c],
            |env| soft::mul_add::<F>(a, b, c, env),
            |mode| F::oracle(a).fused_mul_add(F::oracle(b), F::oracle(c), mode),
        );
    };
    for (a, b) in pairs::<F>(2).take(corners::<F>().len().pow(2)) {
        corners::<F>().into_iter().for_each(|c| check(a, b, c));
    }
    let mut random = Random::new(3);
    for (a, b) in pairs::<F>(4) {
        let product = F::bits(F::oracle(a).mul(F::oracle(b), RoundingMode::TiesToEven));
        check(a, b, operand_near::<F>(product, &mut random));
    }
    trial.report();
}

#[test]
fn fused_multiply_add() {
    fused::<F16>();
    fused::<F32>();
    fused::<F64>();
}

fn root<F: Subject>() {
    let mut trial = Trial::new::<F>("sqrt");
    for a in singles::<F>(5) {
        let theirs = |mode| F::oracle(a).sqrt(mode);
        trial.rounding::<F>(&[a], |env| soft::sqrt::<F>(a, env), theirs);
    }
    trial.report();
}

#[test]
fn square_root() {
    root::<F16>();
    root::<F32>();
    root::<F64>();
}

/// Compares the conversion of one format to another.
fn format<From: Subject, To: Subject>(theirs: fn(From::Oracle, RoundingMode) -> To::Oracle) {
    let mut trial = Trial::new::<From>(&format!("to {}", To::NAME));
    for a in singles::<From>(6) {
        let ours = |env: &mut Env| soft::convert::<From, To>(a, env);
        trial.rounding::<To>(&[a], ours, |mode| theirs(From::oracle(a), mode));
    }
    trial.report();
}

#[test]
fn conversion_between_formats() {
    format::<F16, F32>(|a, mode| a.to_f32(mode));
    format::<F16, F64>(|a, mode| a.to_f64(mode));
    format::<F32, F16>(|a, mode| a.to_f16(mode));
    format::<F32, F64>(|a, mode| a.to_f64(mode));
    format::<F64, F16>(|a, mode| a.to_f16(mode));
    format::<F64, F32>(|a, mode| a.to_f32(mode));
}

/// Compares the conversion to one integer type.
fn integer<F: Subject, I: soft::Integer + PartialEq + Debug + std::fmt::LowerHex>(
    name: &str,
    theirs: fn(F::Oracle, RoundingMode) -> I,
) {
    let mut trial = Trial::new::<F>(name);
    for a in singles::<F>(7) {
        for (rounding, mode) in DIRECTIONS {
            let env = Env::riscv(rounding);
            let ours = answer(env, |env| soft::to_integer::<F, I>(a, OutOfRange::Riscv, env));
            trial.same(env, &[a], ours, ask(|| theirs(F::oracle(a), mode)));
        }
    }
    trial.report();
}

fn integers<F: Subject>() {
    integer::<F, i32>("to i32", |a, mode| a.to_i32(mode, true));
    integer::<F, u32>("to u32", |a, mode| a.to_u32(mode, true));
    integer::<F, i64>("to i64", |a, mode| a.to_i64(mode, true));
    integer::<F, u64>("to u64", |a, mode| a.to_u64(mode, true));
}

#[test]
fn conversion_to_integers() {
    integers::<F16>();
    integers::<F32>();
    integers::<F64>();
}

/// Compares the conversion from integers of few and of many bits.
fn from_integers<F: Subject>() {
    let mut trial = Trial::new::<F>("from integers");
    let mut random = Random::new(8);
    for _ in 0..SAMPLES / 2 {
        let wide = 1u64 << random.below(64);
        let near = [wide, wide.wrapping_sub(1), wide | random.below(8), random.next()];
        let n = near[random.below(4) as usize] >> random.below(64);
        let n = if random.below(2) == 0 { n } else { n.wrapping_neg() };
        let (long, word, signed) = (n as i64, n as u32, n as i32);
        trial.rounding::<F>(
            &[n],
            |env| soft::from_integer::<F, u64>(n, env),
            |mode| F::Oracle::from_u64(n, mode),
        );
        trial.rounding::<F>(
            &[n],
            |env| soft::from_integer::<F, i64>(long, env),
            |mode| F::Oracle::from_i64(long, mode),
        );
        trial.rounding::<F>(
            &[n],
            |env| soft::from_integer::<F, u32>(word, env),
            |mode| F::Oracle::from_u32(word, mode),
        );
        trial.rounding::<F>(
            &[n],
            |env| soft::from_integer::<F, i32>(signed, env),
            |mode| F::Oracle::from_i32(signed, mode),
        );
    }
    trial.report();
}

#[test]
fn conversion_from_integers() {
    from_integers::<F16>();
    from_integers::<F32>();
    from_integers::<F64>();
}

/// The oracle is asked for the result without the inexact exception; with it,
/// the exception is due whenever a number changed.
fn integral<F: Subject>() {
    let mut trial = Trial::new::<F>("round_to_integral");
    for a in singles::<F>(9) {
        for (rounding, mode) in DIRECTIONS {
            let env = Env::riscv(rounding);
            let (result, mut flags) = ask(|| F::bits(F::oracle(a).round_to_integral(mode)));
            let quiet = answer(env, |env| soft::round_to_integral::<F>(a, false, env));
            trial.same(env, &[a], quiet, (result, flags));
            flags.set(Flags::INEXACT, result != a && !F::oracle(a).is_nan());
            let exact = answer(env, |env| soft::round_to_integral::<F>(a, true, env));
            trial.same(env, &[a], exact, (result, flags));
        }
    }
    trial.report();
}

#[test]
fn rounding_to_integral() {
    integral::<F16>();
    integral::<F32>();
    integral::<F64>();
}

/// Compares one predicate.
fn predicate<F: Subject>(
    name: &str,
    ours: fn(u64, u64, &mut Env) -> bool,
    theirs: fn(F::Oracle, F::Oracle) -> bool,
) {
    let mut trial = Trial::new::<F>(name);
    for (a, b) in pairs::<F>(10) {
        let env = Env::riscv(Rounding::NearestEven);
        let theirs = ask(|| theirs(F::oracle(a), F::oracle(b)));
        trial.same(env, &[a, b], answer(env, |env| ours(a, b, env)), theirs);
    }
    trial.report();
}

fn predicates<F: Subject>() {
    predicate::<F>("eq", soft::eq::<F>, |a, b| a.eq(b));
    predicate::<F>("lt", soft::lt::<F>, |a, b| a.lt(b));
    predicate::<F>("le", soft::le::<F>, |a, b| a.le(b));
    predicate::<F>("lt_quiet", soft::lt_quiet::<F>, |a, b| a.lt_quiet(b));
    predicate::<F>("le_quiet", soft::le_quiet::<F>, |a, b| a.le_quiet(b));
}

#[test]
fn comparison() {
    predicates::<F16>();
    predicates::<F32>();
    predicates::<F64>();
}

/// The oracle has no minimum, but it has an order, to which a minimum only
/// adds that −0 is below +0. NaNs are in `rules`.
fn extremes<F: Subject>() {
    let mut trial = Trial::new::<F>("min and max");
    let env = Env::riscv(Rounding::NearestEven);
    let numbers = |&(a, b): &(u64, u64)| !F::oracle(a).is_nan() && !F::oracle(b).is_nan();
    for (a, b) in pairs::<F>(12).filter(numbers) {
        let (x, y) = (F::oracle(a), F::oracle(b));
        let below = x.lt_quiet(&y) || x.eq(&y) && x.is_negative();
        let (low, high) = if below { (a, b) } else { (b, a) };
        for rule in [MinMax::Number, MinMax::MinNum, MinMax::Propagate] {
            let least = answer(env, |env| soft::min::<F>(a, b, rule, env));
            trial.same(env, &[a, b], least, (low, Flags::empty()));
            let greatest = answer(env, |env| soft::max::<F>(a, b, rule, env));
            trial.same(env, &[a, b], greatest, (high, Flags::empty()));
        }
    }
    trial.report();
}

#[test]
fn minimum_and_maximum() {
    extremes::<F16>();
    extremes::<F32>();
    extremes::<F64>();
}

/// Each class against the oracle's predicates.
fn classes<F: Subject>() {
    let mut trial = Trial::new::<F>("classify");
    let env = Env::riscv(Rounding::NearestEven);
    for a in singles::<F>(11) {
        let x = F::oracle(a);
        let mask = [
            x.is_negative_infinity(),
            x.is_negative_normal(),
            x.is_negative_subnormal(),
            x.is_negative_zero(),
            x.is_positive_zero(),
            x.is_positive_subnormal(),
            x.is_positive_normal(),
            x.is_positive_infinity(),
            x.is_signaling_nan(),
            x.is_nan() && !x.is_signaling_nan(),
        ];
        let theirs = mask.iter().enumerate().map(|(bit, &set)| u32::from(set) << bit).sum::<u32>();
        let ours = 1 << soft::classify::<F>(a) as u32;
        trial.same(env, &[a], (ours, Flags::empty()), (theirs, Flags::empty()));
    }
    trial.report();
}

#[test]
fn classification() {
    classes::<F16>();
    classes::<F32>();
    classes::<F64>();
}
