//! Three registers of the same type, integers.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three same" and "Advanced
//! SIMD scalar three same", and chapter C7.

use guest::{Row, row};
use ir::{IntCC, LaneBinaryOp, Lanes, Type, Value};

use super::bitwise::{and, bic, bif, bit, bsl, eor, orn, orr};
use super::doubling::doubled_high;
use super::packed::Code;
use super::register::{Extent, Shape};
use super::register_shift::{sqrshl, sqshl, srshl, sshl, uqrshl, uqshl, urshl, ushl};
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Advanced SIMD three same, of integers. Letters: `q` Q, `s` size, `m` Rm,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("shadd",    "0 q 0 01110 ss 1 mmmmm 00000 1 nnnnn ddddd", shadd as LiftFn),
    row("sqadd",    "0 q 0 01110 ss 1 mmmmm 00001 1 nnnnn ddddd", sqadd),
    row("srhadd",   "0 q 0 01110 ss 1 mmmmm 00010 1 nnnnn ddddd", srhadd),
    row("and",      "0 q 0 01110 00 1 mmmmm 00011 1 nnnnn ddddd", and),
    row("bic",      "0 q 0 01110 01 1 mmmmm 00011 1 nnnnn ddddd", bic),
    row("orr",      "0 q 0 01110 10 1 mmmmm 00011 1 nnnnn ddddd", orr),
    row("orn",      "0 q 0 01110 11 1 mmmmm 00011 1 nnnnn ddddd", orn),
    row("shsub",    "0 q 0 01110 ss 1 mmmmm 00100 1 nnnnn ddddd", shsub),
    row("sqsub",    "0 q 0 01110 ss 1 mmmmm 00101 1 nnnnn ddddd", sqsub),
    row("cmgt",     "0 q 0 01110 ss 1 mmmmm 00110 1 nnnnn ddddd", cmgt),
    row("cmge",     "0 q 0 01110 ss 1 mmmmm 00111 1 nnnnn ddddd", cmge),
    row("sshl",     "0 q 0 01110 ss 1 mmmmm 01000 1 nnnnn ddddd", sshl),
    row("sqshl",    "0 q 0 01110 ss 1 mmmmm 01001 1 nnnnn ddddd", sqshl),
    row("srshl",    "0 q 0 01110 ss 1 mmmmm 01010 1 nnnnn ddddd", srshl),
    row("sqrshl",   "0 q 0 01110 ss 1 mmmmm 01011 1 nnnnn ddddd", sqrshl),
    row("smax",     "0 q 0 01110 ss 1 mmmmm 01100 1 nnnnn ddddd", smax),
    row("smin",     "0 q 0 01110 ss 1 mmmmm 01101 1 nnnnn ddddd", smin),
    row("sabd",     "0 q 0 01110 ss 1 mmmmm 01110 1 nnnnn ddddd", sabd),
    row("saba",     "0 q 0 01110 ss 1 mmmmm 01111 1 nnnnn ddddd", saba),
    row("add",      "0 q 0 01110 ss 1 mmmmm 10000 1 nnnnn ddddd", add),
    row("cmtst",    "0 q 0 01110 ss 1 mmmmm 10001 1 nnnnn ddddd", cmtst),
    row("mla",      "0 q 0 01110 ss 1 mmmmm 10010 1 nnnnn ddddd", mla),
    row("mul",      "0 q 0 01110 ss 1 mmmmm 10011 1 nnnnn ddddd", mul),
    row("smaxp",    "0 q 0 01110 ss 1 mmmmm 10100 1 nnnnn ddddd", smaxp),
    row("sminp",    "0 q 0 01110 ss 1 mmmmm 10101 1 nnnnn ddddd", sminp),
    row("sqdmulh",  "0 q 0 01110 ss 1 mmmmm 10110 1 nnnnn ddddd", sqdmulh),
    row("addp",     "0 q 0 01110 ss 1 mmmmm 10111 1 nnnnn ddddd", addp),
    row("uhadd",    "0 q 1 01110 ss 1 mmmmm 00000 1 nnnnn ddddd", uhadd),
    row("uqadd",    "0 q 1 01110 ss 1 mmmmm 00001 1 nnnnn ddddd", uqadd),
    row("urhadd",   "0 q 1 01110 ss 1 mmmmm 00010 1 nnnnn ddddd", urhadd),
    row("eor",      "0 q 1 01110 00 1 mmmmm 00011 1 nnnnn ddddd", eor),
    row("bsl",      "0 q 1 01110 01 1 mmmmm 00011 1 nnnnn ddddd", bsl),
    row("bit",      "0 q 1 01110 10 1 mmmmm 00011 1 nnnnn ddddd", bit),
    row("bif",      "0 q 1 01110 11 1 mmmmm 00011 1 nnnnn ddddd", bif),
    row("uhsub",    "0 q 1 01110 ss 1 mmmmm 00100 1 nnnnn ddddd", uhsub),
    row("uqsub",    "0 q 1 01110 ss 1 mmmmm 00101 1 nnnnn ddddd", uqsub),
    row("cmhi",     "0 q 1 01110 ss 1 mmmmm 00110 1 nnnnn ddddd", cmhi),
    row("cmhs",     "0 q 1 01110 ss 1 mmmmm 00111 1 nnnnn ddddd", cmhs),
    row("ushl",     "0 q 1 01110 ss 1 mmmmm 01000 1 nnnnn ddddd", ushl),
    row("uqshl",    "0 q 1 01110 ss 1 mmmmm 01001 1 nnnnn ddddd", uqshl),
    row("urshl",    "0 q 1 01110 ss 1 mmmmm 01010 1 nnnnn ddddd", urshl),
    row("uqrshl",   "0 q 1 01110 ss 1 mmmmm 01011 1 nnnnn ddddd", uqrshl),
    row("umax",     "0 q 1 01110 ss 1 mmmmm 01100 1 nnnnn ddddd", umax),
    row("umin",     "0 q 1 01110 ss 1 mmmmm 01101 1 nnnnn ddddd", umin),
    row("uabd",     "0 q 1 01110 ss 1 mmmmm 01110 1 nnnnn ddddd", uabd),
    row("uaba",     "0 q 1 01110 ss 1 mmmmm 01111 1 nnnnn ddddd", uaba),
    row("sub",      "0 q 1 01110 ss 1 mmmmm 10000 1 nnnnn ddddd", sub),
    row("cmeq",     "0 q 1 01110 ss 1 mmmmm 10001 1 nnnnn ddddd", cmeq),
    row("mls",      "0 q 1 01110 ss 1 mmmmm 10010 1 nnnnn ddddd", mls),
    row("pmul",     "0 q 1 01110 00 1 mmmmm 10011 1 nnnnn ddddd", pmul),
    row("umaxp",    "0 q 1 01110 ss 1 mmmmm 10100 1 nnnnn ddddd", umaxp),
    row("uminp",    "0 q 1 01110 ss 1 mmmmm 10101 1 nnnnn ddddd", uminp),
    row("sqrdmulh", "0 q 1 01110 ss 1 mmmmm 10110 1 nnnnn ddddd", sqrdmulh),
];

