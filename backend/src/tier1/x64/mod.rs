//! Tier 1 for x86-64 hosts: one block of tier 0's operations becomes one piece
//! of host code.

mod access;
mod asm;
mod edges;
mod integer;
mod lanes;
mod regs;
mod thunks;

use super::Source;
use crate::callback::called;
use crate::jit::is_inline_helper;
use crate::links::Link;
use crate::tier0::{Op, Word, ZERO};
use crate::vcpu::Context;
use asm::{Asm, Cond, Label, RAX, RCX, RDI, RDX, RSI, Reg, mem};
use ir::{BinaryOp, FlagsOp, IntCC, Type};
use regs::{Regs, word_mem};
use std::mem::offset_of;
pub(super) use thunks::Thunks;

/// Code that stands behind the block's own, out of its way.
enum Later {
    /// Fills the TLB, then tries again or leaves.
    Refill { at: Label, description: u32, retry: Label, side: Label },
    /// Leaves at the start of guest instruction `insn`.
    Side { at: Label, insn: usize },
    /// Leaves behind guest instruction `insn`, as a helper wants it.
    Stop { at: Label, insn: usize },
    /// Leaves before the first instruction, as the block is hot.
    Hot { at: Label },
}

/// A block on its way to host code.
struct Emit<'a> {
    asm: Asm,
    source: &'a Source<'a>,
    thunks: &'a Thunks,
    regs: Regs,
    later: Vec<Later>,
    /// The guest instruction that is being emitted, and its way to tier 0.
    insn: usize,
    side: Option<Label>,
}

/// Host code for `source`, to run at `base`.
pub(super) fn emit(source: &Source<'_>, thunks: &Thunks, base: u64) -> Vec<u8> {
    let asm = Asm::new(base);

    let first_temp = source.spec.layout.slots().len() as Word;
    let regs = Regs::new(first_temp);
    let mut e = Emit { asm, source, thunks, regs, later: Vec::new(), insn: 0, side: None };
    e.prologue();
    for index in 0..source.code.ops.len() {
        e.operation(index);
    }
    e.out_of_line();
    e.asm.finish()
}

