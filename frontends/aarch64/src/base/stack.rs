//! The stack pointer's alignment (Arm ARM, D1.3.9.3, SP alignment checking).
//!
//! An access by a stack pointer that is no multiple of 16 is an exception where SCTLR_ELx.SA
//! or SA0 says so. Nearly always it is one, and such code is lifted without a check:
//! whether it is one is in the [mode](crate::state::Mode). An instruction that would bend
//! it starts over in the mode for that, in which accesses check, and each change of
//! the stack pointer has the mode looked at anew.

use ir::{IntCC, Value};

use crate::Lift;
use crate::fields::{ec, esr};
use crate::state::SP;
use crate::system::slots::STACK_BENDS;
use crate::system::syndrome::AGAIN;

/// What the stack pointer has to be a multiple of.
const ALIGNMENT: u64 = 16;

/// Whether an instruction reaches memory by the stack pointer: loads and stores whose Rn is
/// 31, but those by the pc, which have none.
const fn is_by_stack(word: u32) -> bool {
    const LITERAL: u32 = 1 << 28;
    let is_access = word >> 25 & 0b101 == 0b100;
    let is_literal = word & (3 << 28 | 1 << 24) == LITERAL;
    is_access && !is_literal && word >> 5 & 31 == 31
}

impl Lift<'_> {
    /// Before the instruction `word` called `name`: an exception if it reaches memory by a
    /// stack pointer that is bent. Prefetches do not.
    pub(crate) fn check_stack(&mut self, word: u32, name: &str) {
        if self.mode.stack_is_bent() && is_by_stack(word) && !name.starts_with("prf") {
            let pointer = self.b.get(SP);
            let is_bent = self.is_bent(pointer);
            let none = self.i64(0);
            self.b.trap_if(is_bent, esr::syndrome(ec::SP_ALIGNMENT, 0), none);
        }
    }

    /// Writes `value` to the stack pointer.
    pub fn set_stack(&mut self, value: Value) {
        self.will_set_stack(value);
        self.b.set(SP, value);
    }

    /// The instruction is going to write `value` to the stack pointer: it starts over if
    /// that is bent, and this mode is not for that.
    pub fn will_set_stack(&mut self, value: Value) {
        if self.mode.stack_is_bent() {
            let none = self.i64(0);
            self.b.set(STACK_BENDS, none);
            self.changes_mode = true;
        } else if self.mode.checks_stack() {
            let (bends, none) = (self.is_bent(value), self.i64(0));
            self.b.trap_if(bends, AGAIN, none);
        }
    }

    /// Whether `pointer` is one that accesses fault by.
    fn is_bent(&mut self, pointer: Value) -> Value {
        let mask = self.i64(ALIGNMENT - 1);
        let low = self.b.band(pointer, mask);
        let zero = self.i64(0);
        self.b.icmp(IntCC::Ne, low, zero)
    }

    /// Whether register `n` stays as aligned as it is if it moves by `offset`; so do all
    /// but the stack pointer.
    pub fn stays_aligned(&self, n: u32, offset: u64) -> bool {
        n != 31 || offset.is_multiple_of(ALIGNMENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accesses_by_the_stack_pointer_are_told_from_others() {
        // ldr x0, [sp]; stp x0, x1, [sp, #-16]!; ldxr x0, [sp]; ld1 {v0.16b}, [sp].
        for word in [0xf940_03e0, 0xa9bf_07e0, 0xc85f_7fe0, 0x4c40_73e0] {
            assert!(is_by_stack(word), "{word:#x}");
        }
        // ldr x0, [x1]; ldr x0 by the pc, with the same bits; add x0, sp, #0; b.
        for word in [0xf940_0020, 0x5800_03e0, 0x9100_03e0, 0x1400_03e0] {
            assert!(!is_by_stack(word), "{word:#x}");
        }
    }
}
