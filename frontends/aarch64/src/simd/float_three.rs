//! Three registers of numbers, and pairwise and across lanes.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three same", "Advanced SIMD
//! three same (FP16)" and their scalar kin, "Advanced SIMD scalar pairwise",
//! "Advanced SIMD across lanes", and chapter C7.

use guest::{Row, row};
use ir::Value;

use super::float_lanes::Numbers;
use super::register::Extent;
use super::three_same::pairs;
use crate::fp::Trio;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD three same, of numbers. Letters: `q` Q, `z` sz, `m` Rm,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("fmaxnm",  "0 q 0 01110 0z 1 mmmmm 11000 1 nnnnn ddddd", fmaxnm as LiftFn),
    row("fmla",    "0 q 0 01110 0z 1 mmmmm 11001 1 nnnnn ddddd", fmla),
    row("fadd",    "0 q 0 01110 0z 1 mmmmm 11010 1 nnnnn ddddd", fadd),
    row("fmulx",   "0 q 0 01110 0z 1 mmmmm 11011 1 nnnnn ddddd", fmulx),
    row("fcmeq",   "0 q 0 01110 0z 1 mmmmm 11100 1 nnnnn ddddd", fcmeq),
    row("fmax",    "0 q 0 01110 0z 1 mmmmm 11110 1 nnnnn ddddd", fmax),
    row("frecps",  "0 q 0 01110 0z 1 mmmmm 11111 1 nnnnn ddddd", frecps),
    row("fminnm",  "0 q 0 01110 1z 1 mmmmm 11000 1 nnnnn ddddd", fminnm),
    row("fmls",    "0 q 0 01110 1z 1 mmmmm 11001 1 nnnnn ddddd", fmls),
    row("fsub",    "0 q 0 01110 1z 1 mmmmm 11010 1 nnnnn ddddd", fsub),
    row("fmin",    "0 q 0 01110 1z 1 mmmmm 11110 1 nnnnn ddddd", fmin),
    row("frsqrts", "0 q 0 01110 1z 1 mmmmm 11111 1 nnnnn ddddd", frsqrts),
    row("fmaxnmp", "0 q 1 01110 0z 1 mmmmm 11000 1 nnnnn ddddd", fmaxnmp),
    row("faddp",   "0 q 1 01110 0z 1 mmmmm 11010 1 nnnnn ddddd", faddp),
    row("fmul",    "0 q 1 01110 0z 1 mmmmm 11011 1 nnnnn ddddd", fmul),
    row("fcmge",   "0 q 1 01110 0z 1 mmmmm 11100 1 nnnnn ddddd", fcmge),
    row("facge",   "0 q 1 01110 0z 1 mmmmm 11101 1 nnnnn ddddd", facge),
    row("fmaxp",   "0 q 1 01110 0z 1 mmmmm 11110 1 nnnnn ddddd", fmaxp),
    row("fdiv",    "0 q 1 01110 0z 1 mmmmm 11111 1 nnnnn ddddd", fdiv),
    row("fminnmp", "0 q 1 01110 1z 1 mmmmm 11000 1 nnnnn ddddd", fminnmp),
    row("fabd",    "0 q 1 01110 1z 1 mmmmm 11010 1 nnnnn ddddd", fabd),
    row("fcmgt",   "0 q 1 01110 1z 1 mmmmm 11100 1 nnnnn ddddd", fcmgt),
    row("facgt",   "0 q 1 01110 1z 1 mmmmm 11101 1 nnnnn ddddd", facgt),
    row("fminp",   "0 q 1 01110 1z 1 mmmmm 11110 1 nnnnn ddddd", fminp),
];

