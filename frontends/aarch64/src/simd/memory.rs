//! Loads and stores of SIMD and floating-point registers.
//!
//! Source: Arm ARM, C4.1.97, the tables named below with V set, and chapter C7.

use guest::{Access, Row, row};
use ir::{Type, Value};

use crate::base::memory::Address;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Load register (literal). Letters: `i` imm19, `t` Rt.
#[rustfmt::skip]
pub const LITERAL: &[Row<LiftFn>] = &[
    row("ldr", "00 011 1 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal as LiftFn),
    row("ldr", "01 011 1 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal),
    row("ldr", "10 011 1 00 iiiiiiiiiiiiiiiiiii ttttt", ldr_literal),
];

/// Load/store no-allocate pair, and register pair: post-indexed, offset and
/// pre-indexed. Letters: `x` opc, `i` imm7, `u` Rt2, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const PAIR: &[Row<LiftFn>] = &[
    row("stnp", "0x 101 1 000 0 iiiiiii uuuuu nnnnn ttttt", stp as LiftFn),
    row("ldnp", "0x 101 1 000 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("stnp", "10 101 1 000 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldnp", "10 101 1 000 1 iiiiiii uuuuu nnnnn ttttt", ldp),

    row("stp",  "0x 101 1 001 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "0x 101 1 001 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("stp",  "10 101 1 001 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "10 101 1 001 1 iiiiiii uuuuu nnnnn ttttt", ldp),

    row("stp",  "0x 101 1 010 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "0x 101 1 010 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("stp",  "10 101 1 010 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "10 101 1 010 1 iiiiiii uuuuu nnnnn ttttt", ldp),

    row("stp",  "0x 101 1 011 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "0x 101 1 011 1 iiiiiii uuuuu nnnnn ttttt", ldp),
    row("stp",  "10 101 1 011 0 iiiiiii uuuuu nnnnn ttttt", stp),
    row("ldp",  "10 101 1 011 1 iiiiiii uuuuu nnnnn ttttt", ldp),
];

/// Load/store register (unscaled immediate). Letters: `s` size, `i` imm9,
/// `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const UNSCALED: &[Row<LiftFn>] = &[
    row("stur", "ss 111 1 00 00 0 iiiiiiiii 00 nnnnn ttttt", unscaled as LiftFn),
    row("ldur", "ss 111 1 00 01 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("stur", "00 111 1 00 10 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
    row("ldur", "00 111 1 00 11 0 iiiiiiiii 00 nnnnn ttttt", unscaled),
];

/// Load/store register (immediate post-indexed).
#[rustfmt::skip]
pub const POST_INDEXED: &[Row<LiftFn>] = &[
    row("str", "ss 111 1 00 00 0 iiiiiiiii 01 nnnnn ttttt", post_indexed as LiftFn),
    row("ldr", "ss 111 1 00 01 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("str", "00 111 1 00 10 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
    row("ldr", "00 111 1 00 11 0 iiiiiiiii 01 nnnnn ttttt", post_indexed),
];

/// Load/store register (immediate pre-indexed).
#[rustfmt::skip]
pub const PRE_INDEXED: &[Row<LiftFn>] = &[
    row("str", "ss 111 1 00 00 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed as LiftFn),
    row("ldr", "ss 111 1 00 01 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("str", "00 111 1 00 10 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
    row("ldr", "00 111 1 00 11 0 iiiiiiiii 11 nnnnn ttttt", pre_indexed),
];

/// Load/store register (register offset). Letters: `m` Rm, `p` option, `S` S.
#[rustfmt::skip]
pub const REGISTER: &[Row<LiftFn>] = &[
    row("str", "ss 111 1 00 00 1 mmmmm ppp S 10 nnnnn ttttt", register as LiftFn),
    row("ldr", "ss 111 1 00 01 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("str", "00 111 1 00 10 1 mmmmm ppp S 10 nnnnn ttttt", register),
    row("ldr", "00 111 1 00 11 1 mmmmm ppp S 10 nnnnn ttttt", register),
];

/// Load/store register (unsigned immediate). Letters: `i` imm12.
#[rustfmt::skip]
pub const UNSIGNED: &[Row<LiftFn>] = &[
    row("str", "ss 111 1 01 00 iiiiiiiiiiii nnnnn ttttt", unsigned as LiftFn),
    row("ldr", "ss 111 1 01 01 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("str", "00 111 1 01 10 iiiiiiiiiiii nnnnn ttttt", unsigned),
    row("ldr", "00 111 1 01 11 iiiiiiiiiiii nnnnn ttttt", unsigned),
];

/// The type of `1 << scale` bytes.
const fn register_type(scale: u32) -> Type {
    match scale {
        0 => Type::I8,
        1 => Type::I16,
        2 => Type::I32,
        3 => Type::I64,
        _ => Type::V128,
    }
}

/// opc's upper bit and size: the access has 1 << scale bytes.
const fn scale(op: Op) -> u32 {
    op.bits(23, 23) << 2 | op.bits(31, 30)
}

/// The low end of register `n`, of some type.
fn register_value(l: &mut Lift, ty: Type, n: u32) -> Value {
    if ty == Type::V128 { l.v(n) } else { l.v_lane(n, ty, 0) }
}

/// Writes the low end of register `n`; the rest of it is zero.
fn set_register(l: &mut Lift, n: u32, value: Value) {
    if l.b.type_of(value) == Type::V128 {
        l.set_v(n, value);
    } else {
        l.set_scalar(n, value);
    }
}

/// Loads or stores Rt, as opc's lower bit says.
fn transfer(l: &mut Lift, op: Op, at: Value) {
    let ty = register_type(scale(op));
    l.check_vector(ty, at, if op.bit(22) { Access::Load } else { Access::Store });
    if op.bit(22) {
        let value = l.b.load(ty, l.access(), at);
        set_register(l, op.rt(), value);
    } else {
        let value = register_value(l, ty, op.rt());
        l.b.store(l.access(), at, value);
    }
}

/// LDUR and STUR (SIMD&FP): at base + offset.
fn unscaled(l: &mut Lift, op: Op) {
    let address = Address::unscaled(l, op);
    transfer(l, op, address.at);
}

/// LDR and STR (immediate, SIMD&FP), post-index.
fn post_indexed(l: &mut Lift, op: Op) {
    let address = Address::post_indexed(l, op);
    transfer(l, op, address.at);
    address.write_back(l, op);
}

/// LDR and STR (immediate, SIMD&FP), pre-index.
fn pre_indexed(l: &mut Lift, op: Op) {
    let address = Address::pre_indexed(l, op);
    transfer(l, op, address.at);
    address.write_back(l, op);
}

/// LDR and STR (register, SIMD&FP): at base + extended register.
fn register(l: &mut Lift, op: Op) {
    let Some(address) = Address::register(l, op, scale(op)) else { return };
    transfer(l, op, address.at);
}

/// LDR and STR (immediate, SIMD&FP), unsigned offset.
fn unsigned(l: &mut Lift, op: Op) {
    let address = Address::unsigned_offset(l, op, scale(op));
    transfer(l, op, address.at);
}

/// LDR (literal, SIMD&FP): at pc + offset.
fn ldr_literal(l: &mut Lift, op: Op) {
    let at = l.b.code_address(l.pc.wrapping_add(op.signed(23, 5) << 2));
    let ty = register_type(2 + op.bits(31, 30));
    l.check_vector(ty, at, Access::Load);
    let value = l.b.load(ty, l.access(), at);
    set_register(l, op.rt(), value);
}

/// STP and STNP (SIMD&FP): stores Rt and, behind it, Rt2.
fn stp(l: &mut Lift, op: Op) {
    let scale = 2 + op.bits(31, 30);
    let ty = register_type(scale);
    let address = Address::pair(l, op, scale);
    let second_at = l.offset(address.at, 1 << scale);
    l.check_vector(ty, address.at, Access::Store);
    let (first, second) = (register_value(l, ty, op.rt()), register_value(l, ty, op.rt2()));
    l.b.store(l.access(), address.at, first);
    l.b.store(l.access(), second_at, second);
    address.write_back(l, op);
}

/// LDP and LDNP (SIMD&FP): loads Rt and, from behind it, Rt2.
fn ldp(l: &mut Lift, op: Op) {
    let scale = 2 + op.bits(31, 30);
    let ty = register_type(scale);
    let address = Address::pair(l, op, scale);
    let second_at = l.offset(address.at, 1 << scale);
    l.check_vector(ty, address.at, Access::Load);
    let first = l.b.load(ty, l.access(), address.at);
    let second = l.b.load(ty, l.access(), second_at);
    set_register(l, op.rt(), first);
    set_register(l, op.rt2(), second);
    address.write_back(l, op);
}
