//! Random operations on vectors.

use super::Random;
use crate::{
    Args, HashOp, HelperDecl, HelperId, Inst, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, SlotSet, Type, Value,
};

impl Random<'_, '_> {
    fn lane_shape(&mut self) -> Lanes {
        self.tape.pick(&Lanes::ALL)
    }

    /// A constant: some edge value in all lanes, numbers of bytes, or two words.
    pub(super) fn vector_constant(&mut self) -> Value {
        match self.tape.below(3) {
            0 => {
                let lanes = self.lane_shape();
                let value = self.tape.constant(lanes.ty());
                self.b.lanes(lanes).splat_const(value)
            }
            1 => {
                let bytes = [(); 16].map(|()| self.tape.byte() % 48);
                self.b.vconst(u128::from_le_bytes(bytes))
            }
            _ => {
                let (low, high) = (self.tape.constant(Type::I64), self.tape.constant(Type::I64));
                self.b.vconst(u128::from(low) | u128::from(high) << 64)
            }
        }
    }

    pub(super) fn vector_from_integers(&mut self) {
        let lanes = self.lane_shape();
        let inst = match self.tape.below(3) {
            0 => Inst::Iconcat { low: self.value(Type::I64), high: self.value(Type::I64) },
            1 => Inst::Splat { lanes, value: self.value(lanes.ty()) },
            _ => {
                let (vector, value) = (self.value(Type::V128), self.value(lanes.ty()));
                let lane = self.tape.below(lanes.count().into()) as u8;
                Inst::InsertLane { lanes, lane, vector, value }
            }
        };
        self.push(inst);
    }

    pub(super) fn integer_from_vector(&mut self) {
        let (lanes, value) = (self.lane_shape(), self.value(Type::V128));
        let lane = self.tape.below(lanes.count().into()) as u8;
        self.push(Inst::ExtractLane { lanes, lane, value });
    }

    fn lane_call(&mut self) -> Inst {
        let fits = |decl: &HelperDecl| {
            decl.returns && decl.effects.is_empty() && matches!(decl.writes, SlotSet::These(_))
        };
        let rows = self.b.spec().helpers.iter().enumerate();
        let fit: Vec<u16> = rows.filter(|(_, decl)| fits(decl)).map(|(index, _)| index as u16).collect();
        let helper = HelperId(self.tape.pick(&fit));
        let takes = self.b.spec().helper(helper).args;
        let args: Vec<Value> = (0..takes).map(|_| self.value(Type::V128)).collect();
        let lanes = self.tape.pick(&[Lanes::I32x4, Lanes::I64x2]);
        Inst::LaneCall { helper, lanes, args: Args::new(&args) }
    }

    pub(super) fn vector(&mut self) {
        let lanes = self.lane_shape();
        let inst = match self.tape.below(10) {
            0 | 1 => {
                let op = self.tape.pick(&LaneUnaryOp::ALL);
                let lanes = if op.takes(lanes) { lanes } else { Lanes::I8x16 };
                Inst::LaneUnary { op, lanes, value: self.value(Type::V128) }
            }
            2..=4 => {
                let op = self.tape.pick(&LaneBinaryOp::ALL);
                let lanes = [lanes, Lanes::I8x16, Lanes::I16x8, Lanes::I64x2]
                    .into_iter()
                    .find(|lanes| op.takes(*lanes));
                let lanes = lanes.expect("an operation takes one of these");
                Inst::LaneBinary { op, lanes, lhs: self.value(Type::V128), rhs: self.value(Type::V128) }
            }
            5 => {
                let cond = self.tape.pick(&IntCC::ALL);
                Inst::LaneIcmp { cond, lanes, lhs: self.value(Type::V128), rhs: self.value(Type::V128) }
            }
            6 => Inst::Bitselect {
                mask: self.value(Type::V128),
                then: self.value(Type::V128),
                other: self.value(Type::V128),
            },
            7 => self.lane_call(),
            8 => Inst::HashRounds {
                op: self.tape.pick(&HashOp::ALL),
                first: self.value(Type::V128),
                second: self.value(Type::V128),
                words: self.value(Type::V128),
            },
            _ => Inst::Shuffle {
                lhs: self.value(Type::V128),
                rhs: self.value(Type::V128),
                mask: self.value(Type::V128),
            },
        };
        self.push(inst);
    }
}
