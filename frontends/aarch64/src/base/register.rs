//! Data processing on registers: logical, add, subtract, conditional.
//!
//! Source: Arm ARM, C4.1.95.

use guest::{Row, row};
use ir::{BinaryOp, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Logical (shifted register). Letters: `s` sf, `t` shift, `m` Rm, `i` imm6,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const LOGICAL: &[Row<LiftFn>] = &[
    row("and",  "s 00 01010 tt 0 mmmmm iiiiii nnnnn ddddd", and as LiftFn),
    row("bic",  "s 00 01010 tt 1 mmmmm iiiiii nnnnn ddddd", bic),
    row("orr",  "s 01 01010 tt 0 mmmmm iiiiii nnnnn ddddd", orr),
    row("orn",  "s 01 01010 tt 1 mmmmm iiiiii nnnnn ddddd", orn),
    row("eor",  "s 10 01010 tt 0 mmmmm iiiiii nnnnn ddddd", eor),
    row("eon",  "s 10 01010 tt 1 mmmmm iiiiii nnnnn ddddd", eon),
    row("ands", "s 11 01010 tt 0 mmmmm iiiiii nnnnn ddddd", ands),
    row("bics", "s 11 01010 tt 1 mmmmm iiiiii nnnnn ddddd", bics),
];

/// Add/subtract (shifted register). Letters as above.
#[rustfmt::skip]
pub const ADD_SUB_SHIFTED: &[Row<LiftFn>] = &[
    row("add",  "s 0 0 01011 tt 0 mmmmm iiiiii nnnnn ddddd", add_shifted as LiftFn),
    row("adds", "s 0 1 01011 tt 0 mmmmm iiiiii nnnnn ddddd", adds_shifted),
    row("sub",  "s 1 0 01011 tt 0 mmmmm iiiiii nnnnn ddddd", sub_shifted),
    row("subs", "s 1 1 01011 tt 0 mmmmm iiiiii nnnnn ddddd", subs_shifted),
];

/// Add/subtract (extended register). Letters: `o` option, `i` imm3.
#[rustfmt::skip]
pub const ADD_SUB_EXTENDED: &[Row<LiftFn>] = &[
    row("add",  "s 0 0 01011 00 1 mmmmm ooo iii nnnnn ddddd", add_extended as LiftFn),
    row("adds", "s 0 1 01011 00 1 mmmmm ooo iii nnnnn ddddd", adds_extended),
    row("sub",  "s 1 0 01011 00 1 mmmmm ooo iii nnnnn ddddd", sub_extended),
    row("subs", "s 1 1 01011 00 1 mmmmm ooo iii nnnnn ddddd", subs_extended),
];

/// Add/subtract (with carry).
#[rustfmt::skip]
pub const ADD_SUB_CARRY: &[Row<LiftFn>] = &[
    row("adc",  "s 0 0 11010000 mmmmm 000000 nnnnn ddddd", adc as LiftFn),
    row("adcs", "s 0 1 11010000 mmmmm 000000 nnnnn ddddd", adc),
    row("sbc",  "s 1 0 11010000 mmmmm 000000 nnnnn ddddd", sbc),
    row("sbcs", "s 1 1 11010000 mmmmm 000000 nnnnn ddddd", sbc),
];

/// Conditional compare (register). Letters: `c` cond, `f` nzcv.
#[rustfmt::skip]
pub const COND_COMPARE_REGISTER: &[Row<LiftFn>] = &[
    row("ccmn", "s 0 1 11010010 mmmmm cccc 0 0 nnnnn 0 ffff", conditional_compare as LiftFn),
    row("ccmp", "s 1 1 11010010 mmmmm cccc 0 0 nnnnn 0 ffff", conditional_compare),
];

/// Conditional compare (immediate). Letters: `i` imm5.
#[rustfmt::skip]
pub const COND_COMPARE_IMMEDIATE: &[Row<LiftFn>] = &[
    row("ccmn", "s 0 1 11010010 iiiii cccc 1 0 nnnnn 0 ffff", conditional_compare as LiftFn),
    row("ccmp", "s 1 1 11010010 iiiii cccc 1 0 nnnnn 0 ffff", conditional_compare),
];

/// Conditional select.
#[rustfmt::skip]
pub const COND_SELECT: &[Row<LiftFn>] = &[
    row("csel",  "s 0 0 11010100 mmmmm cccc 0 0 nnnnn ddddd", csel as LiftFn),
    row("csinc", "s 0 0 11010100 mmmmm cccc 0 1 nnnnn ddddd", csinc),
    row("csinv", "s 1 0 11010100 mmmmm cccc 0 0 nnnnn ddddd", csinv),
    row("csneg", "s 1 0 11010100 mmmmm cccc 0 1 nnnnn ddddd", csneg),
];

/// Pseudocode ShiftReg (chapter J1): Rm shifted by imm6 as `shift` says; `None`
/// and an undefined instruction if the amount is no less than the width.
fn shifted(l: &mut Lift, op: Op) -> Option<Value> {
    let ty = op.sf();
    if op.imm6() >= ty.bits() {
        l.undefined();
        return None;
    }
    let value = l.reg(ty, op.rm());
    if op.imm6() == 0 {
        return Some(value);
    }
    let amount = l.iconst(ty, op.imm6().into());
    Some(match op.bits(23, 22) {
        0 => l.b.ishl(value, amount),
        1 => l.b.ushr(value, amount),
        2 => l.b.sshr(value, amount),
        _ => l.b.rotr(value, amount),
    })
}

/// A logical operation on Rn and the shifted Rm, inverted if N says so.
fn logical(l: &mut Lift, op: Op, apply: BinaryOp) -> Option<Value> {
    let rhs = shifted(l, op)?;
    let rhs = if op.bit(21) { l.b.bnot(rhs) } else { rhs };
    let lhs = l.reg(op.sf(), op.rn());
    let result = l.b.binary(apply, lhs, rhs);
    l.set_reg(op.rd(), result);
    Some(result)
}

/// C6.2.16: Rd = Rn & shifted Rm.
fn and(l: &mut Lift, op: Op) {
    logical(l, op, BinaryOp::Band);
}

/// C6.2.40: Rd = Rn & ~shifted Rm.
fn bic(l: &mut Lift, op: Op) {
    logical(l, op, BinaryOp::Band);
}

/// C6.2.292: Rd = Rn | shifted Rm; with Rn = 31 a move.
fn orr(l: &mut Lift, op: Op) {
    if op.rn() != 31 {
        logical(l, op, BinaryOp::Bor);
    } else if let Some(value) = shifted(l, op) {
        l.set_reg(op.rd(), value);
    }
}

/// C6.2.289: Rd = Rn | ~shifted Rm.
fn orn(l: &mut Lift, op: Op) {
    logical(l, op, BinaryOp::Bor);
}

/// C6.2.127: Rd = Rn ^ shifted Rm.
fn eor(l: &mut Lift, op: Op) {
    logical(l, op, BinaryOp::Bxor);
}

/// C6.2.125: Rd = Rn ^ ~shifted Rm.
fn eon(l: &mut Lift, op: Op) {
    logical(l, op, BinaryOp::Bxor);
}

/// C6.2.18: Rd = Rn & shifted Rm, with flags.
fn ands(l: &mut Lift, op: Op) {
    if let Some(result) = logical(l, op, BinaryOp::Band) {
        l.set_flags_logical(result);
    }
}

/// C6.2.41: Rd = Rn & ~shifted Rm, with flags.
fn bics(l: &mut Lift, op: Op) {
    ands(l, op);
}

/// The same where a rotation is not allowed.
fn shifted_summand(l: &mut Lift, op: Op) -> Option<Value> {
    if op.bits(23, 22) == 3 {
        l.undefined();
        return None;
    }
    shifted(l, op)
}

/// C6.2.6: Rd = Rn + shifted Rm.
fn add_shifted(l: &mut Lift, op: Op) {
    let Some(rhs) = shifted_summand(l, op) else { return };
    let lhs = l.reg(op.sf(), op.rn());
    let sum = l.b.iadd(lhs, rhs);
    l.set_reg(op.rd(), sum);
}

/// C6.2.11: Rd = Rn + shifted Rm, with flags.
fn adds_shifted(l: &mut Lift, op: Op) {
    let Some(rhs) = shifted_summand(l, op) else { return };
    let lhs = l.reg(op.sf(), op.rn());
    let sum = l.add_with_flags(lhs, rhs);
    l.set_reg(op.rd(), sum);
}

/// C6.2.402: Rd = Rn - shifted Rm.
fn sub_shifted(l: &mut Lift, op: Op) {
    let Some(rhs) = shifted_summand(l, op) else { return };
    let lhs = l.reg(op.sf(), op.rn());
    let difference = l.b.isub(lhs, rhs);
    l.set_reg(op.rd(), difference);
}

/// C6.2.408: Rd = Rn - shifted Rm, with flags.
fn subs_shifted(l: &mut Lift, op: Op) {
    let Some(rhs) = shifted_summand(l, op) else { return };
    let lhs = l.reg(op.sf(), op.rn());
    let difference = l.sub_with_flags(lhs, rhs);
    l.set_reg(op.rd(), difference);
}

/// Rn, which may be the stack pointer, and the extended and shifted Rm; `None`
/// and an undefined instruction if the shift is more than 4.
fn extended_operands(l: &mut Lift, op: Op) -> Option<(Value, Value)> {
    let shift = op.bits(12, 10);
    if shift > 4 {
        l.undefined();
        return None;
    }
    let lhs = l.reg_sp(op.sf(), op.rn());
    let rhs = l.extended(op.sf(), op.rm(), op.bits(15, 13), shift);
    Some((lhs, rhs))
}

/// C6.2.4: Rd = Rn + extended Rm; Rd and Rn may be the stack pointer.
fn add_extended(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = extended_operands(l, op) else { return };
    let sum = l.b.iadd(lhs, rhs);
    l.set_reg_sp(op.rd(), sum);
}

/// C6.2.9: Rd = Rn + extended Rm, with flags; Rn may be the stack pointer.
fn adds_extended(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = extended_operands(l, op) else { return };
    let sum = l.add_with_flags(lhs, rhs);
    l.set_reg(op.rd(), sum);
}

/// C6.2.400: Rd = Rn - extended Rm; Rd and Rn may be the stack pointer.
fn sub_extended(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = extended_operands(l, op) else { return };
    let difference = l.b.isub(lhs, rhs);
    l.set_reg_sp(op.rd(), difference);
}

/// C6.2.406: Rd = Rn - extended Rm, with flags; Rn may be the stack pointer.
fn subs_extended(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = extended_operands(l, op) else { return };
    let difference = l.sub_with_flags(lhs, rhs);
    l.set_reg(op.rd(), difference);
}

/// C6.2.1 and C6.2.2: Rd = Rn + Rm + C.
fn adc(l: &mut Lift, op: Op) {
    let (lhs, rhs) = (l.reg(op.sf(), op.rn()), l.reg(op.sf(), op.rm()));
    let sum = l.add_with_carry(lhs, rhs, op.bit(29));
    l.set_reg(op.rd(), sum);
}

/// C6.2.316 and C6.2.317: Rd = Rn + ~Rm + C.
fn sbc(l: &mut Lift, op: Op) {
    let (lhs, rhs) = (l.reg(op.sf(), op.rn()), l.reg(op.sf(), op.rm()));
    let rhs = l.b.bnot(rhs);
    let sum = l.add_with_carry(lhs, rhs, op.bit(29));
    l.set_reg(op.rd(), sum);
}

/// C6.2.66 to C6.2.69: flags of Rn - operand (or + for ccmn) if the condition
/// holds, or else the immediate ones.
fn conditional_compare(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let holds = l.condition(op.cond());
    let lhs = l.reg(ty, op.rn());
    let rhs = if op.bit(11) { l.iconst(ty, op.rm().into()) } else { l.reg(ty, op.rm()) };
    let flags = if op.bit(30) { l.flags_of_sub(lhs, rhs) } else { l.flags_of_add(lhs, rhs) };
    l.set_flags_if(holds, flags, op.bits(3, 0));
}

/// Rn if the condition holds, or else what `other` makes of Rm.
fn select(l: &mut Lift, op: Op, other: fn(&mut Lift<'_>, Value) -> Value) {
    let holds = l.condition(op.cond());
    let then = l.reg(op.sf(), op.rn());
    let source = l.reg(op.sf(), op.rm());
    let other = other(l, source);
    let result = l.b.select(holds, then, other);
    l.set_reg(op.rd(), result);
}

/// C6.2.105: or else Rm.
fn csel(l: &mut Lift, op: Op) {
    select(l, op, |_, value| value);
}

/// C6.2.108: or else Rm + 1.
fn csinc(l: &mut Lift, op: Op) {
    // C6.2.106, cset: of two zero registers, it is the condition itself.
    if op.rn() == 31 && op.rm() == 31 && op.cond() < 14 {
        let holds = l.condition(op.cond() ^ 1);
        return l.set_reg(op.rd(), holds);
    }
    select(l, op, |l, value| {
        let ty = l.b.type_of(value);
        let one = l.iconst(ty, 1);
        l.b.iadd(value, one)
    });
}

/// C6.2.109: or else ~Rm.
fn csinv(l: &mut Lift, op: Op) {
    select(l, op, |l, value| l.b.bnot(value));
}

/// C6.2.110: or else -Rm.
fn csneg(l: &mut Lift, op: Op) {
    select(l, op, |l, value| l.b.ineg(value));
}
