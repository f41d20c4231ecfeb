//! Where a unit is entered, and what it sets up there.

use super::access::Site;
use super::groups::Role;
use super::lower::Lower;
use super::mapped::Shown;
use super::unit::Wanted;
use crate::checks::Validity;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use crate::windows::Place;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{self as clif, InstBuilder, JumpTableData};
use ir::Inst;
use std::mem::offset_of;

/// Accesses of a region, and of one block, that keep the TLB's last answer. More
/// take registers from the guest's: with 10 sorting strings took 1.3 times as long,
/// with 4 walking a list did.
const SITES_MAX: usize = 6;
const BLOCK_SITES_MAX: usize = 2;

impl Lower<'_, '_> {
    /// Chooses which accesses keep the TLB's last answer: a few in the innermost
    /// loops, as each takes two registers.
    pub(super) fn choose_sites(&mut self) {
        for index in self.region.looping() {
            let block = &self.region.blocks[index];
            for (at, role) in self.roles[index].iter().enumerate() {
                let access = matches!(block.insts[at], Inst::Load { access, .. } | Inst::Store { access, .. }
                    if access.align == ir::Align::Any);
                let here = self.kept.iter().filter(|(block, ..)| *block == index).count();
                let room = here < BLOCK_SITES_MAX && self.kept.len() < SITES_MAX;
                if access && !matches!(role, Role::Follows(_)) && room {
                    let site = Site { page: self.f.declare_var(I64), addend: self.f.declare_var(I64) };
                    self.kept.push((index, at, site));
                }
            }
        }
    }

    /// The function's start: loads what the wanted entry's blocks read.
    pub(super) fn entries(&mut self, place: Option<Place>) {
        let start = self.f.create_block();
        self.f.append_block_params_for_function_params(start);
        self.f.switch_to_block(start);
        self.cx = self.f.block_params(start)[0];
        let which = self.f.block_params(start)[1];
        let budget = self.f.block_params(start)[2];
        self.f.ins().set_pinned_reg(budget);
        self.shown = place.map(|place| {
            let bias = self.load_context(offset_of!(Context, window_biases) + 8 * place.index());
            Shown { place, bias }
        });
        let stubs: Vec<clif::Block> = self.region.entries.iter().map(|_| self.f.create_block()).collect();
        if let [only] = stubs[..] {
            self.f.ins().jump(only, &[]);
        } else {
            let calls: Vec<_> = stubs.iter().map(|b| self.f.func.dfg.block_call(*b, &[])).collect();
            let table = self.f.create_jump_table(JumpTableData::new(calls[0], &calls));
            let index = self.f.ins().ireduce(I32, which);
            self.f.ins().br_table(index, table);
        }
        for (stub, block) in stubs.into_iter().zip(self.region.entries.clone()) {
            self.f.switch_to_block(stub);
            // It is entered with the origin of this block.
            self.move_origin(-((self.region.blocks[block].key.pc & PAGE_MASK) as i64));
            if self.region.checked {
                self.check_mapping(block);
            }
            for slot in self.flow.live_in[block].iter() {
                self.load_slot(slot);
            }
            self.enter_flags();
            for (.., site) in self.kept.clone() {
                // A page that no access has.
                let nothing = self.f.ins().iconst(I64, -1);
                self.f.def_var(site.page, nothing);
                self.f.def_var(site.addend, nothing);
            }
            self.f.ins().jump(self.blocks[block], &[]);
        }
    }

    /// Goes on if the region's pages are mapped as they were, or else asks the
    /// engine.
    fn check_mapping(&mut self, block: usize) {
        let known = self.wanted(Wanted::Check);
        let mut differs = |field: usize, wanted: usize| {
            let word = self.f.ins().load(I64, self.tlb_flags, known, field as i32);
            let now = self.load_context(wanted);
            self.f.ins().bxor(word, now)
        };
        let tag = differs(offset_of!(Validity, tag), offset_of!(Context, jump_tag));
        let origin = differs(offset_of!(Validity, origin), offset_of!(Context, origin));
        let differ = self.f.ins().bor(tag, origin);
        let same = self.f.ins().icmp_imm_u(Cc::Equal, differ, 0);
        let (on, out) = (self.f.create_block(), self.f.create_block());
        self.f.set_cold_block(out);
        self.f.ins().brif(same, on, &[], out, &[]);
        self.f.switch_to_block(out);
        self.pc = self.region.blocks[block].key.pc;
        let status = self.wanted(Wanted::CheckStatus);
        self.leave_with(status);
        self.f.switch_to_block(on);
    }
}
