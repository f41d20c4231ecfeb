//! Which words of the CPU's state are in which host registers, within a block.
//!
//! Slots are written through: memory has their values at every point, so code
//! may leave anywhere. Temporaries, which nobody outside the block reads, go
//! back to memory only when their register is needed for something else, or
//! when Rust code is about to look at them.

use super::asm::{Asm, Mem, R8, R9, R10, R11, R12, R13, R14, R15, RBX, RDI, Reg, mem};
use crate::tier0::Word;
use crate::vcpu::Context;
use std::mem::offset_of;

/// The registers that hold words. The others have a purpose of their own.
const HOLDERS: [Reg; 9] = [RBX, R8, R9, R10, R11, R12, R13, R14, R15];

/// The memory of a word; `RDI` holds the CPU's context.
pub(super) fn word_mem(word: Word) -> Mem {
    mem(RDI, (offset_of!(Context, state) + 8 * usize::from(word)) as i32)
}

#[derive(Clone, Copy)]
struct Held {
    word: Word,
    /// Memory does not have it.
    dirty: bool,
    /// When it was used last.
    used: u32,
}

/// What is in the registers at some point of a block.
pub(super) struct Regs {
    held: [Option<Held>; HOLDERS.len()],
    /// Registers that the current operation uses, by index.
    busy: u16,
    clock: u32,
    /// The first word that is a temporary.
    first_temp: Word,
}

impl Regs {
    pub(super) fn new(first_temp: Word) -> Regs {
        Regs { held: [None; HOLDERS.len()], busy: 0, clock: 0, first_temp }
    }

    /// The next operation starts: no register is in use by it yet.
    pub(super) fn start_operation(&mut self) {
        self.busy = 0;
        self.clock += 1;
    }

    fn find(&self, word: Word) -> Option<usize> {
        self.held.iter().position(|h| h.is_some_and(|h| h.word == word))
    }

    /// A register with the word's value, not to be changed.
    pub(super) fn read(&mut self, asm: &mut Asm, word: Word) -> Reg {
        let index = self.find(word).unwrap_or_else(|| {
            let index = self.make_room(asm);
            asm.load(HOLDERS[index], word_mem(word));
            self.held[index] = Some(Held { word, dirty: false, used: 0 });
            index
        });
        self.touch(index);
        HOLDERS[index]
    }

    /// A register for the word's next value. It may be the one that `read`
    /// gave for the same word; no other that `read` gave in this operation.
    pub(super) fn write(&mut self, asm: &mut Asm, word: Word) -> Reg {
        let index = self.find(word).unwrap_or_else(|| self.make_room(asm));
        self.held[index] = Some(Held { word, dirty: word >= self.first_temp, used: 0 });
        self.touch(index);
        HOLDERS[index]
    }

    /// Makes sure that `write` will find a register for the word without a
    /// store of another one.
    pub(super) fn reserve(&mut self, asm: &mut Asm, word: Word) {
        if self.find(word).is_none() {
            let index = self.make_room(asm);
            self.held[index] = None;
        }
    }

    /// Stores the word that `write` gave a register for, if it is a slot.
    pub(super) fn written(&self, asm: &mut Asm, word: Word, reg: Reg) {
        if word < self.first_temp {
            asm.store(word_mem(word), reg);
        }
    }

    fn touch(&mut self, index: usize) {
        self.busy |= 1 << index;
        if let Some(held) = &mut self.held[index] {
            held.used = self.clock;
        }
    }

    /// A register that may be overwritten: an empty one, or the one whose word
    /// was not used for the longest time.
    fn make_room(&mut self, asm: &mut Asm) -> usize {
        let free = (0..HOLDERS.len()).filter(|i| self.busy >> i & 1 == 0);
        let index = free
            .min_by_key(|i| self.held[*i].map_or(0, |h| h.used + 1))
            .expect("an operation uses fewer words than there are registers");
        self.spill(asm, index);
        self.held[index] = None;
        index
    }

    fn spill(&mut self, asm: &mut Asm, index: usize) {
        if let Some(held) = &mut self.held[index]
            && held.dirty
        {
            held.dirty = false;
            asm.store(word_mem(held.word), HOLDERS[index]);
        }
    }

    /// Makes memory have every word.
    pub(super) fn spill_all(&mut self, asm: &mut Asm) {
        for index in 0..HOLDERS.len() {
            self.spill(asm, index);
        }
    }

    /// Memory has a new value of a word.
    pub(super) fn forget(&mut self, word: Word) {
        if let Some(index) = self.find(word) {
            self.held[index] = None;
        }
    }

    /// Memory may have new values of all slots.
    pub(super) fn forget_slots(&mut self) {
        for held in &mut self.held {
            if held.is_some_and(|h| h.word < self.first_temp) {
                *held = None;
            }
        }
    }
}
