//! Floating-point arithmetic: the helpers of F and D.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapters "F" and "D"; the
//! arithmetic is [`guest::softfloat`]'s, or the host's where that makes no
//! difference.
//!
//! Arguments are whole registers. The last one of a helper that rounds is the
//! instruction, which names the rounding mode and, where instructions share a
//! helper, says which of them it is.

use guest::softfloat::host::{Host, is_plain, is_safe};
use guest::softfloat::{self, Class, F32, F64, Flags, MinMax, Negate, OutOfRange, Rounding};
use guest::{Env, Fault, Helper, HelperFn};
use ir::{Effects, FloatOp, HelperDecl, InlineFloat, SlotSet};

use crate::Op;
use crate::fp::{BOX, CANONICAL_NAN_S, DYNAMIC};
use crate::fp_inline::{
    self as inline, DOUBLE, SINGLE, exact, frm, from_integer_frm, fused, fused_frm, rne, to_integer_frm,
};
use crate::lift::cause;
use crate::state::{FFLAGS, FRM};

/// Each helper that rounds comes twice: for a rounding mode that the
/// instruction names, and right behind it for frm.
#[rustfmt::skip]
pub const HELPERS: &[Helper] = &[
    rounded("fadd.s", 3, fadd::<F32>, &[rne(FloatOp::Add, SINGLE, 2)]),
    dynamic("fadd.s.dyn", 3, fadd::<F32>, &[frm(FloatOp::Add, SINGLE)]),
    rounded("fsub.s", 3, fsub::<F32>, &[rne(FloatOp::Sub, SINGLE, 2)]),
    dynamic("fsub.s.dyn", 3, fsub::<F32>, &[frm(FloatOp::Sub, SINGLE)]),
    rounded("fmul.s", 3, fmul::<F32>, &[rne(FloatOp::Mul, SINGLE, 2)]),
    dynamic("fmul.s.dyn", 3, fmul::<F32>, &[frm(FloatOp::Mul, SINGLE)]),
    rounded("fdiv.s", 3, fdiv::<F32>, &[rne(FloatOp::Div, SINGLE, 2)]),
    dynamic("fdiv.s.dyn", 3, fdiv::<F32>, &[frm(FloatOp::Div, SINGLE)]),
    rounded("fsqrt.s", 2, fsqrt::<F32>, &[rne(FloatOp::Sqrt, SINGLE, 1)]),
    dynamic("fsqrt.s.dyn", 2, fsqrt::<F32>, &[frm(FloatOp::Sqrt, SINGLE)]),
    rounded("fmadd.s", 4, fmadd::<F32>, &fused(SINGLE)),
    dynamic("fmadd.s.dyn", 4, fmadd::<F32>, &fused_frm(SINGLE)),
    rounded("fcvt.x.s", 2, to_integer::<F32>, &inline::to_integer(SINGLE)),
    dynamic("fcvt.x.s.dyn", 2, to_integer::<F32>, &to_integer_frm(SINGLE)),
    rounded("fcvt.s.x", 2, from_integer::<F32>, &inline::from_integer(SINGLE)),
    dynamic("fcvt.s.x.dyn", 2, from_integer::<F32>, &from_integer_frm(SINGLE)),
    unrounded("fmin.s", 2, fmin::<F32>, &[exact(FloatOp::Min, SINGLE)]),
    unrounded("fmax.s", 2, fmax::<F32>, &[exact(FloatOp::Max, SINGLE)]),
    unrounded("feq.s", 2, feq::<F32>, &[exact(FloatOp::Equal, SINGLE)]),
    unrounded("flt.s", 2, flt::<F32>, &[exact(FloatOp::Less, SINGLE)]),
    unrounded("fle.s", 2, fle::<F32>, &[exact(FloatOp::LessOrEqual, SINGLE)]),
    pure("fclass.s", 1, fclass::<F32>),

    rounded("fadd.d", 3, fadd::<F64>, &[rne(FloatOp::Add, DOUBLE, 2)]),
    dynamic("fadd.d.dyn", 3, fadd::<F64>, &[frm(FloatOp::Add, DOUBLE)]),
    rounded("fsub.d", 3, fsub::<F64>, &[rne(FloatOp::Sub, DOUBLE, 2)]),
    dynamic("fsub.d.dyn", 3, fsub::<F64>, &[frm(FloatOp::Sub, DOUBLE)]),
    rounded("fmul.d", 3, fmul::<F64>, &[rne(FloatOp::Mul, DOUBLE, 2)]),
    dynamic("fmul.d.dyn", 3, fmul::<F64>, &[frm(FloatOp::Mul, DOUBLE)]),
    rounded("fdiv.d", 3, fdiv::<F64>, &[rne(FloatOp::Div, DOUBLE, 2)]),
    dynamic("fdiv.d.dyn", 3, fdiv::<F64>, &[frm(FloatOp::Div, DOUBLE)]),
    rounded("fsqrt.d", 2, fsqrt::<F64>, &[rne(FloatOp::Sqrt, DOUBLE, 1)]),
    dynamic("fsqrt.d.dyn", 2, fsqrt::<F64>, &[frm(FloatOp::Sqrt, DOUBLE)]),
    rounded("fmadd.d", 4, fmadd::<F64>, &fused(DOUBLE)),
    dynamic("fmadd.d.dyn", 4, fmadd::<F64>, &fused_frm(DOUBLE)),
    rounded("fcvt.x.d", 2, to_integer::<F64>, &inline::to_integer(DOUBLE)),
    dynamic("fcvt.x.d.dyn", 2, to_integer::<F64>, &to_integer_frm(DOUBLE)),
    rounded("fcvt.d.x", 2, from_integer::<F64>, &inline::from_integer(DOUBLE)),
    dynamic("fcvt.d.x.dyn", 2, from_integer::<F64>, &from_integer_frm(DOUBLE)),
    rounded("fcvt.s.d", 2, fcvt::<F64, F32>, &[rne(FloatOp::Narrow, SINGLE, 1)]),
    dynamic("fcvt.s.d.dyn", 2, fcvt::<F64, F32>, &[frm(FloatOp::Narrow, SINGLE)]),
    rounded("fcvt.d.s", 2, fcvt::<F32, F64>, &[exact(FloatOp::Widen, DOUBLE)]),
    dynamic("fcvt.d.s.dyn", 2, fcvt::<F32, F64>, &[frm(FloatOp::Widen, DOUBLE)]),
    unrounded("fmin.d", 2, fmin::<F64>, &[exact(FloatOp::Min, DOUBLE)]),
    unrounded("fmax.d", 2, fmax::<F64>, &[exact(FloatOp::Max, DOUBLE)]),
    unrounded("feq.d", 2, feq::<F64>, &[exact(FloatOp::Equal, DOUBLE)]),
    unrounded("flt.d", 2, flt::<F64>, &[exact(FloatOp::Less, DOUBLE)]),
    unrounded("fle.d", 2, fle::<F64>, &[exact(FloatOp::LessOrEqual, DOUBLE)]),
    pure("fclass.d", 1, fclass::<F64>),
];

