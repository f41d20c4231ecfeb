//! Forwards slots' values: a `get` of what the block has read or written before
//! is that value, and a `set` of what the slot holds anyway is nothing.

use crate::{Inst, Slot, SlotSet, Spec, Value};

/// What becomes of an operation.
pub enum Forwarded {
    /// It stays.
    Kept,
    /// Its result is this earlier value.
    Same(Value),
    /// It does nothing.
    Nothing,
}

/// What is known of slots' values at some point of a block.
#[derive(Clone, Debug, Default)]
pub struct SlotValues {
    /// By slot, the value and the epoch in which it was learnt.
    values: Vec<(u64, Value)>,
    /// Entries of other epochs are void, so that forgetting all costs nothing.
    epoch: u64,
}

impl SlotValues {
    /// Knows nothing, at a block's start.
    pub fn start(&mut self, spec: &Spec) {
        self.values.resize(spec.layout.slots().len(), (0, Value(0)));
        self.epoch += 1;
    }

    /// Takes note of what operation `here` does.
    pub fn step(&mut self, inst: &Inst, here: Value, spec: &Spec) -> Forwarded {
        match *inst {
            Inst::Get { slot } => match self.value(slot) {
                Some(value) => return Forwarded::Same(value),
                None => self.learn(slot, here),
            },
            Inst::Set { slot, value } if self.value(slot) == Some(value) => return Forwarded::Nothing,
            Inst::Set { slot, value } => self.learn(slot, value),
            Inst::Call { helper, .. } => self.forget(spec.helper(helper).writes),
            _ => (),
        }
        Forwarded::Kept
    }

    fn value(&self, slot: Slot) -> Option<Value> {
        let (epoch, value) = self.values[slot.index()];
        (epoch == self.epoch).then_some(value)
    }

    fn learn(&mut self, slot: Slot, value: Value) {
        self.values[slot.index()] = (self.epoch, value);
    }

    fn forget(&mut self, slots: SlotSet) {
        match slots {
            SlotSet::All => self.epoch += 1,
            SlotSet::These(slots) => {
                for slot in slots {
                    self.values[slot.index()].0 = 0;
                }
            }
        }
    }
}
