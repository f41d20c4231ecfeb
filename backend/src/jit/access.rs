//! Lowers memory operations: the soft TLB's probe inline, its refill in a cold
//! block, and what even then does not go straight to memory left to tier 0.

use super::groups::Role;
use super::lower::Lower;
use super::unit::Wanted;
use crate::description;
use crate::tlb::{ENTRY_SHIFT, PAGE_MASK, TLB_ENTRIES, Tlb, TlbEntry};
use crate::vcpu::{Context, NO_RESERVATION, reservation_kind};
use bus::PAGE_SHIFT;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I64};
use cranelift_codegen::ir::{self as clif, BlockArg, InstBuilder, Type, Value};
use cranelift_frontend::Variable;
use ir::{Align, MemAccess, RmwOp, SlotClass};
use std::mem::offset_of;

/// What an access, or several that share a look, reach.
#[derive(Clone, Copy)]
struct Reach {
    regime: u8,
    align: Align,
    write: bool,
    /// Bytes before the address.
    below: i64,
    /// Bytes from the address on.
    beyond: i64,
}

impl Reach {
    /// What one access reaches.
    fn of(access: MemAccess, bytes: u8, write: bool) -> Reach {
        Reach { regime: access.regime, align: access.align, write, below: 0, beyond: bytes.into() }
    }

    /// Whether it is one access, of no more than a vector.
    fn is_small(self) -> bool {
        self.below == 0 && self.beyond <= 16
    }

    /// The bits of an address that have to equal the tag: the page's, and those
    /// that alignment wants clear.
    fn mask(self) -> u64 {
        match self.align {
            Align::Any => PAGE_MASK,
            Align::Natural => PAGE_MASK | (self.beyond as u64 - 1),
        }
    }
}

/// The last answer of the TLB at one place in a loop.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) page: Variable,
    pub(super) addend: Variable,
}

impl Lower<'_, '_> {
    /// The host address of an access that the TLB lets through; all others
    /// leave to tier 0 at the current instruction.
    pub(super) fn host_address(&mut self, access: MemAccess, bytes: u8, addr: Value, write: bool) -> Value {
        let addend = self.look(Reach::of(access, bytes, write), addr);
        self.f.ins().iadd(addr, addend)
    }

    /// The same for an access that may share its look with others, or with
    /// itself in the last round of a loop.
    fn shared_address(&mut self, access: MemAccess, bytes: u8, addr: Value, write: bool) -> Value {
        let mut reach = Reach::of(access, bytes, write);
        let addend = match self.role() {
            Role::Follows(first) => self.addends[first].expect("the first comes first"),
            role => {
                if let Role::First { below, beyond } = role {
                    (reach.below, reach.beyond) = (below, beyond + 1);
                }
                match self.sites.get(&self.at).copied() {
                    Some(site) => self.look_again(reach, addr, site),
                    None => self.look(reach, addr),
                }
            }
        };
        self.addends[self.at] = Some(addend);
        self.f.ins().iadd(addr, addend)
    }

    /// What makes host addresses of the addresses that an access reaches, if
    /// these lie in one page that the TLB lets through.
    fn look(&mut self, reach: Reach, addr: Value) -> Value {
        if reach.is_small() {
            // The last byte's page decides: if it is the next one, its tag would
            // be in the next entry.
            let last = self.last(reach, addr);
            let page = self.f.ins().band_imm_s(last, reach.mask() as i64);
            return self.look_up(reach, addr, addr, page);
        }
        let page = self.page(reach, addr);
        self.look_up(reach, addr, page, page)
    }

    /// The same where the last answer is likely to be right again: it is kept in
    /// variables, since nothing changes the TLB while the unit runs.
    fn look_again(&mut self, reach: Reach, addr: Value, site: Site) -> Value {
        let page = self.page(reach, addr);
        let known = self.f.use_var(site.page);
        let (lookup, done) = (self.f.create_block(), self.f.create_block());
        let hit = self.f.ins().icmp(IntCC::Equal, page, known);
        self.f.ins().brif(hit, done, &[], lookup, &[]);
        self.f.switch_to_block(lookup);
        let addend = self.look_up(reach, addr, page, page);
        self.f.def_var(site.page, page);
        self.f.def_var(site.addend, addend);
        self.f.ins().jump(done, &[]);
        self.f.switch_to_block(done);
        self.f.use_var(site.addend)
    }

    /// The address of the last byte, or of the first if alignment sees to it
    /// that both are in one page.
    fn last(&mut self, reach: Reach, addr: Value) -> Value {
        match reach {
            Reach { align: Align::Natural, .. } | Reach { below: 0, beyond: 1, .. } => addr,
            Reach { beyond, .. } => self.f.ins().iadd_imm_s(addr, beyond - 1),
        }
    }

    /// The page of the last byte, changed so that it is no tag if the first byte
    /// is in another page or the alignment wrong.
    fn page(&mut self, reach: Reach, addr: Value) -> Value {
        let last = self.last(reach, addr);
        let page = self.f.ins().band_imm_s(last, reach.mask() as i64);
        let first = if reach.below == 0 { addr } else { self.f.ins().iadd_imm_s(addr, -reach.below) };
        if first == last {
            return page;
        }
        let crosses = self.f.ins().bxor(first, last);
        let crosses = self.f.ins().ushr_imm_u(crosses, i64::from(PAGE_SHIFT));
        self.f.ins().bor(page, crosses)
    }

