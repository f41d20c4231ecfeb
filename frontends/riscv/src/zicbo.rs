//! Cache-block operations: Zicbom, Zicboz and the hints of Zicbop.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "CMO" (cache management
//! operations); Privileged ISA (20240411), §3.1.18 and §10.1.10 for the enable
//! fields of menvcfg and senvcfg.
//!
//! There is no cache that a guest could see. What is left of clean, flush and
//! invalidate are the permission checks.

use guest::{Env, Fault, Helper, Row, row};
use ir::{Align, Effects, HelperDecl, HelperId, MemAccess, RmwOp, SlotSet, Type, Value};

use crate::lift::{LiftFn, cause};
use crate::state::{MENVCFG, PRIV, SENVCFG};
use crate::{Lift, Op, helpers};

/// Bytes in a cache block, as the device tree says in
/// `riscv,cbom-block-size` and `riscv,cboz-block-size`.
pub const BLOCK_BYTES: u64 = 64;

/// Rows in the order of the chapter.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("cbo.inval",  "000000000000 sssss 010 00000 0001111", cbo_inval as LiftFn),
    row("cbo.clean",  "000000000001 sssss 010 00000 0001111", cbo_clean),
    row("cbo.flush",  "000000000010 sssss 010 00000 0001111", cbo_clean),
    row("cbo.zero",   "000000000100 sssss 010 00000 0001111", cbo_zero),
    row("prefetch.i", "iiiiiii 00000 sssss 110 00000 0010011", prefetch),
    row("prefetch.r", "iiiiiii 00001 sssss 110 00000 0010011", prefetch),
    row("prefetch.w", "iiiiiii 00011 sssss 110 00000 0010011", prefetch),
];

/// Fields of menvcfg and senvcfg: CBIE, CBCFE, CBZE.
const CBIE: u64 = 3 << 4;
const CBCFE: u64 = 1 << 6;
const CBZE: u64 = 1 << 7;

const CBO_CHECK: HelperId = helpers::id("cbo_check");

/// Helpers of this chapter.
pub const HELPERS: &[Helper] = &[Helper {
    decl: HelperDecl {
        name: "cbo_check",
        args: 2,
        returns: false,
        reads: SlotSet::These(&[PRIV, MENVCFG, SENVCFG]),
        writes: SlotSet::NONE,
        effects: Effects::FAULT,
        inline: &[],
    },
    run: cbo_check,
}];

/// Illegal unless the modes above this one enable the instruction: some bit of
/// `field` is set in menvcfg for S mode, in menvcfg and senvcfg for U mode.
fn cbo_check(env: &mut Env<'_>, [field, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let enabled = |slot| env.cpu.get(slot) & field != 0;
    let allowed = match env.cpu.get(PRIV) {
        3 => true,
        1 => enabled(MENVCFG),
        _ => enabled(MENVCFG) && enabled(SENVCFG),
    };
    if allowed { Ok(0) } else { Err(Fault { cause: cause::ILLEGAL, value: word }) }
}

/// Checks the enable field, and gives the address of the block's first byte.
fn block(l: &mut Lift, op: Op, field: u64) -> Value {
    let (field, word) = (l.iconst(field), l.iconst(u64::from(l.word)));
    l.call(CBO_CHECK, &[field, word]);
    let at = l.x(op.rs1());
    let mask = l.iconst(!(BLOCK_BYTES - 1));
    l.b.band(at, mask)
}

/// Faults as a store to the block would. The manual lets clean, flush and
/// invalidate pass where a load is permitted too; but their faults are those
/// of stores, and the IR has no access that checks the one and reports the
/// other. An atomic `or` of zero checks and reports as a store does, so a
/// read-only page faults here where the manual would let it pass.
fn probe(l: &mut Lift, at: Value) {
    let zero = l.b.iconst(Type::I32, 0);
    let access = MemAccess { align: Align::Natural, ..l.access() };
    l.b.atomic_rmw(RmwOp::Or, access, at, zero);
}

/// CMO, "cbo.inval": every write is visible to every observer at once, so
/// dropping copies changes nothing. It is enabled by either value of CBIE, as
/// flushing is a valid way to invalidate.
fn cbo_inval(l: &mut Lift, op: Op) {
    let at = block(l, op, CBIE);
    probe(l, at);
}

/// CMO, "cbo.clean" and "cbo.flush": nothing is dirty.
fn cbo_clean(l: &mut Lift, op: Op) {
    let at = block(l, op, CBCFE);
    probe(l, at);
}

/// CMO, "cbo.zero": stores zeros in the block around rs1, from its start. A
/// block lies in one page: if the first store is allowed, all are.
fn cbo_zero(l: &mut Lift, op: Op) {
    let start = block(l, op, CBZE);
    let zero = l.iconst(0);
    for offset in (0..BLOCK_BYTES).step_by(8) {
        let offset = l.iconst(offset);
        let at = l.b.iadd(start, offset);
        l.b.store(l.access(), at, zero);
    }
}

/// CMO, "prefetch.*": hints. Nothing.
fn prefetch(_: &mut Lift, _: Op) {}
