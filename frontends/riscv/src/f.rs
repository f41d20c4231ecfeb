//! Single-precision floating point.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "F", version 2.2.
//! Registers are 64 bits wide (D is there), so numbers are NaN-boxed.

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
    row("flw",       "iiiiiiiiiiii  sssss 010 DDDDD 0000111", flw as LiftFn),
    row("fsw",       "iiiiiii TTTTT sssss 010 iiiii 0100111", fsw),
    row("fmadd.s",   "RRRRR00 TTTTT SSSSS mmm DDDDD 1000011", fmadd_s),
    row("fmsub.s",   "RRRRR00 TTTTT SSSSS mmm DDDDD 1000111", fmadd_s),
    row("fnmsub.s",  "RRRRR00 TTTTT SSSSS mmm DDDDD 1001011", fmadd_s),
    row("fnmadd.s",  "RRRRR00 TTTTT SSSSS mmm DDDDD 1001111", fmadd_s),
    row("fadd.s",    "0000000 TTTTT SSSSS mmm DDDDD 1010011", fadd_s),
    row("fsub.s",    "0000100 TTTTT SSSSS mmm DDDDD 1010011", fsub_s),
    row("fmul.s",    "0001000 TTTTT SSSSS mmm DDDDD 1010011", fmul_s),
    row("fdiv.s",    "0001100 TTTTT SSSSS mmm DDDDD 1010011", fdiv_s),
    row("fsqrt.s",   "0101100 00000 SSSSS mmm DDDDD 1010011", fsqrt_s),
    row("fsgnj.s",   "0010000 TTTTT SSSSS 000 DDDDD 1010011", fsgnj_s),
    row("fsgnjn.s",  "0010000 TTTTT SSSSS 001 DDDDD 1010011", fsgnjn_s),
    row("fsgnjx.s",  "0010000 TTTTT SSSSS 010 DDDDD 1010011", fsgnjx_s),
    row("fmin.s",    "0010100 TTTTT SSSSS 000 DDDDD 1010011", fmin_s),
    row("fmax.s",    "0010100 TTTTT SSSSS 001 DDDDD 1010011", fmax_s),
    row("fcvt.w.s",  "1100000 00000 SSSSS mmm ddddd 1010011", fcvt_x_s),
    row("fcvt.wu.s", "1100000 00001 SSSSS mmm ddddd 1010011", fcvt_x_s),
    row("fmv.x.w",   "1110000 00000 SSSSS 000 ddddd 1010011", fmv_x_w),
    row("feq.s",     "1010000 TTTTT SSSSS 010 ddddd 1010011", feq_s),
    row("flt.s",     "1010000 TTTTT SSSSS 001 ddddd 1010011", flt_s),
    row("fle.s",     "1010000 TTTTT SSSSS 000 ddddd 1010011", fle_s),
    row("fclass.s",  "1110000 00000 SSSSS 001 ddddd 1010011", fclass_s),
    row("fcvt.s.w",  "1101000 00000 sssss mmm DDDDD 1010011", fcvt_s_x),
    row("fcvt.s.wu", "1101000 00001 sssss mmm DDDDD 1010011", fcvt_s_x),
    row("fmv.w.x",   "1111000 00000 sssss 000 DDDDD 1010011", fmv_w_x),

    row("fcvt.l.s",  "1100000 00010 SSSSS mmm ddddd 1010011", fcvt_x_s),
    row("fcvt.lu.s", "1100000 00011 SSSSS mmm ddddd 1010011", fcvt_x_s),
    row("fcvt.s.l",  "1101000 00010 sssss mmm DDDDD 1010011", fcvt_s_x),
    row("fcvt.s.lu", "1101000 00011 sssss mmm DDDDD 1010011", fcvt_s_x),
];

const FADD: Rounded = Rounded::new("fadd.s");
const FSUB: Rounded = Rounded::new("fsub.s");
const FMUL: Rounded = Rounded::new("fmul.s");
const FDIV: Rounded = Rounded::new("fdiv.s");
const FSQRT: Rounded = Rounded::new("fsqrt.s");
const FMADD: Rounded = Rounded::new("fmadd.s");
const TO_INTEGER: Rounded = Rounded::new("fcvt.x.s");
const FROM_INTEGER: Rounded = Rounded::new("fcvt.s.x");
const FMIN: HelperId = helpers::id("fmin.s");
const FMAX: HelperId = helpers::id("fmax.s");
const FEQ: HelperId = helpers::id("feq.s");
const FLT: HelperId = helpers::id("flt.s");
const FLE: HelperId = helpers::id("fle.s");
const FCLASS: HelperId = helpers::id("fclass.s");

/// "Single-Precision Load and Store Instructions": f[rd] = the 32 bits at
/// rs1 + imm, boxed.
fn flw(l: &mut Lift, op: Op) {
    let at = l.address(op.rs1(), op.imm_i());
    let value = l.b.load(Type::I32, l.access(), at);
    fp::set_single(l, op.rd(), value);
}

