//! Two registers, integers.
//!
//! Source: Arm ARM, C4.1.96, tables "Advanced SIMD two-register miscellaneous"
//! and "Advanced SIMD scalar two-register miscellaneous", and chapter C7.

use guest::{Row, row};
use ir::{HelperId, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, Type, Value};

use super::encoding::{extent, is_scalar, lanes_by_size, size};
use super::packed::Code;
use super::register::{Extent, Shape};
use super::three_different::{set_narrow, widened};
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Advanced SIMD two-register miscellaneous, of integers. Letters: `q` Q,
/// `s` size, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const VECTOR: &[Row<LiftFn>] = &[
    row("rev64",   "0 q 0 01110 ss 10000 00000 10 nnnnn ddddd", rev64 as LiftFn),
    row("rev16",   "0 q 0 01110 00 10000 00001 10 nnnnn ddddd", rev16),
    row("saddlp",  "0 q 0 01110 ss 10000 00010 10 nnnnn ddddd", saddlp),
    row("suqadd",  "0 q 0 01110 ss 10000 00011 10 nnnnn ddddd", suqadd),
    row("cls",     "0 q 0 01110 ss 10000 00100 10 nnnnn ddddd", cls),
    row("cnt",     "0 q 0 01110 00 10000 00101 10 nnnnn ddddd", cnt),
    row("sadalp",  "0 q 0 01110 ss 10000 00110 10 nnnnn ddddd", sadalp),
    row("sqabs",   "0 q 0 01110 ss 10000 00111 10 nnnnn ddddd", sqabs),
    row("cmgt",    "0 q 0 01110 ss 10000 01000 10 nnnnn ddddd", cmgt),
    row("cmeq",    "0 q 0 01110 ss 10000 01001 10 nnnnn ddddd", cmeq),
    row("cmlt",    "0 q 0 01110 ss 10000 01010 10 nnnnn ddddd", cmlt),
    row("abs",     "0 q 0 01110 ss 10000 01011 10 nnnnn ddddd", abs),
    row("xtn",     "0 q 0 01110 ss 10000 10010 10 nnnnn ddddd", xtn),
    row("sqxtn",   "0 q 0 01110 ss 10000 10100 10 nnnnn ddddd", sqxtn),
    row("urecpe",  "0 q 0 01110 10 10000 11100 10 nnnnn ddddd", urecpe),
    row("rev32",   "0 q 1 01110 ss 10000 00000 10 nnnnn ddddd", rev32),
    row("uaddlp",  "0 q 1 01110 ss 10000 00010 10 nnnnn ddddd", uaddlp),
    row("usqadd",  "0 q 1 01110 ss 10000 00011 10 nnnnn ddddd", usqadd),
    row("clz",     "0 q 1 01110 ss 10000 00100 10 nnnnn ddddd", clz),
    row("not",     "0 q 1 01110 00 10000 00101 10 nnnnn ddddd", not),
    row("rbit",    "0 q 1 01110 01 10000 00101 10 nnnnn ddddd", rbit),
    row("uadalp",  "0 q 1 01110 ss 10000 00110 10 nnnnn ddddd", uadalp),
    row("sqneg",   "0 q 1 01110 ss 10000 00111 10 nnnnn ddddd", sqneg),
    row("cmge",    "0 q 1 01110 ss 10000 01000 10 nnnnn ddddd", cmge),
    row("cmle",    "0 q 1 01110 ss 10000 01001 10 nnnnn ddddd", cmle),
    row("neg",     "0 q 1 01110 ss 10000 01011 10 nnnnn ddddd", neg),
    row("sqxtun",  "0 q 1 01110 ss 10000 10010 10 nnnnn ddddd", sqxtun),
    row("shll",    "0 q 1 01110 ss 10000 10011 10 nnnnn ddddd", shll),
    row("uqxtn",   "0 q 1 01110 ss 10000 10100 10 nnnnn ddddd", uqxtn),
    row("ursqrte", "0 q 1 01110 10 10000 11100 10 nnnnn ddddd", ursqrte),
];

