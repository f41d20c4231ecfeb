//! The part of the guest's state that decides whether the host may compute.

use super::super::lower::Lower;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{FloatEnv, FloatFormat, FloatOp, InlineFloat, Integer, Slot, SlotBits};

/// State that forbids the host's operation is moved up by so much, out of the
/// way of exponents.
const STATE_SHIFT: i64 = 16;

/// A word of state that is zero if the host may compute, as it is known at some
/// point of a block. It changes only with the slots it is made from.
#[derive(Clone, Copy)]
pub(in crate::jit) struct State {
    pub(super) env: FloatEnv,
    pub(super) value: Value,
}

impl State {
    /// Whether it looks at the slot.
    pub(in crate::jit) fn depends_on(&self, slot: Slot) -> bool {
        self.env.raised.slot == slot || self.env.nearest.is_some_and(|bits| bits.slot == slot)
    }
}

/// What the guest's state has to allow.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Needs {
    /// Nothing: the operation neither rounds nor names a rounding mode.
    Nothing,
    /// A valid rounding mode.
    Nearest,
    /// That, and inexact raised.
    Raised,
}

/// What an operation asks of the guest's state.
pub(super) fn needs(form: &InlineFloat) -> Needs {
    match form.op {
        FloatOp::Min | FloatOp::Max | FloatOp::Equal | FloatOp::Less | FloatOp::LessOrEqual => Needs::Nothing,
        FloatOp::FromInteger(Integer { wide: false, .. }) if form.format == FloatFormat::Double => {
            Needs::Nearest
        }
        FloatOp::Widen => Needs::Nearest,
        _ => Needs::Raised,
    }
}

impl Lower<'_, '_> {
    /// A word with clear low bits that is zero if the state is as needed.
    pub(super) fn forbidding(&mut self, env: &FloatEnv, needs: Needs) -> Option<Value> {
        match needs {
            Needs::Nothing => None,
            Needs::Nearest => env.nearest.map(|bits| {
                let wrong = self.wrong_bits(bits);
                self.f.ins().ishl_imm_u(wrong, STATE_SHIFT)
            }),
            Needs::Raised => Some(match self.float_state {
                // What is known may ask for more than is needed.
                Some(state)
                    if state.env.raised == env.raised
                        && (env.nearest.is_none() || env.nearest == state.env.nearest) =>
                {
                    state.value
                }
                _ => {
                    let value = self.state_word(env);
                    self.float_state = Some(State { env: *env, value });
                    value
                }
            }),
        }
    }

    pub(super) fn state_word(&mut self, env: &FloatEnv) -> Value {
        let mut wrong = self.wrong_bits(env.raised);
        if let Some(nearest) = env.nearest {
            let other = self.wrong_bits(nearest);
            wrong = self.f.ins().bor(wrong, other);
        }
        self.f.ins().ishl_imm_u(wrong, STATE_SHIFT)
    }

    fn wrong_bits(&mut self, bits: SlotBits) -> Value {
        let variable = self.variable(bits.slot);
        let word = self.f.use_var(variable);
        let masked = self.f.ins().band_imm_u(word, bits.mask as i64);
        if bits.value == 0 { masked } else { self.f.ins().bxor_imm_u(masked, bits.value as i64) }
    }
}
