//! Branches.
//!
//! Source: Arm ARM, C4.1.92 (branches, exception generating and System
//! instructions).

use guest::{Row, row};
use ir::{Hint, IntCC, Type};

use crate::lift::LiftFn;
use crate::state::x;
use crate::{Lift, Op};

/// Conditional branch (immediate). Letters: `i` imm19, `c` cond.
#[rustfmt::skip]
pub const CONDITIONAL: &[Row<LiftFn>] = &[
    row("b.cond", "01010100 iiiiiiiiiiiiiiiiiii 0 cccc", b_cond as LiftFn),
];

/// Unconditional branch (register). Letters: `n` Rn.
#[rustfmt::skip]
pub const REGISTER: &[Row<LiftFn>] = &[
    row("br",  "1101011 0000 11111 000000 nnnnn 00000", br as LiftFn),
    row("blr", "1101011 0001 11111 000000 nnnnn 00000", blr),
    row("ret", "1101011 0010 11111 000000 nnnnn 00000", ret),
];

/// Unconditional branch (immediate). Letters: `i` imm26.
#[rustfmt::skip]
pub const UNCONDITIONAL: &[Row<LiftFn>] = &[
    row("b",  "0 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", b as LiftFn),
    row("bl", "1 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", bl),
];

/// Compare and branch (immediate). Letters: `s` sf, `i` imm19, `t` Rt.
#[rustfmt::skip]
pub const COMPARE: &[Row<LiftFn>] = &[
    row("cbz",  "s 011010 0 iiiiiiiiiiiiiiiiiii ttttt", cbz as LiftFn),
    row("cbnz", "s 011010 1 iiiiiiiiiiiiiiiiiii ttttt", cbz),
];

/// Test and branch (immediate). Letters: `b` b5 and b40, `i` imm14, `t` Rt.
#[rustfmt::skip]
pub const TEST: &[Row<LiftFn>] = &[
    row("tbz",  "b 011011 0 bbbbb iiiiiiiiiiiiii ttttt", tbz as LiftFn),
    row("tbnz", "b 011011 1 bbbbb iiiiiiiiiiiiii ttttt", tbz),
];

/// The address `words` instructions on.
fn target(l: &Lift, words: u64) -> u64 {
    l.pc.wrapping_add(words << 2)
}

/// C6.2.34: goes on at pc + offset if the condition holds.
fn b_cond(l: &mut Lift, op: Op) {
    let to = target(l, op.signed(23, 5));
    if op.bits(3, 1) == 0b111 {
        return l.jump(to);
    }
    let holds = l.condition(op.bits(3, 0));
    l.branch(holds, to);
}

/// C6.2.33: goes on at pc + offset.
fn b(l: &mut Lift, op: Op) {
    l.jump(target(l, op.signed(25, 0)));
}

/// C6.2.42: the same, with the return address in x30.
fn bl(l: &mut Lift, op: Op) {
    let link = l.next_address();
    l.b.set(x(30), link);
    l.jump(target(l, op.signed(25, 0)));
}

/// C6.2.44: goes on at Xn.
fn br(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.jump_indirect(to, Hint::Other);
}

/// C6.2.43: the same, with the return address in x30.
fn blr(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.call_indirect(to);
}

/// C6.2.309: the same as `br`, and known as a return.
fn ret(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.jump_indirect(to, Hint::Return);
}

/// C6.2.53 and C6.2.54: goes on at pc + offset if Rt is zero, or not zero.
fn cbz(l: &mut Lift, op: Op) {
    let value = l.reg(op.sf(), op.rt());
    let zero = l.iconst(op.sf(), 0);
    let cond = if op.bit(24) { IntCC::Ne } else { IntCC::Eq };
    let holds = l.b.icmp(cond, value, zero);
    l.branch(holds, target(l, op.signed(23, 5)));
}

/// C6.2.427 and C6.2.428: goes on at pc + offset if a bit of Rt is zero, or
/// not zero.
fn tbz(l: &mut Lift, op: Op) {
    let value = l.x(op.rt());
    let mask = l.i64(1 << (op.bits(31, 31) << 5 | op.bits(23, 19)));
    let bit = l.b.band(value, mask);
    let zero = l.iconst(Type::I64, 0);
    let cond = if op.bit(24) { IntCC::Ne } else { IntCC::Eq };
    let holds = l.b.icmp(cond, bit, zero);
    l.branch(holds, target(l, op.signed(18, 5)));
}
