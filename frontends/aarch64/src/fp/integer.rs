//! Scalar conversions to and from integers and fixed-point numbers, and moves
//! between the register files.
//!
//! Source: Arm ARM, C4.1.96, the tables named below, and chapter C7.

use guest::{Row, row};
use ir::Type;

use super::helpers::Trio;
use super::number::Precision;
use super::spec::{ConversionSpec, IntWidth, Mode};
use crate::flags::Flags;
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Conversion between floating-point and fixed-point. Letters: `s` sf,
/// `f` ftype, `k` scale, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const FIXED: &[Row<LiftFn>] = &[
    row("scvtf",  "s 0 0 11110 ff 0 00 010 kkkkkk nnnnn ddddd", scvtf_fixed as LiftFn),
    row("ucvtf",  "s 0 0 11110 ff 0 00 011 kkkkkk nnnnn ddddd", ucvtf_fixed),
    row("fcvtzs", "s 0 0 11110 ff 0 11 000 kkkkkk nnnnn ddddd", fcvtzs_fixed),
    row("fcvtzu", "s 0 0 11110 ff 0 11 001 kkkkkk nnnnn ddddd", fcvtzu_fixed),
];

/// Conversion between floating-point and integer. Letters: `s` sf, `f` ftype,
/// `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const INTEGER: &[Row<LiftFn>] = &[
    row("fcvtns", "s 0 0 11110 ff 1 00 000 000000 nnnnn ddddd", fcvtns as LiftFn),
    row("fcvtnu", "s 0 0 11110 ff 1 00 001 000000 nnnnn ddddd", fcvtnu),
    row("scvtf",  "s 0 0 11110 ff 1 00 010 000000 nnnnn ddddd", scvtf),
    row("ucvtf",  "s 0 0 11110 ff 1 00 011 000000 nnnnn ddddd", ucvtf),
    row("fcvtas", "s 0 0 11110 ff 1 00 100 000000 nnnnn ddddd", fcvtas),
    row("fcvtau", "s 0 0 11110 ff 1 00 101 000000 nnnnn ddddd", fcvtau),
    row("fmov",   "s 0 0 11110 ff 1 00 110 000000 nnnnn ddddd", fmov_to_general),
    row("fmov",   "s 0 0 11110 ff 1 00 111 000000 nnnnn ddddd", fmov_from_general),
    row("fcvtps", "s 0 0 11110 ff 1 01 000 000000 nnnnn ddddd", fcvtps),
    row("fcvtpu", "s 0 0 11110 ff 1 01 001 000000 nnnnn ddddd", fcvtpu),
    row("fcvtms", "s 0 0 11110 ff 1 10 000 000000 nnnnn ddddd", fcvtms),
    row("fcvtmu", "s 0 0 11110 ff 1 10 001 000000 nnnnn ddddd", fcvtmu),
    row("fcvtzs", "s 0 0 11110 ff 1 11 000 000000 nnnnn ddddd", fcvtzs),
    row("fcvtzu", "s 0 0 11110 ff 1 11 001 000000 nnnnn ddddd", fcvtzu),
    row("fmov",   "1 0 0 11110 10 1 01 110 000000 nnnnn ddddd", fmov_from_upper),
    row("fmov",   "1 0 0 11110 10 1 01 111 000000 nnnnn ddddd", fmov_to_upper),
];

/// The same table, FEAT_JSCVT.
#[rustfmt::skip]
pub const JSCVT: &[Row<LiftFn>] = &[
    row("fjcvtzs", "0 0 0 11110 01 1 11 110 000000 nnnnn ddddd", fjcvtzs as LiftFn),
];

/// The helpers to and from integers.
pub const TO_INTEGER: Trio = Trio::new("fcvt.x.h");
/// See [`TO_INTEGER`].
pub const FROM_INTEGER: Trio = Trio::new("fcvt.h.x");

fn width(op: Op) -> IntWidth {
    if op.bit(31) { IntWidth::W64 } else { IntWidth::W32 }
}

/// The bits behind the point that `scale` says; `None` if there are more than
/// the integer has bits, and then the instruction has become undefined.
fn fraction_bits(l: &mut Lift, op: Op) -> Option<u32> {
    if !op.bit(31) && !op.bit(15) {
        l.undefined();
        return None;
    }
    Some(64 - op.imm6())
}

/// Rd = Rn as an integer.
fn to_integer(l: &mut Lift, op: Op, mode: Mode, signed: bool, fraction_bits: u32) {
    if let Some(precision) = l.ftype(op) {
        let a = l.number(precision, op.rn());
        let spec = l.i64(ConversionSpec { mode, signed, width: width(op), fraction_bits }.bits());
        let integer = l.float(TO_INTEGER, precision, &[a, spec]);
        let integer = l.b.ireduce(op.sf(), integer);
        l.set_reg(op.rd(), integer);
    }
}

