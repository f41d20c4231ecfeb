//! Lowers loads and stores to accesses of a window, in which the host's own page
//! tables stand for the TLB; see [`crate::windows`].
//!
//! Where nothing is mapped the access raises a signal. If the page cannot be
//! mapped, what follows is run in a copy of the code without accesses, with a
//! budget below zero: that is looked at behind each *run* of accesses, which
//! leaves to tier 0 where the run began. So a run holds what may be done again:
//! no store behind a load that it might reach, and nothing but memory and values.

use super::flags::Kept;
use super::lower::Lower;
use crate::region::Slots;
use crate::vcpu::Context;
use crate::windows::{GUARD_BYTES, Place};
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, TrapCode, Type, Value};
use ir::{Align, BinaryOp, Inst, MemAccess, Order, Slot};
use std::mem::offset_of;

/// What marks accesses to windows.
pub(super) const TRAP: TrapCode = TrapCode::unwrap_user(1);

/// The farthest constant distance from the address that is looked at.
const DISTANCE_MAX: u64 = 1 << 30;
const _: () = assert!(DISTANCE_MAX + 8 < GUARD_BYTES);

/// How a unit reaches its window.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) place: Place,
    /// What makes host addresses of guest addresses.
    pub(super) bias: Value,
}

/// A run of accesses that may all be done again from the first on.
pub(super) struct Run {
    /// Where it begins.
    pub(super) pc: u64,
    pub(super) not_run: u32,
    pub(super) dirty: Slots,
    /// What slots that were written since had before.
    pub(super) before: Vec<(Slot, Value)>,
    /// What was loaded.
    loaded: Vec<Reach>,
    /// What the engine is to be told of the flags there.
    pub(super) flags: Option<Kept>,
}

/// Bytes at constant distances from a value.
#[derive(Clone, Copy)]
struct Reach {
    root: ir::Value,
    first: i64,
    last: i64,
}

impl Reach {
    fn may_overlap(&self, other: &Reach) -> bool {
        self.root != other.root || self.first <= other.last && other.first <= self.last
    }
}

impl Lower<'_, '_> {
    /// Whether an access goes to the unit's window.
    fn is_mapped(&self, access: MemAccess) -> bool {
        let plain = access.align == Align::Any && access.order == Order::Relaxed;
        plain && self.shown.is_some_and(|shown| shown.place.regime == access.regime)
    }

    /// Begins and ends runs of accesses, before an operation is lowered.
    pub(super) fn prepare(&mut self, inst: &Inst, types: &[Option<ir::Type>]) {
        match *inst {
            Inst::Set { slot, .. } => self.keep_slot(slot),
            Inst::SetFlags { flags, .. } if self.lazy.is_none() => {
                flags.all().into_iter().for_each(|slot| self.keep_slot(slot))
            }
            Inst::Load { ty, access, addr } if self.is_mapped(access) => {
                let reach = self.reach(addr, ty);
                self.begin_run().loaded.push(reach);
            }
            Inst::Store { access, addr, value } if self.is_mapped(access) => {
                let ty = types[value.index()].expect("the verifier lets no operand without a type through");
                let reach = self.reach(addr, ty);
                if self.run.as_ref().is_some_and(|run| run.loaded.iter().any(|l| l.may_overlap(&reach))) {
                    self.end_run();
                }
                self.begin_run();
            }
            Inst::Fence | Inst::TrapIf { .. } | Inst::Call { .. } | Inst::LaneCall { .. } => self.end_run(),
            _ if inst.touches_memory() => self.end_run(),
            _ => (),
        }
    }

    /// A slot is about to be written: the run may have to leave with what it had.
    fn keep_slot(&mut self, slot: Slot) {
        let wanted = |run: &Run| run.dirty.contains(slot) && run.before.iter().all(|(kept, _)| *kept != slot);
        if self.run.as_ref().is_some_and(wanted) {
            let variable = self.variable(slot);
            let value = self.f.use_var(variable);
            self.run.iter_mut().for_each(|run| run.before.push((slot, value)));
        }
    }

    fn begin_run(&mut self) -> &mut Run {
        let (pc, not_run, dirty) = (self.pc, self.not_run, self.dirty);
        if self.run.is_none() {
            let flags = self.kept_flags();
            self.run = Some(Run { pc, not_run, dirty, before: Vec::new(), loaded: Vec::new(), flags });
        }
        self.run.as_mut().expect("there is one now")
    }

