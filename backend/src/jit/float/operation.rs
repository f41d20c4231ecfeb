//! The host's operations, and what their results say.

use super::super::lower::Lower;
use super::host_type;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC as Cc};
use cranelift_codegen::ir::types::{F32, F64, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value};
use ir::{FloatOp, InlineFloat, Integer, Toward};

/// An operation done by the host.
pub(super) struct Attempt {
    /// Of the host's type.
    pub(super) result: Value,
    /// Whether it is the helper's result, too, an `i8`; always without.
    pub(super) ok: Option<Value>,
}

/// The layout of the host's type.
pub(super) struct Layout {
    bits: Type,
    pub(super) fraction_bits: i64,
    /// The exponent of infinities and NaNs.
    pub(super) greatest: i64,
}

pub(super) fn layout(ty: Type) -> Layout {
    if ty == F64 {
        Layout { bits: I64, fraction_bits: 52, greatest: 0x7ff }
    } else {
        Layout { bits: I32, fraction_bits: 23, greatest: 0xff }
    }
}

impl Lower<'_, '_> {
    /// Lets the host compute.
    pub(super) fn attempt(
        &mut self,
        form: &InlineFloat,
        operands: &[Value],
        unboxed: Option<Value>,
    ) -> Attempt {
        let state = self.forbidding(form);
        let forbidden = self.or_all(state, unboxed);
        let (a, b) = (operands[0], operands[operands.len() - 1]);
        match form.op {
            FloatOp::Min | FloatOp::Max => {
                let ins = self.f.ins();
                let result = if form.op == FloatOp::Min { ins.fmin(a, b) } else { ins.fmax(a, b) };
                Attempt { result, ok: Some(self.ordered(a, b, forbidden)) }
            }
            FloatOp::Integral { .. } => {
                let result = self.arithmetic(form.op, operands);
                Attempt { result, ok: Some(self.ordered(a, a, forbidden)) }
            }
            FloatOp::Equal => self.compare(FloatCC::Equal, a, b, forbidden),
            FloatOp::Less => self.compare(FloatCC::LessThan, a, b, forbidden),
            FloatOp::LessOrEqual => self.compare(FloatCC::LessThanOrEqual, a, b, forbidden),
            FloatOp::ToInteger(integer, toward) => self.convert_to_integer(integer, toward, a, forbidden),
            FloatOp::FromInteger(integer) => {
                let result = self.convert_integer(integer, host_type(form.format), a);
                let ok = forbidden.map(|word| self.f.ins().icmp_imm_u(Cc::Equal, word, 0));
                Attempt { result, ok }
            }
            // Tiny sums are exact, as multiples of the least subnormal number,
            // and so is what has more bits than before.
            FloatOp::Add | FloatOp::Sub | FloatOp::Widen => {
                let result = self.arithmetic(form.op, operands);
                let exponent = self.exponent(result, 0);
                let greatest = layout(self.f.func.dfg.value_type(result)).greatest;
                Attempt { result, ok: Some(self.below(exponent, forbidden, greatest)) }
            }
            // A result with the least exponent of normal numbers may have been
            // rounded to it from below.
            _ => {
                let result = self.arithmetic(form.op, operands);
                let exponent = self.exponent(result, 2);
                let greatest = layout(self.f.func.dfg.value_type(result)).greatest;
                Attempt { result, ok: Some(self.below(exponent, forbidden, greatest - 2)) }
            }
        }
    }

