//! Operations on vectors that are functions; see [`crate::lane_functions`].

use super::super::lower::Lower;
use super::super::unit::Wanted;
use crate::lane_functions::LaneFunction;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{Inst, LaneUnaryOp};

/// The two halves of a round, and the function that is both.
const ROUNDS: [(LaneUnaryOp, LaneUnaryOp, LaneFunction); 2] = [
    (LaneUnaryOp::AesSub, LaneUnaryOp::AesMix, LaneFunction::AesRound),
    (LaneUnaryOp::AesUnsub, LaneUnaryOp::AesUnmix, LaneFunction::AesUnround),
];

impl Lower<'_, '_> {
    /// Calls a function on vectors that are seen as bytes.
    pub(super) fn call_lanes(&mut self, function: LaneFunction, operands: &[Value]) -> Value {
        let function = self.function(Wanted::Lanes(function));
        let call = self.f.ins().call(function, operands);
        self.f.inst_results(call)[0]
    }

    /// An operation on one vector that is a function. The first half of a round
    /// does both if nothing else wants it, and then the second does nothing.
    pub(super) fn lane_function_of(&mut self, op: LaneUnaryOp, value: ir::Value) -> Value {
        for (first, second, both) in ROUNDS {
            if op == first && self.is_only_for(self.at, second) {
                return self.call_lanes(both, &[self.value(value)]);
            }
            let of_first = matches!(self.insts[value.index()], Inst::LaneUnary { op, .. } if op == first);
            if op == second && of_first && self.is_only_for(value.index(), second) {
                return self.value(value);
            }
        }
        let function = LaneFunction::of_unary(op).expect("the caller has looked");
        self.call_lanes(function, &[self.value(value)])
    }

    /// Whether a result is an operand of nothing but this operation.
    fn is_only_for(&self, result: usize, op: LaneUnaryOp) -> bool {
        let mut uses = 0;
        let mut others = 0;
        for inst in &self.insts[result + 1..] {
            inst.for_each_operand(|v| {
                if v.index() == result {
                    uses += 1;
                    others += u32::from(!matches!(inst, Inst::LaneUnary { op: this, .. } if *this == op));
                }
            });
        }
        uses > 0 && others == 0
    }
}
