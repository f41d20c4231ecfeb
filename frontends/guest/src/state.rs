//! The state of one CPU: slots, and nothing else.

use ir::{Slot, StateLayout};

/// Words in a [`CpuState`]: the slots first, then an engine's own temporaries.
pub const STATE_WORDS: usize = 1024;

/// The slots of one CPU, a 64-bit word each; narrower ones zero-extended. A
/// vector's are two, the lower bits first.
#[repr(C, align(64))]
#[derive(Clone, PartialEq, Eq)]
pub struct CpuState {
    /// Word `n` is slot `n`.
    pub words: [u64; STATE_WORDS],
}

impl Default for CpuState {
    fn default() -> CpuState {
        CpuState { words: [0; STATE_WORDS] }
    }
}

impl CpuState {
    /// Reads a slot.
    #[inline]
    pub fn get(&self, slot: Slot) -> u64 {
        self.words[slot.index()]
    }

    /// Writes a slot; the value must fit its type.
    #[inline]
    pub fn set(&mut self, slot: Slot, value: u64) {
        self.words[slot.index()] = value;
    }

    /// Reads a vector's slot.
    #[inline]
    pub fn vector(&self, slot: Slot) -> u128 {
        u128::from(self.get(slot)) | u128::from(self.get(slot.upper())) << 64
    }

    /// Writes a vector's slot.
    #[inline]
    pub fn set_vector(&mut self, slot: Slot, value: u128) {
        self.set(slot, value as u64);
        self.set(slot.upper(), (value >> 64) as u64);
    }

    /// The slots of `layout`, without temporaries.
    pub fn slots(&self, layout: &StateLayout) -> &[u64] {
        &self.words[..layout.slots().len()]
    }
}
