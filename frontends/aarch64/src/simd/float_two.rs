//! Two registers of numbers.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD two-register miscellaneous",
//! "Advanced SIMD two-register miscellaneous (FP16)", their scalar kin, and
//! chapter C7.

use guest::{Row, row};

use super::float_convert::{fcvtl, fcvtn, fcvtxn, from_integers, to_integers};
use super::float_lanes::Numbers;
use crate::fp::integral::{
    frint32x, frint32z, frint64x, frint64z, frinta, frinti, frintm, frintn, frintp, frintx, frintz,
};
use crate::fp::{Mode, Trio};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD two-register miscellaneous, of numbers. Letters: `q` Q, `z` sz,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("fcvtn",   "0 q 0 01110 0z 10000 10110 10 nnnnn ddddd", fcvtn as LiftFn),
    row("fcvtl",   "0 q 0 01110 0z 10000 10111 10 nnnnn ddddd", fcvtl),
    row("frintn",  "0 q 0 01110 0z 10000 11000 10 nnnnn ddddd", frintn),
    row("frintm",  "0 q 0 01110 0z 10000 11001 10 nnnnn ddddd", frintm),
    row("fcvtns",  "0 q 0 01110 0z 10000 11010 10 nnnnn ddddd", fcvtns),
    row("fcvtms",  "0 q 0 01110 0z 10000 11011 10 nnnnn ddddd", fcvtms),
    row("fcvtas",  "0 q 0 01110 0z 10000 11100 10 nnnnn ddddd", fcvtas),
    row("scvtf",   "0 q 0 01110 0z 10000 11101 10 nnnnn ddddd", scvtf),
    row("fcmgt",   "0 q 0 01110 1z 10000 01100 10 nnnnn ddddd", fcmgt),
    row("fcmeq",   "0 q 0 01110 1z 10000 01101 10 nnnnn ddddd", fcmeq),
    row("fcmlt",   "0 q 0 01110 1z 10000 01110 10 nnnnn ddddd", fcmlt),
    row("fabs",    "0 q 0 01110 1z 10000 01111 10 nnnnn ddddd", fabs),
    row("frintp",  "0 q 0 01110 1z 10000 11000 10 nnnnn ddddd", frintp),
    row("frintz",  "0 q 0 01110 1z 10000 11001 10 nnnnn ddddd", frintz),
    row("fcvtps",  "0 q 0 01110 1z 10000 11010 10 nnnnn ddddd", fcvtps),
    row("fcvtzs",  "0 q 0 01110 1z 10000 11011 10 nnnnn ddddd", fcvtzs),
    row("frecpe",  "0 q 0 01110 1z 10000 11101 10 nnnnn ddddd", frecpe),
    row("fcvtxn",  "0 q 1 01110 01 10000 10110 10 nnnnn ddddd", fcvtxn),
    row("frinta",  "0 q 1 01110 0z 10000 11000 10 nnnnn ddddd", frinta),
    row("frintx",  "0 q 1 01110 0z 10000 11001 10 nnnnn ddddd", frintx),
    row("fcvtnu",  "0 q 1 01110 0z 10000 11010 10 nnnnn ddddd", fcvtnu),
    row("fcvtmu",  "0 q 1 01110 0z 10000 11011 10 nnnnn ddddd", fcvtmu),
    row("fcvtau",  "0 q 1 01110 0z 10000 11100 10 nnnnn ddddd", fcvtau),
    row("ucvtf",   "0 q 1 01110 0z 10000 11101 10 nnnnn ddddd", ucvtf),
    row("fcmge",   "0 q 1 01110 1z 10000 01100 10 nnnnn ddddd", fcmge),
    row("fcmle",   "0 q 1 01110 1z 10000 01101 10 nnnnn ddddd", fcmle),
    row("fneg",    "0 q 1 01110 1z 10000 01111 10 nnnnn ddddd", fneg),
    row("frinti",  "0 q 1 01110 1z 10000 11001 10 nnnnn ddddd", frinti),
    row("fcvtpu",  "0 q 1 01110 1z 10000 11010 10 nnnnn ddddd", fcvtpu),
    row("fcvtzu",  "0 q 1 01110 1z 10000 11011 10 nnnnn ddddd", fcvtzu),
    row("frsqrte", "0 q 1 01110 1z 10000 11101 10 nnnnn ddddd", frsqrte),
    row("fsqrt",   "0 q 1 01110 1z 10000 11111 10 nnnnn ddddd", fsqrt),
];

