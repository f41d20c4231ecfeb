//! Shifts of lanes by the lanes of another register.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD three same" and "Advanced SIMD
//! scalar three same", and chapter C7.

use ir::IntCC;

use super::packed::Code;
use crate::{Lift, Op, helpers};

/// Shifts by the signed low byte of each lane: left, or right if negative, and
/// then with the last bit that falls out added if it is to be rounded.
fn shift_by_lanes(l: &mut Lift, op: Op, signed: bool, rounding: bool) {
    let Some(shape) = l.shape(op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let (lanes, upper) = (shape.lanes, u64::from(shape.lanes.ty().bits()) - 8);
    let amount = l.b.lanes(lanes).ishl_const(b, upper);
    let amount = l.b.lanes(lanes).sshr_const(amount, upper);
    let shift = |l: &mut Lift<'_>, by| {
        let lanes = l.b.lanes(lanes);
        if signed { lanes.sshift(a, by) } else { lanes.ushift(a, by) }
    };
    let mut result = shift(l, amount);
    if rounding {
        let one = l.b.lanes(lanes).splat_const(1);
        let zero = l.b.vconst(0);
        let before = l.b.lanes(lanes).iadd(amount, one);
        let last = shift(l, before);
        let last = l.b.vand(last, one);
        let to_right = l.b.lanes(lanes).icmp(IntCC::Slt, amount, zero);
        let last = l.b.vand(last, to_right);
        result = l.b.lanes(lanes).iadd(result, last);
    }
    l.set_shaped(op.rd(), shape, result);
}

/// SSHL.
pub fn sshl(l: &mut Lift, op: Op) {
    shift_by_lanes(l, op, true, false);
}

/// USHL.
pub fn ushl(l: &mut Lift, op: Op) {
    shift_by_lanes(l, op, false, false);
}

/// The same, saturating.
fn shift_by_helper(l: &mut Lift, op: Op, options: u64) {
    let Some(shape) = l.shape(op) else { return };
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let result = l.packed(helpers::id("lanes.shl"), shape, &[a, b], Code::new(shape.lanes, options));
    l.set_shaped(op.rd(), shape, result);
}

/// SQSHL (register).
pub fn sqshl(l: &mut Lift, op: Op) {
    shift_by_helper(l, op, Code::SATURATING);
}

/// UQSHL (register).
pub fn uqshl(l: &mut Lift, op: Op) {
    shift_by_helper(l, op, Code::SATURATING | Code::UNSIGNED);
}

/// SRSHL.
pub fn srshl(l: &mut Lift, op: Op) {
    shift_by_lanes(l, op, true, true);
}

/// URSHL.
pub fn urshl(l: &mut Lift, op: Op) {
    shift_by_lanes(l, op, false, true);
}

/// SQRSHL.
pub fn sqrshl(l: &mut Lift, op: Op) {
    shift_by_helper(l, op, Code::SATURATING | Code::ROUNDING);
}

/// UQRSHL.
pub fn uqrshl(l: &mut Lift, op: Op) {
    shift_by_helper(l, op, Code::SATURATING | Code::ROUNDING | Code::UNSIGNED);
}
