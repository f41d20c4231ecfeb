//! Atomic memory operations and compare and swap: FEAT_LSE.
//!
//! Source: Arm ARM, C4.1.96, tables "Atomic memory operations", "Compare and
//! swap" and "Compare and swap pair".

use guest::{Access, Row, row};
use ir::{IntCC, Order, RmwOp, Type, Value};

use super::exclusive::{check_pair, halves, joined};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Atomic memory operations. Letters: `z` size, `A` acquire, `R` release, `s`
/// Rs, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const OPERATIONS: &[Row<LiftFn>] = &[
    row("ldadd",  "zz 111 0 00 A R 1 sssss 0 000 00 nnnnn ttttt", ldadd as LiftFn),
    row("ldclr",  "zz 111 0 00 A R 1 sssss 0 001 00 nnnnn ttttt", ldclr),
    row("ldeor",  "zz 111 0 00 A R 1 sssss 0 010 00 nnnnn ttttt", ldeor),
    row("ldset",  "zz 111 0 00 A R 1 sssss 0 011 00 nnnnn ttttt", ldset),
    row("ldsmax", "zz 111 0 00 A R 1 sssss 0 100 00 nnnnn ttttt", ldsmax),
    row("ldsmin", "zz 111 0 00 A R 1 sssss 0 101 00 nnnnn ttttt", ldsmin),
    row("ldumax", "zz 111 0 00 A R 1 sssss 0 110 00 nnnnn ttttt", ldumax),
    row("ldumin", "zz 111 0 00 A R 1 sssss 0 111 00 nnnnn ttttt", ldumin),
    row("swp",    "zz 111 0 00 A R 1 sssss 1 000 00 nnnnn ttttt", swp),
];

/// Compare and swap. Letters: `L` acquire, `o` release.
#[rustfmt::skip]
pub const COMPARE_SWAP: &[Row<LiftFn>] = &[
    row("cas",  "zz 0010001 L 1 sssss o 11111 nnnnn ttttt", cas as LiftFn),
    row("casp", "00 0010000 L 1 sssss o 11111 nnnnn ttttt", casp_w),
    row("casp", "01 0010000 L 1 sssss o 11111 nnnnn ttttt", casp_x),
];

fn order(acquire: bool, release: bool) -> Order {
    match (acquire, release) {
        (false, false) => Order::Relaxed,
        (true, false) => Order::Acquire,
        (false, true) => Order::Release,
        (true, true) => Order::SeqCst,
    }
}

/// Tells watchpoints for loads of an atomic's read (D2.9.6): the IR's atomics are told as stores.
/// It comes first, so that what stops both is told as a read too.
fn read_first(l: &mut Lift, ty: Type, at: Value) {
    if l.mode.watches_loads() {
        l.b.load(ty, l.ordered_access(Order::Relaxed), at);
    }
}

/// Rt = what memory held, which becomes that `rmw` Rs, inverted if `invert`.
fn operation(l: &mut Lift, op: Op, rmw: RmwOp, invert: bool) {
    let at = l.x_sp(op.rn());
    let operand = l.reg(op.size(), op.rs());
    let operand = if invert { l.b.bnot(operand) } else { operand };
    let access = l.ordered_access(order(op.bit(23), op.bit(22)));
    read_first(l, op.size(), at);
    let old = l.b.atomic_rmw(rmw, access, at, operand);
    l.set_reg(op.rt(), old);
}

/// C6.2.150: sum.
fn ldadd(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Add, false);
}

/// C6.2.167: the bits of Rs cleared.
fn ldclr(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::And, true);
}

/// C6.2.170: exclusive or.
fn ldeor(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Xor, false);
}

/// C6.2.198: the bits of Rs set.
fn ldset(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Or, false);
}

/// C6.2.202: signed maximum.
fn ldsmax(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Smax, false);
}

/// C6.2.205: signed minimum.
fn ldsmin(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Smin, false);
}

/// C6.2.213: unsigned maximum.
fn ldumax(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Umax, false);
}

/// C6.2.216: unsigned minimum.
fn ldumin(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Umin, false);
}

/// C6.2.415: Rs itself.
fn swp(l: &mut Lift, op: Op) {
    operation(l, op, RmwOp::Xchg, false);
}

/// C6.2.49: if memory holds Rs, it becomes Rt; Rs = what it held.
fn cas(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let (expected, new) = (l.reg(op.size(), op.rs()), l.reg(op.size(), op.rt()));
    let access = l.ordered_access(order(op.bit(22), op.bit(15)));
    read_first(l, op.size(), at);
    let old = l.b.atomic_cas(access, at, expected, new);
    l.set_reg(op.rs(), old);
}

/// Whether the registers of a pair begin with an even one; if not, the
/// instruction is undefined.
fn even_pairs(l: &mut Lift, op: Op) -> bool {
    let even = op.rs() & 1 == 0 && op.rt() & 1 == 0;
    if !even {
        l.undefined();
    }
    even
}

/// C6.2.50: the same for pairs of 32 bits each.
fn casp_w(l: &mut Lift, op: Op) {
    if !even_pairs(l, op) {
        return;
    }
    let at = l.x_sp(op.rn());
    let (expected, new) = (joined(l, op.rs(), op.rs() + 1), joined(l, op.rt(), op.rt() + 1));
    let access = l.ordered_access(order(op.bit(22), op.bit(15)));
    read_first(l, Type::I64, at);
    let old = l.b.atomic_cas(access, at, expected, new);
    let (first, second) = halves(l, old);
    l.set_reg(op.rs(), first);
    l.set_reg(op.rs() + 1, second);
}

/// C6.2.50: the same for pairs of 64 bits each. No other CPU runs between the
/// accesses; if the comparison fails, what was there is stored again.
fn casp_x(l: &mut Lift, op: Op) {
    if !even_pairs(l, op) {
        return;
    }
    let at = l.x_sp(op.rn());
    check_pair(l, at, Access::Store);
    let second_at = l.offset(at, 8);
    let access = l.ordered_access(order(op.bit(22), op.bit(15)));
    let old = [l.b.load(Type::I64, access, at), l.b.load(Type::I64, access, second_at)];
    let expected = [l.x(op.rs()), l.x(op.rs() + 1)];
    let same = [0, 1].map(|i| l.b.icmp(IntCC::Eq, old[i], expected[i]));
    let same = l.b.band(same[0], same[1]);
    let new = [l.x(op.rt()), l.x(op.rt() + 1)];
    let new = [0, 1].map(|i| l.b.select(same, new[i], old[i]));
    l.b.store(access, at, new[0]);
    l.b.store(access, second_at, new[1]);
    l.set_reg(op.rs(), old[0]);
    l.set_reg(op.rs() + 1, old[1]);
}
