//! What becomes of each value of a block before any operation is made: part of
//! its only user, a slot in place, or a word of its own.

use super::ops::Word;
use ir::{BinaryOp, Block, Inst, IntCC, MemAccess, Slot, Spec, Terminator, Type, Value};

/// What is known of the result of one operation.
#[derive(Clone, Copy)]
pub(super) struct Fact {
    pub(super) ty: Option<Type>,
    /// Not computed: its only user looks at the operation itself.
    pub(super) inlined: bool,
    /// A `get` whose slot may stand for it.
    pub(super) in_slot: bool,
    /// How many operands it is.
    uses: u32,
    /// Index of the last operation that reads it; the block's length stands for
    /// the terminator.
    last_use: u32,
    /// Where it may be computed right away.
    pub(super) direct: Option<Direct>,
}

/// The slot that a value is for, and the index of the `set` that is not needed
/// if it is computed there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Direct {
    pub(super) slot: Word,
    pub(super) set: u32,
}

/// By slot, the index of the operation that comes next and may write it. A guest
/// can have hundreds of slots and a block writes few, so all are put in one step.
#[derive(Default)]
struct NextSet {
    /// By slot, an index and the epoch that it holds in.
    of: Vec<(u32, u32)>,
    epoch: u32,
    /// What holds for the others.
    all: u32,
}

impl NextSet {
    /// None of `slots` slots is written.
    fn reset(&mut self, slots: usize) {
        self.of.resize(slots, (NEVER, 0));
        self.put_all(NEVER);
    }

    fn get(&self, slot: Slot) -> u32 {
        let (index, epoch) = self.of[slot.index()];
        if epoch == self.epoch { index } else { self.all }
    }

    fn put(&mut self, slot: Slot, index: u32) {
        self.of[slot.index()] = (index, self.epoch);
    }

    fn put_all(&mut self, index: u32) {
        self.all = index;
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.of.fill((NEVER, 0));
            self.epoch = 1;
        }
    }
}

/// The facts of one block's values, and room to find those of the next.
#[derive(Default)]
pub(super) struct Facts {
    of: Vec<Fact>,
    next_set: NextSet,
    /// The values with a direct destination whose `set` is not the next operation.
    far: Vec<Value>,
}

/// No operation.
const NEVER: u32 = u32::MAX;

impl Facts {
    /// Finds out all about `block`'s values.
    pub(super) fn find<'a>(&'a mut self, block: &'a Block, spec: &Spec) -> Plan<'a> {
        self.of.clear();
        for inst in &block.insts {
            let ty = inst.result_type(spec, |v| self.of.get(v.index())?.ty);
            inst.for_each_operand(|v| self.of[v.index()].uses += 1);
            let (inlined, in_slot) = (false, false);
            self.of.push(Fact { ty, inlined, in_slot, uses: 0, last_use: 0, direct: None });
        }
        if let Some(v) = block.terminator.operand() {
            self.of[v.index()].uses += 1;
        }
        self.next_set.reset(spec.layout.slots().len());
        self.far.clear();
        let mut plan = Plan { insts: &block.insts, facts: &mut self.of };
        plan.scan(block.terminator, &mut self.next_set, &mut self.far);
        plan.drop_clobbering(&self.far);
        plan
    }
}

/// What is known of a block's values.
pub(super) struct Plan<'a> {
    insts: &'a [Inst],
    facts: &'a mut [Fact],
}

