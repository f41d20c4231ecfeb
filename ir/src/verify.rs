//! The verifier: what every block must satisfy, whoever made it.
//!
//! The interpreter, the passes and the engines rely on these rules and do not
//! check them again.

use crate::{
    Align, Args, Block, Effects, HelperId, Inst, Lanes, MemAccess, Slot, SlotClass, SlotSet, Spec,
    Terminator, Type, UnaryOp, Value,
};
use thiserror::Error;

/// A block that breaks a rule: a bug of the front end or pass that made it.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("operation {op} (`{text}`): {problem}")]
pub struct VerifyError {
    /// The operation's index; the number of operations if it is the terminator.
    pub op: usize,
    /// The operation as text.
    pub text: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// A broken rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum Problem {
    /// A block starts with [`Inst::Insn`].
    #[error("a block starts with `insn`")]
    NoInsnFirst,
    /// [`Block::insns`] counts the [`Inst::Insn`] operations.
    #[error("the block claims {claimed} guest instructions and has {found}")]
    InsnCount {
        /// What [`Block::insns`] says.
        claimed: u32,
        /// How many there are.
        found: usize,
    },
    /// Slots are in the layout.
    #[error("there is no slot {0}")]
    UnknownSlot(u16),
    /// Helpers are declared.
    #[error("there is no helper {0}")]
    UnknownHelper(u16),
    /// Operands are results of earlier operations.
    #[error("operand {0} is not the result of an earlier operation")]
    Undefined(u32),
    /// Operations that yield nothing are no operands.
    #[error("operand {0} is an operation without a result")]
    NoResult(u32),
    /// Flags are small.
    #[error("slot {0} is no `i8`")]
    NoFlag(u16),
    /// Sums of these have no flags.
    #[error("an {0} has no flags")]
    NoFlags(Type),
    /// Operands have the type that the operation asks for.
    #[error("operand {operand} is of type {found}, not {expected}")]
    WrongType {
        /// The index of the operation that yields the operand.
        operand: u32,
        /// What the operation asks for.
        expected: Type,
        /// What the operand is.
        found: Type,
    },
    /// Extensions go to a wider type.
    #[error("extends an {from} to an {to}, which is no wider")]
    NotWider {
        /// The operand's type.
        from: Type,
        /// The result's.
        to: Type,
    },
    /// Reductions go to a narrower type.
    #[error("reduces an {from} to an {to}, which is no narrower")]
    NotNarrower {
        /// The operand's type.
        from: Type,
        /// The result's.
        to: Type,
    },
    /// Constants fit their type.
    #[error("{value:#x} does not fit an {ty}")]
    WideConstant {
        /// The type.
        ty: Type,
        /// The constant.
        value: u64,
    },
    /// What is done to an integer is not done to a vector.
    #[error("operand {0} is a vector, not an integer")]
    Vector(u32),
    /// Extensions and reductions yield integers, constants and atomics are such.
    #[error("a {0} is no integer")]
    NoInteger(Type),
    /// A vector's upper word has no name.
    #[error("slot {0} is the upper word of a vector")]
    UpperWord(u16),
    /// Some operations are for some lanes only.
    #[error("it is not for lanes {}", .0.name())]
    Lanes(Lanes),
    /// Lanes have numbers.
    #[error("there is no lane {lane} of {}", .lanes.name())]
    UnknownLane {
        /// The lanes.
        lanes: Lanes,
        /// The number.
        lane: u8,
    },
    /// A byte has no byte order.
    #[error("`bswap` needs more than one byte")]
    ByteSwapOfByte,
    /// There are eight regimes.
    #[error("translation regimes are 0 to 7, not {0}")]
    Regime(u8),
    /// Atomic accesses are naturally aligned.
    #[error("an atomic access must be `aligned`")]
    Unaligned,
    /// Calls pass what the helper takes.
    #[error("the helper takes {takes} arguments, not {given}")]
    Arguments {
        /// How many the helper takes.
        takes: u8,
        /// How many are passed.
        given: usize,
    },
    /// A helper that is called for lanes yields a number and does little else.
    #[error("the helper yields nothing, does more than fault, or writes vectors")]
    NotForLanes,
    /// Nothing follows a helper with [`Effects::CONTROL`] but the terminator.
    #[error("only the terminator can follow a helper that changes control")]
    ControlNotLast,
}