/// Advanced SIMD scalar three same, of integers. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("sqadd",    "01 0 11110 ss 1 mmmmm 00001 1 nnnnn ddddd", sqadd as LiftFn),
    row("sqsub",    "01 0 11110 ss 1 mmmmm 00101 1 nnnnn ddddd", sqsub),
    row("cmgt",     "01 0 11110 11 1 mmmmm 00110 1 nnnnn ddddd", cmgt),
    row("cmge",     "01 0 11110 11 1 mmmmm 00111 1 nnnnn ddddd", cmge),
    row("sshl",     "01 0 11110 11 1 mmmmm 01000 1 nnnnn ddddd", sshl),
    row("sqshl",    "01 0 11110 ss 1 mmmmm 01001 1 nnnnn ddddd", sqshl),
    row("srshl",    "01 0 11110 11 1 mmmmm 01010 1 nnnnn ddddd", srshl),
    row("sqrshl",   "01 0 11110 ss 1 mmmmm 01011 1 nnnnn ddddd", sqrshl),
    row("add",      "01 0 11110 11 1 mmmmm 10000 1 nnnnn ddddd", add),
    row("cmtst",    "01 0 11110 11 1 mmmmm 10001 1 nnnnn ddddd", cmtst),
    row("sqdmulh",  "01 0 11110 ss 1 mmmmm 10110 1 nnnnn ddddd", sqdmulh),
    row("uqadd",    "01 1 11110 ss 1 mmmmm 00001 1 nnnnn ddddd", uqadd),
    row("uqsub",    "01 1 11110 ss 1 mmmmm 00101 1 nnnnn ddddd", uqsub),
    row("cmhi",     "01 1 11110 11 1 mmmmm 00110 1 nnnnn ddddd", cmhi),
    row("cmhs",     "01 1 11110 11 1 mmmmm 00111 1 nnnnn ddddd", cmhs),
    row("ushl",     "01 1 11110 11 1 mmmmm 01000 1 nnnnn ddddd", ushl),
    row("uqshl",    "01 1 11110 ss 1 mmmmm 01001 1 nnnnn ddddd", uqshl),
    row("urshl",    "01 1 11110 11 1 mmmmm 01010 1 nnnnn ddddd", urshl),
    row("uqrshl",   "01 1 11110 ss 1 mmmmm 01011 1 nnnnn ddddd", uqrshl),
    row("sub",      "01 1 11110 11 1 mmmmm 10000 1 nnnnn ddddd", sub),
    row("cmeq",     "01 1 11110 11 1 mmmmm 10001 1 nnnnn ddddd", cmeq),
    row("sqrdmulh", "01 1 11110 ss 1 mmmmm 10110 1 nnnnn ddddd", sqrdmulh),
];

