//! The SIMD and floating-point registers.
//!
//! Source: Arm ARM, B1.2.1 (registers in AArch64 Execution state).

use ir::{Lanes, Type, Value};

use crate::Lift;
use crate::state::{FPSR, v};

/// Which part of its registers an instruction works on, and as what lanes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// The lanes.
    pub lanes: Lanes,
    /// How much of the registers.
    pub extent: Extent,
}

/// How much of a register an instruction works on. What it writes beside is zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Lane 0 alone: a scalar.
    Scalar,
    /// Bits 63 to 0.
    Half,
    /// All 128 bits.
    Full,
}

impl Shape {
    /// How many lanes are worked on.
    pub const fn count(self) -> u8 {
        match self.extent {
            Extent::Scalar => 1,
            Extent::Half => self.lanes.count() / 2,
            Extent::Full => self.lanes.count(),
        }
    }

    /// The same extent in lanes of another width.
    pub const fn with(self, lanes: Lanes) -> Shape {
        Shape { lanes, ..self }
    }
}

impl Lift<'_> {
    /// Register `n`, a vector.
    pub fn v(&mut self, n: u32) -> Value {
        self.b.get(v(n))
    }

    /// Writes all of register `n`.
    pub fn set_v(&mut self, n: u32, value: Value) {
        self.b.set(v(n), value);
    }

    /// Writes what `shape` says of a vector to register `n`; the rest of it is
    /// zero.
    pub fn set_shaped(&mut self, n: u32, shape: Shape, value: Value) {
        match shape.extent {
            Extent::Full => self.set_v(n, value),
            Extent::Half => {
                let low = self.b.lanes(Lanes::I64x2).extract(value, 0);
                self.set_d(n, low);
            }
            Extent::Scalar => {
                let lane = self.b.lanes(shape.lanes).extract(value, 0);
                self.set_scalar(n, lane);
            }
        }
    }

    /// Writes bits 63 to 0 of register `n`; the rest becomes zero.
    pub fn set_d(&mut self, n: u32, value: Value) {
        let zero = self.i64(0);
        let vector = self.b.iconcat(value, zero);
        self.set_v(n, vector);
    }

    /// Writes an integer to the low end of register `n`; the rest becomes zero.
    pub fn set_scalar(&mut self, n: u32, value: Value) {
        let wide = self.b.uextend(Type::I64, value);
        self.set_d(n, wide);
    }

    /// Half `half` (0 is bits 63 to 0) of a vector.
    pub fn half(&mut self, vector: Value, half: u8) -> Value {
        self.b.lanes(Lanes::I64x2).extract(vector, half)
    }

    /// Lane `index` of register `n`, of type `ty`.
    pub fn v_lane(&mut self, n: u32, ty: Type, index: u8) -> Value {
        let vector = self.v(n);
        self.b.lanes(lanes_of(ty)).extract(vector, index)
    }

    /// Writes lane `index` of register `n`; the rest of it stays.
    pub fn set_v_lane(&mut self, n: u32, index: u8, value: Value) {
        let lanes = lanes_of(self.b.type_of(value));
        let old = self.v(n);
        let new = self.b.lanes(lanes).insert(old, index, value);
        self.set_v(n, new);
    }

    /// A vector of the integers `lanes`, the first one lowest; what they do not
    /// fill is zero.
    pub fn vector_of(&mut self, lanes: &[Value]) -> Value {
        let ty = self.b.type_of(lanes[0]);
        if let (Type::I64, &[low, high]) = (ty, lanes) {
            return self.b.iconcat(low, high);
        }
        let (zero, first) = (self.i64(0), self.b.uextend(Type::I64, lanes[0]));
        let mut vector = self.b.iconcat(first, zero);
        for (index, lane) in lanes.iter().enumerate().skip(1) {
            vector = self.b.lanes(lanes_of(ty)).insert(vector, index as u8, *lane);
        }
        vector
    }

    /// Sets FPSR.QC if the part of a vector that `shape` says is not zero.
    pub fn note_saturation(&mut self, shape: Shape, difference: Value) {
        const QC_SHIFT: u64 = 27;
        let word = match shape.extent {
            Extent::Scalar => {
                let lane = self.b.lanes(shape.lanes).extract(difference, 0);
                self.b.uextend(Type::I64, lane)
            }
            Extent::Half => self.half(difference, 0),
            Extent::Full => {
                let (low, high) = (self.half(difference, 0), self.half(difference, 1));
                self.b.bor(low, high)
            }
        };
        let zero = self.i64(0);
        let saturated = self.b.icmp(ir::IntCC::Ne, word, zero);
        let bit = self.b.uextend(Type::I64, saturated);
        let shift = self.i64(QC_SHIFT);
        let bit = self.b.ishl(bit, shift);
        let old = self.b.get(FPSR);
        let new = self.b.bor(old, bit);
        self.b.set(FPSR, new);
    }
}

/// The lanes of an integer type.
pub const fn lanes_of(ty: Type) -> Lanes {
    match ty {
        Type::I8 => Lanes::I8x16,
        Type::I16 => Lanes::I16x8,
        Type::I32 => Lanes::I32x4,
        Type::I64 | Type::V128 => Lanes::I64x2,
    }
}
