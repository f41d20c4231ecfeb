//! Permutations of lanes, and table lookup.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD table lookup", "Advanced
//! SIMD permute" and "Advanced SIMD extract", and chapter C7.

use guest::{Row, row};
use ir::{IntCC, Lanes, Value};

use super::encoding::extent;
use super::register::{Extent, Shape};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD table lookup. Letters: `q` Q, `l` len, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const TABLE_LOOKUP: &[Row<LiftFn>] = &[
    row("tbl", "0 q 001110 00 0 mmmmm 0 ll 0 00 nnnnn ddddd", tbl as LiftFn),
    row("tbx", "0 q 001110 00 0 mmmmm 0 ll 1 00 nnnnn ddddd", tbx),
];

/// Advanced SIMD permute. Letters: `q` Q, `s` size, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const PERMUTE: &[Row<LiftFn>] = &[
    row("uzp1", "0 q 001110 ss 0 mmmmm 0 001 10 nnnnn ddddd", uzp1 as LiftFn),
    row("trn1", "0 q 001110 ss 0 mmmmm 0 010 10 nnnnn ddddd", trn1),
    row("zip1", "0 q 001110 ss 0 mmmmm 0 011 10 nnnnn ddddd", zip1),
    row("uzp2", "0 q 001110 ss 0 mmmmm 0 101 10 nnnnn ddddd", uzp2),
    row("trn2", "0 q 001110 ss 0 mmmmm 0 110 10 nnnnn ddddd", trn2),
    row("zip2", "0 q 001110 ss 0 mmmmm 0 111 10 nnnnn ddddd", zip2),
];

/// Advanced SIMD extract. Letters: `q` Q, `m` Rm, `i` imm4, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const EXTRACT: &[Row<LiftFn>] = &[
    row("ext", "0 q 101110 00 0 mmmmm 0 iiii 0 nnnnn ddddd", ext as LiftFn),
];

const BYTES: Lanes = Lanes::I8x16;

/// Bytes of one to four registers from Rn on by the numbers in Rm, zero where
/// there is no such byte; and a mask of where there is.
fn look_up(l: &mut Lift, op: Op) -> (Value, Value) {
    let registers = op.bits(14, 13) + 1;
    let numbers = l.v(op.rm());
    let table = l.v(op.rn());
    let mut found = l.b.swizzle(table, numbers);
    for index in 1..registers {
        let table = l.v((op.rn() + index) % 32);
        let offset = l.b.lanes(BYTES).splat_const(u64::from(16 * index));
        // Below this register's bytes, numbers wrap around and get large.
        let within = l.b.lanes(BYTES).isub(numbers, offset);
        let more = l.b.swizzle(table, within);
        found = l.b.vor(found, more);
    }
    let limit = l.b.lanes(BYTES).splat_const(u64::from(16 * registers));
    let inside = l.b.lanes(BYTES).icmp(IntCC::Ult, numbers, limit);
    (found, inside)
}

/// TBL.
fn tbl(l: &mut Lift, op: Op) {
    let (found, _) = look_up(l, op);
    l.set_shaped(op.rd(), Shape { lanes: BYTES, extent: extent(op) }, found);
}

/// TBX: Rd stays where there is no such byte.
fn tbx(l: &mut Lift, op: Op) {
    let (found, inside) = look_up(l, op);
    let d = l.v(op.rd());
    let result = l.b.bitselect(inside, found, d);
    l.set_shaped(op.rd(), Shape { lanes: BYTES, extent: extent(op) }, result);
}

/// Rd = lanes of Rn and Rm, whose numbers `number` makes from those in Rd and
/// the count of lanes; Rm's come after Rn's.
fn permute(l: &mut Lift, op: Op, number: fn(u8, u8) -> u8) {
    let Some(shape) = l.shape(op) else { return };
    let (bytes, count) = (shape.lanes.ty().bytes(), shape.count());
    let numbers = std::array::from_fn(|at| {
        let (lane, byte) = (at as u8 / bytes, at as u8 % bytes);
        if lane >= count {
            return u8::MAX;
        }
        let from = number(lane, count);
        let register = if from < count { 0 } else { 16 };
        register + from % count * bytes + byte
    });
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let result = l.b.shuffle(a, b, numbers);
    l.set_shaped(op.rd(), shape, result);
}

/// UZP1: the even lanes.
fn uzp1(l: &mut Lift, op: Op) {
    permute(l, op, |lane, _| 2 * lane);
}

/// UZP2: the odd lanes.
fn uzp2(l: &mut Lift, op: Op) {
    permute(l, op, |lane, _| 2 * lane + 1);
}

/// TRN1: even lanes of both in turn.
fn trn1(l: &mut Lift, op: Op) {
    permute(l, op, |lane, count| (lane & !1) + (lane & 1) * count);
}

/// TRN2: odd lanes of both in turn.
fn trn2(l: &mut Lift, op: Op) {
    permute(l, op, |lane, count| (lane | 1) + (lane & 1) * count);
}

/// ZIP1: lanes of the lower halves in turn.
fn zip1(l: &mut Lift, op: Op) {
    permute(l, op, |lane, count| lane / 2 + (lane & 1) * count);
}

/// ZIP2: lanes of the upper halves in turn.
fn zip2(l: &mut Lift, op: Op) {
    permute(l, op, |lane, count| count / 2 + lane / 2 + (lane & 1) * count);
}

/// EXT: bytes of Rn from a place on, then of Rm.
fn ext(l: &mut Lift, op: Op) {
    let (extent, start) = (extent(op), op.bits(14, 11) as u8);
    let count = if extent == Extent::Full { 16 } else { 8 };
    if start >= count {
        return l.undefined();
    }
    let numbers = std::array::from_fn(|at| {
        let from = at as u8 + start;
        if from < count { from } else { 16 + (from - count) % 16 }
    });
    let (a, b) = (l.v(op.rn()), l.v(op.rm()));
    let result = l.b.shuffle(a, b, numbers);
    l.set_shaped(op.rd(), Shape { lanes: BYTES, extent }, result);
}