/// What the host may compute instead.
type Inline = &'static [InlineFloat];

/// A helper that depends on its arguments alone.
const fn pure(name: &'static str, args: u8, run: HelperFn) -> Helper {
    let (reads, writes) = (SlotSet::NONE, SlotSet::NONE);
    let effects = Effects::empty();
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline: &[] }, run }
}

/// One that may raise floating-point exceptions, but does not round.
const fn unrounded(name: &'static str, args: u8, run: HelperFn, inline: Inline) -> Helper {
    let (reads, writes) = (SlotSet::These(&[FFLAGS]), SlotSet::These(&[FFLAGS]));
    let effects = Effects::empty();
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline }, run }
}

/// One that rounds as the instruction says.
const fn rounded(name: &'static str, args: u8, run: HelperFn, inline: Inline) -> Helper {
    unrounded(name, args, run, inline)
}

/// One that rounds as frm says, and faults if frm holds no rounding mode.
const fn dynamic(name: &'static str, args: u8, run: HelperFn, inline: Inline) -> Helper {
    let (reads, writes) = (SlotSet::These(&[FFLAGS, FRM]), SlotSet::These(&[FFLAGS]));
    let effects = Effects::FAULT;
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline }, run }
}

/// A precision as it stands in registers.
trait Register: Host {
    /// The number in a register.
    fn unbox(register: u64) -> u64;