    /// The addend of the page of `addr`, if it is one that the TLB lets through; it
    /// is looked for where a page with the address `at` would be.
    fn look_up(&mut self, reach: Reach, addr: Value, at: Value, page: Value) -> Value {
        let field = if reach.write { offset_of!(TlbEntry, write) } else { offset_of!(TlbEntry, read) };
        let table = offset_of!(Context, tlb) + Tlb::table_offset(reach.regime);
        let shifted = self.f.ins().ushr_imm_u(at, i64::from(PAGE_SHIFT - ENTRY_SHIFT));
        let index = self.f.ins().band_imm_u(shifted, ((TLB_ENTRIES - 1) << ENTRY_SHIFT) as i64);
        let entry = self.f.ins().iadd(self.cx, index);
        let (known, miss) = (self.f.create_block(), self.f.create_block());
        self.f.set_cold_block(miss);
        self.go_on_if_tagged(entry, table + field, page, [known, miss]);
        self.f.switch_to_block(miss);
        self.refill(reach, addr);
        let out = self.f.create_block();
        self.f.set_cold_block(out);
        self.go_on_if_tagged(entry, table + field, page, [known, out]);
        self.f.switch_to_block(out);
        self.leave_side();
        self.f.switch_to_block(known);
        self.f.ins().load(I64, self.tlb_flags, entry, (table + offset_of!(TlbEntry, addend)) as i32)
    }

    /// Goes to one block if an entry's tag is `page`, or else to the other.
    fn go_on_if_tagged(&mut self, entry: Value, field: usize, page: Value, [known, miss]: [clif::Block; 2]) {
        let tag = self.f.ins().load(I64, self.tlb_flags, entry, field as i32);
        let hit = self.f.ins().icmp(IntCC::Equal, page, tag);
        self.f.ins().brif(hit, known, &[], miss, &[]);
    }

    /// Makes the TLB look for the page of an access, in a cold block. What the guest
    /// then looks at is in the state.
    fn refill(&mut self, reach: Reach, addr: Value) {
        for slot in self.dirty.iter() {
            if !matches!(self.spec.layout.info(slot).class, SlotClass::Gpr | SlotClass::Fpr) {
                self.store_slot(slot);
            }
        }
        let first = if reach.below == 0 { addr } else { self.f.ins().iadd_imm_s(addr, -reach.below) };
        let bytes = (reach.below + reach.beyond) as u8;
        let what = description::pack(bytes, reach.regime, reach.write);
        let what = self.f.ins().iconst(I64, i64::from(what));
        // In memory: to want them in certain registers makes the hot path slower.
        self.store_context(offset_of!(Context, helper_args), first);
        self.store_context(offset_of!(Context, helper_args) + 8, what);
        let refill = self.function(Wanted::RareRefill);
        self.f.ins().call(refill, &[self.cx]);
    }

    pub(super) fn load(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        let host = self.shared_address(access, ty.bytes() as u8, addr, false);
        self.f.ins().load(ty, self.guest_flags, host, 0)
    }

    pub(super) fn store(&mut self, access: MemAccess, addr: Value, value: Value) {
        let bytes = self.f.func.dfg.value_type(value).bytes() as u8;
        let host = self.shared_address(access, bytes, addr, true);
        self.f.ins().store(self.guest_flags, value, host, 0);
    }

    pub(super) fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        let host = self.host_address(access, ty.bytes() as u8, addr, false);
        let value = self.f.ins().load(ty, self.guest_flags, host, 0);
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
        let old = self.f.ins().load(ty, self.guest_flags, host, 0);
        let differs = self.f.ins().icmp(IntCC::NotEqual, old, expected);
        let kept = self.f.ins().select(differs, old, value);
        self.f.ins().store(self.guest_flags, kept, host, 0);
        self.f.ins().jump(done, &[BlockArg::Value(differs)]);
        self.f.switch_to_block(done);
        result
    }

    pub(super) fn atomic_rmw(&mut self, op: RmwOp, access: MemAccess, addr: Value, value: Value) -> Value {
        let ty = self.f.func.dfg.value_type(value);
        let host = self.host_address(natural(access), ty.bytes() as u8, addr, true);
        // Harts take turns on one thread: nobody sees what is between.
        let old = self.f.ins().load(ty, self.guest_flags, host, 0);
        let new = match op {
            RmwOp::Xchg => value,
            RmwOp::Add => self.f.ins().iadd(old, value),
            RmwOp::Sub => self.f.ins().isub(old, value),
            RmwOp::And => self.f.ins().band(old, value),
            RmwOp::Or => self.f.ins().bor(old, value),
            RmwOp::Xor => self.f.ins().bxor(old, value),
            RmwOp::Umin => self.f.ins().umin(old, value),
            RmwOp::Umax => self.f.ins().umax(old, value),
            RmwOp::Smin => self.f.ins().smin(old, value),
            RmwOp::Smax => self.f.ins().smax(old, value),
        };
        self.f.ins().store(self.guest_flags, new, host, 0);
        old
    }

    pub(super) fn atomic_cas(
        &mut self,
        access: MemAccess,
        addr: Value,
        expected: Value,
        new: Value,
    ) -> Value {
        let ty = self.f.func.dfg.value_type(new);
        let host = self.host_address(natural(access), ty.bytes() as u8, addr, true);
        let old = self.f.ins().load(ty, self.guest_flags, host, 0);
        let same = self.f.ins().icmp(IntCC::Equal, old, expected);
        let kept = self.f.ins().select(same, new, old);
        self.f.ins().store(self.guest_flags, kept, host, 0);
        old
    }
}

/// Atomic accesses are aligned, whatever the descriptor says.
fn natural(access: MemAccess) -> MemAccess {
    MemAccess { align: Align::Natural, ..access }
}
