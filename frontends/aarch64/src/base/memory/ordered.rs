//! Load-acquire and store-release.
//!
//! Source: Arm ARM, C4.1.96, tables "Load/store ordered" and "LDAPR/STLR
//! (unscaled immediate)".

use guest::{Row, row};
use ir::{MemAccess, Order};

use super::Address;
use super::single::transfer;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Load/store ordered. Letters: `s` size, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const ORDERED: &[Row<LiftFn>] = &[
    row("stlrb", "00 0010001 0 0 11111 1 11111 nnnnn ttttt", stlr as LiftFn),
    row("ldarb", "00 0010001 1 0 11111 1 11111 nnnnn ttttt", ldar),
    row("stlrh", "01 0010001 0 0 11111 1 11111 nnnnn ttttt", stlr),
    row("ldarh", "01 0010001 1 0 11111 1 11111 nnnnn ttttt", ldar),
    row("stlr",  "1s 0010001 0 0 11111 1 11111 nnnnn ttttt", stlr),
    row("ldar",  "1s 0010001 1 0 11111 1 11111 nnnnn ttttt", ldar),
];

/// FEAT_LRCPC.
#[rustfmt::skip]
pub const LRCPC: &[Row<LiftFn>] = &[
    row("ldaprb", "00 111 0 00 1 0 1 11111 1 100 00 nnnnn ttttt", ldapr as LiftFn),
    row("ldaprh", "01 111 0 00 1 0 1 11111 1 100 00 nnnnn ttttt", ldapr),
    row("ldapr",  "1s 111 0 00 1 0 1 11111 1 100 00 nnnnn ttttt", ldapr),
];

/// FEAT_LRCPC2: LDAPR/STLR (unscaled immediate). Letters: `i` imm9, `o` opc.
#[rustfmt::skip]
pub const LRCPC2: &[Row<LiftFn>] = &[
    row("stlurb",   "00 011001 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled as LiftFn),
    row("ldapurb",  "00 011001 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldapursb", "00 011001 1o 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("stlurh",   "01 011001 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldapurh",  "01 011001 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldapursh", "01 011001 1o 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("stlur",    "1s 011001 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldapur",   "1s 011001 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldapursw", "10 011001 10 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
];

/// C6.2.361: stores Rt; earlier accesses come before.
fn stlr(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let value = l.reg(op.size(), op.rt());
    // SeqCst: B2.3.6, a later load-acquire does not overtake it.
    l.b.store(l.ordered_access(Order::SeqCst), at, value);
}

/// C6.2.158: loads Rt; later accesses come afterwards.
fn ldar(l: &mut Lift, op: Op) {
    load(l, op, Order::SeqCst);
}

/// C6.2.155: the same, but it may overtake an earlier store-release.
fn ldapr(l: &mut Lift, op: Op) {
    load(l, op, Order::Acquire);
}

fn load(l: &mut Lift, op: Op, order: Order) {
    let at = l.x_sp(op.rn());
    let value = l.b.load(op.size(), l.ordered_access(order), at);
    l.set_reg(op.rt(), value);
}

/// C6.2.159 (LDAPUR, STLUR and their like): at base + offset.
fn unscaled(l: &mut Lift, op: Op) {
    let address = Address::unscaled(l, op);
    let order = if op.bits(23, 22) == 0 { Order::Release } else { Order::Acquire };
    let access: MemAccess = l.ordered_access(order);
    transfer(l, op, address.at, access);
}
