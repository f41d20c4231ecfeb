//! Conversions of the numbers in lanes: to and from integers and fixed-point
//! numbers, and between precisions.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD two-register miscellaneous",
//! "Advanced SIMD shift by immediate", their scalar kin, and chapter C7.

use guest::{Row, row};
use ir::{HelperId, Lanes, Value};

use super::encoding::{extent, is_scalar};
use super::float_lanes::Numbers;
use super::register::{Extent, Shape, lanes_of};
use super::shift::lanes_of_immediate;
use super::three_different::set_narrow;
use crate::fp::{ConversionSpec, FROM_INTEGER, IntWidth, Mode, Precision, TO_INTEGER};
use crate::lift::LiftFn;
use crate::model::Features;
use crate::{Lift, Op, helpers};

/// Advanced SIMD shift by immediate, of numbers. `i` is immh and immb.
#[rustfmt::skip]
pub const FIXED: &[Row<LiftFn>] = &[
    row("scvtf",  "0 q 0 011110 iiiiiii 11100 1 nnnnn ddddd", scvtf_fixed as LiftFn),
    row("fcvtzs", "0 q 0 011110 iiiiiii 11111 1 nnnnn ddddd", fcvtzs_fixed),
    row("ucvtf",  "0 q 1 011110 iiiiiii 11100 1 nnnnn ddddd", ucvtf_fixed),
    row("fcvtzu", "0 q 1 011110 iiiiiii 11111 1 nnnnn ddddd", fcvtzu_fixed),
];

/// Advanced SIMD scalar shift by immediate, of numbers.
#[rustfmt::skip]
pub const FIXED_SCALAR: &[Row<LiftFn>] = &[
    row("scvtf",  "01 0 111110 iiiiiii 11100 1 nnnnn ddddd", scvtf_fixed as LiftFn),
    row("fcvtzs", "01 0 111110 iiiiiii 11111 1 nnnnn ddddd", fcvtzs_fixed),
    row("ucvtf",  "01 1 111110 iiiiiii 11100 1 nnnnn ddddd", ucvtf_fixed),
    row("fcvtzu", "01 1 111110 iiiiiii 11111 1 nnnnn ddddd", fcvtzu_fixed),
];

/// An integer as wide as a number.
fn width(precision: Precision) -> IntWidth {
    match precision {
        Precision::Half => IntWidth::W16,
        Precision::Single => IntWidth::W32,
        Precision::Double => IntWidth::W64,
    }
}

