//! Three registers, of which some have lanes twice as wide as others.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three different" and
//! "Advanced SIMD scalar three different", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Value};

use super::doubling::doubled_long;
use super::encoding::{extent, is_scalar, lanes_by_size, size};
use super::packed::Code;
use super::register::{Extent, Shape};
use super::three_same::absolute_difference;
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Advanced SIMD three different. Letters: `q` Q, `s` size, `m` Rm, `n` Rn,
/// `d` Rd. With Q, the narrow lanes are the upper ones.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("saddl",   "0 q 0 01110 ss 1 mmmmm 0000 00 nnnnn ddddd", saddl as LiftFn),
    row("saddw",   "0 q 0 01110 ss 1 mmmmm 0001 00 nnnnn ddddd", saddw),
    row("ssubl",   "0 q 0 01110 ss 1 mmmmm 0010 00 nnnnn ddddd", ssubl),
    row("ssubw",   "0 q 0 01110 ss 1 mmmmm 0011 00 nnnnn ddddd", ssubw),
    row("addhn",   "0 q 0 01110 ss 1 mmmmm 0100 00 nnnnn ddddd", addhn),
    row("sabal",   "0 q 0 01110 ss 1 mmmmm 0101 00 nnnnn ddddd", sabal),
    row("subhn",   "0 q 0 01110 ss 1 mmmmm 0110 00 nnnnn ddddd", subhn),
    row("sabdl",   "0 q 0 01110 ss 1 mmmmm 0111 00 nnnnn ddddd", sabdl),
    row("smlal",   "0 q 0 01110 ss 1 mmmmm 1000 00 nnnnn ddddd", smlal),
    row("sqdmlal", "0 q 0 01110 ss 1 mmmmm 1001 00 nnnnn ddddd", sqdmlal),
    row("smlsl",   "0 q 0 01110 ss 1 mmmmm 1010 00 nnnnn ddddd", smlsl),
    row("sqdmlsl", "0 q 0 01110 ss 1 mmmmm 1011 00 nnnnn ddddd", sqdmlsl),
    row("smull",   "0 q 0 01110 ss 1 mmmmm 1100 00 nnnnn ddddd", smull),
    row("sqdmull", "0 q 0 01110 ss 1 mmmmm 1101 00 nnnnn ddddd", sqdmull),
    row("pmull",   "0 q 0 01110 00 1 mmmmm 1110 00 nnnnn ddddd", pmull),
    row("uaddl",   "0 q 1 01110 ss 1 mmmmm 0000 00 nnnnn ddddd", uaddl),
    row("uaddw",   "0 q 1 01110 ss 1 mmmmm 0001 00 nnnnn ddddd", uaddw),
    row("usubl",   "0 q 1 01110 ss 1 mmmmm 0010 00 nnnnn ddddd", usubl),
    row("usubw",   "0 q 1 01110 ss 1 mmmmm 0011 00 nnnnn ddddd", usubw),
    row("raddhn",  "0 q 1 01110 ss 1 mmmmm 0100 00 nnnnn ddddd", raddhn),
    row("uabal",   "0 q 1 01110 ss 1 mmmmm 0101 00 nnnnn ddddd", uabal),
    row("rsubhn",  "0 q 1 01110 ss 1 mmmmm 0110 00 nnnnn ddddd", rsubhn),
    row("uabdl",   "0 q 1 01110 ss 1 mmmmm 0111 00 nnnnn ddddd", uabdl),
    row("umlal",   "0 q 1 01110 ss 1 mmmmm 1000 00 nnnnn ddddd", umlal),
    row("umlsl",   "0 q 1 01110 ss 1 mmmmm 1010 00 nnnnn ddddd", umlsl),
    row("umull",   "0 q 1 01110 ss 1 mmmmm 1100 00 nnnnn ddddd", umull),
];

/// The same table, FEAT_PMULL.
#[rustfmt::skip]
pub const PMULL: &[Row<LiftFn>] = &[
    row("pmull", "0 q 0 01110 11 1 mmmmm 1110 00 nnnnn ddddd", pmull_64 as LiftFn),
];

/// Advanced SIMD scalar three different. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("sqdmlal", "01 0 11110 ss 1 mmmmm 1001 00 nnnnn ddddd", sqdmlal as LiftFn),
    row("sqdmlsl", "01 0 11110 ss 1 mmmmm 1011 00 nnnnn ddddd", sqdmlsl),
    row("sqdmull", "01 0 11110 ss 1 mmmmm 1101 00 nnnnn ddddd", sqdmull),
];

/// The lanes of `narrow` that the instruction reads, at twice their width.
pub fn widened(l: &mut Lift<'_>, op: Op, lanes: Lanes, signed: bool, narrow: Value) -> Value {
    let upper = !is_scalar(op) && op.bit(30);
    let lanes = l.b.lanes(lanes);
    match (signed, upper) {
        (true, false) => lanes.swiden_low(narrow),
        (true, true) => lanes.swiden_high(narrow),
        (false, false) => lanes.uwiden_low(narrow),
        (false, true) => lanes.uwiden_high(narrow),
    }
}

