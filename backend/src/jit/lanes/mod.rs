//! Lowers operations on vectors. In Cranelift a vector has lanes by its type:
//! between operations it is an `i8x16` here, which each operation sees with the
//! lanes it wants.

mod binary;
mod function;
mod shift;

use super::arithmetic::condition;
use super::lower::Lower;
use crate::lane_functions::{HOST_HAS_THEM, LaneFunction};
use cranelift_codegen::ir::types::{F32, F32X4, F64, F64X2, I8X16, I16X8, I32X4, I64X2};
use cranelift_codegen::ir::{ConstantData, Endianness, InstBuilder, MemFlagsData, Type, Value};
use cranelift_codegen::isa::TargetIsa;
use ir::{Inst, IntCC, LaneUnaryOp, Lanes, eval};
use std::sync::OnceLock;

/// Whether the host has what vectors take. Cranelift calls a library for some of it
/// where it is missing, and compiled code has none.
pub(super) fn host_has_vectors() -> bool {
    static HAS_VECTORS: OnceLock<bool> = OnceLock::new();
    *HAS_VECTORS.get_or_init(|| super::host_isa().is_ok_and(|isa| has_vectors(&*isa)))
}

/// Of Cranelift's code generators, `x64` has a flag for each generation of vectors,
/// and some have one for vectors at all.
fn has_vectors(isa: &dyn TargetIsa) -> bool {
    let flags = isa.isa_flags();
    let has = |name| flags.iter().find(|flag| flag.name == name).and_then(|flag| flag.as_bool());
    HOST_HAS_THEM
        && has("has_v") != Some(false)
        && has("has_ssse3") != Some(false)
        && has("has_sse41") != Some(false)
}

/// Whether an operation reads or yields a vector. `types` are the results' types.
pub(super) fn has_vector(inst: &Inst, index: usize, types: &[Option<ir::Type>]) -> bool {
    let is_vector = |ty: Option<ir::Type>| ty == Some(ir::Type::V128);
    let mut found = is_vector(types[index]);
    inst.for_each_operand(|v| found |= is_vector(types[v.index()]));
    found
}

pub(super) fn lane_type(lanes: Lanes) -> Type {
    match lanes {
        Lanes::I8x16 => I8X16,
        Lanes::I16x8 => I16X8,
        Lanes::I32x4 => I32X4,
        Lanes::I64x2 => I64X2,
    }
}

/// The same as numbers, if the host has such.
fn float_lane_type(lanes: Lanes) -> Option<Type> {
    match lanes {
        Lanes::I32x4 => Some(F32X4),
        Lanes::I64x2 => Some(F64X2),
        Lanes::I8x16 | Lanes::I16x8 => None,
    }
}

impl Lower<'_, '_> {
    /// Lowers an operation that only vectors have.
    pub(super) fn vector(&mut self, inst: &Inst) -> Value {
        match *inst {
            Inst::Iconcat { low, high } => self.iconcat(low, high),
            Inst::Splat { lanes, value } => self.splat(lanes, value),
            Inst::ExtractLane { lanes, lane, value } => self.extract(lanes, lane, value),
            Inst::InsertLane { lanes, lane, vector, value } => self.insert(lanes, lane, vector, value),
            Inst::LaneUnary { op, value, .. } if LaneFunction::of_unary(op).is_some() => {
                self.lane_function_of(op, value)
            }
            Inst::LaneUnary { op, lanes, value } => {
                let value = self.lanes(lanes, value);
                let result = self.lane_unary(op, value);
                self.whole(result)
            }
            Inst::LaneBinary { op, lanes, lhs, rhs } if op.is_shift() => {
                let value = self.lanes(lanes, lhs);
                let result = self.shift(op, lanes, value, rhs);
                self.whole(result)
            }
            Inst::LaneBinary { op, lanes, lhs, rhs } => {
                if let Some(function) = LaneFunction::of_binary(op, lanes) {
                    return self.call_lanes(function, &[self.value(lhs), self.value(rhs)]);
                }
                let (a, b) = (self.lanes(lanes, lhs), self.lanes(lanes, rhs));
                let result = self.lane_binary(op, lanes, a, b);
                self.whole(result)
            }
            Inst::LaneIcmp { cond, lanes, lhs, rhs } => {
                let (a, b) = (self.lanes(lanes, lhs), self.lanes(lanes, rhs));
                let mask = self.lane_icmp(cond, lanes, a, b);
                self.whole(mask)
            }
            Inst::Bitselect { mask, then, other } => {
                let (mask, then, other) = (self.value(mask), self.value(then), self.value(other));
                self.f.ins().bitselect(mask, then, other)
            }
            Inst::Shuffle { lhs, rhs, mask } => self.shuffle(lhs, rhs, mask),
            Inst::HashRounds { op, first, second, words } => {
                let operands = [first, second, words].map(|v| self.value(v));
                self.call_lanes(LaneFunction::of_rounds(op), &operands)
            }
            Inst::LaneCall { helper, lanes, ref args } => self.lane_call(helper, lanes, args.as_slice()),
            _ => unreachable!("{inst:?} is no operation on vectors"),
        }
    }

