//! Scalar data processing with one, two and three sources, and moves.
//!
//! Source: Arm ARM, C4.1.96, the tables named below, and chapter C7.

use guest::{Row, row};
use ir::HelperId;

use super::helpers::Trio;
use super::integral::{
    frint32x, frint32z, frint64x, frint64z, frinta, frinti, frintm, frintn, frintp, frintx, frintz,
};
use super::number::Precision;
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Floating-point data-processing (1 source). Letters: `f` ftype, `n` Rn,
/// `d` Rd.
#[rustfmt::skip]
pub const ONE_SOURCE: &[Row<LiftFn>] = &[
    row("fmov",   "0 0 0 11110 ff 1 000000 10000 nnnnn ddddd", fmov as LiftFn),
    row("fabs",   "0 0 0 11110 ff 1 000001 10000 nnnnn ddddd", fabs),
    row("fneg",   "0 0 0 11110 ff 1 000010 10000 nnnnn ddddd", fneg),
    row("fsqrt",  "0 0 0 11110 ff 1 000011 10000 nnnnn ddddd", fsqrt),
    row("fcvt",   "0 0 0 11110 01 1 000100 10000 nnnnn ddddd", fcvt_s_d),
    row("fcvt",   "0 0 0 11110 11 1 000100 10000 nnnnn ddddd", fcvt_s_h),
    row("fcvt",   "0 0 0 11110 00 1 000101 10000 nnnnn ddddd", fcvt_d_s),
    row("fcvt",   "0 0 0 11110 11 1 000101 10000 nnnnn ddddd", fcvt_d_h),
    row("fcvt",   "0 0 0 11110 00 1 000111 10000 nnnnn ddddd", fcvt_h_s),
    row("fcvt",   "0 0 0 11110 01 1 000111 10000 nnnnn ddddd", fcvt_h_d),
    row("frintn", "0 0 0 11110 ff 1 001000 10000 nnnnn ddddd", frintn),
    row("frintp", "0 0 0 11110 ff 1 001001 10000 nnnnn ddddd", frintp),
    row("frintm", "0 0 0 11110 ff 1 001010 10000 nnnnn ddddd", frintm),
    row("frintz", "0 0 0 11110 ff 1 001011 10000 nnnnn ddddd", frintz),
    row("frinta", "0 0 0 11110 ff 1 001100 10000 nnnnn ddddd", frinta),
    row("frintx", "0 0 0 11110 ff 1 001110 10000 nnnnn ddddd", frintx),
    row("frinti", "0 0 0 11110 ff 1 001111 10000 nnnnn ddddd", frinti),
];

/// The same table, FEAT_FRINTTS. `f` is sz.
#[rustfmt::skip]
pub const FRINTTS: &[Row<LiftFn>] = &[
    row("frint32z", "0 0 0 11110 0f 1 010000 10000 nnnnn ddddd", frint32z as LiftFn),
    row("frint32x", "0 0 0 11110 0f 1 010001 10000 nnnnn ddddd", frint32x),
    row("frint64z", "0 0 0 11110 0f 1 010010 10000 nnnnn ddddd", frint64z),
    row("frint64x", "0 0 0 11110 0f 1 010011 10000 nnnnn ddddd", frint64x),
];

/// Floating-point data-processing (2 source). Letters: `f` ftype, `m` Rm,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const TWO_SOURCES: &[Row<LiftFn>] = &[
    row("fmul",   "0 0 0 11110 ff 1 mmmmm 0000 10 nnnnn ddddd", fmul as LiftFn),
    row("fdiv",   "0 0 0 11110 ff 1 mmmmm 0001 10 nnnnn ddddd", fdiv),
    row("fadd",   "0 0 0 11110 ff 1 mmmmm 0010 10 nnnnn ddddd", fadd),
    row("fsub",   "0 0 0 11110 ff 1 mmmmm 0011 10 nnnnn ddddd", fsub),
    row("fmax",   "0 0 0 11110 ff 1 mmmmm 0100 10 nnnnn ddddd", fmax),
    row("fmin",   "0 0 0 11110 ff 1 mmmmm 0101 10 nnnnn ddddd", fmin),
    row("fmaxnm", "0 0 0 11110 ff 1 mmmmm 0110 10 nnnnn ddddd", fmaxnm),
    row("fminnm", "0 0 0 11110 ff 1 mmmmm 0111 10 nnnnn ddddd", fminnm),
    row("fnmul",  "0 0 0 11110 ff 1 mmmmm 1000 10 nnnnn ddddd", fnmul),
];

