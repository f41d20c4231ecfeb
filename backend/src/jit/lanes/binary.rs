//! Operations on the lanes of two vectors, as Cranelift has them, or of what it
//! has where it lacks them for some lanes.

use super::super::lower::Lower;
use super::lane_type;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{IntCC, LaneBinaryOp, Lanes};

impl Lower<'_, '_> {
    /// An operation that is no shift.
    pub(super) fn lane_binary(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, b: Value) -> Value {
        let narrow = matches!(lanes, Lanes::I8x16 | Lanes::I16x8);
        let wide = lanes == Lanes::I64x2;
        let ins = self.f.ins();
        match op {
            LaneBinaryOp::Band => ins.band(a, b),
            LaneBinaryOp::Bor => ins.bor(a, b),
            LaneBinaryOp::Bxor => ins.bxor(a, b),
            LaneBinaryOp::Iadd => ins.iadd(a, b),
            LaneBinaryOp::Isub => ins.isub(a, b),
            LaneBinaryOp::Imul if lanes == Lanes::I8x16 => self.multiply_bytes(a, b),
            LaneBinaryOp::Imul => ins.imul(a, b),
            LaneBinaryOp::Umin if wide => self.select_lanes(IntCC::Ult, lanes, a, b),
            LaneBinaryOp::Umax if wide => self.select_lanes(IntCC::Ugt, lanes, a, b),
            LaneBinaryOp::Smin if wide => self.select_lanes(IntCC::Slt, lanes, a, b),
            LaneBinaryOp::Smax if wide => self.select_lanes(IntCC::Sgt, lanes, a, b),
            LaneBinaryOp::Umin => ins.umin(a, b),
            LaneBinaryOp::Umax => ins.umax(a, b),
            LaneBinaryOp::Smin => ins.smin(a, b),
            LaneBinaryOp::Smax => ins.smax(a, b),
            LaneBinaryOp::UaddSat if narrow => ins.uadd_sat(a, b),
            LaneBinaryOp::SaddSat if narrow => ins.sadd_sat(a, b),
            LaneBinaryOp::UsubSat if narrow => ins.usub_sat(a, b),
            LaneBinaryOp::SsubSat if narrow => ins.ssub_sat(a, b),
            LaneBinaryOp::UaddSat | LaneBinaryOp::UsubSat => self.saturate_unsigned(op, lanes, a, b),
            LaneBinaryOp::SaddSat | LaneBinaryOp::SsubSat => self.saturate_signed(op, lanes, a, b),
            LaneBinaryOp::AvgRound if narrow => ins.avg_round(a, b),
            LaneBinaryOp::AvgRound => self.average(a, b),
            LaneBinaryOp::IaddPairwise => self.add_neighbours(lanes, a, b),
            LaneBinaryOp::Snarrow if !wide => ins.snarrow(a, b),
            LaneBinaryOp::Unarrow if !wide => ins.unarrow(a, b),
            LaneBinaryOp::Snarrow | LaneBinaryOp::Unarrow | LaneBinaryOp::Uunarrow => {
                let [a, b] = [a, b].map(|v| self.clamp(op, lanes, v));
                self.halves(lanes, a, b, 0)
            }
            LaneBinaryOp::Swizzle => ins.swizzle(a, b),
            LaneBinaryOp::Sshift | LaneBinaryOp::Ushift => self.shift_either_way(op, lanes, a, b),
            LaneBinaryOp::Ishl | LaneBinaryOp::Ushr | LaneBinaryOp::Sshr => {
                unreachable!("shifts have their own lowering")
            }
            LaneBinaryOp::ClmulLow | LaneBinaryOp::ClmulHigh => unreachable!("they are functions"),
        }
    }

    /// The lane of `a` where `cond` holds between the two, or else that of `b`.
    fn select_lanes(&mut self, cond: IntCC, lanes: Lanes, a: Value, b: Value) -> Value {
        let mask = self.lane_icmp(cond, lanes, a, b);
        self.pick_lanes(mask, a, b)
    }

    /// Products of even and of odd bytes, as halves of products twice as wide.
    fn multiply_bytes(&mut self, a: Value, b: Value) -> Value {
        let pairs = lane_type(Lanes::I16x8);
        let [a, b] = [a, b].map(|v| self.as_type(pairs, v));
        let even = self.f.ins().imul(a, b);
        let [a, b] = [a, b].map(|v| self.f.ins().ushr_imm_u(v, 8));
        let odd = self.f.ins().imul(a, b);
        let odd = self.f.ins().ishl_imm_u(odd, 8);
        let low = self.vconst_lanes(Lanes::I16x8, 0xff);
        let even = self.f.ins().band(even, low);
        let all = self.f.ins().bor(even, odd);
        self.whole(all)
    }