impl<'a> Plan<'a> {
    pub(super) fn at(&self, v: Value) -> &'a Inst {
        &self.insts[v.index()]
    }

    pub(super) fn of(&self, v: Value) -> &Fact {
        &self.facts[v.index()]
    }

    pub(super) fn ty(&self, v: Value) -> Type {
        self.of(v).ty.expect("the verifier lets no operand without a type through")
    }

    pub(super) fn constant(&self, v: Value) -> Option<u64> {
        match *self.at(v) {
            Inst::Iconst { value, .. } => Some(value),
            _ => None,
        }
    }

    /// What a zero extension without other use extends: the same word.
    pub(super) fn source(&self, v: Value) -> Value {
        match *self.at(v) {
            Inst::Uextend { value, .. } if self.of(value).uses == 1 => self.source(value),
            _ => v,
        }
    }

    /// Decides everything from the last operation to the first, so that all users
    /// of a value are known when its turn comes.
    fn scan(&mut self, terminator: Terminator, next_set: &mut NextSet, far: &mut Vec<Value>) {
        let insts = self.insts;
        if let Some(v) = terminator.operand() {
            if matches!(terminator, Terminator::Branch { .. }) {
                let fused =
                    matches!(*self.at(v), Inst::Icmp { cond, lhs, .. } if compares_words(cond, self.ty(lhs)));
                self.inline_if(fused, v);
            }
            self.use_at(v, insts.len());
        }
        for (index, inst) in insts.iter().enumerate().rev() {
            match *inst {
                Inst::Insn { .. } | Inst::Iconst { .. } | Inst::Fence => (),
                Inst::Get { slot } => {
                    let fact = &mut self.facts[index];
                    fact.in_slot = fact.last_use <= next_set.get(slot);
                }
                Inst::Set { slot, value } => {
                    self.use_at(value, index);
                    let value = self.source(value);
                    let free = self.of(value).last_use <= next_set.get(slot);
                    if free && self.may_be_computed_at(value, index) {
                        let direct = Direct { slot: slot.0, set: index as u32 };
                        self.facts[value.index()].direct = Some(direct);
                        far.extend((value.index() + 1 != index).then_some(value));
                    }
                    next_set.put(slot, index as u32);
                }
                Inst::SetFlags { flags, lhs, rhs, .. } => {
                    [lhs, rhs].into_iter().for_each(|v| self.use_at(v, index));
                    flags.all().into_iter().for_each(|slot| next_set.put(slot, index as u32));
                }
                // Its only user has used its operands.
                _ if self.facts[index].inlined => (),
                _ => {
                    self.inline_operands(inst);
                    inst.for_each_operand(|v| self.use_at(v, index));
                    if matches!(inst, Inst::Call { .. } | Inst::LaneCall { .. }) {
                        // The helper may write any slot, so no alias may live across it.
                        next_set.put_all(index as u32);
                    }
                }
            }
        }
    }

    /// Marks what is computed as part of `inst`, its only user.
    fn inline_operands(&mut self, inst: &Inst) {
        match *inst {
            Inst::Load { addr, access, .. } | Inst::Store { addr, access, .. }
                if access.align == ir::Align::Any =>
            {
                let offset = matches!(*self.at(addr), Inst::Binary { op: BinaryOp::Iadd, rhs, .. }
                    if self.constant(rhs).is_some());
                self.inline_if(offset, addr);
            }
            Inst::Sextend { ty: Type::I64, value } => self.inline_extended(value),
            _ => (),
        }
    }

    fn inline_if(&mut self, may: bool, v: Value) {
        let fact = &mut self.facts[v.index()];
        fact.inlined |= may && fact.uses == 1;
    }

    /// What a sign extension to 64 bits can take in.
    fn inline_extended(&mut self, value: Value) {
        use BinaryOp::{Iadd, Imul, Ishl, Isub, Sshr, Ushr};
        match *self.at(value) {
            Inst::Load { access, .. } => self.inline_load(value, access),
            Inst::Ireduce { .. } => self.inline_if(true, value),
            Inst::Binary { op: Iadd | Isub | Imul | Ishl | Ushr | Sshr, lhs, rhs }
                if self.ty(value) == Type::I32 =>
            {
                self.inline_if(true, value);
                if self.of(value).inlined {
                    for v in [lhs, rhs] {
                        self.inline_if(matches!(*self.at(v), Inst::Ireduce { .. }), v);
                    }
                }
            }
            _ => (),
        }
    }

    /// A load can be done by the extension behind it if nothing between the two
    /// can tell when it faults.
    fn inline_load(&mut self, value: Value, access: MemAccess) {
        let next = self.insts.get(value.index() + 1);
        let adjacent = matches!(next, Some(Inst::Sextend { value: v, .. }) if *v == value);
        self.inline_if(adjacent && access.align == ir::Align::Any, value);
        if self.of(value).inlined {
            self.inline_operands(self.at(value));
        }
    }

    /// Takes note that operation `index` reads what `v` is computed from, looking
    /// through inlined values.
    fn use_at(&mut self, v: Value, index: usize) {
        let (inst, fact) = (self.at(v), &mut self.facts[v.index()]);
        if fact.inlined {
            inst.for_each_operand(|o| self.use_at(o, index));
            return;
        }
        fact.last_use = fact.last_use.max(index as u32);
        if let Inst::Uextend { value, .. } = *inst {
            // It is an alias of its operand.
            self.use_at(value, index);
        }
    }

    /// Whether nobody can tell if `v` goes to its slot at once, rather than by
    /// the `set` at `index`.
    fn may_be_computed_at(&self, v: Value, index: usize) -> bool {
        let inst = self.at(v);
        let takes = !matches!(
            inst,
            Inst::Get { .. }
                | Inst::Iconst { .. }
                | Inst::CodeAddress { .. }
                | Inst::Uextend { .. }
                // Its lanes come one after the other.
                | Inst::LaneCall { .. }
        );
        takes && !self.of(v).inlined && self.insts[v.index() + 1..index].iter().all(is_pure)
    }

    /// Takes back direct destinations whose slot is still read, as a `get`'s
    /// alias, between the value and its `set`.
    fn drop_clobbering(&mut self, far: &[Value]) {
        for value in far.iter().map(|v| v.index()) {
            let Some(Direct { slot, set }) = self.facts[value].direct else { continue };
            let set = set as usize;
            let between = &self.insts[value + 1..set];
            let is_get = |inst: &Inst| matches!(inst, Inst::Get { slot: s } if s.0 == slot);
            let mut clobbers = between.iter().any(is_get);
            for inst in &self.insts[value + 1..=set] {
                inst.for_each_operand(|v| clobbers |= self.reads_in_place(v, slot));
            }
            if clobbers {
                self.facts[value].direct = None;
            }
        }
    }

    /// Whether what `v` is computed from is read in `slot`.
    fn reads_in_place(&self, v: Value, slot: Word) -> bool {
        let (inst, fact) = (self.at(v), self.of(v));
        if fact.inlined {
            let mut reads = false;
            inst.for_each_operand(|o| reads |= self.reads_in_place(o, slot));
            return reads;
        }
        match *inst {
            Inst::Get { slot: s } => fact.in_slot && s.0 == slot,
            Inst::Uextend { value, .. } => self.reads_in_place(value, slot),
            _ => false,
        }
    }
}

