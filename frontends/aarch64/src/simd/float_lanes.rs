//! Numbers in the lanes of vectors: each goes through the scalar helper.
//!
//! Source: Arm ARM, chapter C7, where vector instructions on numbers are loops
//! over the scalar pseudocode functions.

use ir::{Lanes, Type, Value};

use super::register::{Extent, Shape};
use crate::Lift;
use crate::fp::{Precision, Trio};

/// A precision and the lanes that have it.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// The precision.
    pub precision: Precision,
    /// The lanes.
    pub shape: Shape,
}

impl Lift<'_> {
    /// Lane `index` of a vector as helpers take it.
    pub fn lane_number(&mut self, numbers: Numbers, vector: Value, index: u8) -> Value {
        let bits = self.b.lanes(numbers.shape.lanes).extract(vector, index);
        self.boxed(bits)
    }

    /// The vector of what `operation` makes of each lane of the operands: a
    /// helper's number.
    pub fn each_number(
        &mut self,
        numbers: Numbers,
        operands: &[Value],
        operation: impl Fn(&mut Self, &[Value]) -> Value,
    ) -> Value {
        self.each_lane(numbers, operands, |l, args| {
            let number = operation(l, args);
            l.unboxed(numbers.precision, number)
        })
    }

    /// The vector of what `trio`'s helper makes of each lane of the operands.
    pub fn number_lanes(&mut self, numbers: Numbers, trio: Trio, operands: &[Value]) -> Value {
        let helper = trio.of(numbers.precision);
        let inline = self.b.spec().helper(helper).inline.first();
        if inline.is_some_and(|form| form.op.is_packed()) && numbers.shape.extent != Extent::Scalar {
            let operands: Vec<Value> = operands.iter().map(|v| self.twice_if_half(numbers, *v)).collect();
            return self.b.lanes(numbers.shape.lanes).call(helper, &operands);
        }
        self.each_number(numbers, operands, |l, args| l.float(trio, numbers.precision, args))
    }

    /// A vector whose upper half may be computed with, too: the lower half again,
    /// so that nothing is raised that would not be.
    fn twice_if_half(&mut self, numbers: Numbers, vector: Value) -> Value {
        if numbers.shape.extent == Extent::Full {
            return vector;
        }
        let half = self.half(vector, 0);
        self.b.lanes(Lanes::I64x2).splat(half)
    }

    /// The vector of what `operation` makes of each lane of the operands: an
    /// integer as wide.
    pub fn each_lane(
        &mut self,
        numbers: Numbers,
        operands: &[Value],
        operation: impl Fn(&mut Self, &[Value]) -> Value,
    ) -> Value {
        let lanes: Vec<Value> = (0..numbers.shape.count())
            .map(|index| {
                let args: Vec<Value> =
                    operands.iter().map(|operand| self.lane_number(numbers, *operand, index)).collect();
                operation(self, &args)
            })
            .collect();
        self.vector_of(&lanes)
    }

    /// A helper's result that is 0 or 1 as a mask for a lane of type `ty`.
    pub fn mask_of(&mut self, ty: Type, holds: Value) -> Value {
        let all = self.b.ineg(holds);
        self.b.ireduce(ty, all)
    }

    /// What a tree of `trio`'s operation makes of all lanes: the lower half's
    /// and the upper half's result are its operands (`Reduce`).
    pub fn reduced_number(&mut self, numbers: Numbers, trio: Trio, vector: Value) -> Value {
        let mut lanes: Vec<Value> =
            (0..numbers.shape.count()).map(|index| self.lane_number(numbers, vector, index)).collect();
        // Halves of halves meet as neighbours first.
        while lanes.len() > 1 {
            lanes = lanes.chunks_exact(2).map(|pair| self.float(trio, numbers.precision, pair)).collect();
        }
        lanes[0]
    }
}
