//! Branches.
//!
//! Source: Arm ARM, C4.1.92 (branches, exception generating and System
//! instructions).

use guest::{Row, row};
use ir::Hint;

use crate::lift::LiftFn;
use crate::state::x;
use crate::{Lift, Op};

/// Unconditional branch (immediate). Letters: `i` imm26.
#[rustfmt::skip]
pub const UNCONDITIONAL: &[Row<LiftFn>] = &[
    row("b",  "0 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", b as LiftFn),
    row("bl", "1 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", bl),
];

/// The target of a branch with a 26-bit offset.
fn target26(l: &Lift, op: Op) -> u64 {
    l.pc.wrapping_add(op.signed(25, 0) << 2)
}

/// C6.2.32: goes on at pc + offset.
fn b(l: &mut Lift, op: Op) {
    l.jump(target26(l, op));
}

/// C6.2.42: the same, with the return address in x30.
fn bl(l: &mut Lift, op: Op) {
    let (target, ret) = (target26(l, op), l.next_pc());
    let link = l.next_address();
    l.b.set(x(30), link);
    let target = l.b.code_address(target);
    l.jump_indirect(target, Hint::Call { ret });
}
