//! Operations. Unless an operation says otherwise, operands and result have
//! one type, and arithmetic wraps.

use crate::{
    Args, BinaryOp, FlagSlots, FlagsOp, HashOp, HelperId, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, MemAccess,
    RmwOp, Slot, Spec, Type, UnaryOp,
};

/// The result of the instruction with this index in its block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Value(pub u32);

impl Value {
    /// The index of the instruction that yields this value.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation of a block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Inst {
    /// The guest instruction at `pc` starts here. A fault in what follows is
    /// reported at `pc`, with all earlier guest instructions done.
    Insn {
        /// Its guest address.
        pc: u64,
    },
    /// A constant, cut to the type.
    Iconst {
        /// The result's type.
        ty: Type,
        /// The value, zero-extended.
        value: u64,
    },
    /// A guest address known by its place in the code, an `i64`: unlike a
    /// constant it moves with the block's origin; see [`crate::Block`].
    CodeAddress {
        /// The address, relative to the block's origin.
        pc: u64,
    },
    /// Reads a slot; the type is the slot's.
    Get {
        /// The slot.
        slot: Slot,
    },
    /// Writes a slot.
    Set {
        /// The slot.
        slot: Slot,
        /// Of the slot's type.
        value: Value,
    },
    /// Sets slots to the flags of a sum of `i32` or `i64`.
    SetFlags {
        /// Which.
        op: FlagsOp,
        /// Where they go.
        flags: FlagSlots,
        /// The left operand.
        lhs: Value,
        /// The right operand.
        rhs: Value,
    },
    /// An operation on one value.
    Unary {
        /// Which.
        op: UnaryOp,
        /// The operand.
        value: Value,
    },
    /// An operation on two values of one type.
    Binary {
        /// Which.
        op: BinaryOp,
        /// The left operand.
        lhs: Value,
        /// The right operand.
        rhs: Value,
    },
    /// A comparison; yields `i8` 0 or 1.
    Icmp {
        /// Which.
        cond: IntCC,
        /// The left operand.
        lhs: Value,
        /// The right operand.
        rhs: Value,
    },
    /// `then` if `cond` (an `i8`) is not zero, or else `other`.
    Select {
        /// The condition.
        cond: Value,
        /// The result if it holds.
        then: Value,
        /// The result if not.
        other: Value,
    },
    /// Zero-extends to the wider `ty`.
    Uextend {
        /// The result's type.
        ty: Type,
        /// The narrower operand.
        value: Value,
    },
    /// Sign-extends to the wider `ty`.
    Sextend {
        /// The result's type.
        ty: Type,
        /// The narrower operand.
        value: Value,
    },
    /// Keeps the low bits that fit the narrower `ty`.
    Ireduce {
        /// The result's type.
        ty: Type,
        /// The wider operand.
        value: Value,
    },
    /// A vector of two `i64`s.
    Iconcat {
        /// Lane 0.
        low: Value,
        /// Lane 1.
        high: Value,
    },
    /// A vector with one value in all lanes.
    Splat {
        /// The result's lanes.
        lanes: Lanes,
        /// Of the lanes' type.
        value: Value,
    },
    /// A lane of a vector.
    ExtractLane {
        /// The operand's lanes; theirs is the result's type.
        lanes: Lanes,
        /// Which, from 0.
        lane: u8,
        /// The vector.
        value: Value,
    },
    /// A vector with one lane replaced.
    InsertLane {
        /// The vector's lanes.
        lanes: Lanes,
        /// Which, from 0.
        lane: u8,
        /// The vector.
        vector: Value,
        /// What the lane becomes, of the lanes' type.
        value: Value,
    },
    /// An operation on each lane of a vector.
    LaneUnary {
        /// Which.
        op: LaneUnaryOp,
        /// The operand's lanes.
        lanes: Lanes,
        /// The operand.
        value: Value,
    },
    /// An operation on the lanes of two vectors.
    LaneBinary {
        /// Which.
        op: LaneBinaryOp,
        /// The operands' lanes.
        lanes: Lanes,
        /// The left operand.
        lhs: Value,
        /// The right operand.
        rhs: Value,
    },
    /// Compares two vectors lane by lane; a lane of the result is all ones where
    /// it holds, or else zero.
    LaneIcmp {
        /// Which.
        cond: IntCC,
        /// The operands' lanes.
        lanes: Lanes,
        /// The left operand.
        lhs: Value,
        /// The right operand.
        rhs: Value,
    },
    /// Bits of vectors: of `then` where `mask` has a 1, or else of `other`.
    Bitselect {
        /// Chooses.
        mask: Value,
        /// The result where it has ones.
        then: Value,
        /// The result where it has zeros.
        other: Value,
    },
    /// Bytes of two vectors: byte `n` of the result is that of the 32 bytes of
    /// `lhs` and `rhs` whose number is byte `n` of `mask`, or 0 if there is none.
    /// Engines are good at it where `mask` is a constant.
    Shuffle {
        /// Bytes 0 to 15.
        lhs: Value,
        /// Bytes 16 to 31.
        rhs: Value,
        /// The numbers.
        mask: Value,
    },
    /// Four rounds of a hash function: a part of the state after them, from both
    /// parts before and four words.
    HashRounds {
        /// Which.
        op: HashOp,
        /// The first part of the state.
        first: Value,
        /// The rest of it.
        second: Value,
        /// The words, with constants added.
        words: Value,
    },
    /// Calls a helper for each lane of vectors, the first one first; a vector of the
    /// results. The helper takes and yields numbers, 32 bits as
    /// [boxed singles](crate::FloatFormat::BoxedSingle), writes no vector, and does
    /// no more beside than fault; what it has done for earlier lanes is done then.
    LaneCall {
        /// Which.
        helper: HelperId,
        /// `i32x4` or `i64x2`.
        lanes: Lanes,
        /// With the lanes of what.
        args: Args,
    },
    /// Loads a little-endian value; may fault or reach a device. A vector is two
    /// loads of `i64`, the lower address first.
    Load {
        /// The result's type, and so the size.
        ty: Type,
        /// How.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
    },
    /// Stores a little-endian value; may fault or reach a device. A vector is two
    /// stores of `i64`, the lower address first: if the second faults, the first is
    /// done.
    Store {
        /// How.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
        /// What; its type gives the size.
        value: Value,
    },
    /// A load that also places this CPU's one reservation on the address.
    LoadReserved {
        /// The result's type, and so the size.
        ty: Type,
        /// How; alignment is natural.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
    },
    /// Stores if the reservation still stands, and drops it either way; yields
    /// `i8` 0 if it stored, 1 if not. Faults as a store does.
    StoreConditional {
        /// How; alignment is natural.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
        /// What; its type gives the size.
        value: Value,
    },
    /// Atomic read-modify-write; yields the old value. Faults as a store does.
    AtomicRmw {
        /// What is stored.
        op: RmwOp,
        /// How; alignment is natural.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
        /// The operand; its type gives the size.
        value: Value,
    },
    /// Stores `new` if memory holds `expected`; yields the old value. Faults as
    /// a store does.
    AtomicCas {
        /// How; alignment is natural.
        access: MemAccess,
        /// Virtual address, `i64`.
        addr: Value,
        /// What memory has to hold.
        expected: Value,
        /// What is then stored.
        new: Value,
    },
    /// If `cond` is not zero, the guest instruction raises an exception and is not
    /// completed. For exceptions that are rare.
    TrapIf {
        /// Whether, `i8`.
        cond: Value,
        /// The guest's number for it.
        cause: u64,
        /// The guest's datum, `i64`.
        value: Value,
    },
    /// All accesses before come before all after, for every observer.
    Fence,
    /// Calls a helper with `i64` arguments; yields `i64` if it is declared to.
    Call {
        /// Which.
        helper: HelperId,
        /// With what.
        args: Args,
    },
}

