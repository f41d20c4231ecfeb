//! Fields that the tables of Advanced SIMD share.
//!
//! Source: Arm ARM, C4.1.96.

use ir::{Lanes, Type};

use super::float_lanes::Numbers;
use super::register::{Extent, Shape, lanes_of};
use crate::fp::Precision;
use crate::{Lift, Op};

/// Bit 28 tells the tables of scalar instructions from those of vectors.
pub const fn is_scalar(op: Op) -> bool {
    op.bit(28)
}

/// Q, bit 30: the vector has 128 bits, or else 64. A scalar has its own extent.
pub const fn extent(op: Op) -> Extent {
    match (is_scalar(op), op.bit(30)) {
        (true, _) => Extent::Scalar,
        (false, true) => Extent::Full,
        (false, false) => Extent::Half,
    }
}

/// Lanes by their width: 0 for 8 bits to 3 for 64.
pub const fn lanes_by_size(size: u32) -> Lanes {
    match size & 3 {
        0 => Lanes::I8x16,
        1 => Lanes::I16x8,
        2 => Lanes::I32x4,
        _ => Lanes::I64x2,
    }
}

/// `size`, bits 23 and 22.
pub const fn size(op: Op) -> u32 {
    op.bits(23, 22)
}

impl Lift<'_> {
    /// The shape that Q and `size` say; `None` if it is a vector of one lane of
    /// 64 bits, and then the instruction has become undefined.
    pub fn shape(&mut self, op: Op) -> Option<Shape> {
        self.allowed(Shape { lanes: lanes_by_size(size(op)), extent: extent(op) })
    }

    /// The same, of lanes no wider than `widest`.
    pub fn shape_up_to(&mut self, op: Op, widest: Type) -> Option<Shape> {
        self.shape_between(op, Type::I8, widest)
    }

    /// The same, of lanes no narrower than `narrowest` either.
    pub fn shape_between(&mut self, op: Op, narrowest: Type, widest: Type) -> Option<Shape> {
        let shape = self.shape(op)?;
        if shape.lanes.ty() < narrowest || shape.lanes.ty() > widest {
            self.undefined();
            return None;
        }
        Some(shape)
    }

    /// The shape, if it is not a vector of one lane; otherwise the instruction
    /// becomes undefined.
    pub fn allowed(&mut self, shape: Shape) -> Option<Shape> {
        if shape.lanes == Lanes::I64x2 && shape.extent == Extent::Half {
            self.undefined();
            return None;
        }
        Some(shape)
    }

    /// The shape of an instruction on integers whose scalar form has lanes of 64
    /// bits only.
    pub fn shape_scalar_64(&mut self, op: Op) -> Option<Shape> {
        if is_scalar(op) && size(op) != 3 {
            self.undefined();
            return None;
        }
        self.shape(op)
    }

    /// The lanes of an instruction on numbers, in half precision or in what sz,
    /// bit 22, says. `None` if there are none such, and then the instruction has
    /// become undefined.
    pub fn numbers(&mut self, op: Op, half: bool) -> Option<Numbers> {
        let precision = match (half, op.bit(22)) {
            (true, _) => Precision::Half,
            (false, false) => Precision::Single,
            (false, true) => Precision::Double,
        };
        let shape = self.allowed(Shape { lanes: lanes_of(precision.ty()), extent: extent(op) })?;
        Some(Numbers { precision, shape })
    }
}
