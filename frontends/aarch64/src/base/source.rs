//! Data processing on one, two and three source registers.
//!
//! Source: Arm ARM, C4.1.95.

use guest::{Row, row};
use ir::{BinaryOp, Type, UnaryOp, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Data-processing (2 source). Letters: `s` sf, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const TWO: &[Row<LiftFn>] = &[
    row("udiv", "s 0 0 11010110 mmmmm 000010 nnnnn ddddd", udiv as LiftFn),
    row("sdiv", "s 0 0 11010110 mmmmm 000011 nnnnn ddddd", sdiv),
    row("lslv", "s 0 0 11010110 mmmmm 001000 nnnnn ddddd", lslv),
    row("lsrv", "s 0 0 11010110 mmmmm 001001 nnnnn ddddd", lsrv),
    row("asrv", "s 0 0 11010110 mmmmm 001010 nnnnn ddddd", asrv),
    row("rorv", "s 0 0 11010110 mmmmm 001011 nnnnn ddddd", rorv),
];

/// Data-processing (1 source).
#[rustfmt::skip]
pub const ONE: &[Row<LiftFn>] = &[
    row("rbit",  "s 1 0 11010110 00000 000000 nnnnn ddddd", rbit as LiftFn),
    row("rev16", "s 1 0 11010110 00000 000001 nnnnn ddddd", rev16),
    row("rev",   "0 1 0 11010110 00000 000010 nnnnn ddddd", rev),
    row("rev32", "1 1 0 11010110 00000 000010 nnnnn ddddd", rev32),
    row("rev",   "1 1 0 11010110 00000 000011 nnnnn ddddd", rev),
    row("clz",   "s 1 0 11010110 00000 000100 nnnnn ddddd", clz),
    row("cls",   "s 1 0 11010110 00000 000101 nnnnn ddddd", cls),
];

/// Data-processing (3 source). Letters: `a` Ra.
#[rustfmt::skip]
pub const THREE: &[Row<LiftFn>] = &[
    row("madd",   "s 00 11011 000 mmmmm 0 aaaaa nnnnn ddddd", madd as LiftFn),
    row("msub",   "s 00 11011 000 mmmmm 1 aaaaa nnnnn ddddd", madd),
    row("smaddl", "1 00 11011 001 mmmmm 0 aaaaa nnnnn ddddd", smaddl),
    row("smsubl", "1 00 11011 001 mmmmm 1 aaaaa nnnnn ddddd", smaddl),
    row("smulh",  "1 00 11011 010 mmmmm 0 11111 nnnnn ddddd", smulh),
    row("umaddl", "1 00 11011 101 mmmmm 0 aaaaa nnnnn ddddd", umaddl),
    row("umsubl", "1 00 11011 101 mmmmm 1 aaaaa nnnnn ddddd", umaddl),
    row("umulh",  "1 00 11011 110 mmmmm 0 11111 nnnnn ddddd", umulh),
];

/// Rd = Rn `apply` Rm.
fn binary(l: &mut Lift, op: Op, apply: BinaryOp) {
    let (lhs, rhs) = (l.reg(op.sf(), op.rn()), l.reg(op.sf(), op.rm()));
    let result = l.b.binary(apply, lhs, rhs);
    l.set_reg(op.rd(), result);
}

/// C6.2.441: unsigned quotient; 0 if the divisor is 0.
fn udiv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Udiv);
}

/// C6.2.323: signed quotient, towards zero; 0 if the divisor is 0.
fn sdiv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Sdiv);
}

/// C6.2.262: shift left, by Rm modulo the width.
fn lslv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Ishl);
}

/// C6.2.265: logical shift right, by Rm modulo the width.
fn lsrv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Ushr);
}

/// C6.2.21: arithmetic shift right, by Rm modulo the width.
fn asrv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Sshr);
}

/// C6.2.315: rotate right, by Rm modulo the width.
fn rorv(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Rotr);
}

