//! The part of the guest's state that decides whether the host may compute.

use super::super::lower::Lower;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{FloatFormat, FloatOp, InlineFloat, Integer, Slot, SlotBits};

/// State that forbids the host's operation is moved up by so much, out of the
/// way of exponents.
const STATE_SHIFT: i64 = 16;

/// What is known of that state at some point of a block.
#[derive(Clone, Copy, Default)]
pub(in crate::jit) struct Known {
    pub(super) raised: Option<Raised>,
    /// The guest rounds to nearest, as this tells.
    nearest: Option<SlotBits>,
}

/// A word that is zero if what is asked for has been raised, and has clear low
/// bits in any case. It changes only with its slot.
#[derive(Clone, Copy)]
pub(super) struct Raised {
    pub(super) bits: SlotBits,
    pub(super) word: Value,
}

impl Known {
    /// Forgets what the slot told, as it is written.
    pub(in crate::jit) fn forget(&mut self, slot: Slot) {
        self.raised = self.raised.filter(|raised| raised.bits.slot != slot);
        self.nearest = self.nearest.filter(|bits| bits.slot != slot);
    }
}

/// Whether an operation may round.
fn rounds(form: &InlineFloat) -> bool {
    match form.op {
        FloatOp::Min | FloatOp::Max | FloatOp::Equal | FloatOp::Less | FloatOp::LessOrEqual => false,
        FloatOp::FromInteger(Integer { wide: false, .. }) => form.format != FloatFormat::Double,
        FloatOp::Widen => false,
        FloatOp::Integral { exact, .. } => exact,
        _ => true,
    }
}

impl Lower<'_, '_> {
    /// Leaves to tier 0 unless the guest rounds to nearest: code that does not
    /// is rare, and the rest of the block need not ask again.
    pub(super) fn require_nearest(&mut self, bits: SlotBits) {
        if self.float_known.nearest != Some(bits) {
            let wrong = self.wrong_bits(bits);
            let nearest = self.f.ins().icmp_imm_u(Cc::Equal, wrong, 0);
            self.unless_side_exit(nearest);
            self.float_known.nearest = Some(bits);
        }
    }

    /// A word with clear low bits that is zero if nothing new can be raised by
    /// rounding; `None` if the operation does not round.
    pub(super) fn forbidding(&mut self, form: &InlineFloat) -> Option<Value> {
        if !rounds(form) {
            return None;
        }
        let bits = form.env.raised;
        match self.float_known.raised {
            Some(raised) if raised.bits == bits => Some(raised.word),
            _ => {
                let word = self.unraised(bits);
                self.float_known.raised = Some(Raised { bits, word });
                Some(word)
            }
        }
    }

    pub(super) fn unraised(&mut self, bits: SlotBits) -> Value {
        let wrong = self.wrong_bits(bits);
        self.f.ins().ishl_imm_u(wrong, STATE_SHIFT)
    }

    fn wrong_bits(&mut self, bits: SlotBits) -> Value {
        let variable = self.variable(bits.slot);
        let word = self.f.use_var(variable);
        let masked = self.f.ins().band_imm_u(word, bits.mask as i64);
        if bits.value == 0 { masked } else { self.f.ins().bxor_imm_u(masked, bits.value as i64) }
    }
}
