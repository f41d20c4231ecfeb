//! Integer operations that x86 has under other names, in registers of their
//! own, or for which it leaves a case out.

use super::Emit;
use super::asm::{Asm, Cond, RAX, RCX, RDX, RSI, Reg};
use crate::tier0::{Op, Word};
use ir::{BinaryOp, Type, UnaryOp};

impl Emit<'_> {
    /// Tells whether it could; results have no bits above their type's.
    pub(super) fn integer(&mut self, op: &Op) -> bool {
        match *op {
            Op::Unary { op, ty: ty @ (Type::I32 | Type::I64), d, a } => {
                return self.one_operand(op, ty, d, a);
            }
            Op::Binary { op: BinaryOp::Umulhi, ty: Type::I64, d, a, b } => self.product_high(d, a, b),
            Op::Binary { op: BinaryOp::Udiv, ty: ty @ (Type::I32 | Type::I64), d, a, b } => {
                self.quotient(ty, d, a, b);
            }
            Op::Sext { from: from @ (Type::I8 | Type::I16), to: Type::I32, d, a } => {
                let a = self.regs.read(&mut self.asm, a);
                match from {
                    Type::I8 => self.asm.sext8(RAX, a),
                    _ => self.asm.sext16(RAX, a),
                }
                self.asm.mov32(RAX, RAX);
                self.take_rax(d);
            }
            _ => return false,
        }
        true
    }

    /// The result is in `RAX`.
    fn take_rax(&mut self, d: Word) {
        let to = self.regs.write(&mut self.asm, d);
        self.asm.mov(to, RAX);
        self.regs.written(&mut self.asm, d, to);
    }

    fn one_operand(&mut self, op: UnaryOp, ty: Type, d: Word, a: Word) -> bool {
        let change: fn(&mut Asm, Type) = match op {
            UnaryOp::Ineg => |asm, ty| if ty == Type::I64 { asm.neg(RAX) } else { asm.neg32(RAX) },
            UnaryOp::Bnot => |asm, ty| if ty == Type::I64 { asm.not(RAX) } else { asm.not32(RAX) },
            UnaryOp::Bswap => |asm, ty| if ty == Type::I64 { asm.bswap(RAX) } else { asm.bswap32(RAX) },
            UnaryOp::Clz => leading_zeros,
            UnaryOp::Ctz => trailing_zeros,
            UnaryOp::Popcnt | UnaryOp::Bitrev => return false,
        };
        let a = self.regs.read(&mut self.asm, a);
        self.move_as(ty, RAX, a);
        change(&mut self.asm, ty);
        self.take_rax(d);
        true
    }

    /// The value of type `ty` in `from`, with no bits above.
    fn move_as(&mut self, ty: Type, to: Reg, from: Reg) {
        match ty {
            Type::I64 => self.asm.mov(to, from),
            _ => self.asm.mov32(to, from),
        }
    }

    /// `RDX` has the budget, but the product's high half goes there.
    fn product_high(&mut self, d: Word, a: Word, b: Word) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        self.asm.mov(RCX, RDX);
        self.asm.mov(RAX, left);
        self.asm.umul_wide(right);
        self.asm.mov(RAX, RDX);
        self.asm.mov(RDX, RCX);
        self.take_rax(d);
    }

    /// x86 raises an exception where the IR says zero.
    fn quotient(&mut self, ty: Type, d: Word, a: Word, b: Word) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        let done = self.asm.label();
        self.move_as(ty, RSI, right);
        self.asm.xor32(RAX, RAX);
        self.asm.test(RSI, RSI);
        self.asm.jump_if(Cond::Equal, done);
        self.move_as(ty, RAX, left);
        self.asm.mov(RCX, RDX);
        self.asm.xor32(RDX, RDX);
        self.asm.udiv_wide(RSI);
        self.asm.mov(RDX, RCX);
        self.asm.bind(done);
        self.take_rax(d);
    }
}

/// Of `RAX`. Of zero, x86 tells that it is zero, and no number.
fn leading_zeros(asm: &mut Asm, ty: Type) {
    let bits = ty.bits() as u64;
    // Turned around below, it is the type's width.
    asm.constant(RCX, 2 * bits - 1);
    asm.bit_scan_reverse(RAX, RAX);
    asm.cmov_equal(RAX, RCX);
    asm.xor_imm(RAX, bits as i32 - 1);
}

/// Of `RAX`, likewise.
fn trailing_zeros(asm: &mut Asm, ty: Type) {
    asm.constant(RCX, ty.bits() as u64);
    asm.bit_scan_forward(RAX, RAX);
    asm.cmov_equal(RAX, RCX);
}