/// Advanced SIMD three same (FP16). Letters as above.
#[rustfmt::skip]
pub const VECTOR_FP16: &[Row<LiftFn>] = &[
    row("fmaxnm",  "0 q 0 01110 0 10 mmmmm 00 000 1 nnnnn ddddd", fmaxnm as LiftFn),
    row("fmla",    "0 q 0 01110 0 10 mmmmm 00 001 1 nnnnn ddddd", fmla),
    row("fadd",    "0 q 0 01110 0 10 mmmmm 00 010 1 nnnnn ddddd", fadd),
    row("fmulx",   "0 q 0 01110 0 10 mmmmm 00 011 1 nnnnn ddddd", fmulx),
    row("fcmeq",   "0 q 0 01110 0 10 mmmmm 00 100 1 nnnnn ddddd", fcmeq),
    row("fmax",    "0 q 0 01110 0 10 mmmmm 00 110 1 nnnnn ddddd", fmax),
    row("frecps",  "0 q 0 01110 0 10 mmmmm 00 111 1 nnnnn ddddd", frecps),
    row("fminnm",  "0 q 0 01110 1 10 mmmmm 00 000 1 nnnnn ddddd", fminnm),
    row("fmls",    "0 q 0 01110 1 10 mmmmm 00 001 1 nnnnn ddddd", fmls),
    row("fsub",    "0 q 0 01110 1 10 mmmmm 00 010 1 nnnnn ddddd", fsub),
    row("fmin",    "0 q 0 01110 1 10 mmmmm 00 110 1 nnnnn ddddd", fmin),
    row("frsqrts", "0 q 0 01110 1 10 mmmmm 00 111 1 nnnnn ddddd", frsqrts),
    row("fmaxnmp", "0 q 1 01110 0 10 mmmmm 00 000 1 nnnnn ddddd", fmaxnmp),
    row("faddp",   "0 q 1 01110 0 10 mmmmm 00 010 1 nnnnn ddddd", faddp),
    row("fmul",    "0 q 1 01110 0 10 mmmmm 00 011 1 nnnnn ddddd", fmul),
    row("fcmge",   "0 q 1 01110 0 10 mmmmm 00 100 1 nnnnn ddddd", fcmge),
    row("facge",   "0 q 1 01110 0 10 mmmmm 00 101 1 nnnnn ddddd", facge),
    row("fmaxp",   "0 q 1 01110 0 10 mmmmm 00 110 1 nnnnn ddddd", fmaxp),
    row("fdiv",    "0 q 1 01110 0 10 mmmmm 00 111 1 nnnnn ddddd", fdiv),
    row("fminnmp", "0 q 1 01110 1 10 mmmmm 00 000 1 nnnnn ddddd", fminnmp),
    row("fabd",    "0 q 1 01110 1 10 mmmmm 00 010 1 nnnnn ddddd", fabd),
    row("fcmgt",   "0 q 1 01110 1 10 mmmmm 00 100 1 nnnnn ddddd", fcmgt),
    row("facgt",   "0 q 1 01110 1 10 mmmmm 00 101 1 nnnnn ddddd", facgt),
    row("fminp",   "0 q 1 01110 1 10 mmmmm 00 110 1 nnnnn ddddd", fminp),
];

/// Advanced SIMD scalar three same, of numbers. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("fmulx",   "01 0 11110 0z 1 mmmmm 11011 1 nnnnn ddddd", fmulx as LiftFn),
    row("fcmeq",   "01 0 11110 0z 1 mmmmm 11100 1 nnnnn ddddd", fcmeq),
    row("frecps",  "01 0 11110 0z 1 mmmmm 11111 1 nnnnn ddddd", frecps),
    row("frsqrts", "01 0 11110 1z 1 mmmmm 11111 1 nnnnn ddddd", frsqrts),
    row("fcmge",   "01 1 11110 0z 1 mmmmm 11100 1 nnnnn ddddd", fcmge),
    row("facge",   "01 1 11110 0z 1 mmmmm 11101 1 nnnnn ddddd", facge),
    row("fabd",    "01 1 11110 1z 1 mmmmm 11010 1 nnnnn ddddd", fabd),
    row("fcmgt",   "01 1 11110 1z 1 mmmmm 11100 1 nnnnn ddddd", fcmgt),
    row("facgt",   "01 1 11110 1z 1 mmmmm 11101 1 nnnnn ddddd", facgt),
];