/// Advanced SIMD scalar two-register miscellaneous, of integers. Letters as
/// above.
#[rustfmt::skip]
pub const SCALAR: &[Row<LiftFn>] = &[
    row("suqadd",  "01 0 11110 ss 10000 00011 10 nnnnn ddddd", suqadd as LiftFn),
    row("sqabs",   "01 0 11110 ss 10000 00111 10 nnnnn ddddd", sqabs),
    row("cmgt",    "01 0 11110 11 10000 01000 10 nnnnn ddddd", cmgt),
    row("cmeq",    "01 0 11110 11 10000 01001 10 nnnnn ddddd", cmeq),
    row("cmlt",    "01 0 11110 11 10000 01010 10 nnnnn ddddd", cmlt),
    row("abs",     "01 0 11110 11 10000 01011 10 nnnnn ddddd", abs),
    row("sqxtn",   "01 0 11110 ss 10000 10100 10 nnnnn ddddd", sqxtn),
    row("usqadd",  "01 1 11110 ss 10000 00011 10 nnnnn ddddd", usqadd),
    row("sqneg",   "01 1 11110 ss 10000 00111 10 nnnnn ddddd", sqneg),
    row("cmge",    "01 1 11110 11 10000 01000 10 nnnnn ddddd", cmge),
    row("cmle",    "01 1 11110 11 10000 01001 10 nnnnn ddddd", cmle),
    row("neg",     "01 1 11110 11 10000 01011 10 nnnnn ddddd", neg),
    row("sqxtun",  "01 1 11110 ss 10000 10010 10 nnnnn ddddd", sqxtun),
    row("uqxtn",   "01 1 11110 ss 10000 10100 10 nnnnn ddddd", uqxtn),
];

/// Rd = Rn with the order of lanes turned over in containers of so many bytes.
fn reverse(l: &mut Lift, op: Op, container: u8) {
    let lanes = lanes_by_size(size(op));
    let bytes = lanes.ty().bytes();
    if bytes >= container {
        return l.undefined();
    }
    let a = l.v(op.rn());
    // Both have powers of two: the number of the lane in its container turns over.
    let numbers = std::array::from_fn(|at| at as u8 ^ (container - bytes));
    let result = l.b.shuffle(a, a, numbers);
    l.set_shaped(op.rd(), Shape { lanes, extent: extent(op) }, result);
}

/// REV64.
fn rev64(l: &mut Lift, op: Op) {
    reverse(l, op, 8);
}

/// REV32 (vector).
fn rev32(l: &mut Lift, op: Op) {
    reverse(l, op, 4);
}

/// REV16 (vector).
fn rev16(l: &mut Lift, op: Op) {
    reverse(l, op, 2);
}

/// Sums of neighbours at twice the width.
pub fn sums_of_neighbours(l: &mut Lift<'_>, narrow: Lanes, wide: Lanes, signed: bool, a: Value) -> Value {
    let bits = narrow.ty().bits().into();
    let up = l.b.lanes(wide).ishl_const(a, bits);
    let (first, second) = if signed {
        (l.b.lanes(wide).sshr_const(up, bits), l.b.lanes(wide).sshr_const(a, bits))
    } else {
        (l.b.lanes(wide).ushr_const(up, bits), l.b.lanes(wide).ushr_const(a, bits))
    };
    l.b.lanes(wide).iadd(first, second)
}

/// Rd = sums of neighbours of Rn at twice the width, or Rd + those.
fn add_long_pairwise(l: &mut Lift, op: Op, signed: bool, accumulate: bool) {
    let narrow = lanes_by_size(size(op));
    let Some(wide) = narrow.wider() else { return l.undefined() };
    let a = l.v(op.rn());
    let mut sums = sums_of_neighbours(l, narrow, wide, signed, a);
    if accumulate {
        let d = l.v(op.rd());
        sums = l.b.lanes(wide).iadd(d, sums);
    }
    l.set_shaped(op.rd(), Shape { lanes: wide, extent: extent(op) }, sums);
}