/// Does something with each operand, which `$slice` lists of a helper's arguments:
/// once to look at them and once to change them in place.
macro_rules! with_operands {
    ($inst:expr, $slice:ident, $each:expr) => {{
        let mut each = $each;
        match $inst {
            Inst::Insn { .. }
            | Inst::Iconst { .. }
            | Inst::CodeAddress { .. }
            | Inst::Get { .. }
            | Inst::Fence => (),
            Inst::Set { value, .. }
            | Inst::Unary { value, .. }
            | Inst::Uextend { value, .. }
            | Inst::Sextend { value, .. }
            | Inst::Ireduce { value, .. }
            | Inst::Splat { value, .. }
            | Inst::ExtractLane { value, .. }
            | Inst::LaneUnary { value, .. } => each(value),
            Inst::Iconcat { low, high } => [low, high].into_iter().for_each(each),
            Inst::InsertLane { vector, value, .. } => [vector, value].into_iter().for_each(each),
            Inst::LaneBinary { lhs, rhs, .. } | Inst::LaneIcmp { lhs, rhs, .. } => {
                [lhs, rhs].into_iter().for_each(each)
            }
            Inst::Bitselect { mask, then, other } => [mask, then, other].into_iter().for_each(each),
            Inst::Shuffle { lhs, rhs, mask } => [lhs, rhs, mask].into_iter().for_each(each),
            Inst::HashRounds { first, second, words, .. } => {
                [first, second, words].into_iter().for_each(each)
            }
            Inst::Binary { lhs, rhs, .. } | Inst::Icmp { lhs, rhs, .. } | Inst::SetFlags { lhs, rhs, .. } => {
                [lhs, rhs].into_iter().for_each(each)
            }
            Inst::Select { cond, then, other } => [cond, then, other].into_iter().for_each(each),
            Inst::Load { addr, .. } | Inst::LoadReserved { addr, .. } => each(addr),
            Inst::TrapIf { cond, value, .. } => [cond, value].into_iter().for_each(each),
            Inst::Store { addr, value, .. }
            | Inst::StoreConditional { addr, value, .. }
            | Inst::AtomicRmw { addr, value, .. } => [addr, value].into_iter().for_each(each),
            Inst::AtomicCas { addr, expected, new, .. } => [addr, expected, new].into_iter().for_each(each),
            Inst::Call { args, .. } | Inst::LaneCall { args, .. } => args.$slice().into_iter().for_each(each),
        }
    }};
}

