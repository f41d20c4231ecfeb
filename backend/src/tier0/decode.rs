//! From IR to tier 0's operations: slots become operands in place, constants
//! immediates, and the common pairs (address and access, compare and branch,
//! narrow operation and extension) one operation.

mod lanes;

use super::lanes::VectorOp;
use super::ops::{Code, Mark, Op, Word, ZERO};
use super::plan::{Direct, Facts, Plan, compares_words};
use ir::{BinaryOp, Block, Inst, IntCC, MemAccess, Spec, Terminator, Type, UnaryOp, Value};

/// The block needs more temporaries than there are: lift a shorter one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Where a value is to be found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Not computed: whoever uses it looks at the operation itself.
    Inline,
    /// In this word.
    At(Word),
    /// A constant.
    Const(u64),
    /// An address in the code.
    Address(u64),
}

/// Translates blocks, one after another in the same room.
#[derive(Default)]
pub(crate) struct Decoder {
    facts: Facts,
    places: Vec<Place>,
    ops: Vec<Op>,
    marks: Vec<Mark>,
}

impl Decoder {
    /// Translates one block.
    pub(crate) fn decode(&mut self, block: &Block, spec: &Spec) -> Result<Code, TooLong> {
        let Decoder { facts, places, ops, marks } = self;
        ops.clear();
        marks.clear();
        places.clear();
        places.resize(block.insts.len(), Place::Inline);
        let next_temp = spec.layout.slots().len();
        let mut d = Decoding { block, plan: facts.find(block, spec), places, ops, marks, next_temp };
        for index in 0..block.insts.len() {
            d.inst(index)?;
        }
        let (taken, other) = d.terminator()?;
        let (ops, marks) = (ops.as_slice().into(), marks.as_slice().into());
        Ok(Code { ops, pc: block.key.pc, marks, taken, other })
    }
}

/// A block being translated.
struct Decoding<'a> {
    block: &'a Block,
    plan: Plan<'a>,
    /// By operation, where its result is.
    places: &'a mut [Place],
    ops: &'a mut Vec<Op>,
    marks: &'a mut Vec<Mark>,
    next_temp: usize,
}

