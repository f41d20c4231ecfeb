//! Products of half precision added in single precision (FEAT_FHM).
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three same" and "Advanced SIMD
//! vector x indexed element", and chapter C7 with `FPMulAddH`.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::element::element;
use super::encoding::extent;
use super::float_lanes::Numbers;
use super::register::Shape;
use crate::fp::{Precision, Trio};
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Advanced SIMD three same. Letters: `q` Q, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("fmlal",  "0 q 0 01110 00 1 mmmmm 11101 1 nnnnn ddddd", fmlal as LiftFn),
    row("fmlsl",  "0 q 0 01110 10 1 mmmmm 11101 1 nnnnn ddddd", fmlsl),
    row("fmlal2", "0 q 1 01110 00 1 mmmmm 11001 1 nnnnn ddddd", fmlal),
    row("fmlsl2", "0 q 1 01110 10 1 mmmmm 11001 1 nnnnn ddddd", fmlsl),
];

/// Advanced SIMD vector x indexed element. Letters: `l` L, `k` M, `h` H.
#[rustfmt::skip]
pub const ELEMENT: &[Row<LiftFn>] = &[
    row("fmlal",  "0 q 0 01111 10 l k mmmm 0000 h 0 nnnnn ddddd", fmlal_element as LiftFn),
    row("fmlsl",  "0 q 0 01111 10 l k mmmm 0100 h 0 nnnnn ddddd", fmlsl_element),
    row("fmlal2", "0 q 1 01111 10 l k mmmm 1000 h 0 nnnnn ddddd", fmlal_element),
    row("fmlsl2", "0 q 1 01111 10 l k mmmm 1100 h 0 nnnnn ddddd", fmlsl_element),
];

/// Rd = Rd ± products of the lower half of Rn's lanes and those of `b`; of the
/// upper half in the forms with a 2, which have bit 29 set.
fn multiply(l: &mut Lift, op: Op, b: Value, b_is_element: bool, negate: bool) {
    let shape = Shape { lanes: Lanes::I32x4, extent: extent(op) };
    let numbers = Numbers { precision: Precision::Single, shape };
    let first = if op.bit(29) { shape.count() } else { 0 };
    let a = l.v(op.rn());
    let [a, b] = [(a, first, negate), (b, if b_is_element { 0 } else { first }, false)]
        .map(|(v, first, negate)| widened(l, v, first, shape.count(), negate));
    let d = l.v(op.rd());
    let result = l.number_lanes(numbers, Trio::new("fmadd.h"), &[a, b, d]);
    l.set_shaped(op.rd(), shape, result);
}

/// Numbers in half precision from number `first` on, exactly, in single precision.
fn widened(l: &mut Lift, vector: Value, first: u8, count: u8, negate: bool) -> Value {
    let words: Vec<Value> = (0..count)
        .map(|index| {
            let half = l.b.lanes(Lanes::I16x8).extract(vector, first + index);
            let half = l.b.uextend(Type::I64, half);
            let half = if negate { l.negated(Precision::Half, half) } else { half };
            let single = l.call(helpers::id("half.widen"), &[half]);
            l.b.ireduce(Type::I32, single)
        })
        .collect();
    l.vector_of(&words)
}

fn with_vector(l: &mut Lift, op: Op, negate: bool) {
    let b = l.v(op.rm());
    multiply(l, op, b, false, negate);
}

/// FMLAL, FMLAL2 (vector).
fn fmlal(l: &mut Lift, op: Op) {
    with_vector(l, op, false);
}

/// FMLSL, FMLSL2 (vector).
fn fmlsl(l: &mut Lift, op: Op) {
    with_vector(l, op, true);
}

fn with_element(l: &mut Lift, op: Op, negate: bool) {
    let b = element(l, op, Type::I16);
    multiply(l, op, b, true, negate);
}

/// FMLAL, FMLAL2 (by element).
fn fmlal_element(l: &mut Lift, op: Op) {
    with_element(l, op, false);
}

/// FMLSL, FMLSL2 (by element).
fn fmlsl_element(l: &mut Lift, op: Op) {
    with_element(l, op, true);
}
