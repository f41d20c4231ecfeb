//! What the host's floating point may compute in place of a helper.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapters "F" and "D"; encodings
//! from chapter "RV32/64G Instruction Set Listings".
//!
//! A helper that rounds gets the instruction as its last argument. Forms are
//! told apart by its fields: rm, and those that make several instructions of one
//! helper.

use guest::softfloat::Flags;
use ir::{Calls, FloatEnv, FloatFormat, FloatOp, InlineFloat, Integer, SlotBits, Toward};

use crate::state::{FFLAGS, FRM};

/// Single precision, NaN-boxed.
pub const SINGLE: FloatFormat = FloatFormat::BoxedSingle;
/// Double precision.
pub const DOUBLE: FloatFormat = FloatFormat::Double;

const INEXACT: u64 = Flags::INEXACT.bits() as u64;

/// Inexact has been raised: all that the host's result does not show.
const RAISED: SlotBits = SlotBits { slot: FFLAGS, mask: INEXACT, value: INEXACT };

/// frm = RNE.
const NEAREST: SlotBits = SlotBits { slot: FRM, mask: 7, value: 0 };

/// For instructions that name the rounding mode, which a form then picks.
const FIXED: FloatEnv = FloatEnv { raised: RAISED, nearest: None };

/// For instructions that leave it to frm.
const DYNAMIC: FloatEnv = FloatEnv { raised: RAISED, nearest: Some(NEAREST) };

/// A field of the instruction: its bits, and what they are.
#[derive(Clone, Copy)]
struct Field {
    mask: u64,
    value: u64,
}

impl Field {
    const fn and(self, other: Field) -> Field {
        Field { mask: self.mask | other.mask, value: self.value | other.value }
    }
}

/// The rounding mode.
const fn rm(value: u64) -> Field {
    Field { mask: 7 << 12, value: value << 12 }
}

const RNE: Field = rm(0);
const RTZ: Field = rm(1);
const RDN: Field = rm(2);
const RUP: Field = rm(3);

/// Which integer type a conversion is from or to: w, wu, l, lu.
const fn rs2(value: u64) -> Field {
    Field { mask: 31 << 20, value: value << 20 }
}

/// Which fused multiply-add: bits 3:2 of the opcode.
const fn opcode(value: u64) -> Field {
    Field { mask: 3 << 2, value: value << 2 }
}

/// The integer types in the order of the rs2 field.
const INTEGERS: [Integer; 4] = [
    Integer { signed: true, wide: false },
    Integer { signed: false, wide: false },
    Integer { signed: true, wide: true },
    Integer { signed: false, wide: true },
];

/// The form for the instructions with `field` in the word, which is argument
/// `arg`.
const fn form(op: FloatOp, format: FloatFormat, env: FloatEnv, arg: u8, field: Field) -> InlineFloat {
    InlineFloat { calls: Calls::Where { arg, mask: field.mask, value: field.value }, op, format, env }
}

/// For an operation that does not depend on the rounding mode.
pub const fn exact(op: FloatOp, format: FloatFormat) -> InlineFloat {
    InlineFloat { calls: Calls::Any, op, format, env: FIXED }
}

/// For an operation with rm = RNE, of `operands` numbers.
pub const fn rne(op: FloatOp, format: FloatFormat, operands: u8) -> InlineFloat {
    form(op, format, FIXED, operands, RNE)
}

/// For an operation with rm = DYN.
pub const fn frm(op: FloatOp, format: FloatFormat) -> InlineFloat {
    InlineFloat { calls: Calls::Any, op, format, env: DYNAMIC }
}

/// fmadd, fmsub, fnmsub and fnmadd, in the order of their opcodes.
const FUSED: [FloatOp; 4] = [
    FloatOp::MulAdd { negate_product: false, negate_addend: false },
    FloatOp::MulAdd { negate_product: false, negate_addend: true },
    FloatOp::MulAdd { negate_product: true, negate_addend: false },
    FloatOp::MulAdd { negate_product: true, negate_addend: true },
];

/// For the fused multiply-adds with rm = RNE.
pub const fn fused(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [rne(FUSED[0], format, 3); 4];
    let mut i = 0;
    while i < FUSED.len() {
        forms[i] = form(FUSED[i], format, FIXED, 3, opcode(i as u64).and(RNE));
        i += 1;
    }
    forms
}

/// For those with rm = DYN.
pub const fn fused_frm(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [frm(FUSED[0], format); 4];
    let mut i = 0;
    while i < FUSED.len() {
        forms[i] = form(FUSED[i], format, DYNAMIC, 3, opcode(i as u64));
        i += 1;
    }
    forms
}

