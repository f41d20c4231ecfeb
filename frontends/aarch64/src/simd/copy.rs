//! Copies of lanes, and constants.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD copy", "Advanced SIMD scalar
//! copy" and "Advanced SIMD modified immediate", and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::encoding::{extent, lanes_by_size};
use super::register::{Extent, Shape};
use crate::fp::{Precision, expand_immediate};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD copy. Letters: `q` Q, `i` imm5, `j` imm4, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("dup",  "0 q 0 01110000 iiiii 0 0000 1 nnnnn ddddd", dup_element as LiftFn),
    row("dup",  "0 q 0 01110000 iiiii 0 0001 1 nnnnn ddddd", dup_general),
    row("smov", "0 q 0 01110000 iiiii 0 0101 1 nnnnn ddddd", smov),
    row("umov", "0 q 0 01110000 iiiii 0 0111 1 nnnnn ddddd", umov),
    row("ins",  "0 1 0 01110000 iiiii 0 0011 1 nnnnn ddddd", ins_general),
    row("ins",  "0 1 1 01110000 iiiii 0 jjjj 1 nnnnn ddddd", ins_element),
];

/// Advanced SIMD scalar copy. Letters as above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("dup", "01 0 11110000 iiiii 0 0000 1 nnnnn ddddd", dup_scalar as LiftFn),
];

/// Advanced SIMD modified immediate. Letters: `q` Q, `i` a to h, `c` cmode,
/// `d` Rd.
#[rustfmt::skip]
pub const IMMEDIATE: &[Row<LiftFn>] = &[
    row("movi", "0 q 0 0111100000 iii 0cc0 0 1 iiiii ddddd", movi as LiftFn),
    row("orr",  "0 q 0 0111100000 iii 0cc1 0 1 iiiii ddddd", orr),
    row("movi", "0 q 0 0111100000 iii 10c0 0 1 iiiii ddddd", movi),
    row("orr",  "0 q 0 0111100000 iii 10c1 0 1 iiiii ddddd", orr),
    row("movi", "0 q 0 0111100000 iii 110c 0 1 iiiii ddddd", movi),
    row("movi", "0 q 0 0111100000 iii 1110 0 1 iiiii ddddd", movi),
    row("fmov", "0 q 0 0111100000 iii 1111 0 1 iiiii ddddd", movi),
    row("mvni", "0 q 1 0111100000 iii 0cc0 0 1 iiiii ddddd", mvni),
    row("bic",  "0 q 1 0111100000 iii 0cc1 0 1 iiiii ddddd", bic),
    row("mvni", "0 q 1 0111100000 iii 10c0 0 1 iiiii ddddd", mvni),
    row("bic",  "0 q 1 0111100000 iii 10c1 0 1 iiiii ddddd", bic),
    row("mvni", "0 q 1 0111100000 iii 110c 0 1 iiiii ddddd", mvni),
    row("movi", "0 q 1 0111100000 iii 1110 0 1 iiiii ddddd", movi),
    row("fmov", "0 1 1 0111100000 iii 1111 0 1 iiiii ddddd", movi),
];

/// The same table, FEAT_FP16.
#[rustfmt::skip]
pub const IMMEDIATE_FP16: &[Row<LiftFn>] = &[
    row("fmov", "0 q 0 0111100000 iii 1111 1 1 iiiii ddddd", fmov_half as LiftFn),
];

/// The lanes and the number of the one that `imm5` means: its lowest set bit
/// tells the width. `None` if there is none, and then the instruction has become
/// undefined.
fn element(l: &mut Lift, op: Op) -> Option<(Lanes, u8)> {
    let imm5 = op.rm();
    let size = imm5.trailing_zeros();
    if size > 3 {
        l.undefined();
        return None;
    }
    Some((lanes_by_size(size), (imm5 >> (size + 1)) as u8))
}

/// Rd = a value in all lanes.
fn duplicate(l: &mut Lift, op: Op, lanes: Lanes, value: Value) {
    if let Some(shape) = l.allowed(Shape { lanes, extent: extent(op) }) {
        let result = l.b.lanes(lanes).splat(value);
        l.set_shaped(op.rd(), shape, result);
    }
}

/// DUP (element).
fn dup_element(l: &mut Lift, op: Op) {
    if let Some((lanes, index)) = element(l, op) {
        let value = l.v_lane(op.rn(), lanes.ty(), index);
        duplicate(l, op, lanes, value);
    }
}

/// DUP (general).
fn dup_general(l: &mut Lift, op: Op) {
    if let Some((lanes, _)) = element(l, op) {
        let value = l.reg(lanes.ty(), op.rn());
        duplicate(l, op, lanes, value);
    }
}

