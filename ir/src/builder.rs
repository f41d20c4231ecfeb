//! Builds a block, one operation at a time.

mod lanes;

use crate::{
    Args, BinaryOp, Block, BlockKey, FlagSlots, FlagsOp, HelperId, Inst, IntCC, MemAccess, RmwOp, Slot, Spec,
    Terminator, Type, UnaryOp, Value,
};
pub use lanes::OnLanes;

/// Appends operations to a block. Types are checked by the verifier, not here.
pub struct Builder<'a> {
    spec: &'a Spec,
    key: BlockKey,
    insts: Vec<Inst>,
    types: Vec<Option<Type>>,
    insns: u32,
    terminator: Option<Terminator>,
}

/// Nearly all blocks are shorter.
const USUAL_LEN: usize = 128;

/// One method an operation with two operands, named like it.
macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident => $op:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&mut self, lhs: Value, rhs: Value) -> Value {
            self.binary(BinaryOp::$op, lhs, rhs)
        }
    )*};
}

impl<'a> Builder<'a> {
    /// Starts a block at `key`.
    pub fn new(spec: &'a Spec, key: BlockKey) -> Builder<'a> {
        let (insts, types) = (Vec::with_capacity(USUAL_LEN), Vec::with_capacity(USUAL_LEN));
        Builder { spec, key, insts, types, insns: 0, terminator: None }
    }

    /// What the block refers to.
    pub fn spec(&self) -> &'a Spec {
        self.spec
    }

    /// Guest instructions started so far.
    pub fn insns(&self) -> u32 {
        self.insns
    }

    /// Whether the terminator is set.
    pub fn is_terminated(&self) -> bool {
        self.terminator.is_some()
    }

    /// The type of a value.
    ///
    /// # Panics
    /// If it has none: a front end's mistake.
    pub fn type_of(&self, value: Value) -> Type {
        self.types[value.index()].expect("an operand must be a value")
    }

    /// Appends any operation.
    // Where it is known which one, so is nearly all that is to be done: to write
    // it out and read it back as an argument would cost more than the rest.
    #[inline(always)]
    pub fn push(&mut self, inst: Inst) -> Value {
        let value = Value(self.insts.len() as u32);
        let ty = inst.result_type(self.spec, |v| self.types.get(v.index()).copied().flatten());
        self.insts.push(inst);
        self.types.push(ty);
        value
    }

    /// Starts the guest instruction at `pc`.
    pub fn insn(&mut self, pc: u64) {
        self.insns += 1;
        self.push(Inst::Insn { pc });
    }

    /// A constant, cut to `ty`.
    pub fn iconst(&mut self, ty: Type, value: u64) -> Value {
        self.push(Inst::Iconst { ty, value: value & ty.mask() })
    }

    /// The guest address that is `pc` in this block, an `i64`.
    pub fn code_address(&mut self, pc: u64) -> Value {
        self.push(Inst::CodeAddress { pc })
    }

    /// Reads a slot.
    pub fn get(&mut self, slot: Slot) -> Value {
        self.push(Inst::Get { slot })
    }

    /// Writes a slot.
    pub fn set(&mut self, slot: Slot, value: Value) {
        self.push(Inst::Set { slot, value });
    }

    /// Sets slots to the flags of a sum.
    pub fn set_flags(&mut self, op: FlagsOp, flags: FlagSlots, lhs: Value, rhs: Value) {
        self.push(Inst::SetFlags { op, flags, lhs, rhs });
    }

    /// An operation on one value.
    pub fn unary(&mut self, op: UnaryOp, value: Value) -> Value {
        self.push(Inst::Unary { op, value })
    }

    /// An operation on two values of one type.
    pub fn binary(&mut self, op: BinaryOp, lhs: Value, rhs: Value) -> Value {
        self.push(Inst::Binary { op, lhs, rhs })
    }

    binary! {
        /// Sum.
        iadd => Iadd;
        /// Difference.
        isub => Isub;
        /// Low half of the product.
        imul => Imul;
        /// High half of the unsigned product.
        umulhi => Umulhi;
        /// High half of the signed product.
        smulhi => Smulhi;
        /// Unsigned quotient; see [`BinaryOp::Udiv`].
        udiv => Udiv;
        /// Signed quotient; see [`BinaryOp::Sdiv`].
        sdiv => Sdiv;
        /// Unsigned remainder; see [`BinaryOp::Urem`].
        urem => Urem;
        /// Signed remainder; see [`BinaryOp::Srem`].
        srem => Srem;
        /// And.
        band => Band;
        /// Or.
        bor => Bor;
        /// Exclusive or.
        bxor => Bxor;
        /// Shift left, modulo the width.
        ishl => Ishl;
        /// Logical shift right, modulo the width.
        ushr => Ushr;
        /// Arithmetic shift right, modulo the width.
        sshr => Sshr;
        /// Rotate left.
        rotl => Rotl;
        /// Rotate right.
        rotr => Rotr;
        /// Unsigned minimum.
        umin => Umin;
        /// Unsigned maximum.
        umax => Umax;
        /// Signed minimum.
        smin => Smin;
        /// Signed maximum.
        smax => Smax;
    }

