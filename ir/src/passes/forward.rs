//! Forwards slots' values: a `get` of what the block has read or written before
//! is that value, and a `set` of what the slot holds anyway is nothing.

use crate::{Slot, SlotSet, Spec, Value};

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

    /// The earlier value that a `get` of `slot` yields; without one, it is `here`
    /// from now on.
    pub fn get(&mut self, slot: Slot, here: Value) -> Option<Value> {
        let known = self.value(slot);
        if known.is_none() {
            self.learn(slot, here);
        }
        known
    }

    /// Takes note of a `set`; whether it does anything.
    pub fn set(&mut self, slot: Slot, value: Value) -> bool {
        let changes = self.value(slot) != Some(value);
        self.learn(slot, value);
        changes
    }

    fn value(&self, slot: Slot) -> Option<Value> {
        let (epoch, value) = self.values[slot.index()];
        (epoch == self.epoch).then_some(value)
    }

    fn learn(&mut self, slot: Slot, value: Value) {
        self.values[slot.index()] = (self.epoch, value);
    }

    /// Takes note that a slot is written, with a value that has no name.
    pub fn forget_one(&mut self, slot: Slot) {
        self.values[slot.index()].0 = 0;
    }

    /// Takes note of a call of a helper that may write `slots`.
    pub fn forget(&mut self, slots: SlotSet) {
        match slots {
            SlotSet::All => self.epoch += 1,
            SlotSet::These(slots) => {
                for slot in slots {
                    self.forget_one(*slot);
                }
            }
        }
    }
}