    /// The register that holds a number.
    fn enbox(number: u64) -> u64;
}

impl Register for F32 {
    /// "D", "NaN Boxing of Narrower Values": what is not boxed counts as the
    /// canonical NaN.
    fn unbox(register: u64) -> u64 {
        if register >= BOX { register & !BOX } else { CANONICAL_NAN_S }
    }

    fn enbox(number: u64) -> u64 {
        number | BOX
    }
}

impl Register for F64 {
    fn unbox(register: u64) -> u64 {
        register
    }

    fn enbox(number: u64) -> u64 {
        number
    }
}

/// The rounding mode of the instruction `word` ("F", table of rounding modes).
/// It is illegal if it wants frm's and frm holds none.
fn rounding(env: &Env<'_>, word: u64) -> Result<Rounding, Fault> {
    let rm = match Op(word as u32).rm() {
        DYNAMIC => env.cpu.get(FRM),
        fixed => u64::from(fixed),
    };
    match rm {
        0 => Ok(Rounding::NearestEven),
        1 => Ok(Rounding::TowardZero),
        2 => Ok(Rounding::Down),
        3 => Ok(Rounding::Up),
        4 => Ok(Rounding::NearestMaxMagnitude),
        _ => Err(Fault { cause: cause::ILLEGAL, value: word }),
    }
}

/// Runs `operation` and adds the exceptions that it raises to fflags.
fn accrue<T>(env: &mut Env<'_>, rounding: Rounding, operation: impl FnOnce(&mut softfloat::Env) -> T) -> T {
    let mut float = softfloat::Env::riscv(rounding);
    let result = operation(&mut float);
    let flags = float.flags - Flags::DENORMAL;
    if !flags.is_empty() {
        let accrued = env.cpu.get(FFLAGS) | u64::from(flags.bits());
        env.cpu.set(FFLAGS, accrued);
    }
    result
}

/// Whether the host may compute, as far as the guest's settings go.
fn host_may(env: &Env<'_>, rounding: Rounding) -> bool {
    rounding == Rounding::NearestEven && env.cpu.get(FFLAGS) & u64::from(Flags::INEXACT.bits()) != 0
}

/// An operation of one precision on two numbers: by the host, and by us.
struct Binary(fn(u64, u64) -> u64, fn(u64, u64, &mut softfloat::Env) -> u64);

/// The register with `operation` of the numbers in registers `a` and `b`.
#[inline]
fn arithmetic<F: Register>(env: &mut Env<'_>, [a, b, word, _]: [u64; 4], op: Binary) -> Result<u64, Fault> {
    let rounding = rounding(env, word)?;
    let (a, b, Binary(by_host, by_us)) = (F::unbox(a), F::unbox(b), op);
    if host_may(env, rounding) && is_plain::<F>(a) && is_plain::<F>(b) {
        let result = by_host(a, b);
        if is_safe::<F>(result) {
            return Ok(F::enbox(result));
        }
    }
    Ok(F::enbox(accrue(env, rounding, |float| by_us(a, b, float))))
}

fn fadd<F: Register>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, args, Binary(F::add, softfloat::add::<F>))
}

fn fsub<F: Register>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, args, Binary(F::sub, softfloat::sub::<F>))
}

fn fmul<F: Register>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, args, Binary(F::mul, softfloat::mul::<F>))
}

fn fdiv<F: Register>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, args, Binary(F::div, softfloat::div::<F>))
}

fn fsqrt<F: Register>(env: &mut Env<'_>, [a, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let rounding = rounding(env, word)?;
    let a = F::unbox(a);
    if host_may(env, rounding) && is_plain::<F>(a) {
        let result = F::sqrt(a);
        if is_safe::<F>(result) {
            return Ok(F::enbox(result));
        }
    }
    Ok(F::enbox(accrue(env, rounding, |float| softfloat::sqrt::<F>(a, float))))
}