/// What an instruction makes of Rn and Rm.
type Operation = fn(&mut Lift<'_>, Shape, Value, Value) -> Value;

/// Rd = operation(Rn, Rm), with lanes of any width.
fn any(l: &mut Lift, op: Op, operation: Operation) {
    up_to(l, op, Type::I64, operation);
}

/// The same, with lanes no wider than `widest`.
fn up_to(l: &mut Lift, op: Op, widest: Type, operation: Operation) {
    if let Some(shape) = l.shape_up_to(op, widest) {
        let (a, b) = (l.v(op.rn()), l.v(op.rm()));
        let result = operation(l, shape, a, b);
        l.set_shaped(op.rd(), shape, result);
    }
}

/// The same, with an operation of the IR's.
fn plain(l: &mut Lift, op: Op, widest: Type, operation: LaneBinaryOp) {
    if let Some(shape) = l.shape_up_to(op, widest) {
        let (a, b) = (l.v(op.rn()), l.v(op.rm()));
        let result = l.b.lanes(shape.lanes).binary(operation, a, b);
        l.set_shaped(op.rd(), shape, result);
    }
}

/// (Rn + Rm) ÷ 2, or (Rn − Rm) ÷ 2, cut. Without a carry: the bits that both
/// have count whole, those that one has half.
fn halving(l: &mut Lift, op: Op, signed: bool, subtract: bool) {
    let Some(shape) = l.shape_up_to(op, Type::I32) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let one = l.b.vxor(a, b);
    let lanes = shape.lanes;
    let half = if signed { l.b.lanes(lanes).sshr_const(one, 1) } else { l.b.lanes(lanes).ushr_const(one, 1) };
    let result = if subtract {
        let not_a = l.b.vnot(a);
        let borrow = l.b.vand(not_a, b);
        l.b.lanes(lanes).isub(half, borrow)
    } else {
        let both = l.b.vand(a, b);
        l.b.lanes(lanes).iadd(half, both)
    };
    l.set_shaped(op.rd(), shape, result);
}

/// SHADD: halves of sums.
fn shadd(l: &mut Lift, op: Op) {
    halving(l, op, true, false);
}

/// UHADD: halves of sums.
fn uhadd(l: &mut Lift, op: Op) {
    halving(l, op, false, false);
}

/// SHSUB: halves of differences.
fn shsub(l: &mut Lift, op: Op) {
    halving(l, op, true, true);
}

/// UHSUB: halves of differences.
fn uhsub(l: &mut Lift, op: Op) {
    halving(l, op, false, true);
}

/// SRHADD: halves of sums, rounded up.
fn srhadd(l: &mut Lift, op: Op) {
    up_to(l, op, Type::I32, |l, shape, a, b| {
        let (either, one) = (l.b.vor(a, b), l.b.vxor(a, b));
        let half = l.b.lanes(shape.lanes).sshr_const(one, 1);
        l.b.lanes(shape.lanes).isub(either, half)
    });
}

/// URHADD: halves of sums, rounded up.
fn urhadd(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::AvgRound);
}

