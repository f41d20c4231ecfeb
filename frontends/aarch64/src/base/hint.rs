//! Hints, and the cache instruction that writes zeros.
//!
//! Source: Arm ARM, C4.1.92, tables "Hints" and "System instructions".

use guest::{Row, row};

use crate::fields::ec;
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Hints but those that wait. What no row names is a `nop`, too. Letters: `c` and `o` CRm and op2,
/// `t` targets.
#[rustfmt::skip]
pub const HINTS: &[Row<LiftFn>] = &[
    row("nop",    "11010101000000110010 0000 000 11111", nothing as LiftFn),
    row("yield",  "11010101000000110010 0000 001 11111", nothing),
    row("sev",    "11010101000000110010 0000 100 11111", nothing),
    row("sevl",   "11010101000000110010 0000 101 11111", nothing),
    row("esb",    "11010101000000110010 0010 000 11111", nothing),
    row("psb",    "11010101000000110010 0010 001 11111", nothing),
    row("tsb",    "11010101000000110010 0010 010 11111", nothing),
    row("csdb",   "11010101000000110010 0010 100 11111", nothing),
    row("clrbhb", "11010101000000110010 0010 110 11111", nothing),
    row("bti",    "11010101000000110010 0100 tt0 11111", nothing),
    row("hint",   "11010101000000110010 cccc ooo 11111", nothing),
];

/// Data cache zero by address. Letters: `t` Rt.
#[rustfmt::skip]
pub const ZERO: &[Row<LiftFn>] = &[
    row("dc zva", "1101010100001 011 0111 0100 001 ttttt", dc_zva as LiftFn),
];

/// What `dc zva` zeroes: a block of this size, as DCZID_EL0.BS says.
pub const ZERO_BLOCK_BYTES: u64 = 64;

/// C6.2.274 (NOP) and others: nothing.
fn nothing(_: &mut Lift, _: Op) {}

/// C5.3.38: zeroes the block that Xt points into.
fn dc_zva(l: &mut Lift, op: Op) {
    if !l.mode.zva_allowed() {
        return l.exception(ec::SYSTEM, system_iss(op));
    }
    let address = l.x(op.rt());
    let mask = l.i64(!(ZERO_BLOCK_BYTES - 1));
    let base = l.b.band(address, mask);
    let zero = l.b.vconst(0);
    for offset in (0..ZERO_BLOCK_BYTES).step_by(16) {
        let at = l.offset(base, offset);
        l.b.store(l.access(), at, zero);
    }
}

/// D24.2.41, ISS of trapped System instructions: what was encoded.
fn system_iss(op: Op) -> u64 {
    let field = |high, low, at: u32| u64::from(op.bits(high, low)) << at;
    field(20, 19, 20)
        | field(7, 5, 17)
        | field(18, 16, 14)
        | field(15, 12, 10)
        | field(4, 0, 5)
        | field(11, 8, 1)
}
