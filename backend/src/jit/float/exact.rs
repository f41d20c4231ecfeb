//! A second look at results, in a cold block: those that are exact raise nothing,
//! whatever has been raised before. Everything here is about numbers and about
//! vectors of them alike, for which it yields masks of lanes.

use super::super::lower::Lower;
use super::operation::layout;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::types::F64;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::FloatOp;

impl Lower<'_, '_> {
    /// Whether the result of arithmetic was not rounded. `None` if it is no use to
    /// look.
    pub(super) fn exact_arithmetic(
        &mut self,
        op: FloatOp,
        operands: &[Value],
        result: Value,
    ) -> Option<Value> {
        let (a, b) = (operands[0], operands[operands.len() - 1]);
        Some(match op {
            FloatOp::Add => self.is_exact_sum(a, b, result),
            FloatOp::Sub => {
                let negated = self.f.ins().fneg(b);
                self.is_exact_sum(a, negated, result)
            }
            FloatOp::Mul => self.is_exact_product(a, b, result),
            FloatOp::Div => {
                let (dividend, quotient) = (self.is_zero(a), self.is_zero(result));
                let zero = self.f.ins().band(dividend, quotient);
                self.or_no_remainder(zero, result, b, a)
            }
            FloatOp::Sqrt => {
                let zero = self.is_zero(a);
                self.or_no_remainder(zero, result, result, a)
            }
            FloatOp::MulAdd { negate_product, negate_addend } => {
                let product = self.f.ins().fmul(a, operands[1]);
                let is_exact = self.is_exact_product(a, operands[1], product);
                let first = if negate_product { self.f.ins().fneg(product) } else { product };
                let second = if negate_addend { self.f.ins().fneg(b) } else { b };
                let sum = self.is_exact_sum(first, second, result);
                self.f.ins().band(is_exact, sum)
            }
            FloatOp::Narrow => {
                let back = self.f.ins().fpromote(F64, result);
                self.f.ins().fcmp(FloatCC::Equal, back, a)
            }
            FloatOp::Integral { .. } => self.f.ins().fcmp(FloatCC::Equal, result, a),
            _ => return None,
        })
    }

    /// Whether a sum was not rounded: its error, which addition of doubles and
    /// of singles can compute exactly (Knuth, TAOCP volume 2, §4.2.2, theorem
    /// B), is zero. It is not where something is infinite or a NaN.
    fn is_exact_sum(&mut self, a: Value, b: Value, sum: Value) -> Value {
        let second = self.f.ins().fsub(sum, a);
        let first = self.f.ins().fsub(sum, second);
        let lost_of_first = self.f.ins().fsub(a, first);
        let lost_of_second = self.f.ins().fsub(b, second);
        let error = self.f.ins().fadd(lost_of_first, lost_of_second);
        self.is_zero(error)
    }

    /// Whether a product is zero by a factor, or was not rounded. The error of
    /// one that is far from the subnormal numbers is a number.
    fn is_exact_product(&mut self, a: Value, b: Value, product: Value) -> Value {
        let (zero_a, zero_b) = (self.is_zero(a), self.is_zero(b));
        let factor = self.f.ins().bor(zero_a, zero_b);
        let is_zero = self.is_zero(product);
        let zero = self.f.ins().band(factor, is_zero);
        if !self.host.float.fused {
            return zero;
        }
        let negated = self.f.ins().fneg(product);
        let error = self.f.ins().fma(a, b, negated);
        let no_error = self.is_zero(error);
        let is_far = self.is_far(product);
        let exact = self.f.ins().band(no_error, is_far);
        self.f.ins().bor(zero, exact)
    }

    /// Whether `known`, or `whole` is `quotient` times `divisor`: what remains of a
    /// number that is far from the subnormal ones is a number.
    fn or_no_remainder(&mut self, known: Value, quotient: Value, divisor: Value, whole: Value) -> Value {
        if !self.host.float.fused {
            return known;
        }
        let negated = self.f.ins().fneg(quotient);
        let remainder = self.f.ins().fma(negated, divisor, whole);
        let none = self.is_zero(remainder);
        let (far, far_too) = (self.is_far(whole), self.is_far(quotient));
        let far = self.f.ins().band(far, far_too);
        let exact = self.f.ins().band(none, far);
        self.f.ins().bor(known, exact)
    }

    /// Whether a number is finite and so large that the last bit of its product with
    /// another's last bit is one of a normal number.
    fn is_far(&mut self, number: Value) -> Value {
        let ty = self.f.func.dfg.value_type(number);
        let layout = layout(ty.lane_type());
        let far = 2 * (layout.fraction_bits + 1);
        if ty.is_vector() {
            return self.exponents_from(number, far);
        }
        let exponent = self.exponent(number, far);
        self.below(exponent, None, layout.greatest - far)
    }

    /// Whether a number is.
    fn is_zero(&mut self, number: Value) -> Value {
        let ty = self.f.func.dfg.value_type(number);
        let zero = self.float_constant(ty, 0.0);
        self.f.ins().fcmp(FloatCC::Equal, number, zero)
    }
}
