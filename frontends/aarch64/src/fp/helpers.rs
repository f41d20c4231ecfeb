//! Floating-point arithmetic: the helpers of scalar and vector instructions.
//!
//! Source: Arm ARM, the pseudocode functions named below; the arithmetic is
//! [`guest::softfloat`]'s, or the host's where that makes no difference.
//!
//! Each operation has three helpers in a row, for half, single and double
//! precision: a [`Trio`]. A number is an `i64`; one in single precision has
//! its upper half all ones.

use guest::softfloat::host::{is_plain, is_safe};
use guest::softfloat::{self, F16, F32, F64, MinMax};
use guest::{Env, Fault, Helper, HelperFn};
use ir::{Effects, FloatOp, HelperDecl, HelperId, InlineFloat, SlotSet};

use super::env::{accrue, fpcr, fpsr};
use super::float::{Float, HostOp};
use super::inline::{DOUBLE, FUSED, SINGLE, form};
use super::number::Precision;
use crate::helpers;
use crate::state::{FPCR, FPSR};

/// The helpers of one operation in each precision.
#[derive(Clone, Copy, Debug)]
pub struct Trio(HelperId);

impl Trio {
    /// Those whose first one, for half precision, is called `name`.
    pub const fn new(name: &str) -> Trio {
        Trio(helpers::id(name))
    }

    /// The one of a precision.
    pub const fn of(self, precision: Precision) -> HelperId {
        HelperId(self.0.0 + precision as u16)
    }
}

