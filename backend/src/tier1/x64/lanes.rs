//! Operations on vectors. These stay in memory: each operation loads its
//! operands into vector registers and stores its result. What takes more than a
//! few of the host's instructions is left to Rust.

use super::Emit;
use super::asm::{Asm, Mem, RAX, RDI, Reg, mem};
use super::regs::word_mem;
use crate::tier0::{VectorOp, Word};
use crate::vcpu::Context;
use ir::{IntCC, LaneBinaryOp, LaneUnaryOp, Lanes};
use std::mem::offset_of;

/// Vector registers by their hardware numbers; nothing is kept in them.
const X0: Reg = 0;
const X1: Reg = 1;
const X2: Reg = 2;

/// An instruction on two vector registers, of which it changes the first.
type Instruction = fn(&mut Asm, Reg, Reg);

/// The memory of the lane `lane` of a vector.
fn lane_mem(lanes: Lanes, word: Word, lane: u8) -> Mem {
    let offset = 8 * usize::from(word) + usize::from(lane) * usize::from(lanes.ty().bytes());
    mem(RDI, (offset_of!(Context, state) + offset) as i32)
}

impl Emit<'_> {
    /// Emits an operation on vectors, if it takes little.
    pub(super) fn vector(&mut self, op: &VectorOp) -> bool {
        match *op {
            VectorOp::Mov { d, a } => {
                self.asm.load_vector(X0, word_mem(a));
                self.store_result(d);
            }
            VectorOp::Iconcat { d, low, high } => {
                let low = self.regs.read(&mut self.asm, low);
                let high = self.regs.read(&mut self.asm, high);
                self.asm.vector_from(X0, low);
                self.asm.vector_from(X1, high);
                self.asm.join_low_words(X0, X1);
                self.store_result(d);
            }
            VectorOp::Splat { lanes, d, v } => self.splat(lanes, d, v),
            VectorOp::Extract { lanes, lane, d, a } => self.extract(lanes, lane, d, a),
            VectorOp::Insert { lanes, lane, d, a, v } => self.insert(lanes, lane, (d, a, v)),
            VectorOp::Unary { op, lanes, d, a } => return self.lane_unary(op, lanes, d, a),
            VectorOp::Binary { op, lanes, d, a, b } => match binary_instruction(op, lanes) {
                Some(instruction) => self.lane_binary(instruction, d, a, b),
                None => return false,
            },
            VectorOp::Icmp { cond, lanes, d, a, b } => return self.lane_icmp(cond, lanes, (d, a, b)),
            VectorOp::Bitselect { d, mask, a, b } => {
                self.asm.load_vector(X0, word_mem(mask));
                self.asm.load_vector(X1, word_mem(a));
                self.asm.load_vector(X2, word_mem(b));
                self.asm.vector_and(X1, X0);
                self.asm.vector_not_and(X0, X2);
                self.asm.vector_or(X0, X1);
                self.store_result(d);
            }
            VectorOp::Select { .. } | VectorOp::Shuffle { .. } | VectorOp::HashRounds { .. } => return false,
        }
        true
    }

    /// Puts the first vector register into a vector's words.
    fn store_result(&mut self, d: Word) {
        self.asm.store_vector(word_mem(d), X0);
        self.forget_vector(d);
    }

    /// Memory has a new value of a vector.
    pub(super) fn forget_vector(&mut self, d: Word) {
        self.regs.forget(d);
        self.regs.forget(d + 1);
    }

    fn splat(&mut self, lanes: Lanes, d: Word, v: Word) {
        let value = self.regs.read(&mut self.asm, v);
        match lanes {
            Lanes::I64x2 => self.asm.vector_from(X0, value),
            _ => {
                // Values are zero-extended: a product with ones in all lanes.
                let ones = u64::MAX / lanes.ty().mask();
                self.asm.constant(RAX, ones);
                self.asm.imul(RAX, value);
                self.asm.vector_from(X0, RAX);
            }
        }
        self.asm.join_low_words(X0, X0);
        self.store_result(d);
    }

    fn extract(&mut self, lanes: Lanes, lane: u8, d: Word, a: Word) {
        if lanes == Lanes::I64x2 {
            return self.unary(d, a + Word::from(lane), |_, _| ());
        }
        let from = lane_mem(lanes, a, lane);
        let to = self.regs.write(&mut self.asm, d);
        match lanes {
            Lanes::I8x16 => self.asm.load_u8(to, from),
            Lanes::I16x8 => self.asm.load_u16(to, from),
            _ => self.asm.load32(to, from),
        }
        self.regs.written(&mut self.asm, d, to);
    }

    fn insert(&mut self, lanes: Lanes, lane: u8, (d, a, v): (Word, Word, Word)) {
        let value = self.regs.read(&mut self.asm, v);
        if d != a {
            self.asm.load_vector(X0, word_mem(a));
            self.asm.store_vector(word_mem(d), X0);
        }
        let to = lane_mem(lanes, d, lane);
        match lanes {
            Lanes::I8x16 => self.asm.store8(to, value),
            Lanes::I16x8 => self.asm.store16(to, value),
            Lanes::I32x4 => self.asm.store32(to, value),
            Lanes::I64x2 => self.asm.store(to, value),
        }
        self.forget_vector(d);
    }

    fn lane_unary(&mut self, op: LaneUnaryOp, lanes: Lanes, d: Word, a: Word) -> bool {
        self.asm.load_vector(X1, word_mem(a));
        let unpack: Option<[Instruction; 2]> = match lanes {
            Lanes::I8x16 => Some([Asm::unpack_low8, Asm::unpack_high8]),
            Lanes::I16x8 => Some([Asm::unpack_low16, Asm::unpack_high16]),
            Lanes::I32x4 => Some([Asm::unpack_low32, Asm::unpack_high32]),
            Lanes::I64x2 => None,
        };
        match (op, unpack, binary_instruction(LaneBinaryOp::Isub, lanes)) {
            (LaneUnaryOp::Bnot, ..) => {
                self.asm.equal8(X0, X0);
                self.asm.vector_xor(X0, X1);
            }
            (LaneUnaryOp::Ineg, _, Some(subtract)) => {
                self.asm.vector_xor(X0, X0);
                subtract(&mut self.asm, X0, X1);
            }
            (LaneUnaryOp::UwidenLow | LaneUnaryOp::UwidenHigh, Some(unpack), _) => {
                self.asm.vector_xor(X2, X2);
                unpack[usize::from(op == LaneUnaryOp::UwidenHigh)](&mut self.asm, X1, X2);
                self.asm.store_vector(word_mem(d), X1);
                self.forget_vector(d);
                return true;
            }
            _ => return false,
        }
        self.store_result(d);
        true
    }

    fn lane_binary(&mut self, instruction: Instruction, d: Word, a: Word, b: Word) {
        self.asm.load_vector(X0, word_mem(a));
        self.asm.load_vector(X1, word_mem(b));
        instruction(&mut self.asm, X0, X1);
        self.store_result(d);
    }

    /// Comparisons that the host has, and those that hold where they do not.
    fn lane_icmp(&mut self, cond: IntCC, lanes: Lanes, (d, a, b): (Word, Word, Word)) -> bool {
        let [equal, greater]: [Instruction; 2] = match lanes {
            Lanes::I8x16 => [Asm::equal8, Asm::greater8],
            Lanes::I16x8 => [Asm::equal16, Asm::greater16],
            Lanes::I32x4 => [Asm::equal32, Asm::greater32],
            Lanes::I64x2 => return false,
        };
        let (instruction, left, right, inverted) = match cond {
            IntCC::Eq => (equal, a, b, false),
            IntCC::Ne => (equal, a, b, true),
            IntCC::Sgt => (greater, a, b, false),
            IntCC::Sle => (greater, a, b, true),
            IntCC::Slt => (greater, b, a, false),
            IntCC::Sge => (greater, b, a, true),
            IntCC::Ult | IntCC::Uge | IntCC::Ugt | IntCC::Ule => return false,
        };
        self.asm.load_vector(X0, word_mem(left));
        self.asm.load_vector(X1, word_mem(right));
        instruction(&mut self.asm, X0, X1);
        if inverted {
            self.asm.equal8(X1, X1);
            self.asm.vector_xor(X0, X1);
        }
        self.store_result(d);
        true
    }
}

