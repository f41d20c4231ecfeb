//! What operations on vectors compute. A vector is a `u128`; lane 0 is its
//! lowest bits. Nothing here panics.

use super::{binary, icmp as scalar_icmp, unary as scalar_unary};
use crate::{BinaryOp, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, Type, UnaryOp};

/// The vector with `low` in lane 0 and `high` in lane 1 of `i64x2`.
#[inline]
pub const fn iconcat(low: u64, high: u64) -> u128 {
    low as u128 | (high as u128) << 64
}

/// Its two words: lanes 0 and 1 of `i64x2`.
#[inline]
pub const fn isplit(vector: u128) -> [u64; 2] {
    [vector as u64, (vector >> 64) as u64]
}

/// The vector with `value` in all lanes.
#[inline]
pub fn splat(lanes: Lanes, value: u64) -> u128 {
    each(lanes, |_| value)
}

/// Lane `lane`, zero-extended; 0 if there is none.
#[inline]
pub fn extract(lanes: Lanes, vector: u128, lane: u8) -> u64 {
    let ty = lanes.ty();
    if lane < lanes.count() { (vector >> (u32::from(lane) * ty.bits())) as u64 & ty.mask() } else { 0 }
}

/// `vector` with lane `lane` replaced, if there is such a lane.
#[inline]
pub fn insert(lanes: Lanes, vector: u128, lane: u8, value: u64) -> u128 {
    let ty = lanes.ty();
    if lane >= lanes.count() {
        return vector;
    }
    let shift = u32::from(lane) * ty.bits();
    vector & !(u128::from(ty.mask()) << shift) | u128::from(value & ty.mask()) << shift
}

/// The result of `op` on the lanes of `a`. Lanes that the operation is not for
/// yield something.
pub fn lane_unary(op: LaneUnaryOp, lanes: Lanes, a: u128) -> u128 {
    let ty = lanes.ty();
    let half = lanes.count() / 2;
    let signed = |lane| ty.sext(extract(lanes, a, lane));
    let unsigned = |lane| extract(lanes, a, lane);
    match op {
        LaneUnaryOp::Bnot => !a,
        LaneUnaryOp::Ineg => map(lanes, a, |x| scalar_unary(UnaryOp::Ineg, ty, x)),
        LaneUnaryOp::Iabs => map(lanes, a, |x| (ty.sext(x) as i64).unsigned_abs()),
        LaneUnaryOp::Popcnt => map(lanes, a, |x| x.count_ones().into()),
        LaneUnaryOp::SwidenLow => widened(lanes, signed),
        LaneUnaryOp::SwidenHigh => widened(lanes, |lane| signed(half + lane)),
        LaneUnaryOp::UwidenLow => widened(lanes, unsigned),
        LaneUnaryOp::UwidenHigh => widened(lanes, |lane| unsigned(half + lane)),
    }
}

/// The result of `op` on the lanes of `a` and `b`. Lanes that the operation is
/// not for yield something.
pub fn lane_binary(op: LaneBinaryOp, lanes: Lanes, a: u128, b: u128) -> u128 {
    let ty = lanes.ty();
    let scalar = |op| zip(lanes, a, b, |x, y| binary(op, ty, x, y));
    let signed = |f: fn(i128, i128) -> i128| {
        zip(lanes, a, b, |x, y| {
            saturated(true, ty, f((ty.sext(x) as i64).into(), (ty.sext(y) as i64).into()))
        })
    };
    let unsigned =
        |f: fn(i128, i128) -> i128| zip(lanes, a, b, |x, y| saturated(false, ty, f(x.into(), y.into())));
    match op {
        LaneBinaryOp::Band => a & b,
        LaneBinaryOp::Bor => a | b,
        LaneBinaryOp::Bxor => a ^ b,
        LaneBinaryOp::Iadd => scalar(BinaryOp::Iadd),
        LaneBinaryOp::Isub => scalar(BinaryOp::Isub),
        LaneBinaryOp::Imul => scalar(BinaryOp::Imul),
        LaneBinaryOp::Umin => scalar(BinaryOp::Umin),
        LaneBinaryOp::Umax => scalar(BinaryOp::Umax),
        LaneBinaryOp::Smin => scalar(BinaryOp::Smin),
        LaneBinaryOp::Smax => scalar(BinaryOp::Smax),
        LaneBinaryOp::Ishl => zip(lanes, a, b, |x, n| shift(BinaryOp::Ishl, ty, x, n)),
        LaneBinaryOp::Ushr => zip(lanes, a, b, |x, n| shift(BinaryOp::Ushr, ty, x, n)),
        LaneBinaryOp::Sshr => zip(lanes, a, b, |x, n| shift(BinaryOp::Sshr, ty, x, n)),
        LaneBinaryOp::UaddSat => unsigned(|x, y| x + y),
        LaneBinaryOp::SaddSat => signed(|x, y| x + y),
        LaneBinaryOp::UsubSat => unsigned(|x, y| x - y),
        LaneBinaryOp::SsubSat => signed(|x, y| x - y),
        LaneBinaryOp::AvgRound => unsigned(|x, y| (x + y + 1) >> 1),
        LaneBinaryOp::IaddPairwise => each(lanes, |lane| {
            let first = 2 * lane;
            let of_both = |lane| extract_of_both(lanes, a, b, lane);
            of_both(first).wrapping_add(of_both(first + 1))
        }),
        LaneBinaryOp::Snarrow => narrowed(lanes, a, b, |ty, x| saturated(true, ty, x), true),
        LaneBinaryOp::Unarrow => narrowed(lanes, a, b, |ty, x| saturated(false, ty, x), true),
        LaneBinaryOp::Uunarrow => narrowed(lanes, a, b, |ty, x| saturated(false, ty, x), false),
        LaneBinaryOp::Swizzle => swizzle(a, b),
    }
}

