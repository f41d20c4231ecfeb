//! Blocks: straight-line code with one way in and one terminator.

use crate::{Inst, Spec, Type, Value};

/// Origins of blocks are multiples of this many bytes.
pub const ORIGIN_BYTES: u64 = 4096;

/// What a block was lifted from: all that decoding depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct BlockKey {
    /// The guest address of the first instruction, relative to the origin.
    pub pc: u64,
    /// The guest's mode bits that change what its bytes mean.
    pub mode: u32,
}

/// What an indirect jump is for; a hint to the engine's predictors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Hint {
    /// A call that returns to `ret`.
    Call {
        /// The return address.
        ret: u64,
    },
    /// A return.
    Return,
    /// Anything else.
    Other,
}

/// Why a block leaves to the engine although the guest goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Leave {
    /// Mode, translation or pending interrupts may have changed: look again.
    Resume,
    /// The CPU has nothing to do until an interrupt is pending.
    Idle,
    /// The guest calls the firmware that the machine plays.
    Firmware,
}

/// How a block ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Terminator {
    /// Goes on at `pc`, in the same mode.
    Jump {
        /// The next guest address.
        pc: u64,
    },
    /// Goes on at `taken` if `cond` (an `i8`) is not zero, or else at `other`,
    /// in the same mode.
    Branch {
        /// The condition.
        cond: Value,
        /// The guest address if it holds.
        taken: u64,
        /// The guest address if not.
        other: u64,
    },
    /// Goes on at a computed address, in the same mode.
    Indirect {
        /// The next guest address, `i64`.
        target: Value,
        /// What for.
        hint: Hint,
    },
    /// Goes back to the engine, to go on at `pc` (an `i64`).
    Leave {
        /// Why.
        reason: Leave,
        /// The next guest address.
        pc: Value,
    },
    /// The guest instruction that was started last raises exception `cause`
    /// with the datum `value` (an `i64`) and is not completed.
    Trap {
        /// The guest's number for it.
        cause: u64,
        /// The guest's datum, such as a bad address.
        value: Value,
    },
}

impl Terminator {
    /// The operand, if there is one.
    pub fn operand(&self) -> Option<Value> {
        match *self {
            Terminator::Jump { .. } => None,
            Terminator::Branch { cond, .. } => Some(cond),
            Terminator::Indirect { target, .. } => Some(target),
            Terminator::Leave { pc, .. } => Some(pc),
            Terminator::Trap { value, .. } => Some(value),
        }
    }

    /// Replaces the operand by what `rename` says.
    pub fn map_operand(&mut self, rename: impl FnOnce(Value) -> Value) {
        match self {
            Terminator::Jump { .. } => (),
            Terminator::Branch { cond: v, .. }
            | Terminator::Indirect { target: v, .. }
            | Terminator::Leave { pc: v, .. }
            | Terminator::Trap { value: v, .. } => *v = rename(*v),
        }
    }
}

/// A lifted block.
///
/// The same code may be mapped at several guest addresses. So the addresses in a
/// block (its key's, those of instructions and of jumps) are relative to its
/// **origin**: a multiple of [`ORIGIN_BYTES`] that only whoever runs the block
/// knows. Values that are such addresses are [`Inst::CodeAddress`] and no
/// constants; computed addresses are whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What it was lifted from.
    pub key: BlockKey,
    /// The operations; an operation's index names its result.
    pub insts: Vec<Inst>,
    /// How it ends.
    pub terminator: Terminator,
    /// Guest instructions in it, counting the last even if it traps.
    pub insns: u32,
    /// Bytes of guest code it was lifted from.
    pub bytes: u32,
}

impl Block {
    /// The type of an operation's result; `None` if it has none. Use
    /// [`Block::result_types`] to learn more than a few.
    pub fn result_type(&self, spec: &Spec, value: Value) -> Option<Type> {
        let mut at = value;
        loop {
            let mut same_as = None;
            let ty = self.insts.get(at.index())?.result_type(spec, |operand| {
                same_as = Some(operand);
                None
            });
            match same_as {
                Some(operand) if operand < at => at = operand,
                _ => return ty,
            }
        }
    }

    /// The types of all results, by index; linear in the block's length.
    pub fn result_types(&self, spec: &Spec) -> Vec<Option<Type>> {
        let mut types: Vec<Option<Type>> = Vec::with_capacity(self.insts.len());
        for inst in &self.insts {
            types.push(inst.result_type(spec, |v| types.get(v.index()).copied().flatten()));
        }
        types
    }
}