/// Rd = the saturated result; QC says where that is not the wrapped one.
fn saturating(l: &mut Lift, op: Op, saturated: LaneBinaryOp, wrapped: LaneBinaryOp) {
    let Some(shape) = l.shape(op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let result = l.b.lanes(shape.lanes).binary(saturated, a, b);
    let other = l.b.lanes(shape.lanes).binary(wrapped, a, b);
    let difference = l.b.vxor(result, other);
    l.note_saturation(shape, difference);
    l.set_shaped(op.rd(), shape, result);
}

/// SQADD: sums, saturated.
fn sqadd(l: &mut Lift, op: Op) {
    saturating(l, op, LaneBinaryOp::SaddSat, LaneBinaryOp::Iadd);
}

/// UQADD: sums, saturated.
fn uqadd(l: &mut Lift, op: Op) {
    saturating(l, op, LaneBinaryOp::UaddSat, LaneBinaryOp::Iadd);
}

/// SQSUB: differences, saturated.
fn sqsub(l: &mut Lift, op: Op) {
    saturating(l, op, LaneBinaryOp::SsubSat, LaneBinaryOp::Isub);
}

/// UQSUB: differences, saturated.
fn uqsub(l: &mut Lift, op: Op) {
    saturating(l, op, LaneBinaryOp::UsubSat, LaneBinaryOp::Isub);
}

/// Rd = a mask of the lanes for which `cond` holds.
fn compare(l: &mut Lift, op: Op, cond: IntCC) {
    let Some(shape) = l.shape(op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let mask = l.b.lanes(shape.lanes).icmp(cond, a, b);
    l.set_shaped(op.rd(), shape, mask);
}

/// CMGT (register).
fn cmgt(l: &mut Lift, op: Op) {
    compare(l, op, IntCC::Sgt);
}

/// CMGE (register).
fn cmge(l: &mut Lift, op: Op) {
    compare(l, op, IntCC::Sge);
}

/// CMHI (register).
fn cmhi(l: &mut Lift, op: Op) {
    compare(l, op, IntCC::Ugt);
}

/// CMHS (register).
fn cmhs(l: &mut Lift, op: Op) {
    compare(l, op, IntCC::Uge);
}

/// CMEQ (register).
fn cmeq(l: &mut Lift, op: Op) {
    compare(l, op, IntCC::Eq);
}

/// CMTST: a mask of the lanes that have a bit in common.
fn cmtst(l: &mut Lift, op: Op) {
    any(l, op, |l, shape, a, b| {
        let (common, zero) = (l.b.vand(a, b), l.b.vconst(0));
        l.b.lanes(shape.lanes).icmp(IntCC::Ne, common, zero)
    });
}

/// SMAX.
fn smax(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::Smax);
}

/// SMIN.
fn smin(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::Smin);
}

/// UMAX.
fn umax(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::Umax);
}

/// UMIN.
fn umin(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::Umin);
}

/// |a − b| of lanes.
pub fn absolute_difference(l: &mut Lift<'_>, lanes: Lanes, signed: bool, a: Value, b: Value) -> Value {
    let (max, min) = if signed {
        (LaneBinaryOp::Smax, LaneBinaryOp::Smin)
    } else {
        (LaneBinaryOp::Umax, LaneBinaryOp::Umin)
    };
    let (max, min) = (l.b.lanes(lanes).binary(max, a, b), l.b.lanes(lanes).binary(min, a, b));
    l.b.lanes(lanes).isub(max, min)
}

/// SABD.
fn sabd(l: &mut Lift, op: Op) {
    up_to(l, op, Type::I32, |l, shape, a, b| absolute_difference(l, shape.lanes, true, a, b));
}

/// UABD.
fn uabd(l: &mut Lift, op: Op) {
    up_to(l, op, Type::I32, |l, shape, a, b| absolute_difference(l, shape.lanes, false, a, b));
}

/// Rd = Rd + |Rn − Rm|.
fn accumulate_difference(l: &mut Lift, op: Op, signed: bool) {
    let Some(shape) = l.shape_up_to(op, Type::I32) else { return };
    let (a, b, d) = (l.v(op.rn()), l.v(op.rm()), l.v(op.rd()));
    let difference = absolute_difference(l, shape.lanes, signed, a, b);
    let sum = l.b.lanes(shape.lanes).iadd(d, difference);
    l.set_shaped(op.rd(), shape, sum);
}

/// SABA.
fn saba(l: &mut Lift, op: Op) {
    accumulate_difference(l, op, true);
}

/// UABA.
fn uaba(l: &mut Lift, op: Op) {
    accumulate_difference(l, op, false);
}

