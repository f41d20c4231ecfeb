//! Loads and stores: the soft TLB's probe inline; what it does not let through
//! is filled in by Rust and tried again, or else left to tier 0.

use super::asm::{Asm, Cond, Mem, RAX, RCX, RDI, RSI, Reg, mem, mem_indexed};
use super::regs::word_mem;
use super::{Emit, Later};
use crate::description;
use crate::tier0::Word;
use crate::tlb::{ENTRY_SHIFT, PAGE_MASK, TLB_ENTRIES, Tlb, TlbEntry};
use crate::vcpu::Context;
use bus::PAGE_SHIFT;
use std::mem::offset_of;

impl Emit<'_> {
    /// The host memory of an access, once the TLB lets it through.
    fn probe(&mut self, bytes: u8, regime: u8, base: Reg, offset: u64, write: bool) -> Mem {
        let table = offset_of!(Context, tlb) + Tlb::table_offset(regime);
        let tag = if write { offset_of!(TlbEntry, write) } else { offset_of!(TlbEntry, read) };
        let (retry, miss) = (self.asm.here(), self.asm.label());
        match i32::try_from(offset as i64) {
            Ok(0) => self.asm.mov(RAX, base),
            Ok(offset) => self.asm.lea(RAX, mem(base, offset)),
            Err(_) => {
                self.asm.constant(RAX, offset);
                self.asm.add(RAX, base);
            }
        }
        self.asm.mov32(RCX, RAX);
        self.asm.shr32_imm(RCX, (PAGE_SHIFT - ENTRY_SHIFT) as u8);
        self.asm.and32_imm(RCX, ((TLB_ENTRIES - 1) << ENTRY_SHIFT) as i32);
        // The last byte's page decides: if it is the next one, its tag would be
        // in the next entry.
        match bytes {
            1 => self.asm.mov(RSI, RAX),
            _ => self.asm.lea(RSI, mem(RAX, i32::from(bytes) - 1)),
        }
        self.asm.and_imm(RSI, PAGE_MASK as i32);
        self.asm.cmp_mem(RSI, mem_indexed(RDI, RCX, (table + tag) as i32));
        self.asm.jump_if(Cond::NotEqual, miss);
        let addend = table + offset_of!(TlbEntry, addend);
        self.asm.load(RCX, mem_indexed(RDI, RCX, addend as i32));
        let side = self.side_exit();
        let description = description::pack(bytes, regime, write);
        self.later.push(Later::Refill { at: miss, description, retry, side });
        mem_indexed(RAX, RCX, 0)
    }

    /// A load, with the instruction that extends as wanted.
    pub(super) fn load(
        &mut self,
        bytes: u8,
        regime: u8,
        (d, a, offset): (Word, Word, u64),
        instruction: fn(&mut Asm, Reg, Mem),
    ) {
        let base = self.regs.read(&mut self.asm, a);
        self.regs.reserve(&mut self.asm, d);
        let host = self.probe(bytes, regime, base, offset, false);
        let reg = self.regs.write(&mut self.asm, d);
        instruction(&mut self.asm, reg, host);
        self.regs.written(&mut self.asm, d, reg);
    }

    /// A load of a vector, which goes to memory.
    pub(super) fn load_vector(&mut self, regime: u8, (d, a, offset): (Word, Word, u64)) {
        let base = self.regs.read(&mut self.asm, a);
        let host = self.probe(16, regime, base, offset, false);
        self.asm.load_vector(0, host);
        self.asm.store_vector(word_mem(d), 0);
        self.forget_vector(d);
    }

    /// A store of a vector.
    pub(super) fn store_vector(&mut self, regime: u8, (a, v, offset): (Word, Word, u64)) {
        let base = self.regs.read(&mut self.asm, a);
        let host = self.probe(16, regime, base, offset, true);
        self.asm.load_vector(0, word_mem(v));
        self.asm.store_vector(host, 0);
    }

    /// A store of the low bytes of word `v`.
    pub(super) fn store(
        &mut self,
        bytes: u8,
        regime: u8,
        (a, v, offset): (Word, Word, u64),
        instruction: fn(&mut Asm, Mem, Reg),
    ) {
        let base = self.regs.read(&mut self.asm, a);
        let value = self.regs.read(&mut self.asm, v);
        let host = self.probe(bytes, regime, base, offset, true);
        instruction(&mut self.asm, host, value);
    }
}