/// fmadd, fmsub, fnmsub and fnmadd by bits 3:2 of the opcode, in this order.
fn fmadd<F: Register>(env: &mut Env<'_>, [a, b, c, word]: [u64; 4]) -> Result<u64, Fault> {
    let negate = match word >> 2 & 3 {
        0 => Negate::empty(),
        1 => Negate::ADDEND,
        2 => Negate::PRODUCT,
        _ => Negate::PRODUCT | Negate::ADDEND,
    };
    let rounding = rounding(env, word)?;
    let (a, b, c) = (F::unbox(a), F::unbox(b), F::unbox(c));
    if host_may(env, rounding) && [a, b, c].into_iter().all(is_plain::<F>) {
        let sign = |part| F::sign(negate.contains(part));
        let result = F::mul_add(a ^ sign(Negate::PRODUCT), b, c ^ sign(Negate::ADDEND));
        if is_safe::<F>(result) {
            return Ok(F::enbox(result));
        }
    }
    Ok(F::enbox(accrue(env, rounding, |float| softfloat::mul_add_signed::<F>(a, b, c, negate, float))))
}

/// To w, wu, l or lu by the rs2 field; 32-bit results are sign-extended, the
/// unsigned ones too.
fn to_integer<F: Register>(env: &mut Env<'_>, [a, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    const RULE: OutOfRange = OutOfRange::Riscv;
    let rounding = rounding(env, word)?;
    let a = F::unbox(a);
    Ok(accrue(env, rounding, |float| match Op(word as u32).rs2() {
        0 => softfloat::to_integer::<F, i32>(a, RULE, float) as u64,
        1 => softfloat::to_integer::<F, u32>(a, RULE, float) as i32 as u64,
        2 => softfloat::to_integer::<F, i64>(a, RULE, float) as u64,
        _ => softfloat::to_integer::<F, u64>(a, RULE, float),
    }))
}

/// From w, wu, l or lu by the rs2 field.
fn from_integer<F: Register>(env: &mut Env<'_>, [a, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let rounding = rounding(env, word)?;
    Ok(F::enbox(accrue(env, rounding, |float| match Op(word as u32).rs2() {
        0 => softfloat::from_integer::<F, i32>(a as i32, float),
        1 => softfloat::from_integer::<F, u32>(a as u32, float),
        2 => softfloat::from_integer::<F, i64>(a as i64, float),
        _ => softfloat::from_integer::<F, u64>(a, float),
    })))
}

fn fcvt<A: Register, B: Register>(env: &mut Env<'_>, [a, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let rounding = rounding(env, word)?;
    Ok(B::enbox(accrue(env, rounding, |float| softfloat::convert::<A, B>(A::unbox(a), float))))
}

fn fmin<F: Register>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    let (a, b) = (F::unbox(a), F::unbox(b));
    let min = |float: &mut _| softfloat::min::<F>(a, b, MinMax::Number, float);
    Ok(F::enbox(accrue(env, Rounding::NearestEven, min)))
}

fn fmax<F: Register>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    let (a, b) = (F::unbox(a), F::unbox(b));
    let max = |float: &mut _| softfloat::max::<F>(a, b, MinMax::Number, float);
    Ok(F::enbox(accrue(env, Rounding::NearestEven, max)))
}

/// A comparison of one precision.
type Comparison = fn(u64, u64, &mut softfloat::Env) -> bool;

/// 1 if the numbers in registers `a` and `b` compare so, otherwise 0.
fn compare<F: Register>(env: &mut Env<'_>, a: u64, b: u64, holds: Comparison) -> Result<u64, Fault> {
    let (a, b) = (F::unbox(a), F::unbox(b));
    Ok(u64::from(accrue(env, Rounding::NearestEven, |float| holds(a, b, float))))
}

fn feq<F: Register>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    compare::<F>(env, a, b, softfloat::eq::<F>)
}

fn flt<F: Register>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    compare::<F>(env, a, b, softfloat::lt::<F>)
}

fn fle<F: Register>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    compare::<F>(env, a, b, softfloat::le::<F>)
}

