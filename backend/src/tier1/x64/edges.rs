//! How a block is left: to other blocks, to the engine, to tier 0.

use super::Emit;
use super::asm::{Cond, RAX, RCX, RDI, RSI, Reg, mem};
use crate::jumps::{HIGH_SHIFT, JUMP_ENTRIES, JumpCache, JumpEntry, LOW_SHIFT};
use crate::links::Link;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use std::mem::{offset_of, size_of};

/// The offset of a field in the first entry of the jump cache.
fn jump_field(field: usize) -> i32 {
    (offset_of!(Context, jumps) + JumpCache::ENTRIES_OFFSET + field) as i32
}

impl Emit<'_> {
    /// Goes on at a guest address that is known now, up to the origin.
    pub(super) fn exit_to(&mut self, pc: u64) {
        if pc == self.source.key.pc {
            return self.asm.jump(self.start);
        }
        match self.source.link_to(pc) {
            Some(link) => {
                self.asm.constant(RAX, link);
                self.through_link();
            }
            None => {
                // Another page may be mapped anew: its code is where the jump cache
                // says.
                self.address_to(RAX, pc);
                self.exit_indirect(RAX);
            }
        }
    }

    /// Jumps to where the link at `RAX` leads.
    fn through_link(&mut self) {
        self.asm.load32(RSI, mem(RAX, offset_of!(Link, entry) as i32));
        self.asm.jump_mem(mem(RAX, offset_of!(Link, code) as i32));
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
        self.asm.cmp_mem(RAX, mem(RCX, jump_field(offset_of!(JumpEntry, pc))));
        self.asm.jump_if(Cond::NotEqual, miss);
        self.asm.load(RSI, mem(RDI, offset_of!(Context, jump_tag) as i32));
        self.asm.cmp_mem(RSI, mem(RCX, jump_field(offset_of!(JumpEntry, tag))));
        self.asm.jump_if(Cond::NotEqual, miss);
        self.asm.and_imm(RAX, PAGE_MASK as i32);
        self.asm.store(mem(RDI, offset_of!(Context, origin) as i32), RAX);
        self.asm.load(RAX, mem(RCX, jump_field(offset_of!(JumpEntry, link))));
        self.through_link();
        self.asm.bind(miss);
        self.asm.jump_to(self.thunks.jump);
    }
}