/// Advanced SIMD scalar three same FP16. Letters as above.
#[rustfmt::skip]
pub const SCALAR_FP16: &[Row<LiftFn>] = &[
    row("fmulx",   "01 0 11110 0 10 mmmmm 00 011 1 nnnnn ddddd", fmulx as LiftFn),
    row("fcmeq",   "01 0 11110 0 10 mmmmm 00 100 1 nnnnn ddddd", fcmeq),
    row("frecps",  "01 0 11110 0 10 mmmmm 00 111 1 nnnnn ddddd", frecps),
    row("frsqrts", "01 0 11110 1 10 mmmmm 00 111 1 nnnnn ddddd", frsqrts),
    row("fcmge",   "01 1 11110 0 10 mmmmm 00 100 1 nnnnn ddddd", fcmge),
    row("facge",   "01 1 11110 0 10 mmmmm 00 101 1 nnnnn ddddd", facge),
    row("fabd",    "01 1 11110 1 10 mmmmm 00 010 1 nnnnn ddddd", fabd),
    row("fcmgt",   "01 1 11110 1 10 mmmmm 00 100 1 nnnnn ddddd", fcmgt),
    row("facgt",   "01 1 11110 1 10 mmmmm 00 101 1 nnnnn ddddd", facgt),
];

/// Advanced SIMD scalar pairwise, of numbers. Letters as above.
#[rustfmt::skip]
pub const SCALAR_PAIRWISE: &[Row<LiftFn>] = &[
    row("fmaxnmp", "01 1 11110 0z 11000 01100 10 nnnnn ddddd", fmaxnmp_scalar as LiftFn),
    row("faddp",   "01 1 11110 0z 11000 01101 10 nnnnn ddddd", faddp_scalar),
    row("fmaxp",   "01 1 11110 0z 11000 01111 10 nnnnn ddddd", fmaxp_scalar),
    row("fminnmp", "01 1 11110 1z 11000 01100 10 nnnnn ddddd", fminnmp_scalar),
    row("fminp",   "01 1 11110 1z 11000 01111 10 nnnnn ddddd", fminp_scalar),
];

/// The same table, FEAT_FP16.
#[rustfmt::skip]
pub const SCALAR_PAIRWISE_FP16: &[Row<LiftFn>] = &[
    row("fmaxnmp", "01 0 11110 00 11000 01100 10 nnnnn ddddd", fmaxnmp_scalar as LiftFn),
    row("faddp",   "01 0 11110 00 11000 01101 10 nnnnn ddddd", faddp_scalar),
    row("fmaxp",   "01 0 11110 00 11000 01111 10 nnnnn ddddd", fmaxp_scalar),
    row("fminnmp", "01 0 11110 10 11000 01100 10 nnnnn ddddd", fminnmp_scalar),
    row("fminp",   "01 0 11110 10 11000 01111 10 nnnnn ddddd", fminp_scalar),
];

/// Advanced SIMD across lanes, of numbers. Letters as above.
#[rustfmt::skip]
pub const ACROSS: &[Row<LiftFn>] = &[
    row("fmaxnmv", "0 1 1 01110 00 11000 01100 10 nnnnn ddddd", fmaxnmv as LiftFn),
    row("fmaxv",   "0 1 1 01110 00 11000 01111 10 nnnnn ddddd", fmaxv),
    row("fminnmv", "0 1 1 01110 10 11000 01100 10 nnnnn ddddd", fminnmv),
    row("fminv",   "0 1 1 01110 10 11000 01111 10 nnnnn ddddd", fminv),
];

/// The same table, FEAT_FP16.
#[rustfmt::skip]
pub const ACROSS_FP16: &[Row<LiftFn>] = &[
    row("fmaxnmv", "0 q 0 01110 00 11000 01100 10 nnnnn ddddd", fmaxnmv as LiftFn),
    row("fmaxv",   "0 q 0 01110 00 11000 01111 10 nnnnn ddddd", fmaxv),
    row("fminnmv", "0 q 0 01110 10 11000 01100 10 nnnnn ddddd", fminnmv),
    row("fminv",   "0 q 0 01110 10 11000 01111 10 nnnnn ddddd", fminv),
];

