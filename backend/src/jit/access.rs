//! Lowers memory operations: the soft TLB's probe inline, and everything it
//! does not know left to tier 0.

use super::lower::Lower;
use crate::tlb::{PAGE_MASK, TLB_ENTRIES, TlbEntry};
use crate::vcpu::{Context, NO_RESERVATION, reservation_kind};
use bus::PAGE_SHIFT;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I64};
use cranelift_codegen::ir::{AtomicRmwOp, BlockArg, InstBuilder, Type, Value};
use ir::{Align, MemAccess, RmwOp};
use std::mem::{offset_of, size_of};

/// Log2 of the size of a TLB entry.
const ENTRY_SHIFT: u32 = size_of::<TlbEntry>().trailing_zeros();

impl Lower<'_, '_> {
    /// The host address of an access that the TLB lets through; all others
    /// leave to tier 0 at the current instruction.
    pub(super) fn host_address(&mut self, access: MemAccess, bytes: u8, addr: Value, write: bool) -> Value {
        let field = if write { offset_of!(TlbEntry, write) } else { offset_of!(TlbEntry, read) };
        let table =
            offset_of!(Context, tlb) + usize::from(access.regime) * TLB_ENTRIES * size_of::<TlbEntry>();
        let shifted = self.f.ins().ushr_imm_u(addr, i64::from(PAGE_SHIFT - ENTRY_SHIFT));
        let index = self.f.ins().band_imm_u(shifted, ((TLB_ENTRIES - 1) << ENTRY_SHIFT) as i64);
        let entry = self.f.ins().iadd(self.cx, index);
        let tag = self.f.ins().load(I64, self.tlb_flags, entry, (table + field) as i32);
        // A page crossing shows in the last byte, a wrong alignment in the low
        // bits; neither ever equals a tag.
        let (from, mask) = match access.align {
            Align::Any if bytes > 1 => (self.f.ins().iadd_imm_u(addr, i64::from(bytes) - 1), PAGE_MASK),
            Align::Any => (addr, PAGE_MASK),
            Align::Natural => (addr, PAGE_MASK | (u64::from(bytes) - 1)),
        };
        let page = self.f.ins().band_imm_s(from, mask as i64);
        let hit = self.f.ins().icmp(IntCC::Equal, page, tag);
        self.unless_side_exit(hit);
        let addend =
            self.f.ins().load(I64, self.tlb_flags, entry, (table + offset_of!(TlbEntry, addend)) as i32);
        self.f.ins().iadd(addr, addend)
    }

    pub(super) fn load(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        let host = self.host_address(access, ty.bytes() as u8, addr, false);
        self.order(access.order, false);
        self.f.ins().load(ty, self.guest_flags, host, 0)
    }

    pub(super) fn store(&mut self, access: MemAccess, addr: Value, value: Value) {
        let bytes = self.f.func.dfg.value_type(value).bytes() as u8;
        let host = self.host_address(access, bytes, addr, true);
        self.order(access.order, true);
        self.f.ins().store(self.guest_flags, value, host, 0);
    }

    /// A full fence before what is stronger than the host's plain access.
    fn order(&mut self, order: ir::Order, is_store: bool) {
        let wanted = match order {
            ir::Order::Relaxed => false,
            ir::Order::Acquire => !is_store,
            ir::Order::Release => is_store,
            ir::Order::SeqCst => true,
        };
        if wanted {
            self.f.ins().fence();
        }
    }

    pub(super) fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        let value = self.load(ty, access, addr);
        let wide = if ty == I64 { value } else { self.f.ins().uextend(I64, value) };
        self.store_context(offset_of!(Context, reserved_at), addr);
        self.store_context(offset_of!(Context, reserved_value), wide);
        let kind = self.reservation_kind(ty, access);
        self.store_context(offset_of!(Context, reserved_as), kind);
        value
    }

    fn reservation_kind(&mut self, ty: Type, access: MemAccess) -> Value {
        let kind = reservation_kind(ty.bytes() as u8, access.regime);
        self.f.ins().iconst(I64, kind as i64)
    }

    /// Yields 0 if it stored. It faults as a store does, so the probe is first.
    pub(super) fn store_conditional(&mut self, access: MemAccess, addr: Value, value: Value) -> Value {
        let ty = self.f.func.dfg.value_type(value);
        let host = self.host_address(access, ty.bytes() as u8, addr, true);
        let reserved = self.load_context(offset_of!(Context, reserved_at));
        let none = self.f.ins().iconst(I64, NO_RESERVATION as i64);
        self.store_context(offset_of!(Context, reserved_at), none);
        let same_address = self.f.ins().icmp(IntCC::Equal, reserved, addr);
        let reserved_as = self.load_context(offset_of!(Context, reserved_as));
        let kind = self.reservation_kind(ty, access);
        let same_kind = self.f.ins().icmp(IntCC::Equal, reserved_as, kind);
        let stands = self.f.ins().band(same_address, same_kind);
        let (attempt, done) = (self.f.create_block(), self.f.create_block());
        let result = self.f.append_block_param(done, I8);
        let failed = self.f.ins().iconst(I8, 1);
        self.f.ins().brif(stands, attempt, &[], done, &[BlockArg::Value(failed)]);
        self.f.switch_to_block(attempt);
        let wide = self.load_context(offset_of!(Context, reserved_value));
        let expected = if ty == I64 { wide } else { self.f.ins().ireduce(ty, wide) };
        let old = self.f.ins().atomic_cas(self.guest_flags, host, expected, value);
        let differs = self.f.ins().icmp(IntCC::NotEqual, old, expected);
        self.f.ins().jump(done, &[BlockArg::Value(differs)]);
        self.f.switch_to_block(done);
        result
    }

    pub(super) fn atomic_rmw(&mut self, op: RmwOp, access: MemAccess, addr: Value, value: Value) -> Value {
        let ty = self.f.func.dfg.value_type(value);
        let host = self.host_address(natural(access), ty.bytes() as u8, addr, true);
        let op = match op {
            RmwOp::Xchg => AtomicRmwOp::Xchg,
            RmwOp::Add => AtomicRmwOp::Add,
            RmwOp::Sub => AtomicRmwOp::Sub,
            RmwOp::And => AtomicRmwOp::And,
            RmwOp::Or => AtomicRmwOp::Or,
            RmwOp::Xor => AtomicRmwOp::Xor,
            RmwOp::Umin => AtomicRmwOp::Umin,
            RmwOp::Umax => AtomicRmwOp::Umax,
            RmwOp::Smin => AtomicRmwOp::Smin,
            RmwOp::Smax => AtomicRmwOp::Smax,
        };
        self.f.ins().atomic_rmw(ty, self.guest_flags, op, host, value)
    }

    pub(super) fn atomic_cas(
        &mut self,
        access: MemAccess,
        addr: Value,
        expected: Value,
        new: Value,
    ) -> Value {
        let bytes = self.f.func.dfg.value_type(new).bytes() as u8;
        let host = self.host_address(natural(access), bytes, addr, true);
        self.f.ins().atomic_cas(self.guest_flags, host, expected, new)
    }
}

/// Atomic accesses are aligned, whatever the descriptor says.
fn natural(access: MemAccess) -> MemAccess {
    MemAccess { align: Align::Natural, ..access }
}
