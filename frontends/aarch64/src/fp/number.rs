//! Numbers in registers.
//!
//! Source: Arm ARM, B1.2.1 (registers in AArch64 Execution state) and the
//! `ftype` field of C4.1.96.

use ir::{HelperId, Type, Value};

use super::float::BOX;
use super::helpers::Trio;
use crate::model::Features;
use crate::{Lift, Op};

/// A floating-point precision, in the order of a [`Trio`]'s helpers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum Precision {
    /// binary16, in register `h`.
    Half = 0,
    /// binary32, in register `s`.
    Single = 1,
    /// binary64, in register `d`.
    Double = 2,
}

impl Precision {
    /// The integer type as wide.
    pub const fn ty(self) -> Type {
        match self {
            Precision::Half => Type::I16,
            Precision::Single => Type::I32,
            Precision::Double => Type::I64,
        }
    }

    /// The sign bit.
    pub const fn sign(self) -> u64 {
        1 << (self.ty().bits() - 1)
    }

    /// Positive infinity.
    pub const fn infinity(self) -> u64 {
        match self {
            Precision::Half => 0x7c00,
            Precision::Single => 0x7f80_0000,
            Precision::Double => 0x7ff0_0000_0000_0000,
        }
    }
}

impl Lift<'_> {
    /// The precision that `ftype` (bits 23 and 22) names; `None` if there is
    /// none such, and then the instruction has become undefined.
    pub fn ftype(&mut self, op: Op) -> Option<Precision> {
        match op.bits(23, 22) {
            0 => Some(Precision::Single),
            1 => Some(Precision::Double),
            3 if self.features.contains(Features::FP16) => Some(Precision::Half),
            _ => {
                self.undefined();
                None
            }
        }
    }

    /// The bits of the number in register `n`.
    pub fn number_bits(&mut self, precision: Precision, n: u32) -> Value {
        self.v_lane(n, precision.ty(), 0)
    }

    /// Writes the bits of a number to register `n`; the rest of it is zero.
    pub fn set_number_bits(&mut self, n: u32, bits: Value) {
        self.set_scalar(n, bits);
    }

    /// The number in register `n`, as helpers take it.
    pub fn number(&mut self, precision: Precision, n: u32) -> Value {
        let bits = self.number_bits(precision, n);
        self.boxed(bits)
    }

    /// A number's bits as helpers take them.
    pub fn boxed(&mut self, bits: Value) -> Value {
        let ty = self.b.type_of(bits);
        let wide = self.b.uextend(Type::I64, bits);
        if ty != Type::I32 {
            return wide;
        }
        let ones = self.i64(BOX);
        self.b.bor(wide, ones)
    }

    /// A constant number as helpers take it.
    pub fn constant_number(&mut self, precision: Precision, bits: u64) -> Value {
        let upper = if precision == Precision::Single { BOX } else { 0 };
        self.i64(bits | upper)
    }

    /// The bits of a helper's result.
    pub fn unboxed(&mut self, precision: Precision, number: Value) -> Value {
        self.b.ireduce(precision.ty(), number)
    }

    /// Writes a helper's result to register `n`; the rest of it is zero.
    pub fn set_number(&mut self, precision: Precision, n: u32, number: Value) {
        let bits = self.unboxed(precision, number);
        self.set_number_bits(n, bits);
    }

    /// Calls the helper of a trio.
    pub fn float(&mut self, trio: Trio, precision: Precision, args: &[Value]) -> Value {
        let helper: HelperId = trio.of(precision);
        self.call(helper, args)
    }

    /// −number, of a helper's argument or result: the sign bit changes, of NaNs
    /// too (`FPNeg`).
    pub fn negated(&mut self, precision: Precision, number: Value) -> Value {
        let sign = self.i64(precision.sign());
        self.b.bxor(number, sign)
    }

    /// |number|: the sign bit is clear, of NaNs too (`FPAbs`).
    pub fn absolute(&mut self, precision: Precision, number: Value) -> Value {
        let rest = self.i64(!precision.sign());
        self.b.band(number, rest)
    }

    /// Whether one of two numbers is a NaN: an `i8`, 0 or 1.
    pub fn unordered(&mut self, precision: Precision, a: Value, b: Value) -> Value {
        let [a, b] = [a, b].map(|number| self.is_nan(precision, number));
        self.b.bor(a, b)
    }

    fn is_nan(&mut self, precision: Precision, number: Value) -> Value {
        let magnitude = self.i64(precision.sign() - 1);
        let magnitude = self.b.band(number, magnitude);
        let infinity = self.i64(precision.infinity());
        self.b.icmp(ir::IntCC::Ugt, magnitude, infinity)
    }
}