    /// Two's complement negation.
    pub fn ineg(&mut self, value: Value) -> Value {
        self.unary(UnaryOp::Ineg, value)
    }

    /// Complement of each bit.
    pub fn bnot(&mut self, value: Value) -> Value {
        self.unary(UnaryOp::Bnot, value)
    }

    /// Compares; `i8` 0 or 1.
    pub fn icmp(&mut self, cond: IntCC, lhs: Value, rhs: Value) -> Value {
        self.push(Inst::Icmp { cond, lhs, rhs })
    }

    /// `then` if `cond` is not zero, or else `other`.
    pub fn select(&mut self, cond: Value, then: Value, other: Value) -> Value {
        self.push(Inst::Select { cond, then, other })
    }

    /// Zero-extends to `ty`; `value` itself if it is as wide already.
    pub fn uextend(&mut self, ty: Type, value: Value) -> Value {
        if self.type_of(value) == ty { value } else { self.push(Inst::Uextend { ty, value }) }
    }

    /// Sign-extends to `ty`; `value` itself if it is as wide already.
    pub fn sextend(&mut self, ty: Type, value: Value) -> Value {
        if self.type_of(value) == ty { value } else { self.push(Inst::Sextend { ty, value }) }
    }

    /// Keeps the low bits; `value` itself if it is as narrow already.
    pub fn ireduce(&mut self, ty: Type, value: Value) -> Value {
        if self.type_of(value) == ty { value } else { self.push(Inst::Ireduce { ty, value }) }
    }

    /// Loads a value of type `ty`.
    pub fn load(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        self.push(Inst::Load { ty, access, addr })
    }

    /// Stores `value`.
    pub fn store(&mut self, access: MemAccess, addr: Value, value: Value) {
        self.push(Inst::Store { access, addr, value });
    }

    /// Loads and reserves.
    pub fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: Value) -> Value {
        self.push(Inst::LoadReserved { ty, access, addr })
    }

    /// Stores if the reservation stands; `i8` 0 if it did.
    pub fn store_conditional(&mut self, access: MemAccess, addr: Value, value: Value) -> Value {
        self.push(Inst::StoreConditional { access, addr, value })
    }

    /// Atomic read-modify-write; yields the old value.
    pub fn atomic_rmw(&mut self, op: RmwOp, access: MemAccess, addr: Value, value: Value) -> Value {
        self.push(Inst::AtomicRmw { op, access, addr, value })
    }

    /// Atomic compare-and-swap; yields the old value.
    pub fn atomic_cas(&mut self, access: MemAccess, addr: Value, expected: Value, new: Value) -> Value {
        self.push(Inst::AtomicCas { access, addr, expected, new })
    }

    /// Raises exception `cause` with the datum `value` if `cond` is not zero.
    pub fn trap_if(&mut self, cond: Value, cause: u64, value: Value) {
        self.push(Inst::TrapIf { cond, cause, value });
    }

    /// A full fence.
    pub fn fence(&mut self) {
        self.push(Inst::Fence);
    }

    /// Calls a helper; the value is usable only if it is declared to return.
    pub fn call(&mut self, helper: HelperId, args: &[Value]) -> Value {
        self.push(Inst::Call { helper, args: Args::new(args) })
    }

    /// Ends the block.
    ///
    /// # Panics
    /// If it has ended: a front end's mistake.
    pub fn terminate(&mut self, terminator: Terminator) {
        assert!(self.terminator.is_none(), "a block ends once");
        self.terminator = Some(terminator);
    }

    /// The finished block, lifted from `bytes` bytes of guest code.
    ///
    /// # Panics
    /// If it has no terminator: a front end's mistake.
    pub fn finish(self, bytes: u32) -> Block {
        let terminator = self.terminator.expect("a block needs a terminator");
        Block { key: self.key, insts: self.insts, terminator, insns: self.insns, bytes }
    }
}
