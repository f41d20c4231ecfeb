//! Shifts by an immediate.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD shift by immediate" and
//! "Advanced SIMD scalar shift by immediate", and chapter C7.

use guest::{Row, row};
use ir::{IntCC, Lanes, Value};

use super::encoding::{extent, lanes_by_size};
use super::register::Shape;
use super::three_different::widened;
use super::two_register::{Narrowing, narrow};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD shift by immediate, of integers. Letters: `q` Q, `i` immh
/// and immb, `n` Rn, `d` Rd. All of immh clear is the table of constants.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("sshr",     "0 q 0 011110 iiiiiii 00000 1 nnnnn ddddd", sshr as LiftFn),
    row("ssra",     "0 q 0 011110 iiiiiii 00010 1 nnnnn ddddd", ssra),
    row("srshr",    "0 q 0 011110 iiiiiii 00100 1 nnnnn ddddd", srshr),
    row("srsra",    "0 q 0 011110 iiiiiii 00110 1 nnnnn ddddd", srsra),
    row("shl",      "0 q 0 011110 iiiiiii 01010 1 nnnnn ddddd", shl),
    row("sqshl",    "0 q 0 011110 iiiiiii 01110 1 nnnnn ddddd", sqshl),
    row("shrn",     "0 q 0 011110 iiiiiii 10000 1 nnnnn ddddd", shrn),
    row("rshrn",    "0 q 0 011110 iiiiiii 10001 1 nnnnn ddddd", rshrn),
    row("sqshrn",   "0 q 0 011110 iiiiiii 10010 1 nnnnn ddddd", sqshrn),
    row("sqrshrn",  "0 q 0 011110 iiiiiii 10011 1 nnnnn ddddd", sqrshrn),
    row("sshll",    "0 q 0 011110 iiiiiii 10100 1 nnnnn ddddd", sshll),
    row("ushr",     "0 q 1 011110 iiiiiii 00000 1 nnnnn ddddd", ushr),
    row("usra",     "0 q 1 011110 iiiiiii 00010 1 nnnnn ddddd", usra),
    row("urshr",    "0 q 1 011110 iiiiiii 00100 1 nnnnn ddddd", urshr),
    row("ursra",    "0 q 1 011110 iiiiiii 00110 1 nnnnn ddddd", ursra),
    row("sri",      "0 q 1 011110 iiiiiii 01000 1 nnnnn ddddd", sri),
    row("sli",      "0 q 1 011110 iiiiiii 01010 1 nnnnn ddddd", sli),
    row("sqshlu",   "0 q 1 011110 iiiiiii 01100 1 nnnnn ddddd", sqshlu),
    row("uqshl",    "0 q 1 011110 iiiiiii 01110 1 nnnnn ddddd", uqshl),
    row("sqshrun",  "0 q 1 011110 iiiiiii 10000 1 nnnnn ddddd", sqshrun),
    row("sqrshrun", "0 q 1 011110 iiiiiii 10001 1 nnnnn ddddd", sqrshrun),
    row("uqshrn",   "0 q 1 011110 iiiiiii 10010 1 nnnnn ddddd", uqshrn),
    row("uqrshrn",  "0 q 1 011110 iiiiiii 10011 1 nnnnn ddddd", uqrshrn),
    row("ushll",    "0 q 1 011110 iiiiiii 10100 1 nnnnn ddddd", ushll),
];

/// Advanced SIMD scalar shift by immediate, of integers. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("sshr",     "01 0 111110 1iiiiii 00000 1 nnnnn ddddd", sshr as LiftFn),
    row("ssra",     "01 0 111110 1iiiiii 00010 1 nnnnn ddddd", ssra),
    row("srshr",    "01 0 111110 1iiiiii 00100 1 nnnnn ddddd", srshr),
    row("srsra",    "01 0 111110 1iiiiii 00110 1 nnnnn ddddd", srsra),
    row("shl",      "01 0 111110 1iiiiii 01010 1 nnnnn ddddd", shl),
    row("sqshl",    "01 0 111110 iiiiiii 01110 1 nnnnn ddddd", sqshl),
    row("sqshrn",   "01 0 111110 iiiiiii 10010 1 nnnnn ddddd", sqshrn),
    row("sqrshrn",  "01 0 111110 iiiiiii 10011 1 nnnnn ddddd", sqrshrn),
    row("ushr",     "01 1 111110 1iiiiii 00000 1 nnnnn ddddd", ushr),
    row("usra",     "01 1 111110 1iiiiii 00010 1 nnnnn ddddd", usra),
    row("urshr",    "01 1 111110 1iiiiii 00100 1 nnnnn ddddd", urshr),
    row("ursra",    "01 1 111110 1iiiiii 00110 1 nnnnn ddddd", ursra),
    row("sri",      "01 1 111110 1iiiiii 01000 1 nnnnn ddddd", sri),
    row("sli",      "01 1 111110 1iiiiii 01010 1 nnnnn ddddd", sli),
    row("sqshlu",   "01 1 111110 iiiiiii 01100 1 nnnnn ddddd", sqshlu),
    row("uqshl",    "01 1 111110 iiiiiii 01110 1 nnnnn ddddd", uqshl),
    row("sqshrun",  "01 1 111110 iiiiiii 10000 1 nnnnn ddddd", sqshrun),
    row("sqrshrun", "01 1 111110 iiiiiii 10001 1 nnnnn ddddd", sqrshrun),
    row("uqshrn",   "01 1 111110 iiiiiii 10010 1 nnnnn ddddd", uqshrn),
    row("uqrshrn",  "01 1 111110 iiiiiii 10011 1 nnnnn ddddd", uqrshrn),
];