/// "F", "Single-Precision Floating-Point Classify Instruction", table of
/// fclass results.
fn fclass<F: Register>(_: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    let bit = match softfloat::classify::<F>(F::unbox(a)) {
        Class::NegativeInfinity => 0,
        Class::NegativeNormal => 1,
        Class::NegativeSubnormal => 2,
        Class::NegativeZero => 3,
        Class::PositiveZero => 4,
        Class::PositiveSubnormal => 5,
        Class::PositiveNormal => 6,
        Class::PositiveInfinity => 7,
        Class::SignalingNan => 8,
        Class::QuietNan => 9,
    };
    Ok(1 << bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::{AddressSpace, Clock};
    use guest::{CpuState, Requests};
    use proptest::prelude::*;

    const NX: u64 = 1;

    /// Runs helper `name` for the instruction `word`; yields its result and
    /// fflags.
    fn run(name: &str, operands: &[u64], word: u64, flags: u64) -> (u64, u64) {
        let helper = HELPERS.iter().find(|helper| helper.decl.name == name).expect("a helper");
        let mut args = [word; 4];
        args[..operands.len()].copy_from_slice(operands);
        let mut cpu = CpuState::default();
        cpu.set(FFLAGS, flags);
        let (space, clock) = (AddressSpace::default(), Clock::counted());
        let mut env = Env {
            cpu: &mut cpu,
            space: &space,
            clock: &clock,
            instructions: 0,
            requests: Requests::default(),
        };
        let result = (helper.run)(&mut env, args).expect("a valid rounding mode");
        (result, cpu.get(FFLAGS))
    }

    /// Numbers that meet: near one, near the ends of the range, and special.
    fn number(exponent_bits: u32, fraction_bits: u32) -> impl Strategy<Value = u64> {
        let bias = (1u64 << (exponent_bits - 1)) - 1;
        let greatest = 2 * bias + 1;
        let near_one = bias - 3..=bias + 3;
        let ends =
            prop_oneof![Just(0), Just(1), Just(2), greatest - 2..=greatest, bias / 2 - 1..=bias / 2 + 2];
        let fraction = prop_oneof![Just(0), Just((1 << fraction_bits) - 1), 0..1u64 << fraction_bits];
        (any::<bool>(), prop_oneof![near_one, ends], fraction).prop_map(move |(sign, exponent, fraction)| {
            u64::from(sign) << (exponent_bits + fraction_bits) | exponent << fraction_bits | fraction
        })
    }

    /// With inexact raised, when the host may compute, and without, when it
    /// may not, a helper gives the same result and the same exceptions.
    fn same_with_and_without_host(name: &str, operands: &[u64], word: u64) {
        let (by_us, flags) = run(name, operands, word, 0);
        assert_eq!(run(name, operands, word, NX), (by_us, flags | NX), "{name} {operands:x?} {word:x}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_host_makes_no_difference_in_single_precision(
            a in number(8, 23), b in number(8, 23), c in number(8, 23), variant in 0..4u64,
        ) {
            let [a, b, c] = [a | BOX, b | BOX, c | BOX];
            for name in ["fadd.s", "fsub.s", "fmul.s", "fdiv.s"] {
                same_with_and_without_host(name, &[a, b], 0);
            }
            same_with_and_without_host("fsqrt.s", &[a], 0);
            same_with_and_without_host("fmadd.s", &[a, b, c], variant << 2);
        }

        #[test]
        fn the_host_makes_no_difference_in_double_precision(
            a in number(11, 52), b in number(11, 52), c in number(11, 52), variant in 0..4u64,
        ) {
            for name in ["fadd.d", "fsub.d", "fmul.d", "fdiv.d"] {
                same_with_and_without_host(name, &[a, b], 0);
            }
            same_with_and_without_host("fsqrt.d", &[a], 0);
            same_with_and_without_host("fmadd.d", &[a, b, c], variant << 2);
        }
    }

    #[test]
    fn the_dynamic_form_follows_each_rounded_one() {
        for pair in HELPERS.windows(2).filter(|pair| pair[1].decl.name.ends_with(".dyn")) {
            assert_eq!(format!("{}.dyn", pair[0].decl.name), pair[1].decl.name);
        }
    }
}