    pub(super) fn arithmetic(&mut self, op: FloatOp, operands: &[Value]) -> Value {
        let (a, b) = (operands[0], operands[operands.len() - 1]);
        match op {
            FloatOp::Add => self.f.ins().fadd(a, b),
            FloatOp::Sub => self.f.ins().fsub(a, b),
            FloatOp::Mul => self.f.ins().fmul(a, b),
            FloatOp::Div => self.f.ins().fdiv(a, b),
            FloatOp::Sqrt => self.f.ins().sqrt(a),
            FloatOp::Widen => self.f.ins().fpromote(F64, a),
            FloatOp::Narrow => self.f.ins().fdemote(F32, a),
            FloatOp::MulAdd { negate_product, negate_addend } => {
                let factor = if negate_product { self.f.ins().fneg(a) } else { a };
                let addend = if negate_addend { self.f.ins().fneg(b) } else { b };
                self.f.ins().fma(factor, operands[1], addend)
            }
            FloatOp::Integral { toward, .. } => self.integral(toward, a),
            FloatOp::RecipStep => self.step(2.0, a, b),
            FloatOp::RsqrtStep => {
                let twice = self.step(3.0, a, b);
                let half = self.float_constant(self.f.func.dfg.value_type(a), 0.5);
                self.f.ins().fmul(twice, half)
            }
            _ => unreachable!("`attempt` has done the operations that are no arithmetic"),
        }
    }

    fn integral(&mut self, toward: Toward, a: Value) -> Value {
        match toward {
            Toward::Zero => self.f.ins().trunc(a),
            Toward::Nearest => self.f.ins().nearest(a),
            Toward::Down => self.f.ins().floor(a),
            Toward::Up => self.f.ins().ceil(a),
        }
    }

    /// A constant less a product.
    fn step(&mut self, from: f32, a: Value, b: Value) -> Value {
        let from = self.float_constant(self.f.func.dfg.value_type(a), from);
        let negated = self.f.ins().fneg(a);
        self.f.ins().fma(negated, b, from)
    }

    /// A constant, or a vector of them.
    pub(super) fn float_constant(&mut self, ty: Type, number: f32) -> Value {
        match (ty.lane_type() == F64, ty.is_vector()) {
            (true, false) => self.f.ins().f64const(f64::from(number)),
            (false, false) => self.f.ins().f32const(number),
            (is_double, true) => {
                let (lanes, bits) = if is_double {
                    (ir::Lanes::I64x2, f64::from(number).to_bits())
                } else {
                    (ir::Lanes::I32x4, number.to_bits().into())
                };
                let vector = self.vconst_lanes(lanes, bits);
                self.as_type(ty, vector)
            }
        }
    }

    /// No NaN, and nothing else is in the way either.
    fn ordered(&mut self, a: Value, b: Value, forbidden: Option<Value>) -> Value {
        let ordered = self.f.ins().fcmp(FloatCC::Ordered, a, b);
        match forbidden {
            Some(word) => {
                let allowed = self.f.ins().icmp_imm_u(Cc::Equal, word, 0);
                self.f.ins().band(ordered, allowed)
            }
            None => ordered,
        }
    }

    fn compare(&mut self, condition: FloatCC, a: Value, b: Value, forbidden: Option<Value>) -> Attempt {
        let holds = self.f.ins().fcmp(condition, a, b);
        let result = self.f.ins().uextend(I64, holds);
        Attempt { result, ok: Some(self.ordered(a, b, forbidden)) }
    }

    /// Only numbers are let through that fit, whichever way they are rounded.
    fn convert_to_integer(
        &mut self,
        integer: Integer,
        toward: Toward,
        a: Value,
        forbidden: Option<Value>,
    ) -> Attempt {
        let whole = if toward == Toward::Zero { a } else { self.integral(toward, a) };
        let wide = self.f.ins().fcvt_to_sint_sat(I64, whole);
        let result = if integer.signed || integer.wide {
            wide
        } else {
            let narrow = self.f.ins().ireduce(I32, wide);
            self.f.ins().sextend(I64, narrow)
        };
        let fits = self.fits(integer, toward, a, forbidden);
        Attempt { result, ok: Some(fits) }
    }

