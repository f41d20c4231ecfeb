//! Loads and stores of general-purpose registers, and the addressing modes
//! that those of SIMD and floating-point registers share.
//!
//! Source: Arm ARM, C4.1.96, and C1.3.3 (addressing modes).

pub mod atomic;
pub mod exclusive;
pub mod ordered;
pub mod pair;
pub mod single;
pub mod syndrome;

use guest::Access;
use ir::{IntCC, Type, Value};

use crate::{Lift, Op, mmu};

/// Where an access goes, and what its base register becomes afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    /// The address, `i64`.
    pub at: Value,
    /// The base register's new value, if it has one.
    pub writeback: Option<Value>,
}

impl Address {
    /// Base and a signed offset of 9 bits.
    pub fn unscaled(l: &mut Lift, op: Op) -> Address {
        Address::offset(l, op, op.imm9())
    }

    /// Base, to which 9 bits are added afterwards.
    pub fn post_indexed(l: &mut Lift, op: Op) -> Address {
        Address::after(l, op, op.imm9())
    }

    /// Base, to which 9 bits are added before.
    pub fn pre_indexed(l: &mut Lift, op: Op) -> Address {
        Address::before(l, op, op.imm9())
    }

    /// Base and an unsigned offset of 12 bits, in units of the access, which
    /// has `1 << scale` bytes.
    pub fn unsigned_offset(l: &mut Lift, op: Op, scale: u32) -> Address {
        Address::offset(l, op, op.imm12() << scale)
    }

    /// Base and an extended register, shifted by `scale` if S says so; `None`
    /// and an undefined instruction if the extension is from less than 32 bits.
    pub fn register(l: &mut Lift, op: Op, scale: u32) -> Option<Address> {
        let option = op.bits(15, 13);
        if option & 2 == 0 {
            l.undefined();
            return None;
        }
        let base = l.x_sp(op.rn());
        let shift = if op.bit(12) { scale } else { 0 };
        let offset = l.extended(ir::Type::I64, op.rm(), option, shift);
        Some(Address { at: l.b.iadd(base, offset), writeback: None })
    }

    /// Of a pair, whose registers have `1 << scale` bytes: bits 24 and 23 choose
    /// between an offset, none that is added before and one added afterwards.
    pub fn pair(l: &mut Lift, op: Op, scale: u32) -> Address {
        let offset = op.imm7() << scale;
        match op.bits(24, 23) {
            0b01 => Address::after(l, op, offset),
            0b11 => Address::before(l, op, offset),
            _ => Address::offset(l, op, offset),
        }
    }

    /// Base and offset.
    pub fn offset(l: &mut Lift, op: Op, offset: u64) -> Address {
        let base = l.x_sp(op.rn());
        Address { at: l.offset(base, offset), writeback: None }
    }

    fn after(l: &mut Lift, op: Op, offset: u64) -> Address {
        let base = l.x_sp(op.rn());
        let moved = l.offset(base, offset);
        Address { at: base, writeback: Some(moved) }.with_base_moved(l, op, offset)
    }

    fn before(l: &mut Lift, op: Op, offset: u64) -> Address {
        let base = l.x_sp(op.rn());
        let sum = l.offset(base, offset);
        Address { at: sum, writeback: Some(sum) }.with_base_moved(l, op, offset)
    }

    /// The same for an instruction that moves its base by `offset`.
    pub fn with_base_moved(self, l: &mut Lift, op: Op, offset: u64) -> Address {
        if let Some(value) = self.writeback.filter(|_| !l.stays_aligned(op.rn(), offset)) {
            l.will_set_stack(value);
        }
        self
    }

    /// Writes the base register back. To be done last: an access that faults
    /// leaves it alone.
    pub fn write_back(self, l: &mut Lift, op: Op) {
        if let Some(value) = self.writeback {
            l.b.set(crate::state::x(op.rn()), value);
        }
    }
}

impl Lift<'_> {
    /// An alignment fault unless `at` is a multiple of 16, for accesses of that size: the
    /// IR has none that is aligned to more than 8.
    pub fn require_multiple_of_16(&mut self, at: Value, access: Access) {
        let (mask, zero) = (self.i64(15), self.i64(0));
        let low = self.b.band(at, mask);
        let wrong = self.b.icmp(IntCC::Ne, low, zero);
        self.b.trap_if(wrong, mmu::misaligned(0, access).cause, at);
    }

    /// The same if `ty` is that of vectors, where all accesses have to be aligned.
    pub fn check_vector(&mut self, ty: Type, at: Value, access: Access) {
        if ty == Type::V128 && self.mode.aligned() {
            self.require_multiple_of_16(at, access);
        }
    }
}