/// Whether a comparison of values of this type is that of the words they are in,
/// where narrow ones are zero-extended: all but the signed ones of those.
pub(super) fn compares_words(cond: IntCC, ty: Type) -> bool {
    let signed = matches!(cond, IntCC::Slt | IntCC::Sge | IntCC::Sgt | IntCC::Sle);
    ty == Type::I64 || !signed
}

/// Whether an operation neither faults nor shows or changes any state.
fn is_pure(inst: &Inst) -> bool {
    !inst.touches_memory()
        && !matches!(
            inst,
            Inst::Insn { .. }
                | Inst::Set { .. }
                | Inst::SetFlags { .. }
                | Inst::Call { .. }
                | Inst::LaneCall { .. }
                | Inst::TrapIf { .. }
                | Inst::Fence
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_for_all_slots_holds_until_one_is_put() {
        let mut next = NextSet { epoch: u32::MAX - 1, ..NextSet::default() };
        next.reset(2);
        assert_eq!((next.get(Slot(0)), next.get(Slot(1))), (NEVER, NEVER));
        next.put(Slot(1), 7);
        assert_eq!((next.get(Slot(0)), next.get(Slot(1))), (NEVER, 7));
        // The epochs start anew here.
        next.put_all(5);
        assert_eq!((next.get(Slot(0)), next.get(Slot(1))), (5, 5));
        next.put(Slot(0), 3);
        next.reset(3);
        assert_eq!([0, 1, 2].map(|slot| next.get(Slot(slot))), [NEVER; 3]);
    }
}
