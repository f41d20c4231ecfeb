//! By element: one lane of Rm with all lanes of Rn.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD vector x indexed element" and
//! "Advanced SIMD scalar x indexed element", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::doubling::{doubled_high, doubled_long};
use super::encoding::{extent, is_scalar, lanes_by_size, size};
use super::extra::{dot, rounding_accumulate};
use super::float_lanes::Numbers;
use super::float_three::fused;
use super::register::{Extent, Shape, lanes_of};
use super::three_different::widened;
use crate::fp::{Precision, Trio};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD vector x indexed element. Letters: `q` Q, `s` size, `l` L,
/// `k` M, `m` Rm, `h` H, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("smlal",    "0 q 0 01111 ss l k mmmm 0010 h 0 nnnnn ddddd", smlal as LiftFn),
    row("sqdmlal",  "0 q 0 01111 ss l k mmmm 0011 h 0 nnnnn ddddd", sqdmlal),
    row("smlsl",    "0 q 0 01111 ss l k mmmm 0110 h 0 nnnnn ddddd", smlsl),
    row("sqdmlsl",  "0 q 0 01111 ss l k mmmm 0111 h 0 nnnnn ddddd", sqdmlsl),
    row("mul",      "0 q 0 01111 ss l k mmmm 1000 h 0 nnnnn ddddd", mul),
    row("smull",    "0 q 0 01111 ss l k mmmm 1010 h 0 nnnnn ddddd", smull),
    row("sqdmull",  "0 q 0 01111 ss l k mmmm 1011 h 0 nnnnn ddddd", sqdmull),
    row("sqdmulh",  "0 q 0 01111 ss l k mmmm 1100 h 0 nnnnn ddddd", sqdmulh),
    row("sqrdmulh", "0 q 0 01111 ss l k mmmm 1101 h 0 nnnnn ddddd", sqrdmulh),
    row("fmla",     "0 q 0 01111 1s l k mmmm 0001 h 0 nnnnn ddddd", fmla),
    row("fmls",     "0 q 0 01111 1s l k mmmm 0101 h 0 nnnnn ddddd", fmls),
    row("fmul",     "0 q 0 01111 1s l k mmmm 1001 h 0 nnnnn ddddd", fmul),
    row("mla",      "0 q 1 01111 ss l k mmmm 0000 h 0 nnnnn ddddd", mla),
    row("umlal",    "0 q 1 01111 ss l k mmmm 0010 h 0 nnnnn ddddd", umlal),
    row("mls",      "0 q 1 01111 ss l k mmmm 0100 h 0 nnnnn ddddd", mls),
    row("umlsl",    "0 q 1 01111 ss l k mmmm 0110 h 0 nnnnn ddddd", umlsl),
    row("umull",    "0 q 1 01111 ss l k mmmm 1010 h 0 nnnnn ddddd", umull),
    row("fmulx",    "0 q 1 01111 1s l k mmmm 1001 h 0 nnnnn ddddd", fmulx),
];

/// The same table, FEAT_FP16.
#[rustfmt::skip]
pub const VECTOR_FP16: &[Row<LiftFn>] = &[
    row("fmla",  "0 q 0 01111 00 l k mmmm 0001 h 0 nnnnn ddddd", fmla as LiftFn),
    row("fmls",  "0 q 0 01111 00 l k mmmm 0101 h 0 nnnnn ddddd", fmls),
    row("fmul",  "0 q 0 01111 00 l k mmmm 1001 h 0 nnnnn ddddd", fmul),
    row("fmulx", "0 q 1 01111 00 l k mmmm 1001 h 0 nnnnn ddddd", fmulx),
];

/// The same table, FEAT_DotProd.
#[rustfmt::skip]
pub const VECTOR_DOT: &[Row<LiftFn>] = &[
    row("sdot", "0 q 0 01111 10 l k mmmm 1110 h 0 nnnnn ddddd", sdot as LiftFn),
    row("udot", "0 q 1 01111 10 l k mmmm 1110 h 0 nnnnn ddddd", udot),
];

/// The same table, FEAT_RDM.
#[rustfmt::skip]
pub const VECTOR_RDM: &[Row<LiftFn>] = &[
    row("sqrdmlah", "0 q 1 01111 ss l k mmmm 1101 h 0 nnnnn ddddd", sqrdmlah as LiftFn),
    row("sqrdmlsh", "0 q 1 01111 ss l k mmmm 1111 h 0 nnnnn ddddd", sqrdmlsh),
];

