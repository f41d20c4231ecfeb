//! Shifts of lanes. Cranelift shifts all lanes by one amount; where each has its
//! own, narrow lanes are shifted by the amounts' bits one after the other, and
//! wide ones one by one.

use super::super::lower::Lower;
use super::lane_type;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{IntCC, LaneBinaryOp, Lanes, eval};

impl Lower<'_, '_> {
    /// `a`, seen with these lanes, by the amounts in `amounts`.
    pub(super) fn shift(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, amounts: ir::Value) -> Value {
        if let Some(constant) = self.constant_vector(amounts) {
            let amount = eval::extract(lanes, constant, 0);
            if constant == eval::splat(lanes, amount) {
                return self.shift_all(op, lanes, a, amount);
            }
        }
        let amounts = self.lanes(lanes, amounts);
        self.shift_by_lanes(op, lanes, a, amounts)
    }

    fn shift_by_lanes(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, amounts: Value) -> Value {
        match lanes {
            Lanes::I8x16 | Lanes::I16x8 => self.shift_by_bits(op, lanes, a, amounts),
            Lanes::I32x4 | Lanes::I64x2 => self.shift_one_by_one(op, lanes, a, amounts),
        }
    }

    /// Either way: made of both, as an amount that is negative is too large for the
    /// other direction.
    pub(super) fn shift_either_way(
        &mut self,
        op: LaneBinaryOp,
        lanes: Lanes,
        a: Value,
        amounts: Value,
    ) -> Value {
        let right = if op == LaneBinaryOp::Sshift { LaneBinaryOp::Sshr } else { LaneBinaryOp::Ushr };
        let opposite = self.f.ins().ineg(amounts);
        let right = self.shift_by_lanes(right, lanes, a, opposite);
        let left = self.shift_by_lanes(LaneBinaryOp::Ishl, lanes, a, amounts);
        let zero = self.vconst_lanes(lanes, 0);
        let to_right = self.lane_icmp(IntCC::Slt, lanes, amounts, zero);
        self.pick_lanes(to_right, right, left)
    }

    /// All lanes by one amount.
    fn shift_all(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, amount: u64) -> Value {
        let last = u64::from(lanes.ty().bits()) - 1;
        let amount = match op {
            LaneBinaryOp::Sshr => amount.min(last),
            _ if amount > last => return self.vconst_lanes(lanes, 0),
            _ => amount,
        };
        self.shift_by_const(op, a, amount as i64)
    }

    fn shift_by_const(&mut self, op: LaneBinaryOp, a: Value, amount: i64) -> Value {
        match op {
            LaneBinaryOp::Ishl => self.f.ins().ishl_imm_u(a, amount),
            LaneBinaryOp::Ushr => self.f.ins().ushr_imm_u(a, amount),
            _ => self.f.ins().sshr_imm_u(a, amount),
        }
    }

    fn shift_by_bits(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, amounts: Value) -> Value {
        let bits = lanes.ty().bits();
        let last = self.vconst_lanes(lanes, u64::from(bits) - 1);
        let too_large = self.lane_icmp(IntCC::Ugt, lanes, amounts, last);
        let zero = self.vconst_lanes(lanes, 0);
        // Signs shifted by all but one bit are what is left of a larger amount.
        let amounts = match op {
            LaneBinaryOp::Sshr => self.f.ins().umin(amounts, last),
            _ => amounts,
        };
        let mut result = a;
        for step in (0..bits.trailing_zeros()).rev() {
            let bit = self.vconst_lanes(lanes, 1 << step);
            let bit = self.f.ins().band(amounts, bit);
            let stays = self.f.ins().icmp(Cc::Equal, bit, zero);
            let shifted = self.shift_by_const(op, result, 1 << step);
            result = self.pick_lanes(stays, result, shifted);
        }
        if op == LaneBinaryOp::Sshr { result } else { self.f.ins().band_not(result, too_large) }
    }

    fn shift_one_by_one(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, amounts: Value) -> Value {
        let last = i64::from(lanes.ty().bits()) - 1;
        let ty = lane_type(lanes).lane_type();
        let mut result = a;
        for lane in 0..lanes.count() {
            let value = self.f.ins().extractlane(a, lane);
            let amount = self.f.ins().extractlane(amounts, lane);
            let fits = self.f.ins().icmp_imm_u(Cc::UnsignedLessThanOrEqual, amount, last);
            let shifted = match op {
                LaneBinaryOp::Ishl => self.f.ins().ishl(value, amount),
                LaneBinaryOp::Ushr => self.f.ins().ushr(value, amount),
                _ => self.f.ins().sshr(value, amount),
            };
            let rest = if op == LaneBinaryOp::Sshr {
                self.f.ins().sshr_imm_u(value, last)
            } else {
                self.f.ins().iconst(ty, 0)
            };
            let lane_value = self.f.ins().select(fits, shifted, rest);
            result = self.f.ins().insertlane(result, lane_value, lane);
        }
        result
    }
}
