//! Numbers in the format BFloat16 (FEAT_BF16), of which each is the upper half of
//! one in single precision.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three-register extension",
//! "Advanced SIMD vector x indexed element", "Advanced SIMD two-register
//! miscellaneous" and "Floating-point data-processing (1 source)", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::element::element;
use super::encoding::extent;
use super::register::{Extent, Shape};
use super::three_different::set_narrow;
use crate::fp::{Precision, Trio};
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Floating-point data-processing (1 source). Letters: `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const ONE_SOURCE: &[Row<LiftFn>] = &[
    row("bfcvt", "0 0 0 11110 01 1 000110 10000 nnnnn ddddd", bfcvt as LiftFn),
];

/// Advanced SIMD two-register miscellaneous. `q` is Q.
#[rustfmt::skip]
pub const NARROW: &[Row<LiftFn>] = &[
    row("bfcvtn", "0 q 0 01110 10 10000 10110 10 nnnnn ddddd", bfcvtn as LiftFn),
];

/// Advanced SIMD three-register extension. `m` is Rm.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("bfdot",   "0 q 1 01110 01 0 mmmmm 1 1111 1 nnnnn ddddd", bfdot as LiftFn),
    row("bfmmla",  "0 1 1 01110 01 0 mmmmm 1 1101 1 nnnnn ddddd", bfmmla),
    row("bfmlalb", "0 0 1 01110 11 0 mmmmm 1 1111 1 nnnnn ddddd", bfmlal),
    row("bfmlalt", "0 1 1 01110 11 0 mmmmm 1 1111 1 nnnnn ddddd", bfmlal),
];

/// Advanced SIMD vector x indexed element. Letters: `l` L, `k` M, `h` H.
#[rustfmt::skip]
pub const ELEMENT: &[Row<LiftFn>] = &[
    row("bfdot",   "0 q 0 01111 01 l k mmmm 1111 h 0 nnnnn ddddd", bfdot_element as LiftFn),
    row("bfmlalb", "0 0 0 01111 11 l k mmmm 1111 h 0 nnnnn ddddd", bfmlal_element),
    row("bfmlalt", "0 1 0 01111 11 l k mmmm 1111 h 0 nnnnn ddddd", bfmlal_element),
];

/// The number that a helper makes of one in single precision.
fn narrowed(l: &mut Lift, bits: Value) -> Value {
    let number = l.boxed(bits);
    let number = l.call(helpers::id("bfcvt"), &[number]);
    l.b.ireduce(Type::I16, number)
}

/// BFCVT.
fn bfcvt(l: &mut Lift, op: Op) {
    let bits = l.number_bits(Precision::Single, op.rn());
    let result = narrowed(l, bits);
    l.set_number_bits(op.rd(), result);
}

/// BFCVTN: to the lower half of Rd, or to its upper half, and the lower one stays.
fn bfcvtn(l: &mut Lift, op: Op) {
    let a = l.v(op.rn());
    let numbers: Vec<Value> = (0..4)
        .map(|index| {
            let bits = l.b.lanes(Lanes::I32x4).extract(a, index);
            narrowed(l, bits)
        })
        .collect();
    let narrow = l.vector_of(&numbers);
    set_narrow(l, op, narrow);
}

/// A sum of products of two pairs each, added to a number (`BFDotAdd`).
fn dot_add(l: &mut Lift, sum: Value, pairs: [Value; 2]) -> Value {
    let [a, b] = pairs.map(|pair| l.b.uextend(Type::I64, pair));
    let sum = l.b.uextend(Type::I64, sum);
    let result = l.call(helpers::id("bfdot"), &[sum, a, b]);
    l.b.ireduce(Type::I32, result)
}

/// Rd = Rd + products of two pairs of numbers each.
fn dot(l: &mut Lift, op: Op, b: Value) {
    let shape = Shape { lanes: Lanes::I32x4, extent: extent(op) };
    let (d, a) = (l.v(op.rd()), l.v(op.rn()));
    let words: Vec<Value> = (0..shape.count())
        .map(|index| {
            let [d, a, b] = [d, a, b].map(|v| l.b.lanes(shape.lanes).extract(v, index));
            dot_add(l, d, [a, b])
        })
        .collect();
    let result = l.vector_of(&words);
    l.set_shaped(op.rd(), shape, result);
}

/// BFDOT (vector).
fn bfdot(l: &mut Lift, op: Op) {
    let b = l.v(op.rm());
    dot(l, op, b);
}

/// BFDOT (by element): the element is two numbers.
fn bfdot_element(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I32);
    dot(l, op, b);
}

/// BFMMLA: rows of four numbers by rows of four, which are the second matrix's
/// columns.
fn bfmmla(l: &mut Lift, op: Op) {
    let (d, a, b) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let words: Vec<Value> = (0..4)
        .map(|index| {
            let (row, column) = (index / 2, index % 2);
            let sum = l.b.lanes(Lanes::I32x4).extract(d, index);
            (0..2).fold(sum, |sum, pair| {
                let a = l.b.lanes(Lanes::I32x4).extract(a, 2 * row + pair);
                let b = l.b.lanes(Lanes::I32x4).extract(b, 2 * column + pair);
                dot_add(l, sum, [a, b])
            })
        })
        .collect();
    let result = l.vector_of(&words);
    l.set_v(op.rd(), result);
}

/// Rd = Rd + products of the even numbers (or, with Q, the odd ones) of Rn and `b`,
/// in single precision.
fn multiply_long(l: &mut Lift, op: Op, b: Value) {
    let odd = op.bit(30);
    let d = l.v(op.rd());
    let a = l.v(op.rn());
    let [a, b] = [a, b].map(|v| {
        if odd {
            let upper = l.b.lanes(Lanes::I32x4).splat_const(0xffff_0000);
            l.b.vand(v, upper)
        } else {
            l.b.lanes(Lanes::I32x4).ishl_const(v, 16)
        }
    });
    let helper = Trio::new("fmadd.h").of(Precision::Single);
    let result = l.b.lanes(Lanes::I32x4).call(helper, &[a, b, d]);
    l.set_shaped(op.rd(), Shape { lanes: Lanes::I32x4, extent: Extent::Full }, result);
}

/// BFMLALB and BFMLALT (vector).
fn bfmlal(l: &mut Lift, op: Op) {
    let b = l.v(op.rm());
    multiply_long(l, op, b);
}

/// BFMLALB and BFMLALT (by element).
fn bfmlal_element(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I16);
    multiply_long(l, op, b);
}
