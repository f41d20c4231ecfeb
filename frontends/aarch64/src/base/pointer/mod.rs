//! Pointer authentication: FEAT_PAuth.
//!
//! Source: Arm ARM, C4.1.92, C4.1.95 and C4.1.96; D8.10 (pointer
//! authentication). What the code of a pointer is, [`code`] says.

pub mod code;

use guest::{Row, row};
use ir::{HelperId, Hint, Type, Value};

use super::memory::Address;
use crate::fields::{ec, esr};
use crate::lift::LiftFn;
use crate::model::Features;
use crate::state::x;
use crate::system::instructions::{link_register, return_to};
use crate::system::syndrome::TO_EL2;
use crate::{Lift, Op, helpers};

/// Data-processing (1 source). Letters: `Z` no modifier, `k` key, `n` Rn, `d`
/// Rd.
#[rustfmt::skip]
pub const ONE_SOURCE: &[Row<LiftFn>] = &[
    row("pacia",  "1 1 0 11010110 00001 000 000 nnnnn ddddd", sign as LiftFn),
    row("pacib",  "1 1 0 11010110 00001 000 001 nnnnn ddddd", sign),
    row("pacda",  "1 1 0 11010110 00001 000 010 nnnnn ddddd", sign),
    row("pacdb",  "1 1 0 11010110 00001 000 011 nnnnn ddddd", sign),
    row("autia",  "1 1 0 11010110 00001 000 100 nnnnn ddddd", authenticate),
    row("autib",  "1 1 0 11010110 00001 000 101 nnnnn ddddd", authenticate),
    row("autda",  "1 1 0 11010110 00001 000 110 nnnnn ddddd", authenticate),
    row("autdb",  "1 1 0 11010110 00001 000 111 nnnnn ddddd", authenticate),
    row("paciza", "1 1 0 11010110 00001 001 000 11111 ddddd", sign),
    row("pacizb", "1 1 0 11010110 00001 001 001 11111 ddddd", sign),
    row("pacdza", "1 1 0 11010110 00001 001 010 11111 ddddd", sign),
    row("pacdzb", "1 1 0 11010110 00001 001 011 11111 ddddd", sign),
    row("autiza", "1 1 0 11010110 00001 001 100 11111 ddddd", authenticate),
    row("autizb", "1 1 0 11010110 00001 001 101 11111 ddddd", authenticate),
    row("autdza", "1 1 0 11010110 00001 001 110 11111 ddddd", authenticate),
    row("autdzb", "1 1 0 11010110 00001 001 111 11111 ddddd", authenticate),
    row("xpaci",  "1 1 0 11010110 00001 010 000 11111 ddddd", strip),
    row("xpacd",  "1 1 0 11010110 00001 010 001 11111 ddddd", strip),
];

/// Data-processing (2 source). Letters: `m` Rm.
#[rustfmt::skip]
pub const TWO_SOURCE: &[Row<LiftFn>] = &[
    row("pacga",  "1 0 0 11010110 mmmmm 001100 nnnnn ddddd", pacga as LiftFn),
];

/// Hints: without the feature, or with the key off, they do nothing.
#[rustfmt::skip]
pub const HINTS: &[Row<LiftFn>] = &[
    row("xpaclri",   "11010101000000110010 0000 111 11111", xpaclri as LiftFn),
    row("pacia1716", "11010101000000110010 0001 000 11111", sign_1716),
    row("pacib1716", "11010101000000110010 0001 010 11111", sign_1716),
    row("autia1716", "11010101000000110010 0001 100 11111", authenticate_1716),
    row("autib1716", "11010101000000110010 0001 110 11111", authenticate_1716),
    row("paciaz",    "11010101000000110010 0011 000 11111", sign_link),
    row("paciasp",   "11010101000000110010 0011 001 11111", sign_link),
    row("pacibz",    "11010101000000110010 0011 010 11111", sign_link),
    row("pacibsp",   "11010101000000110010 0011 011 11111", sign_link),
    row("autiaz",    "11010101000000110010 0011 100 11111", authenticate_link),
    row("autiasp",   "11010101000000110010 0011 101 11111", authenticate_link),
    row("autibz",    "11010101000000110010 0011 110 11111", authenticate_link),
    row("autibsp",   "11010101000000110010 0011 111 11111", authenticate_link),
];