/// Rd = `apply` Rn.
fn unary(l: &mut Lift, op: Op, apply: UnaryOp) {
    let source = l.reg(op.sf(), op.rn());
    let result = l.b.unary(apply, source);
    l.set_reg(op.rd(), result);
}

/// C6.2.308: bits reversed.
fn rbit(l: &mut Lift, op: Op) {
    unary(l, op, UnaryOp::Bitrev);
}

/// C6.2.310: bytes reversed.
fn rev(l: &mut Lift, op: Op) {
    unary(l, op, UnaryOp::Bswap);
}

/// C6.2.311: bytes reversed in each 16 bits.
fn rev16(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let source = l.reg(ty, op.rn());
    let (eight, low_bytes) = (l.iconst(ty, 8), l.iconst(ty, 0x00ff_00ff_00ff_00ff));
    let high = l.b.ushr(source, eight);
    let high = l.b.band(high, low_bytes);
    let low = l.b.band(source, low_bytes);
    let low = l.b.ishl(low, eight);
    let result = l.b.bor(high, low);
    l.set_reg(op.rd(), result);
}

/// C6.2.312: bytes reversed in each 32 bits.
fn rev32(l: &mut Lift, op: Op) {
    let source = l.x(op.rn());
    let (all, half) = (l.b.unary(UnaryOp::Bswap, source), l.i64(32));
    let result = l.b.rotl(all, half);
    l.set_reg(op.rd(), result);
}

/// C6.2.79: leading zeros.
fn clz(l: &mut Lift, op: Op) {
    unary(l, op, UnaryOp::Clz);
}

/// C6.2.78: leading bits that are the sign, without the sign itself.
fn cls(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let source = l.reg(ty, op.rn());
    let one = l.iconst(ty, 1);
    let shifted = l.b.sshr(source, one);
    let changes = l.b.bxor(source, shifted);
    let zeros = l.b.unary(UnaryOp::Clz, changes);
    let result = l.b.isub(zeros, one);
    l.set_reg(op.rd(), result);
}

/// Rd = Ra + product, or Ra - product with bit 15.
fn accumulate(l: &mut Lift, op: Op, product: Value) {
    let ty = op.sf();
    let result = match (op.bit(15), op.ra()) {
        (false, 31) => product,
        (true, 31) => l.b.ineg(product),
        (subtract, ra) => {
            let addend = l.reg(ty, ra);
            if subtract { l.b.isub(addend, product) } else { l.b.iadd(addend, product) }
        }
    };
    l.set_reg(op.rd(), result);
}

/// C6.2.267 and C6.2.283: Rd = Ra ± Rn * Rm.
fn madd(l: &mut Lift, op: Op) {
    let (lhs, rhs) = (l.reg(op.sf(), op.rn()), l.reg(op.sf(), op.rm()));
    let product = l.b.imul(lhs, rhs);
    accumulate(l, op, product);
}

/// C6.2.334 and C6.2.338: Xd = Xa ± Wn * Wm, signed.
fn smaddl(l: &mut Lift, op: Op) {
    let (lhs, rhs) = (l.reg(Type::I32, op.rn()), l.reg(Type::I32, op.rm()));
    let (lhs, rhs) = (l.b.sextend(Type::I64, lhs), l.b.sextend(Type::I64, rhs));
    let product = l.b.imul(lhs, rhs);
    accumulate(l, op, product);
}

/// C6.2.442 and C6.2.445: Xd = Xa ± Wn * Wm, unsigned.
fn umaddl(l: &mut Lift, op: Op) {
    let (lhs, rhs) = (l.reg(Type::I32, op.rn()), l.reg(Type::I32, op.rm()));
    let (lhs, rhs) = (l.b.uextend(Type::I64, lhs), l.b.uextend(Type::I64, rhs));
    let product = l.b.imul(lhs, rhs);
    accumulate(l, op, product);
}

/// C6.2.339: high half of the signed product.
fn smulh(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Smulhi);
}

/// C6.2.446: high half of the unsigned product.
fn umulh(l: &mut Lift, op: Op) {
    binary(l, op, BinaryOp::Umulhi);
}