/// The rounding modes that are directions of the host's, too: all but RMM.
const DIRECTIONS: [(Field, Toward); 4] =
    [(RTZ, Toward::Zero), (RNE, Toward::Nearest), (RDN, Toward::Down), (RUP, Toward::Up)];

/// For conversions to each integer type with each rounding mode.
pub const fn to_integer(format: FloatFormat) -> [InlineFloat; 16] {
    let mut forms = [rne(FloatOp::Add, format, 1); 16];
    let mut i = 0;
    while i < forms.len() {
        let (mode, toward) = DIRECTIONS[i / 4];
        let op = FloatOp::ToInteger(INTEGERS[i % 4], toward);
        forms[i] = form(op, format, FIXED, 1, rs2(i as u64 % 4).and(mode));
        i += 1;
    }
    forms
}

/// For those with rm = DYN.
pub const fn to_integer_frm(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [frm(FloatOp::Add, format); 4];
    let mut i = 0;
    while i < forms.len() {
        let op = FloatOp::ToInteger(INTEGERS[i], Toward::Nearest);
        forms[i] = form(op, format, DYNAMIC, 1, rs2(i as u64));
        i += 1;
    }
    forms
}

/// For conversions from each integer type with rm = RNE, or with any mode where
/// they are exact.
pub const fn from_integer(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [rne(FloatOp::Add, format, 1); 4];
    let mut i = 0;
    while i < forms.len() {
        let is_exact = matches!(format, DOUBLE) && !INTEGERS[i].wide;
        let field = if is_exact { rs2(i as u64) } else { rs2(i as u64).and(RNE) };
        forms[i] = form(FloatOp::FromInteger(INTEGERS[i]), format, FIXED, 1, field);
        i += 1;
    }
    forms
}

/// For those with rm = DYN.
pub const fn from_integer_frm(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [frm(FloatOp::Add, format); 4];
    let mut i = 0;
    while i < forms.len() {
        forms[i] = form(FloatOp::FromInteger(INTEGERS[i]), format, DYNAMIC, 1, rs2(i as u64));
        i += 1;
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helpers::HELPERS;

    /// What [`FloatEnv`] and [`SlotBits`] ask for.
    #[test]
    fn forms_depend_on_slots_that_their_helpers_read() {
        let mut forms = 0;
        for helper in HELPERS {
            for form in helper.decl.inline {
                for bits in [Some(form.env.raised), form.env.nearest].into_iter().flatten() {
                    assert!(helper.decl.reads.contains(bits.slot), "{}", helper.decl.name);
                    assert!(bits.mask >> 32 == 0 && bits.value & !bits.mask == 0, "{}", helper.decl.name);
                }
                let may_fault = !helper.decl.effects.is_empty();
                assert!(!may_fault || form.env.nearest.is_some(), "{}", helper.decl.name);
                forms += 1;
            }
        }
        assert!(forms > 80, "only {forms} forms");
    }

    /// The form that stands for an instruction.
    fn of(name: &str, word: u64) -> Option<FloatOp> {
        let helper = HELPERS.iter().find(|helper| helper.decl.name == name).expect("a helper");
        let last = helper.decl.args - 1;
        let constant = |arg| (arg == last).then_some(word);
        helper.decl.inline.iter().find(|form| form.calls.contains(constant)).map(|form| form.op)
    }

    /// Words from GNU as, binutils 2.40.
    #[test]
    fn forms_are_told_apart_by_the_instruction() {
        // fadd.d fa0, fa1, fa2 with rne, rtz.
        assert_eq!(of("fadd.d", 0x02c5_8553), Some(FloatOp::Add));
        assert_eq!(of("fadd.d", 0x02c5_9553), None);
        // fnmsub.d fa0, fa1, fa2, fa3, rne and dyn.
        let op = FloatOp::MulAdd { negate_product: true, negate_addend: false };
        assert_eq!(of("fmadd.d", 0x6ac5_854b), Some(op));
        assert_eq!(of("fmadd.d.dyn", 0x6ac5_f54b), Some(op));
        // fcvt.lu.s a0, fa0 with rtz, rmm.
        let wide = Integer { signed: false, wide: true };
        assert_eq!(of("fcvt.x.s", 0xc035_1553), Some(FloatOp::ToInteger(wide, Toward::Zero)));
        assert_eq!(of("fcvt.x.s", 0xc035_4553), None);
    }
}