/// Unconditional branch (register). Letters: `m` Rm, the modifier.
#[rustfmt::skip]
pub const BRANCHES: &[Row<LiftFn>] = &[
    row("braaz",  "1101011 0000 11111 00001 0 nnnnn 11111", branch as LiftFn),
    row("brabz",  "1101011 0000 11111 00001 1 nnnnn 11111", branch),
    row("blraaz", "1101011 0001 11111 00001 0 nnnnn 11111", branch),
    row("blrabz", "1101011 0001 11111 00001 1 nnnnn 11111", branch),
    row("retaa",  "1101011 0010 11111 00001 0 11111 11111", ret),
    row("retab",  "1101011 0010 11111 00001 1 11111 11111", ret),
    row("eretaa", "1101011 0100 11111 00001 0 11111 11111", eret),
    row("eretab", "1101011 0100 11111 00001 1 11111 11111", eret),
    row("braa",   "1101011 1000 11111 00001 0 nnnnn mmmmm", branch),
    row("brab",   "1101011 1000 11111 00001 1 nnnnn mmmmm", branch),
    row("blraa",  "1101011 1001 11111 00001 0 nnnnn mmmmm", branch),
    row("blrab",  "1101011 1001 11111 00001 1 nnnnn mmmmm", branch),
];

/// Load/store register (pac). Letters: `S` sign, `i` imm9, `W` writeback, `n`
/// Rn, `t` Rt.
#[rustfmt::skip]
pub const LOADS: &[Row<LiftFn>] = &[
    row("ldraa", "11 111 0 00 0 S 1 iiiiiiiii W 1 nnnnn ttttt", load as LiftFn),
    row("ldrab", "11 111 0 00 1 S 1 iiiiiiiii W 1 nnnnn ttttt", load),
];

const SIGN: HelperId = helpers::id("pointer_sign");
const AUTHENTICATE: HelperId = helpers::id("pointer_authenticate");
const STRIP: HelperId = helpers::id("pointer_strip");
const GENERIC: HelperId = helpers::id("pointer_generic");

/// The keys of pointers, as [`Mode`](crate::state::Mode) numbers them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Key {
    /// A, for instructions.
    Ia = 0,
    /// B, for instructions.
    Ib = 1,
    /// A, for data.
    Da = 2,
    /// B, for data.
    Db = 3,
}

impl Key {
    /// The key with this number, of which two bits count.
    pub const fn from_bits(bits: u32) -> Key {
        [Key::Ia, Key::Ib, Key::Da, Key::Db][(bits & 3) as usize]
    }
}

impl Lift<'_> {
    /// Whether pointers are signed with `key`.
    fn signs_with(&self, key: Key) -> bool {
        self.features.contains(Features::PAUTH) && self.mode.authenticates(key as u32)
    }

    /// `pointer` with its code; the pointer itself if the key is off.
    fn signed(&mut self, pointer: Value, modifier: Value, key: Key) -> Value {
        if !self.signs_with(key) {
            return pointer;
        }
        self.trap_to_el2();
        let key = self.i64(key as u64);
        self.call(SIGN, &[pointer, modifier, key])
    }

    /// The exception that EL2 has instructions with a key take (D24.2.53, HCR_EL2.API).
    fn trap_to_el2(&mut self) {
        if self.mode.authentication_traps() {
            let (always, none) = (self.iconst(Type::I8, 1), self.i64(0));
            self.b.trap_if(always, esr::syndrome(ec::POINTER_AUTH, 0) | TO_EL2, none);
        }
    }

    /// The pointer that was signed, or one that faults if the code is wrong; as
    /// it is if the key is off.
    pub fn authenticated(&mut self, pointer: Value, modifier: Value, key: Key) -> Value {
        if !self.signs_with(key) {
            return pointer;
        }
        self.trap_to_el2();
        let key = self.i64(key as u64);
        self.call(AUTHENTICATE, &[pointer, modifier, key])
    }
}

/// The modifier of the instructions with one source: none with bit 13, or else
/// Rn, which may be the stack pointer.
fn modifier(l: &mut Lift, op: Op) -> Value {
    if op.bit(13) { l.i64(0) } else { l.x_sp(op.rn()) }
}

/// C6.2.293 to C6.2.298: Xd with its code.
fn sign(l: &mut Lift, op: Op) {
    let modifier = modifier(l, op);
    let pointer = l.x(op.rd());
    let result = l.signed(pointer, modifier, Key::from_bits(op.bits(11, 10)));
    l.set_reg(op.rd(), result);
}

/// C6.2.22 to C6.2.27: Xd without its code, or spoilt if that is wrong.
fn authenticate(l: &mut Lift, op: Op) {
    let modifier = modifier(l, op);
    let pointer = l.x(op.rd());
    let result = l.authenticated(pointer, modifier, Key::from_bits(op.bits(11, 10)));
    l.set_reg(op.rd(), result);
}

