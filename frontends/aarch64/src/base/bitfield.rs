//! Bitfield moves.
//!
//! Source: Arm ARM, C4.1.93, table "Bitfield".

use guest::{Row, row};
use ir::{Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Bitfield. Letters: `r` immr, `i` imms, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const BITFIELD: &[Row<LiftFn>] = &[
    row("sbfm", "0 00 100110 0 0rrrrr 0iiiii nnnnn ddddd", sbfm as LiftFn),
    row("bfm",  "0 01 100110 0 0rrrrr 0iiiii nnnnn ddddd", bfm),
    row("ubfm", "0 10 100110 0 0rrrrr 0iiiii nnnnn ddddd", ubfm),
    row("sbfm", "1 00 100110 1 rrrrrr iiiiii nnnnn ddddd", sbfm),
    row("bfm",  "1 01 100110 1 rrrrrr iiiiii nnnnn ddddd", bfm),
    row("ubfm", "1 10 100110 1 rrrrrr iiiiii nnnnn ddddd", ubfm),
];

/// Which bits of Rn go where.
enum Field {
    /// The `width` bits from `from` up go to bit 0.
    Extracted { from: u32, width: u32 },
    /// The `width` low bits go to bit `to`.
    Inserted { to: u32, width: u32 },
}

/// C6.2.439 and its like: from immr up to imms if that is not less, or else
/// the low imms + 1 bits to width - immr.
fn field(op: Op) -> Field {
    let (immr, imms) = (op.immr(), op.imms());
    if imms >= immr {
        Field::Extracted { from: immr, width: imms - immr + 1 }
    } else {
        Field::Inserted { to: op.sf().bits() - immr, width: imms + 1 }
    }
}

/// `value` shifted left.
fn left(l: &mut Lift, value: Value, amount: u32) -> Value {
    let ty = l.b.type_of(value);
    if amount == 0 {
        return value;
    }
    let amount = l.iconst(ty, amount.into());
    l.b.ishl(value, amount)
}

/// `value` shifted right, arithmetically if `signed`.
fn right(l: &mut Lift, value: Value, amount: u32, signed: bool) -> Value {
    if amount == 0 {
        return value;
    }
    let ty = l.b.type_of(value);
    let amount = l.iconst(ty, amount.into());
    if signed { l.b.sshr(value, amount) } else { l.b.ushr(value, amount) }
}

/// The type with `width` bits, if there is one.
fn narrow(width: u32) -> Option<Type> {
    Type::ALL.into_iter().find(|ty| ty.bits() == width)
}

/// C6.2.319: the field, sign-extended above and zero below.
fn sbfm(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let source = l.reg(ty, op.rn());
    let result = match field(op) {
        Field::Extracted { from: 0, width } if narrow(width).is_some_and(|low| low < ty) => {
            let low = narrow(width).unwrap_or(ty);
            let low = l.b.ireduce(low, source);
            l.b.sextend(ty, low)
        }
        Field::Extracted { from, width } => {
            let top = left(l, source, ty.bits() - width - from);
            right(l, top, ty.bits() - width, true)
        }
        Field::Inserted { to, width } => {
            let top = left(l, source, ty.bits() - width);
            right(l, top, ty.bits() - width - to, true)
        }
    };
    l.set_reg(op.rd(), result);
}

/// C6.2.439: the field, and zeros around it.
fn ubfm(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let source = l.reg(ty, op.rn());
    let result = match field(op) {
        Field::Extracted { from, width } => {
            let low = right(l, source, from, false);
            masked(l, low, width, from + width)
        }
        Field::Inserted { to, width } => {
            let low = masked(l, source, width, 0);
            left(l, low, to)
        }
    };
    l.set_reg(op.rd(), result);
}

/// The low `width` bits of `value`; all of it, if a shift right has left no
/// more (`end` is the field's end before that) or will push out the rest.
fn masked(l: &mut Lift, value: Value, width: u32, end: u32) -> Value {
    let ty = l.b.type_of(value);
    if end == ty.bits() || width == ty.bits() {
        return value;
    }
    let mask = l.iconst(ty, u64::MAX >> (64 - width));
    l.b.band(value, mask)
}

/// C6.2.36: the field goes into Rd, whose other bits stay.
fn bfm(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let source = l.reg(ty, op.rn());
    let (moved, to, width) = match field(op) {
        Field::Extracted { from, width } => (right(l, source, from, false), 0, width),
        Field::Inserted { to, width } => (left(l, source, to), to, width),
    };
    let ones = (u64::MAX >> (64 - width)) << to;
    let old = l.reg(ty, op.rd());
    let (inside, outside) = (l.iconst(ty, ones), l.iconst(ty, !ones));
    let (new, kept) = (l.b.band(moved, inside), l.b.band(old, outside));
    let result = l.b.bor(new, kept);
    l.set_reg(op.rd(), result);
}
