//! Lowers a region to one Cranelift function: slots become SSA variables,
//! loaded once at each entry and stored where the region leaves.
//!
//! An access that the TLB does not let through, and a helper that faults, leave
//! their instruction to tier 0: the function stores what it changed and the
//! instruction's pc, and returns. So every such point is exact, and costs the
//! hot path nothing.
//!
//! The budget has a register of its own: as one more variable it would be in
//! memory in every loop that needs all registers.

use super::access::Site;
use super::arithmetic::condition;
use super::call::{helper_signature, rare_helper_signature, unit_signature};
use super::flags::{Current, Flags};
use super::float::{Known, float_slots};
use super::groups::{self, Role};
use super::mapped::{Run, Shown};
use super::unit::Wanted;
use super::{Host, flags};
use crate::region::{Flow, Region, Slots};
use crate::status::SIDE;
use crate::vcpu::Context;
use crate::windows::Place;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::{F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{
    self as clif, AliasRegionData, BlockArg, Endianness, FuncRef, Function, InstBuilder, MemFlagsData,
    SigRef, UserFuncName, Value,
};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use guest::Guest;
use ir::{Inst, Slot, Spec, Type};
use std::collections::HashMap;
use std::mem::offset_of;

/// Lowers `region` into `func`, with accesses to the window at `place` if there
/// is one.
pub(super) fn lower(
    region: &Region,
    place: Option<Place>,
    guest: &std::sync::Arc<dyn Guest>,
    host: &Host<'_>,
    func: &mut Function,
    builder: &mut FunctionBuilderContext,
) -> Lowered {
    func.signature = unit_signature();
    func.name = UserFuncName::default();
    let spec = guest.spec();
    let mut l = Lower::new(region, spec, host, FunctionBuilder::new(func, builder));
    if place.is_none() {
        l.choose_sites();
    }
    l.declare_flags();
    l.entries(place);
    for index in 0..region.blocks.len() {
        l.block(index);
    }
    l.dispatch_block();
    l.side_block();
    l.f.seal_all_blocks();
    l.f.finalize(host.isa.frontend_config());
    Lowered { wanted: l.names, mapped_accesses: l.mapped_accesses }
}

/// What lowering tells of a unit.
pub(super) struct Lowered {
    /// What it refers to: the external names are indices into this.
    pub(super) wanted: Vec<Wanted>,
    /// How many accesses go to its window.
    pub(super) mapped_accesses: usize,
}

/// A region on its way to Cranelift.
pub(super) struct Lower<'a, 'f> {
    pub(super) f: FunctionBuilder<'f>,
    pub(super) region: &'a Region,
    pub(super) flow: Flow,
    pub(super) spec: &'a Spec,
    pub(super) host: &'a Host<'a>,
    /// The CPU's context.
    pub(super) cx: Value,
    slots: Vec<Option<Variable>>,
    /// Slots that are the host's doubles here, as operations on such use them.
    pub(super) float_slots: Slots,
    /// How the operations of each block find memory.
    pub(super) roles: Vec<Vec<Role>>,
    /// Where answers of the TLB are kept: block, operation.
    pub(super) kept: Vec<(usize, usize, Site)>,
    pub(super) blocks: Vec<clif::Block>,
    /// Goes on at its parameter, a guest address, outside this unit.
    pub(super) dispatch: clif::Block,
    pub(super) unit: SigRef,
    pub(super) helper_signature: SigRef,
    pub(super) rare_helper_signature: SigRef,
    /// The functions that were called.
    pub(super) functions: Vec<(Wanted, FuncRef)>,
    /// What was named.
    pub(super) names: Vec<Wanted>,
    pub(super) state_flags: MemFlagsData,
    pub(super) tlb_flags: MemFlagsData,
    pub(super) guest_flags: MemFlagsData,
    /// Leaves to tier 0 at its parameter, an address in the region; the other
    /// tells how many instructions of the block are not run.
    side: clif::Block,
    // The block being lowered.
    pub(super) insts: &'a [Inst],
    /// The block's number.
    current: usize,
    /// The operation being lowered, and what made host addresses for it.
    pub(super) at: usize,
    pub(super) addends: Vec<Option<Value>>,
    /// Where this block keeps answers of the TLB, by operation.
    pub(super) sites: HashMap<usize, Site>,
    values: Vec<Option<Value>>,
    /// The same values as the host's numbers, where they have been such.
    pub(super) floats: Vec<Option<Value>>,
    /// What is known of the state that floating point depends on.
    pub(super) float_known: Known,
    pub(super) dirty: Slots,
    /// The variables of the flags, if the region has any, and what is known of them.
    pub(super) lazy: Option<Flags>,
    pub(super) flags: Current,
    /// The window the unit's accesses go to, if they do.
    pub(super) shown: Option<Shown>,
    /// How many do.
    pub(super) mapped_accesses: usize,
    /// Addresses in this block that are known to be in it.
    pub(super) in_window: Vec<Value>,
    pub(super) run: Option<Run>,
    /// An operation that a load has done too, and its result.
    pub(super) extended: Option<(usize, Value)>,
    /// The address of the current guest instruction in the region, and how many of the
    /// block's are not run when it starts.
    pub(super) pc: u64,
    pub(super) not_run: u32,
}

impl<'a, 'f> Lower<'a, 'f> {
    fn new(region: &'a Region, spec: &'a Spec, host: &'a Host<'a>, mut f: FunctionBuilder<'f>) -> Self {
        let mut region_flags = |id: u32, name: &'static str| {
            let region =
                f.func.dfg.alias_regions.insert(AliasRegionData { user_id: id, description: name.into() });
            MemFlagsData::new()
                .with_notrap()
                .with_endianness(Endianness::Little)
                .with_alias_region(Some(region))
        };
        let state_flags = region_flags(0, "state").with_aligned();
        let tlb_flags = region_flags(1, "runtime").with_aligned();
        let guest_flags = region_flags(2, "guest");
        let blocks = region.blocks.iter().map(|_| f.create_block()).collect();
        let dispatch = f.create_block();
        f.append_block_param(dispatch, I64);
        let side = f.create_block();
        f.set_cold_block(side);
        f.append_block_param(side, I64);
        f.append_block_param(side, I64);
        let unit = f.import_signature(unit_signature());
        let helper_signature = f.import_signature(helper_signature(host.isa.default_call_conv()));
        let rare_helper_signature = f.import_signature(rare_helper_signature());
        let lazy = flags::slots(region).into_iter().flat_map(|first| (first.0..).take(4).map(Slot));
        Lower {
            flow: Flow::new(region, spec, lazy.collect()),
            cx: Value::from_u32(0),
            slots: vec![None; spec.layout.slots().len()],
            float_slots: float_slots(region, spec),
            roles: region.blocks.iter().map(|b| groups::roles(b, &b.result_types(spec))).collect(),
            kept: Vec::new(),
            blocks,
            dispatch,
            unit,
            helper_signature,
            rare_helper_signature,
            functions: Vec::new(),
            names: Vec::new(),
            state_flags,
            tlb_flags,
            guest_flags,
            side,
            insts: &[],
            current: 0,
            at: 0,
            addends: Vec::new(),
            sites: HashMap::new(),
            values: Vec::new(),
            floats: Vec::new(),
            float_known: Known::default(),
            dirty: Slots::default(),
            lazy: None,
            flags: Current::Unknown,
            shown: None,
            mapped_accesses: 0,
            in_window: Vec::new(),
            run: None,
            extended: None,
            pc: 0,
            not_run: 0,
            f,
            region,
            spec,
            host,
        }
    }

    /// A slot's type in registers.
    pub(super) fn slot_type(&self, slot: Slot) -> clif::Type {
        if self.float_slots.contains(slot) { F64 } else { clif_type(self.spec.layout.info(slot).ty) }
    }

    pub(super) fn variable(&mut self, slot: Slot) -> Variable {
        let ty = self.slot_type(slot);
        *self.slots[slot.index()].get_or_insert_with(|| self.f.declare_var(ty))
    }

    pub(super) fn load_slot(&mut self, slot: Slot) {
        let ty = self.slot_type(slot);
        let loaded = if ty.bits() < 64 { I64 } else { ty };
        let word = self.f.ins().load(loaded, self.state_flags, self.cx, slot_offset(slot));
        let value = if ty == loaded { word } else { self.f.ins().ireduce(ty, word) };
        let variable = self.variable(slot);
        self.f.def_var(variable, value);
    }

    pub(super) fn store_slot(&mut self, slot: Slot) {
        let variable = self.variable(slot);
        let value = self.f.use_var(variable);
        self.store_word(slot, value);
    }

    pub(super) fn store_word(&mut self, slot: Slot, value: Value) {
        let is_whole = self.f.func.dfg.value_type(value).bits() >= 64;
        let word = if is_whole { value } else { self.f.ins().uextend(I64, value) };
        self.f.ins().store(self.state_flags, word, self.cx, slot_offset(slot));
    }

    pub(super) fn load_context(&mut self, offset: usize) -> Value {
        self.f.ins().load(I64, self.tlb_flags, self.cx, offset as i32)
    }

    pub(super) fn store_context(&mut self, offset: usize, value: Value) {
        self.f.ins().store(self.tlb_flags, value, self.cx, offset as i32);
    }

    fn block(&mut self, index: usize) {
        let block = &self.region.blocks[index];
        self.f.switch_to_block(self.blocks[index]);
        self.current = index;
        self.insts = &block.insts;
        self.values = vec![None; block.insts.len()];
        self.addends = vec![None; block.insts.len()];
        let here = self.kept.iter().filter(|(block, ..)| *block == index);
        self.sites = here.map(|(_, at, site)| (*at, *site)).collect();
        self.floats = vec![None; block.insts.len()];
        self.float_known = Known::default();
        self.in_window.clear();
        self.dirty = self.flow.dirty_in[index];
        self.start_flags(index);
        self.pc = block.key.pc;
        self.not_run = 0;
        let budget = self.f.ins().get_pinned_reg(I64);
        let left = self.f.ins().iadd_imm_s(budget, -i64::from(block.insns));
        self.f.ins().set_pinned_reg(left);
        self.not_run = block.insns;
        if self.region.entries.contains(&index) {
            self.check_budget(index, left);
        }
        self.not_run = block.insns + 1;
        let types = block.result_types(self.spec);
        for (at, inst) in block.insts.iter().enumerate() {
            if let Inst::Insn { pc } = *inst {
                self.pc = pc;
                self.not_run -= 1;
            }
            self.at = at;
            self.prepare(inst, &types);
            self.values[at] = self.extended().or_else(|| self.inst(inst));
        }
        self.end_run();
        self.terminator(index);
    }

    /// Leaves if the slice might end before the next check: tier 0 counts out
    /// what is left of it. `left` is what there is without this block.
    fn check_budget(&mut self, index: usize, left: Value) {
        let behind = self.region.longest_run(index) as i64 - i64::from(self.not_run);
        let enough = self.f.ins().icmp_imm_s(Cc::SignedGreaterThanOrEqual, left, behind);
        self.unless_side_exit(enough);
    }

    /// Goes on if `condition` holds, or else leaves the current instruction to
    /// tier 0.
    pub(super) fn unless_side_exit(&mut self, condition: Value) {
        let (on, out) = (self.f.create_block(), self.f.create_block());
        self.f.ins().brif(condition, on, &[], out, &[]);
        self.side_exit_in(out, on);
    }

    /// Leaves the current instruction to tier 0 if `condition` holds: it raises an
    /// exception there.
    fn side_exit_if(&mut self, condition: Value) {
        let (on, out) = (self.f.create_block(), self.f.create_block());
        self.f.ins().brif(condition, out, &[], on, &[]);
        self.side_exit_in(out, on);
    }

    /// Leaves in one block, which is cold, and goes on in the other.
    fn side_exit_in(&mut self, out: clif::Block, on: clif::Block) {
        self.f.set_cold_block(out);
        self.f.switch_to_block(out);
        self.leave_side();
        self.f.switch_to_block(on);
    }

    pub(super) fn leave_side(&mut self) {
        let (mut pc, mut not_run) = (self.pc, self.not_run);
        if let Some(run) = self.run.take() {
            (pc, not_run) = (run.pc, run.not_run);
            for slot in run.dirty.iter() {
                match run.before.iter().find(|(written, _)| *written == slot) {
                    Some((_, before)) => self.store_word(slot, *before),
                    None => self.store_slot(slot),
                }
            }
            self.leave_flags(run.flags);
            self.run = Some(run);
        } else {
            self.store_dirty();
            let kept = self.kept_flags();
            self.leave_flags(kept);
        }
        let not_run = self.f.ins().iconst(I64, i64::from(not_run));
        let pc = self.f.ins().iconst(I64, pc as i64);
        self.f.ins().jump(self.side, &[BlockArg::Value(pc), BlockArg::Value(not_run)]);
    }

    /// What all ways to tier 0 have in common.
    fn side_block(&mut self) {
        self.f.switch_to_block(self.side);
        let [pc, not_run] = self.f.block_params(self.side) else { unreachable!("it has two") };
        let (pc, not_run) = (*pc, *not_run);
        let origin = self.origin();
        let pc = self.f.ins().iadd(origin, pc);
        let budget = self.f.ins().get_pinned_reg(I64);
        let mut budget = self.f.ins().iadd(budget, not_run);
        if self.shown.is_some() {
            let kept = self.load_context(offset_of!(Context, budget_kept));
            budget = self.f.ins().iadd(budget, kept);
        }
        self.f.ins().store(self.state_flags, pc, self.cx, slot_offset(self.spec.layout.pc()));
        self.store_context(offset_of!(Context, budget), budget);
        let status = self.f.ins().iconst(I64, SIDE);
        self.f.ins().return_(&[status]);
    }

    /// How the operation being lowered finds memory.
    pub(super) fn role(&self) -> Role {
        self.roles[self.current][self.at]
    }

    /// Returns with a status, before the current instruction.
    pub(super) fn leave_with(&mut self, status: Value) {
        self.store_budget(self.not_run);
        let pc = self.guest_address(self.pc);
        self.f.ins().store(self.state_flags, pc, self.cx, slot_offset(self.spec.layout.pc()));
        self.f.ins().return_(&[status]);
    }

    /// Puts every slot that changed back where others look for it.
    pub(super) fn store_dirty(&mut self) {
        for slot in self.dirty.iter() {
            self.store_slot(slot);
        }
    }

    /// Tells the engine what is left of the budget.
    pub(super) fn store_budget(&mut self, not_run: u32) {
        let budget = self.f.ins().get_pinned_reg(I64);
        let budget = if not_run == 0 { budget } else { self.f.ins().iadd_imm_s(budget, i64::from(not_run)) };
        self.store_context(offset_of!(Context, budget), budget);
    }

    pub(super) fn value(&self, v: ir::Value) -> Value {
        self.values[v.index()].expect("the verifier lets no undefined operand through")
    }

    /// Lowers one operation; yields its result.
    fn inst(&mut self, inst: &Inst) -> Option<Value> {
        Some(match *inst {
            Inst::Insn { .. } => return None,
            Inst::Iconst { ty, value } => {
                self.f.ins().iconst(clif_type(ty), ty.sext(value) as i64 & mask(ty))
            }
            Inst::CodeAddress { pc } => self.guest_address(pc),
            Inst::Get { .. } | Inst::Set { .. } | Inst::SetFlags { .. } => return self.slot_inst(inst),
            Inst::Unary { op, value } => self.unary(op, self.value(value)),
            Inst::Binary { op, lhs, rhs } => match self.sign_change(op, lhs, rhs) {
                Some(value) => self.integer_form(value),
                None => self.binary(op, self.value(lhs), self.value(rhs)),
            },
            Inst::Icmp { cond, lhs, rhs } => {
                let (a, b) = (self.value(lhs), self.value(rhs));
                self.f.ins().icmp(condition(cond), a, b)
            }
            Inst::Select { cond, then, other } => {
                let (c, a, b) = (self.value(cond), self.value(then), self.value(other));
                self.f.ins().select(c, a, b)
            }
            Inst::Uextend { ty, value } => {
                let v = self.value(value);
                self.f.ins().uextend(clif_type(ty), v)
            }
            Inst::Sextend { ty, value } => {
                let v = self.value(value);
                self.f.ins().sextend(clif_type(ty), v)
            }
            Inst::Ireduce { ty, value } => {
                let v = self.value(value);
                self.keep_half(clif_type(ty), value);
                self.f.ins().ireduce(clif_type(ty), v)
            }
            Inst::Load { ty, access, addr } => {
                let ty = if self.is_for_float_slot() { F64 } else { clif_type(ty) };
                let value = self.load_guest(ty, access, addr);
                self.integer_form(value)
            }
            Inst::Store { access, addr, value } => {
                let value = self.stored(value);
                self.store_guest(access, addr, value);
                return None;
            }
            Inst::LoadReserved { ty, access, addr } => {
                self.load_reserved(clif_type(ty), access, self.value(addr))
            }
            Inst::StoreConditional { access, addr, value } => {
                self.store_conditional(access, self.value(addr), self.value(value))
            }
            Inst::AtomicRmw { op, access, addr, value } => {
                self.atomic_rmw(op, access, self.value(addr), self.value(value))
            }
            Inst::AtomicCas { access, addr, expected, new } => {
                self.atomic_cas(access, self.value(addr), self.value(expected), self.value(new))
            }
            Inst::TrapIf { cond, .. } => {
                self.side_exit_if(self.value(cond));
                return None;
            }
            // Harts take turns on one thread: nobody else sees an order.
            Inst::Fence => return None,
            Inst::Call { helper, args } => self.call(helper, args.as_slice()),
            _ => self.vector(inst),
        })
    }
}

pub(super) fn slot_offset(slot: Slot) -> i32 {
    (offset_of!(Context, state) + 8 * slot.index()) as i32
}

fn mask(ty: Type) -> i64 {
    ty.mask() as i64
}

fn clif_type(ty: Type) -> clif::Type {
    match ty {
        Type::I8 => I8,
        Type::I16 => I16,
        Type::I32 => I32,
        Type::I64 => I64,
        Type::V128 => clif::types::I8X16,
    }
}