/// The host's instruction for an operation, of those that all x86-64 have (SSE2).
fn binary_instruction(op: LaneBinaryOp, lanes: Lanes) -> Option<Instruction> {
    use LaneBinaryOp as Op;
    use Lanes::{I8x16, I16x8, I32x4, I64x2};
    Some(match (op, lanes) {
        (Op::Band, _) => Asm::vector_and,
        (Op::Bor, _) => Asm::vector_or,
        (Op::Bxor, _) => Asm::vector_xor,
        (Op::Iadd, I8x16) => Asm::add_lanes8,
        (Op::Iadd, I16x8) => Asm::add_lanes16,
        (Op::Iadd, I32x4) => Asm::add_lanes32,
        (Op::Iadd, I64x2) => Asm::add_lanes64,
        (Op::Isub, I8x16) => Asm::sub_lanes8,
        (Op::Isub, I16x8) => Asm::sub_lanes16,
        (Op::Isub, I32x4) => Asm::sub_lanes32,
        (Op::Isub, I64x2) => Asm::sub_lanes64,
        (Op::Imul, I16x8) => Asm::mul_lanes16,
        (Op::Umin, I8x16) => Asm::umin8,
        (Op::Umax, I8x16) => Asm::umax8,
        (Op::Smin, I16x8) => Asm::smin16,
        (Op::Smax, I16x8) => Asm::smax16,
        (Op::UaddSat, I8x16) => Asm::uadd_sat8,
        (Op::UaddSat, I16x8) => Asm::uadd_sat16,
        (Op::SaddSat, I8x16) => Asm::sadd_sat8,
        (Op::SaddSat, I16x8) => Asm::sadd_sat16,
        (Op::UsubSat, I8x16) => Asm::usub_sat8,
        (Op::UsubSat, I16x8) => Asm::usub_sat16,
        (Op::SsubSat, I8x16) => Asm::ssub_sat8,
        (Op::SsubSat, I16x8) => Asm::ssub_sat16,
        (Op::AvgRound, I8x16) => Asm::average8,
        (Op::AvgRound, I16x8) => Asm::average16,
        (Op::Snarrow, I16x8) => Asm::snarrow16,
        (Op::Snarrow, I32x4) => Asm::snarrow32,
        (Op::Unarrow, I16x8) => Asm::unarrow16,
        _ => return None,
    })
}
