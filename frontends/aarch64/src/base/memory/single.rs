//! Loads and stores of one register.
//!
//! Source: Arm ARM, C4.1.96.

use guest::{Row, row};
use ir::{MemAccess, Type, Value};

use super::Address;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Load register (literal). Letters: `i` imm19, `t` Rt.
#[rustfmt::skip]
pub const LITERAL: &[Row<LiftFn>] = &[
    row("ldr",   "00 011 0 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal as LiftFn),
    row("ldr",   "01 011 0 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal),
    row("ldrsw", "10 011 0 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal),
    row("prfm",  "11 011 0 00 iiiiiiiiiiiiiiiiiii ttttt", prefetch),
];

/// Load/store register (unscaled immediate). Letters: `i` imm9, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const UNSCALED: &[Row<LiftFn>] = &[
    row("sturb",  "00 111 0 00 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled as LiftFn),
    row("ldurb",  "00 111 0 00 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldursb", "00 111 0 00 1o 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("sturh",  "01 111 0 00 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldurh",  "01 111 0 00 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldursh", "01 111 0 00 1o 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("stur",   "1s 111 0 00 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldur",   "1s 111 0 00 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldursw", "10 111 0 00 10 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("prfum",  "11 111 0 00 10 0 iiiiiiiii 00 nnnnn ttttt", prefetch),
];

/// Load/store register (immediate post-indexed).
#[rustfmt::skip]
pub const POST_INDEXED: &[Row<LiftFn>] = &[
    row("strb",  "00 111 0 00 00 0 iiiiiiiii 01 nnnnn ttttt", post_indexed as LiftFn),
    row("ldrb",  "00 111 0 00 01 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldrsb", "00 111 0 00 1o 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("strh",  "01 111 0 00 00 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldrh",  "01 111 0 00 01 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldrsh", "01 111 0 00 1o 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("str",   "1s 111 0 00 00 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldr",   "1s 111 0 00 01 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldrsw", "10 111 0 00 10 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
];

/// Load/store register (unprivileged).
#[rustfmt::skip]
pub const UNPRIVILEGED: &[Row<LiftFn>] = &[
    row("sttrb",  "00 111 0 00 00 0 iiiiiiiii 10 nnnnn ttttt", unprivileged as LiftFn),
    row("ldtrb",  "00 111 0 00 01 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("ldtrsb", "00 111 0 00 1o 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("sttrh",  "01 111 0 00 00 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("ldtrh",  "01 111 0 00 01 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("ldtrsh", "01 111 0 00 1o 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("sttr",   "1s 111 0 00 00 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("ldtr",   "1s 111 0 00 01 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
    row("ldtrsw", "10 111 0 00 10 0 iiiiiiiii 10 nnnnn ttttt", unprivileged),
];

/// Load/store register (immediate pre-indexed).
#[rustfmt::skip]
pub const PRE_INDEXED: &[Row<LiftFn>] = &[
    row("strb",  "00 111 0 00 00 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed as LiftFn),
    row("ldrb",  "00 111 0 00 01 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldrsb", "00 111 0 00 1o 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("strh",  "01 111 0 00 00 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldrh",  "01 111 0 00 01 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldrsh", "01 111 0 00 1o 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("str",   "1s 111 0 00 00 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldr",   "1s 111 0 00 01 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldrsw", "10 111 0 00 10 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
];

/// Load/store register (register offset). Letters: `m` Rm, `p` option, `S` S.
#[rustfmt::skip]
pub const REGISTER: &[Row<LiftFn>] = &[
    row("strb",  "00 111 0 00 00 1 mmmmm ppp S 10 nnnnn ttttt", register as LiftFn),
    row("ldrb",  "00 111 0 00 01 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldrsb", "00 111 0 00 1o 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("strh",  "01 111 0 00 00 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldrh",  "01 111 0 00 01 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldrsh", "01 111 0 00 1o 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("str",   "1s 111 0 00 00 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldr",   "1s 111 0 00 01 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldrsw", "10 111 0 00 10 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("prfm",  "11 111 0 00 10 1 mmmmm p1p S 10 nnnnn ttttt", prefetch),
];

/// Load/store register (unsigned immediate). Letters: `i` imm12.
#[rustfmt::skip]
pub const UNSIGNED: &[Row<LiftFn>] = &[
    row("strb",  "00 111 0 01 00 iiiiiiiiiiii nnnnn ttttt", unsigned as LiftFn),
    row("ldrb",  "00 111 0 01 01 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldrsb", "00 111 0 01 1o iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("strh",  "01 111 0 01 00 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldrh",  "01 111 0 01 01 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldrsh", "01 111 0 01 1o iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("str",   "1s 111 0 01 00 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldr",   "1s 111 0 01 01 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldrsw", "10 111 0 01 10 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("prfm",  "11 111 0 01 10 iiiiiiiiiiii nnnnn ttttt", prefetch),
];

/// Loads or stores Rt, as size and opc say: 0 stores, 1 loads and extends with
/// zeros, 2 and 3 load and extend with the sign to 64 and 32 bits.
pub(super) fn transfer(l: &mut Lift, op: Op, at: Value, access: MemAccess) {
    let (ty, rt) = (op.size(), op.rt());
    match op.bits(23, 22) {
        0 => {
            let value = l.reg(ty, rt);
            l.b.store(access, at, value);
        }
        1 => {
            let value = l.b.load(ty, access, at);
            l.set_reg(rt, value);
        }
        opc => {
            let value = l.b.load(ty, access, at);
            l.set_reg_signed(if opc == 2 { Type::I64 } else { Type::I32 }, rt, value);
        }
    }
}

/// C6.2.217 (LDUR, STUR and their like): at base + offset.
fn unscaled(l: &mut Lift, op: Op) {
    let address = Address::unscaled(l, op);
    transfer(l, op, address.at, l.access());
}

/// C6.2.180 (LDR and STR, post-index): at base, to which the offset is added
/// afterwards.
fn post_indexed(l: &mut Lift, op: Op) {
    let address = Address::post_indexed(l, op);
    transfer(l, op, address.at, l.access());
    address.write_back(l, op);
}

/// C6.2.209 (LDTR, STTR and their like): at base + offset, as EL0 would.
fn unprivileged(l: &mut Lift, op: Op) {
    let address = Address::unscaled(l, op);
    transfer(l, op, address.at, l.unprivileged_access());
}

/// C6.2.180 (LDR and STR, pre-index): at base + offset, which base becomes.
fn pre_indexed(l: &mut Lift, op: Op) {
    let address = Address::pre_indexed(l, op);
    transfer(l, op, address.at, l.access());
    address.write_back(l, op);
}

/// C6.2.182 (LDR and STR, register): at base + extended register.
fn register(l: &mut Lift, op: Op) {
    let Some(address) = Address::register(l, op, op.bits(31, 30)) else { return };
    transfer(l, op, address.at, l.access());
}

/// C6.2.180 (LDR and STR, unsigned offset): at base + scaled offset.
fn unsigned(l: &mut Lift, op: Op) {
    let address = Address::unsigned_offset(l, op, op.bits(31, 30));
    transfer(l, op, address.at, l.access());
}

/// C6.2.181 and C6.2.194: at pc + offset.
fn ldr_literal(l: &mut Lift, op: Op) {
    let at = l.b.code_address(l.pc.wrapping_add(op.signed(23, 5) << 2));
    let ty = if op.bits(31, 30) == 1 { Type::I64 } else { Type::I32 };
    let value = l.b.load(ty, l.access(), at);
    let signed = op.bits(31, 30) == 2;
    l.set_reg_signed(if signed { Type::I64 } else { ty }, op.rt(), value);
}

/// C6.2.299 and its like: a hint that the address will be used.
fn prefetch(_: &mut Lift, _: Op) {}