/// Advanced SIMD scalar x indexed element. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("sqdmlal",  "01 0 11111 ss l k mmmm 0011 h 0 nnnnn ddddd", sqdmlal as LiftFn),
    row("sqdmlsl",  "01 0 11111 ss l k mmmm 0111 h 0 nnnnn ddddd", sqdmlsl),
    row("sqdmull",  "01 0 11111 ss l k mmmm 1011 h 0 nnnnn ddddd", sqdmull),
    row("sqdmulh",  "01 0 11111 ss l k mmmm 1100 h 0 nnnnn ddddd", sqdmulh),
    row("sqrdmulh", "01 0 11111 ss l k mmmm 1101 h 0 nnnnn ddddd", sqrdmulh),
    row("fmla",     "01 0 11111 1s l k mmmm 0001 h 0 nnnnn ddddd", fmla),
    row("fmls",     "01 0 11111 1s l k mmmm 0101 h 0 nnnnn ddddd", fmls),
    row("fmul",     "01 0 11111 1s l k mmmm 1001 h 0 nnnnn ddddd", fmul),
    row("fmulx",    "01 1 11111 1s l k mmmm 1001 h 0 nnnnn ddddd", fmulx),
];

/// The same table, FEAT_FP16.
#[rustfmt::skip]
pub const SCALAR_FP16: &[Row<LiftFn>] = &[
    row("fmla",  "01 0 11111 00 l k mmmm 0001 h 0 nnnnn ddddd", fmla as LiftFn),
    row("fmls",  "01 0 11111 00 l k mmmm 0101 h 0 nnnnn ddddd", fmls),
    row("fmul",  "01 0 11111 00 l k mmmm 1001 h 0 nnnnn ddddd", fmul),
    row("fmulx", "01 1 11111 00 l k mmmm 1001 h 0 nnnnn ddddd", fmulx),
];

/// The same table, FEAT_RDM.
#[rustfmt::skip]
pub const SCALAR_RDM: &[Row<LiftFn>] = &[
    row("sqrdmlah", "01 1 11111 ss l k mmmm 1101 h 0 nnnnn ddddd", sqrdmlah as LiftFn),
    row("sqrdmlsh", "01 1 11111 ss l k mmmm 1111 h 0 nnnnn ddddd", sqrdmlsh),
];

/// The element in all lanes of that width. Of 16 bits, its number is H:L:M and
/// Rm has four bits; of 32, it is H:L and M belongs to Rm; of 64, it is H.
pub fn element(l: &mut Lift<'_>, op: Op, ty: Type) -> Value {
    let bit = |n: u32| u8::from(op.bit(n));
    let (high, low, middle) = (bit(11), bit(21), bit(20));
    let (index, m) = match ty {
        Type::I16 => (high << 2 | low << 1 | middle, op.bits(19, 16)),
        Type::I32 => (high << 1 | low, op.rm()),
        _ => (high, op.rm()),
    };
    let value = l.v_lane(m, ty, index);
    l.b.lanes(lanes_of(ty)).splat(value)
}

/// The shape of an instruction on integers of 16 or 32 bits; `None` if it has
/// become undefined.
fn shape(l: &mut Lift, op: Op) -> Option<Shape> {
    l.shape_between(op, Type::I16, Type::I32)
}

/// Rd = Rn × element, or Rd ± that.
fn multiply(l: &mut Lift, op: Op, accumulate: Option<bool>) {
    let Some(shape) = shape(l, op) else { return };
    let (a, b) = (l.v(op.rn()), element(l, op, shape.lanes.ty()));
    let product = l.b.lanes(shape.lanes).imul(a, b);
    let result = accumulated(l, op, shape.lanes, product, accumulate);
    l.set_shaped(op.rd(), shape, result);
}

/// Rd ± `product`, or that alone; `true` subtracts.
fn accumulated(l: &mut Lift, op: Op, lanes: Lanes, product: Value, accumulate: Option<bool>) -> Value {
    let d = l.v(op.rd());
    match accumulate {
        None => product,
        Some(false) => l.b.lanes(lanes).iadd(d, product),
        Some(true) => l.b.lanes(lanes).isub(d, product),
    }
}

/// MUL (by element).
fn mul(l: &mut Lift, op: Op) {
    multiply(l, op, None);
}

/// MLA (by element).
fn mla(l: &mut Lift, op: Op) {
    multiply(l, op, Some(false));
}

/// MLS (by element).
fn mls(l: &mut Lift, op: Op) {
    multiply(l, op, Some(true));
}

/// The narrow lanes, the shape of the wide ones, and Rn and the element widened.
fn long_operands(l: &mut Lift, op: Op, signed: bool) -> Option<(Shape, [Value; 2])> {
    let narrow = lanes_by_size(size(op));
    let wide = match narrow {
        Lanes::I16x8 => Lanes::I32x4,
        Lanes::I32x4 => Lanes::I64x2,
        _ => {
            l.undefined();
            return None;
        }
    };
    let (a, b) = (l.v(op.rn()), element(l, op, narrow.ty()));
    let operands = [widened(l, op, narrow, signed, a), widened(l, op, narrow, signed, b)];
    let extent = if is_scalar(op) { Extent::Scalar } else { Extent::Full };
    Some((Shape { lanes: wide, extent }, operands))
}

/// Rd = Rn × element at twice the width, or Rd ± that.
fn multiply_long(l: &mut Lift, op: Op, signed: bool, accumulate: Option<bool>) {
    let Some((shape, [a, b])) = long_operands(l, op, signed) else { return };
    let product = l.b.lanes(shape.lanes).imul(a, b);
    let result = accumulated(l, op, shape.lanes, product, accumulate);
    l.set_shaped(op.rd(), shape, result);
}

