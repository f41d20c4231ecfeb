//! Floating point inline: the host's operation, a guard behind it, and the
//! helper's call in a cold block.
//!
//! The host's operations are pure for Cranelift: they round to nearest and tell
//! no exceptions. So the guard looks at values. The guest must round to nearest,
//! or else the block is left, and must have raised inexact; then a result shows
//! whether anything else was raised. What is asked at each operation is or-ed into
//! one word, whose low bits are the result's exponent and whose high bits must be
//! clear, so that it is one comparison and one branch.

mod exact;
mod lanes;
mod operation;
mod state;
mod value;

use super::lower::Lower;
use cranelift_codegen::ir::types::{F32, F64, I64};
use cranelift_codegen::ir::{BlockArg, InstBuilder, Type, Value};
use cranelift_codegen::isa::TargetIsa;
use ir::{FloatFormat, FloatOp, HelperId, InlineFloat, Inst, Toward};
use operation::Attempt;
pub(super) use state::Known;
use state::Raised;
pub(super) use value::float_slots;

/// What the host's floating point has, beside what all hosts have.
#[derive(Clone, Copy)]
pub(super) struct HostFloat {
    /// Fused multiply-add.
    pub(super) fused: bool,
    /// Rounding to an integer.
    integral: bool,
}

impl HostFloat {
    /// Of Cranelift's code generators, only `x64` calls a library for what the
    /// host lacks.
    pub(super) fn of(isa: &dyn TargetIsa) -> HostFloat {
        let may_lack = isa.name() == "x64";
        let flags = isa.isa_flags();
        let has = |name| !may_lack || flags.iter().any(|f| f.name == name && f.as_bool() == Some(true));
        HostFloat { fused: has("has_fma"), integral: has("has_sse41") }
    }

    /// Whether an operation is the host's, and not a call into a library.
    fn has(self, op: FloatOp) -> bool {
        match op {
            FloatOp::MulAdd { .. } | FloatOp::RecipStep | FloatOp::RsqrtStep => self.fused,
            FloatOp::Integral { .. } | FloatOp::ToInteger(_, Toward::Nearest | Toward::Down | Toward::Up) => {
                self.integral
            }
            _ => true,
        }
    }
}

fn host_type(format: FloatFormat) -> Type {
    match format {
        FloatFormat::Double => F64,
        FloatFormat::BoxedSingle => F32,
    }
}

/// The type of an operation's operands.
fn operand_type(form: &InlineFloat) -> Type {
    form.takes().map_or(I64, host_type)
}

/// How many arguments an operation takes.
fn operands(op: FloatOp) -> usize {
    match op {
        FloatOp::MulAdd { .. } => 3,
        FloatOp::Sqrt
        | FloatOp::Integral { .. }
        | FloatOp::ToInteger(..)
        | FloatOp::FromInteger(_)
        | FloatOp::Widen
        | FloatOp::Narrow => 1,
        _ => 2,
    }
}

impl Lower<'_, '_> {
    /// Calls a helper, or does inline what it would do.
    pub(super) fn call(&mut self, helper: HelperId, args: &[ir::Value]) -> Value {
        match self.inline_form(helper, args) {
            Some(form) => self.float_call(&form, helper, args),
            None => self.call_helper(helper, args),
        }
    }

    /// The form that stands for a call, if the host has its operation.
    pub(super) fn inline_form(&self, helper: HelperId, args: &[ir::Value]) -> Option<InlineFloat> {
        let constant = |arg: u8| match self.insts[args.get(usize::from(arg))?.index()] {
            Inst::Iconst { value, .. } => Some(value),
            Inst::Splat { value, .. } => match self.insts[value.index()] {
                Inst::Iconst { value, .. } => Some(value),
                _ => None,
            },
            _ => None,
        };
        let form = self.spec.helper(helper).inline.iter().find(|form| form.calls.contains(constant))?;
        self.host.float.has(form.op).then_some(*form)
    }

    fn float_call(&mut self, form: &InlineFloat, helper: HelperId, args: &[ir::Value]) -> Value {
        if let Some(nearest) = form.env.nearest {
            self.require_nearest(nearest);
        }
        let args_read = &args[..operands(form.op)];
        let ty = operand_type(form);
        let operands: Vec<Value> = args_read.iter().map(|v| self.float_value(*v, ty)).collect();
        let unboxed = if ty == F32 { self.unboxed(args_read) } else { None };
        let Attempt { result, ok } = self.attempt(form, &operands, unboxed);
        let merged = match ok {
            Some(ok) => {
                let exact = |l: &mut Self| l.exact(form, &operands, result, unboxed);
                let slow = |l: &mut Self| {
                    let word = l.call_helper_rarely(helper, args);
                    l.unpacked(word, l.f.func.dfg.value_type(result))
                };
                self.or_slow(result, ok, exact, slow)
            }
            None => result,
        };
        self.integer_form(merged)
    }

    /// The result if `ok` or else `exact` holds; otherwise the helper's, which
    /// `slow` calls where it costs the rest nothing.
    fn or_slow(
        &mut self,
        result: Value,
        ok: Value,
        exact: impl FnOnce(&mut Self) -> Option<Value>,
        slow: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let ty = self.f.func.dfg.value_type(result);
        let (done, cold) = (self.f.create_block(), self.f.create_block());
        self.f.set_cold_block(cold);
        let merged = self.f.append_block_param(done, ty);
        let mut fast = vec![BlockArg::Value(result)];
        let known = self.float_known.raised;
        let word_after = known.map(|raised| {
            fast.push(BlockArg::Value(raised.word));
            self.f.append_block_param(done, I64)
        });
        self.f.ins().brif(ok, done, &fast, cold, &[]);
        self.f.seal_block(cold);
        self.f.switch_to_block(cold);
        if let Some(exact) = exact(self) {
            let call = self.f.create_block();
            self.f.set_cold_block(call);
            self.f.ins().brif(exact, done, &fast, call, &[]);
            self.f.seal_block(call);
            self.f.switch_to_block(call);
        }
        let mut slow = vec![BlockArg::Value(slow(self))];
        if let Some(raised) = known {
            slow.push(BlockArg::Value(self.unraised(raised.bits)));
        }
        self.f.ins().jump(done, &slow);
        self.f.seal_block(done);
        self.f.switch_to_block(done);
        self.float_known.raised = known.zip(word_after).map(|(raised, word)| Raised { word, ..raised });
        merged
    }
}
