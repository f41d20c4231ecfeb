//! How a block is left: to other blocks, to the engine, to tier 0.

use super::asm::{Asm, Cond, Label, RAX, RCX, RDI, RDX, RSI, Reg, mem, mem_indexed};
use super::{Emit, Later};
use crate::block::SAMPLES;
use crate::jumps::{HIGH_SHIFT, JUMP_ENTRIES, JumpCache, JumpEntry, LOW_SHIFT};
use crate::links::Link;
use crate::tier0::{Op, Word, ZERO};
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use ir::Leave;
use std::mem::{offset_of, size_of};

/// The offset of a field in the first entry of the jump cache.
fn jump_field(field: usize) -> i32 {
    (offset_of!(Context, jumps) + JumpCache::ENTRIES_OFFSET + field) as i32
}

/// Jumps to where the link at `RAX` leads.
fn through_link(asm: &mut Asm) {
    asm.load32(RSI, mem(RAX, offset_of!(Link, entry) as i32));
    asm.jump_mem(mem(RAX, offset_of!(Link, code) as i32));
}

/// Goes on at the guest address in `RAX` if it is in the jump cache's entry that
/// at `RCX`, if the table started with the context.
fn go_on_if_known(asm: &mut Asm, miss: Label) {
    asm.cmp_mem(RAX, mem(RCX, jump_field(offset_of!(JumpEntry, pc))));
    asm.jump_if(Cond::NotEqual, miss);
    asm.load(RSI, mem(RDI, offset_of!(Context, jump_tag) as i32));
    asm.cmp_mem(RSI, mem(RCX, jump_field(offset_of!(JumpEntry, tag))));
    asm.jump_if(Cond::NotEqual, miss);
    asm.and_imm(RAX, PAGE_MASK as i32);
    asm.store(mem(RDI, offset_of!(Context, origin) as i32), RAX);
    asm.load(RAX, mem(RCX, jump_field(offset_of!(JumpEntry, link))));
    through_link(asm);
}

/// Shared code that looks at an address's second place once [`go_on_if_known`] has
/// not found it at the first, and leaves by `jump` if it is not there either.
pub(super) fn second_place(asm: &mut Asm, jump: u64) {
    let miss = asm.label();
    asm.sub(RCX, RDI);
    asm.xor_imm(RCX, size_of::<JumpEntry>() as i32);
    asm.add(RCX, RDI);
    go_on_if_known(asm, miss);
    asm.bind(miss);
    asm.jump_to(jump);
}

