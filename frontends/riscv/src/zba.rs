//! Address generation.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "B", extension Zba.

use guest::{Row, row};
use ir::{Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the manual's order. Letters: `d` rd, `s` rs1, `t` rs2, `h` shift
/// amount.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("add.uw",    "0000100 ttttt  sssss 000 ddddd 0111011", add_uw as LiftFn),
    row("sh1add",    "0010000 ttttt  sssss 010 ddddd 0110011", sh1add),
    row("sh1add.uw", "0010000 ttttt  sssss 010 ddddd 0111011", sh1add_uw),
    row("sh2add",    "0010000 ttttt  sssss 100 ddddd 0110011", sh2add),
    row("sh2add.uw", "0010000 ttttt  sssss 100 ddddd 0111011", sh2add_uw),
    row("sh3add",    "0010000 ttttt  sssss 110 ddddd 0110011", sh3add),
    row("sh3add.uw", "0010000 ttttt  sssss 110 ddddd 0111011", sh3add_uw),
    row("slli.uw",   "000010  hhhhhh sssss 001 ddddd 0011011", slli_uw),
];

/// The low half of rs1, zero-extended.
fn unsigned_word(l: &mut Lift, op: Op) -> Value {
    let low = l.x32(op.rs1());
    l.b.uextend(Type::I64, low)
}

/// rd = rs2 + (index << amount).
fn shift_and_add(l: &mut Lift, op: Op, index: Value, amount: u64) {
    let base = l.x(op.rs2());
    let amount = l.iconst(amount);
    let offset = l.b.ishl(index, amount);
    let sum = l.b.iadd(base, offset);
    l.set_x(op.rd(), sum);
}

/// Zba: rd = rs2 + zext(rs1[31:0]).
fn add_uw(l: &mut Lift, op: Op) {
    let index = unsigned_word(l, op);
    let base = l.x(op.rs2());
    let sum = l.b.iadd(base, index);
    l.set_x(op.rd(), sum);
}

/// Zba: rd = rs2 + (rs1 << 1).
fn sh1add(l: &mut Lift, op: Op) {
    let index = l.x(op.rs1());
    shift_and_add(l, op, index, 1);
}

/// Zba: rd = rs2 + (zext(rs1[31:0]) << 1).
fn sh1add_uw(l: &mut Lift, op: Op) {
    let index = unsigned_word(l, op);
    shift_and_add(l, op, index, 1);
}

/// Zba: rd = rs2 + (rs1 << 2).
fn sh2add(l: &mut Lift, op: Op) {
    let index = l.x(op.rs1());
    shift_and_add(l, op, index, 2);
}

/// Zba: rd = rs2 + (zext(rs1[31:0]) << 2).
fn sh2add_uw(l: &mut Lift, op: Op) {
    let index = unsigned_word(l, op);
    shift_and_add(l, op, index, 2);
}

/// Zba: rd = rs2 + (rs1 << 3).
fn sh3add(l: &mut Lift, op: Op) {
    let index = l.x(op.rs1());
    shift_and_add(l, op, index, 3);
}

/// Zba: rd = rs2 + (zext(rs1[31:0]) << 3).
fn sh3add_uw(l: &mut Lift, op: Op) {
    let index = unsigned_word(l, op);
    shift_and_add(l, op, index, 3);
}

/// Zba: rd = zext(rs1[31:0]) << shamt.
fn slli_uw(l: &mut Lift, op: Op) {
    let value = unsigned_word(l, op);
    let amount = l.iconst(op.shamt());
    let shifted = l.b.ishl(value, amount);
    l.set_x(op.rd(), shifted);
}