/// The same table, FEAT_FRINTTS.
#[rustfmt::skip]
pub const VECTOR_FRINTTS: &[Row<LiftFn>] = &[
    row("frint32z", "0 q 0 01110 0z 10000 11110 10 nnnnn ddddd", frint32z as LiftFn),
    row("frint64z", "0 q 0 01110 0z 10000 11111 10 nnnnn ddddd", frint64z),
    row("frint32x", "0 q 1 01110 0z 10000 11110 10 nnnnn ddddd", frint32x),
    row("frint64x", "0 q 1 01110 0z 10000 11111 10 nnnnn ddddd", frint64x),
];

/// Advanced SIMD two-register miscellaneous (FP16). Letters as above.
#[rustfmt::skip]
pub const VECTOR_FP16: &[Row<LiftFn>] = &[
    row("frintn",  "0 q 0 01110 0 111100 11000 10 nnnnn ddddd", frintn as LiftFn),
    row("frintm",  "0 q 0 01110 0 111100 11001 10 nnnnn ddddd", frintm),
    row("fcvtns",  "0 q 0 01110 0 111100 11010 10 nnnnn ddddd", fcvtns),
    row("fcvtms",  "0 q 0 01110 0 111100 11011 10 nnnnn ddddd", fcvtms),
    row("fcvtas",  "0 q 0 01110 0 111100 11100 10 nnnnn ddddd", fcvtas),
    row("scvtf",   "0 q 0 01110 0 111100 11101 10 nnnnn ddddd", scvtf),
    row("fcmgt",   "0 q 0 01110 1 111100 01100 10 nnnnn ddddd", fcmgt),
    row("fcmeq",   "0 q 0 01110 1 111100 01101 10 nnnnn ddddd", fcmeq),
    row("fcmlt",   "0 q 0 01110 1 111100 01110 10 nnnnn ddddd", fcmlt),
    row("fabs",    "0 q 0 01110 1 111100 01111 10 nnnnn ddddd", fabs),
    row("frintp",  "0 q 0 01110 1 111100 11000 10 nnnnn ddddd", frintp),
    row("frintz",  "0 q 0 01110 1 111100 11001 10 nnnnn ddddd", frintz),
    row("fcvtps",  "0 q 0 01110 1 111100 11010 10 nnnnn ddddd", fcvtps),
    row("fcvtzs",  "0 q 0 01110 1 111100 11011 10 nnnnn ddddd", fcvtzs),
    row("frecpe",  "0 q 0 01110 1 111100 11101 10 nnnnn ddddd", frecpe),
    row("frinta",  "0 q 1 01110 0 111100 11000 10 nnnnn ddddd", frinta),
    row("frintx",  "0 q 1 01110 0 111100 11001 10 nnnnn ddddd", frintx),
    row("fcvtnu",  "0 q 1 01110 0 111100 11010 10 nnnnn ddddd", fcvtnu),
    row("fcvtmu",  "0 q 1 01110 0 111100 11011 10 nnnnn ddddd", fcvtmu),
    row("fcvtau",  "0 q 1 01110 0 111100 11100 10 nnnnn ddddd", fcvtau),
    row("ucvtf",   "0 q 1 01110 0 111100 11101 10 nnnnn ddddd", ucvtf),
    row("fcmge",   "0 q 1 01110 1 111100 01100 10 nnnnn ddddd", fcmge),
    row("fcmle",   "0 q 1 01110 1 111100 01101 10 nnnnn ddddd", fcmle),
    row("fneg",    "0 q 1 01110 1 111100 01111 10 nnnnn ddddd", fneg),
    row("frinti",  "0 q 1 01110 1 111100 11001 10 nnnnn ddddd", frinti),
    row("fcvtpu",  "0 q 1 01110 1 111100 11010 10 nnnnn ddddd", fcvtpu),
    row("fcvtzu",  "0 q 1 01110 1 111100 11011 10 nnnnn ddddd", fcvtzu),
    row("frsqrte", "0 q 1 01110 1 111100 11101 10 nnnnn ddddd", frsqrte),
    row("fsqrt",   "0 q 1 01110 1 111100 11111 10 nnnnn ddddd", fsqrt),
];