/// DUP (element), scalar.
fn dup_scalar(l: &mut Lift, op: Op) {
    if let Some((lanes, index)) = element(l, op) {
        let value = l.v_lane(op.rn(), lanes.ty(), index);
        l.set_scalar(op.rd(), value);
    }
}

/// SMOV: a lane, sign-extended.
fn smov(l: &mut Lift, op: Op) {
    let Some((lanes, index)) = element(l, op) else { return };
    let to = if op.bit(30) { Type::I64 } else { Type::I32 };
    if lanes.ty() >= to {
        return l.undefined();
    }
    let value = l.v_lane(op.rn(), lanes.ty(), index);
    l.set_reg_signed(to, op.rd(), value);
}

/// UMOV, and MOV (to general): a lane, zero-extended.
fn umov(l: &mut Lift, op: Op) {
    let Some((lanes, index)) = element(l, op) else { return };
    if op.bit(30) != (lanes == Lanes::I64x2) {
        return l.undefined();
    }
    let value = l.v_lane(op.rn(), lanes.ty(), index);
    l.set_reg(op.rd(), value);
}

/// INS (general).
fn ins_general(l: &mut Lift, op: Op) {
    if let Some((lanes, index)) = element(l, op) {
        let value = l.reg(lanes.ty(), op.rn());
        l.set_v_lane(op.rd(), index, value);
    }
}

/// INS (element): imm4 has the number of the lane that is read.
fn ins_element(l: &mut Lift, op: Op) {
    if let Some((lanes, index)) = element(l, op) {
        let from = op.bits(14, 11) as u8 / lanes.ty().bytes();
        let value = l.v_lane(op.rn(), lanes.ty(), from);
        l.set_v_lane(op.rd(), index, value);
    }
}

/// `AdvSIMDExpandImm`: 64 bits from a to h, cmode and bit 29, op.
fn expand(op: Op) -> u64 {
    let imm8 = op.bits(18, 16) << 5 | op.bits(9, 5);
    let byte = u64::from(imm8);
    let twice = |word: u64| word << 32 | word;
    let quarter = |cmode: u32| byte << (8 * (cmode >> 1 & 3));
    match op.bits(15, 12) {
        cmode @ 0..8 => twice(quarter(cmode)),
        cmode @ 8..12 => twice(byte << (8 * (cmode >> 1 & 1))) * 0x1_0001,
        12 => twice(byte << 8 | 0xff),
        13 => twice(byte << 16 | 0xffff),
        14 if op.bit(29) => (0..8).filter(|bit| byte >> bit & 1 != 0).map(|bit| 0xff << (8 * bit)).sum(),
        14 => byte * 0x0101_0101_0101_0101,
        _ if op.bit(29) => expand_immediate(Precision::Double, imm8),
        _ => twice(expand_immediate(Precision::Single, imm8)),
    }
}

/// Rd = a constant in both halves.
fn set_constant(l: &mut Lift, op: Op, half: u64) {
    let low = l.i64(half);
    if extent(op) == Extent::Full {
        let value = l.b.iconcat(low, low);
        l.set_v(op.rd(), value);
    } else {
        l.set_d(op.rd(), low);
    }
}

/// MOVI, FMOV (vector, immediate).
fn movi(l: &mut Lift, op: Op) {
    set_constant(l, op, expand(op));
}

/// MVNI.
fn mvni(l: &mut Lift, op: Op) {
    set_constant(l, op, !expand(op));
}

/// FMOV (vector, immediate) of half precision.
fn fmov_half(l: &mut Lift, op: Op) {
    let imm8 = op.bits(18, 16) << 5 | op.bits(9, 5);
    set_constant(l, op, expand_immediate(Precision::Half, imm8) * 0x1_0001_0001_0001);
}

/// Rd = operation(Rd, a constant).
fn with_constant(l: &mut Lift, op: Op, half: u64, operation: fn(&mut Lift<'_>, Value, Value) -> Value) {
    let (d, constant) = (l.v(op.rd()), l.i64(half));
    let constant = l.b.iconcat(constant, constant);
    let result = operation(l, d, constant);
    l.set_shaped(op.rd(), Shape { lanes: Lanes::I64x2, extent: extent(op) }, result);
}

/// ORR (vector, immediate).
fn orr(l: &mut Lift, op: Op) {
    with_constant(l, op, expand(op), |l, d, constant| l.b.vor(d, constant));
}

/// BIC (vector, immediate).
fn bic(l: &mut Lift, op: Op) {
    with_constant(l, op, !expand(op), |l, d, constant| l.b.vand(d, constant));
}
