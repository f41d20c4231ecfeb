//! Passes: they make a block cheaper and leave its meaning alone.
//!
//! What must stay the same, for whoever runs the block: how it ends; every
//! memory access, fence and call of a helper that is more than a function of
//! its arguments and slots, in order; and all slots at each point where somebody
//! else can look at them, which is wherever an operation may fault and at the
//! end. `Insn` operations stay where they are.
//!
//! One scan forwards slots' values (`forward`) and folds (`fold`); then dead
//! operations go (`dce`). All is linear in the block's length, as it is done for
//! every block.

mod dce;
mod fold;
mod forward;

use crate::{Block, Inst, Spec, Type, Value};
use dce::Demand;
use fold::{Folded, Known};
use forward::SlotValues;

/// Runs all passes once on one block, which must verify. To run them on many,
/// keep a [`Passes`].
pub fn run(block: &mut Block, spec: &Spec) {
    Passes::default().run(block, spec);
}

/// The passes and their buffers, to be used for block after block.
#[derive(Clone, Debug, Default)]
pub struct Passes {
    /// What stands for each operation's result from now on.
    names: Vec<Value>,
    types: Vec<Option<Type>>,
    slots: SlotValues,
    demand: Demand,
}

/// Stands in for an operation that is to go, as nobody uses its result.
const NOTHING: Inst = Inst::Iconst { ty: Type::I8, value: 0 };

impl Passes {
    /// Runs all passes on `block`, which must verify, and verifies again after.
    ///
    /// # Panics
    /// Maybe, if the block does not verify.
    pub fn run(&mut self, block: &mut Block, spec: &Spec) {
        self.simplify(block, spec);
        self.demand.sweep(block, spec, &mut self.names);
    }

    /// Forwards and folds from the first operation to the last.
    fn simplify(&mut self, block: &mut Block, spec: &Spec) {
        self.names.clear();
        self.types.clear();
        self.slots.start(spec);
        for index in 0..block.insts.len() {
            let here = Value(index as u32);
            let (name, ty) = match &mut block.insts[index] {
                Inst::Insn { .. } | Inst::Fence => (here, None),
                Inst::Iconst { ty, .. } => (here, Some(*ty)),
                Inst::Get { slot } => {
                    let name = self.slots.get(*slot, here).unwrap_or(here);
                    (name, Some(spec.layout.info(*slot).ty))
                }
                Inst::Set { slot, value } => {
                    *value = self.names[value.index()];
                    if !self.slots.set(*slot, *value) {
                        block.insts[index] = NOTHING;
                    }
                    (here, None)
                }
                Inst::SetFlags { flags, lhs, rhs, .. } => {
                    (*lhs, *rhs) = (self.names[lhs.index()], self.names[rhs.index()]);
                    flags.all().into_iter().for_each(|slot| self.slots.forget_one(slot));
                    (here, None)
                }
                _ => self.simplify_inst(&mut block.insts, here, spec),
            };
            self.types.push(ty);
            self.names.push(name);
        }
        block.terminator.map_operand(|v| self.names[v.index()]);
        let known = Known { insts: &block.insts, types: &self.types };
        block.terminator = known.terminator(block.terminator);
    }

    /// The same for operation `here`, which computes or reaches beyond slots:
    /// what stands for its result, and the type.
    fn simplify_inst(&mut self, insts: &mut [Inst], here: Value, spec: &Spec) -> (Value, Option<Type>) {
        let (earlier, inst) = insts.split_at_mut(here.index());
        let inst = &mut inst[0];
        inst.map_operands(|v| self.names[v.index()]);
        if let Inst::Call { helper, .. } | Inst::LaneCall { helper, .. } = *inst {
            self.slots.forget(spec.helper(helper).writes);
        }
        let mut name = here;
        match (Known { insts: earlier, types: &self.types }).fold(inst) {
            Folded::Same(value) => name = value,
            Folded::Inst(simpler) => *inst = simpler,
            Folded::Kept => (),
        }
        (name, inst.result_type(spec, |v| self.types[v.index()]))
    }
}