/// Advanced SIMD scalar two-register miscellaneous, of numbers. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("fcvtns",  "01 0 11110 0z 10000 11010 10 nnnnn ddddd", fcvtns as LiftFn),
    row("fcvtms",  "01 0 11110 0z 10000 11011 10 nnnnn ddddd", fcvtms),
    row("fcvtas",  "01 0 11110 0z 10000 11100 10 nnnnn ddddd", fcvtas),
    row("scvtf",   "01 0 11110 0z 10000 11101 10 nnnnn ddddd", scvtf),
    row("fcmgt",   "01 0 11110 1z 10000 01100 10 nnnnn ddddd", fcmgt),
    row("fcmeq",   "01 0 11110 1z 10000 01101 10 nnnnn ddddd", fcmeq),
    row("fcmlt",   "01 0 11110 1z 10000 01110 10 nnnnn ddddd", fcmlt),
    row("fcvtps",  "01 0 11110 1z 10000 11010 10 nnnnn ddddd", fcvtps),
    row("fcvtzs",  "01 0 11110 1z 10000 11011 10 nnnnn ddddd", fcvtzs),
    row("frecpe",  "01 0 11110 1z 10000 11101 10 nnnnn ddddd", frecpe),
    row("frecpx",  "01 0 11110 1z 10000 11111 10 nnnnn ddddd", frecpx),
    row("fcvtxn",  "01 1 11110 01 10000 10110 10 nnnnn ddddd", fcvtxn),
    row("fcvtnu",  "01 1 11110 0z 10000 11010 10 nnnnn ddddd", fcvtnu),
    row("fcvtmu",  "01 1 11110 0z 10000 11011 10 nnnnn ddddd", fcvtmu),
    row("fcvtau",  "01 1 11110 0z 10000 11100 10 nnnnn ddddd", fcvtau),
    row("ucvtf",   "01 1 11110 0z 10000 11101 10 nnnnn ddddd", ucvtf),
    row("fcmge",   "01 1 11110 1z 10000 01100 10 nnnnn ddddd", fcmge),
    row("fcmle",   "01 1 11110 1z 10000 01101 10 nnnnn ddddd", fcmle),
    row("fcvtpu",  "01 1 11110 1z 10000 11010 10 nnnnn ddddd", fcvtpu),
    row("fcvtzu",  "01 1 11110 1z 10000 11011 10 nnnnn ddddd", fcvtzu),
    row("frsqrte", "01 1 11110 1z 10000 11101 10 nnnnn ddddd", frsqrte),
];

/// Advanced SIMD scalar two-register miscellaneous FP16. Letters as above.
#[rustfmt::skip]
pub const SCALAR_FP16: &[Row<LiftFn>] = &[
    row("fcvtns",  "01 0 11110 0 111100 11010 10 nnnnn ddddd", fcvtns as LiftFn),
    row("fcvtms",  "01 0 11110 0 111100 11011 10 nnnnn ddddd", fcvtms),
    row("fcvtas",  "01 0 11110 0 111100 11100 10 nnnnn ddddd", fcvtas),
    row("scvtf",   "01 0 11110 0 111100 11101 10 nnnnn ddddd", scvtf),
    row("fcmgt",   "01 0 11110 1 111100 01100 10 nnnnn ddddd", fcmgt),
    row("fcmeq",   "01 0 11110 1 111100 01101 10 nnnnn ddddd", fcmeq),
    row("fcmlt",   "01 0 11110 1 111100 01110 10 nnnnn ddddd", fcmlt),
    row("fcvtps",  "01 0 11110 1 111100 11010 10 nnnnn ddddd", fcvtps),
    row("fcvtzs",  "01 0 11110 1 111100 11011 10 nnnnn ddddd", fcvtzs),
    row("frecpe",  "01 0 11110 1 111100 11101 10 nnnnn ddddd", frecpe),
    row("frecpx",  "01 0 11110 1 111100 11111 10 nnnnn ddddd", frecpx),
    row("fcvtnu",  "01 1 11110 0 111100 11010 10 nnnnn ddddd", fcvtnu),
    row("fcvtmu",  "01 1 11110 0 111100 11011 10 nnnnn ddddd", fcvtmu),
    row("fcvtau",  "01 1 11110 0 111100 11100 10 nnnnn ddddd", fcvtau),
    row("ucvtf",   "01 1 11110 0 111100 11101 10 nnnnn ddddd", ucvtf),
    row("fcmge",   "01 1 11110 1 111100 01100 10 nnnnn ddddd", fcmge),
    row("fcmle",   "01 1 11110 1 111100 01101 10 nnnnn ddddd", fcmle),
    row("fcvtpu",  "01 1 11110 1 111100 11010 10 nnnnn ddddd", fcvtpu),
    row("fcvtzu",  "01 1 11110 1 111100 11011 10 nnnnn ddddd", fcvtzu),
    row("frsqrte", "01 1 11110 1 111100 11101 10 nnnnn ddddd", frsqrte),
];