/// SADDLP.
fn saddlp(l: &mut Lift, op: Op) {
    add_long_pairwise(l, op, true, false);
}

/// UADDLP.
fn uaddlp(l: &mut Lift, op: Op) {
    add_long_pairwise(l, op, false, false);
}

/// SADALP.
fn sadalp(l: &mut Lift, op: Op) {
    add_long_pairwise(l, op, true, true);
}

/// UADALP.
fn uadalp(l: &mut Lift, op: Op) {
    add_long_pairwise(l, op, false, true);
}

/// Rd = Rd + Rn, saturated, of which one is signed and one unsigned.
fn add_mixed(l: &mut Lift, op: Op, options: u64) {
    let Some(shape) = l.shape(op) else { return };
    let (d, a) = (l.v(op.rd()), l.v(op.rn()));
    let code = Code::new(shape.lanes, options);
    let result = l.packed(helpers::id("lanes.sqadd.mixed"), shape, &[d, a], code);
    l.set_shaped(op.rd(), shape, result);
}

/// SUQADD: signed Rd, unsigned Rn.
fn suqadd(l: &mut Lift, op: Op) {
    add_mixed(l, op, 0);
}

/// USQADD: unsigned Rd, signed Rn.
fn usqadd(l: &mut Lift, op: Op) {
    add_mixed(l, op, Code::UNSIGNED);
}

/// CLS (vector): how many bits below the sign are like it, which is the leading
/// zeros but one where all bits that are like the sign are zero.
fn cls(l: &mut Lift, op: Op) {
    let Some(shape) = l.shape_up_to(op, Type::I32) else { return };
    let a = l.v(op.rn());
    let lanes = shape.lanes;
    let sign = l.b.lanes(lanes).sshr_const(a, lanes.ty().bits().into());
    let changes = l.b.vxor(a, sign);
    let zeros = leading_zeros(l, lanes, changes);
    let one = l.b.lanes(lanes).splat_const(1);
    let result = l.b.lanes(lanes).isub(zeros, one);
    l.set_shaped(op.rd(), shape, result);
}

/// CLZ (vector).
fn clz(l: &mut Lift, op: Op) {
    let Some(shape) = l.shape_up_to(op, Type::I32) else { return };
    let a = l.v(op.rn());
    let result = leading_zeros(l, shape.lanes, a);
    l.set_shaped(op.rd(), shape, result);
}

/// Leading zeros of lanes of up to 32 bits: of half bytes by a table, then of lanes
/// twice as wide, where the lower half counts if the upper one is zero.
fn leading_zeros(l: &mut Lift<'_>, lanes: Lanes, a: Value) -> Value {
    const BYTES: Lanes = Lanes::I8x16;
    let table = |zero: u8, more: u32| {
        let zeros = |n: u8| if n == 0 { zero } else { (n.leading_zeros() - 4 + more) as u8 };
        u128::from_le_bytes(std::array::from_fn(|n| zeros(n as u8)))
    };
    let (of_upper, of_lower) = (l.b.vconst(table(8, 0)), l.b.vconst(table(8, 4)));
    let (upper, low_bits) = (l.b.lanes(BYTES).ushr_const(a, 4), l.b.lanes(BYTES).splat_const(0xf));
    let lower = l.b.vand(a, low_bits);
    let (upper, lower) = (l.b.swizzle(of_upper, upper), l.b.swizzle(of_lower, lower));
    let mut zeros = l.b.lanes(BYTES).umin(upper, lower);
    let mut half = BYTES;
    while half != lanes {
        let wide = half.wider().expect("there are lanes that wide");
        let bits = u64::from(half.ty().bits());
        let all = l.b.lanes(wide).splat_const(bits);
        let upper = l.b.lanes(wide).ushr_const(zeros, bits);
        let is_zero = l.b.lanes(wide).icmp(IntCC::Eq, upper, all);
        let mask = l.b.lanes(wide).splat_const(half.ty().mask());
        let lower = l.b.vand(zeros, mask);
        let lower = l.b.vand(lower, is_zero);
        zeros = l.b.lanes(wide).iadd(upper, lower);
        half = wide;
    }
    zeros
}

