//! Lowers operations on integers.

use super::lower::Lower;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{BinaryOp, IntCC, UnaryOp};

impl Lower<'_, '_> {
    pub(super) fn unary(&mut self, op: UnaryOp, v: Value) -> Value {
        let ins = self.f.ins();
        match op {
            UnaryOp::Ineg => ins.ineg(v),
            UnaryOp::Bnot => ins.bnot(v),
            UnaryOp::Clz => ins.clz(v),
            UnaryOp::Ctz => ins.ctz(v),
            UnaryOp::Popcnt => ins.popcnt(v),
            UnaryOp::Bswap => ins.bswap(v),
            UnaryOp::Bitrev => ins.bitrev(v),
        }
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        let ins = self.f.ins();
        match op {
            BinaryOp::Iadd => ins.iadd(a, b),
            BinaryOp::Isub => ins.isub(a, b),
            BinaryOp::Imul => ins.imul(a, b),
            BinaryOp::Umulhi | BinaryOp::Smulhi => self.multiply_high(op, a, b),
            BinaryOp::Udiv | BinaryOp::Sdiv | BinaryOp::Urem | BinaryOp::Srem => self.divide(op, a, b),
            BinaryOp::Band => ins.band(a, b),
            BinaryOp::Bor => ins.bor(a, b),
            BinaryOp::Bxor => ins.bxor(a, b),
            BinaryOp::Ishl => ins.ishl(a, b),
            BinaryOp::Ushr => ins.ushr(a, b),
            BinaryOp::Sshr => ins.sshr(a, b),
            BinaryOp::Rotl => ins.rotl(a, b),
            BinaryOp::Rotr => ins.rotr(a, b),
            BinaryOp::Umin => self.pick(Cc::UnsignedLessThan, a, b),
            BinaryOp::Umax => self.pick(Cc::UnsignedGreaterThan, a, b),
            BinaryOp::Smin => self.pick(Cc::SignedLessThan, a, b),
            BinaryOp::Smax => self.pick(Cc::SignedGreaterThan, a, b),
        }
    }

    fn pick(&mut self, condition: Cc, a: Value, b: Value) -> Value {
        let first = self.f.ins().icmp(condition, a, b);
        self.f.ins().select(first, a, b)
    }

    /// Below 64 bits the whole product fits a register.
    fn multiply_high(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        let ty = self.f.func.dfg.value_type(a);
        let signed = op == BinaryOp::Smulhi;
        if ty == I64 {
            return if signed { self.f.ins().smulhi(a, b) } else { self.f.ins().umulhi(a, b) };
        }
        let [a, b] =
            [a, b].map(|v| if signed { self.f.ins().sextend(I64, v) } else { self.f.ins().uextend(I64, v) });
        let product = self.f.ins().imul(a, b);
        let high = self.f.ins().ushr_imm_u(product, i64::from(ty.bits()));
        self.f.ins().ireduce(ty, high)
    }

    /// The host's division traps where ours is defined: by zero, and the least
    /// value by −1. Both divide by 1 instead, and the results are put right.
    fn divide(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        let ty = self.f.func.dfg.value_type(a);
        let one = self.f.ins().iconst(ty, 1);
        let zero = self.f.ins().iconst(ty, 0);
        let by_zero = self.f.ins().icmp(Cc::Equal, b, zero);
        let special = if matches!(op, BinaryOp::Sdiv | BinaryOp::Srem) {
            let minus_one = self.f.ins().bnot(zero);
            let by_minus_one = self.f.ins().icmp(Cc::Equal, b, minus_one);
            self.f.ins().bor(by_zero, by_minus_one)
        } else {
            by_zero
        };
        let divisor = self.f.ins().select(special, one, b);
        match op {
            BinaryOp::Udiv => {
                let quotient = self.f.ins().udiv(a, divisor);
                self.f.ins().select(by_zero, zero, quotient)
            }
            BinaryOp::Sdiv => {
                let quotient = self.f.ins().sdiv(a, divisor);
                let negated = self.f.ins().ineg(a);
                let put_right = self.f.ins().select(by_zero, zero, negated);
                self.f.ins().select(special, put_right, quotient)
            }
            _ => {
                let remainder = if op == BinaryOp::Urem {
                    self.f.ins().urem(a, divisor)
                } else {
                    self.f.ins().srem(a, divisor)
                };
                self.f.ins().select(by_zero, a, remainder)
            }
        }
    }
}

/// The condition as Cranelift calls it.
pub(super) fn condition(cond: IntCC) -> Cc {
    match cond {
        IntCC::Eq => Cc::Equal,
        IntCC::Ne => Cc::NotEqual,
        IntCC::Slt => Cc::SignedLessThan,
        IntCC::Sge => Cc::SignedGreaterThanOrEqual,
        IntCC::Sgt => Cc::SignedGreaterThan,
        IntCC::Sle => Cc::SignedLessThanOrEqual,
        IntCC::Ult => Cc::UnsignedLessThan,
        IntCC::Uge => Cc::UnsignedGreaterThanOrEqual,
        IntCC::Ugt => Cc::UnsignedGreaterThan,
        IntCC::Ule => Cc::UnsignedLessThanOrEqual,
    }
}
