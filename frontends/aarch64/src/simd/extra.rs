//! Later additions: dot products, rounding doubling accumulation, complex
//! numbers.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three-register extension",
//! "Advanced SIMD scalar three same extra" and "Advanced SIMD vector x indexed
//! element", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::doubling::accumulated_high;
use super::encoding::{extent, size};
use super::float_lanes::Numbers;
use super::register::{Extent, Shape, lanes_of};
use super::two_register::sums_of_neighbours;
use crate::fp::{Precision, Trio};
use crate::lift::LiftFn;
use crate::model::Features;
use crate::{Lift, Op};

/// Advanced SIMD three-register extension, FEAT_DotProd. Letters: `q` Q,
/// `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const DOT: &[Row<LiftFn>] = &[
    row("sdot", "0 q 0 01110 10 0 mmmmm 1 0010 1 nnnnn ddddd", sdot as LiftFn),
    row("udot", "0 q 1 01110 10 0 mmmmm 1 0010 1 nnnnn ddddd", udot),
];

/// Advanced SIMD three-register extension, FEAT_RDM. `s` is size.
#[rustfmt::skip]
pub const RDM: &[Row<LiftFn>] = &[
    row("sqrdmlah", "0 q 1 01110 ss 0 mmmmm 1 0000 1 nnnnn ddddd", sqrdmlah as LiftFn),
    row("sqrdmlsh", "0 q 1 01110 ss 0 mmmmm 1 0001 1 nnnnn ddddd", sqrdmlsh),
];

/// Advanced SIMD scalar three same extra.
#[rustfmt::skip]
pub const RDM_SCALAR: &[Row<LiftFn>] = &[
    row("sqrdmlah", "01 1 11110 ss 0 mmmmm 1 0000 1 nnnnn ddddd", sqrdmlah as LiftFn),
    row("sqrdmlsh", "01 1 11110 ss 0 mmmmm 1 0001 1 nnnnn ddddd", sqrdmlsh),
];

/// Advanced SIMD three-register extension, FEAT_FCMA. `r` is rot.
#[rustfmt::skip]
pub const COMPLEX: &[Row<LiftFn>] = &[
    row("fcmla", "0 q 1 01110 ss 0 mmmmm 1 10 rr 1 nnnnn ddddd", fcmla as LiftFn),
    row("fcadd", "0 q 1 01110 ss 0 mmmmm 1 11 r0 1 nnnnn ddddd", fcadd),
];

/// Advanced SIMD vector x indexed element, FEAT_FCMA. Letters: `l` L, `k` M,
/// `h` H.
#[rustfmt::skip]
pub const COMPLEX_ELEMENT: &[Row<LiftFn>] = &[
    row("fcmla", "0 q 1 01111 01 l k mmmm 0 rr 1 h 0 nnnnn ddddd", fcmla_element as LiftFn),
    row("fcmla", "0 1 1 01111 10 0 k mmmm 0 rr 1 h 0 nnnnn ddddd", fcmla_element),
];

/// Rd = Rd + products of four bytes each of Rn and `b`.
pub fn dot(l: &mut Lift<'_>, op: Op, b: Value, signed: bool) {
    let shape = Shape { lanes: Lanes::I32x4, extent: extent(op) };
    let (d, a) = (l.v(op.rd()), l.v(op.rn()));
    let sums = four_products(l, [(a, signed), (b, signed)]);
    let result = l.b.lanes(shape.lanes).iadd(d, sums);
    l.set_shaped(op.rd(), shape, result);
}

/// The sums of four products of bytes each, `true` says which are signed. A
/// product fits 16 bits, as whatever these are then; a sum of two does not.
pub fn four_products(l: &mut Lift<'_>, [(a, a_signed), (b, b_signed)]: [(Value, bool); 2]) -> Value {
    let signed = a_signed || b_signed;
    let sums_of_two = [false, true].map(|upper| {
        let [a, b] = [(a, a_signed), (b, b_signed)].map(|(v, signed)| {
            let bytes = l.b.lanes(Lanes::I8x16);
            match (signed, upper) {
                (true, false) => bytes.swiden_low(v),
                (true, true) => bytes.swiden_high(v),
                (false, false) => bytes.uwiden_low(v),
                (false, true) => bytes.uwiden_high(v),
            }
        });
        let products = l.b.lanes(Lanes::I16x8).imul(a, b);
        sums_of_neighbours(l, Lanes::I16x8, Lanes::I32x4, signed, products)
    });
    l.b.lanes(Lanes::I32x4).iadd_pairwise(sums_of_two[0], sums_of_two[1])
}

/// SDOT (vector).
fn sdot(l: &mut Lift, op: Op) {
    let b = l.v(op.rm());
    dot(l, op, b, true);
}

