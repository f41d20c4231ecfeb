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
use forward::{Forwarded, SlotValues};

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
            let mut inst = block.insts[index];
            inst.map_operands(|v| self.names[v.index()]);
            let mut name = here;
            match self.slots.step(&inst, here, spec) {
                Forwarded::Same(value) => name = value,
                Forwarded::Nothing => inst = NOTHING,
                Forwarded::Kept => {
                    let known = Known { insts: &block.insts, types: &self.types };
                    match known.fold(&inst) {
                        Folded::Same(value) => name = value,
                        Folded::Inst(simpler) => inst = simpler,
                        Folded::Kept => (),
                    }
                }
            }
            block.insts[index] = inst;
            let ty = inst.result_type(spec, |v| self.types[v.index()]);
            self.types.push(ty);
            self.names.push(name);
        }
        block.terminator.map_operand(|v| self.names[v.index()]);
        let known = Known { insts: &block.insts, types: &self.types };
        block.terminator = known.terminator(block.terminator);
    }
}