const FMAX: Trio = Trio::new("fmax.h");
const FMIN: Trio = Trio::new("fmin.h");
const FMAXNM: Trio = Trio::new("fmaxnm.h");
const FMINNM: Trio = Trio::new("fminnm.h");
const FADD: Trio = Trio::new("fadd.h");
const FSUB: Trio = Trio::new("fsub.h");
const FMADD: Trio = Trio::new("fmadd.h");
const FCMEQ: Trio = Trio::new("fcmeq.h");
const FCMLT: Trio = Trio::new("fcmlt.h");
const FCMLE: Trio = Trio::new("fcmle.h");

/// The lanes; bit 21 is clear in the tables of half precision.
fn numbers(l: &mut Lift, op: Op) -> Option<Numbers> {
    l.numbers(op, !op.bit(21))
}

/// Rd = helper(Rn, Rm).
fn plain(l: &mut Lift, op: Op, trio: Trio) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rn()), l.v(op.rm())];
    let result = l.number_lanes(numbers, trio, &operands);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FADD (vector).
fn fadd(l: &mut Lift, op: Op) {
    plain(l, op, FADD);
}

/// FSUB (vector).
fn fsub(l: &mut Lift, op: Op) {
    plain(l, op, FSUB);
}

/// FMUL (vector).
fn fmul(l: &mut Lift, op: Op) {
    plain(l, op, Trio::new("fmul.h"));
}

/// FDIV (vector).
fn fdiv(l: &mut Lift, op: Op) {
    plain(l, op, Trio::new("fdiv.h"));
}

/// FMULX.
fn fmulx(l: &mut Lift, op: Op) {
    plain(l, op, Trio::new("fmulx.h"));
}

/// FMAX (vector).
fn fmax(l: &mut Lift, op: Op) {
    plain(l, op, FMAX);
}

/// FMIN (vector).
fn fmin(l: &mut Lift, op: Op) {
    plain(l, op, FMIN);
}

/// FMAXNM (vector).
fn fmaxnm(l: &mut Lift, op: Op) {
    plain(l, op, FMAXNM);
}

/// FMINNM (vector).
fn fminnm(l: &mut Lift, op: Op) {
    plain(l, op, FMINNM);
}

/// FRECPS.
fn frecps(l: &mut Lift, op: Op) {
    plain(l, op, Trio::new("frecps.h"));
}

/// FRSQRTS.
fn frsqrts(l: &mut Lift, op: Op) {
    plain(l, op, Trio::new("frsqrts.h"));
}

/// FABD: |Rn − Rm|.
fn fabd(l: &mut Lift, op: Op) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rn()), l.v(op.rm())];
    let result = l.each_number(numbers, &operands, |l, args| {
        let difference = l.float(FSUB, numbers.precision, args);
        l.absolute(numbers.precision, difference)
    });
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// Rd + Rn × Rm, or Rd − Rn × Rm, with one rounding.
pub fn fused(l: &mut Lift<'_>, numbers: Numbers, [a, b, d]: [Value; 3], negate: bool) -> Value {
    let a = if negate {
        let sign = l.b.lanes(numbers.shape.lanes).splat_const(numbers.precision.sign());
        l.b.vxor(a, sign)
    } else {
        a
    };
    l.number_lanes(numbers, FMADD, &[a, b, d])
}

fn multiply_accumulate(l: &mut Lift, op: Op, negate: bool) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rn()), l.v(op.rm()), l.v(op.rd())];
    let result = fused(l, numbers, operands, negate);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FMLA (vector).
fn fmla(l: &mut Lift, op: Op) {
    multiply_accumulate(l, op, false);
}

/// FMLS (vector).
fn fmls(l: &mut Lift, op: Op) {
    multiply_accumulate(l, op, true);
}

