//! Operations on vectors.

use super::super::lanes::VectorOp;
use super::super::ops::{Op, ZERO};
use super::{Decoding, TooLong};
use ir::{Inst, Lanes, Value, eval};

impl Decoding<'_> {
    /// A call for each lane.
    pub(super) fn lane_call(
        &mut self,
        index: usize,
        helper: u16,
        lanes: Lanes,
        args: &[Value],
    ) -> Result<(), TooLong> {
        let mut vectors = [ZERO; 4];
        for (word, v) in vectors.iter_mut().zip(args) {
            *word = self.word(*v)?;
        }
        let (d, first) = (self.dest(index)?, self.temps(5)?);
        let number = first + 4;
        for lane in 0..lanes.count() {
            let mut words = [ZERO; 4];
            for (n, vector) in (0..).zip(&vectors[..args.len()]) {
                let d = first + n;
                self.ops.push(Op::Vector(VectorOp::Extract { lanes, lane, d, a: *vector }));
                let imm = eval::lane_argument(lanes, 0);
                if imm != 0 {
                    self.ops.push(Op::OrI { d, a: d, imm });
                }
                words[usize::from(n)] = d;
            }
            self.ops.push(Op::Call { helper, d: number, args: words });
            self.ops.push(Op::AndI { d: number, a: number, imm: lanes.ty().mask() });
            self.ops.push(Op::Vector(VectorOp::Insert { lanes, lane, d, a: d, v: number }));
        }
        Ok(())
    }

    /// Operations that only vectors have.
    pub(super) fn vector(&mut self, index: usize) -> Result<(), TooLong> {
        let mut words = [ZERO; 3];
        let mut operands = Vec::with_capacity(3);
        self.block.insts[index].for_each_operand(|v| operands.push(v));
        for (word, v) in words.iter_mut().zip(operands) {
            *word = self.word(v)?;
        }
        let ([a, b, c], d) = (words, self.dest(index)?);
        self.ops.push(Op::Vector(match self.block.insts[index] {
            Inst::Iconcat { .. } => VectorOp::Iconcat { d, low: a, high: b },
            Inst::Splat { lanes, .. } => VectorOp::Splat { lanes, d, v: a },
            Inst::ExtractLane { lanes, lane, .. } => VectorOp::Extract { lanes, lane, d, a },
            Inst::InsertLane { lanes, lane, .. } => VectorOp::Insert { lanes, lane, d, a, v: b },
            Inst::LaneUnary { op, lanes, .. } => VectorOp::Unary { op, lanes, d, a },
            Inst::LaneBinary { op, lanes, .. } => VectorOp::Binary { op, lanes, d, a, b },
            Inst::LaneIcmp { cond, lanes, .. } => VectorOp::Icmp { cond, lanes, d, a, b },
            Inst::Bitselect { .. } => VectorOp::Bitselect { d, mask: a, a: b, b: c },
            Inst::Shuffle { .. } => VectorOp::Shuffle { d, a, b, mask: c },
            Inst::HashRounds { op, .. } => VectorOp::HashRounds { op, d, a, b, c },
            inst => unreachable!("{inst:?} has no vector"),
        }));
        Ok(())
    }
}
