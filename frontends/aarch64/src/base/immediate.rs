//! Data processing with an immediate.
//!
//! Source: Arm ARM, C4.1.93.

use guest::{Row, row};
use ir::{Type, Value};

use crate::lift::LiftFn;
use crate::state::SP;
use crate::{Lift, Op};

/// PC-rel. addressing. Letters: `i` immlo and immhi, `d` Rd.
#[rustfmt::skip]
pub const PC_RELATIVE: &[Row<LiftFn>] = &[
    row("adr",  "0 ii 10000 iiiiiiiiiiiiiiiiiii ddddd", adr as LiftFn),
    row("adrp", "1 ii 10000 iiiiiiiiiiiiiiiiiii ddddd", adrp),
];

/// Add/subtract (immediate). Letters: `s` sf, `h` sh, `i` imm12, `n` Rn,
/// `d` Rd.
#[rustfmt::skip]
pub const ADD_SUB: &[Row<LiftFn>] = &[
    row("add",  "s 0 0 100010 h iiiiiiiiiiii nnnnn ddddd", add as LiftFn),
    row("adds", "s 0 1 100010 h iiiiiiiiiiii nnnnn ddddd", adds),
    row("sub",  "s 1 0 100010 h iiiiiiiiiiii nnnnn ddddd", sub),
    row("subs", "s 1 1 100010 h iiiiiiiiiiii nnnnn ddddd", subs),
];

/// Logical (immediate). Letters: `r` immr, `i` imms, `N` N, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const LOGICAL: &[Row<LiftFn>] = &[
    row("and",  "0 00 100100 0 rrrrrr iiiiii nnnnn ddddd", and as LiftFn),
    row("orr",  "0 01 100100 0 rrrrrr iiiiii nnnnn ddddd", orr),
    row("eor",  "0 10 100100 0 rrrrrr iiiiii nnnnn ddddd", eor),
    row("ands", "0 11 100100 0 rrrrrr iiiiii nnnnn ddddd", ands),
    row("and",  "1 00 100100 N rrrrrr iiiiii nnnnn ddddd", and),
    row("orr",  "1 01 100100 N rrrrrr iiiiii nnnnn ddddd", orr),
    row("eor",  "1 10 100100 N rrrrrr iiiiii nnnnn ddddd", eor),
    row("ands", "1 11 100100 N rrrrrr iiiiii nnnnn ddddd", ands),
];

/// Move wide (immediate). Letters: `h` hw, `i` imm16, `d` Rd.
#[rustfmt::skip]
pub const MOVE_WIDE: &[Row<LiftFn>] = &[
    row("movn", "0 00 100101 0h iiiiiiiiiiiiiiii ddddd", movn as LiftFn),
    row("movz", "0 10 100101 0h iiiiiiiiiiiiiiii ddddd", movz),
    row("movk", "0 11 100101 0h iiiiiiiiiiiiiiii ddddd", movk),
    row("movn", "1 00 100101 hh iiiiiiiiiiiiiiii ddddd", movn),
    row("movz", "1 10 100101 hh iiiiiiiiiiiiiiii ddddd", movz),
    row("movk", "1 11 100101 hh iiiiiiiiiiiiiiii ddddd", movk),
];

/// Extract. Letters: `m` Rm, `i` imms, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const EXTRACT: &[Row<LiftFn>] = &[
    row("extr", "0 00 100111 0 0 mmmmm 0iiiii nnnnn ddddd", extr as LiftFn),
    row("extr", "1 00 100111 1 0 mmmmm iiiiii nnnnn ddddd", extr),
];

/// The offset of the PC-relative instructions: 21 bits, signed.
fn pc_offset(op: Op) -> u64 {
    op.signed(23, 5) << 2 | u64::from(op.bits(30, 29))
}

/// C6.2.13: Rd = pc + imm.
fn adr(l: &mut Lift, op: Op) {
    let address = l.b.code_address(l.pc.wrapping_add(pc_offset(op)));
    l.set_reg(op.rd(), address);
}

/// C6.2.14: Rd = page of pc + imm pages of 4 KiB.
fn adrp(l: &mut Lift, op: Op) {
    let page = l.pc & !0xfff;
    let address = l.b.code_address(page.wrapping_add(pc_offset(op) << 12));
    l.set_reg(op.rd(), address);
}

/// The operands: Rn, which may be the stack pointer, and the immediate.
fn add_sub_operands(l: &mut Lift, op: Op) -> (Value, Value) {
    let shift = if op.bit(22) { 12 } else { 0 };
    let lhs = l.reg_sp(op.sf(), op.rn());
    let rhs = l.iconst(op.sf(), op.imm12() << shift);
    (lhs, rhs)
}

/// C6.2.5: Rd = Rn + imm; both may be the stack pointer.
fn add(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let sum = l.b.iadd(lhs, rhs);
    set_moved(l, op, sum);
}

/// Writes Rd, which is Rn moved by the immediate.
fn set_moved(l: &mut Lift, op: Op, value: Value) {
    let is_stack = op.rd() == 31 && op.rn() == 31 && op.sf() == Type::I64;
    if is_stack && l.stays_aligned(31, op.imm12()) {
        return l.b.set(SP, value);
    }
    l.set_reg_sp(op.rd(), value);
}

/// C6.2.10: Rd = Rn + imm, with flags.
fn adds(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let sum = l.add_with_flags(lhs, rhs);
    l.set_reg(op.rd(), sum);
}

/// C6.2.401: Rd = Rn - imm; both may be the stack pointer.
fn sub(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let difference = l.b.isub(lhs, rhs);
    set_moved(l, op, difference);
}

