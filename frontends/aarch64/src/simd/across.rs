//! Across lanes, and scalar pairwise, integers.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD across lanes" and "Advanced
//! SIMD scalar pairwise", and chapter C7.

use guest::{Row, row};
use ir::{LaneBinaryOp, Lanes, Type, Value};

use super::encoding::{lanes_by_size, size};
use super::register::{Extent, Shape};
use super::two_register::sums_of_neighbours;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD across lanes, of integers. Letters: `q` Q, `s` size, `n` Rn,
/// `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("saddlv", "0 q 0 01110 ss 11000 00011 10 nnnnn ddddd", saddlv as LiftFn),
    row("smaxv",  "0 q 0 01110 ss 11000 01010 10 nnnnn ddddd", smaxv),
    row("sminv",  "0 q 0 01110 ss 11000 11010 10 nnnnn ddddd", sminv),
    row("addv",   "0 q 0 01110 ss 11000 11011 10 nnnnn ddddd", addv),
    row("uaddlv", "0 q 1 01110 ss 11000 00011 10 nnnnn ddddd", uaddlv),
    row("umaxv",  "0 q 1 01110 ss 11000 01010 10 nnnnn ddddd", umaxv),
    row("uminv",  "0 q 1 01110 ss 11000 11010 10 nnnnn ddddd", uminv),
];

/// Advanced SIMD scalar pairwise, of integers.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("addp", "01 0 11110 11 11000 11011 10 nnnnn ddddd", addp as LiftFn),
];

/// The shape; `None` for lanes of 64 bits and for vectors of two lanes, and then
/// the instruction has become undefined.
fn shape(l: &mut Lift, op: Op) -> Option<Shape> {
    let shape = l.shape_up_to(op, Type::I32)?;
    if shape.count() == 2 {
        l.undefined();
        return None;
    }
    Some(shape)
}

/// Lane 0 becomes `operation` of all lanes of the shape: halves are put on each
/// other until one lane is left.
fn reduced(l: &mut Lift<'_>, shape: Shape, operation: LaneBinaryOp, a: Value) -> Value {
    let mut value = a;
    let mut bytes = shape.count() * shape.lanes.ty().bytes();
    while bytes > shape.lanes.ty().bytes() {
        bytes /= 2;
        let upper = l.b.shuffle(value, value, std::array::from_fn(|at| (at as u8 + bytes) % 16));
        value = l.b.lanes(shape.lanes).binary(operation, value, upper);
    }
    value
}

/// Rd = operation of all lanes of Rn.
fn reduce(l: &mut Lift, op: Op, operation: LaneBinaryOp) {
    let Some(shape) = shape(l, op) else { return };
    let a = l.v(op.rn());
    let result = reduced(l, shape, operation, a);
    l.set_shaped(op.rd(), Shape { extent: Extent::Scalar, ..shape }, result);
}

/// SMAXV.
fn smaxv(l: &mut Lift, op: Op) {
    reduce(l, op, LaneBinaryOp::Smax);
}

/// SMINV.
fn sminv(l: &mut Lift, op: Op) {
    reduce(l, op, LaneBinaryOp::Smin);
}

/// UMAXV.
fn umaxv(l: &mut Lift, op: Op) {
    reduce(l, op, LaneBinaryOp::Umax);
}

/// UMINV.
fn uminv(l: &mut Lift, op: Op) {
    reduce(l, op, LaneBinaryOp::Umin);
}

/// ADDV.
fn addv(l: &mut Lift, op: Op) {
    reduce(l, op, LaneBinaryOp::Iadd);
}

/// Rd = the sum of all lanes of Rn at twice the width.
fn add_long(l: &mut Lift, op: Op, signed: bool) {
    let Some(shape) = shape(l, op) else { return };
    let wide = match lanes_by_size(size(op)) {
        Lanes::I8x16 => Lanes::I16x8,
        Lanes::I16x8 => Lanes::I32x4,
        _ => Lanes::I64x2,
    };
    let a = l.v(op.rn());
    let sums = sums_of_neighbours(l, shape.lanes, wide, signed, a);
    let result = reduced(l, shape.with(wide), LaneBinaryOp::Iadd, sums);
    l.set_shaped(op.rd(), Shape { lanes: wide, extent: Extent::Scalar }, result);
}

/// SADDLV.
fn saddlv(l: &mut Lift, op: Op) {
    add_long(l, op, true);
}

/// UADDLV.
fn uaddlv(l: &mut Lift, op: Op) {
    add_long(l, op, false);
}

/// ADDP (scalar): the sum of both halves.
fn addp(l: &mut Lift, op: Op) {
    let a = l.v(op.rn());
    let (low, high) = (l.half(a, 0), l.half(a, 1));
    let sum = l.b.iadd(low, high);
    l.set_d(op.rd(), sum);
}
