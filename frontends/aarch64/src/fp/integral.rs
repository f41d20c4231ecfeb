//! Rounding to integral numbers, of scalars and of vectors.
//!
//! Source: Arm ARM, C4.1.96, tables "Floating-point data-processing (1 source)" and
//! "Advanced SIMD two-register miscellaneous", and chapter C7.

use super::helpers::Trio;
use super::spec::{IntegralSpec, Mode};
use crate::{Lift, Op};

/// The helpers that round to an integral number.
const FRINT: Trio = Trio::new("frint.h");

/// Rd = Rn as an integral number, or as such numbers: bit 28 tells scalars.
fn round(l: &mut Lift, op: Op, spec: IntegralSpec) {
    if op.bit(28) {
        let Some(precision) = l.ftype(op) else { return };
        let a = l.number(precision, op.rn());
        let spec = l.i64(spec.bits());
        let result = l.float(FRINT, precision, &[a, spec]);
        return l.set_number(precision, op.rd(), result);
    }
    let half = op.bits(22, 17) == 0b11_1100;
    let Some(numbers) = l.numbers(op, half) else { return };
    let a = l.v(op.rn());
    let spec = l.b.lanes(numbers.shape.lanes).splat_const(spec.bits());
    let result = l.number_lanes(numbers, FRINT, &[a, spec]);
    l.set_shaped(op.rd(), numbers.shape, result);
}

/// FRINTN: to nearest, ties to even.
pub fn frintn(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::toward(Mode::Nearest));
}

/// FRINTP: up.
pub fn frintp(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::toward(Mode::Up));
}

/// FRINTM: down.
pub fn frintm(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::toward(Mode::Down));
}

/// FRINTZ: toward zero.
pub fn frintz(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::toward(Mode::Zero));
}

/// FRINTA: to nearest, ties away.
pub fn frinta(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::toward(Mode::Away));
}

/// FRINTX: as FPCR says, and inexact is told.
pub fn frintx(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec { exact: true, ..IntegralSpec::CURRENT });
}

/// FRINTI: as FPCR says.
pub fn frinti(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec::CURRENT);
}

/// FRINT32Z: to an integer of 32 bits, toward zero.
pub fn frint32z(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec { bound_bits: 32, ..IntegralSpec::toward(Mode::Zero) });
}

/// FRINT32X: to an integer of 32 bits, as FPCR says.
pub fn frint32x(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec { bound_bits: 32, ..IntegralSpec::CURRENT });
}

/// FRINT64Z: to an integer of 64 bits, toward zero.
pub fn frint64z(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec { bound_bits: 64, ..IntegralSpec::toward(Mode::Zero) });
}

/// FRINT64X: to an integer of 64 bits, as FPCR says.
pub fn frint64x(l: &mut Lift, op: Op) {
    round(l, op, IntegralSpec { bound_bits: 64, ..IntegralSpec::CURRENT });
}