    /// A vector as an operation sees it.
    fn lanes(&mut self, lanes: Lanes, v: ir::Value) -> Value {
        let value = self.value(v);
        self.as_type(lane_type(lanes), value)
    }

    /// A vector as all see it.
    pub(super) fn whole(&mut self, value: Value) -> Value {
        self.as_type(I8X16, value)
    }

    pub(super) fn as_type(&mut self, ty: Type, value: Value) -> Value {
        if self.f.func.dfg.value_type(value) == ty {
            return value;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.f.ins().bitcast(ty, flags, value)
    }

    /// A constant, seen with these lanes.
    fn vconst(&mut self, lanes: Lanes, value: u128) -> Value {
        let data = ConstantData::from(&value.to_le_bytes()[..]);
        let handle = self.f.func.dfg.constants.insert(data);
        self.f.ins().vconst(lane_type(lanes), handle)
    }

    /// The same number in all lanes, cut to their width.
    pub(super) fn vconst_lanes(&mut self, lanes: Lanes, value: u64) -> Value {
        self.vconst(lanes, eval::splat(lanes, value))
    }

    /// The value of a vector that is made of constants.
    fn constant_vector(&self, v: ir::Value) -> Option<u128> {
        let constant = |v: ir::Value| match self.insts[v.index()] {
            Inst::Iconst { value, .. } => Some(value),
            _ => None,
        };
        match self.insts[v.index()] {
            Inst::Iconcat { low, high } => Some(eval::iconcat(constant(low)?, constant(high)?)),
            Inst::Splat { lanes, value } => Some(eval::splat(lanes, constant(value)?)),
            _ => None,
        }
    }

    fn iconcat(&mut self, low: ir::Value, high: ir::Value) -> Value {
        if let Some(value) = self.constant_vector(ir::Value(self.at as u32)) {
            return self.vconst(Lanes::I8x16, value);
        }
        let half = match self.insts[low.index()] {
            Inst::Uextend { value, .. } => self.number(value, F32),
            _ => None,
        };
        let word = self.value(low);
        let vector = match (self.number(low, F64), half) {
            (Some(double), _) => self.f.ins().scalar_to_vector(F64X2, double),
            (_, Some(single)) => self.f.ins().scalar_to_vector(F32X4, single),
            _ => self.f.ins().scalar_to_vector(I64X2, word),
        };
        if matches!(self.insts[high.index()], Inst::Iconst { value: 0, .. }) {
            return self.whole(vector);
        }
        let (ty, high) = match self.number(high, F64) {
            Some(double) => (F64X2, double),
            None => (I64X2, self.value(high)),
        };
        let vector = self.as_type(ty, vector);
        let vector = self.f.ins().insertlane(vector, high, 1);
        self.whole(vector)
    }

    /// A value that is a number of the host's, as such.
    fn number(&self, v: ir::Value, ty: Type) -> Option<Value> {
        self.floats[v.index()].filter(|f| self.f.func.dfg.value_type(*f) == ty)
    }

    /// A lane may be a number of the host's already.
    fn insert(&mut self, lanes: Lanes, lane: u8, vector: ir::Value, value: ir::Value) -> Value {
        let number = float_lane_type(lanes).and_then(|ty| Some((ty, self.number(value, ty.lane_type())?)));
        let (ty, value) = number.unwrap_or_else(|| (lane_type(lanes), self.value(value)));
        let vector = self.value(vector);
        let vector = self.as_type(ty, vector);
        let vector = self.f.ins().insertlane(vector, value, lane);
        self.whole(vector)
    }

    fn splat(&mut self, lanes: Lanes, v: ir::Value) -> Value {
        if let Some(value) = self.constant_vector(ir::Value(self.at as u32)) {
            return self.vconst(Lanes::I8x16, value);
        }
        let value = self.value(v);
        let vector = self.f.ins().splat(lane_type(lanes), value);
        self.whole(vector)
    }

    /// Beside a lane there is the number that it may be.
    fn extract(&mut self, lanes: Lanes, lane: u8, v: ir::Value) -> Value {
        if let Some(ty) = float_lane_type(lanes) {
            let value = self.value(v);
            let numbers = self.as_type(ty, value);
            self.floats[self.at] = Some(self.f.ins().extractlane(numbers, lane));
        }
        let vector = self.lanes(lanes, v);
        self.f.ins().extractlane(vector, lane)
    }

    fn lane_unary(&mut self, op: LaneUnaryOp, v: Value) -> Value {
        let ins = self.f.ins();
        match op {
            LaneUnaryOp::Bnot => ins.bnot(v),
            LaneUnaryOp::Ineg => ins.ineg(v),
            LaneUnaryOp::Iabs => ins.iabs(v),
            LaneUnaryOp::Popcnt => ins.popcnt(v),
            LaneUnaryOp::SwidenLow => ins.swiden_low(v),
            LaneUnaryOp::SwidenHigh => ins.swiden_high(v),
            LaneUnaryOp::UwidenLow => ins.uwiden_low(v),
            LaneUnaryOp::UwidenHigh => ins.uwiden_high(v),
            LaneUnaryOp::AesSub | LaneUnaryOp::AesUnsub | LaneUnaryOp::AesMix | LaneUnaryOp::AesUnmix => {
                unreachable!("they are functions")
            }
        }
    }

    /// Cranelift has no unsigned comparison of the widest lanes on every host:
    /// with the top bits changed a signed one does.
    pub(super) fn lane_icmp(&mut self, cond: IntCC, lanes: Lanes, a: Value, b: Value) -> Value {
        let signed = match cond {
            IntCC::Ult => IntCC::Slt,
            IntCC::Ule => IntCC::Sle,
            IntCC::Ugt => IntCC::Sgt,
            IntCC::Uge => IntCC::Sge,
            _ => cond,
        };
        if lanes != Lanes::I64x2 || signed == cond {
            return self.f.ins().icmp(condition(cond), a, b);
        }
        let top = self.vconst_lanes(lanes, 1 << 63);
        let [a, b] = [a, b].map(|v| self.f.ins().bxor(v, top));
        self.f.ins().icmp(condition(signed), a, b)
    }

    /// Lanes of `then` where the comparison holds, of `other` where not.
    fn pick_lanes(&mut self, mask: Value, then: Value, other: Value) -> Value {
        self.f.ins().bitselect(mask, then, other)
    }

    fn shuffle(&mut self, lhs: ir::Value, rhs: ir::Value, mask: ir::Value) -> Value {
        let (a, b) = (self.value(lhs), self.value(rhs));
        let Some(constant) = self.constant_vector(mask) else {
            return self.shuffle_by(a, b, mask);
        };
        let numbers = constant.to_le_bytes();
        let zeros = numbers.map(|n| if n < 32 { 0xff } else { 0 });
        let kept = self.shuffle_bytes(a, b, numbers.map(|n| n % 32));
        if zeros == [0xff; 16] {
            return kept;
        }
        let zeros = self.vconst(Lanes::I8x16, u128::from_le_bytes(zeros));
        self.f.ins().band(kept, zeros)
    }

    /// Bytes by numbers below 32, all known.
    fn shuffle_bytes(&mut self, a: Value, b: Value, numbers: [u8; 16]) -> Value {
        let data = ConstantData::from(&numbers[..]);
        let mask = self.f.func.dfg.immediates.push(data);
        self.f.ins().shuffle(a, b, mask)
    }

    /// Bytes by numbers that are not known: those of each operand, zeros for the
    /// other's.
    fn shuffle_by(&mut self, a: Value, b: Value, mask: ir::Value) -> Value {
        let mask = self.value(mask);
        let first = self.f.ins().swizzle(a, mask);
        let sixteen = self.vconst_lanes(Lanes::I8x16, 16);
        let moved = self.f.ins().isub(mask, sixteen);
        let second = self.f.ins().swizzle(b, moved);
        self.f.ins().bor(first, second)
    }
}
