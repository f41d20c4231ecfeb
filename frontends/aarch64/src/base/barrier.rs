//! Barriers.
//!
//! Source: Arm ARM, C4.1.92, table "Barriers".

use guest::{Env, Fault, Helper, Row, row};
use ir::{Effects, HelperDecl, HelperId, SlotSet};

use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// Barriers of every model. Letters: `i` CRm, what is ordered.
#[rustfmt::skip]
pub const BARRIERS: &[Row<LiftFn>] = &[
    row("clrex", "11010101000000110011 iiii 010 11111", clrex as LiftFn),
    row("dsb",   "11010101000000110011 iiii 100 11111", fence),
    row("dmb",   "11010101000000110011 iiii 101 11111", fence),
    row("isb",   "11010101000000110011 iiii 110 11111", isb),
];

/// Barriers of FEAT_SB.
#[rustfmt::skip]
pub const SPECULATION: &[Row<LiftFn>] = &[
    row("sb",    "11010101000000110011 0000 111 11111", nothing as LiftFn),
];

const CLEAR_EXCLUSIVE: HelperId = helpers::id("clear_exclusive");

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[Helper {
    decl: HelperDecl {
        name: "clear_exclusive",
        args: 0,
        returns: false,
        reads: SlotSet::NONE,
        writes: SlotSet::NONE,
        effects: Effects::MEMORY,
        inline: &[],
    },
    run: clear_exclusive,
}];

fn clear_exclusive(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    env.requests.drop_reservation = true;
    Ok(0)
}

/// C6.2.77: the exclusive monitor is cleared.
fn clrex(l: &mut Lift, _: Op) {
    l.call(CLEAR_EXCLUSIVE, &[]);
}

/// C6.2.116 and C6.2.119: earlier accesses come before later ones. What is
/// ordered is never less than all.
fn fence(l: &mut Lift, _: Op) {
    l.b.fence();
}

/// C6.2.148: later code is fetched anew: code that was written is noticed at
/// the latest when a block ends. What System registers change takes effect with
/// the instruction that changes it, so there is nothing else to wait for.
fn isb(l: &mut Lift, _: Op) {
    let next = l.next_pc();
    l.jump(next);
}

/// C6.2.318: nothing here speculates.
fn nothing(_: &mut Lift, _: Op) {}
