//! Three registers, bit by bit: what is common to all lanes.
//!
//! Source: Arm ARM, C4.1.96, table "Advanced SIMD three same", and chapter C7.

use ir::{Lanes, Value};

use super::encoding::extent;
use super::register::Shape;
use crate::{Lift, Op};

/// Rd = operation(Rn, Rm, Rd) of all bits.
fn bitwise(l: &mut Lift, op: Op, operation: fn(&mut Lift<'_>, Value, Value, Value) -> Value) {
    let (a, b, d) = (l.v(op.rn()), l.v(op.rm()), l.v(op.rd()));
    let result = operation(l, a, b, d);
    l.set_shaped(op.rd(), Shape { lanes: Lanes::I64x2, extent: extent(op) }, result);
}

/// AND (vector).
pub fn and(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, _| l.b.vand(a, b));
}

/// BIC (vector, register): Rn and not Rm.
pub fn bic(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, _| {
        let b = l.b.vnot(b);
        l.b.vand(a, b)
    });
}

/// ORR (vector, register), and MOV.
pub fn orr(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, _| if a == b { a } else { l.b.vor(a, b) });
}

/// ORN (vector): Rn or not Rm.
pub fn orn(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, _| {
        let b = l.b.vnot(b);
        l.b.vor(a, b)
    });
}

/// EOR (vector).
pub fn eor(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, _| l.b.vxor(a, b));
}

/// BSL: Rn where Rd has ones, else Rm.
pub fn bsl(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, d| l.b.bitselect(d, a, b));
}

/// BIT: Rn where Rm has ones, else Rd.
pub fn bit(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, d| l.b.bitselect(b, a, d));
}

/// BIF: Rn where Rm has zeros, else Rd.
pub fn bif(l: &mut Lift, op: Op) {
    bitwise(l, op, |l, a, b, d| l.b.bitselect(b, d, a));
}