/// Checks every rule.
///
/// # Errors
/// The first rule that is broken, in the order of the operations.
pub fn verify(block: &Block, spec: &Spec) -> Result<(), VerifyError> {
    let mut types = Vec::with_capacity(block.insts.len());
    let error = |op, problem| {
        let text = block.display(spec).op(op).to_string();
        VerifyError { op, text, problem }
    };
    if !matches!(block.insts.first(), Some(Inst::Insn { .. })) {
        return Err(error(0, Problem::NoInsnFirst));
    }
    for (index, inst) in block.insts.iter().enumerate() {
        let rules = Rules { spec, types: &types };
        rules.inst(inst).map_err(|problem| error(index, problem))?;
        if changes_control(inst, spec) && index + 1 != block.insts.len() {
            return Err(error(index, Problem::ControlNotLast));
        }
        let ty = inst.result_type(spec, |v| types[v.index()]);
        types.push(ty);
    }
    let last = block.insts.len();
    Rules { spec, types: &types }.terminator(block).map_err(|problem| error(last, problem))
}

fn changes_control(inst: &Inst, spec: &Spec) -> bool {
    matches!(*inst, Inst::Call { helper, .. } if spec.helper(helper).effects.contains(Effects::CONTROL))
}

/// What an operation is checked against: the results before it.
struct Rules<'a> {
    spec: &'a Spec,
    types: &'a [Option<Type>],
}

