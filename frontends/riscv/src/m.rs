//! Integer multiplication and division.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "M".

use guest::{Row, row};
use ir::{BinaryOp, IntCC, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the order of the instruction listings. Letters: `d` rd, `s` rs1,
/// `t` rs2.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("mul",    "0000001 ttttt sssss 000 ddddd 0110011", mul as LiftFn),
    row("mulh",   "0000001 ttttt sssss 001 ddddd 0110011", mulh),
    row("mulhsu", "0000001 ttttt sssss 010 ddddd 0110011", mulhsu),
    row("mulhu",  "0000001 ttttt sssss 011 ddddd 0110011", mulhu),
    row("div",    "0000001 ttttt sssss 100 ddddd 0110011", div),
    row("divu",   "0000001 ttttt sssss 101 ddddd 0110011", divu),
    row("rem",    "0000001 ttttt sssss 110 ddddd 0110011", rem),
    row("remu",   "0000001 ttttt sssss 111 ddddd 0110011", remu),

    row("mulw",   "0000001 ttttt sssss 000 ddddd 0111011", mulw),
    row("divw",   "0000001 ttttt sssss 100 ddddd 0111011", divw),
    row("divuw",  "0000001 ttttt sssss 101 ddddd 0111011", divuw),
    row("remw",   "0000001 ttttt sssss 110 ddddd 0111011", remw),
    row("remuw",  "0000001 ttttt sssss 111 ddddd 0111011", remuw),
];

/// §"Multiplication Operations": rd = (rs1 × rs2)[63:0].
fn mul(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.imul(a, b);
    l.set_x(op.rd(), value);
}

/// §"Multiplication Operations": rd = (rs1 × rs2)[127:64], both signed.
fn mulh(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.smulhi(a, b);
    l.set_x(op.rd(), value);
}

/// §"Multiplication Operations": rd = (rs1 × rs2)[127:64], rs1 signed, rs2 not.
/// A negative rs1 stands for its unsigned reading less 2⁶⁴, so the high half
/// is less by rs2.
fn mulhsu(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let high = l.b.umulhi(a, b);
    let bits = l.iconst(63);
    let sign = l.b.sshr(a, bits);
    let excess = l.b.band(sign, b);
    let value = l.b.isub(high, excess);
    l.set_x(op.rd(), value);
}

/// §"Multiplication Operations": rd = (rs1 × rs2)[127:64], both unsigned.
fn mulhu(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.umulhi(a, b);
    l.set_x(op.rd(), value);
}

/// The quotient by `op`; all ones if the divisor is 0 (table "Semantics for
/// division by zero and division overflow").
fn quotient(l: &mut Lift, op: BinaryOp, a: Value, b: Value) -> Value {
    let ty = l.b.type_of(a);
    let (zero, ones) = (l.b.iconst(ty, 0), l.b.iconst(ty, u64::MAX));
    let by_zero = l.b.icmp(IntCC::Eq, b, zero);
    let value = l.b.binary(op, a, b);
    l.b.select(by_zero, ones, value)
}

/// §"Division Operations": rd = rs1 ÷ rs2, signed, towards zero.
fn div(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = quotient(l, BinaryOp::Sdiv, a, b);
    l.set_x(op.rd(), value);
}

/// §"Division Operations": rd = rs1 ÷ rs2, unsigned.
fn divu(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = quotient(l, BinaryOp::Udiv, a, b);
    l.set_x(op.rd(), value);
}

/// §"Division Operations": rd = rs1 mod rs2, with the sign of rs1; rs1 if rs2
/// is 0.
fn rem(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.srem(a, b);
    l.set_x(op.rd(), value);
}

/// §"Division Operations": rd = rs1 mod rs2, unsigned; rs1 if rs2 is 0.
fn remu(l: &mut Lift, op: Op) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.urem(a, b);
    l.set_x(op.rd(), value);
}

/// §"Multiplication Operations": rd = sext((rs1 × rs2)[31:0]).
fn mulw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = l.b.imul(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §"Division Operations": rd = sext(rs1[31:0] ÷ rs2[31:0]), signed.
fn divw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = quotient(l, BinaryOp::Sdiv, a, b);
    l.set_x_sext(op.rd(), value);
}

/// §"Division Operations": rd = sext(rs1[31:0] ÷ rs2[31:0]), unsigned.
fn divuw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = quotient(l, BinaryOp::Udiv, a, b);
    l.set_x_sext(op.rd(), value);
}

/// §"Division Operations": rd = sext(rs1[31:0] mod rs2[31:0]), signed.
fn remw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = l.b.srem(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §"Division Operations": rd = sext(rs1[31:0] mod rs2[31:0]), unsigned.
fn remuw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = l.b.urem(a, b);
    l.set_x_sext(op.rd(), value);
}
