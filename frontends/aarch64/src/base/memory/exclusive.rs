//! Load-exclusive and store-exclusive.
//!
//! Source: Arm ARM, C4.1.96, tables "Load/store exclusive pair" and
//! "Load/store exclusive register"; B2.12 (synchronization).

use guest::{Access, Row, row};
use ir::{Order, Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Load/store exclusive register. Letters: `z` size, `s` Rs, `o` o0 (acquire
/// or release), `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const REGISTER: &[Row<LiftFn>] = &[
    row("stxrb",  "00 0010000 0 0 sssss 0 11111 nnnnn ttttt", store as LiftFn),
    row("stlxrb", "00 0010000 0 0 sssss 1 11111 nnnnn ttttt", store),
    row("ldxrb",  "00 0010000 1 0 11111 0 11111 nnnnn ttttt", load),
    row("ldaxrb", "00 0010000 1 0 11111 1 11111 nnnnn ttttt", load),
    row("stxrh",  "01 0010000 0 0 sssss 0 11111 nnnnn ttttt", store),
    row("stlxrh", "01 0010000 0 0 sssss 1 11111 nnnnn ttttt", store),
    row("ldxrh",  "01 0010000 1 0 11111 0 11111 nnnnn ttttt", load),
    row("ldaxrh", "01 0010000 1 0 11111 1 11111 nnnnn ttttt", load),
    row("stxr",   "1z 0010000 0 0 sssss 0 11111 nnnnn ttttt", store),
    row("stlxr",  "1z 0010000 0 0 sssss 1 11111 nnnnn ttttt", store),
    row("ldxr",   "1z 0010000 1 0 11111 0 11111 nnnnn ttttt", load),
    row("ldaxr",  "1z 0010000 1 0 11111 1 11111 nnnnn ttttt", load),
];

/// Load/store exclusive pair. Letters: `u` Rt2.
#[rustfmt::skip]
pub const PAIR: &[Row<LiftFn>] = &[
    row("stxp",  "10 0010000 0 1 sssss 0 uuuuu nnnnn ttttt", store_pair_w as LiftFn),
    row("stlxp", "10 0010000 0 1 sssss 1 uuuuu nnnnn ttttt", store_pair_w),
    row("ldxp",  "10 0010000 1 1 11111 0 uuuuu nnnnn ttttt", load_pair_w),
    row("ldaxp", "10 0010000 1 1 11111 1 uuuuu nnnnn ttttt", load_pair_w),
    row("stxp",  "11 0010000 0 1 sssss 0 uuuuu nnnnn ttttt", store_pair_x),
    row("stlxp", "11 0010000 0 1 sssss 1 uuuuu nnnnn ttttt", store_pair_x),
    row("ldxp",  "11 0010000 1 1 11111 0 uuuuu nnnnn ttttt", load_pair_x),
    row("ldaxp", "11 0010000 1 1 11111 1 uuuuu nnnnn ttttt", load_pair_x),
];

/// Checks that the address of a pair of 64 bits each is a multiple of 16; the
/// IR's own accesses check for 8 only.
pub(super) fn check_pair(l: &mut Lift, at: Value, access: Access) {
    l.require_multiple_of_16(at, access);
}

/// What o0 asks for.
fn order(op: Op) -> Order {
    match (op.bit(15), op.bit(22)) {
        (false, _) => Order::Relaxed,
        (true, true) => Order::Acquire,
        (true, false) => Order::Release,
    }
}

/// C6.2.226 and C6.2.161: loads Rt, and marks the address.
fn load(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let value = l.b.load_reserved(op.size(), l.ordered_access(order(op)), at);
    l.set_reg(op.rt(), value);
}

/// C6.2.397 and C6.2.371: stores Rt if the mark stands; Rs = 0 if it did.
fn store(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let value = l.reg(op.size(), op.rt());
    let failed = l.b.store_conditional(l.ordered_access(order(op)), at, value);
    l.set_reg(op.rs(), failed);
}

/// C6.2.225 and C6.2.160: a pair of 32 bits each, as one access of 64.
fn load_pair_w(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let both = l.b.load_reserved(Type::I64, l.ordered_access(order(op)), at);
    let (first, second) = halves(l, both);
    l.set_reg(op.rt(), first);
    l.set_reg(op.rt2(), second);
}

/// The low and the high 32 bits.
pub(super) fn halves(l: &mut Lift, both: Value) -> (Value, Value) {
    let half = l.i64(32);
    let high = l.b.ushr(both, half);
    (l.b.ireduce(Type::I32, both), l.b.ireduce(Type::I32, high))
}

/// Registers `first` and `second`, 32 bits each, as one value of 64.
pub(super) fn joined(l: &mut Lift, first: u32, second: u32) -> Value {
    let low = l.reg(Type::I32, first);
    let low = l.b.uextend(Type::I64, low);
    let (high, half) = (l.x(second), l.i64(32));
    let high = l.b.ishl(high, half);
    l.b.bor(low, high)
}

/// C6.2.396 and C6.2.370: a pair of 32 bits each, as one access of 64.
fn store_pair_w(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    let both = joined(l, op.rt(), op.rt2());
    let failed = l.b.store_conditional(l.ordered_access(order(op)), at, both);
    l.set_reg(op.rs(), failed);
}

/// C6.2.225 and C6.2.160: a pair of 64 bits each. The mark is on the first; no
/// other CPU runs before the second is read.
fn load_pair_x(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    check_pair(l, at, Access::Load);
    let second_at = l.offset(at, 8);
    let first = l.b.load_reserved(Type::I64, l.ordered_access(order(op)), at);
    let second = l.b.load(Type::I64, l.access(), second_at);
    l.set_reg(op.rt(), first);
    l.set_reg(op.rt2(), second);
}

/// C6.2.396 and C6.2.370: a pair of 64 bits each. If the mark has gone, what
/// is stored second is what memory holds.
fn store_pair_x(l: &mut Lift, op: Op) {
    let at = l.x_sp(op.rn());
    check_pair(l, at, Access::Store);
    let second_at = l.offset(at, 8);
    let (first, second) = (l.x(op.rt()), l.x(op.rt2()));
    let failed = l.b.store_conditional(l.ordered_access(order(op)), at, first);
    let old = l.b.load(Type::I64, l.access(), second_at);
    let second = l.b.select(failed, old, second);
    l.b.store(l.access(), second_at, second);
    l.set_reg(op.rs(), failed);
}
