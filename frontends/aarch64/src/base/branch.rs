//! Branches.
//!
//! Source: Arm ARM, C4.1.92 (branches, exception generating and System
//! instructions).

use guest::{Row, row};
use ir::{Hint, IntCC, Type, Value};

use crate::fields::{ec, esr};
use crate::lift::LiftFn;
use crate::state::{BRANCH_TARGET, x};
use crate::{Features, Lift, Op};

/// Conditional branch (immediate). Letters: `i` imm19, `c` cond.
#[rustfmt::skip]
pub const CONDITIONAL: &[Row<LiftFn>] = &[
    row("b.cond", "01010100 iiiiiiiiiiiiiiiiiii 0 cccc", b_cond as LiftFn),
];

/// Unconditional branch (register). Letters: `n` Rn.
#[rustfmt::skip]
pub const REGISTER: &[Row<LiftFn>] = &[
    row("br",  "1101011 0000 11111 000000 nnnnn 00000", br as LiftFn),
    row("blr", "1101011 0001 11111 000000 nnnnn 00000", blr),
    row("ret", "1101011 0010 11111 000000 nnnnn 00000", ret),
];

/// Unconditional branch (immediate). Letters: `i` imm26.
#[rustfmt::skip]
pub const UNCONDITIONAL: &[Row<LiftFn>] = &[
    row("b",  "0 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", b as LiftFn),
    row("bl", "1 00101 iiiiiiiiiiiiiiiiiiiiiiiiii", bl),
];

/// Compare and branch (immediate). Letters: `s` sf, `i` imm19, `t` Rt.
#[rustfmt::skip]
pub const COMPARE: &[Row<LiftFn>] = &[
    row("cbz",  "s 011010 0 iiiiiiiiiiiiiiiiiii ttttt", cbz as LiftFn),
    row("cbnz", "s 011010 1 iiiiiiiiiiiiiiiiiii ttttt", cbz),
];

/// Test and branch (immediate). Letters: `b` b5 and b40, `i` imm14, `t` Rt.
#[rustfmt::skip]
pub const TEST: &[Row<LiftFn>] = &[
    row("tbz",  "b 011011 0 bbbbb iiiiiiiiiiiiii ttttt", tbz as LiftFn),
    row("tbnz", "b 011011 1 bbbbb iiiiiiiiiiiiii ttttt", tbz),
];

impl Lift<'_> {
    /// Ends the block: goes on at `to`, which register `rn` says.
    pub fn branch_to(&mut self, to: Value, rn: u32) {
        let trusted = matches!(rn, 16 | 17) || !self.mode.is_guarded();
        self.note_type(to, if trusted { 1 } else { 3 });
        self.jump_indirect(to, Hint::Other);
    }

    /// Ends the block: goes on at `to`, with the return address in x30. `to` must have
    /// been read before.
    pub fn branch_with_link(&mut self, to: Value) {
        self.note_type(to, 2);
        self.call_indirect(to);
    }

    /// Notes that `to` is come to by a branch of a type (D8.4.6, PSTATE.BTYPE).
    fn note_type(&mut self, to: Value, branch_type: u64) {
        if self.features.contains(Features::BTI) {
            let (place, branch_type) = (self.i64(!3), self.i64(branch_type));
            let place = self.b.band(to, place);
            let note = self.b.bor(place, branch_type);
            self.b.set(BRANCH_TARGET, note);
        }
    }

    /// At the head of a block in a guarded page: an exception if a branch has come here
    /// that the instruction does not take (D8.4.6).
    pub(crate) fn check_landing(&mut self, word: u32) {
        let signing = if self.mode.refuses_signing() { Refused::One(3) } else { Refused::None };
        let refused = match word {
            BTI_C => Refused::One(3),
            BTI_J => Refused::One(2),
            BTI_JC => Refused::None,
            PACIASP | PACIBSP => signing,
            _ if word & BREAKPOINT_MASK == BRK || word & BREAKPOINT_MASK == HLT => Refused::None,
            _ => Refused::Any,
        };
        let (first, count) = match refused {
            Refused::None => return,
            Refused::One(branch_type) => (branch_type, 1),
            Refused::Any => (1, 3),
        };
        let (note, here) = (self.b.get(BRANCH_TARGET), self.b.code_address(self.pc));
        let branch_type = self.b.isub(note, here);
        let (first, count) = (self.i64(first), self.i64(count));
        let above = self.b.isub(branch_type, first);
        let wrong = self.b.icmp(IntCC::Ult, above, count);
        self.b.trap_if(wrong, esr::syndrome(ec::BRANCH_TARGET, 0), branch_type);
    }
}

/// Which types of branches an instruction does not take.
enum Refused {
    None,
    One(u64),
    Any,
}

/// Instructions that are targets of branches (C6.2.48, C6.2.293, C6.2.295), and what tells
/// the two that need not be.
const BTI_C: u32 = 0xd503_245f;
const BTI_J: u32 = 0xd503_249f;
const BTI_JC: u32 = 0xd503_24df;
const PACIASP: u32 = 0xd503_233f;
const PACIBSP: u32 = 0xd503_237f;
const BREAKPOINT_MASK: u32 = 0xffe0_001f;
const BRK: u32 = 0xd420_0000;
const HLT: u32 = 0xd440_0000;

/// The address `words` instructions on.
fn target(l: &Lift, words: u64) -> u64 {
    l.pc.wrapping_add(words << 2)
}

/// C6.2.34: goes on at pc + offset if the condition holds.
fn b_cond(l: &mut Lift, op: Op) {
    let to = target(l, op.signed(23, 5));
    if op.bits(3, 1) == 0b111 {
        return l.jump(to);
    }
    let holds = l.condition(op.bits(3, 0));
    l.branch(holds, to);
}

/// C6.2.33: goes on at pc + offset.
fn b(l: &mut Lift, op: Op) {
    l.jump(target(l, op.signed(25, 0)));
}

/// C6.2.42: the same, with the return address in x30.
fn bl(l: &mut Lift, op: Op) {
    let link = l.next_address();
    l.b.set(x(30), link);
    l.jump(target(l, op.signed(25, 0)));
}

/// C6.2.44: goes on at Xn.
fn br(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.branch_to(to, op.rn());
}

/// C6.2.43: the same, with the return address in x30.
fn blr(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.branch_with_link(to);
}

/// C6.2.309: the same as `br`, and known as a return.
fn ret(l: &mut Lift, op: Op) {
    let to = l.x(op.rn());
    l.jump_indirect(to, Hint::Return);
}

/// C6.2.53 and C6.2.54: goes on at pc + offset if Rt is zero, or not zero.
fn cbz(l: &mut Lift, op: Op) {
    let value = l.reg(op.sf(), op.rt());
    let zero = l.iconst(op.sf(), 0);
    let cond = if op.bit(24) { IntCC::Ne } else { IntCC::Eq };
    let holds = l.b.icmp(cond, value, zero);
    l.branch(holds, target(l, op.signed(23, 5)));
}

/// C6.2.427 and C6.2.428: goes on at pc + offset if a bit of Rt is zero, or
/// not zero.
fn tbz(l: &mut Lift, op: Op) {
    let value = l.x(op.rt());
    let mask = l.i64(1 << (op.bits(31, 31) << 5 | op.bits(23, 19)));
    let bit = l.b.band(value, mask);
    let zero = l.iconst(Type::I64, 0);
    let cond = if op.bit(24) { IntCC::Ne } else { IntCC::Eq };
    let holds = l.b.icmp(cond, bit, zero);
    l.branch(holds, target(l, op.signed(18, 5)));
}