/// Floating-point data-processing (3 source). Letters: `f` ftype, `m` Rm,
/// `a` Ra, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const THREE_SOURCES: &[Row<LiftFn>] = &[
    row("fmadd",  "0 0 0 11111 ff 0 mmmmm 0 aaaaa nnnnn ddddd", fmadd as LiftFn),
    row("fmsub",  "0 0 0 11111 ff 0 mmmmm 1 aaaaa nnnnn ddddd", fmsub),
    row("fnmadd", "0 0 0 11111 ff 1 mmmmm 0 aaaaa nnnnn ddddd", fnmadd),
    row("fnmsub", "0 0 0 11111 ff 1 mmmmm 1 aaaaa nnnnn ddddd", fnmsub),
];

/// Floating-point immediate. Letters: `f` ftype, `i` imm8, `d` Rd.
#[rustfmt::skip]
pub const IMMEDIATE: &[Row<LiftFn>] = &[
    row("fmov", "0 0 0 11110 ff 1 iiiiiiii 100 00000 ddddd", fmov_immediate as LiftFn),
];

/// Rd = Rn.
fn fmov(l: &mut Lift, op: Op) {
    if let Some(precision) = l.ftype(op) {
        let bits = l.number_bits(precision, op.rn());
        l.set_number_bits(op.rd(), bits);
    }
}

/// Rd = imm8, expanded (`VFPExpandImm`).
fn fmov_immediate(l: &mut Lift, op: Op) {
    if let Some(precision) = l.ftype(op) {
        let bits = expand_immediate(precision, op.bits(20, 13));
        let bits = l.iconst(precision.ty(), bits);
        l.set_number_bits(op.rd(), bits);
    }
}

/// `VFPExpandImm`: sign, three bits of exponent, of which the highest stands
/// for all between it and the lower two, and four bits of fraction.
pub fn expand_immediate(precision: Precision, imm8: u32) -> u64 {
    let imm8 = u64::from(imm8);
    let (exponent_bits, bits) = match precision {
        Precision::Half => (5, 16),
        Precision::Single => (8, 32),
        Precision::Double => (11, 64),
    };
    let (sign, low) = (imm8 >> 7, imm8 & 0x3f);
    let repeated = if imm8 >> 6 & 1 != 0 { (1 << (exponent_bits - 3)) - 1 } else { 1 << (exponent_bits - 3) };
    let fraction_bits = bits - 1 - exponent_bits;
    sign << (bits - 1) | repeated << (fraction_bits + 2) | low << (fraction_bits - 4)
}

/// Rd = |Rn|.
fn fabs(l: &mut Lift, op: Op) {
    change_sign(l, op, |l, precision, a| l.absolute(precision, a));
}

/// Rd = −Rn.
fn fneg(l: &mut Lift, op: Op) {
    change_sign(l, op, |l, precision, a| l.negated(precision, a));
}

fn change_sign(l: &mut Lift, op: Op, change: fn(&mut Lift, Precision, ir::Value) -> ir::Value) {
    if let Some(precision) = l.ftype(op) {
        let a = l.number(precision, op.rn());
        let result = change(l, precision, a);
        l.set_number(precision, op.rd(), result);
    }
}

/// Rd = √Rn.
fn fsqrt(l: &mut Lift, op: Op) {
    const FSQRT: Trio = Trio::new("fsqrt.h");
    if let Some(precision) = l.ftype(op) {
        let a = l.number(precision, op.rn());
        let root = l.float(FSQRT, precision, &[a]);
        l.set_number(precision, op.rd(), root);
    }
}

/// Rd = helper(Rn), between precisions.
fn convert(l: &mut Lift, op: Op, from: Precision, to: Precision, helper: HelperId) {
    let a = l.number(from, op.rn());
    let result = l.call(helper, &[a]);
    l.set_number(to, op.rd(), result);
}

