//! A helper called for each lane, as one operation of the host's on all of them
//! with one guard; see the [module](super) for what it looks at.

use super::super::lanes::lane_type;
use super::super::lower::Lower;
use super::operands;
use super::operation::layout;
use super::value::BOX;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC as Cc};
use cranelift_codegen::ir::types::{F32X4, F64, F64X2, I64};
use cranelift_codegen::ir::{InstBuilder, Type, Value};
use ir::{FloatFormat, FloatOp, HelperId, InlineFloat, IntCC, Lanes};

/// The lanes of numbers in a format, and the host's type for them.
fn lanes_of(format: FloatFormat) -> (Lanes, Type) {
    match format {
        FloatFormat::Double => (Lanes::I64x2, F64X2),
        FloatFormat::BoxedSingle => (Lanes::I32x4, F32X4),
    }
}

impl Lower<'_, '_> {
    /// Calls a helper for each lane, or does inline what it would do.
    pub(in crate::jit) fn lane_call(&mut self, helper: HelperId, lanes: Lanes, args: &[ir::Value]) -> Value {
        let fits = |form: &InlineFloat| {
            form.op.is_packed() && lanes_of(form.format).0 == lanes && operands(form.op) <= args.len()
        };
        let vectors: Vec<Value> = args.iter().map(|v| self.value(*v)).collect();
        match self.inline_form(helper, args).filter(fits) {
            Some(form) => self.packed_call(&form, helper, &vectors),
            None => self.call_for_each(helper, lanes, &vectors, Lower::call_helper_with),
        }
    }

    fn packed_call(&mut self, form: &InlineFloat, helper: HelperId, vectors: &[Value]) -> Value {
        if let Some(nearest) = form.env.nearest {
            self.require_nearest(nearest);
        }
        let (lanes, ty) = lanes_of(form.format);
        let operands = &vectors[..operands(form.op)];
        let operands: Vec<Value> = operands.iter().map(|v| self.as_type(ty, *v)).collect();
        let result = self.arithmetic(form.op, &operands);
        let good = self.plain_lanes(form, result);
        let all_good = self.f.ins().vall_true(good);
        let forbidden = self.forbidding(form);
        let allowed = forbidden.map(|word| self.f.ins().icmp_imm_u(Cc::Equal, word, 0));
        let ok = match allowed {
            Some(allowed) => self.f.ins().band(all_good, allowed),
            None => all_good,
        };
        let exact = |l: &mut Self| {
            let exact = l.exact_arithmetic(form.op, &operands, result)?;
            let none = l.vconst_lanes(lanes, 0);
            let counts = allowed.map_or(good, |allowed| l.f.ins().select(allowed, good, none));
            let either = l.f.ins().bor(exact, counts);
            Some(l.f.ins().vall_true(either))
        };
        let slow = |l: &mut Self| {
            let vector = l.call_for_each(helper, lanes, vectors, Lower::call_helper_rarely_with);
            l.as_type(ty, vector)
        };
        let merged = self.or_slow(result, ok, exact, slow);
        self.whole(merged)
    }

    /// A mask of the lanes of a result that tell that nothing but inexact was
    /// raised.
    fn plain_lanes(&mut self, form: &InlineFloat, result: Value) -> Value {
        if matches!(form.op, FloatOp::Integral { .. }) {
            return self.f.ins().fcmp(FloatCC::Ordered, result, result);
        }
        let least = if matches!(form.op, FloatOp::Add | FloatOp::Sub) { 0 } else { 2 };
        self.exponents_from(result, least)
    }

    /// A mask of the lanes whose exponent field is `least` or more and no
    /// infinity's.
    pub(super) fn exponents_from(&mut self, numbers: Value, least: i64) -> Value {
        let ty = self.f.func.dfg.value_type(numbers).lane_type();
        let (layout, lanes) = (layout(ty), if ty == F64 { Lanes::I64x2 } else { Lanes::I32x4 });
        let field = |exponent: i64| (exponent << layout.fraction_bits) as u64;
        let bits = self.as_type(lane_type(lanes), numbers);
        let rest = self.vconst_lanes(lanes, lanes.ty().mask() >> 1);
        let magnitude = self.f.ins().band(bits, rest);
        if least == 0 {
            let infinity = self.vconst_lanes(lanes, field(layout.greatest));
            return self.lane_icmp(IntCC::Slt, lanes, magnitude, infinity);
        }
        let from = self.vconst_lanes(lanes, field(least));
        let above = self.f.ins().isub(magnitude, from);
        let range = self.vconst_lanes(lanes, field(layout.greatest - least));
        self.lane_icmp(IntCC::Ult, lanes, above, range)
    }

    /// Calls a helper for each lane of the operands; the vector of the results.
    fn call_for_each(
        &mut self,
        helper: HelperId,
        lanes: Lanes,
        vectors: &[Value],
        call: fn(&mut Self, HelperId, &[Value]) -> Value,
    ) -> Value {
        let ty = lane_type(lanes);
        let vectors: Vec<Value> = vectors.iter().map(|v| self.as_type(ty, *v)).collect();
        let mut result = self.vconst_lanes(lanes, 0);
        for lane in 0..lanes.count() {
            let args: Vec<Value> = vectors.iter().map(|v| self.boxed_lane(*v, lane)).collect();
            let number = call(self, helper, &args);
            let number =
                if ty.lane_type() == I64 { number } else { self.f.ins().ireduce(ty.lane_type(), number) };
            result = self.f.ins().insertlane(result, number, lane);
        }
        self.whole(result)
    }

    /// A lane as helpers take it.
    fn boxed_lane(&mut self, vector: Value, lane: u8) -> Value {
        let number = self.f.ins().extractlane(vector, lane);
        if self.f.func.dfg.value_type(number) == I64 {
            return number;
        }
        let wide = self.f.ins().uextend(I64, number);
        self.f.ins().bor_imm_s(wide, BOX as i64)
    }
}