/// The lanes that `immh` names by its highest set bit, and `immh:immb`; `None`
/// if it is zero, and then the instruction has become undefined.
pub fn lanes_of_immediate(l: &mut Lift<'_>, op: Op) -> Option<(Lanes, u64)> {
    let immediate = op.bits(22, 16);
    let Some(size) = (immediate >> 3).checked_ilog2() else {
        l.undefined();
        return None;
    };
    Some((lanes_by_size(size), immediate.into()))
}

/// The shape, and how far to shift: to the right from 1 to the width, or to the
/// left from 0 to the width less 1.
fn shape(l: &mut Lift, op: Op, to_right: bool) -> Option<(Shape, u64)> {
    let (lanes, immediate) = lanes_of_immediate(l, op)?;
    let bits = u64::from(lanes.ty().bits());
    let amount = if to_right { 2 * bits - immediate } else { immediate - bits };
    Some((l.allowed(Shape { lanes, extent: extent(op) })?, amount))
}

/// Lanes shifted right. Rounding adds the last bit that falls out.
fn shifted_right(
    l: &mut Lift<'_>,
    lanes: Lanes,
    signed: bool,
    rounding: bool,
    a: Value,
    amount: u64,
) -> Value {
    let shift = |l: &mut Lift<'_>, amount| {
        let lanes = l.b.lanes(lanes);
        if signed { lanes.sshr_const(a, amount) } else { lanes.ushr_const(a, amount) }
    };
    let shifted = shift(l, amount);
    if !rounding {
        return shifted;
    }
    let (last, one) = (shift(l, amount - 1), l.b.lanes(lanes).splat_const(1));
    let last = l.b.vand(last, one);
    l.b.lanes(lanes).iadd(shifted, last)
}

/// Rd = Rn shifted right, or Rd + that.
fn right(l: &mut Lift, op: Op, signed: bool, rounding: bool, accumulate: bool) {
    let Some((shape, amount)) = shape(l, op, true) else { return };
    let a = l.v(op.rn());
    let mut result = shifted_right(l, shape.lanes, signed, rounding, a, amount);
    if accumulate {
        let d = l.v(op.rd());
        result = l.b.lanes(shape.lanes).iadd(d, result);
    }
    l.set_shaped(op.rd(), shape, result);
}

/// SSHR.
fn sshr(l: &mut Lift, op: Op) {
    right(l, op, true, false, false);
}

/// USHR.
fn ushr(l: &mut Lift, op: Op) {
    right(l, op, false, false, false);
}

/// SSRA.
fn ssra(l: &mut Lift, op: Op) {
    right(l, op, true, false, true);
}

/// USRA.
fn usra(l: &mut Lift, op: Op) {
    right(l, op, false, false, true);
}

/// SRSHR.
fn srshr(l: &mut Lift, op: Op) {
    right(l, op, true, true, false);
}

/// URSHR.
fn urshr(l: &mut Lift, op: Op) {
    right(l, op, false, true, false);
}

/// SRSRA.
fn srsra(l: &mut Lift, op: Op) {
    right(l, op, true, true, true);
}

/// URSRA.
fn ursra(l: &mut Lift, op: Op) {
    right(l, op, false, true, true);
}

/// SHL.
fn shl(l: &mut Lift, op: Op) {
    let Some((shape, amount)) = shape(l, op, false) else { return };
    let a = l.v(op.rn());
    let result = l.b.lanes(shape.lanes).ishl_const(a, amount);
    l.set_shaped(op.rd(), shape, result);
}

/// Rd = `shifted` in the bits of lanes that `mask` has, else as it was.
fn insert(l: &mut Lift, op: Op, shape: Shape, mask: u64, shifted: Value) {
    let (d, mask) = (l.v(op.rd()), l.b.lanes(shape.lanes).splat_const(mask));
    let result = l.b.bitselect(mask, shifted, d);
    l.set_shaped(op.rd(), shape, result);
}

