//! Loads and stores of two registers.
//!
//! Source: Arm ARM, C4.1.96.

use guest::{Row, row};
use ir::Type;

use super::Address;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Load/store no-allocate pair, and register pair: post-indexed, offset and
/// pre-indexed. Letters: `x` opc, `m` mode, `i` imm7, `u` Rt2, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const PAIR: &[Row<LiftFn>] = &[
    row("stnp",  "x0 101 0 000 0 iiiiiii uuuuu nnnnn ttttt", stp as LiftFn),
    row("ldnp",  "x0 101 0 000 1 iiiiiii uuuuu nnnnn ttttt", ldp),

    row("stp",   "x0 101 0 001 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",   "x0 101 0 001 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("ldpsw", "01 101 0 001 1 iiiiiii uuuuu nnnnn ttttt", ldpsw),

    row("stp",   "x0 101 0 010 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",   "x0 101 0 010 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("ldpsw", "01 101 0 010 1 iiiiiii uuuuu nnnnn ttttt", ldpsw),

    row("stp",   "x0 101 0 011 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",   "x0 101 0 011 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("ldpsw", "01 101 0 011 1 iiiiiii uuuuu nnnnn ttttt", ldpsw),
];

/// The registers' type, and how far apart they are in memory: 1 << scale.
fn register_type(op: Op) -> (Type, u32) {
    if op.bit(31) { (Type::I64, 3) } else { (Type::I32, 2) }
}

/// C6.2.384 and C6.2.377: stores Rt and, behind it, Rt2.
fn stp(l: &mut Lift, op: Op) {
    let (ty, scale) = register_type(op);
    let address = Address::pair(l, op, scale);
    let second_at = l.offset(address.at, 1 << scale);
    let (first, second) = (l.reg(ty, op.rt()), l.reg(ty, op.rt2()));
    l.b.store(l.access(), address.at, first);
    l.b.store(l.access(), second_at, second);
    address.write_back(l, op);
}

/// C6.2.178 and C6.2.171: loads Rt and, from behind it, Rt2.
fn ldp(l: &mut Lift, op: Op) {
    let (ty, scale) = register_type(op);
    load(l, op, ty, ty, scale);
}

/// C6.2.179: the same, of 32 bits each that are sign-extended to 64.
fn ldpsw(l: &mut Lift, op: Op) {
    load(l, op, Type::I32, Type::I64, 2);
}

/// Loads two values of type `ty`, sign-extended to `to`.
fn load(l: &mut Lift, op: Op, ty: Type, to: Type, scale: u32) {
    let address = Address::pair(l, op, scale);
    let second_at = l.offset(address.at, 1 << scale);
    let first = l.b.load(ty, l.access(), address.at);
    let second = l.b.load(ty, l.access(), second_at);
    l.set_reg_signed(to, op.rt(), first);
    l.set_reg_signed(to, op.rt2(), second);
    address.write_back(l, op);
}