/// The narrow lanes, and the shape of the wide ones; `None` if there are no
/// wider ones, and then the instruction has become undefined.
fn shapes(l: &mut Lift, op: Op) -> Option<(Lanes, Shape)> {
    let narrow = lanes_by_size(size(op));
    let Some(wide) = narrow.wider() else {
        l.undefined();
        return None;
    };
    let extent = if is_scalar(op) { Extent::Scalar } else { Extent::Full };
    Some((narrow, Shape { lanes: wide, extent }))
}

/// What an instruction makes of the wide Rn and Rm.
type Operation = fn(&mut Lift<'_>, Lanes, Value, Value) -> Value;

fn sum(l: &mut Lift<'_>, lanes: Lanes, a: Value, b: Value) -> Value {
    l.b.lanes(lanes).iadd(a, b)
}

fn difference(l: &mut Lift<'_>, lanes: Lanes, a: Value, b: Value) -> Value {
    l.b.lanes(lanes).isub(a, b)
}

fn product(l: &mut Lift<'_>, lanes: Lanes, a: Value, b: Value) -> Value {
    l.b.lanes(lanes).imul(a, b)
}

fn distance(l: &mut Lift<'_>, lanes: Lanes, a: Value, b: Value) -> Value {
    // Widened, both kinds of lanes are in the range of signed ones.
    absolute_difference(l, lanes, true, a, b)
}

/// What becomes of Rd.
#[derive(Clone, Copy)]
enum Accumulate {
    Not,
    Add,
    Subtract,
}

/// Rd = Rd ± operation(Rn, Rm), or without Rd; Rn and Rm widened.
fn long(l: &mut Lift, op: Op, signed: bool, operation: Operation, accumulate: Accumulate) {
    let Some((narrow, shape)) = shapes(l, op) else { return };
    let [a, b] = [op.rn(), op.rm()].map(|n| {
        let value = l.v(n);
        widened(l, op, narrow, signed, value)
    });
    let result = operation(l, shape.lanes, a, b);
    let d = l.v(op.rd());
    let result = match accumulate {
        Accumulate::Not => result,
        Accumulate::Add => l.b.lanes(shape.lanes).iadd(d, result),
        Accumulate::Subtract => l.b.lanes(shape.lanes).isub(d, result),
    };
    l.set_shaped(op.rd(), shape, result);
}

/// Rd = operation(Rn, Rm), Rm widened.
fn wide(l: &mut Lift, op: Op, signed: bool, operation: Operation) {
    let Some((narrow, shape)) = shapes(l, op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let b = widened(l, op, narrow, signed, b);
    let result = operation(l, shape.lanes, a, b);
    l.set_shaped(op.rd(), shape, result);
}

/// SADDL.
fn saddl(l: &mut Lift, op: Op) {
    long(l, op, true, sum, Accumulate::Not);
}

/// UADDL.
fn uaddl(l: &mut Lift, op: Op) {
    long(l, op, false, sum, Accumulate::Not);
}

/// SSUBL.
fn ssubl(l: &mut Lift, op: Op) {
    long(l, op, true, difference, Accumulate::Not);
}

/// USUBL.
fn usubl(l: &mut Lift, op: Op) {
    long(l, op, false, difference, Accumulate::Not);
}

/// SADDW.
fn saddw(l: &mut Lift, op: Op) {
    wide(l, op, true, sum);
}

/// UADDW.
fn uaddw(l: &mut Lift, op: Op) {
    wide(l, op, false, sum);
}

/// SSUBW.
fn ssubw(l: &mut Lift, op: Op) {
    wide(l, op, true, difference);
}

/// USUBW.
fn usubw(l: &mut Lift, op: Op) {
    wide(l, op, false, difference);
}

/// SABDL.
fn sabdl(l: &mut Lift, op: Op) {
    long(l, op, true, distance, Accumulate::Not);
}

/// UABDL.
fn uabdl(l: &mut Lift, op: Op) {
    long(l, op, false, |l, lanes, a, b| absolute_difference(l, lanes, false, a, b), Accumulate::Not);
}

/// SABAL.
fn sabal(l: &mut Lift, op: Op) {
    long(l, op, true, distance, Accumulate::Add);
}

/// UABAL.
fn uabal(l: &mut Lift, op: Op) {
    long(l, op, false, |l, lanes, a, b| absolute_difference(l, lanes, false, a, b), Accumulate::Add);
}

/// SMULL (vector).
fn smull(l: &mut Lift, op: Op) {
    long(l, op, true, product, Accumulate::Not);
}

/// UMULL (vector).
fn umull(l: &mut Lift, op: Op) {
    long(l, op, false, product, Accumulate::Not);
}

/// SMLAL (vector).
fn smlal(l: &mut Lift, op: Op) {
    long(l, op, true, product, Accumulate::Add);
}

/// UMLAL (vector).
fn umlal(l: &mut Lift, op: Op) {
    long(l, op, false, product, Accumulate::Add);
}

/// SMLSL (vector).
fn smlsl(l: &mut Lift, op: Op) {
    long(l, op, true, product, Accumulate::Subtract);
}

/// UMLSL (vector).
fn umlsl(l: &mut Lift, op: Op) {
    long(l, op, false, product, Accumulate::Subtract);
}

/// Writes narrow lanes to the lower half of Rd, and zero to the upper one; with
/// Q to the upper half, and the lower one stays.
pub fn set_narrow(l: &mut Lift<'_>, op: Op, narrow: Value) {
    if extent(op) == Extent::Full {
        let (old, low) = (l.v(op.rd()), l.half(narrow, 0));
        let result = l.b.lanes(Lanes::I64x2).insert(old, 1, low);
        l.set_v(op.rd(), result);
    } else {
        let low = l.half(narrow, 0);
        l.set_d(op.rd(), low);
    }
}

/// Rd = the upper halves of the lanes of `operation(Rn, Rm)`.
fn high_narrow(l: &mut Lift, op: Op, operation: Operation, rounding: bool) {
    let Some((narrow, shape)) = shapes(l, op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let mut result = operation(l, shape.lanes, a, b);
    let bits = u64::from(narrow.ty().bits());
    if rounding {
        let half = l.b.lanes(shape.lanes).splat_const(1 << (bits - 1));
        result = l.b.lanes(shape.lanes).iadd(result, half);
    }
    let upper = l.b.lanes(shape.lanes).ushr_const(result, bits);
    let result = l.b.lanes(shape.lanes).narrow(upper, upper);
    set_narrow(l, op, result);
}

/// ADDHN.
fn addhn(l: &mut Lift, op: Op) {
    high_narrow(l, op, sum, false);
}

/// RADDHN.
fn raddhn(l: &mut Lift, op: Op) {
    high_narrow(l, op, sum, true);
}

/// SUBHN.
fn subhn(l: &mut Lift, op: Op) {
    high_narrow(l, op, difference, false);
}

/// RSUBHN.
fn rsubhn(l: &mut Lift, op: Op) {
    high_narrow(l, op, difference, true);
}

/// The shape of wide lanes of doubled products, whose narrow ones have 16 or 32
/// bits.
fn doubling_shapes(l: &mut Lift, op: Op) -> Option<(Lanes, Shape)> {
    if size(op) == 0 {
        l.undefined();
        return None;
    }
    shapes(l, op)
}

/// Rd = 2 × Rn × Rm, or Rd ± that, saturated.
fn doubling(l: &mut Lift, op: Op, accumulate: Accumulate) {
    let Some((narrow, shape)) = doubling_shapes(l, op) else { return };
    let [a, b] = [op.rn(), op.rm()].map(|n| {
        let value = l.v(n);
        widened(l, op, narrow, true, value)
    });
    let d = l.v(op.rd());
    let accumulate = match accumulate {
        Accumulate::Not => None,
        Accumulate::Add => Some((d, false)),
        Accumulate::Subtract => Some((d, true)),
    };
    let result = doubled_long(l, shape, [a, b], accumulate);
    l.set_shaped(op.rd(), shape, result);
}

/// SQDMULL (vector).
fn sqdmull(l: &mut Lift, op: Op) {
    doubling(l, op, Accumulate::Not);
}

/// SQDMLAL (vector).
fn sqdmlal(l: &mut Lift, op: Op) {
    doubling(l, op, Accumulate::Add);
}

/// SQDMLSL (vector).
fn sqdmlsl(l: &mut Lift, op: Op) {
    doubling(l, op, Accumulate::Subtract);
}

/// PMULL: products of polynomials over {0, 1}, of bytes.
fn pmull(l: &mut Lift, op: Op) {
    let Some((narrow, shape)) = shapes(l, op) else { return };
    let [a, b] = [op.rn(), op.rm()].map(|n| {
        let value = l.v(n);
        widened(l, op, narrow, false, value)
    });
    let result = l.packed(helpers::id("lanes.pmul"), shape, &[a, b], Code::new(shape.lanes, 0));
    l.set_v(op.rd(), result);
}

/// PMULL: the product of polynomials of 64 bits.
fn pmull_64(l: &mut Lift, op: Op) {
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let words = l.b.lanes(Lanes::I64x2);
    let product = if op.bit(30) { words.clmul_high(a, b) } else { words.clmul_low(a, b) };
    l.set_v(op.rd(), product);
}