/// SLI: Rd keeps the bits below.
fn sli(l: &mut Lift, op: Op) {
    let Some((shape, amount)) = shape(l, op, false) else { return };
    let a = l.v(op.rn());
    let shifted = l.b.lanes(shape.lanes).ishl_const(a, amount);
    insert(l, op, shape, u64::MAX << amount, shifted);
}

/// SRI: Rd keeps the bits above.
fn sri(l: &mut Lift, op: Op) {
    let Some((shape, amount)) = shape(l, op, true) else { return };
    let a = l.v(op.rn());
    let shifted = l.b.lanes(shape.lanes).ushr_const(a, amount);
    let kept = shape.lanes.ty().mask().checked_shr(amount as u32).unwrap_or(0);
    insert(l, op, shape, kept, shifted);
}

/// Rd = Rn shifted left, saturated: where shifting back does not give Rn again.
fn saturating_left(l: &mut Lift, op: Op, signed: bool, to_signed: bool) {
    let Some((shape, amount)) = shape(l, op, false) else { return };
    let (a, lanes) = (l.v(op.rn()), shape.lanes);
    let shifted = l.b.lanes(lanes).ishl_const(a, amount);
    let ours = l.b.lanes(lanes);
    let back = if to_signed { ours.sshr_const(shifted, amount) } else { ours.ushr_const(shifted, amount) };
    let too_large = l.b.lanes(lanes).icmp(IntCC::Ne, back, a);
    let bits = u64::from(lanes.ty().bits());
    let negative = signed.then(|| l.b.lanes(lanes).sshr_const(a, bits));
    let (result, saturated) = match negative {
        Some(negative) if to_signed => {
            // The greatest value, or the least.
            let greatest = l.b.lanes(lanes).splat_const(lanes.ty().mask() >> 1);
            let nearest = l.b.vxor(negative, greatest);
            (l.b.bitselect(too_large, nearest, shifted), too_large)
        }
        Some(negative) => {
            let positive = l.b.vnot(negative);
            let result = l.b.vor(shifted, too_large);
            (l.b.vand(result, positive), l.b.vor(too_large, negative))
        }
        None => (l.b.vor(shifted, too_large), too_large),
    };
    l.note_saturation(shape, saturated);
    l.set_shaped(op.rd(), shape, result);
}

/// SQSHL (immediate).
fn sqshl(l: &mut Lift, op: Op) {
    saturating_left(l, op, true, true);
}

/// UQSHL (immediate).
fn uqshl(l: &mut Lift, op: Op) {
    saturating_left(l, op, false, false);
}

/// SQSHLU.
fn sqshlu(l: &mut Lift, op: Op) {
    saturating_left(l, op, true, false);
}

/// Rd = Rn shifted right and made narrow; with Q in its upper half.
fn right_narrow(l: &mut Lift, op: Op, signed: bool, rounding: bool, how: Narrowing) {
    let Some((lanes, immediate)) = lanes_of_immediate(l, op) else { return };
    let Some(wide) = lanes.wider() else { return l.undefined() };
    let a = l.v(op.rn());
    let amount = u64::from(wide.ty().bits()) - immediate;
    let shifted = shifted_right(l, wide, signed, rounding, a, amount);
    narrow(l, op, wide, shifted, how);
}

/// SHRN.
fn shrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, false, false, Narrowing::Cut);
}

/// RSHRN.
fn rshrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, false, true, Narrowing::Cut);
}

/// SQSHRN.
fn sqshrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, true, false, Narrowing::Signed);
}

/// SQRSHRN.
fn sqrshrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, true, true, Narrowing::Signed);
}

/// SQSHRUN.
fn sqshrun(l: &mut Lift, op: Op) {
    right_narrow(l, op, true, false, Narrowing::ToUnsigned);
}

/// SQRSHRUN.
fn sqrshrun(l: &mut Lift, op: Op) {
    right_narrow(l, op, true, true, Narrowing::ToUnsigned);
}

/// UQSHRN.
fn uqshrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, false, false, Narrowing::Unsigned);
}

/// UQRSHRN.
fn uqrshrn(l: &mut Lift, op: Op) {
    right_narrow(l, op, false, true, Narrowing::Unsigned);
}

/// Rd = Rn widened and shifted left.
fn left_long(l: &mut Lift, op: Op, signed: bool) {
    let Some((lanes, immediate)) = lanes_of_immediate(l, op) else { return };
    let Some(wide) = lanes.wider() else { return l.undefined() };
    let a = l.v(op.rn());
    let a = widened(l, op, lanes, signed, a);
    let result = l.b.lanes(wide).ishl_const(a, immediate - u64::from(lanes.ty().bits()));
    l.set_v(op.rd(), result);
}

/// SSHLL, and SXTL.
fn sshll(l: &mut Lift, op: Op) {
    left_long(l, op, true);
}

/// USHLL, and UXTL.
fn ushll(l: &mut Lift, op: Op) {
    left_long(l, op, false);
}
