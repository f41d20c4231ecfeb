//! Data processing with an immediate.
//!
//! Source: Arm ARM, C4.1.93.

use guest::{Row, row};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Add/subtract (immediate). Letters: `s` sf, `h` sh, `i` imm12, `n` Rn,
/// `d` Rd.
#[rustfmt::skip]
pub const ADD_SUB: &[Row<LiftFn>] = &[
    row("add",  "s 0 0 100010 h iiiiiiiiiiii nnnnn ddddd", add as LiftFn),
    row("adds", "s 0 1 100010 h iiiiiiiiiiii nnnnn ddddd", adds),
    row("sub",  "s 1 0 100010 h iiiiiiiiiiii nnnnn ddddd", sub),
    row("subs", "s 1 1 100010 h iiiiiiiiiiii nnnnn ddddd", subs),
];

/// The operands: Rn, which may be the stack pointer, and the immediate.
fn add_sub_operands(l: &mut Lift, op: Op) -> (ir::Value, ir::Value) {
    let shift = if op.bit(22) { 12 } else { 0 };
    let lhs = l.reg_sp(op.sf(), op.rn());
    let rhs = l.iconst(op.sf(), op.imm12() << shift);
    (lhs, rhs)
}

/// C6.2.5: Rd = Rn + imm; both may be the stack pointer.
fn add(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let sum = l.b.iadd(lhs, rhs);
    l.set_reg_sp(op.rd(), sum);
}

/// C6.2.10: Rd = Rn + imm, with flags.
fn adds(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let sum = l.add_with_flags(lhs, rhs);
    l.set_reg(op.rd(), sum);
}

/// C6.2.401: Rd = Rn - imm; both may be the stack pointer.
fn sub(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let difference = l.b.isub(lhs, rhs);
    l.set_reg_sp(op.rd(), difference);
}

/// C6.2.407: Rd = Rn - imm, with flags.
fn subs(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let difference = l.sub_with_flags(lhs, rhs);
    l.set_reg(op.rd(), difference);
}