    fn saturate_unsigned(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, b: Value) -> Value {
        if op == LaneBinaryOp::UaddSat {
            let sum = self.f.ins().iadd(a, b);
            let too_large = self.lane_icmp(IntCC::Ult, lanes, sum, a);
            return self.f.ins().bor(sum, too_large);
        }
        let difference = self.f.ins().isub(a, b);
        let fits = self.lane_icmp(IntCC::Uge, lanes, a, b);
        self.f.ins().band(difference, fits)
    }

    /// It does not fit if the result's sign is neither operand's, of which the
    /// second counts inverted in a difference.
    fn saturate_signed(&mut self, op: LaneBinaryOp, lanes: Lanes, a: Value, b: Value) -> Value {
        let (result, second) = if op == LaneBinaryOp::SaddSat {
            (self.f.ins().iadd(a, b), b)
        } else {
            (self.f.ins().isub(a, b), self.f.ins().bnot(b))
        };
        let from_first = self.f.ins().bxor(result, a);
        let from_second = self.f.ins().bxor(result, second);
        let wrong = self.f.ins().band(from_first, from_second);
        let zero = self.vconst_lanes(lanes, 0);
        let wrong = self.lane_icmp(IntCC::Slt, lanes, wrong, zero);
        // The greatest value, or the least if the first operand is negative.
        let negative = self.lane_icmp(IntCC::Slt, lanes, a, zero);
        let greatest = self.vconst_lanes(lanes, lanes.ty().mask() >> 1);
        let nearest = self.f.ins().bxor(negative, greatest);
        self.pick_lanes(wrong, nearest, result)
    }

    /// The bits that are in either, less half of those that are in one.
    fn average(&mut self, a: Value, b: Value) -> Value {
        let either = self.f.ins().bor(a, b);
        let one = self.f.ins().bxor(a, b);
        let half = self.f.ins().ushr_imm_u(one, 1);
        self.f.ins().isub(either, half)
    }

    fn add_neighbours(&mut self, lanes: Lanes, a: Value, b: Value) -> Value {
        if matches!(lanes, Lanes::I16x8 | Lanes::I32x4) {
            return self.f.ins().iadd_pairwise(a, b);
        }
        let pairs = if lanes == Lanes::I8x16 { Lanes::I16x8 } else { lanes };
        let [first, second] = match lanes {
            Lanes::I8x16 => [0, 1].map(|odd| self.halves(pairs, a, b, odd)),
            _ => [0, 1].map(|odd| self.every_second_word(a, b, odd)),
        };
        let ty = lane_type(lanes);
        let [first, second] = [first, second].map(|v| self.as_type(ty, v));
        self.f.ins().iadd(first, second)
    }

    /// The lower (0) or the upper (1) halves of the lanes of both.
    fn halves(&mut self, lanes: Lanes, a: Value, b: Value, which: u8) -> Value {
        let bytes = lanes.ty().bytes() / 2;
        let number = |at: u8| at / bytes * 2 * bytes + which * bytes + at % bytes;
        let [a, b] = [a, b].map(|v| self.whole(v));
        self.shuffle_bytes(a, b, std::array::from_fn(|at| number(at as u8)))
    }

    /// A word of each, the lower (0) or the upper (1).
    fn every_second_word(&mut self, a: Value, b: Value, which: u8) -> Value {
        let [a, b] = [a, b].map(|v| self.whole(v));
        self.shuffle_bytes(a, b, std::array::from_fn(|at| (at as u8 / 8) * 16 + which * 8 + at as u8 % 8))
    }

    /// The nearest values that fit half a lane.
    fn clamp(&mut self, op: LaneBinaryOp, lanes: Lanes, v: Value) -> Value {
        let half = lanes.ty().bits() / 2;
        let greatest = u64::MAX >> (64 - half);
        let (least, greatest) = match op {
            LaneBinaryOp::Snarrow => (Some(!(greatest >> 1)), greatest >> 1),
            LaneBinaryOp::Unarrow => (Some(0), greatest),
            _ => (None, greatest),
        };
        let greatest = self.vconst_lanes(lanes, greatest);
        let Some(least) = least else {
            return self.lane_binary(LaneBinaryOp::Umin, lanes, v, greatest);
        };
        let least = self.vconst_lanes(lanes, least);
        let v = self.lane_binary(LaneBinaryOp::Smin, lanes, v, greatest);
        self.lane_binary(LaneBinaryOp::Smax, lanes, v, least)
    }
}