/// All ones in the lanes where `cond` holds, zero in the others.
pub fn lane_icmp(cond: IntCC, lanes: Lanes, a: u128, b: u128) -> u128 {
    let ty = lanes.ty();
    zip(lanes, a, b, |x, y| if scalar_icmp(cond, ty, x, y) { ty.mask() } else { 0 })
}

/// The bits of `then` where `mask` has ones, those of `other` where not.
#[inline]
pub const fn bitselect(mask: u128, then: u128, other: u128) -> u128 {
    then & mask | other & !mask
}

/// Bytes of `a` (0 to 15) and `b` (16 to 31) by the numbers in `mask`; 0 for
/// other numbers.
pub fn shuffle(a: u128, b: u128, mask: u128) -> u128 {
    map(Lanes::I8x16, mask, |number| extract_of_both(Lanes::I8x16, a, b, number as u8))
}

fn swizzle(table: u128, numbers: u128) -> u128 {
    map(Lanes::I8x16, numbers, |number| extract(Lanes::I8x16, table, number as u8))
}

/// The vector whose lanes `f` makes from their numbers; it may yield more bits
/// than a lane has.
#[inline]
fn each(lanes: Lanes, f: impl Fn(u8) -> u64) -> u128 {
    let ty = lanes.ty();
    (0..lanes.count()).rev().fold(0, |vector, lane| vector << ty.bits() | u128::from(f(lane) & ty.mask()))
}

#[inline]
fn map(lanes: Lanes, a: u128, f: impl Fn(u64) -> u64) -> u128 {
    each(lanes, |lane| f(extract(lanes, a, lane)))
}

#[inline]
fn zip(lanes: Lanes, a: u128, b: u128, f: impl Fn(u64, u64) -> u64) -> u128 {
    each(lanes, |lane| f(extract(lanes, a, lane), extract(lanes, b, lane)))
}

/// A lane of two vectors one after the other; 0 if there is none.
#[inline]
fn extract_of_both(lanes: Lanes, a: u128, b: u128, lane: u8) -> u64 {
    match lane.checked_sub(lanes.count()) {
        None => extract(lanes, a, lane),
        Some(lane) => extract(lanes, b, lane),
    }
}

/// Lanes of twice the width, which `f` makes from their numbers.
fn widened(lanes: Lanes, f: impl Fn(u8) -> u64) -> u128 {
    each(lanes.wider().unwrap_or(lanes), f)
}

/// Lanes of half the width, which `f` makes from a type and all lanes of both.
fn narrowed(lanes: Lanes, a: u128, b: u128, f: impl Fn(Type, i128) -> u64, signed: bool) -> u128 {
    let narrow = lanes.narrower().unwrap_or(lanes);
    each(narrow, |lane| {
        let x = extract_of_both(lanes, a, b, lane);
        f(narrow.ty(), if signed { i128::from(lanes.ty().sext(x) as i64) } else { x.into() })
    })
}

/// The nearest value of the type, zero-extended.
fn saturated(signed: bool, ty: Type, value: i128) -> u64 {
    let (least, greatest) = if signed {
        (-(1i128 << (ty.bits() - 1)), (1i128 << (ty.bits() - 1)) - 1)
    } else {
        (0, ty.mask().into())
    };
    value.clamp(least, greatest) as u64 & ty.mask()
}

/// A shift of one lane by an amount that may be too large.
#[inline]
fn shift(op: BinaryOp, ty: Type, x: u64, amount: u64) -> u64 {
    let last = u64::from(ty.bits()) - 1;
    match op {
        BinaryOp::Sshr => binary(op, ty, x, amount.min(last)),
        _ if amount > last => 0,
        _ => binary(op, ty, x, amount),
    }
}