/// The helpers of arithmetic and comparison.
#[rustfmt::skip]
pub const ARITHMETIC: &[Helper] = &[
    helper("fadd.h", 2, fadd::<F16>, &[]),
    helper("fadd.s", 2, fadd::<F32>, &[form(FloatOp::Add, SINGLE)]),
    helper("fadd.d", 2, fadd::<F64>, &[form(FloatOp::Add, DOUBLE)]),
    helper("fsub.h", 2, fsub::<F16>, &[]),
    helper("fsub.s", 2, fsub::<F32>, &[form(FloatOp::Sub, SINGLE)]),
    helper("fsub.d", 2, fsub::<F64>, &[form(FloatOp::Sub, DOUBLE)]),
    helper("fmul.h", 2, fmul::<F16>, &[]),
    helper("fmul.s", 2, fmul::<F32>, &[form(FloatOp::Mul, SINGLE)]),
    helper("fmul.d", 2, fmul::<F64>, &[form(FloatOp::Mul, DOUBLE)]),
    helper("fdiv.h", 2, fdiv::<F16>, &[]),
    helper("fdiv.s", 2, fdiv::<F32>, &[form(FloatOp::Div, SINGLE)]),
    helper("fdiv.d", 2, fdiv::<F64>, &[form(FloatOp::Div, DOUBLE)]),
    helper("fsqrt.h", 1, fsqrt::<F16>, &[]),
    helper("fsqrt.s", 1, fsqrt::<F32>, &[form(FloatOp::Sqrt, SINGLE)]),
    helper("fsqrt.d", 1, fsqrt::<F64>, &[form(FloatOp::Sqrt, DOUBLE)]),
    helper("fmadd.h", 3, fmadd::<F16>, &[]),
    helper("fmadd.s", 3, fmadd::<F32>, &[form(FUSED, SINGLE)]),
    helper("fmadd.d", 3, fmadd::<F64>, &[form(FUSED, DOUBLE)]),
    helper("fmulx.h", 2, fmulx::<F16>, &[]),
    helper("fmulx.s", 2, fmulx::<F32>, &[]),
    helper("fmulx.d", 2, fmulx::<F64>, &[]),
    helper("fmax.h", 2, fmax::<F16>, &[]),
    helper("fmax.s", 2, fmax::<F32>, &[form(FloatOp::Max, SINGLE)]),
    helper("fmax.d", 2, fmax::<F64>, &[form(FloatOp::Max, DOUBLE)]),
    helper("fmin.h", 2, fmin::<F16>, &[]),
    helper("fmin.s", 2, fmin::<F32>, &[form(FloatOp::Min, SINGLE)]),
    helper("fmin.d", 2, fmin::<F64>, &[form(FloatOp::Min, DOUBLE)]),
    helper("fmaxnm.h", 2, fmaxnm::<F16>, &[]),
    helper("fmaxnm.s", 2, fmaxnm::<F32>, &[form(FloatOp::Max, SINGLE)]),
    helper("fmaxnm.d", 2, fmaxnm::<F64>, &[form(FloatOp::Max, DOUBLE)]),
    helper("fminnm.h", 2, fminnm::<F16>, &[]),
    helper("fminnm.s", 2, fminnm::<F32>, &[form(FloatOp::Min, SINGLE)]),
    helper("fminnm.d", 2, fminnm::<F64>, &[form(FloatOp::Min, DOUBLE)]),
    helper("fcmeq.h", 2, fcmeq::<F16>, &[]),
    helper("fcmeq.s", 2, fcmeq::<F32>, &[form(FloatOp::Equal, SINGLE)]),
    helper("fcmeq.d", 2, fcmeq::<F64>, &[form(FloatOp::Equal, DOUBLE)]),
    helper("fcmlt.h", 2, fcmlt::<F16>, &[]),
    helper("fcmlt.s", 2, fcmlt::<F32>, &[form(FloatOp::Less, SINGLE)]),
    helper("fcmlt.d", 2, fcmlt::<F64>, &[form(FloatOp::Less, DOUBLE)]),
    helper("fcmle.h", 2, fcmle::<F16>, &[]),
    helper("fcmle.s", 2, fcmle::<F32>, &[form(FloatOp::LessOrEqual, SINGLE)]),
    helper("fcmle.d", 2, fcmle::<F64>, &[form(FloatOp::LessOrEqual, DOUBLE)]),
    helper("fcmltq.h", 2, fcmlt_quiet::<F16>, &[]),
    helper("fcmltq.s", 2, fcmlt_quiet::<F32>, &[form(FloatOp::Less, SINGLE)]),
    helper("fcmltq.d", 2, fcmlt_quiet::<F64>, &[form(FloatOp::Less, DOUBLE)]),
    helper("frecpe.h", 1, frecpe::<F16>, &[]),
    helper("frecpe.s", 1, frecpe::<F32>, &[]),
    helper("frecpe.d", 1, frecpe::<F64>, &[]),
    helper("frsqrte.h", 1, frsqrte::<F16>, &[]),
    helper("frsqrte.s", 1, frsqrte::<F32>, &[]),
    helper("frsqrte.d", 1, frsqrte::<F64>, &[]),
    helper("frecpx.h", 1, frecpx::<F16>, &[]),
    helper("frecpx.s", 1, frecpx::<F32>, &[]),
    helper("frecpx.d", 1, frecpx::<F64>, &[]),
    helper("frecps.h", 2, frecps::<F16>, &[]),
    helper("frecps.s", 2, frecps::<F32>, &[form(FloatOp::RecipStep, SINGLE)]),
    helper("frecps.d", 2, frecps::<F64>, &[form(FloatOp::RecipStep, DOUBLE)]),
    helper("frsqrts.h", 2, frsqrts::<F16>, &[]),
    helper("frsqrts.s", 2, frsqrts::<F32>, &[form(FloatOp::RsqrtStep, SINGLE)]),
    helper("frsqrts.d", 2, frsqrts::<F64>, &[form(FloatOp::RsqrtStep, DOUBLE)]),
];

/// A helper that depends on FPCR and may raise exceptions.
pub(super) const fn helper(
    name: &'static str,
    args: u8,
    run: HelperFn,
    inline: &'static [InlineFloat],
) -> Helper {
    let (reads, writes) = (SlotSet::These(&[FPCR, FPSR]), SlotSet::These(&[FPSR]));
    let effects = Effects::empty();
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline }, run }
}

/// Whether the host may compute, as far as the guest's settings go.
fn host_may(env: &Env<'_>) -> bool {
    env.cpu.get(FPCR) & fpcr::RMODE == 0 && env.cpu.get(FPSR) & fpsr::IXC != 0
}

