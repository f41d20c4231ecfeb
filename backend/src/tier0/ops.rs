//! The compact operations tier 0 runs: three-address code over the words of a
//! CPU's state, slots and temporaries alike.

use super::lanes::VectorOp;
use guest::STATE_WORDS;
use ir::{BinaryOp, FlagsOp, IntCC, Leave, RmwOp, Type, UnaryOp};

/// The index of a word of the CPU's state.
pub(crate) type Word = u16;

/// A word that always holds zero.
pub(crate) const ZERO: Word = STATE_WORDS as Word - 1;

/// One operation; 16 bytes. `d` is written, `a`, `b` and `v` are read. Values
/// narrower than 64 bits are kept zero-extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Op {
    Const { d: Word, imm: u64 },
    /// The guest address that is `pc` in the block.
    Address { d: Word, pc: u64 },
    Mov { d: Word, a: Word },

    Add { d: Word, a: Word, b: Word },
    Sub { d: Word, a: Word, b: Word },
    Mul { d: Word, a: Word, b: Word },
    And { d: Word, a: Word, b: Word },
    Or { d: Word, a: Word, b: Word },
    Xor { d: Word, a: Word, b: Word },
    Shl { d: Word, a: Word, b: Word },
    Shr { d: Word, a: Word, b: Word },
    Sar { d: Word, a: Word, b: Word },
    AddI { d: Word, a: Word, imm: u64 },
    AndI { d: Word, a: Word, imm: u64 },
    OrI { d: Word, a: Word, imm: u64 },
    XorI { d: Word, a: Word, imm: u64 },
    ShlI { d: Word, a: Word, imm: u64 },
    ShrI { d: Word, a: Word, imm: u64 },
    SarI { d: Word, a: Word, imm: u64 },

    // On the low halves, the result sign-extended.
    Add32 { d: Word, a: Word, b: Word },
    Sub32 { d: Word, a: Word, b: Word },
    Mul32 { d: Word, a: Word, b: Word },
    Shl32 { d: Word, a: Word, b: Word },
    Shr32 { d: Word, a: Word, b: Word },
    Sar32 { d: Word, a: Word, b: Word },
    AddI32 { d: Word, a: Word, imm: u64 },
    ShlI32 { d: Word, a: Word, imm: u64 },
    ShrI32 { d: Word, a: Word, imm: u64 },
    SarI32 { d: Word, a: Word, imm: u64 },
    Sext8 { d: Word, a: Word },
    Sext16 { d: Word, a: Word },
    Sext32 { d: Word, a: Word },

    SetUlt { d: Word, a: Word, b: Word },
    SetSlt { d: Word, a: Word, b: Word },
    SetUltI { d: Word, a: Word, imm: u64 },
    SetSltI { d: Word, a: Word, imm: u64 },
    SetEqI { d: Word, a: Word, imm: u64 },
    SetNeI { d: Word, a: Word, imm: u64 },

    // Everything else, by type.
    Unary { op: UnaryOp, ty: Type, d: Word, a: Word },
    Binary { op: BinaryOp, ty: Type, d: Word, a: Word, b: Word },
    Icmp { cond: IntCC, ty: Type, d: Word, a: Word, b: Word },
    Sext { from: Type, to: Type, d: Word, a: Word },
    Select { d: Word, cond: Word, a: Word, b: Word },
    /// The flags of `a` and `b`, an `i64` or `i32`.
    Flags { op: FlagsOp, ty: Type, a: Word, b: Word, to: [Word; 4] },

    Vector(VectorOp),

    // Memory at word `a` plus `imm`, any alignment.
    LoadU8 { regime: u8, d: Word, a: Word, imm: u64 },
    LoadS8 { regime: u8, d: Word, a: Word, imm: u64 },
    LoadU16 { regime: u8, d: Word, a: Word, imm: u64 },
    LoadS16 { regime: u8, d: Word, a: Word, imm: u64 },
    LoadU32 { regime: u8, d: Word, a: Word, imm: u64 },
    LoadS32 { regime: u8, d: Word, a: Word, imm: u64 },
    Load64 { regime: u8, d: Word, a: Word, imm: u64 },
    Store8 { regime: u8, a: Word, v: Word, imm: u64 },
    Store16 { regime: u8, a: Word, v: Word, imm: u64 },
    Store32 { regime: u8, a: Word, v: Word, imm: u64 },
    Store64 { regime: u8, a: Word, v: Word, imm: u64 },
    // The same for a vector, as two accesses, naturally aligned or not.
    Load128 { regime: u8, aligned: bool, d: Word, a: Word, imm: u64 },
    Store128 { regime: u8, aligned: bool, a: Word, v: Word, imm: u64 },

    // Memory at word `a`, naturally aligned.
    LoadAligned { regime: u8, ty: Type, d: Word, a: Word },
    StoreAligned { regime: u8, ty: Type, a: Word, v: Word },
    LoadReserved { regime: u8, ty: Type, d: Word, a: Word },
    StoreConditional { regime: u8, ty: Type, d: Word, a: Word, v: Word },
    Rmw { regime: u8, ty: Type, op: RmwOp, d: Word, a: Word, v: Word },
    Cas { regime: u8, ty: Type, d: Word, a: Word, expected: Word, v: Word },
    Fence,
    TrapIf { cond: Word, a: Word, cause: u64 },
    Call { helper: u16, d: Word, args: [Word; 4] },

    // The last of a block. Branches go to the block's `taken` or `other`.
    Jump { pc: u64 },
    BrEq { a: Word, b: Word },
    BrNe { a: Word, b: Word },
    BrSlt { a: Word, b: Word },
    BrSge { a: Word, b: Word },
    BrUlt { a: Word, b: Word },
    BrUge { a: Word, b: Word },
    BrEqI { a: Word, imm: u64 },
    BrNeI { a: Word, imm: u64 },
    Indirect { a: Word },
    Leave { reason: Leave, a: Word },
    Trap { a: Word, cause: u64 },
}

