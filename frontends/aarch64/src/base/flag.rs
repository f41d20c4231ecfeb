//! Flag manipulation.
//!
//! Source: Arm ARM, C4.1.95, tables "Rotate right into flags" and "Evaluate
//! into flags"; C4.1.92, table "PSTATE".

use guest::{Row, row};
use ir::{IntCC, Type, Value};

use crate::flags::Flags;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// FEAT_FlagM. Letters: `i` imm6, `n` Rn, `f` mask.
#[rustfmt::skip]
pub const FLAG_M: &[Row<LiftFn>] = &[
    row("rmif",   "1 0 1 11010000 iiiiii 00001 nnnnn 0 ffff", rmif as LiftFn),
    row("setf8",  "0 0 1 11010000 000000 0 0010 nnnnn 0 1101", setf8),
    row("setf16", "0 0 1 11010000 000000 1 0010 nnnnn 0 1101", setf16),
    row("cfinv",  "1101010100000 000 0100 0000 000 11111", cfinv),
];

/// FEAT_FlagM2.
#[rustfmt::skip]
pub const FLAG_M2: &[Row<LiftFn>] = &[
    row("xaflag", "1101010100000 000 0100 0000 001 11111", xaflag as LiftFn),
    row("axflag", "1101010100000 000 0100 0000 010 11111", axflag),
];

/// C6.2.314: the flags in the mask become bits 3 to 0 of Rn rotated right.
fn rmif(l: &mut Lift, op: Op) {
    let source = l.x(op.rn());
    let old = l.flags();
    let mut flag = |old: Value, n: u32| {
        if op.bit(n) { l.bit_of(source, (n + op.bits(20, 15)) & 63) } else { old }
    };
    let flags = Flags { n: flag(old.n, 3), z: flag(old.z, 2), c: flag(old.c, 1), v: flag(old.v, 0) };
    l.set_flags(flags);
}

/// C6.2.324: flags as of a result of 8 bits in Rn.
fn setf8(l: &mut Lift, op: Op) {
    evaluate(l, op, Type::I8);
}

/// C6.2.324: flags as of a result of 16 bits in Rn.
fn setf16(l: &mut Lift, op: Op) {
    evaluate(l, op, Type::I16);
}

/// N is the sign, Z whether all bits are zero, V whether the next bit up is
/// another than the sign; C stays.
fn evaluate(l: &mut Lift, op: Op, ty: Type) {
    let source = l.reg(Type::I32, op.rn());
    let low = l.b.ireduce(ty, source);
    let (n, z) = l.sign_and_zero(low);
    let above = l.bit_of(source, ty.bits());
    let v = l.b.bxor(above, n);
    let c = l.flags().c;
    l.set_flags(Flags { n, z, c, v });
}

/// C6.2.55: C is inverted.
fn cfinv(l: &mut Lift, _: Op) {
    let old = l.flags();
    let c = l.not(old.c);
    l.set_flags(Flags { c, ..old });
}

/// C6.2.448: from the other format of floating-point flags to Arm's.
fn xaflag(l: &mut Lift, _: Op) {
    let Flags { z, c, .. } = l.flags();
    let (no_z, no_c) = (l.not(z), l.not(c));
    let flags = Flags { n: l.b.band(no_c, no_z), z: l.b.band(z, c), c: l.b.bor(c, z), v: l.b.band(no_c, z) };
    l.set_flags(flags);
}

/// C6.2.28: from Arm's format of floating-point flags to the other.
fn axflag(l: &mut Lift, _: Op) {
    let Flags { z, c, v, .. } = l.flags();
    let no = l.iconst(Type::I8, 0);
    let z = l.b.bor(z, v);
    let c = l.b.icmp(IntCC::Ugt, c, v);
    l.set_flags(Flags { n: no, z, c, v: no });
}
