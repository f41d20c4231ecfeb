//! Basic bit manipulation.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "B", extension Zbb.

use guest::{Row, row};
use ir::{BinaryOp, Type, UnaryOp, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the manual's order. Letters: `d` rd, `s` rs1, `t` rs2, `h` shift
/// amount.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("andn",   "0100000 ttttt  sssss 111 ddddd 0110011", andn as LiftFn),
    row("orn",    "0100000 ttttt  sssss 110 ddddd 0110011", orn),
    row("xnor",   "0100000 ttttt  sssss 100 ddddd 0110011", xnor),
    row("clz",    "0110000 00000  sssss 001 ddddd 0010011", clz),
    row("clzw",   "0110000 00000  sssss 001 ddddd 0011011", clzw),
    row("ctz",    "0110000 00001  sssss 001 ddddd 0010011", ctz),
    row("ctzw",   "0110000 00001  sssss 001 ddddd 0011011", ctzw),
    row("cpop",   "0110000 00010  sssss 001 ddddd 0010011", cpop),
    row("cpopw",  "0110000 00010  sssss 001 ddddd 0011011", cpopw),
    row("max",    "0000101 ttttt  sssss 110 ddddd 0110011", max),
    row("maxu",   "0000101 ttttt  sssss 111 ddddd 0110011", maxu),
    row("min",    "0000101 ttttt  sssss 100 ddddd 0110011", min),
    row("minu",   "0000101 ttttt  sssss 101 ddddd 0110011", minu),
    row("sext.b", "0110000 00100  sssss 001 ddddd 0010011", sext_b),
    row("sext.h", "0110000 00101  sssss 001 ddddd 0010011", sext_h),
    row("zext.h", "0000100 00000  sssss 100 ddddd 0111011", zext_h),
    row("rol",    "0110000 ttttt  sssss 001 ddddd 0110011", rol),
    row("rolw",   "0110000 ttttt  sssss 001 ddddd 0111011", rolw),
    row("ror",    "0110000 ttttt  sssss 101 ddddd 0110011", ror),
    row("rori",   "011000  hhhhhh sssss 101 ddddd 0010011", rori),
    row("roriw",  "0110000 hhhhh  sssss 101 ddddd 0011011", roriw),
    row("rorw",   "0110000 ttttt  sssss 101 ddddd 0111011", rorw),
    row("orc.b",  "001010  000111 sssss 101 ddddd 0010011", orc_b),
    row("rev8",   "011010  111000 sssss 101 ddddd 0010011", rev8),
];

/// rs1, and the complement of rs2.
fn x_and_not_x(l: &mut Lift, op: Op) -> (Value, Value) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    (a, l.b.bnot(b))
}

/// Zbb: rd = rs1 & ~rs2.
fn andn(l: &mut Lift, op: Op) {
    let (a, b) = x_and_not_x(l, op);
    let value = l.b.band(a, b);
    l.set_x(op.rd(), value);
}

/// Zbb: rd = rs1 | ~rs2.
fn orn(l: &mut Lift, op: Op) {
    let (a, b) = x_and_not_x(l, op);
    let value = l.b.bor(a, b);
    l.set_x(op.rd(), value);
}

/// Zbb: rd = ~(rs1 ^ rs2).
fn xnor(l: &mut Lift, op: Op) {
    let (a, b) = x_and_not_x(l, op);
    let value = l.b.bxor(a, b);
    l.set_x(op.rd(), value);
}

/// rd = the count of `unary` in rs1.
fn count(l: &mut Lift, op: Op, unary: UnaryOp) {
    let a = l.x(op.rs1());
    let value = l.b.unary(unary, a);
    l.set_x(op.rd(), value);
}

/// rd = the count of `unary` in rs1[31:0].
fn count_word(l: &mut Lift, op: Op, unary: UnaryOp) {
    let a = l.x32(op.rs1());
    let value = l.b.unary(unary, a);
    l.set_x_uext(op.rd(), value);
}

/// Zbb: rd = zeros above the highest set bit of rs1; 64 if there is none.
fn clz(l: &mut Lift, op: Op) {
    count(l, op, UnaryOp::Clz);
}

/// Zbb: rd = zeros above the highest set bit of rs1[31:0]; 32 if there is none.
fn clzw(l: &mut Lift, op: Op) {
    count_word(l, op, UnaryOp::Clz);
}

/// Zbb: rd = zeros below the lowest set bit of rs1; 64 if there is none.
fn ctz(l: &mut Lift, op: Op) {
    count(l, op, UnaryOp::Ctz);
}