/// Sd = Dn.
fn fcvt_s_d(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Double, Precision::Single, helpers::id("fcvt.s.d"));
}

/// Sd = Hn.
fn fcvt_s_h(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Half, Precision::Single, helpers::id("fcvt.s.h"));
}

/// Dd = Sn.
fn fcvt_d_s(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Single, Precision::Double, helpers::id("fcvt.d.s"));
}

/// Dd = Hn.
fn fcvt_d_h(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Half, Precision::Double, helpers::id("fcvt.d.h"));
}

/// Hd = Sn.
fn fcvt_h_s(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Single, Precision::Half, helpers::id("fcvt.h.s"));
}

/// Hd = Dn.
fn fcvt_h_d(l: &mut Lift, op: Op) {
    convert(l, op, Precision::Double, Precision::Half, helpers::id("fcvt.h.d"));
}

/// Rd = helper(Rn, Rm).
fn two_operands(l: &mut Lift, op: Op, trio: Trio) {
    if let Some(precision) = l.ftype(op) {
        let (a, b) = (l.number(precision, op.rn()), l.number(precision, op.rm()));
        let result = l.float(trio, precision, &[a, b]);
        l.set_number(precision, op.rd(), result);
    }
}

/// Rd = Rn × Rm.
fn fmul(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fmul.h"));
}

/// Rd = Rn ÷ Rm.
fn fdiv(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fdiv.h"));
}

/// Rd = Rn + Rm.
fn fadd(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fadd.h"));
}

/// Rd = Rn − Rm.
fn fsub(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fsub.h"));
}

/// The larger; a NaN wins.
fn fmax(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fmax.h"));
}

/// The smaller; a NaN wins.
fn fmin(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fmin.h"));
}

/// The larger; a number wins over a quiet NaN.
fn fmaxnm(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fmaxnm.h"));
}

/// The smaller; a number wins over a quiet NaN.
fn fminnm(l: &mut Lift, op: Op) {
    two_operands(l, op, Trio::new("fminnm.h"));
}

/// Rd = −(Rn × Rm).
fn fnmul(l: &mut Lift, op: Op) {
    if let Some(precision) = l.ftype(op) {
        let (a, b) = (l.number(precision, op.rn()), l.number(precision, op.rm()));
        let product = l.float(Trio::new("fmul.h"), precision, &[a, b]);
        let result = l.negated(precision, product);
        l.set_number(precision, op.rd(), result);
    }
}

/// Rd = ±Rn × Rm ± Ra. Operands change sign before all else, NaNs too.
fn fused(l: &mut Lift, op: Op, negate_product: bool, negate_addend: bool) {
    const FMADD: Trio = Trio::new("fmadd.h");
    if let Some(precision) = l.ftype(op) {
        let (mut a, b) = (l.number(precision, op.rn()), l.number(precision, op.rm()));
        let mut addend = l.number(precision, op.ra());
        if negate_product {
            a = l.negated(precision, a);
        }
        if negate_addend {
            addend = l.negated(precision, addend);
        }
        let result = l.float(FMADD, precision, &[a, b, addend]);
        l.set_number(precision, op.rd(), result);
    }
}

/// Rd = Ra + Rn × Rm.
fn fmadd(l: &mut Lift, op: Op) {
    fused(l, op, false, false);
}

/// Rd = Ra − Rn × Rm.
fn fmsub(l: &mut Lift, op: Op) {
    fused(l, op, true, false);
}

/// Rd = −Ra − Rn × Rm.
fn fnmadd(l: &mut Lift, op: Op) {
    fused(l, op, true, true);
}

/// Rd = −Ra + Rn × Rm.
fn fnmsub(l: &mut Lift, op: Op) {
    fused(l, op, false, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn immediates_expand() {
        let expand = |imm8| f64::from_bits(expand_immediate(Precision::Double, imm8));
        assert_eq!([0x70, 0xf0, 0x00, 0x3f, 0x40].map(expand), [1.0, -1.0, 2.0, 31.0, 0.125]);
        assert_eq!(expand_immediate(Precision::Single, 0x70), u64::from(1f32.to_bits()));
        assert_eq!(expand_immediate(Precision::Half, 0x70), 0x3c00);
    }
}