/// Rd = operation(Rn) of bytes.
fn of_bytes(l: &mut Lift, op: Op, operation: fn(&mut Lift<'_>, Value) -> Value) {
    let a = l.v(op.rn());
    let result = operation(l, a);
    l.set_shaped(op.rd(), Shape { lanes: Lanes::I8x16, extent: extent(op) }, result);
}

/// CNT: bits set in each byte.
fn cnt(l: &mut Lift, op: Op) {
    of_bytes(l, op, |l, a| l.b.lanes(Lanes::I8x16).popcnt(a));
}

/// NOT, and MVN.
fn not(l: &mut Lift, op: Op) {
    of_bytes(l, op, |l, a| l.b.vnot(a));
}

/// RBIT (vector): bits of each byte reversed, four by four by a table.
fn rbit(l: &mut Lift, op: Op) {
    of_bytes(l, op, |l, a| {
        let bytes = Lanes::I8x16;
        let reversed = u128::from_le_bytes(std::array::from_fn(|n| (n as u8).reverse_bits() >> 4));
        let (table, low_bits) = (l.b.vconst(reversed), l.b.lanes(bytes).splat_const(15));
        let (low, high) = (l.b.vand(a, low_bits), l.b.lanes(bytes).ushr_const(a, 4));
        let (low, high) = (l.b.swizzle(table, low), l.b.swizzle(table, high));
        let low = l.b.lanes(bytes).ishl_const(low, 4);
        l.b.vor(low, high)
    });
}

/// Rd = a mask of the lanes of Rn that stand so to zero.
fn compare_with_zero(l: &mut Lift, op: Op, cond: IntCC) {
    let Some(shape) = l.shape(op) else { return };
    let (a, zero) = (l.v(op.rn()), l.b.vconst(0));
    let mask = l.b.lanes(shape.lanes).icmp(cond, a, zero);
    l.set_shaped(op.rd(), shape, mask);
}

/// CMGT (zero).
fn cmgt(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, IntCC::Sgt);
}

/// CMEQ (zero).
fn cmeq(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, IntCC::Eq);
}

/// CMLT (zero).
fn cmlt(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, IntCC::Slt);
}

/// CMGE (zero).
fn cmge(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, IntCC::Sge);
}

/// CMLE (zero).
fn cmle(l: &mut Lift, op: Op) {
    compare_with_zero(l, op, IntCC::Sle);
}

fn plain(l: &mut Lift, op: Op, operation: LaneUnaryOp) {
    let Some(shape) = l.shape(op) else { return };
    let a = l.v(op.rn());
    let result = l.b.lanes(shape.lanes).unary(operation, a);
    l.set_shaped(op.rd(), shape, result);
}

/// ABS.
fn abs(l: &mut Lift, op: Op) {
    plain(l, op, LaneUnaryOp::Iabs);
}

/// NEG (vector).
fn neg(l: &mut Lift, op: Op) {
    plain(l, op, LaneUnaryOp::Ineg);
}

/// Rd = |Rn| or −Rn, saturated: only the least value is.
fn saturating(l: &mut Lift, op: Op, absolute: bool) {
    let Some(shape) = l.shape(op) else { return };
    let (a, zero) = (l.v(op.rn()), l.b.vconst(0));
    let negated = l.b.lanes(shape.lanes).binary(LaneBinaryOp::SsubSat, zero, a);
    let wrapped = l.b.lanes(shape.lanes).ineg(a);
    let difference = l.b.vxor(negated, wrapped);
    l.note_saturation(shape, difference);
    let result = if absolute { l.b.lanes(shape.lanes).smax(a, negated) } else { negated };
    l.set_shaped(op.rd(), shape, result);
}

