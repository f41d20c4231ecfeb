//! Calls of helpers from compiled code.

use super::flags::Current;
use super::lower::Lower;
use super::unit::Wanted;
use crate::vcpu::Context;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value};
use ir::{HelperId, Slot};
use std::mem::offset_of;

impl Lower<'_, '_> {
    /// Calls a helper that touches slots only, as the host calls functions.
    pub(super) fn call_helper(&mut self, id: HelperId, args: &[ir::Value]) -> Value {
        let args: Vec<Value> = args.iter().map(|v| self.value(*v)).collect();
        self.call_helper_with(id, &args)
    }

    /// The same with arguments of Cranelift's.
    pub(super) fn call_helper_with(&mut self, id: HelperId, args: &[Value]) -> Value {
        self.with_slots_in_memory(id, true, |l| {
            let mut operands = vec![l.cx, l.f.ins().iconst(I64, i64::from(id.0))];
            operands.extend(args);
            while operands.len() < 6 {
                operands.push(l.f.ins().iconst(I64, 0));
            }
            let helper = l.function(Wanted::Helper);
            let call = l.f.ins().call(helper, &operands);
            l.f.inst_results(call)[0]
        })
    }

    /// The same in a cold block, whose surroundings keep their registers, where
    /// the helper does not fault.
    pub(super) fn call_helper_rarely(&mut self, id: HelperId, args: &[ir::Value]) -> Value {
        let args: Vec<Value> = args.iter().map(|v| self.stored(*v)).collect();
        self.call_helper_rarely_with(id, &args)
    }

    /// The same with arguments of Cranelift's, as they are stored.
    pub(super) fn call_helper_rarely_with(&mut self, id: HelperId, args: &[Value]) -> Value {
        self.with_slots_in_memory(id, false, |l| {
            let number = l.f.ins().iconst(I64, i64::from(id.0));
            l.store_context(offset_of!(Context, helper), number);
            for (index, arg) in args.iter().enumerate() {
                l.store_context(offset_of!(Context, helper_args) + 8 * index, *arg);
            }
            let helper = l.function(Wanted::RareHelper);
            l.f.ins().call(helper, &[l.cx]);
            l.load_context(offset_of!(Context, helper_result))
        })
    }

    /// Makes a call of a helper: the slots it touches are in memory meanwhile.
    /// Those it writes are so after, and nothing is to be stored.
    fn with_slots_in_memory(
        &mut self,
        id: HelperId,
        may_fault: bool,
        call: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let decl = *self.spec.helper(id);
        let flags = self.touches_flags(&decl);
        if flags {
            self.settle_flags();
        }
        let touched = |slot: &Slot| decl.reads.contains(*slot) || decl.writes.contains(*slot);
        let slots: Vec<Slot> = (0..self.spec.layout.slots().len() as u16).map(Slot).filter(touched).collect();
        let dirty = self.dirty;
        for slot in slots.iter().filter(|s| dirty.contains(**s)) {
            self.store_slot(*slot);
        }
        let result = call(self);
        if may_fault && !decl.effects.is_empty() {
            let failed = self.load_context(offset_of!(Context, helper_failed));
            let went_well = self.f.ins().icmp_imm_u(Cc::Equal, failed, 0);
            self.unless_side_exit(went_well);
        }
        if flags {
            // The way around the call, if there is one, has not settled them.
            self.flags = Current::Unknown;
        }
        let written = |l: &Self, slot: Slot| decl.writes.contains(slot) && l.flag(slot).is_none();
        for slot in slots.into_iter().filter(|s| written(self, *s)).collect::<Vec<_>>() {
            self.load_slot(slot);
            self.float_known.forget(slot);
        }
        result
    }
}