impl Rules<'_> {
    fn inst(&self, inst: &Inst) -> Result<(), Problem> {
        match *inst {
            Inst::Insn { .. } | Inst::CodeAddress { .. } | Inst::Fence => Ok(()),
            Inst::Iconst { ty: Type::V128, .. } => Err(Problem::NoInteger(Type::V128)),
            Inst::Iconst { ty, value } if value > ty.mask() => Err(Problem::WideConstant { ty, value }),
            Inst::Iconst { .. } => Ok(()),
            Inst::Get { slot } => self.slot(slot).map(drop),
            Inst::Set { slot, value } => self.expect(value, self.slot(slot)?),
            Inst::SetFlags { flags, lhs, rhs, .. } => {
                for slot in flags.all() {
                    if self.slot(slot)? != Type::I8 {
                        return Err(Problem::NoFlag(slot.0));
                    }
                }
                match self.value(lhs)? {
                    Type::I32 | Type::I64 => self.alike(lhs, rhs),
                    ty => Err(Problem::NoFlags(ty)),
                }
            }
            Inst::Unary { op: UnaryOp::Bswap, value } if self.value(value)? == Type::I8 => {
                Err(Problem::ByteSwapOfByte)
            }
            Inst::Unary { value, .. } => self.integer(value).map(drop),
            Inst::Binary { lhs, rhs, .. } | Inst::Icmp { lhs, rhs, .. } => {
                self.integer(lhs)?;
                self.alike(lhs, rhs)
            }
            Inst::Select { cond, then, other } => {
                self.expect(cond, Type::I8)?;
                self.alike(then, other)
            }
            Inst::Uextend { ty, value } | Inst::Sextend { ty, value } => match self.integer(value)? {
                _ if ty.is_vector() => Err(Problem::NoInteger(ty)),
                from if from < ty => Ok(()),
                from => Err(Problem::NotWider { from, to: ty }),
            },
            Inst::Ireduce { ty, value } => match self.integer(value)? {
                from if from > ty => Ok(()),
                from => Err(Problem::NotNarrower { from, to: ty }),
            },
            Inst::TrapIf { cond, value, .. } => {
                self.expect(cond, Type::I8)?;
                self.expect(value, Type::I64)
            }
            Inst::Load { access, addr, .. } => self.access(access, addr),
            Inst::Store { access, addr, value } => {
                self.access(access, addr)?;
                self.value(value).map(drop)
            }
            Inst::LoadReserved { ty: Type::V128, .. } => Err(Problem::NoInteger(Type::V128)),
            Inst::LoadReserved { access, addr, .. } => self.atomic(access, addr),
            Inst::StoreConditional { access, addr, value } | Inst::AtomicRmw { access, addr, value, .. } => {
                self.atomic(access, addr)?;
                self.integer(value).map(drop)
            }
            Inst::AtomicCas { access, addr, expected, new } => {
                self.atomic(access, addr)?;
                self.integer(new)?;
                self.alike(new, expected)
            }
            Inst::Call { helper, ref args } => self.call(helper, args),
            _ => self.vector(inst),
        }
    }

    /// Operations that only vectors have.
    fn vector(&self, inst: &Inst) -> Result<(), Problem> {
        let takes = |fits, lanes| if fits { Ok(()) } else { Err(Problem::Lanes(lanes)) };
        let has = |lanes: Lanes, lane| {
            if lane < lanes.count() { Ok(()) } else { Err(Problem::UnknownLane { lanes, lane }) }
        };
        match *inst {
            Inst::Iconcat { .. } => return self.all(inst, Type::I64),
            Inst::Splat { lanes, .. } => return self.all(inst, lanes.ty()),
            Inst::InsertLane { lanes, lane, vector, value } => {
                has(lanes, lane)?;
                self.expect(vector, Type::V128)?;
                return self.expect(value, lanes.ty());
            }
            Inst::ExtractLane { lanes, lane, .. } => has(lanes, lane)?,
            Inst::LaneCall { helper, lanes, ref args } => {
                takes(matches!(lanes, Lanes::I32x4 | Lanes::I64x2), lanes)?;
                self.lane_call(helper, args)?;
            }
            Inst::LaneUnary { op, lanes, .. } => takes(op.takes(lanes), lanes)?,
            Inst::LaneBinary { op, lanes, .. } => takes(op.takes(lanes), lanes)?,
            _ => (),
        }
        self.all(inst, Type::V128)
    }

    fn lane_call(&self, helper: HelperId, args: &Args) -> Result<(), Problem> {
        let decl = self.spec.helpers.get(usize::from(helper.0)).ok_or(Problem::UnknownHelper(helper.0))?;
        let is_vector =
            |slot: &Slot| self.spec.layout.slots().get(slot.index()).is_some_and(|s| s.ty.is_vector());
        let writes_vectors = match decl.writes {
            SlotSet::All => true,
            SlotSet::These(slots) => slots.iter().any(is_vector),
        };
        if !decl.returns || !Effects::FAULT.contains(decl.effects) || writes_vectors {
            return Err(Problem::NotForLanes);
        }
        self.arguments(decl.args, args)
    }

    fn arguments(&self, takes: u8, args: &Args) -> Result<(), Problem> {
        let given = args.as_slice().len();
        if given == usize::from(takes) { Ok(()) } else { Err(Problem::Arguments { takes, given }) }
    }

    /// All operands are of one type.
    fn all(&self, inst: &Inst, ty: Type) -> Result<(), Problem> {
        let mut result = Ok(());
        inst.for_each_operand(|v| result = result.and_then(|()| self.expect(v, ty)));
        result
    }

    fn terminator(&self, block: &Block) -> Result<(), Problem> {
        match block.terminator {
            Terminator::Jump { .. } => (),
            Terminator::Branch { cond, .. } => self.expect(cond, Type::I8)?,
            Terminator::Indirect { target, .. } => self.expect(target, Type::I64)?,
            Terminator::Leave { pc, .. } => self.expect(pc, Type::I64)?,
            Terminator::Trap { value, .. } => self.expect(value, Type::I64)?,
        }
        let found = block.insts.iter().filter(|i| matches!(i, Inst::Insn { .. })).count();
        let claimed = block.insns;
        if found == claimed as usize { Ok(()) } else { Err(Problem::InsnCount { claimed, found }) }
    }

    fn call(&self, helper: HelperId, args: &Args) -> Result<(), Problem> {
        let decl = self.spec.helpers.get(usize::from(helper.0));
        let takes = decl.ok_or(Problem::UnknownHelper(helper.0))?.args;
        self.arguments(takes, args)?;
        args.as_slice().iter().try_for_each(|&arg| self.expect(arg, Type::I64))
    }

    fn access(&self, access: MemAccess, addr: Value) -> Result<(), Problem> {
        if access.regime > MemAccess::MAX_REGIME {
            return Err(Problem::Regime(access.regime));
        }
        self.expect(addr, Type::I64)
    }

    fn atomic(&self, access: MemAccess, addr: Value) -> Result<(), Problem> {
        if access.align != Align::Natural {
            return Err(Problem::Unaligned);
        }
        self.access(access, addr)
    }

    fn slot(&self, slot: Slot) -> Result<Type, Problem> {
        let info = self.spec.layout.slots().get(slot.index());
        match info {
            Some(info) if info.class == SlotClass::Upper => Err(Problem::UpperWord(slot.0)),
            Some(info) => Ok(info.ty),
            None => Err(Problem::UnknownSlot(slot.0)),
        }
    }

    /// The type of an operand that must be an integer.
    fn integer(&self, value: Value) -> Result<Type, Problem> {
        match self.value(value)? {
            ty if ty.is_vector() => Err(Problem::Vector(value.0)),
            ty => Ok(ty),
        }
    }

    fn value(&self, value: Value) -> Result<Type, Problem> {
        let ty = self.types.get(value.index()).ok_or(Problem::Undefined(value.0))?;
        ty.ok_or(Problem::NoResult(value.0))
    }

    fn expect(&self, value: Value, expected: Type) -> Result<(), Problem> {
        match self.value(value)? {
            found if found == expected => Ok(()),
            found => Err(Problem::WrongType { operand: value.0, expected, found }),
        }
    }

    /// Both have one type: the first one's.
    fn alike(&self, first: Value, second: Value) -> Result<(), Problem> {
        self.expect(second, self.value(first)?)
    }
}