/// C6.2.407: Rd = Rn - imm, with flags.
fn subs(l: &mut Lift, op: Op) {
    let (lhs, rhs) = add_sub_operands(l, op);
    let difference = l.sub_with_flags(lhs, rhs);
    l.set_reg(op.rd(), difference);
}

/// The immediate of the logical instructions; `None` if it is reserved.
///
/// Pseudocode DecodeBitMasks (chapter J1): an element of 2 to 64 bits has
/// imms + 1 ones, is rotated right by immr, and fills the register.
pub(crate) fn bit_mask(n: bool, imms: u32, immr: u32, ty: Type) -> Option<u64> {
    let size_bits = u32::from(n) << 6 | !imms & 0x3f;
    let len = size_bits.checked_ilog2().filter(|len| *len >= 1)?;
    let size = 1 << len;
    let (ones, rotate) = ((imms & (size - 1)) + 1, immr & (size - 1));
    if ones == size {
        return None;
    }
    let element = (1u64 << ones) - 1;
    let within = u64::MAX >> (64 - size);
    let rotated =
        if rotate == 0 { element } else { (element >> rotate | element << (size - rotate)) & within };
    let filled = (0..64).step_by(size as usize).fold(0, |mask, at| mask | rotated << at);
    Some(filled & ty.mask())
}

/// Rn and the immediate; `None`, and an undefined instruction, if the latter
/// is reserved.
fn logical_operands(l: &mut Lift, op: Op) -> Option<(Value, Value)> {
    let Some(mask) = bit_mask(op.bit(22), op.imms(), op.immr(), op.sf()) else {
        l.undefined();
        return None;
    };
    Some((l.reg(op.sf(), op.rn()), l.iconst(op.sf(), mask)))
}

/// C6.2.15: Rd = Rn & imm; Rd may be the stack pointer.
fn and(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = logical_operands(l, op) else { return };
    let result = l.b.band(lhs, rhs);
    l.set_reg_sp(op.rd(), result);
}

/// C6.2.291: Rd = Rn | imm; Rd may be the stack pointer.
fn orr(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = logical_operands(l, op) else { return };
    let result = l.b.bor(lhs, rhs);
    l.set_reg_sp(op.rd(), result);
}

/// C6.2.126: Rd = Rn ^ imm; Rd may be the stack pointer.
fn eor(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = logical_operands(l, op) else { return };
    let result = l.b.bxor(lhs, rhs);
    l.set_reg_sp(op.rd(), result);
}

/// C6.2.17: Rd = Rn & imm, with flags.
fn ands(l: &mut Lift, op: Op) {
    let Some((lhs, rhs)) = logical_operands(l, op) else { return };
    let result = l.b.band(lhs, rhs);
    l.set_flags_logical(result);
    l.set_reg(op.rd(), result);
}

/// Where the 16 bits of a move go.
fn wide_shift(op: Op) -> u32 {
    16 * op.bits(22, 21)
}

/// C6.2.273: Rd = ~(imm << shift).
fn movn(l: &mut Lift, op: Op) {
    let value = l.iconst(op.sf(), !(op.imm16() << wide_shift(op)));
    l.set_reg(op.rd(), value);
}

/// C6.2.274: Rd = imm << shift.
fn movz(l: &mut Lift, op: Op) {
    let value = l.iconst(op.sf(), op.imm16() << wide_shift(op));
    l.set_reg(op.rd(), value);
}

/// C6.2.272: 16 bits of Rd become imm.
fn movk(l: &mut Lift, op: Op) {
    let keep = l.iconst(op.sf(), !(0xffff << wide_shift(op)));
    let bits = l.iconst(op.sf(), op.imm16() << wide_shift(op));
    let old = l.reg(op.sf(), op.rd());
    let kept = l.b.band(old, keep);
    let value = l.b.bor(kept, bits);
    l.set_reg(op.rd(), value);
}

/// C6.2.131: Rd = the bits of Rn:Rm from imms up.
fn extr(l: &mut Lift, op: Op) {
    let ty = op.sf();
    let low = l.reg(ty, op.rm());
    let shift = op.imms();
    let result = match (shift, op.rn() == op.rm()) {
        (0, _) => low,
        (_, true) => {
            let amount = l.iconst(ty, shift.into());
            l.b.rotr(low, amount)
        }
        (_, false) => {
            let high = l.reg(ty, op.rn());
            let (right, left) = (l.iconst(ty, shift.into()), l.iconst(ty, (ty.bits() - shift).into()));
            let (low, high) = (l.b.ushr(low, right), l.b.ishl(high, left));
            l.b.bor(low, high)
        }
    };
    l.set_reg(op.rd(), result);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_masks_are_as_the_assembler_makes_them() {
        // GNU as: and x0, x0, #0x5555555555555555; #1; #0xff00ff00ff00ff00;
        // #0x8000000000000001; and w0, w0, #0xfffffffe.
        let cases = [
            (false, 0x3c, 0, Some(0x5555_5555_5555_5555)),
            (true, 0, 0, Some(1)),
            (false, 0x27, 8, Some(0xff00_ff00_ff00_ff00)),
            (true, 1, 1, Some(0x8000_0000_0000_0001)),
            (true, 0x3f, 0, None),
            (false, 0x3f, 0, None),
            (false, 0x3e, 0, None),
        ];
        for (n, imms, immr, mask) in cases {
            assert_eq!(bit_mask(n, imms, immr, Type::I64), mask, "{n} {imms:#x} {immr}");
        }
        assert_eq!(bit_mask(false, 30, 31, Type::I32), Some(0xffff_fffe));
    }
}