/// Rd = Rn as a number.
fn from_integer(l: &mut Lift, op: Op, signed: bool, fraction_bits: u32) {
    if let Some(precision) = l.ftype(op) {
        let a = l.x(op.rn());
        let spec = ConversionSpec { mode: Mode::Nearest, signed, width: width(op), fraction_bits };
        let spec = l.i64(spec.bits());
        let number = l.float(FROM_INTEGER, precision, &[a, spec]);
        l.set_number(precision, op.rd(), number);
    }
}

/// Signed fixed-point to number.
fn scvtf_fixed(l: &mut Lift, op: Op) {
    if let Some(bits) = fraction_bits(l, op) {
        from_integer(l, op, true, bits);
    }
}

/// Unsigned fixed-point to number.
fn ucvtf_fixed(l: &mut Lift, op: Op) {
    if let Some(bits) = fraction_bits(l, op) {
        from_integer(l, op, false, bits);
    }
}

/// Number to signed fixed-point, toward zero.
fn fcvtzs_fixed(l: &mut Lift, op: Op) {
    if let Some(bits) = fraction_bits(l, op) {
        to_integer(l, op, Mode::Zero, true, bits);
    }
}

/// Number to unsigned fixed-point, toward zero.
fn fcvtzu_fixed(l: &mut Lift, op: Op) {
    if let Some(bits) = fraction_bits(l, op) {
        to_integer(l, op, Mode::Zero, false, bits);
    }
}

/// Signed integer to number.
fn scvtf(l: &mut Lift, op: Op) {
    from_integer(l, op, true, 0);
}

/// Unsigned integer to number.
fn ucvtf(l: &mut Lift, op: Op) {
    from_integer(l, op, false, 0);
}

/// To a signed integer, to nearest, ties to even.
fn fcvtns(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Nearest, true, 0);
}

/// To an unsigned one.
fn fcvtnu(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Nearest, false, 0);
}

/// To a signed integer, to nearest, ties away.
fn fcvtas(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Away, true, 0);
}

/// To an unsigned one.
fn fcvtau(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Away, false, 0);
}

/// To a signed integer, up.
fn fcvtps(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Up, true, 0);
}

/// To an unsigned one.
fn fcvtpu(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Up, false, 0);
}

/// To a signed integer, down.
fn fcvtms(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Down, true, 0);
}

/// To an unsigned one.
fn fcvtmu(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Down, false, 0);
}

/// To a signed integer, toward zero.
fn fcvtzs(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Zero, true, 0);
}

/// To an unsigned one.
fn fcvtzu(l: &mut Lift, op: Op) {
    to_integer(l, op, Mode::Zero, false, 0);
}

/// The precision of a move between register files, which has to be as wide as
/// the general-purpose register, or half.
fn moved(l: &mut Lift, op: Op) -> Option<Precision> {
    let precision = l.ftype(op)?;
    if precision != Precision::Half && precision.ty() != op.sf() {
        l.undefined();
        return None;
    }
    Some(precision)
}

/// Rd = the bits of Rn.
fn fmov_to_general(l: &mut Lift, op: Op) {
    if let Some(precision) = moved(l, op) {
        let bits = l.number_bits(precision, op.rn());
        l.set_reg(op.rd(), bits);
    }
}

/// The bits of Rd = Rn.
fn fmov_from_general(l: &mut Lift, op: Op) {
    if let Some(precision) = moved(l, op) {
        let bits = l.reg(precision.ty(), op.rn());
        l.set_number_bits(op.rd(), bits);
    }
}

/// Xd = Vn.D[1].
fn fmov_from_upper(l: &mut Lift, op: Op) {
    let bits = l.v_lane(op.rn(), Type::I64, 1);
    l.set_reg(op.rd(), bits);
}

/// Vd.D[1] = Xn.
fn fmov_to_upper(l: &mut Lift, op: Op) {
    let bits = l.x(op.rn());
    l.set_v_lane(op.rd(), 1, bits);
}

/// Wd = the low 32 bits of Dn as an integer; Z if that is Dn, and no
/// other flag.
fn fjcvtzs(l: &mut Lift, op: Op) {
    let a = l.number(Precision::Double, op.rn());
    let result = l.call(helpers::id("fjcvtzs"), &[a]);
    let integer = l.b.ireduce(Type::I32, result);
    l.set_reg(op.rd(), integer);
    let shift = l.i64(32);
    let exact = l.b.ushr(result, shift);
    let exact = l.b.ireduce(Type::I8, exact);
    let no = l.iconst(Type::I8, 0);
    l.set_flags(Flags { n: no, z: exact, c: no, v: no });
}
