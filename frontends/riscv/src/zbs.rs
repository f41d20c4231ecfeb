//! Single-bit instructions.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "B", extension Zbs.

use guest::{Row, row};
use ir::Value;

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the manual's order. Letters: `d` rd, `s` rs1, `t` rs2, `h` bit
/// number.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("bclr",  "0100100 ttttt  sssss 001 ddddd 0110011", bclr as LiftFn),
    row("bclri", "010010  hhhhhh sssss 001 ddddd 0010011", bclri),
    row("bext",  "0100100 ttttt  sssss 101 ddddd 0110011", bext),
    row("bexti", "010010  hhhhhh sssss 101 ddddd 0010011", bexti),
    row("binv",  "0110100 ttttt  sssss 001 ddddd 0110011", binv),
    row("binvi", "011010  hhhhhh sssss 001 ddddd 0010011", binvi),
    row("bset",  "0010100 ttttt  sssss 001 ddddd 0110011", bset),
    row("bseti", "001010  hhhhhh sssss 001 ddddd 0010011", bseti),
];

/// 1 << rs2[5:0].
fn bit(l: &mut Lift, op: Op) -> Value {
    let (one, index) = (l.iconst(1), l.x(op.rs2()));
    l.b.ishl(one, index)
}

/// 1 << shamt.
fn const_bit(l: &mut Lift, op: Op) -> Value {
    l.iconst(1 << op.shamt())
}

/// rd = rs1 & ~mask.
fn clear(l: &mut Lift, op: Op, mask: Value) {
    let a = l.x(op.rs1());
    let keep = l.b.bnot(mask);
    let value = l.b.band(a, keep);
    l.set_x(op.rd(), value);
}

/// rd = rs1 ^ mask.
fn invert(l: &mut Lift, op: Op, mask: Value) {
    let a = l.x(op.rs1());
    let value = l.b.bxor(a, mask);
    l.set_x(op.rd(), value);
}

/// rd = rs1 | mask.
fn set(l: &mut Lift, op: Op, mask: Value) {
    let a = l.x(op.rs1());
    let value = l.b.bor(a, mask);
    l.set_x(op.rd(), value);
}

/// rd = rs1 >> index & 1.
fn extract(l: &mut Lift, op: Op, index: Value) {
    let a = l.x(op.rs1());
    let shifted = l.b.ushr(a, index);
    let one = l.iconst(1);
    let value = l.b.band(shifted, one);
    l.set_x(op.rd(), value);
}

/// Zbs: rd = rs1 with bit rs2[5:0] cleared.
fn bclr(l: &mut Lift, op: Op) {
    let mask = bit(l, op);
    clear(l, op, mask);
}

/// Zbs: rd = rs1 with bit shamt cleared.
fn bclri(l: &mut Lift, op: Op) {
    let mask = const_bit(l, op);
    clear(l, op, mask);
}

/// Zbs: rd = bit rs2[5:0] of rs1.
fn bext(l: &mut Lift, op: Op) {
    let index = l.x(op.rs2());
    extract(l, op, index);
}

/// Zbs: rd = bit shamt of rs1.
fn bexti(l: &mut Lift, op: Op) {
    let index = l.iconst(op.shamt());
    extract(l, op, index);
}

/// Zbs: rd = rs1 with bit rs2[5:0] inverted.
fn binv(l: &mut Lift, op: Op) {
    let mask = bit(l, op);
    invert(l, op, mask);
}

/// Zbs: rd = rs1 with bit shamt inverted.
fn binvi(l: &mut Lift, op: Op) {
    let mask = const_bit(l, op);
    invert(l, op, mask);
}

/// Zbs: rd = rs1 with bit rs2[5:0] set.
fn bset(l: &mut Lift, op: Op) {
    let mask = bit(l, op);
    set(l, op, mask);
}

/// Zbs: rd = rs1 with bit shamt set.
fn bseti(l: &mut Lift, op: Op) {
    let mask = const_bit(l, op);
    set(l, op, mask);
}