const _: () = assert!(size_of::<Op>() == 16, "tier 0's density depends on it");

/// A block as tier 0 runs it. Its addresses are relative to its origin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Code {
    /// The operations; the last one is a terminator.
    pub(crate) ops: Box<[Op]>,
    /// The address of its first guest instruction.
    pub(crate) pc: u64,
    /// Where each guest instruction starts.
    pub(crate) marks: Box<[Mark]>,
    /// Where a branch goes if its condition holds.
    pub(crate) taken: u64,
    /// Where it goes if not.
    pub(crate) other: u64,
}

/// The start of a guest instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The index of its first operation.
    pub(crate) op: u16,
    /// Its distance from the block's first one.
    pub(crate) at: u16,
}

impl Op {
    /// The word that the rarer operations write; `None` for the others, and for
    /// those that write none.
    pub(crate) fn destination(&self) -> Option<Word> {
        match *self {
            Op::Unary { d, .. }
            | Op::Binary { d, .. }
            | Op::Icmp { d, .. }
            | Op::Sext { d, .. }
            | Op::LoadAligned { d, .. }
            | Op::LoadReserved { d, .. }
            | Op::StoreConditional { d, .. }
            | Op::Rmw { d, .. }
            | Op::Cas { d, .. }
            | Op::Call { d, .. } => Some(d),
            _ => None,
        }
    }
}

impl Code {
    /// What it takes in memory, in bytes.
    pub(crate) fn size_bytes(&self) -> u64 {
        (size_of_val(&*self.ops) + size_of_val(&*self.marks)) as u64
    }

    /// The guest addresses it is known to lead to, in the same mode.
    pub(crate) fn targets(&self) -> [Option<u64>; 2] {
        match self.ops.last() {
            Some(Op::Jump { pc }) => [Some(*pc), None],
            Some(Op::Indirect { .. } | Op::Leave { .. } | Op::Trap { .. }) | None => [None, None],
            Some(_) => [Some(self.taken), Some(self.other)],
        }
    }

    /// Whether it ends in a jump to a computed address.
    pub(crate) fn is_indirect(&self) -> bool {
        matches!(self.ops.last(), Some(Op::Indirect { .. }))
    }

    /// The address of a guest instruction.
    pub(crate) fn pc_of(&self, insn: usize) -> u64 {
        self.pc.wrapping_add(self.marks[insn].at.into())
    }

    /// The index of the guest instruction that operation `op` belongs to.
    pub(crate) fn insn_of(&self, op: usize) -> usize {
        self.marks.partition_point(|m| usize::from(m.op) <= op).saturating_sub(1)
    }
}