/// Rd = Rn as integers, or fixed-point numbers.
pub fn to_integers(l: &mut Lift, op: Op, numbers: Numbers, mode: Mode, signed: bool, fraction_bits: u32) {
    let spec = ConversionSpec { mode, signed, width: width(numbers.precision), fraction_bits };
    let (a, spec) = (l.v(op.rn()), l.i64(spec.bits()));
    let result = l.each_lane(numbers, &[a], |l, args| {
        let integer = l.float(TO_INTEGER, numbers.precision, &[args[0], spec]);
        l.b.ireduce(numbers.precision.ty(), integer)
    });
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// Rd = Rn, integers or fixed-point numbers, as numbers.
pub fn from_integers(l: &mut Lift, op: Op, numbers: Numbers, signed: bool, fraction_bits: u32) {
    let spec = ConversionSpec { mode: Mode::Nearest, signed, width: width(numbers.precision), fraction_bits };
    let (a, spec) = (l.v(op.rn()), l.i64(spec.bits()));
    let result =
        l.each_number(numbers, &[a], |l, args| l.float(FROM_INTEGER, numbers.precision, &[args[0], spec]));
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// The lanes, and the bits behind the point, of a conversion to or from
/// fixed-point numbers.
fn fixed(l: &mut Lift, op: Op) -> Option<(Numbers, u32)> {
    let (lanes, immediate) = lanes_of_immediate(l, op)?;
    let precision = match lanes {
        Lanes::I16x8 if l.features.contains(Features::FP16) => Precision::Half,
        Lanes::I32x4 => Precision::Single,
        Lanes::I64x2 => Precision::Double,
        _ => {
            l.undefined();
            return None;
        }
    };
    let shape = l.allowed(Shape { lanes, extent: extent(op) })?;
    Some((Numbers { precision, shape }, 2 * lanes.ty().bits() - immediate as u32))
}

/// SCVTF (vector, fixed-point).
fn scvtf_fixed(l: &mut Lift, op: Op) {
    if let Some((numbers, bits)) = fixed(l, op) {
        from_integers(l, op, numbers, true, bits);
    }
}

/// UCVTF (vector, fixed-point).
fn ucvtf_fixed(l: &mut Lift, op: Op) {
    if let Some((numbers, bits)) = fixed(l, op) {
        from_integers(l, op, numbers, false, bits);
    }
}

/// FCVTZS (vector, fixed-point).
fn fcvtzs_fixed(l: &mut Lift, op: Op) {
    if let Some((numbers, bits)) = fixed(l, op) {
        to_integers(l, op, numbers, Mode::Zero, true, bits);
    }
}

/// FCVTZU (vector, fixed-point).
fn fcvtzu_fixed(l: &mut Lift, op: Op) {
    if let Some((numbers, bits)) = fixed(l, op) {
        to_integers(l, op, numbers, Mode::Zero, false, bits);
    }
}

/// A conversion between precisions; the narrow lanes are as many as the wide.
fn convert(l: &mut Lift, from: Numbers, to: Precision, a: Value, first: u8, helper: HelperId) -> Value {
    let lanes: Vec<Value> = (0..from.shape.count())
        .map(|index| {
            let number = l.lane_number(from, a, first + index);
            let result = l.call(helper, &[number]);
            l.unboxed(to, result)
        })
        .collect();
    l.vector_of(&lanes)
}

/// FCVTL: half to single, or single to double; with Q the upper lanes.
pub fn fcvtl(l: &mut Lift, op: Op) {
    let (from, to, helper) = if op.bit(22) {
        (Precision::Single, Precision::Double, helpers::id("fcvt.d.s"))
    } else {
        (Precision::Half, Precision::Single, helpers::id("fcvt.s.h"))
    };
    let shape = Shape { lanes: lanes_of(from.ty()), extent: Extent::Half };
    let first = if op.bit(30) { shape.count() } else { 0 };
    let a = l.v(op.rn());
    let result = convert(l, Numbers { precision: from, shape }, to, a, first, helper);
    l.set_v(op.rd(), result);
}

/// FCVTN: single to half, or double to single; with Q to the upper lanes.
pub fn fcvtn(l: &mut Lift, op: Op) {
    let (from, to, helper) = if op.bit(22) {
        (Precision::Double, Precision::Single, helpers::id("fcvt.s.d"))
    } else {
        (Precision::Single, Precision::Half, helpers::id("fcvt.h.s"))
    };
    narrow(l, op, from, to, helper);
}

/// FCVTXN: double to single, rounding to odd.
pub fn fcvtxn(l: &mut Lift, op: Op) {
    narrow(l, op, Precision::Double, Precision::Single, helpers::id("fcvtxn"));
}

fn narrow(l: &mut Lift, op: Op, from: Precision, to: Precision, helper: HelperId) {
    let extent = if is_scalar(op) { Extent::Scalar } else { Extent::Full };
    let numbers = Numbers { precision: from, shape: Shape { lanes: lanes_of(from.ty()), extent } };
    let a = l.v(op.rn());
    let result = convert(l, numbers, to, a, 0, helper);
    if extent == Extent::Scalar {
        l.set_shaped(op.rd(), numbers.shape.with(lanes_of(to.ty())), result);
    } else {
        set_narrow(l, op, result);
    }
}