/// C6.2.449: Xd without its code, right or wrong.
fn strip(l: &mut Lift, op: Op) {
    strip_register(l, op.rd(), op.bit(10));
}

/// C6.2.449: x30 without its code.
fn xpaclri(l: &mut Lift, _: Op) {
    if l.features.contains(Features::PAUTH) {
        strip_register(l, 30, false);
    }
}

fn strip_register(l: &mut Lift, register: u32, data: bool) {
    let (pointer, data) = (l.x(register), l.i64(data.into()));
    let result = l.call(STRIP, &[pointer, data]);
    l.set_reg(register, result);
}

/// C6.2.296: Xd = the code of Xn and Xm, in its high half.
fn pacga(l: &mut Lift, op: Op) {
    l.trap_to_el2();
    let (value, modifier) = (l.x(op.rn()), l.x_sp(op.rm()));
    let result = l.call(GENERIC, &[value, modifier]);
    l.set_reg(op.rd(), result);
}

/// C6.2.293 and C6.2.295: x17 with its code; x16 is the modifier.
fn sign_1716(l: &mut Lift, op: Op) {
    let (pointer, modifier) = (l.x(17), l.x(16));
    let result = l.signed(pointer, modifier, Key::from_bits(op.bits(6, 6)));
    l.b.set(x(17), result);
}

/// C6.2.23 and C6.2.25: x17 without its code; x16 is the modifier.
fn authenticate_1716(l: &mut Lift, op: Op) {
    let (pointer, modifier) = (l.x(17), l.x(16));
    let result = l.authenticated(pointer, modifier, Key::from_bits(op.bits(6, 6)));
    l.b.set(x(17), result);
}

/// The modifier of the hints: the stack pointer with bit 5, or else none.
fn link_modifier(l: &mut Lift, op: Op) -> Value {
    if op.bit(5) { l.x_sp(31) } else { l.i64(0) }
}

/// C6.2.293 and C6.2.295: x30 with its code.
fn sign_link(l: &mut Lift, op: Op) {
    let modifier = link_modifier(l, op);
    let pointer = l.x(30);
    let result = l.signed(pointer, modifier, Key::from_bits(op.bits(6, 6)));
    l.b.set(x(30), result);
}

/// C6.2.23 and C6.2.25: x30 without its code.
fn authenticate_link(l: &mut Lift, op: Op) {
    let modifier = link_modifier(l, op);
    let pointer = l.x(30);
    let result = l.authenticated(pointer, modifier, Key::from_bits(op.bits(6, 6)));
    l.b.set(x(30), result);
}

/// C6.2.45 and C6.2.44: goes on at Xn without its code, and notes the way
/// back with bit 21.
fn branch(l: &mut Lift, op: Op) {
    let modifier = if op.bit(24) { l.x_sp(op.bits(4, 0)) } else { l.i64(0) };
    let pointer = l.x(op.rn());
    let target = l.authenticated(pointer, modifier, Key::from_bits(op.bits(10, 10)));
    if op.bit(21) {
        l.branch_with_link(target);
    } else {
        l.branch_to(target, op.rn());
    }
}

/// C6.2.310: goes on at x30 without its code; the stack pointer is the
/// modifier.
fn ret(l: &mut Lift, op: Op) {
    let (pointer, modifier) = (l.x(30), l.x_sp(31));
    let target = l.authenticated(pointer, modifier, Key::from_bits(op.bits(10, 10)));
    l.jump_indirect(target, Hint::Return);
}

/// C6.2.128: `eret` to the address without its code; the stack pointer is the
/// modifier.
fn eret(l: &mut Lift, op: Op) {
    let Some(link) = link_register(l) else { return l.undefined() };
    let (pointer, modifier) = (l.b.get(link), l.x_sp(31));
    let target = l.authenticated(pointer, modifier, Key::from_bits(op.bits(10, 10)));
    return_to(l, target);
}

/// C6.2.192: loads Xt at Xn without its code, plus an offset; with bit 11, Xn
/// becomes that address.
fn load(l: &mut Lift, op: Op) {
    let base = l.x_sp(op.rn());
    let none = l.i64(0);
    let base = l.authenticated(base, none, if op.bit(23) { Key::Db } else { Key::Da });
    let offset = (op.signed(22, 22) << 9 | u64::from(op.bits(20, 12))) << 3;
    let at = l.offset(base, offset);
    let address = Address { at, writeback: op.bit(11).then_some(at) }.with_base_moved(l, op, offset);
    let value = l.b.load(Type::I64, l.access(), address.at);
    l.set_reg(op.rt(), value);
    address.write_back(l, op);
}
