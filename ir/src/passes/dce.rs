//! Drops what nobody can tell is missing: results that are not used, and `set`s
//! of slots that are overwritten before anybody looks.
//!
//! All slots are looked at where the block ends or may trap, at every access to memory
//! (it may fault, and the guest's handler then sees the state), by helpers at which it
//! may end, and at the end of an instruction with one of these: it may
//! have reached a device or overwritten code, and the engine may leave there.
//! The rest of the helpers look at the slots they declare.

use crate::{Block, Effects, HelperDecl, Inst, Slot, SlotSet, Spec, Value};

/// What is needed, found from the last operation to the first.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    /// By operation.
    needed: Vec<bool>,
    /// By slot: the current epoch if it is written further on before anybody
    /// looks.
    overwritten: Vec<u64>,
    epoch: u64,
}

impl Demand {
    /// Drops all that is not needed. `names` is a buffer.
    pub fn sweep(&mut self, block: &mut Block, spec: &Spec, names: &mut Vec<Value>) {
        self.mark(block, spec);
        names.clear();
        names.resize(block.insts.len(), Value(0));
        let mut kept = 0;
        for index in 0..block.insts.len() {
            if self.needed[index] {
                block.insts[kept] = block.insts[index];
                block.insts[kept].map_operands(|v| names[v.index()]);
                names[index] = Value(kept as u32);
                kept += 1;
            }
        }
        block.insts.truncate(kept);
        block.terminator.map_operand(|v| names[v.index()]);
    }

    fn mark(&mut self, block: &Block, spec: &Spec) {
        self.needed.clear();
        self.needed.resize(block.insts.len(), false);
        self.overwritten.resize(spec.layout.slots().len(), 0);
        self.look_at_all();
        if let Some(value) = block.terminator.operand() {
            self.needed[value.index()] = true;
        }
        for (index, inst) in block.insts.iter().enumerate().rev() {
            match *inst {
                Inst::Insn { .. } => {
                    self.needed[index] = true;
                    if may_leave_behind(&block.insts[..index], spec) {
                        self.look_at_all();
                    }
                }
                Inst::Fence => self.needed[index] = true,
                Inst::Iconst { .. } => (),
                Inst::Set { slot, value } => {
                    if self.overwritten[slot.index()] != self.epoch {
                        self.needed[index] = true;
                        self.needed[value.index()] = true;
                    }
                    self.overwritten[slot.index()] = self.epoch;
                }
                Inst::SetFlags { flags, lhs, rhs, .. } => {
                    for slot in flags.all() {
                        self.needed[index] |= self.overwritten[slot.index()] != self.epoch;
                        self.overwritten[slot.index()] = self.epoch;
                    }
                    if self.needed[index] {
                        [lhs, rhs].into_iter().for_each(|v| self.needed[v.index()] = true);
                    }
                }
                Inst::Get { slot } => {
                    if self.needed[index] {
                        self.look_at(slot);
                    }
                }
                _ => {
                    if self.needs(inst, self.needed[index], spec) {
                        self.needed[index] = true;
                        inst.for_each_operand(|v| self.needed[v.index()] = true);
                    }
                }
            }
        }
    }

    /// Whether the block needs `inst`, which computes or reaches beyond slots and
    /// whose result is used or not; takes note of what it does to slots if so.
    fn needs(&mut self, inst: &Inst, is_used: bool, spec: &Spec) -> bool {
        match *inst {
            Inst::Call { helper, .. } | Inst::LaneCall { helper, .. } => {
                let decl = spec.helper(helper);
                let is_needed = is_used || does_something(decl);
                if is_needed {
                    self.call(decl);
                }
                is_needed
            }
            _ if inst.touches_memory() || matches!(inst, Inst::TrapIf { .. }) => {
                self.look_at_all();
                true
            }
            _ => is_used,
        }
    }

    /// A helper may or may not write what it declares to, so that does not count
    /// as overwriting.
    fn call(&mut self, decl: &HelperDecl) {
        match decl.reads {
            _ if decl.may_leave() => self.look_at_all(),
            SlotSet::All => self.look_at_all(),
            SlotSet::These(slots) => slots.iter().for_each(|&slot| self.look_at(slot)),
        }
    }

    fn look_at(&mut self, slot: Slot) {
        self.overwritten[slot.index()] = 0;
    }

    fn look_at_all(&mut self) {
        self.epoch += 1;
    }
}

/// Whether the guest instruction that `insts` end with reaches beyond slots.
fn may_leave_behind(insts: &[Inst], spec: &Spec) -> bool {
    let reaches_out = |inst: &Inst| match inst {
        Inst::Call { helper, .. } | Inst::LaneCall { helper, .. } => {
            spec.helper(*helper).effects != Effects::empty()
        }
        inst => inst.touches_memory(),
    };
    let mut last = insts.iter().rev().take_while(|inst| !matches!(inst, Inst::Insn { .. }));
    last.any(reaches_out)
}

/// Whether a helper does more than yield a value.
fn does_something(decl: &HelperDecl) -> bool {
    decl.effects != Effects::empty() || decl.writes != SlotSet::NONE
}
