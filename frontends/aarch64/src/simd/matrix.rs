//! Products of matrices of bytes, and of signed by unsigned bytes (FEAT_I8MM).
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three-register extension" and
//! "Advanced SIMD vector x indexed element", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::element::element;
use super::encoding::extent;
use super::extra::four_products;
use super::register::Shape;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD three-register extension. Letters: `q` Q, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("usdot",  "0 q 0 01110 10 0 mmmmm 1 0011 1 nnnnn ddddd", usdot as LiftFn),
    row("smmla",  "0 1 0 01110 10 0 mmmmm 1 0100 1 nnnnn ddddd", smmla),
    row("ummla",  "0 1 1 01110 10 0 mmmmm 1 0100 1 nnnnn ddddd", ummla),
    row("usmmla", "0 1 0 01110 10 0 mmmmm 1 0101 1 nnnnn ddddd", usmmla),
];

/// Advanced SIMD vector x indexed element. Letters: `l` L, `k` M, `h` H.
#[rustfmt::skip]
pub const ELEMENT: &[Row<LiftFn>] = &[
    row("sudot", "0 q 0 01111 00 l k mmmm 1111 h 0 nnnnn ddddd", sudot_element as LiftFn),
    row("usdot", "0 q 0 01111 10 l k mmmm 1111 h 0 nnnnn ddddd", usdot_element),
];

/// Rd = Rd + sums of four products, `true` says which bytes are signed.
fn dot(l: &mut Lift, op: Op, b: Value, a_signed: bool, b_signed: bool) {
    let shape = Shape { lanes: Lanes::I32x4, extent: extent(op) };
    let (d, a) = (l.v(op.rd()), l.v(op.rn()));
    let sums = four_products(l, [(a, a_signed), (b, b_signed)]);
    let result = l.b.lanes(shape.lanes).iadd(d, sums);
    l.set_shaped(op.rd(), shape, result);
}

/// USDOT (vector).
fn usdot(l: &mut Lift, op: Op) {
    let b = l.v(op.rm());
    dot(l, op, b, false, true);
}

/// USDOT (by element): the element is four bytes.
fn usdot_element(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I32);
    dot(l, op, b, false, true);
}

/// SUDOT (by element): the element is four bytes.
fn sudot_element(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I32);
    dot(l, op, b, true, false);
}

/// Rd = Rd + Rn × Rm: rows of eight bytes by rows of eight bytes, which are the
/// second matrix's columns.
fn multiply(l: &mut Lift, op: Op, a_signed: bool, b_signed: bool) {
    let (d, a, b) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let [first, second] = [0, 1].map(|index| {
        let row = l.half(a, index);
        let row = l.b.lanes(Lanes::I64x2).splat(row);
        four_products(l, [(row, a_signed), (b, b_signed)])
    });
    let words = l.b.lanes(Lanes::I32x4).iadd_pairwise(first, second);
    let result = l.b.lanes(Lanes::I32x4).iadd(d, words);
    l.set_v(op.rd(), result);
}

/// SMMLA.
fn smmla(l: &mut Lift, op: Op) {
    multiply(l, op, true, true);
}

/// UMMLA.
fn ummla(l: &mut Lift, op: Op) {
    multiply(l, op, false, false);
}

/// USMMLA.
fn usmmla(l: &mut Lift, op: Op) {
    multiply(l, op, false, true);
}
