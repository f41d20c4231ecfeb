//! The condition flags: setting them, and the conditions that read them.
//!
//! Source: Arm ARM, C1.2.4 (condition codes), shared/functions/integer in
//! chapter J1 (AddWithCarry).

use ir::{FlagSlots, FlagsOp, IntCC, Type, Value};

use crate::Lift;
use crate::state::{C, N, V, Z};

/// Where PSTATE has its flags.
const NZCV: FlagSlots = FlagSlots { negative: N, zero: Z, carry: C, overflow: V };

/// What the current flags are those of: conditions look at that, and nobody at the
/// flags themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compared {
    /// The left operand less the right one.
    Difference(Value, Value),
    /// The result of a logical operation.
    Logical(Value),
    /// A sum, which tells N and Z alone.
    Sum(Value),
}

/// The four flags, each an `i8`, 0 or 1.
#[derive(Clone, Copy, Debug)]
pub struct Flags {
    /// Negative.
    pub n: Value,
    /// Zero.
    pub z: Value,
    /// Carry, or no borrow.
    pub c: Value,
    /// Signed overflow.
    pub v: Value,
}

impl Lift<'_> {
    /// Sets the flags.
    pub fn set_flags(&mut self, flags: Flags) {
        self.b.set(N, flags.n);
        self.b.set(Z, flags.z);
        self.b.set(C, flags.c);
        self.b.set(V, flags.v);
        self.compared = None;
    }

    /// The flags as they are.
    pub fn flags(&mut self) -> Flags {
        Flags { n: self.b.get(N), z: self.b.get(Z), c: self.b.get(C), v: self.b.get(V) }
    }

    /// Sets N and Z from the result of a logical operation, C and V to 0.
    pub fn set_flags_logical(&mut self, result: Value) {
        // Nothing is carried, and nothing overflows.
        let nothing = self.iconst(self.b.type_of(result), 0);
        self.b.set_flags(FlagsOp::Add, NZCV, result, nothing);
        self.compared = Some(Compared::Logical(result));
    }

    /// Sets the flags of `lhs + rhs`, and yields the sum.
    pub fn add_with_flags(&mut self, lhs: Value, rhs: Value) -> Value {
        self.b.set_flags(FlagsOp::Add, NZCV, lhs, rhs);
        let sum = self.b.iadd(lhs, rhs);
        self.compared = Some(Compared::Sum(sum));
        sum
    }

    /// Sets the flags of `lhs - rhs`, and yields the difference.
    pub fn sub_with_flags(&mut self, lhs: Value, rhs: Value) -> Value {
        self.b.set_flags(FlagsOp::Sub, NZCV, lhs, rhs);
        self.compared = Some(Compared::Difference(lhs, rhs));
        self.b.isub(lhs, rhs)
    }

    /// The flags of `lhs + rhs`.
    pub fn flags_of_add(&mut self, lhs: Value, rhs: Value) -> Flags {
        let sum = self.b.iadd(lhs, rhs);
        let (n, z) = self.sign_and_zero(sum);
        let c = self.b.icmp(IntCC::Ult, sum, lhs);
        let v = self.signed_overflow(lhs, rhs, sum);
        Flags { n, z, c, v }
    }

    /// The flags of `lhs - rhs`. C is set if there is no borrow.
    pub fn flags_of_sub(&mut self, lhs: Value, rhs: Value) -> Flags {
        let difference = self.b.isub(lhs, rhs);
        let (n, z) = self.sign_and_zero(difference);
        let c = self.b.icmp(IntCC::Uge, lhs, rhs);
        let operands = self.b.bxor(lhs, rhs);
        let result = self.b.bxor(lhs, difference);
        let v = self.both_negative(operands, result);
        Flags { n, z, c, v }
    }

    /// `lhs + rhs + C`; sets the flags if `set_flags`.
    pub fn add_with_carry(&mut self, lhs: Value, rhs: Value, set_flags: bool) -> Value {
        let ty = self.b.type_of(lhs);
        let old = self.b.get(C);
        let old = self.b.uextend(ty, old);
        let partial = self.b.iadd(lhs, rhs);
        let sum = self.b.iadd(partial, old);
        if set_flags {
            let (n, z) = self.sign_and_zero(sum);
            let first = self.b.icmp(IntCC::Ult, partial, lhs);
            let second = self.b.icmp(IntCC::Ult, sum, partial);
            let c = self.b.bor(first, second);
            let v = self.signed_overflow(lhs, rhs, sum);
            self.set_flags(Flags { n, z, c, v });
        }
        sum
    }

    /// Sets the flags to `flags` if `holds` (an `i8`), or else to the constant
    /// `nzcv`, bits 3 to 0.
    pub fn set_flags_if(&mut self, holds: Value, flags: Flags, nzcv: u32) {
        let mut choose = |flag, bit: u32| {
            let constant = self.iconst(Type::I8, (nzcv >> bit & 1).into());
            self.b.select(holds, flag, constant)
        };
        let flags = Flags {
            n: choose(flags.n, 3),
            z: choose(flags.z, 2),
            c: choose(flags.c, 1),
            v: choose(flags.v, 0),
        };
        self.set_flags(flags);
    }

    /// Sets the flags from `value`, an `i64` that has them in bits `low + 3`
    /// (N) to `low` (V).
    pub fn set_flags_from(&mut self, value: Value, low: u32) {
        let mut bit = |n: u32| self.bit_of(value, n);
        let flags = Flags { n: bit(low + 3), z: bit(low + 2), c: bit(low + 1), v: bit(low) };
        self.set_flags(flags);
    }

    /// Bit `n` of `value`, as an `i8`.
    pub fn bit_of(&mut self, value: Value, n: u32) -> Value {
        let ty = self.b.type_of(value);
        let amount = self.iconst(ty, n.into());
        let moved = self.b.ushr(value, amount);
        let low = self.b.ireduce(Type::I8, moved);
        let one = self.iconst(Type::I8, 1);
        self.b.band(low, one)
    }

    /// N and Z of `result`.
    pub fn sign_and_zero(&mut self, result: Value) -> (Value, Value) {
        let ty = self.b.type_of(result);
        let zero = self.iconst(ty, 0);
        (self.b.icmp(IntCC::Slt, result, zero), self.b.icmp(IntCC::Eq, result, zero))
    }

    /// Whether `sum` has another sign than both of its summands.
    fn signed_overflow(&mut self, lhs: Value, rhs: Value, sum: Value) -> Value {
        let left = self.b.bxor(lhs, sum);
        let right = self.b.bxor(rhs, sum);
        self.both_negative(left, right)
    }

    fn both_negative(&mut self, first: Value, second: Value) -> Value {
        let both = self.b.band(first, second);
        let ty = self.b.type_of(both);
        let zero = self.iconst(ty, 0);
        self.b.icmp(IntCC::Slt, both, zero)
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

    /// The condition as one comparison, if there is one.
    fn compared_condition(&mut self, cond: u32) -> Option<Value> {
        let (lhs, rhs) = match self.compared? {
            Compared::Difference(lhs, rhs) => (lhs, rhs),
            Compared::Logical(value) | Compared::Sum(value) => (value, self.iconst(self.b.type_of(value), 0)),
        };
        let code = match (cond, self.compared?) {
            (0, _) => IntCC::Eq,
            (1, _) => IntCC::Ne,
            (4, Compared::Logical(_) | Compared::Sum(_)) => IntCC::Slt,
            (5, Compared::Logical(_) | Compared::Sum(_)) => IntCC::Sge,
            (_, Compared::Sum(_)) => return None,
            (10, _) => IntCC::Sge,
            (11, _) => IntCC::Slt,
            (12, _) => IntCC::Sgt,
            (13, _) => IntCC::Sle,
            // C is not that of a comparison.
            (_, Compared::Logical(_)) => return None,
            (2, _) => IntCC::Uge,
            (3, _) => IntCC::Ult,
            (8, _) => IntCC::Ugt,
            (9, _) => IntCC::Ule,
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