impl Decoding<'_> {
    fn temp(&mut self) -> Result<Word, TooLong> {
        self.temps(1)
    }

    /// Some consecutive words.
    fn temps(&mut self, count: usize) -> Result<Word, TooLong> {
        let word = self.next_temp;
        if word + count > usize::from(ZERO) {
            return Err(TooLong);
        }
        self.next_temp += count;
        Ok(word as Word)
    }

    /// The word that holds `v`, put there now if it is a constant.
    fn word(&mut self, v: Value) -> Result<Word, TooLong> {
        match self.places[v.index()] {
            Place::At(word) => Ok(word),
            Place::Const(0) => Ok(ZERO),
            Place::Const(imm) => {
                let d = self.temp()?;
                self.ops.push(Op::Const { d, imm });
                self.places[v.index()] = Place::At(d);
                Ok(d)
            }
            Place::Address(pc) => {
                let d = self.temp()?;
                self.ops.push(Op::Address { d, pc });
                self.places[v.index()] = Place::At(d);
                Ok(d)
            }
            Place::Inline => unreachable!("an inlined value has one user, which looks at its operation"),
        }
    }

    /// The word the result of operation `index` goes to, or the first of two.
    fn dest(&mut self, index: usize) -> Result<Word, TooLong> {
        let fact = self.plan.of(Value(index as u32));
        let word = match fact.direct {
            Some(direct) => direct.slot,
            None if fact.ty == Some(Type::V128) => self.temps(2)?,
            None => self.temp()?,
        };
        self.places[index] = Place::At(word);
        Ok(word)
    }

    fn inst(&mut self, index: usize) -> Result<(), TooLong> {
        if self.plan.of(Value(index as u32)).inlined {
            return Ok(());
        }
        match self.block.insts[index] {
            Inst::Insn { pc } => {
                let at = u16::try_from(pc.wrapping_sub(self.block.key.pc)).map_err(|_| TooLong)?;
                let op = u16::try_from(self.ops.len()).map_err(|_| TooLong)?;
                self.marks.push(Mark { op, at });
            }
            Inst::Iconst { value, .. } => self.places[index] = Place::Const(value),
            Inst::CodeAddress { pc } => self.places[index] = Place::Address(pc),
            Inst::Get { slot } if self.plan.of(Value(index as u32)).in_slot => {
                self.places[index] = Place::At(slot.0)
            }
            Inst::Get { slot } => {
                let d = self.dest(index)?;
                self.mov(self.plan.ty(Value(index as u32)), d, slot.0);
            }
            Inst::Set { slot, value } => self.set(index, slot.0, value)?,
            Inst::SetFlags { op, flags, lhs, rhs } => {
                let (a, b, ty) = (self.word(lhs)?, self.word(rhs)?, self.plan.ty(lhs));
                self.ops.push(Op::Flags { op, ty, a, b, to: flags.all().map(|slot| slot.0) });
            }
            // Narrow values are kept zero-extended, so this is the same word.
            Inst::Uextend { value, .. } => self.places[index] = self.place(value),
            Inst::Unary { op, value } => {
                let (a, ty) = (self.word(value)?, self.plan.ty(value));
                let d = self.dest(index)?;
                self.ops.push(match op {
                    UnaryOp::Bnot => Op::XorI { d, a, imm: ty.mask() },
                    _ => Op::Unary { op, ty, d, a },
                });
            }
            Inst::Binary { op, lhs, rhs } => self.binary(index, op, lhs, rhs)?,
            Inst::Icmp { cond, lhs, rhs } => self.icmp(index, cond, lhs, rhs)?,
            Inst::Select { cond, then, other } => {
                let (cond, a, b) = (self.word(cond)?, self.word(then)?, self.word(other)?);
                let d = self.dest(index)?;
                self.ops.push(match self.plan.ty(then) {
                    Type::V128 => Op::Vector(VectorOp::Select { d, cond, a, b }),
                    _ => Op::Select { d, cond, a, b },
                });
            }
            Inst::Ireduce { ty, value } => {
                let a = self.word(value)?;
                let d = self.dest(index)?;
                self.ops.push(Op::AndI { d, a, imm: ty.mask() });
            }
            Inst::Sextend { ty, value } => self.sextend(index, ty, value)?,
            Inst::Load { .. } | Inst::Store { .. } | Inst::LoadReserved { .. } => self.memory(index)?,
            Inst::StoreConditional { .. } | Inst::AtomicRmw { .. } | Inst::AtomicCas { .. } => {
                self.memory(index)?
            }
            Inst::TrapIf { cond, cause, value } => {
                let (cond, a) = (self.word(cond)?, self.word(value)?);
                self.ops.push(Op::TrapIf { cond, a, cause });
            }
            Inst::Call { .. } | Inst::Fence => self.memory(index)?,
            Inst::LaneCall { helper, lanes, args } => {
                self.lane_call(index, helper.0, lanes, args.as_slice())?
            }
            _ => self.vector(index)?,
        }
        Ok(())
    }

    fn mov(&mut self, ty: Type, d: Word, a: Word) {
        self.ops.push(if ty.is_vector() { Op::Vector(VectorOp::Mov { d, a }) } else { Op::Mov { d, a } });
    }

    fn place(&self, v: Value) -> Place {
        self.places[v.index()]
    }

    fn set(&mut self, index: usize, slot: Word, value: Value) -> Result<(), TooLong> {
        let direct = Direct { slot, set: index as u32 };
        if self.plan.of(self.plan.source(value)).direct == Some(direct) {
            return Ok(());
        }
        match self.place(value) {
            Place::Const(imm) => self.ops.push(Op::Const { d: slot, imm }),
            Place::Address(pc) => self.ops.push(Op::Address { d: slot, pc }),
            _ => {
                let a = self.word(value)?;
                if a != slot {
                    self.mov(self.plan.ty(value), slot, a);
                }
            }
        }
        Ok(())
    }

    fn binary(&mut self, index: usize, op: BinaryOp, lhs: Value, rhs: Value) -> Result<(), TooLong> {
        let ty = self.plan.ty(lhs);
        let a = self.word(lhs)?;
        // Of narrow values, which are zero-extended, these are the words' own.
        let wordwise = matches!(op, BinaryOp::Band | BinaryOp::Bor | BinaryOp::Bxor);
        if (ty == Type::I64 || wordwise)
            && let Some(imm) = self.plan.constant(rhs)
            && let Some(make) = immediate_form(op)
        {
            let d = self.dest(index)?;
            self.ops.push(make(d, a, imm));
            return Ok(());
        }
        let b = self.word(rhs)?;
        let d = self.dest(index)?;
        self.ops.push(match (ty, op) {
            (Type::I64, BinaryOp::Iadd) => Op::Add { d, a, b },
            (Type::I64, BinaryOp::Isub) => Op::Sub { d, a, b },
            (Type::I64, BinaryOp::Imul) => Op::Mul { d, a, b },
            (_, BinaryOp::Band) => Op::And { d, a, b },
            (_, BinaryOp::Bor) => Op::Or { d, a, b },
            (_, BinaryOp::Bxor) => Op::Xor { d, a, b },
            (Type::I64, BinaryOp::Ishl) => Op::Shl { d, a, b },
            (Type::I64, BinaryOp::Ushr) => Op::Shr { d, a, b },
            (Type::I64, BinaryOp::Sshr) => Op::Sar { d, a, b },
            _ => Op::Binary { op, ty, d, a, b },
        });
        Ok(())
    }

    fn icmp(&mut self, index: usize, cond: IntCC, lhs: Value, rhs: Value) -> Result<(), TooLong> {
        let ty = if compares_words(cond, self.plan.ty(lhs)) { Type::I64 } else { self.plan.ty(lhs) };
        let a = self.word(lhs)?;
        if ty == Type::I64
            && let Some(imm) = self.plan.constant(rhs)
            && matches!(cond, IntCC::Ult | IntCC::Slt | IntCC::Eq | IntCC::Ne)
        {
            let d = self.dest(index)?;
            self.ops.push(match cond {
                IntCC::Ult => Op::SetUltI { d, a, imm },
                IntCC::Slt => Op::SetSltI { d, a, imm },
                IntCC::Eq => Op::SetEqI { d, a, imm },
                _ => Op::SetNeI { d, a, imm },
            });
            return Ok(());
        }
        let b = self.word(rhs)?;
        let d = self.dest(index)?;
        self.ops.push(match (ty, cond) {
            (Type::I64, IntCC::Ult) => Op::SetUlt { d, a, b },
            (Type::I64, IntCC::Slt) => Op::SetSlt { d, a, b },
            _ => Op::Icmp { cond, ty, d, a, b },
        });
        Ok(())
    }

    fn sextend(&mut self, index: usize, ty: Type, value: Value) -> Result<(), TooLong> {
        let from = self.plan.ty(value);
        if self.plan.of(value).inlined {
            return match *self.plan.at(value) {
                Inst::Load { access, addr, .. } => self.load(index, from, true, access, addr),
                Inst::Binary { op, lhs, rhs } => self.narrow(index, op, lhs, rhs),
                Inst::Ireduce { value, .. } => self.extend(index, from, ty, value),
                _ => unreachable!("`inline_extended` takes in nothing else"),
            };
        }
        self.extend(index, from, ty, value)
    }

    fn extend(&mut self, index: usize, from: Type, to: Type, value: Value) -> Result<(), TooLong> {
        let a = self.word(value)?;
        let d = self.dest(index)?;
        self.ops.push(match (from, to) {
            (Type::I8, Type::I64) => Op::Sext8 { d, a },
            (Type::I16, Type::I64) => Op::Sext16 { d, a },
            (Type::I32, Type::I64) => Op::Sext32 { d, a },
            _ => Op::Sext { from, to, d, a },
        });
        Ok(())
    }

    /// A 32-bit operation whose result is sign-extended to 64.
    fn narrow(&mut self, index: usize, op: BinaryOp, lhs: Value, rhs: Value) -> Result<(), TooLong> {
        let a = self.low_half(lhs)?;
        if let Some(imm) = self.plan.constant(rhs) {
            let make: Option<fn(Word, Word, u64) -> Op> = match op {
                BinaryOp::Iadd => Some(|d, a, imm| Op::AddI32 { d, a, imm }),
                BinaryOp::Ishl => Some(|d, a, imm| Op::ShlI32 { d, a, imm }),
                BinaryOp::Ushr => Some(|d, a, imm| Op::ShrI32 { d, a, imm }),
                BinaryOp::Sshr => Some(|d, a, imm| Op::SarI32 { d, a, imm }),
                _ => None,
            };
            if let Some(make) = make {
                let d = self.dest(index)?;
                self.ops.push(make(d, a, imm));
                return Ok(());
            }
        }
        let b = self.low_half(rhs)?;
        let d = self.dest(index)?;
        self.ops.push(match op {
            BinaryOp::Iadd => Op::Add32 { d, a, b },
            BinaryOp::Isub => Op::Sub32 { d, a, b },
            BinaryOp::Imul => Op::Mul32 { d, a, b },
            BinaryOp::Ishl => Op::Shl32 { d, a, b },
            BinaryOp::Ushr => Op::Shr32 { d, a, b },
            _ => Op::Sar32 { d, a, b },
        });
        Ok(())
    }

    /// A word whose low half is `v`; what is above does not matter.
    fn low_half(&mut self, v: Value) -> Result<Word, TooLong> {
        match *self.plan.at(v) {
            Inst::Ireduce { value, .. } if self.plan.of(v).inlined => self.word(value),
            _ => self.word(v),
        }
    }

    fn address(&mut self, addr: Value) -> Result<(Word, u64), TooLong> {
        if self.plan.of(addr).inlined
            && let Inst::Binary { lhs, rhs, .. } = *self.plan.at(addr)
        {
            let offset = self.plan.constant(rhs).expect("`find_inlined` asked for a constant");
            return Ok((self.word(lhs)?, offset));
        }
        match self.place(addr) {
            Place::Const(at) => Ok((ZERO, at)),
            _ => Ok((self.word(addr)?, 0)),
        }
    }

    fn load(
        &mut self,
        index: usize,
        ty: Type,
        signed: bool,
        access: MemAccess,
        addr: Value,
    ) -> Result<(), TooLong> {
        let regime = access.regime;
        let aligned = access.align == ir::Align::Natural;
        if aligned && !ty.is_vector() {
            let a = self.word(addr)?;
            let d = self.dest(index)?;
            self.ops.push(Op::LoadAligned { regime, ty, d, a });
            return Ok(());
        }
        let (a, imm) = self.address(addr)?;
        let d = self.dest(index)?;
        self.ops.push(match (ty, signed) {
            (Type::I8, false) => Op::LoadU8 { regime, d, a, imm },
            (Type::I8, true) => Op::LoadS8 { regime, d, a, imm },
            (Type::I16, false) => Op::LoadU16 { regime, d, a, imm },
            (Type::I16, true) => Op::LoadS16 { regime, d, a, imm },
            (Type::I32, false) => Op::LoadU32 { regime, d, a, imm },
            (Type::I32, true) => Op::LoadS32 { regime, d, a, imm },
            (Type::I64, _) => Op::Load64 { regime, d, a, imm },
            (Type::V128, _) => Op::Load128 { regime, aligned, d, a, imm },
        });
        Ok(())
    }

    fn store(&mut self, access: MemAccess, addr: Value, value: Value) -> Result<(), TooLong> {
        let (regime, ty) = (access.regime, self.plan.ty(value));
        let v = self.word(value)?;
        let aligned = access.align == ir::Align::Natural;
        if aligned && !ty.is_vector() {
            let a = self.word(addr)?;
            self.ops.push(Op::StoreAligned { regime, ty, a, v });
            return Ok(());
        }
        let (a, imm) = self.address(addr)?;
        self.ops.push(match ty {
            Type::I8 => Op::Store8 { regime, a, v, imm },
            Type::I16 => Op::Store16 { regime, a, v, imm },
            Type::I32 => Op::Store32 { regime, a, v, imm },
            Type::I64 => Op::Store64 { regime, a, v, imm },
            Type::V128 => Op::Store128 { regime, aligned, a, v, imm },
        });
        Ok(())
    }

    /// Everything that reaches beyond the CPU's state.
    fn memory(&mut self, index: usize) -> Result<(), TooLong> {
        match self.block.insts[index] {
            Inst::Load { ty, access, addr } => self.load(index, ty, false, access, addr)?,
            Inst::Store { access, addr, value } => self.store(access, addr, value)?,
            Inst::LoadReserved { ty, access, addr } => {
                let a = self.word(addr)?;
                let d = self.dest(index)?;
                self.ops.push(Op::LoadReserved { regime: access.regime, ty, d, a });
            }
            Inst::StoreConditional { access, addr, value } => {
                let (a, v, ty) = (self.word(addr)?, self.word(value)?, self.plan.ty(value));
                let d = self.dest(index)?;
                self.ops.push(Op::StoreConditional { regime: access.regime, ty, d, a, v });
            }
            Inst::AtomicRmw { op, access, addr, value } => {
                let (a, v, ty) = (self.word(addr)?, self.word(value)?, self.plan.ty(value));
                let d = self.dest(index)?;
                self.ops.push(Op::Rmw { regime: access.regime, ty, op, d, a, v });
            }
            Inst::AtomicCas { access, addr, expected, new } => {
                let (a, expected) = (self.word(addr)?, self.word(expected)?);
                let (v, ty) = (self.word(new)?, self.plan.ty(new));
                let d = self.dest(index)?;
                self.ops.push(Op::Cas { regime: access.regime, ty, d, a, expected, v });
            }
            Inst::Call { helper, args } => {
                let mut words = [ZERO; 4];
                for (word, v) in words.iter_mut().zip(args.as_slice()) {
                    *word = self.word(*v)?;
                }
                let d = self.dest(index)?;
                self.ops.push(Op::Call { helper: helper.0, d, args: words });
            }
            _ => self.ops.push(Op::Fence),
        }
        Ok(())
    }

    fn terminator(&mut self) -> Result<(u64, u64), TooLong> {
        let op = match self.block.terminator {
            Terminator::Jump { pc } => Op::Jump { pc },
            Terminator::Indirect { target, .. } => Op::Indirect { a: self.word(target)? },
            Terminator::Leave { reason, pc } => Op::Leave { reason, a: self.word(pc)? },
            Terminator::Trap { cause, value } => Op::Trap { cause, a: self.word(value)? },
            Terminator::Branch { cond, taken, other } => return self.branch(cond, taken, other),
        };
        self.ops.push(op);
        Ok((0, 0))
    }

    /// A branch, with its comparison if that has no other use. The rarer
    /// conditions swap operands or targets.
    fn branch(&mut self, cond: Value, taken: u64, other: u64) -> Result<(u64, u64), TooLong> {
        if !self.plan.of(cond).inlined {
            let a = self.word(cond)?;
            self.ops.push(Op::BrNe { a, b: ZERO });
            return Ok((taken, other));
        }
        let Inst::Icmp { cond, lhs, rhs } = *self.plan.at(cond) else {
            unreachable!("`find_inlined` takes in comparisons only")
        };
        let a = self.word(lhs)?;
        if let (IntCC::Eq | IntCC::Ne, Some(imm)) = (cond, self.plan.constant(rhs)) {
            self.ops.push(if cond == IntCC::Eq { Op::BrEqI { a, imm } } else { Op::BrNeI { a, imm } });
            return Ok((taken, other));
        }
        let b = self.word(rhs)?;
        self.ops.push(match cond {
            IntCC::Eq => Op::BrEq { a, b },
            IntCC::Ne => Op::BrNe { a, b },
            IntCC::Slt => Op::BrSlt { a, b },
            IntCC::Sge => Op::BrSge { a, b },
            IntCC::Sgt => Op::BrSlt { a: b, b: a },
            IntCC::Sle => Op::BrSge { a: b, b: a },
            IntCC::Ult => Op::BrUlt { a, b },
            IntCC::Uge => Op::BrUge { a, b },
            IntCC::Ugt => Op::BrUlt { a: b, b: a },
            IntCC::Ule => Op::BrUge { a: b, b: a },
        });
        Ok((taken, other))
    }
}

/// The form of a 64-bit operation with a constant on the right.
fn immediate_form(op: BinaryOp) -> Option<fn(Word, Word, u64) -> Op> {
    Some(match op {
        BinaryOp::Iadd => |d, a, imm| Op::AddI { d, a, imm },
        BinaryOp::Isub => |d, a, imm: u64| Op::AddI { d, a, imm: imm.wrapping_neg() },
        BinaryOp::Band => |d, a, imm| Op::AndI { d, a, imm },
        BinaryOp::Bor => |d, a, imm| Op::OrI { d, a, imm },
        BinaryOp::Bxor => |d, a, imm| Op::XorI { d, a, imm },
        BinaryOp::Ishl => |d, a, imm| Op::ShlI { d, a, imm },
        BinaryOp::Ushr => |d, a, imm| Op::ShrI { d, a, imm },
        BinaryOp::Sshr => |d, a, imm| Op::SarI { d, a, imm },
        _ => return None,
    })
}