impl Inst {
    /// The type of the result; `None` if there is none, or a slot, helper or
    /// operand is unknown. `type_of` tells the types of earlier operations'
    /// results and is asked at most once.
    #[inline(always)]
    pub fn result_type(&self, spec: &Spec, type_of: impl FnOnce(Value) -> Option<Type>) -> Option<Type> {
        match *self {
            Inst::Insn { .. }
            | Inst::Set { .. }
            | Inst::SetFlags { .. }
            | Inst::Store { .. }
            | Inst::TrapIf { .. }
            | Inst::Fence => None,
            Inst::Iconst { ty, .. }
            | Inst::Uextend { ty, .. }
            | Inst::Sextend { ty, .. }
            | Inst::Ireduce { ty, .. }
            | Inst::Load { ty, .. }
            | Inst::LoadReserved { ty, .. } => Some(ty),
            Inst::CodeAddress { .. } => Some(Type::I64),
            Inst::Get { slot } => spec.layout.slots().get(slot.index()).map(|info| info.ty),
            Inst::Icmp { .. } | Inst::StoreConditional { .. } => Some(Type::I8),
            Inst::Unary { value, .. } | Inst::AtomicRmw { value, .. } => type_of(value),
            Inst::Binary { lhs, .. } => type_of(lhs),
            Inst::Select { then, .. } => type_of(then),
            Inst::ExtractLane { lanes, .. } => Some(lanes.ty()),
            Inst::Iconcat { .. }
            | Inst::Splat { .. }
            | Inst::InsertLane { .. }
            | Inst::LaneUnary { .. }
            | Inst::LaneBinary { .. }
            | Inst::LaneIcmp { .. }
            | Inst::Bitselect { .. }
            | Inst::Shuffle { .. }
            | Inst::HashRounds { .. }
            | Inst::LaneCall { .. } => Some(Type::V128),
            Inst::AtomicCas { new, .. } => type_of(new),
            Inst::Call { helper, .. } => {
                spec.helpers.get(usize::from(helper.0)).and_then(|decl| decl.returns.then_some(Type::I64))
            }
        }
    }

    /// Whether the operation yields a value.
    pub fn has_result(&self, spec: &Spec) -> bool {
        match *self {
            Inst::Insn { .. }
            | Inst::Set { .. }
            | Inst::SetFlags { .. }
            | Inst::Store { .. }
            | Inst::TrapIf { .. }
            | Inst::Fence => false,
            Inst::Call { helper, .. } => spec.helpers.get(usize::from(helper.0)).is_some_and(|d| d.returns),
            _ => true,
        }
    }

    /// Calls `visit` for each operand.
    #[inline]
    pub fn for_each_operand(&self, mut visit: impl FnMut(Value)) {
        with_operands!(self, as_slice, |v: &Value| visit(*v));
    }

    /// Replaces each operand by what `rename` says.
    #[inline]
    pub fn map_operands(&mut self, mut rename: impl FnMut(Value) -> Value) {
        with_operands!(self, as_mut_slice, |v: &mut Value| *v = rename(*v));
    }

    /// Whether the operation reads or writes guest memory, and so may fault.
    pub fn touches_memory(&self) -> bool {
        matches!(
            self,
            Inst::Load { .. }
                | Inst::Store { .. }
                | Inst::LoadReserved { .. }
                | Inst::StoreConditional { .. }
                | Inst::AtomicRmw { .. }
                | Inst::AtomicCas { .. }
        )
    }
}
