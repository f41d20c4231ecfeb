//! How a region is left by jumps, and where its addresses are.
//!
//! All addresses in a region are relative to its origin, the page of its first
//! block, which the context holds while the region runs. Whoever goes on elsewhere
//! makes it the page of what comes then.

use super::lower::{Lower, slot_offset};
use super::unit::Wanted;
use crate::growth::FEW_TARGETS;
use crate::jumps::{HIGH_SHIFT, JUMP_ENTRIES, JumpCache, JumpEntry, LOW_SHIFT};
use crate::links::Link;
use crate::region::Region;
use crate::status::JUMP;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{self as clif, BlockArg, InstBuilder, JumpTableData, Value};
use ir::Terminator;
use std::mem::{offset_of, size_of};

impl Lower<'_, '_> {
    /// The origin of the region's addresses.
    pub(super) fn origin(&mut self) -> Value {
        self.load_context(offset_of!(Context, origin))
    }

    /// The guest address that is `pc` in the region.
    pub(super) fn guest_address(&mut self, pc: u64) -> Value {
        let origin = self.origin();
        self.f.ins().iadd_imm_s(origin, pc as i64)
    }

    pub(super) fn terminator(&mut self, index: usize) {
        match self.region.blocks[index].terminator {
            Terminator::Jump { pc } => {
                let target = self.edge(pc);
                self.f.ins().jump(target, &[]);
                self.leave_by(target, pc);
            }
            Terminator::Branch { cond, taken, other } => {
                let cond = self.value(cond);
                let (then, otherwise) = (self.edge(taken), self.edge(other));
                self.f.ins().brif(cond, then, &[], otherwise, &[]);
                self.leave_by(then, taken);
                self.leave_by(otherwise, other);
            }
            Terminator::Indirect { target, .. } => {
                let pc = self.value(target);
                self.jump_to_seen(pc, index);
                self.settle_flags();
                self.store_dirty();
                self.f.ins().jump(self.dispatch, &[BlockArg::Value(pc)]);
            }
            Terminator::Leave { .. } | Terminator::Trap { .. } => {
                unreachable!("`compilable_insns` stops before the last instruction of such a block")
            }
        }
    }

    /// Goes on at a block of the region if `pc` is where that one's indirect jump
    /// was seen to lead.
    fn jump_to_seen(&mut self, pc: Value, index: usize) {
        let seen = self.region.seen_targets(index);
        if seen.is_empty() {
            return;
        }
        let origin = self.origin();
        let relative = self.f.ins().isub(pc, origin);
        let table = if seen.len() > FEW_TARGETS { Table::of(self.region, seen) } else { None };
        if let Some(table) = table {
            return self.jump_by_table(relative, &table);
        }
        for next in seen.iter().take(FEW_TARGETS) {
            let at = self.region.blocks[*next].key.pc as i64;
            let same = self.f.ins().icmp_imm_s(Cc::Equal, relative, at);
            let other = self.f.create_block();
            self.f.ins().brif(same, self.blocks[*next], &[], other, &[]);
            self.f.switch_to_block(other);
        }
    }

    /// Goes on at the block that the table has for an address relative to the
    /// region, or else in a new block.
    fn jump_by_table(&mut self, relative: Value, table: &Table) {
        let other = self.f.create_block();
        let offset = self.f.ins().iadd_imm_s(relative, table.first.wrapping_neg() as i64);
        // What does not lie on the grid has low bits that become high ones.
        let place = self.f.ins().rotr_imm_u(offset, i64::from(table.shift));
        let near = self.f.ins().icmp_imm_u(Cc::UnsignedLessThan, place, table.blocks.len() as i64);
        let inside = self.f.create_block();
        self.f.ins().brif(near, inside, &[], other, &[]);

        self.f.switch_to_block(inside);
        // Each place has a call of its own, which arguments are added to.
        let mut call = |next: Option<usize>| {
            let block = next.map_or(other, |next| self.blocks[next]);
            self.f.func.dfg.block_call(block, &[])
        };
        let (none, blocks) = (call(None), table.blocks.iter().copied().map(&mut call).collect::<Vec<_>>());
        let data = self.f.create_jump_table(JumpTableData::new(none, &blocks));
        let place = self.f.ins().ireduce(I32, place);
        self.f.ins().br_table(place, data);
        self.f.switch_to_block(other);
    }

    /// The block an edge leads to: in the region, or a new one that leaves it.
    fn edge(&mut self, pc: u64) -> clif::Block {
        match self.region.at(pc) {
            Some(index) => self.blocks[index],
            None => self.f.create_block(),
        }
    }

    /// Fills in a block made by [`Lower::edge`].
    fn leave_by(&mut self, block: clif::Block, pc: u64) {
        if self.region.at(pc).is_some() {
            return;
        }
        self.f.switch_to_block(block);
        let flags = self.flags;
        self.settle_flags();
        // The other edge knows what this one did not change.
        self.flags = flags;
        self.store_dirty();
        if self.region.has_link_to(pc) {
            self.move_origin((pc & PAGE_MASK) as i64);
            let link = self.wanted(Wanted::Link(pc));
            return self.through_link(link);
        }
        let pc = self.guest_address(pc);
        self.f.ins().jump(self.dispatch, &[BlockArg::Value(pc)]);
    }