/// "Single-Precision Load and Store Instructions": stores the low 32 bits of
/// f[rs2], boxed or not, at rs1 + imm.
fn fsw(l: &mut Lift, op: Op) {
    let at = l.address(op.rs1(), op.imm_s());
    let wide = l.f(op.rs2());
    let value = l.b.ireduce(Type::I32, wide);
    l.b.store(l.access(), at, value);
}

/// "Single-Precision Floating-Point Computational Instructions": fmadd
/// rs1 × rs2 + rs3, fmsub rs1 × rs2 − rs3, fnmsub −(rs1 × rs2) + rs3, fnmadd
/// −(rs1 × rs2) − rs3; the helper tells them by their opcodes.
fn fmadd_s(l: &mut Lift, op: Op) {
    fp::three_operands(l, op, FMADD);
}

/// "Single-Precision Floating-Point Computational Instructions": rs1 + rs2.
fn fadd_s(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FADD);
}

/// "Single-Precision Floating-Point Computational Instructions": rs1 − rs2.
fn fsub_s(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FSUB);
}

/// "Single-Precision Floating-Point Computational Instructions": rs1 × rs2.
fn fmul_s(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FMUL);
}

/// "Single-Precision Floating-Point Computational Instructions": rs1 ÷ rs2.
fn fdiv_s(l: &mut Lift, op: Op) {
    fp::two_operands(l, op, FDIV);
}

/// "Single-Precision Floating-Point Computational Instructions": √rs1.
fn fsqrt_s(l: &mut Lift, op: Op) {
    fp::one_operand(l, op, FSQRT);
}

/// "Single-Precision Floating-Point Conversion and Move Instructions": rs1
/// with the sign of rs2.
fn fsgnj_s(l: &mut Lift, op: Op) {
    fp::inject_sign_s(l, op, Sign::Copy);
}

/// The same with the opposite of the sign of rs2.
fn fsgnjn_s(l: &mut Lift, op: Op) {
    fp::inject_sign_s(l, op, Sign::Negate);
}

/// The same with the exclusive or of both signs.
fn fsgnjx_s(l: &mut Lift, op: Op) {
    fp::inject_sign_s(l, op, Sign::Xor);
}

/// "Single-Precision Floating-Point Computational Instructions": the lesser;
/// −0 is less than +0, and a number wins over a NaN.
fn fmin_s(l: &mut Lift, op: Op) {
    fp::min_max(l, op, FMIN);
}

/// The same, the greater.
fn fmax_s(l: &mut Lift, op: Op) {
    fp::min_max(l, op, FMAX);
}

/// "Single-Precision Floating-Point Conversion and Move Instructions":
/// fcvt.w.s, fcvt.wu.s, fcvt.l.s and fcvt.lu.s, which rs2 tells apart.
fn fcvt_x_s(l: &mut Lift, op: Op) {
    fp::to_integer(l, op, TO_INTEGER);
}

/// "Single-Precision Floating-Point Conversion and Move Instructions":
/// fcvt.s.w, fcvt.s.wu, fcvt.s.l and fcvt.s.lu, which rs2 tells apart.
fn fcvt_s_x(l: &mut Lift, op: Op) {
    fp::from_integer(l, op, FROM_INTEGER);
}

/// "Single-Precision Floating-Point Conversion and Move Instructions":
/// x[rd] = sext(f[rs1][31:0]), boxed or not.
fn fmv_x_w(l: &mut Lift, op: Op) {
    let wide = l.f(op.rs1());
    let low = l.b.ireduce(Type::I32, wide);
    l.set_x_sext(op.rd(), low);
}

/// The same the other way: f[rd] = x[rs1][31:0], boxed.
fn fmv_w_x(l: &mut Lift, op: Op) {
    let low = l.x32(op.rs1());
    fp::set_single(l, op.rd(), low);
}

/// "Single-Precision Floating-Point Compare Instructions": rs1 = rs2; only a
/// signalling NaN is invalid.
fn feq_s(l: &mut Lift, op: Op) {
    fp::compare(l, op, FEQ);
}

/// "Single-Precision Floating-Point Compare Instructions": rs1 < rs2; any NaN
/// is invalid.
fn flt_s(l: &mut Lift, op: Op) {
    fp::compare(l, op, FLT);
}

/// "Single-Precision Floating-Point Compare Instructions": rs1 ≤ rs2; any NaN
/// is invalid.
fn fle_s(l: &mut Lift, op: Op) {
    fp::compare(l, op, FLE);
}

/// "Single-Precision Floating-Point Classify Instruction": a bit for each
/// class.
fn fclass_s(l: &mut Lift, op: Op) {
    fp::classify(l, op, FCLASS);
}
