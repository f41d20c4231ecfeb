//! Exception generation, and the reserved group.
//!
//! Source: Arm ARM, C4.1.1 and C4.1.94.

use guest::{Row, row};
use ir::Leave;

use crate::fields::ec;
use crate::lift::LiftFn;
use crate::state::Conduit;
use crate::{Lift, Op};

/// The reserved group.
#[rustfmt::skip]
pub const RESERVED: &[Row<LiftFn>] = &[
    row("udf", "0000000000000000 iiiiiiiiiiiiiiii", udf as LiftFn),
];

/// Exception generation. Letters: `i` imm16.
#[rustfmt::skip]
pub const GENERATION: &[Row<LiftFn>] = &[
    row("svc", "11010100 000 iiiiiiiiiiiiiiii 00001", svc as LiftFn),
    row("hvc", "11010100 000 iiiiiiiiiiiiiiii 00010", hvc),
    row("smc", "11010100 000 iiiiiiiiiiiiiiii 00011", smc),
    row("brk", "11010100 001 iiiiiiiiiiiiiiii 00000", brk),
    row("hlt", "11010100 010 iiiiiiiiiiiiiiii 00000", hlt),
];

/// C6.2.440: permanently undefined.
fn udf(l: &mut Lift, _: Op) {
    l.undefined();
}

/// C6.2.411: calls EL1.
fn svc(l: &mut Lift, op: Op) {
    l.exception(ec::SVC, op.imm16());
}

/// C6.2.137: calls EL2, or firmware.
fn hvc(l: &mut Lift, op: Op) {
    match l.mode.hvc() {
        Conduit::None => l.undefined(),
        Conduit::Hypervisor => l.exception(ec::HVC, op.imm16()),
        Conduit::Firmware => l.leave_to_next(Leave::Firmware),
    }
}

/// C6.2.335: calls firmware, or traps.
fn smc(l: &mut Lift, op: Op) {
    match l.mode.smc() {
        Conduit::None => l.undefined(),
        Conduit::Hypervisor => l.exception(ec::SMC, op.imm16()),
        Conduit::Firmware => l.leave_to_next(Leave::Firmware),
    }
}

/// C6.2.46: breakpoint.
fn brk(l: &mut Lift, op: Op) {
    l.exception(ec::BRK, op.imm16());
}

/// C6.2.134: halts for an external debugger; undefined, as there is none.
fn hlt(l: &mut Lift, _: Op) {
    l.undefined();
}