impl Emit<'_> {
    /// Goes on at a guest address that is known now, up to the origin.
    pub(super) fn exit_to(&mut self, pc: u64) {
        // A loop goes through its link as well: where a region has been left for this
        // block alone, the next round is the region's again.
        let own = (pc == self.source.key.pc).then_some(self.source.link);
        match own.or_else(|| self.source.link_to(pc)) {
            Some(link) => {
                self.asm.constant(RAX, link);
                through_link(&mut self.asm);
            }
            None => {
                // Another page may be mapped anew: its code is where the jump cache
                // says.
                self.address_to(RAX, pc);
                self.exit_indirect(RAX);
            }
        }
    }

    /// Goes on at the guest address in a register.
    pub(super) fn exit_indirect(&mut self, target: Reg) {
        let miss = self.asm.label();
        if target != RAX {
            self.asm.mov(RAX, target);
        }
        self.asm.mov(RCX, RAX);
        self.asm.mov(RSI, RAX);
        self.asm.shr_imm(RCX, LOW_SHIFT);
        self.asm.shr_imm(RSI, HIGH_SHIFT);
        self.asm.xor(RCX, RSI);
        self.asm.and32_imm(RCX, JUMP_ENTRIES as i32 - 1);
        self.asm.shl_imm(RCX, size_of::<JumpEntry>().trailing_zeros() as u8);
        self.asm.add(RCX, RDI);
        go_on_if_known(&mut self.asm, miss);
        self.asm.bind(miss);
        self.asm.jump_to(self.thunks.second_place);
    }

    /// Notes that an indirect jump leads to the guest address in `RAX`, for who grows
    /// a region. The budget spreads the notes; see [`crate::block::Seen`].
    fn note_target(&mut self) {
        let Some(seen) = self.source.seen else { return };
        self.asm.mov32(RCX, RDX);
        self.asm.and32_imm(RCX, SAMPLES as i32 - 1);
        self.asm.shl32_imm(RCX, size_of::<u32>().trailing_zeros() as u8);
        self.asm.constant(RSI, seen);
        self.asm.store32(mem_indexed(RSI, RCX, 0), RAX);
    }

    pub(super) fn terminator(&mut self, op: &Op) -> bool {
        match *op {
            Op::Jump { pc } => self.exit_to(pc),
            Op::BrEq { a, b } => self.branch(Cond::Equal, a, b),
            Op::BrNe { a, b } => self.branch(Cond::NotEqual, a, b),
            Op::BrSlt { a, b } => self.branch(Cond::Less, a, b),
            Op::BrSge { a, b } => self.branch(Cond::GreaterOrEqual, a, b),
            Op::BrUlt { a, b } => self.branch(Cond::Below, a, b),
            Op::BrUge { a, b } => self.branch(Cond::AboveOrEqual, a, b),
            Op::BrEqI { a, imm } => self.branch_immediate(Cond::Equal, a, imm),
            Op::BrNeI { a, imm } => self.branch_immediate(Cond::NotEqual, a, imm),
            Op::Indirect { a } => {
                let target = self.regs.read(&mut self.asm, a);
                if target != RAX {
                    self.asm.mov(RAX, target);
                }
                self.note_target();
                self.exit_indirect(RAX);
            }
            Op::Leave { reason, a } => {
                let pc = self.regs.read(&mut self.asm, a);
                self.asm.mov(RAX, pc);
                self.asm.jump_to(match reason {
                    Leave::Resume => self.thunks.resume,
                    Leave::Firmware => self.thunks.firmware,
                    Leave::Idle => self.thunks.idle,
                });
            }
            Op::Trap { a, cause } => {
                let value = self.regs.read(&mut self.asm, a);
                self.asm.mov(RAX, value);
                self.address_to(RCX, self.source.code.pc_of(self.insn));
                self.asm.constant(RSI, cause);
                self.asm.jump_to(self.thunks.raise);
            }
            _ => return false,
        }
        true
    }

    fn branch(&mut self, cond: Cond, a: Word, b: Word) {
        let left = self.regs.read(&mut self.asm, a);
        if b == ZERO {
            self.asm.test(left, left);
        } else {
            let right = self.regs.read(&mut self.asm, b);
            self.asm.cmp(left, right);
        }
        self.two_ways(cond);
    }

    fn branch_immediate(&mut self, cond: Cond, a: Word, imm: u64) {
        let left = self.regs.read(&mut self.asm, a);
        self.compare_immediate(left, imm);
        self.two_ways(cond);
    }

    fn two_ways(&mut self, cond: Cond) {
        let taken = self.asm.label();
        self.asm.jump_if(cond, taken);
        self.exit_to(self.source.code.other);
        self.asm.bind(taken);
        self.exit_to(self.source.code.taken);
    }

    /// What jumps out of the block's way led to.
    pub(super) fn out_of_line(&mut self) {
        for later in std::mem::take(&mut self.later) {
            match later {
                Later::Refill { at, description, retry, side } => {
                    self.asm.bind(at);
                    self.asm.mov32_imm(RSI, description);
                    self.asm.call_to(self.thunks.refill);
                    self.asm.test8(RAX, RAX);
                    self.asm.jump_if(Cond::NotEqual, retry);
                    self.asm.jump(side);
                }
                Later::Side { at, insn } => self.leave(at, insn, self.thunks.side),
                Later::Stop { at, insn } => self.leave_behind(at, insn),
                Later::Hot { at } => self.leave(at, 0, self.thunks.hot),
            }
        }
    }

    /// Leaves behind guest instruction `insn`, for the engine to look.
    fn leave_behind(&mut self, at: Label, insn: usize) {
        match self.source.code.ops.last() {
            Some(Op::Jump { pc }) if insn + 1 == self.source.insns as usize => {
                self.asm.bind(at);
                self.address_to(RAX, *pc);
                self.asm.jump_to(self.thunks.resume);
            }
            _ => self.leave(at, insn + 1, self.thunks.resume),
        }
    }

    /// Leaves with guest instruction `insn` and what follows not run.
    fn leave(&mut self, at: Label, insn: usize, thunk: u64) {
        self.asm.bind(at);
        let not_run = self.source.insns as usize - insn;
        self.asm.add_imm(RDX, not_run as i32);
        self.address_to(RAX, self.source.code.pc_of(insn));
        self.asm.jump_to(thunk);
    }
}