/// The host's result for the first `count` operands, or else `ours`.
#[inline]
fn arithmetic<F: Float>(
    env: &mut Env<'_>,
    op: HostOp,
    args: [u64; 4],
    count: usize,
    ours: impl FnOnce([u64; 3], &mut softfloat::Env) -> u64,
) -> Result<u64, Fault> {
    let [a, b, c, _] = args.map(F::unboxed);
    let operands = [a, b, c];
    if host_may(env)
        && operands[..count].iter().all(|operand| is_plain::<F>(*operand))
        && let Some(result) = F::host(op, operands).filter(|result| is_safe::<F>(*result))
    {
        return Ok(F::boxed(result));
    }
    Ok(F::boxed(accrue::<F, _>(env, |float| ours(operands, float))))
}

/// `FPAdd`.
fn fadd<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::Add, args, 2, |[a, b, _], float| softfloat::add::<F>(a, b, float))
}

/// `FPSub`.
fn fsub<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::Sub, args, 2, |[a, b, _], float| softfloat::sub::<F>(a, b, float))
}

/// `FPMul`.
fn fmul<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::Mul, args, 2, |[a, b, _], float| softfloat::mul::<F>(a, b, float))
}

/// `FPDiv`.
fn fdiv<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::Div, args, 2, |[a, b, _], float| softfloat::div::<F>(a, b, float))
}

/// `FPSqrt`.
fn fsqrt<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::Sqrt, args, 1, |[a, ..], float| softfloat::sqrt::<F>(a, float))
}

/// `FPMulAdd`: a × b + c.
fn fmadd<F: Float>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    arithmetic::<F>(env, HostOp::MulAdd, args, 3, |[a, b, c], float| softfloat::mul_add::<F>(a, b, c, float))
}

/// The result of `operation`, a number.
fn number<F: Float>(
    env: &mut Env<'_>,
    operation: impl FnOnce(&mut softfloat::Env) -> u64,
) -> Result<u64, Fault> {
    Ok(F::boxed(accrue::<F, _>(env, operation)))
}

/// `FPMulX`.
fn fmulx<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::mul_extended::<F>(a, b, float))
}

/// `FPMax`.
fn fmax<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::max::<F>(a, b, MinMax::Propagate, float))
}

/// `FPMin`.
fn fmin<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::min::<F>(a, b, MinMax::Propagate, float))
}

/// `FPMaxNum`.
fn fmaxnm<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::max::<F>(a, b, MinMax::MinNum, float))
}

/// `FPMinNum`.
fn fminnm<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::min::<F>(a, b, MinMax::MinNum, float))
}

/// `FPCompareEQ`: 1 if it holds.
fn fcmeq<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(accrue::<F, _>(env, |float| softfloat::eq::<F>(a, b, float)).into())
}

/// `FPCompareGT` of the operands the other way round.
fn fcmlt<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(accrue::<F, _>(env, |float| softfloat::lt::<F>(a, b, float)).into())
}

/// `FPCompareGE` of the operands the other way round.
fn fcmle<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(accrue::<F, _>(env, |float| softfloat::le::<F>(a, b, float)).into())
}

/// Flag N of `FPCompare` with quiet NaNs allowed.
fn fcmlt_quiet<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    Ok(accrue::<F, _>(env, |float| softfloat::lt_quiet::<F>(a, b, float)).into())
}

/// `FPRecipEstimate`.
fn frecpe<F: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::recip_estimate::<F>(a, float))
}

/// `FPRSqrtEstimate`.
fn frsqrte<F: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::rsqrt_estimate::<F>(a, float))
}

/// `FPRecpX`.
fn frecpx<F: Float>(env: &mut Env<'_>, [a, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::recip_exponent::<F>(a, float))
}

/// `FPRecipStepFused`: 2 − a × b.
fn frecps<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    number::<F>(env, |float| softfloat::newton_step::<F>(a, b, F::two(), 0, float))
}

/// `FPRSqrtStepFused`: (3 − a × b) ÷ 2.
fn frsqrts<F: Float>(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    let three = F::two() | 1 << (F::FRACTION_BITS - 1);
    number::<F>(env, |float| softfloat::newton_step::<F>(a, b, three, -1, float))
}
