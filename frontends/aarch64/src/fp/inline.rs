//! What the host's floating point may compute in place of a helper.

use ir::{Calls, FloatEnv, FloatFormat, FloatOp, InlineFloat, Integer, SlotBits, Toward};

use super::env::{fpcr, fpsr};
use super::spec::{ConversionSpec, IntWidth, IntegralSpec, Mode};
use crate::state::{FPCR, FPSR};

/// Single precision.
pub const SINGLE: FloatFormat = FloatFormat::BoxedSingle;
/// Double precision.
pub const DOUBLE: FloatFormat = FloatFormat::Double;

/// Inexact has been raised; the guest rounds to nearest and keeps subnormals.
const ENV: FloatEnv = FloatEnv {
    raised: SlotBits { slot: FPSR, mask: fpsr::IXC, value: fpsr::IXC },
    nearest: Some(SlotBits { slot: FPCR, mask: fpcr::RMODE | fpcr::FZ, value: 0 }),
};

/// Any call is `op`.
pub const fn form(op: FloatOp, format: FloatFormat) -> InlineFloat {
    InlineFloat { calls: Calls::Any, op, format, env: ENV }
}

/// Calls whose argument 1 is `spec` are `op`.
const fn conversion(op: FloatOp, format: FloatFormat, spec: ConversionSpec) -> InlineFloat {
    let calls = Calls::Where { arg: 1, mask: u64::MAX, value: spec.bits() };
    InlineFloat { calls, op, format, env: ENV }
}

/// The fused multiply-add.
pub const FUSED: FloatOp = FloatOp::MulAdd { negate_product: false, negate_addend: false };

/// The integer types of conversions.
const INTEGERS: [(bool, IntWidth); 4] =
    [(true, IntWidth::W32), (false, IntWidth::W32), (true, IntWidth::W64), (false, IntWidth::W64)];

const fn integer(index: usize) -> Integer {
    let (signed, width) = INTEGERS[index];
    Integer { signed, wide: matches!(width, IntWidth::W64) }
}

/// The rounding modes that are directions of the host's: all but to nearest,
/// ties away from zero.
const DIRECTIONS: [(Mode, Toward); 4] = [
    (Mode::Zero, Toward::Zero),
    (Mode::Nearest, Toward::Nearest),
    (Mode::Down, Toward::Down),
    (Mode::Up, Toward::Up),
];

/// Conversions to each integer type in each direction.
pub const fn to_integer(format: FloatFormat) -> [InlineFloat; 16] {
    let mut forms = [form(FloatOp::Add, format); 16];
    let mut i = 0;
    while i < forms.len() {
        let ((mode, toward), (signed, width)) = (DIRECTIONS[i / 4], INTEGERS[i % 4]);
        let spec = ConversionSpec { mode, signed, width, fraction_bits: 0 };
        forms[i] = conversion(FloatOp::ToInteger(integer(i % 4), toward), format, spec);
        i += 1;
    }
    forms
}

/// Conversions from each integer type.
pub const fn from_integer(format: FloatFormat) -> [InlineFloat; 4] {
    let mut forms = [form(FloatOp::Add, format); 4];
    let mut i = 0;
    while i < forms.len() {
        let (signed, width) = INTEGERS[i];
        let spec = ConversionSpec { mode: Mode::Nearest, signed, width, fraction_bits: 0 };
        forms[i] = conversion(FloatOp::FromInteger(integer(i)), format, spec);
        i += 1;
    }
    forms
}

/// Roundings to an integral number in each direction, and as FPCR says, which is to
/// nearest where the host may compute, without and with inexact.
pub const fn integral(format: FloatFormat) -> [InlineFloat; 6] {
    let mut forms = [form(FloatOp::Add, format); 6];
    let mut i = 0;
    while i < forms.len() {
        let exact = i == 5;
        let (spec, toward) = if i < DIRECTIONS.len() {
            (IntegralSpec::toward(DIRECTIONS[i].0), DIRECTIONS[i].1)
        } else {
            (IntegralSpec { exact, ..IntegralSpec::CURRENT }, Toward::Nearest)
        };
        // In vectors the argument is a lane, boxed.
        let calls = Calls::Where { arg: 1, mask: 0xffff_ffff, value: spec.bits() };
        forms[i] = InlineFloat { calls, op: FloatOp::Integral { toward, exact }, format, env: ENV };
        i += 1;
    }
    forms
}

#[cfg(test)]
mod tests {
    use crate::helpers::HELPERS;

    /// What [`ir::FloatEnv`] and [`ir::SlotBits`] ask for.
    #[test]
    fn forms_depend_on_slots_that_their_helpers_read() {
        let mut forms = 0;
        for helper in HELPERS {
            for form in helper.decl.inline {
                for bits in [Some(form.env.raised), form.env.nearest].into_iter().flatten() {
                    assert!(helper.decl.reads.contains(bits.slot), "{}", helper.decl.name);
                    assert!(bits.mask >> 32 == 0 && bits.value & !bits.mask == 0, "{}", helper.decl.name);
                }
                forms += 1;
            }
        }
        assert!(forms > 60, "only {forms} forms");
    }
}
