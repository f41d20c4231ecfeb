//! The condition flags: setting them, and the conditions that read them.
//!
//! Source: Arm ARM, C1.2.4 (condition codes), shared/functions/integer in
//! chapter J1 (AddWithCarry).

use ir::{IntCC, Type, Value};

use crate::Lift;
use crate::state::{C, N, V, Z};

/// A subtraction whose flags are the current ones: conditions compare its
/// operands then, and nobody reads the flags themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compared {
    lhs: Value,
    rhs: Value,
}

impl Lift<'_> {
    /// Sets N and Z from `result`.
    pub fn set_nz(&mut self, result: Value) {
        let ty = self.b.type_of(result);
        let zero = self.iconst(ty, 0);
        let negative = self.b.icmp(IntCC::Slt, result, zero);
        let is_zero = self.b.icmp(IntCC::Eq, result, zero);
        self.b.set(N, negative);
        self.b.set(Z, is_zero);
        self.compared = None;
    }

    /// Sets C and V, each an `i8` 0 or 1.
    pub fn set_cv(&mut self, carry: Value, overflow: Value) {
        self.b.set(C, carry);
        self.b.set(V, overflow);
        self.compared = None;
    }

    /// Sets N and Z from the result of a logical operation, C and V to 0.
    pub fn set_flags_logical(&mut self, result: Value) {
        self.set_nz(result);
        let zero = self.iconst(Type::I8, 0);
        self.set_cv(zero, zero);
        // What a comparison with zero would give, but for C.
    }

    /// Sets the flags of `lhs + rhs`, and yields the sum.
    pub fn add_with_flags(&mut self, lhs: Value, rhs: Value) -> Value {
        let sum = self.b.iadd(lhs, rhs);
        self.set_nz(sum);
        let carry = self.b.icmp(IntCC::Ult, sum, lhs);
        let overflow = self.signed_overflow(lhs, rhs, sum);
        self.set_cv(carry, overflow);
        sum
    }

    /// Sets the flags of `lhs - rhs`, and yields the difference. C is set if
    /// there is no borrow.
    pub fn sub_with_flags(&mut self, lhs: Value, rhs: Value) -> Value {
        let difference = self.b.isub(lhs, rhs);
        self.set_nz(difference);
        let carry = self.b.icmp(IntCC::Uge, lhs, rhs);
        let not_rhs = self.b.bnot(rhs);
        let overflow = self.signed_overflow(lhs, not_rhs, difference);
        self.set_cv(carry, overflow);
        self.compared = Some(Compared { lhs, rhs });
        difference
    }

    /// `lhs + rhs + C`, and the new C and V where they are wanted.
    pub fn add_with_carry(&mut self, lhs: Value, rhs: Value, set_flags: bool) -> Value {
        let ty = self.b.type_of(lhs);
        let old = self.b.get(C);
        let old = self.b.uextend(ty, old);
        let partial = self.b.iadd(lhs, rhs);
        let sum = self.b.iadd(partial, old);
        if set_flags {
            self.set_nz(sum);
            let first = self.b.icmp(IntCC::Ult, partial, lhs);
            let second = self.b.icmp(IntCC::Ult, sum, partial);
            let carry = self.b.bor(first, second);
            let overflow = self.signed_overflow(lhs, rhs, sum);
            self.set_cv(carry, overflow);
        }
        sum
    }

    /// Whether `sum` has another sign than both of its summands.
    fn signed_overflow(&mut self, lhs: Value, rhs: Value, sum: Value) -> Value {
        let left = self.b.bxor(lhs, sum);
        let right = self.b.bxor(rhs, sum);
        let both = self.b.band(left, right);
        let ty = self.b.type_of(sum);
        let zero = self.iconst(ty, 0);
        self.b.icmp(IntCC::Slt, both, zero)
    }

    /// Sets the flags to the constant `nzcv`, bits 3 to 0.
    pub fn set_nzcv(&mut self, nzcv: u32) {
        for (slot, bit) in [(N, 3), (Z, 2), (C, 1), (V, 0)] {
            let flag = self.iconst(Type::I8, (nzcv >> bit & 1).into());
            self.b.set(slot, flag);
        }
        self.compared = None;
    }

    /// Whether condition `cond` (4 bits) holds: an `i8`, 0 or 1.
    pub fn condition(&mut self, cond: u32) -> Value {
        if let Some(value) = self.compared_condition(cond) {
            return value;
        }
        let holds = match cond >> 1 {
            0 => self.b.get(Z),
            1 => self.b.get(C),
            2 => self.b.get(N),
            3 => self.b.get(V),
            4 => {
                let (carry, zero) = (self.b.get(C), self.b.get(Z));
                let other = self.not(zero);
                self.b.band(carry, other)
            }
            5 => self.same_signs(),
            6 => {
                let (same, zero) = (self.same_signs(), self.b.get(Z));
                let other = self.not(zero);
                self.b.band(same, other)
            }
            // C1.2.4: AL, and NV means the same.
            _ => return self.iconst(Type::I8, 1),
        };
        if cond & 1 != 0 { self.not(holds) } else { holds }
    }

    /// The condition as one comparison, if the flags are a subtraction's.
    fn compared_condition(&mut self, cond: u32) -> Option<Value> {
        let Compared { lhs, rhs } = self.compared?;
        let code = match cond {
            0 => IntCC::Eq,
            1 => IntCC::Ne,
            2 => IntCC::Uge,
            3 => IntCC::Ult,
            8 => IntCC::Ugt,
            9 => IntCC::Ule,
            10 => IntCC::Sge,
            11 => IntCC::Slt,
            12 => IntCC::Sgt,
            13 => IntCC::Sle,
            _ => return None,
        };
        Some(self.b.icmp(code, lhs, rhs))
    }

    /// N = V.
    fn same_signs(&mut self) -> Value {
        let (negative, overflow) = (self.b.get(N), self.b.get(V));
        self.b.icmp(IntCC::Eq, negative, overflow)
    }

    /// The other boolean.
    pub fn not(&mut self, boolean: Value) -> Value {
        let one = self.iconst(Type::I8, 1);
        self.b.bxor(boolean, one)
    }
}