    /// Leaves to where the run began if one of its accesses has failed.
    pub(super) fn end_run(&mut self) {
        if self.run.is_some() {
            let budget = self.f.ins().get_pinned_reg(I64);
            let went_well = self.f.ins().icmp_imm_s(Cc::SignedGreaterThanOrEqual, budget, 0);
            self.unless_side_exit(went_well);
            self.run = None;
        }
    }

    /// An address as a value and a constant distance from it.
    fn root(&self, addr: ir::Value) -> (ir::Value, i64) {
        let (mut root, mut distance) = (addr, 0i64);
        while let Inst::Binary { op: BinaryOp::Iadd, lhs, rhs } = self.insts[root.index()]
            && let Inst::Iconst { value, .. } = self.insts[rhs.index()]
            && let Some(sum) = distance.checked_add(value as i64)
            && sum.unsigned_abs() < DISTANCE_MAX
        {
            (root, distance) = (lhs, sum);
        }
        (root, distance)
    }

    fn reach(&self, addr: ir::Value, ty: ir::Type) -> Reach {
        let (root, first) = self.root(addr);
        Reach { root, first, last: first + i64::from(ty.bytes()) - 1 }
    }

    /// The host address of an access, and what is to be added to it. If the
    /// guest's is not in the window, the run is left.
    fn place_in_window(&mut self, shown: Shown, addr: ir::Value) -> (Value, i32) {
        let (root, distance) = self.root(addr);
        let root = self.value(root);
        if !self.in_window.contains(&root) {
            let end = self.load_context(offset_of!(Context, window_ends) + 8 * usize::from(shown.place.high));
            let order = if shown.place.high { Cc::UnsignedGreaterThanOrEqual } else { Cc::UnsignedLessThan };
            let inside = self.f.ins().icmp(order, root, end);
            self.unless_side_exit(inside);
            self.in_window.push(root);
        }
        (self.f.ins().iadd(root, shown.bias), distance as i32)
    }

    fn window_flags(&self) -> MemFlagsData {
        self.guest_flags.with_trap_code(Some(TRAP))
    }

    /// A load by whatever way the unit's accesses take.
    pub(super) fn load_guest(&mut self, ty: Type, access: MemAccess, addr: ir::Value) -> Value {
        let mapped = self.load_mapped(ty, access, addr);
        mapped.unwrap_or_else(|| self.load(ty, access, self.value(addr)))
    }

    /// The same for a store.
    pub(super) fn store_guest(&mut self, access: MemAccess, addr: ir::Value, value: Value) {
        if !self.store_mapped(access, addr, value) {
            self.store(access, self.value(addr), value);
        }
    }

    /// A load from the window, if that is where it goes.
    fn load_mapped(&mut self, ty: Type, access: MemAccess, addr: ir::Value) -> Option<Value> {
        let shown = self.shown.filter(|_| self.is_mapped(access))?;
        let (host, offset) = self.place_in_window(shown, addr);
        let flags = self.window_flags();
        self.mapped_accesses += 1;
        let signed = match self.insts.get(self.at + 1) {
            Some(Inst::Uextend { ty: ir::Type::I64, value }) if value.index() == self.at => Some(false),
            Some(Inst::Sextend { ty: ir::Type::I64, value }) if value.index() == self.at => Some(true),
            _ => None,
        };
        let ins = self.f.ins();
        // The way to the next operation may be through another block, in which no
        // load is joined with what makes it wider.
        let wide = match (ty, signed) {
            (I8, Some(false)) => ins.uload8(I64, flags, host, offset),
            (I8, Some(true)) => ins.sload8(I64, flags, host, offset),
            (I16, Some(false)) => ins.uload16(I64, flags, host, offset),
            (I16, Some(true)) => ins.sload16(I64, flags, host, offset),
            (I32, Some(false)) => ins.uload32(flags, host, offset),
            (I32, Some(true)) => ins.sload32(flags, host, offset),
            _ => return Some(ins.load(ty, flags, host, offset)),
        };
        self.extended = Some((self.at + 1, wide));
        Some(self.f.ins().ireduce(ty, wide))
    }

    /// The result of an operation that a load has done too.
    pub(super) fn extended(&mut self) -> Option<Value> {
        self.extended.take_if(|(at, _)| *at == self.at).map(|(_, wide)| wide)
    }

    /// A store to the window. Tells whether that is where it goes.
    fn store_mapped(&mut self, access: MemAccess, addr: ir::Value, value: Value) -> bool {
        let Some(shown) = self.shown.filter(|_| self.is_mapped(access)) else { return false };
        let (host, offset) = self.place_in_window(shown, addr);
        let flags = self.window_flags();
        self.mapped_accesses += 1;
        self.f.ins().store(flags, value, host, offset);
        true
    }
}
