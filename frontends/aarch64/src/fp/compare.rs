//! Scalar comparison and selection.
//!
//! Source: Arm ARM, C4.1.96, the tables named below, and chapter C7.

use guest::{Row, row};
use ir::{Type, Value};

use super::helpers::Trio;
use super::number::Precision;
use crate::flags::Flags;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Floating-point compare. Letters: `f` ftype, `m` Rm, `n` Rn.
#[rustfmt::skip]
pub const COMPARE: &[Row<LiftFn>] = &[
    row("fcmp",  "0 0 0 11110 ff 1 mmmmm 00 1000 nnnnn 00000", fcmp as LiftFn),
    row("fcmp",  "0 0 0 11110 ff 1 mmmmm 00 1000 nnnnn 01000", fcmp_zero),
    row("fcmpe", "0 0 0 11110 ff 1 mmmmm 00 1000 nnnnn 10000", fcmpe),
    row("fcmpe", "0 0 0 11110 ff 1 mmmmm 00 1000 nnnnn 11000", fcmpe_zero),
];

/// Floating-point conditional compare. Letters: `f` ftype, `m` Rm, `c` cond,
/// `n` Rn, `z` nzcv.
#[rustfmt::skip]
pub const CONDITIONAL_COMPARE: &[Row<LiftFn>] = &[
    row("fccmp",  "0 0 0 11110 ff 1 mmmmm cccc 01 nnnnn 0 zzzz", fccmp as LiftFn),
    row("fccmpe", "0 0 0 11110 ff 1 mmmmm cccc 01 nnnnn 1 zzzz", fccmpe),
];

/// Floating-point conditional select. Letters: `f` ftype, `m` Rm, `c` cond,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const SELECT: &[Row<LiftFn>] = &[
    row("fcsel", "0 0 0 11110 ff 1 mmmmm cccc 11 nnnnn ddddd", fcsel as LiftFn),
];

/// Signalling: a quiet NaN raises invalid, too.
const FCMLT: Trio = Trio::new("fcmlt.h");
const FCMLT_QUIET: Trio = Trio::new("fcmltq.h");
const FCMEQ: Trio = Trio::new("fcmeq.h");

/// `FPCompare`: N, Z, C and V, each an `i8` 0 or 1. Less sets N; equal Z and C;
/// greater C; unordered C and V.
fn flags(l: &mut Lift, precision: Precision, [a, b]: [Value; 2], signaling: bool) -> Flags {
    let less = l.float(if signaling { FCMLT } else { FCMLT_QUIET }, precision, &[a, b]);
    let equal = l.float(FCMEQ, precision, &[a, b]);
    let [less, equal] = [less, equal].map(|flag| l.b.ireduce(Type::I8, flag));
    let unordered = l.unordered(precision, a, b);
    Flags { n: less, z: equal, c: l.not(less), v: unordered }
}

fn compare(l: &mut Lift, op: Op, with_zero: bool, signaling: bool) {
    if let Some(precision) = l.ftype(op) {
        let a = l.number(precision, op.rn());
        let b = if with_zero { l.constant_number(precision, 0) } else { l.number(precision, op.rm()) };
        let flags = flags(l, precision, [a, b], signaling);
        l.set_flags(flags);
    }
}

/// Rn with Rm.
fn fcmp(l: &mut Lift, op: Op) {
    compare(l, op, false, false);
}

/// Rn with 0.
fn fcmp_zero(l: &mut Lift, op: Op) {
    compare(l, op, true, false);
}

/// Rn with Rm, signalling.
fn fcmpe(l: &mut Lift, op: Op) {
    compare(l, op, false, true);
}

/// Rn with 0, signalling.
fn fcmpe_zero(l: &mut Lift, op: Op) {
    compare(l, op, true, true);
}

/// If the condition holds, compares; else the flags are the immediate. The
/// comparison is done on zeros then, and raises nothing.
fn conditional_compare(l: &mut Lift, op: Op, signaling: bool) {
    if let Some(precision) = l.ftype(op) {
        let holds = l.condition(op.cond());
        let zero = l.constant_number(precision, 0);
        let operands = [op.rn(), op.rm()].map(|n| {
            let number = l.number(precision, n);
            l.b.select(holds, number, zero)
        });
        let compared = flags(l, precision, operands, signaling);
        l.set_flags_if(holds, compared, op.bits(3, 0));
    }
}

/// Conditional FCMP.
fn fccmp(l: &mut Lift, op: Op) {
    conditional_compare(l, op, false);
}

/// Conditional FCMPE.
fn fccmpe(l: &mut Lift, op: Op) {
    conditional_compare(l, op, true);
}

/// Rd = cond ? Rn : Rm.
fn fcsel(l: &mut Lift, op: Op) {
    if let Some(precision) = l.ftype(op) {
        let holds = l.condition(op.cond());
        let (a, b) = (l.number_bits(precision, op.rn()), l.number_bits(precision, op.rm()));
        let result = l.b.select(holds, a, b);
        l.set_number_bits(op.rd(), result);
    }
}