/// The lanes; bits 22 to 17 are 111100 in the tables of half precision.
fn numbers(l: &mut Lift, op: Op) -> Option<Numbers> {
    l.numbers(op, op.bits(22, 17) == 0b11_1100)
}

/// Rd = helper(Rn).
fn unary(l: &mut Lift, op: Op, trio: Trio) {
    let Some(numbers) = numbers(l, op) else { return };
    let a = l.v(op.rn());
    let result = l.number_lanes(numbers, trio, &[a]);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FSQRT (vector).
fn fsqrt(l: &mut Lift, op: Op) {
    unary(l, op, Trio::new("fsqrt.h"));
}

/// FRECPE.
fn frecpe(l: &mut Lift, op: Op) {
    unary(l, op, Trio::new("frecpe.h"));
}

/// FRSQRTE.
fn frsqrte(l: &mut Lift, op: Op) {
    unary(l, op, Trio::new("frsqrte.h"));
}

/// FRECPX.
fn frecpx(l: &mut Lift, op: Op) {
    unary(l, op, Trio::new("frecpx.h"));
}

/// Rd = operation(Rn, a constant in all lanes).
fn signs(l: &mut Lift, op: Op, constant: fn(u64) -> u64, negate: bool) {
    let Some(numbers) = numbers(l, op) else { return };
    let a = l.v(op.rn());
    let constant = l.b.lanes(numbers.shape.lanes).splat_const(constant(numbers.precision.sign()));
    let result = if negate { l.b.vxor(a, constant) } else { l.b.vand(a, constant) };
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FABS (vector).
fn fabs(l: &mut Lift, op: Op) {
    signs(l, op, |sign| !sign, false);
}

/// FNEG (vector).
fn fneg(l: &mut Lift, op: Op) {
    signs(l, op, |sign| sign, true);
}

fn convert_to_integers(l: &mut Lift, op: Op, mode: Mode, signed: bool) {
    if let Some(numbers) = numbers(l, op) {
        to_integers(l, op, numbers, mode, signed, 0);
    }
}

/// FCVTNS (vector).
fn fcvtns(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Nearest, true);
}

/// FCVTNU (vector).
fn fcvtnu(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Nearest, false);
}

/// FCVTPS (vector).
fn fcvtps(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Up, true);
}

/// FCVTPU (vector).
fn fcvtpu(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Up, false);
}

/// FCVTMS (vector).
fn fcvtms(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Down, true);
}

/// FCVTMU (vector).
fn fcvtmu(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Down, false);
}

/// FCVTZS (vector, integer).
fn fcvtzs(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Zero, true);
}

/// FCVTZU (vector, integer).
fn fcvtzu(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Zero, false);
}

/// FCVTAS (vector).
fn fcvtas(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Away, true);
}

/// FCVTAU (vector).
fn fcvtau(l: &mut Lift, op: Op) {
    convert_to_integers(l, op, Mode::Away, false);
}

/// SCVTF (vector, integer).
fn scvtf(l: &mut Lift, op: Op) {
    if let Some(numbers) = numbers(l, op) {
        from_integers(l, op, numbers, true, 0);
    }
}

/// UCVTF (vector, integer).
fn ucvtf(l: &mut Lift, op: Op) {
    if let Some(numbers) = numbers(l, op) {
        from_integers(l, op, numbers, false, 0);
    }
}

/// Rd = a mask of where the helper says 1 for Rn and zero, or for zero and Rn.
fn compare_with_zero(l: &mut Lift, op: Op, trio: Trio, zero_first: bool) {
    let Some(numbers) = numbers(l, op) else { return };
    let a = l.v(op.rn());
    let zero = l.constant_number(numbers.precision, 0);
    let result = l.each_lane(numbers, &[a], |l, args| {
        let operands = if zero_first { [zero, args[0]] } else { [args[0], zero] };
        let holds = l.float(trio, numbers.precision, &operands);
        l.mask_of(numbers.precision.ty(), holds)
    });
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FCMEQ (zero).
fn fcmeq(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, Trio::new("fcmeq.h"), false);
}

/// FCMGE (zero).
fn fcmge(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, Trio::new("fcmle.h"), true);
}

/// FCMGT (zero).
fn fcmgt(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, Trio::new("fcmlt.h"), true);
}

/// FCMLE (zero).
fn fcmle(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, Trio::new("fcmle.h"), false);
}

/// FCMLT (zero).
fn fcmlt(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, Trio::new("fcmlt.h"), false);
}
