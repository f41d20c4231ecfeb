//! Folds operations on vectors. Mostly these are scalars that come and go in a
//! vector's lowest lane.

use super::{Folded, Known};
use crate::{Inst, LaneBinaryOp, Lanes, Value};

impl Known<'_> {
    /// A lane that is known by the way the vector was made.
    pub(super) fn extract_lane(&self, lanes: Lanes, lane: u8, vector: Value) -> Folded {
        match self.inst(vector) {
            Inst::Iconcat { low, high } => {
                let in_word = lanes.count() / 2;
                let word = if lane < in_word { low } else { high };
                match lane % in_word {
                    0 if lanes == Lanes::I64x2 => Folded::Same(word),
                    0 => match self.ireduce(lanes.ty(), word) {
                        Folded::Kept => Folded::Inst(Inst::Ireduce { ty: lanes.ty(), value: word }),
                        folded => folded,
                    },
                    _ => Folded::Kept,
                }
            }
            Inst::Splat { lanes: made, value } if made == lanes => Folded::Same(value),
            Inst::InsertLane { lanes: made, lane: at, value, .. } if made == lanes && at == lane => {
                Folded::Same(value)
            }
            Inst::InsertLane { lanes: made, lane: at, vector, .. } if made == lanes && at != lane => {
                Folded::Inst(Inst::ExtractLane { lanes, lane, value: vector })
            }
            _ => Folded::Kept,
        }
    }

    /// Both words of a vector put together again.
    pub(super) fn iconcat(&self, low: Value, high: Value) -> Folded {
        let word = |value| match self.inst(value) {
            Inst::ExtractLane { lanes: Lanes::I64x2, lane, value } => Some((lane, value)),
            _ => None,
        };
        match (word(low), word(high)) {
            (Some((0, first)), Some((1, second))) if first == second => Folded::Same(first),
            _ => Folded::Kept,
        }
    }

    /// An operation on one vector twice.
    pub(super) fn lane_binary(&self, op: LaneBinaryOp, lhs: Value, rhs: Value) -> Folded {
        use LaneBinaryOp::{AvgRound, Band, Bor, Smax, Smin, Umax, Umin};
        match op {
            Band | Bor | Umin | Umax | Smin | Smax | AvgRound if lhs == rhs => Folded::Same(lhs),
            _ => Folded::Kept,
        }
    }
}