/// ADD (vector).
fn add(l: &mut Lift, op: Op) {
    plain(l, op, Type::I64, LaneBinaryOp::Iadd);
}

/// SUB (vector).
fn sub(l: &mut Lift, op: Op) {
    plain(l, op, Type::I64, LaneBinaryOp::Isub);
}

/// MUL (vector).
fn mul(l: &mut Lift, op: Op) {
    plain(l, op, Type::I32, LaneBinaryOp::Imul);
}

/// Rd = Rd ± Rn × Rm.
fn multiply_accumulate(l: &mut Lift, op: Op, subtract: bool) {
    let Some(shape) = l.shape_up_to(op, Type::I32) else { return };
    let (a, b, d) = (l.v(op.rn()), l.v(op.rm()), l.v(op.rd()));
    let product = l.b.lanes(shape.lanes).imul(a, b);
    let lanes = l.b.lanes(shape.lanes);
    let result = if subtract { lanes.isub(d, product) } else { lanes.iadd(d, product) };
    l.set_shaped(op.rd(), shape, result);
}

/// MLA (vector).
fn mla(l: &mut Lift, op: Op) {
    multiply_accumulate(l, op, false);
}

/// MLS (vector).
fn mls(l: &mut Lift, op: Op) {
    multiply_accumulate(l, op, true);
}

/// PMUL: low halves of products of polynomials over {0, 1}.
fn pmul(l: &mut Lift, op: Op) {
    any(l, op, |l, shape, a, b| {
        l.packed(helpers::id("lanes.pmul"), shape, &[a, b], Code::new(shape.lanes, 0))
    });
}

/// The first ones and the second ones of the pairs of neighbours, of `a` and
/// then of `b`.
pub fn pairs(l: &mut Lift<'_>, shape: Shape, a: Value, b: Value) -> [Value; 2] {
    let bytes = shape.lanes.ty().bytes();
    let count = shape.count();
    [0, 1].map(|place| {
        let numbers = std::array::from_fn(|at| {
            let (lane, byte) = (at as u8 / bytes, at as u8 % bytes);
            let from = 2 * lane + place;
            match from.checked_sub(count) {
                None => from * bytes + byte,
                Some(from) if from < count => 16 + from * bytes + byte,
                Some(_) => u8::MAX,
            }
        });
        l.b.shuffle(a, b, numbers)
    })
}

/// Rd = operation of neighbours: those of Rn, then those of Rm.
fn pairwise(l: &mut Lift, op: Op, widest: Type, operation: LaneBinaryOp) {
    let Some(shape) = l.shape_up_to(op, widest) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let result = if operation == LaneBinaryOp::Iadd && shape.extent == Extent::Full {
        l.b.lanes(shape.lanes).iadd_pairwise(a, b)
    } else {
        let [first, second] = pairs(l, shape, a, b);
        l.b.lanes(shape.lanes).binary(operation, first, second)
    };
    l.set_shaped(op.rd(), shape, result);
}

/// ADDP (vector).
fn addp(l: &mut Lift, op: Op) {
    pairwise(l, op, Type::I64, LaneBinaryOp::Iadd);
}

/// SMAXP.
fn smaxp(l: &mut Lift, op: Op) {
    pairwise(l, op, Type::I32, LaneBinaryOp::Smax);
}

/// SMINP.
fn sminp(l: &mut Lift, op: Op) {
    pairwise(l, op, Type::I32, LaneBinaryOp::Smin);
}

/// UMAXP.
fn umaxp(l: &mut Lift, op: Op) {
    pairwise(l, op, Type::I32, LaneBinaryOp::Umax);
}

/// UMINP.
fn uminp(l: &mut Lift, op: Op) {
    pairwise(l, op, Type::I32, LaneBinaryOp::Umin);
}

/// The high halves of doubled products.
fn doubling_high(l: &mut Lift, op: Op, rounding: bool) {
    let Some(shape) = l.shape_between(op, Type::I16, Type::I32) else { return };
    let operands = [l.v(op.rn()), l.v(op.rm())];
    let result = doubled_high(l, shape, operands, rounding);
    l.set_shaped(op.rd(), shape, result);
}

/// SQDMULH (vector).
fn sqdmulh(l: &mut Lift, op: Op) {
    doubling_high(l, op, false);
}

/// SQRDMULH (vector).
fn sqrdmulh(l: &mut Lift, op: Op) {
    doubling_high(l, op, true);
}
