//! Double-precision floating point.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "D", version 2.2.

use guest::{Row, row};
use ir::{HelperId, Type};

use crate::fp::{self, Rounded, Sign};
use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Rows in the order of the instruction listings. Letters: `D` `S` `T` `R`
/// floating-point rd, rs1, rs2, rs3; `d` `s` integer rd, rs1; `i` immediate;
/// `m` rounding mode.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("fld",       "iiiiiiiiiiii  sssss 011 DDDDD 0000111", fld as LiftFn),
    row("fsd",       "iiiiiii TTTTT sssss 011 iiiii 0100111", fsd),
    row("fmadd.d",   "RRRRR01 TTTTT SSSSS mmm DDDDD 1000011", fmadd_d),
    row("fmsub.d",   "RRRRR01 TTTTT SSSSS mmm DDDDD 1000111", fmadd_d),
    row("fnmsub.d",  "RRRRR01 TTTTT SSSSS mmm DDDDD 1001011", fmadd_d),
    row("fnmadd.d",  "RRRRR01 TTTTT SSSSS mmm DDDDD 1001111", fmadd_d),
    row("fadd.d",    "0000001 TTTTT SSSSS mmm DDDDD 1010011", fadd_d),
    row("fsub.d",    "0000101 TTTTT SSSSS mmm DDDDD 1010011", fsub_d),
    row("fmul.d",    "0001001 TTTTT SSSSS mmm DDDDD 1010011", fmul_d),
    row("fdiv.d",    "0001101 TTTTT SSSSS mmm DDDDD 1010011", fdiv_d),
    row("fsqrt.d",   "0101101 00000 SSSSS mmm DDDDD 1010011", fsqrt_d),
    row("fsgnj.d",   "0010001 TTTTT SSSSS 000 DDDDD 1010011", fsgnj_d),
    row("fsgnjn.d",  "0010001 TTTTT SSSSS 001 DDDDD 1010011", fsgnjn_d),
    row("fsgnjx.d",  "0010001 TTTTT SSSSS 010 DDDDD 1010011", fsgnjx_d),
    row("fmin.d",    "0010101 TTTTT SSSSS 000 DDDDD 1010011", fmin_d),
    row("fmax.d",    "0010101 TTTTT SSSSS 001 DDDDD 1010011", fmax_d),
    row("fcvt.s.d",  "0100000 00001 SSSSS mmm DDDDD 1010011", fcvt_s_d),
    row("fcvt.d.s",  "0100001 00000 SSSSS mmm DDDDD 1010011", fcvt_d_s),
    row("feq.d",     "1010001 TTTTT SSSSS 010 ddddd 1010011", feq_d),
    row("flt.d",     "1010001 TTTTT SSSSS 001 ddddd 1010011", flt_d),
    row("fle.d",     "1010001 TTTTT SSSSS 000 ddddd 1010011", fle_d),
    row("fclass.d",  "1110001 00000 SSSSS 001 ddddd 1010011", fclass_d),
    row("fcvt.w.d",  "1100001 00000 SSSSS mmm ddddd 1010011", fcvt_x_d),
    row("fcvt.wu.d", "1100001 00001 SSSSS mmm ddddd 1010011", fcvt_x_d),
    row("fcvt.d.w",  "1101001 00000 sssss mmm DDDDD 1010011", fcvt_d_x),
    row("fcvt.d.wu", "1101001 00001 sssss mmm DDDDD 1010011", fcvt_d_x),

    row("fcvt.l.d",  "1100001 00010 SSSSS mmm ddddd 1010011", fcvt_x_d),
    row("fcvt.lu.d", "1100001 00011 SSSSS mmm ddddd 1010011", fcvt_x_d),
    row("fmv.x.d",   "1110001 00000 SSSSS 000 ddddd 1010011", fmv_x_d),
    row("fcvt.d.l",  "1101001 00010 sssss mmm DDDDD 1010011", fcvt_d_x),
    row("fcvt.d.lu", "1101001 00011 sssss mmm DDDDD 1010011", fcvt_d_x),
    row("fmv.d.x",   "1111001 00000 sssss 000 DDDDD 1010011", fmv_d_x),
];

const FADD: Rounded = Rounded::new("fadd.d");
const FSUB: Rounded = Rounded::new("fsub.d");
const FMUL: Rounded = Rounded::new("fmul.d");
const FDIV: Rounded = Rounded::new("fdiv.d");
const FSQRT: Rounded = Rounded::new("fsqrt.d");
const FMADD: Rounded = Rounded::new("fmadd.d");
const TO_INTEGER: Rounded = Rounded::new("fcvt.x.d");
const FROM_INTEGER: Rounded = Rounded::new("fcvt.d.x");
const TO_SINGLE: Rounded = Rounded::new("fcvt.s.d");
const FROM_SINGLE: Rounded = Rounded::new("fcvt.d.s");
const FMIN: HelperId = helpers::id("fmin.d");
const FMAX: HelperId = helpers::id("fmax.d");
const FEQ: HelperId = helpers::id("feq.d");
const FLT: HelperId = helpers::id("flt.d");
const FLE: HelperId = helpers::id("fle.d");
const FCLASS: HelperId = helpers::id("fclass.d");