/// UDOT (vector).
fn udot(l: &mut Lift, op: Op) {
    let b = l.v(op.rm());
    dot(l, op, b, false);
}

/// Rd = the high half of Rd ± 2 × Rn × `b`, rounded.
pub fn rounding_accumulate(l: &mut Lift<'_>, op: Op, shape: Shape, b: Value, subtract: bool) {
    let operands = [l.v(op.rd()), l.v(op.rn()), b];
    let result = accumulated_high(l, shape, operands, subtract);
    l.set_shaped(op.rd(), shape, result);
}

/// SQRDMLAH (vector).
fn sqrdmlah(l: &mut Lift, op: Op) {
    let Some(shape) = l.shape_between(op, Type::I16, Type::I32) else { return };
    let b = l.v(op.rm());
    rounding_accumulate(l, op, shape, b, false);
}

/// SQRDMLSH (vector).
fn sqrdmlsh(l: &mut Lift, op: Op) {
    let Some(shape) = l.shape_between(op, Type::I16, Type::I32) else { return };
    let b = l.v(op.rm());
    rounding_accumulate(l, op, shape, b, true);
}

/// The lanes that `size` says; a real part and the imaginary part behind it are
/// a complex number.
fn numbers(l: &mut Lift, op: Op) -> Option<Numbers> {
    let precision = match size(op) {
        1 if l.features.contains(Features::FP16) => Precision::Half,
        2 => Precision::Single,
        3 => Precision::Double,
        _ => {
            l.undefined();
            return None;
        }
    };
    let shape = l.allowed(Shape { lanes: lanes_of(precision.ty()), extent: extent(op) })?;
    Some(Numbers { precision, shape })
}

/// FCADD: Rd = Rn + Rm turned by 90 degrees, or 270: its parts change places,
/// and one changes sign.
fn fcadd(l: &mut Lift, op: Op) {
    const FADD: Trio = Trio::new("fadd.h");
    let Some(numbers) = numbers(l, op) else { return };
    let (a, b, precision) = (l.v(op.rn()), l.v(op.rm()), numbers.precision);
    let negated_part = u8::from(op.bit(12));
    let lanes: Vec<Value> = (0..numbers.shape.count())
        .map(|index| {
            let mut other = l.lane_number(numbers, b, index ^ 1);
            if index & 1 == negated_part {
                other = l.negated(precision, other);
            }
            let number = l.lane_number(numbers, a, index);
            let sum = l.float(FADD, precision, &[number, other]);
            l.unboxed(precision, sum)
        })
        .collect();
    let result = l.vector_of(&lanes);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// Rd = Rd + one part of Rn × `b` turned by rot × 90 degrees. `pair` tells the
/// complex number of `b` for one of Rn.
fn multiply_part(l: &mut Lift, op: Op, numbers: Numbers, rot: u32, b: Value, pair: impl Fn(u8) -> u8) {
    const FMADD: Trio = Trio::new("fmadd.h");
    let (d, a, precision) = (l.v(op.rd()), l.v(op.rn()), numbers.precision);
    let crossed = (rot & 1) as u8;
    let lanes: Vec<Value> = (0..numbers.shape.count())
        .map(|index| {
            let (number, part) = (index / 2, index & 1);
            // Turned by 90 degrees, the real part is the old imaginary one, negated;
            // turned twice, both are negated.
            let negated = rot >> 1 != u32::from(part == 0 && rot & 1 == 1);
            let negated = if rot & 1 == 0 { rot == 2 } else { negated };
            let mut factor = l.lane_number(numbers, b, 2 * pair(number) + (part ^ crossed));
            if negated {
                factor = l.negated(precision, factor);
            }
            let other = l.lane_number(numbers, a, 2 * number + crossed);
            let addend = l.lane_number(numbers, d, index);
            let sum = l.float(FMADD, precision, &[other, factor, addend]);
            l.unboxed(precision, sum)
        })
        .collect();
    let result = l.vector_of(&lanes);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FCMLA (vector).
fn fcmla(l: &mut Lift, op: Op) {
    let Some(numbers) = numbers(l, op) else { return };
    let b = l.v(op.rm());
    multiply_part(l, op, numbers, op.bits(12, 11), b, |number| number);
}

/// FCMLA (by element): in half precision, the number is H:L; in single, it is H.
fn fcmla_element(l: &mut Lift, op: Op) {
    let Some(numbers) = numbers(l, op) else { return };
    let (high, low) = (u8::from(op.bit(11)), u8::from(op.bit(21)));
    let half = numbers.precision == Precision::Half;
    if half && high == 1 && numbers.shape.extent == Extent::Half {
        return l.undefined();
    }
    let index = if half { high << 1 | low } else { high };
    let b = l.v(op.rm());
    multiply_part(l, op, numbers, op.bits(14, 13), b, |_| index);
}