/// SQABS.
fn sqabs(l: &mut Lift, op: Op) {
    saturating(l, op, true);
}

/// SQNEG.
fn sqneg(l: &mut Lift, op: Op) {
    saturating(l, op, false);
}

/// How a lane gets one of half its width.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Narrowing {
    /// The low half.
    Cut,
    /// The nearest signed number.
    Signed,
    /// The nearest unsigned number, of a signed one.
    ToUnsigned,
    /// The nearest unsigned number, of an unsigned one.
    Unsigned,
}

/// Writes the lanes of `wide`, made narrow, to Rd: scalar, or its lower or upper
/// half. QC says whether one changed.
pub fn narrow(l: &mut Lift<'_>, op: Op, lanes: Lanes, wide: Value, how: Narrowing) {
    let on = |l: &mut Lift<'_>, op| l.b.lanes(lanes).binary(op, wide, wide);
    let narrow = match how {
        Narrowing::Cut => l.b.lanes(lanes).narrow(wide, wide),
        Narrowing::Signed => on(l, LaneBinaryOp::Snarrow),
        Narrowing::ToUnsigned => on(l, LaneBinaryOp::Unarrow),
        Narrowing::Unsigned => on(l, LaneBinaryOp::Uunarrow),
    };
    let narrow_lanes = lanes.narrower().expect("wide lanes have halves");
    let scalar = is_scalar(op);
    if how != Narrowing::Cut {
        let again = l.b.lanes(narrow_lanes);
        let again =
            if how == Narrowing::Signed { again.swiden_low(narrow) } else { again.uwiden_low(narrow) };
        let difference = l.b.vxor(again, wide);
        let extent = if scalar { Extent::Scalar } else { Extent::Full };
        l.note_saturation(Shape { lanes, extent }, difference);
    }
    if scalar {
        l.set_shaped(op.rd(), Shape { lanes: narrow_lanes, extent: Extent::Scalar }, narrow);
    } else {
        set_narrow(l, op, narrow);
    }
}

/// Rd = Rn made narrow.
fn extract_narrow(l: &mut Lift, op: Op, how: Narrowing) {
    let Some(wide) = lanes_by_size(size(op)).wider() else { return l.undefined() };
    let a = l.v(op.rn());
    narrow(l, op, wide, a, how);
}

/// XTN.
fn xtn(l: &mut Lift, op: Op) {
    extract_narrow(l, op, Narrowing::Cut);
}

/// SQXTN.
fn sqxtn(l: &mut Lift, op: Op) {
    extract_narrow(l, op, Narrowing::Signed);
}

/// SQXTUN.
fn sqxtun(l: &mut Lift, op: Op) {
    extract_narrow(l, op, Narrowing::ToUnsigned);
}

/// UQXTN.
fn uqxtn(l: &mut Lift, op: Op) {
    extract_narrow(l, op, Narrowing::Unsigned);
}

/// SHLL: widened, shifted left by the narrow width.
fn shll(l: &mut Lift, op: Op) {
    let narrow = lanes_by_size(size(op));
    let Some(wide) = narrow.wider() else { return l.undefined() };
    let a = l.v(op.rn());
    let a = widened(l, op, narrow, false, a);
    let result = l.b.lanes(wide).ishl_const(a, narrow.ty().bits().into());
    l.set_v(op.rd(), result);
}

/// Rd = estimates of Rn, a fraction of 32 bits.
fn estimate(l: &mut Lift, op: Op, helper: HelperId) {
    let shape = Shape { lanes: Lanes::I32x4, extent: extent(op) };
    let a = l.v(op.rn());
    let result = l.packed(helper, shape, &[a], Code::new(shape.lanes, 0));
    l.set_shaped(op.rd(), shape, result);
}

/// URECPE.
fn urecpe(l: &mut Lift, op: Op) {
    estimate(l, op, helpers::id("lanes.recpe"));
}

/// URSQRTE.
fn ursqrte(l: &mut Lift, op: Op) {
    estimate(l, op, helpers::id("lanes.rsqrte"));
}