/// Zbb: rd = zeros below the lowest set bit of rs1[31:0]; 32 if there is none.
fn ctzw(l: &mut Lift, op: Op) {
    count_word(l, op, UnaryOp::Ctz);
}

/// Zbb: rd = set bits of rs1.
fn cpop(l: &mut Lift, op: Op) {
    count(l, op, UnaryOp::Popcnt);
}

/// Zbb: rd = set bits of rs1[31:0].
fn cpopw(l: &mut Lift, op: Op) {
    count_word(l, op, UnaryOp::Popcnt);
}

/// rd = rs1 `binary` rs2.
fn two_operands(l: &mut Lift, op: Op, binary: BinaryOp) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let value = l.b.binary(binary, a, b);
    l.set_x(op.rd(), value);
}

/// Zbb: rd = the greater of rs1 and rs2, signed.
fn max(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Smax);
}

/// Zbb: rd = the greater of rs1 and rs2, unsigned.
fn maxu(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Umax);
}

/// Zbb: rd = the lesser of rs1 and rs2, signed.
fn min(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Smin);
}

/// Zbb: rd = the lesser of rs1 and rs2, unsigned.
fn minu(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Umin);
}

/// Zbb: rd = sext(rs1[7:0]).
fn sext_b(l: &mut Lift, op: Op) {
    let a = l.x(op.rs1());
    let low = l.b.ireduce(Type::I8, a);
    l.set_x_sext(op.rd(), low);
}

/// Zbb: rd = sext(rs1[15:0]).
fn sext_h(l: &mut Lift, op: Op) {
    let a = l.x(op.rs1());
    let low = l.b.ireduce(Type::I16, a);
    l.set_x_sext(op.rd(), low);
}

/// Zbb: rd = zext(rs1[15:0]).
fn zext_h(l: &mut Lift, op: Op) {
    let a = l.x(op.rs1());
    let low = l.b.ireduce(Type::I16, a);
    l.set_x_uext(op.rd(), low);
}

/// Zbb: rd = rs1 rotated left by rs2[5:0].
fn rol(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Rotl);
}

/// Zbb: rd = rs1 rotated right by rs2[5:0].
fn ror(l: &mut Lift, op: Op) {
    two_operands(l, op, BinaryOp::Rotr);
}

/// Zbb: rd = rs1 rotated right by shamt.
fn rori(l: &mut Lift, op: Op) {
    let (a, amount) = (l.x(op.rs1()), l.iconst(op.shamt()));
    let value = l.b.rotr(a, amount);
    l.set_x(op.rd(), value);
}

/// Zbb: rd = sext(rs1[31:0] rotated left by rs2[4:0]).
fn rolw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = l.b.rotl(a, b);
    l.set_x_sext(op.rd(), value);
}

/// Zbb: rd = sext(rs1[31:0] rotated right by shamt).
fn roriw(l: &mut Lift, op: Op) {
    let (a, amount) = (l.x32(op.rs1()), l.b.iconst(Type::I32, op.shamt()));
    let value = l.b.rotr(a, amount);
    l.set_x_sext(op.rd(), value);
}

/// Zbb: rd = sext(rs1[31:0] rotated right by rs2[4:0]).
fn rorw(l: &mut Lift, op: Op) {
    let (a, b) = (l.x32(op.rs1()), l.x32(op.rs2()));
    let value = l.b.rotr(a, b);
    l.set_x_sext(op.rd(), value);
}

/// Zbb: each byte of rd = 0xff if that byte of rs1 is not 0, or else 0.
fn orc_b(l: &mut Lift, op: Op) {
    const LOW_SEVEN: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let a = l.x(op.rs1());
    let low_seven = l.iconst(LOW_SEVEN);
    // The top bit of each byte: carried into from its low seven bits unless
    // they are zero, or set already.
    let low = l.b.band(a, low_seven);
    let carried = l.b.iadd(low, low_seven);
    let set = l.b.bor(carried, a);
    let top = l.iconst(!LOW_SEVEN);
    let set = l.b.band(set, top);
    let seven = l.iconst(7);
    let ones = l.b.ushr(set, seven);
    let byte = l.iconst(0xff);
    let value = l.b.imul(ones, byte);
    l.set_x(op.rd(), value);
}

/// Zbb: rd = rs1 with its bytes reversed.
fn rev8(l: &mut Lift, op: Op) {
    let a = l.x(op.rs1());
    let value = l.b.unary(UnaryOp::Bswap, a);
    l.set_x(op.rd(), value);
}