    /// Whether a number is that much inside the range of an integer type.
    fn fits(&mut self, integer: Integer, toward: Toward, a: Value, forbidden: Option<Value>) -> Value {
        let layout = layout(self.f.func.dfg.value_type(a));
        let width = match integer {
            Integer { wide: true, .. } => 63,
            Integer { signed: true, .. } => 31,
            Integer { signed: false, .. } => 32,
        };
        let bias = layout.greatest / 2;
        let limit = bias + width - i64::from(toward != Toward::Zero);
        let exponent = if integer.signed {
            self.exponent(a, 0)
        } else {
            // With the sign on top.
            let bits = self.f.ins().bitcast(layout.bits, MemFlagsData::new(), a);
            let field = self.f.ins().ushr_imm_u(bits, layout.fraction_bits);
            self.widened(field)
        };
        self.below(exponent, forbidden, limit)
    }

    fn convert_integer(&mut self, integer: Integer, ty: Type, a: Value) -> Value {
        if let Integer { wide: true, signed: false } = integer {
            return self.f.ins().fcvt_from_uint(ty, a);
        }
        let wide = if integer.wide {
            a
        } else {
            let narrow = self.f.ins().ireduce(I32, a);
            if integer.signed { self.f.ins().sextend(I64, narrow) } else { self.f.ins().uextend(I64, narrow) }
        };
        self.f.ins().fcvt_from_sint(ty, wide)
    }

    /// A second look, in the cold block, at results that are exact: whether they
    /// are the helper's whatever has been raised. `None` if it is no use.
    pub(super) fn exact(
        &mut self,
        form: &InlineFloat,
        operands: &[Value],
        result: Value,
        unboxed: Option<Value>,
    ) -> Option<Value> {
        let a = operands[0];
        let exact = match form.op {
            FloatOp::ToInteger(integer, toward) => {
                let back = self.convert_integer(integer, self.f.func.dfg.value_type(a), result);
                let same = self.f.ins().fcmp(FloatCC::Equal, back, a);
                let fits = self.fits(integer, toward, a, None);
                self.f.ins().band(same, fits)
            }
            FloatOp::FromInteger(Integer { wide: true, signed }) => {
                let precision = layout(host_type(form.format)).fraction_bits + 1;
                let least = if signed { 1 << precision } else { 0 };
                let above = self.f.ins().iadd_imm_s(a, least);
                self.f.ins().icmp_imm_u(Cc::UnsignedLessThanOrEqual, above, least + (1 << precision))
            }
            op => self.exact_arithmetic(op, operands, result)?,
        };
        Some(match unboxed {
            Some(word) => {
                let allowed = self.f.ins().icmp_imm_u(Cc::Equal, word, 0);
                self.f.ins().band(exact, allowed)
            }
            None => exact,
        })
    }

    /// The exponent field less `offset`, modulo its range, as an `i64`.
    pub(super) fn exponent(&mut self, number: Value, offset: i64) -> Value {
        let layout = layout(self.f.func.dfg.value_type(number));
        let bits = self.f.ins().bitcast(layout.bits, MemFlagsData::new(), number);
        let field = self.f.ins().ushr_imm_u(bits, layout.fraction_bits);
        let moved = if offset == 0 { field } else { self.f.ins().iadd_imm_s(field, -offset) };
        let exponent = self.f.ins().band_imm_u(moved, layout.greatest);
        self.widened(exponent)
    }

    fn widened(&mut self, value: Value) -> Value {
        if self.f.func.dfg.value_type(value) == I64 { value } else { self.f.ins().uextend(I64, value) }
    }

    /// Whether `exponent` is below `limit` and nothing is forbidden.
    pub(super) fn below(&mut self, exponent: Value, forbidden: Option<Value>, limit: i64) -> Value {
        let word = match forbidden {
            Some(word) => self.f.ins().bor(exponent, word),
            None => exponent,
        };
        self.f.ins().icmp_imm_u(Cc::UnsignedLessThan, word, limit)
    }

    /// One word out of two that may be there.
    pub(super) fn or_all(&mut self, a: Option<Value>, b: Option<Value>) -> Option<Value> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.f.ins().bor(a, b)),
            (one, other) => one.or(other),
        }
    }
}