/// SMULL (by element).
fn smull(l: &mut Lift, op: Op) {
    multiply_long(l, op, true, None);
}

/// UMULL (by element).
fn umull(l: &mut Lift, op: Op) {
    multiply_long(l, op, false, None);
}

/// SMLAL (by element).
fn smlal(l: &mut Lift, op: Op) {
    multiply_long(l, op, true, Some(false));
}

/// UMLAL (by element).
fn umlal(l: &mut Lift, op: Op) {
    multiply_long(l, op, false, Some(false));
}

/// SMLSL (by element).
fn smlsl(l: &mut Lift, op: Op) {
    multiply_long(l, op, true, Some(true));
}

/// UMLSL (by element).
fn umlsl(l: &mut Lift, op: Op) {
    multiply_long(l, op, false, Some(true));
}

/// Rd = 2 × Rn × element at twice the width, or Rd ± that, saturated.
fn doubling_long(l: &mut Lift, op: Op, accumulate: Option<bool>) {
    let Some((shape, operands)) = long_operands(l, op, true) else { return };
    let d = l.v(op.rd());
    let result = doubled_long(l, shape, operands, accumulate.map(|subtract| (d, subtract)));
    l.set_shaped(op.rd(), shape, result);
}

/// SQDMULL (by element).
fn sqdmull(l: &mut Lift, op: Op) {
    doubling_long(l, op, None);
}

/// SQDMLAL (by element).
fn sqdmlal(l: &mut Lift, op: Op) {
    doubling_long(l, op, Some(false));
}

/// SQDMLSL (by element).
fn sqdmlsl(l: &mut Lift, op: Op) {
    doubling_long(l, op, Some(true));
}

/// Rd = the high half of 2 × Rn × element.
fn doubling_high(l: &mut Lift, op: Op, rounding: bool) {
    let Some(shape) = shape(l, op) else { return };
    let operands = [l.v(op.rn()), element(l, op, shape.lanes.ty())];
    let result = doubled_high(l, shape, operands, rounding);
    l.set_shaped(op.rd(), shape, result);
}

/// SQDMULH (by element).
fn sqdmulh(l: &mut Lift, op: Op) {
    doubling_high(l, op, false);
}

/// SQRDMULH (by element).
fn sqrdmulh(l: &mut Lift, op: Op) {
    doubling_high(l, op, true);
}

/// SQRDMLAH (by element).
fn sqrdmlah(l: &mut Lift, op: Op) {
    let Some(shape) = shape(l, op) else { return };
    let b = element(l, op, shape.lanes.ty());
    rounding_accumulate(l, op, shape, b, false);
}

/// SQRDMLSH (by element).
fn sqrdmlsh(l: &mut Lift, op: Op) {
    let Some(shape) = shape(l, op) else { return };
    let b = element(l, op, shape.lanes.ty());
    rounding_accumulate(l, op, shape, b, true);
}

/// SDOT (by element): the element is four bytes.
fn sdot(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I32);
    dot(l, op, b, true);
}

/// UDOT (by element): the element is four bytes.
fn udot(l: &mut Lift, op: Op) {
    let b = element(l, op, Type::I32);
    dot(l, op, b, false);
}

/// The lanes of an instruction on numbers. Of double precision, L is clear.
fn numbers(l: &mut Lift, op: Op) -> Option<Numbers> {
    let precision = match size(op) {
        0 => Precision::Half,
        2 => Precision::Single,
        3 if !op.bit(21) => Precision::Double,
        _ => {
            l.undefined();
            return None;
        }
    };
    let shape = l.allowed(Shape { lanes: lanes_of(precision.ty()), extent: extent(op) })?;
    Some(Numbers { precision, shape })
}

/// Rd = helper(Rn, element).
fn float(l: &mut Lift, op: Op, trio: Trio) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rn()), element(l, op, numbers.precision.ty())];
    let result = l.number_lanes(numbers, trio, &operands);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FMUL (by element).
fn fmul(l: &mut Lift, op: Op) {
    float(l, op, Trio::new("fmul.h"));
}

/// FMULX (by element).
fn fmulx(l: &mut Lift, op: Op) {
    float(l, op, Trio::new("fmulx.h"));
}

/// Rd = Rd ± Rn × element.
fn float_accumulate(l: &mut Lift, op: Op, negate: bool) {
    let Some(numbers) = numbers(l, op) else { return };
    let operands = [l.v(op.rn()), element(l, op, numbers.precision.ty()), l.v(op.rd())];
    let result = fused(l, numbers, operands, negate);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FMLA (by element).
fn fmla(l: &mut Lift, op: Op) {
    float_accumulate(l, op, false);
}

/// FMLS (by element).
fn fmls(l: &mut Lift, op: Op) {
    float_accumulate(l, op, true);
}