/// Rd = a mask of where the helper says 1 for Rm and Rn, in this order; of their
/// magnitudes, if so asked.
fn compare(l: &mut Lift, op: Op, trio: Trio, magnitudes: bool) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rm()), l.v(op.rn())];
    let result = l.each_lane(numbers, &operands, |l, args| {
        let mut args = [args[0], args[1]];
        if magnitudes {
            args = args.map(|number| l.absolute(numbers.precision, number));
        }
        let holds = l.float(trio, numbers.precision, &args);
        l.mask_of(numbers.precision.ty(), holds)
    });
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FCMEQ (register).
fn fcmeq(l: &mut Lift, op: Op) {
    compare(l, op, FCMEQ, false);
}

/// FCMGE (register).
fn fcmge(l: &mut Lift, op: Op) {
    compare(l, op, FCMLE, false);
}

/// FCMGT (register).
fn fcmgt(l: &mut Lift, op: Op) {
    compare(l, op, FCMLT, false);
}

/// FACGE.
fn facge(l: &mut Lift, op: Op) {
    compare(l, op, FCMLE, true);
}

/// FACGT.
fn facgt(l: &mut Lift, op: Op) {
    compare(l, op, FCMLT, true);
}

/// Rd = helper of neighbours: those of Rn, then those of Rm.
fn pairwise(l: &mut Lift, op: Op, trio: Trio) {
    let Some(numbers) = numbers(l, op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let pairs = pairs(l, numbers.shape, a, b);
    let result = l.number_lanes(numbers, trio, &pairs);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FADDP (vector).
fn faddp(l: &mut Lift, op: Op) {
    pairwise(l, op, FADD);
}

/// FMAXP (vector).
fn fmaxp(l: &mut Lift, op: Op) {
    pairwise(l, op, FMAX);
}

/// FMINP (vector).
fn fminp(l: &mut Lift, op: Op) {
    pairwise(l, op, FMIN);
}

/// FMAXNMP (vector).
fn fmaxnmp(l: &mut Lift, op: Op) {
    pairwise(l, op, FMAXNM);
}

/// FMINNMP (vector).
fn fminnmp(l: &mut Lift, op: Op) {
    pairwise(l, op, FMINNM);
}

/// Rd = helper of all lanes of Rn, or of two for a scalar; U, bit 29, is clear for half precision.
fn reduce(l: &mut Lift, op: Op, trio: Trio) {
    let Some(numbers) = l.numbers(op, !op.bit(29)) else { return };
    let a = l.v(op.rn());
    let result = if numbers.shape.extent == Extent::Scalar {
        let pair = [l.lane_number(numbers, a, 0), l.lane_number(numbers, a, 1)];
        l.float(trio, numbers.precision, &pair)
    } else {
        l.reduced_number(numbers, trio, a)
    };
    l.set_number(numbers.precision, op.rd(), result);
}

/// FADDP (scalar).
fn faddp_scalar(l: &mut Lift, op: Op) {
    reduce(l, op, FADD);
}

/// FMAXP (scalar).
fn fmaxp_scalar(l: &mut Lift, op: Op) {
    reduce(l, op, FMAX);
}

/// FMINP (scalar).
fn fminp_scalar(l: &mut Lift, op: Op) {
    reduce(l, op, FMIN);
}

/// FMAXNMP (scalar).
fn fmaxnmp_scalar(l: &mut Lift, op: Op) {
    reduce(l, op, FMAXNM);
}

/// FMINNMP (scalar).
fn fminnmp_scalar(l: &mut Lift, op: Op) {
    reduce(l, op, FMINNM);
}

/// FMAXV.
fn fmaxv(l: &mut Lift, op: Op) {
    reduce(l, op, FMAX);
}

/// FMINV.
fn fminv(l: &mut Lift, op: Op) {
    reduce(l, op, FMIN);
}

/// FMAXNMV.
fn fmaxnmv(l: &mut Lift, op: Op) {
    reduce(l, op, FMAXNM);
}

/// FMINNMV.
fn fminnmv(l: &mut Lift, op: Op) {
    reduce(l, op, FMINNM);
}