/// "Double-Precision Load and Store Instructions": f[rd] = the 64 bits at
/// rs1 + imm.
fn fld(l: &mut Lift, op: Op) {
    let at = l.address(op.rs1(), op.imm_i());
    let value = l.b.load(Type::I64, l.access(), at);
    l.set_f(op.rd(), value);
}

/// "Double-Precision Load and Store Instructions": stores f[rs2] at rs1 + imm.
fn fsd(l: &mut Lift, op: Op) {
    let at = l.address(op.rs1(), op.imm_s());
    let value = l.f(op.rs2());
    l.b.store(l.access(), at, value);
}

/// "Double-Precision Floating-Point Computational Instructions": fmadd
/// rs1 × rs2 + rs3, fmsub rs1 × rs2 − rs3, fnmsub −(rs1 × rs2) + rs3, fnmadd
/// −(rs1 × rs2) − rs3; the helper tells them by their opcodes.
fn fmadd_d(l: &mut Lift, op: Op) {
    fp::three_operands(l, op, FMADD);
}

/// "Double-Precision Floating-Point Computational Instructions": rs1 + rs2.
fn fadd_d(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FADD);
}

/// "Double-Precision Floating-Point Computational Instructions": rs1 − rs2.
fn fsub_d(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FSUB);
}

/// "Double-Precision Floating-Point Computational Instructions": rs1 × rs2.
fn fmul_d(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FMUL);
}

/// "Double-Precision Floating-Point Computational Instructions": rs1 ÷ rs2.
fn fdiv_d(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FDIV);
}

/// "Double-Precision Floating-Point Computational Instructions": √rs1.
fn fsqrt_d(l: &mut Lift, op: Op) {
    fp::one_operand(l, op, FSQRT);
}

/// "Double-Precision Floating-Point Conversion and Move Instructions": rs1
/// with the sign of rs2.
fn fsgnj_d(l: &mut Lift, op: Op) {
    fp::inject_sign_d(l, op, Sign::Copy);
}

/// The same with the opposite of the sign of rs2.
fn fsgnjn_d(l: &mut Lift, op: Op) {
    fp::inject_sign_d(l, op, Sign::Negate);
}

/// The same with the exclusive or of both signs.
fn fsgnjx_d(l: &mut Lift, op: Op) {
    fp::inject_sign_d(l, op, Sign::Xor);
}

/// "Double-Precision Floating-Point Computational Instructions": the lesser;
/// −0 is less than +0, and a number wins over a NaN.
fn fmin_d(l: &mut Lift, op: Op) {
    fp::min_max(l, op, FMIN);
}

/// The same, the greater.
fn fmax_d(l: &mut Lift, op: Op) {
    fp::min_max(l, op, FMAX);
}

/// "Double-Precision Floating-Point Conversion and Move Instructions": f[rd] =
/// f[rs1] in single precision, boxed.
fn fcvt_s_d(l: &mut Lift, op: Op) {
    fp::one_operand(l, op, TO_SINGLE);
}

/// The same the other way. It never rounds, but reserved rounding modes are
/// illegal as anywhere.
fn fcvt_d_s(l: &mut Lift, op: Op) {
    fp::one_operand(l, op, FROM_SINGLE);
}

/// "Double-Precision Floating-Point Conversion and Move Instructions":
/// fcvt.w.d, fcvt.wu.d, fcvt.l.d and fcvt.lu.d, which rs2 tells apart.
fn fcvt_x_d(l: &mut Lift, op: Op) {
    fp::to_integer(l, op, TO_INTEGER);
}

/// "Double-Precision Floating-Point Conversion and Move Instructions":
/// fcvt.d.w, fcvt.d.wu, fcvt.d.l and fcvt.d.lu, which rs2 tells apart.
fn fcvt_d_x(l: &mut Lift, op: Op) {
    fp::from_integer(l, op, FROM_INTEGER);
}

/// "Double-Precision Floating-Point Conversion and Move Instructions":
/// x[rd] = f[rs1].
fn fmv_x_d(l: &mut Lift, op: Op) {
    let value = l.f(op.rs1());
    l.set_x(op.rd(), value);
}

/// The same the other way: f[rd] = x[rs1].
fn fmv_d_x(l: &mut Lift, op: Op) {
    let value = l.x(op.rs1());
    l.set_f(op.rd(), value);
}

/// "Double-Precision Floating-Point Compare Instructions": rs1 = rs2; only a
/// signalling NaN is invalid.
fn feq_d(l: &mut Lift, op: Op) {
    fp::compare(l, op, FEQ);
}

/// "Double-Precision Floating-Point Compare Instructions": rs1 < rs2; any NaN
/// is invalid.
fn flt_d(l: &mut Lift, op: Op) {
    fp::compare(l, op, FLT);
}

/// "Double-Precision Floating-Point Compare Instructions": rs1 ≤ rs2; any NaN
/// is invalid.
fn fle_d(l: &mut Lift, op: Op) {
    fp::compare(l, op, FLE);
}

/// "Double-Precision Floating-Point Classify Instruction": a bit for each
/// class.
fn fclass_d(l: &mut Lift, op: Op) {
    fp::classify(l, op, FCLASS);
}