impl Emit<'_> {
    /// Takes the block's instructions off the budget, and counts its runs.
    fn prologue(&mut self) {
        let (short, hot) = (self.asm.label(), self.asm.label());
        self.asm.sub_imm(RDX, self.source.insns as i32);
        self.asm.jump_if(Cond::Less, short);
        self.asm.constant(RAX, self.source.link);
        self.asm.sub32_mem_imm8(mem(RAX, offset_of!(Link, heat) as i32), 1);
        self.asm.jump_if(Cond::Equal, hot);
        self.later.push(Later::Side { at: short, insn: 0 });
        self.later.push(Later::Hot { at: hot });
    }

    fn operation(&mut self, index: usize) {
        let insn = self.source.code.insn_of(index);
        if insn != self.insn {
            (self.insn, self.side) = (insn, None);
        }
        self.regs.start_operation();
        let op = &self.source.code.ops[index];
        if self.arithmetic(op)
            || self.integer(op)
            || self.comparison(op)
            || self.memory(op)
            || self.terminator(op)
        {
            return;
        }
        match *op {
            Op::Call { helper, .. } if !is_inline_helper(&self.source.spec.helpers[usize::from(helper)]) => {
                self.call_helper(op);
            }
            _ => self.call_tier0(op),
        }
    }

    /// Where the current guest instruction is left to tier 0.
    fn side_exit(&mut self) -> Label {
        if let Some(side) = self.side {
            return side;
        }
        let at = self.asm.label();
        self.side = Some(at);
        self.later.push(Later::Side { at, insn: self.insn });
        at
    }

    /// `d = a` changed in place.
    fn unary(&mut self, d: Word, a: Word, change: impl FnOnce(&mut Asm, Reg)) {
        let from = self.regs.read(&mut self.asm, a);
        let to = self.regs.write(&mut self.asm, d);
        if to != from {
            self.asm.mov(to, from);
        }
        change(&mut self.asm, to);
        self.regs.written(&mut self.asm, d, to);
    }

    /// `d = a op b`; the instruction changes its first operand.
    fn binary(&mut self, d: Word, a: Word, b: Word, instruction: fn(&mut Asm, Reg, Reg)) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        if d == b && a != b {
            // The destination's register still holds the right operand.
            self.asm.mov(RAX, left);
            instruction(&mut self.asm, RAX, right);
            let to = self.regs.write(&mut self.asm, d);
            self.asm.mov(to, RAX);
            return self.regs.written(&mut self.asm, d, to);
        }
        let to = self.regs.write(&mut self.asm, d);
        if to != left {
            self.asm.mov(to, left);
        }
        let right = if b == a { to } else { right };
        instruction(&mut self.asm, to, right);
        self.regs.written(&mut self.asm, d, to);
    }

    /// The same with the low halves, the result sign-extended.
    fn binary32(&mut self, d: Word, a: Word, b: Word, instruction: fn(&mut Asm, Reg, Reg)) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        self.asm.mov32(RAX, left);
        instruction(&mut self.asm, RAX, right);
        let to = self.regs.write(&mut self.asm, d);
        self.asm.sext32(to, RAX);
        self.regs.written(&mut self.asm, d, to);
    }

    /// The low half of `a` changed, the result sign-extended.
    fn unary32(&mut self, d: Word, a: Word, change: impl FnOnce(&mut Asm, Reg)) {
        let from = self.regs.read(&mut self.asm, a);
        let to = self.regs.write(&mut self.asm, d);
        if to != from {
            self.asm.mov32(to, from);
        }
        change(&mut self.asm, to);
        self.asm.sext32(to, to);
        self.regs.written(&mut self.asm, d, to);
    }

    /// A shift by a register's value; x86 takes its low bits as the IR does.
    fn shift(&mut self, d: Word, a: Word, b: Word, change: fn(&mut Asm, Reg)) {
        let count = self.regs.read(&mut self.asm, b);
        self.asm.mov32(RCX, count);
        self.unary(d, a, change);
    }

    fn shift32(&mut self, d: Word, a: Word, b: Word, change: fn(&mut Asm, Reg)) {
        let count = self.regs.read(&mut self.asm, b);
        self.asm.mov32(RCX, count);
        self.unary32(d, a, change);
    }

    /// An operation with an immediate, in a register if it is too wide.
    fn immediate(
        &mut self,
        d: Word,
        a: Word,
        imm: u64,
        narrow: fn(&mut Asm, Reg, i32),
        wide: fn(&mut Asm, Reg, Reg),
    ) {
        match i32::try_from(imm as i64) {
            Ok(low) => self.unary(d, a, |asm, reg| narrow(asm, reg, low)),
            Err(_) => {
                self.asm.constant(RAX, imm);
                self.unary(d, a, |asm, reg| wide(asm, reg, RAX));
            }
        }
    }

    /// `d = a + imm`, with no copy.
    fn add_immediate(&mut self, d: Word, a: Word, imm: u64) {
        let Ok(low) = i32::try_from(imm as i64) else {
            return self.immediate(d, a, imm, Asm::add_imm, Asm::add);
        };
        if a == ZERO {
            return self.constant(d, imm);
        }
        let from = self.regs.read(&mut self.asm, a);
        let to = self.regs.write(&mut self.asm, d);
        if to == from {
            self.asm.add_imm(to, low);
        } else {
            self.asm.lea(to, mem(from, low));
        }
        self.regs.written(&mut self.asm, d, to);
    }

    fn constant(&mut self, d: Word, value: u64) {
        let to = self.regs.write(&mut self.asm, d);
        self.asm.constant(to, value);
        self.regs.written(&mut self.asm, d, to);
    }

    fn code_address(&mut self, d: Word, pc: u64) {
        let to = self.regs.write(&mut self.asm, d);
        self.address_to(to, pc);
        self.regs.written(&mut self.asm, d, to);
    }

    /// Puts the guest address that is `pc` in the block into a register. If it is far
    /// away `RCX` is lost, and must not be that register.
    fn address_to(&mut self, to: Reg, pc: u64) {
        self.asm.load(to, mem(RDI, offset_of!(Context, origin) as i32));
        match i32::try_from(pc as i64) {
            Ok(0) => (),
            Ok(low) => self.asm.add_imm(to, low),
            Err(_) => {
                self.asm.constant(RCX, pc);
                self.asm.add(to, RCX);
            }
        }
    }

    fn arithmetic(&mut self, op: &Op) -> bool {
        match *op {
            Op::Const { d, imm } => self.constant(d, imm),
            Op::Address { d, pc } => self.code_address(d, pc),
            Op::Mov { d, a } => self.unary(d, a, |_, _| ()),
            Op::Add { d, a, b } => self.binary(d, a, b, Asm::add),
            Op::Sub { d, a, b } => self.binary(d, a, b, Asm::sub),
            Op::Mul { d, a, b } => self.binary(d, a, b, Asm::imul),
            Op::And { d, a, b } => self.binary(d, a, b, Asm::and),
            Op::Or { d, a, b } => self.binary(d, a, b, Asm::or),
            Op::Xor { d, a, b } => self.binary(d, a, b, Asm::xor),
            Op::Shl { d, a, b } => self.shift(d, a, b, Asm::shl_cl),
            Op::Shr { d, a, b } => self.shift(d, a, b, Asm::shr_cl),
            Op::Sar { d, a, b } => self.shift(d, a, b, Asm::sar_cl),
            Op::AddI { d, a, imm } => self.add_immediate(d, a, imm),
            Op::AndI { d, a, imm } => self.immediate(d, a, imm, Asm::and_imm, Asm::and),
            Op::OrI { d, a, imm } => self.immediate(d, a, imm, Asm::or_imm, Asm::or),
            Op::XorI { d, a, imm } => self.immediate(d, a, imm, Asm::xor_imm, Asm::xor),
            Op::ShlI { d, a, imm } => self.unary(d, a, |asm, r| asm.shl_imm(r, imm as u8 & 63)),
            Op::ShrI { d, a, imm } => self.unary(d, a, |asm, r| asm.shr_imm(r, imm as u8 & 63)),
            Op::SarI { d, a, imm } => self.unary(d, a, |asm, r| asm.sar_imm(r, imm as u8 & 63)),
            Op::Add32 { d, a, b } => self.binary32(d, a, b, Asm::add32),
            Op::Sub32 { d, a, b } => self.binary32(d, a, b, Asm::sub32),
            Op::Mul32 { d, a, b } => self.binary32(d, a, b, Asm::imul32),
            Op::Shl32 { d, a, b } => self.shift32(d, a, b, Asm::shl32_cl),
            Op::Shr32 { d, a, b } => self.shift32(d, a, b, Asm::shr32_cl),
            Op::Sar32 { d, a, b } => self.shift32(d, a, b, Asm::sar32_cl),
            Op::AddI32 { d, a, imm } => self.unary32(d, a, |asm, r| asm.add32_imm(r, imm as i32)),
            Op::ShlI32 { d, a, imm } => self.unary32(d, a, |asm, r| asm.shl32_imm(r, imm as u8 & 31)),
            Op::ShrI32 { d, a, imm } => self.unary32(d, a, |asm, r| asm.shr32_imm(r, imm as u8 & 31)),
            Op::SarI32 { d, a, imm } => self.unary32(d, a, |asm, r| asm.sar32_imm(r, imm as u8 & 31)),
            Op::Sext8 { d, a } => self.unary(d, a, |asm, r| asm.sext8(r, r)),
            Op::Sext16 { d, a } => self.unary(d, a, |asm, r| asm.sext16(r, r)),
            Op::Sext32 { d, a } => self.unary(d, a, |asm, r| asm.sext32(r, r)),
            Op::Binary { op: BinaryOp::Rotl, ty: Type::I64, d, a, b } => self.shift(d, a, b, Asm::rol_cl),
            Op::Binary { op: BinaryOp::Rotr, ty: Type::I64, d, a, b } => self.shift(d, a, b, Asm::ror_cl),
            Op::Binary { op, ty: Type::I32, d, a, b } => return self.narrow(op, d, a, b),
            // Tier 0 raises it.
            Op::TrapIf { cond, .. } => {
                let cond = self.regs.read(&mut self.asm, cond);
                self.asm.test(cond, cond);
                let side = self.side_exit();
                self.asm.jump_if(Cond::NotEqual, side);
            }
            // Harts take turns on one thread: nobody else sees an order.
            Op::Fence => (),
            _ => return false,
        }
        true
    }

    /// 32-bit operations; their results are zero-extended.
    fn narrow(&mut self, op: BinaryOp, d: Word, a: Word, b: Word) -> bool {
        let instruction: fn(&mut Asm, Reg, Reg) = match op {
            BinaryOp::Iadd => Asm::add32,
            BinaryOp::Isub => Asm::sub32,
            BinaryOp::Imul => Asm::imul32,
            BinaryOp::Ishl => |asm, r, _| asm.shl32_cl(r),
            BinaryOp::Ushr => |asm, r, _| asm.shr32_cl(r),
            BinaryOp::Sshr => |asm, r, _| asm.sar32_cl(r),
            BinaryOp::Rotl => |asm, r, _| asm.rol32_cl(r),
            BinaryOp::Rotr => |asm, r, _| asm.ror32_cl(r),
            _ => return false,
        };
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        self.asm.mov32(RAX, left);
        // Where shifts and rotations take their count from.
        self.asm.mov32(RCX, right);
        instruction(&mut self.asm, RAX, RCX);
        let to = self.regs.write(&mut self.asm, d);
        self.asm.mov32(to, RAX);
        self.regs.written(&mut self.asm, d, to);
        true
    }

    fn comparison(&mut self, op: &Op) -> bool {
        match *op {
            Op::SetUlt { d, a, b } => self.set(Cond::Below, d, a, b),
            Op::SetSlt { d, a, b } => self.set(Cond::Less, d, a, b),
            Op::SetUltI { d, a, imm } => self.set_immediate(Cond::Below, d, a, imm),
            Op::SetSltI { d, a, imm } => self.set_immediate(Cond::Less, d, a, imm),
            Op::SetEqI { d, a, imm } => self.set_immediate(Cond::Equal, d, a, imm),
            Op::SetNeI { d, a, imm } => self.set_immediate(Cond::NotEqual, d, a, imm),
            Op::Icmp { cond, ty: Type::I64, d, a, b } => match cond {
                IntCC::Eq => self.set(Cond::Equal, d, a, b),
                IntCC::Ne => self.set(Cond::NotEqual, d, a, b),
                IntCC::Slt => self.set(Cond::Less, d, a, b),
                IntCC::Sge => self.set(Cond::GreaterOrEqual, d, a, b),
                IntCC::Sgt => self.set(Cond::Less, d, b, a),
                IntCC::Sle => self.set(Cond::GreaterOrEqual, d, b, a),
                IntCC::Ult => self.set(Cond::Below, d, a, b),
                IntCC::Uge => self.set(Cond::AboveOrEqual, d, a, b),
                IntCC::Ugt => self.set(Cond::Below, d, b, a),
                IntCC::Ule => self.set(Cond::AboveOrEqual, d, b, a),
            },
            Op::Icmp { cond, ty: Type::I32, d, a, b } => match cond {
                IntCC::Slt => self.set32(Cond::Less, d, a, b),
                IntCC::Sge => self.set32(Cond::GreaterOrEqual, d, a, b),
                IntCC::Sgt => self.set32(Cond::Less, d, b, a),
                IntCC::Sle => self.set32(Cond::GreaterOrEqual, d, b, a),
                // The others are comparisons of words.
                _ => return false,
            },
            Op::Select { d, cond, a, b } => self.select(d, cond, a, b),
            Op::Flags { op, ty, a, b, to } => self.flags(op, ty, (a, b), to),
            _ => return false,
        }
        true
    }

    fn set(&mut self, cond: Cond, d: Word, a: Word, b: Word) {
        self.compare_and_set(Asm::cmp, cond, d, a, b);
    }

    /// The same for 32-bit values.
    fn set32(&mut self, cond: Cond, d: Word, a: Word, b: Word) {
        self.compare_and_set(Asm::cmp32, cond, d, a, b);
    }

    fn compare_and_set(&mut self, compare: fn(&mut Asm, Reg, Reg), cond: Cond, d: Word, a: Word, b: Word) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        compare(&mut self.asm, left, right);
        let to = self.regs.write(&mut self.asm, d);
        self.asm.set(cond, to);
        self.regs.written(&mut self.asm, d, to);
    }

    fn set_immediate(&mut self, cond: Cond, d: Word, a: Word, imm: u64) {
        let left = self.regs.read(&mut self.asm, a);
        self.compare_immediate(left, imm);
        let to = self.regs.write(&mut self.asm, d);
        self.asm.set(cond, to);
        self.regs.written(&mut self.asm, d, to);
    }

    /// The flags are slots, so they go to memory, where the rest of the word is zero.
    fn flags(&mut self, op: FlagsOp, ty: Type, (a, b): (Word, Word), to: [Word; 4]) {
        let left = self.regs.read(&mut self.asm, a);
        let right = self.regs.read(&mut self.asm, b);
        let carry = match op {
            FlagsOp::Sub if ty == Type::I32 => {
                self.asm.cmp32(left, right);
                Cond::AboveOrEqual
            }
            FlagsOp::Sub => {
                self.asm.cmp(left, right);
                Cond::AboveOrEqual
            }
            FlagsOp::Add => {
                self.asm.mov(RAX, left);
                let add = if ty == Type::I32 { Asm::add32 } else { Asm::add };
                add(&mut self.asm, RAX, right);
                Cond::Below
            }
        };
        for (cond, word) in [Cond::Negative, Cond::Equal, carry, Cond::Overflow].into_iter().zip(to) {
            self.asm.set_byte(cond, word_mem(word));
            self.regs.forget(word);
        }
    }

    fn compare_immediate(&mut self, left: Reg, imm: u64) {
        match i32::try_from(imm as i64) {
            Ok(0) => self.asm.test(left, left),
            Ok(low) => self.asm.cmp_imm(left, low),
            Err(_) => {
                self.asm.constant(RAX, imm);
                self.asm.cmp(left, RAX);
            }
        }
    }

    fn select(&mut self, d: Word, cond: Word, a: Word, b: Word) {
        let cond = self.regs.read(&mut self.asm, cond);
        let then = self.regs.read(&mut self.asm, a);
        let other = self.regs.read(&mut self.asm, b);
        self.asm.mov(RAX, other);
        self.asm.test(cond, cond);
        self.asm.cmov_not_equal(RAX, then);
        let to = self.regs.write(&mut self.asm, d);
        self.asm.mov(to, RAX);
        self.regs.written(&mut self.asm, d, to);
    }

    fn memory(&mut self, op: &Op) -> bool {
        match *op {
            Op::LoadU8 { regime, d, a, imm } => self.load(1, regime, (d, a, imm), Asm::load_u8),
            Op::LoadS8 { regime, d, a, imm } => self.load(1, regime, (d, a, imm), Asm::load_s8),
            Op::LoadU16 { regime, d, a, imm } => self.load(2, regime, (d, a, imm), Asm::load_u16),
            Op::LoadS16 { regime, d, a, imm } => self.load(2, regime, (d, a, imm), Asm::load_s16),
            Op::LoadU32 { regime, d, a, imm } => self.load(4, regime, (d, a, imm), Asm::load32),
            Op::LoadS32 { regime, d, a, imm } => self.load(4, regime, (d, a, imm), Asm::load_s32),
            Op::Load64 { regime, d, a, imm } => self.load(8, regime, (d, a, imm), Asm::load),
            Op::Store8 { regime, a, v, imm } => self.store(1, regime, (a, v, imm), Asm::store8),
            Op::Store16 { regime, a, v, imm } => self.store(2, regime, (a, v, imm), Asm::store16),
            Op::Store32 { regime, a, v, imm } => self.store(4, regime, (a, v, imm), Asm::store32),
            Op::Store64 { regime, a, v, imm } => self.store(8, regime, (a, v, imm), Asm::store),
            Op::Load128 { regime, aligned: false, d, a, imm } => self.load_vector(regime, (d, a, imm)),
            Op::Store128 { regime, aligned: false, a, v, imm } => self.store_vector(regime, (a, v, imm)),
            Op::Vector(ref op) => return self.vector(op),
            _ => return false,
        }
        true
    }

    /// Lets Rust run the operation; it may leave it to tier 0.
    fn call_tier0(&mut self, op: &Op) {
        self.regs.spill_all(&mut self.asm);
        self.asm.constant(RSI, std::ptr::from_ref(op) as u64);
        self.asm.call_to(self.thunks.run_op);
        self.asm.test8(RAX, RAX);
        let side = self.side_exit();
        self.asm.jump_if(Cond::Equal, side);
        self.forget_written(op);
    }

    /// Rust has run an operation on the words in memory.
    fn forget_written(&mut self, op: &Op) {
        if let Some(d) = op.destination() {
            self.regs.forget(d);
        }
        match op {
            Op::Vector(op) => self.forget_vector(op.destination()),
            Op::Load128 { d, .. } => self.forget_vector(*d),
            _ => (),
        }
        if matches!(op, Op::Call { .. }) {
            self.regs.forget_slots();
        }
    }

    /// Lets Rust call a helper that does more than [`Emit::call_tier0`] can.
    fn call_helper(&mut self, op: &Op) {
        let (insns, insn) = (self.source.insns as usize, self.insn);
        self.regs.spill_all(&mut self.asm);
        self.asm.constant(RSI, std::ptr::from_ref(op) as u64);
        self.address_to(RCX, self.source.code.pc_of(insn));
        self.asm.lea(RAX, mem(RDX, (insns - insn) as i32));
        self.asm.call_to(self.thunks.run_call);
        self.asm.cmp_imm(RAX, called::DONE as i32);
        let side = self.side_exit();
        self.asm.jump_if(Cond::Below, side);
        let leaves_anyway = matches!(self.source.code.ops.last(), Some(Op::Leave { .. }));
        if !(leaves_anyway && insn + 1 == insns) {
            let at = self.asm.label();
            self.asm.jump_if(Cond::NotEqual, at);
            self.later.push(Later::Stop { at, insn });
        }
        self.forget_written(op);
    }
}