    /// Makes the context's origin another page, this far away.
    pub(super) fn move_origin(&mut self, distance: i64) {
        if distance != 0 {
            let origin = self.origin();
            let origin = self.f.ins().iadd_imm_s(origin, distance);
            self.store_context(offset_of!(Context, origin), origin);
        }
    }

    /// Goes on where a link leads.
    fn through_link(&mut self, link: Value) {
        let code = self.f.ins().load(I64, self.tlb_flags, link, offset_of!(Link, code) as i32);
        let which = self.f.ins().load(I32, self.tlb_flags, link, offset_of!(Link, entry) as i32);
        let which = self.f.ins().uextend(I64, which);
        let budget = self.f.ins().get_pinned_reg(I64);
        self.f.ins().return_call_indirect(self.unit, code, &[self.cx, which, budget]);
    }

    /// Goes on at a guest address if it is in this entry of the jump cache, counted
    /// from where the table would start with the context.
    fn go_on_if_known(&mut self, pc: Value, entry: Value, miss: clif::Block) {
        let field = |field: usize| (offset_of!(Context, jumps) + JumpCache::ENTRIES_OFFSET + field) as i32;
        let (found, run) = (self.f.create_block(), self.f.create_block());
        let seen = self.f.ins().load(I64, self.tlb_flags, entry, field(offset_of!(JumpEntry, pc)));
        let same = self.f.ins().icmp(Cc::Equal, seen, pc);
        self.f.ins().brif(same, found, &[], miss, &[]);

        self.f.switch_to_block(found);
        let tag = self.f.ins().load(I64, self.tlb_flags, entry, field(offset_of!(JumpEntry, tag)));
        let holds = self.load_context(offset_of!(Context, jump_tag));
        let same_tag = self.f.ins().icmp(Cc::Equal, tag, holds);
        self.f.ins().brif(same_tag, run, &[], miss, &[]);

        self.f.switch_to_block(run);
        let page = self.f.ins().band_imm_s(pc, PAGE_MASK as i64);
        self.store_context(offset_of!(Context, origin), page);
        let link = self.f.ins().load(I64, self.tlb_flags, entry, field(offset_of!(JumpEntry, link)));
        self.through_link(link);
    }

    /// Looks its parameter up in the jump cache, and goes on there or returns.
    pub(super) fn dispatch_block(&mut self) {
        self.f.switch_to_block(self.dispatch);
        let pc = self.f.block_params(self.dispatch)[0];
        let low = self.f.ins().ushr_imm_u(pc, i64::from(LOW_SHIFT));
        let high = self.f.ins().ushr_imm_u(pc, i64::from(HIGH_SHIFT));
        let mixed = self.f.ins().bxor(low, high);
        let index = self.f.ins().band_imm_u(mixed, JUMP_ENTRIES as i64 - 1);
        let scaled = self.f.ins().ishl_imm_u(index, i64::from(size_of::<JumpEntry>().trailing_zeros()));
        let (second, back) = (self.f.create_block(), self.f.create_block());
        let entry = self.f.ins().iadd(self.cx, scaled);
        self.go_on_if_known(pc, entry, second);

        self.f.switch_to_block(second);
        self.f.set_cold_block(second);
        let other = self.f.ins().bxor_imm_u(scaled, size_of::<JumpEntry>() as i64);
        let entry = self.f.ins().iadd(self.cx, other);
        self.go_on_if_known(pc, entry, back);

        self.f.switch_to_block(back);
        self.f.set_cold_block(back);
        self.f.ins().store(self.state_flags, pc, self.cx, slot_offset(self.spec.layout.pc()));
        self.store_budget(0);
        let status = self.f.ins().iconst(I64, JUMP);
        self.f.ins().return_(&[status]);
    }
}

/// The targets of an indirect jump by their distance from the first.
struct Table {
    /// The lowest target, relative to the region.
    first: u64,
    /// All distances are multiples of this power of two.
    shift: u32,
    /// The blocks, at each of those multiples.
    blocks: Vec<Option<usize>>,
}

impl Table {
    /// `None` if they lie too far apart.
    fn of(region: &Region, targets: &[usize]) -> Option<Table> {
        let address = |block: &usize| region.blocks[*block].key.pc;
        let first = targets.iter().map(address).min_by_key(|pc| pc.cast_signed())?;
        let distances = || targets.iter().map(|block| address(block).wrapping_sub(first));
        let shift = distances().fold(0, |all, distance| all | distance).trailing_zeros();
        let last = distances().max()?.unbounded_shr(shift);
        if last >= MAX_TABLE {
            return None;
        }
        let mut blocks = vec![None; last as usize + 1];
        for (distance, block) in distances().zip(targets) {
            blocks[distance.unbounded_shr(shift) as usize] = Some(*block);
        }
        Some(Table { first, shift, blocks })
    }
}

/// Most places in a table, of four bytes each.
const MAX_TABLE: u64 = 4096;
