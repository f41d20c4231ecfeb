//! The text form of a block.
//!
//! ```text
//! block 0x1000 mode 0x0 insns 2 bytes 8
//!     insn 0x1000
//!     v0 = get.i64 x10
//!     v1 = load.i32 r3 aligned acquire v0
//!     v2 = sextend.i64 v1
//!     set x11, v2
//!     insn 0x1004
//!     v3 = iconst.i64 -0x4
//!     v4 = icmp.slt v2, v3
//!     branch v4, 0xffc, 0x1008
//! ```
//!
//! One operation a line. Values are numbered in order, and operations without a
//! result take no number. A type stands where it does not follow from the
//! operands, and so do lanes. An access names its regime, then `aligned` if alignment is natural,
//! then its order unless that is relaxed. [`crate::parse()`] reads all of it back.

use crate::{
    Align, Args, Block, HelperId, Hint, Inst, MemAccess, Order, Slot, Spec, Terminator, Type, Value,
};
use std::fmt;

/// A block that prints as text; see [`Block::display`].
pub struct Printed<'a> {
    block: &'a Block,
    spec: &'a Spec,
    numbers: Vec<Option<u32>>,
}

impl Block {
    /// The block's text form. Any block prints, also one that does not verify:
    /// what `spec` does not know and operands that are not values show as `?`
    /// and an index.
    pub fn display<'a>(&'a self, spec: &'a Spec) -> Printed<'a> {
        let mut next = 0..;
        let number = |inst: &Inst| if inst.has_result(spec) { next.next() } else { None };
        Printed { block: self, spec, numbers: self.insts.iter().map(number).collect() }
    }
}

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Block { key, insns, bytes, .. } = self.block;
        writeln!(f, "block {:#x} mode {:#x} insns {insns} bytes {bytes}", key.pc, key.mode)?;
        for index in 0..=self.block.insts.len() {
            writeln!(f, "    {}", self.op(index))?;
        }
        Ok(())
    }
}

/// One operation that prints as its line; see [`Printed::op`].
pub struct PrintedOp<'a> {
    text: &'a Printed<'a>,
    index: usize,
}

impl Printed<'_> {
    /// The line of the operation with this index, without indentation; the
    /// terminator's if there is none.
    pub fn op(&self, index: usize) -> PrintedOp<'_> {
        PrintedOp { text: self, index }
    }

    fn name(&self, value: Value) -> Name {
        match self.numbers.get(value.index()) {
            Some(&Some(number)) => Name::Value(number),
            _ => Name::Unknown(value.0),
        }
    }

    fn slot(&self, slot: Slot) -> Named {
        let info = self.spec.layout.slots().get(slot.index());
        Named(info.map(|i| i.name), usize::from(slot.0))
    }

    fn slot_type(&self, slot: Slot) -> &'static str {
        self.spec.layout.slots().get(slot.index()).map_or("?", |i| i.ty.name())
    }
}

/// `v3`, or `?7` for operation 7 if that yields no value.
enum Name {
    Value(u32),
    Unknown(u32),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Value(number) => write!(f, "v{number}"),
            Name::Unknown(index) => write!(f, "?{index}"),
        }
    }
}

/// The name of a slot or helper, or `?` and its index if it has none.
struct Named(Option<&'static str>, usize);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => f.write_str(name),
            None => write!(f, "?{}", self.1),
        }
    }
}

/// A constant: hexadecimal, with a sign if it is a small negative number.
struct Constant(Type, u64);

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Constant(ty, value) = *self;
        let negated = ty.sext(value).wrapping_neg();
        let small = ty != Type::I8 && (1..=0xfff).contains(&negated) && value <= ty.mask();
        if small { write!(f, "-{negated:#x}") } else { write!(f, "{value:#x}") }
    }
}

impl fmt::Display for MemAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.regime)?;
        if self.align == Align::Natural {
            f.write_str(" aligned")?;
        }
        match self.order {
            Order::Relaxed => Ok(()),
            order => write!(f, " {}", order.name()),
        }
    }
}

impl fmt::Display for PrintedOp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(inst) = self.text.block.insts.get(self.index) else {
            return self.terminator(f);
        };
        if let Some(&Some(number)) = self.text.numbers.get(self.index) {
            write!(f, "v{number} = ")?;
        }
        self.inst(f, inst)
    }
}

impl PrintedOp<'_> {
    fn inst(&self, f: &mut fmt::Formatter<'_>, inst: &Inst) -> fmt::Result {
        let v = |value| self.text.name(value);
        match *inst {
            Inst::Insn { pc } => write!(f, "insn {pc:#x}"),
            Inst::Iconst { ty, value } => write!(f, "iconst.{ty} {}", Constant(ty, value)),
            Inst::CodeAddress { pc } => write!(f, "code_address {pc:#x}"),
            Inst::Get { slot } => write!(f, "get.{} {}", self.text.slot_type(slot), self.text.slot(slot)),
            Inst::Set { slot, value } => write!(f, "set {}, {}", self.text.slot(slot), v(value)),
            Inst::SetFlags { op, flags, lhs, rhs } => {
                let [n, z, c, o] = flags.all().map(|slot| self.text.slot(slot));
                write!(f, "set_flags.{} {n}, {z}, {c}, {o}, {}, {}", op.name(), v(lhs), v(rhs))
            }
            Inst::Unary { op, value } => write!(f, "{} {}", op.name(), v(value)),
            Inst::Binary { op, lhs, rhs } => write!(f, "{} {}, {}", op.name(), v(lhs), v(rhs)),
            Inst::Icmp { cond, lhs, rhs } => write!(f, "icmp.{} {}, {}", cond.name(), v(lhs), v(rhs)),
            Inst::Select { cond, then, other } => {
                write!(f, "select {}, {}, {}", v(cond), v(then), v(other))
            }
            Inst::Uextend { ty, value } => write!(f, "uextend.{ty} {}", v(value)),
            Inst::Sextend { ty, value } => write!(f, "sextend.{ty} {}", v(value)),
            Inst::Ireduce { ty, value } => write!(f, "ireduce.{ty} {}", v(value)),
            Inst::Iconcat { low, high } => write!(f, "iconcat {}, {}", v(low), v(high)),
            Inst::Splat { lanes, value } => write!(f, "splat.{} {}", lanes.name(), v(value)),
            Inst::ExtractLane { lanes, lane, value } => {
                write!(f, "extractlane.{} {}, {lane}", lanes.name(), v(value))
            }
            Inst::InsertLane { lanes, lane, vector, value } => {
                write!(f, "insertlane.{} {}, {lane}, {}", lanes.name(), v(vector), v(value))
            }
            Inst::LaneUnary { op, lanes, value } => {
                write!(f, "{}.{} {}", op.name(), lanes.name(), v(value))
            }
            Inst::LaneBinary { op, lanes, lhs, rhs } => {
                write!(f, "{}.{} {}, {}", op.name(), lanes.name(), v(lhs), v(rhs))
            }
            Inst::LaneIcmp { cond, lanes, lhs, rhs } => {
                write!(f, "icmp.{}.{} {}, {}", cond.name(), lanes.name(), v(lhs), v(rhs))
            }
            Inst::Bitselect { mask, then, other } => {
                write!(f, "bitselect {}, {}, {}", v(mask), v(then), v(other))
            }
            Inst::Shuffle { lhs, rhs, mask } => write!(f, "shuffle {}, {}, {}", v(lhs), v(rhs), v(mask)),
            Inst::HashRounds { op, first, second, words } => {
                write!(f, "{} {}, {}, {}", op.name(), v(first), v(second), v(words))
            }
            Inst::Load { ty, access, addr } => write!(f, "load.{ty} {access} {}", v(addr)),
            Inst::Store { access, addr, value } => write!(f, "store {access} {}, {}", v(addr), v(value)),
            Inst::LoadReserved { ty, access, addr } => {
                write!(f, "load_reserved.{ty} {access} {}", v(addr))
            }
            Inst::StoreConditional { access, addr, value } => {
                write!(f, "store_conditional {access} {}, {}", v(addr), v(value))
            }
            Inst::AtomicRmw { op, access, addr, value } => {
                write!(f, "atomic_rmw.{} {access} {}, {}", op.name(), v(addr), v(value))
            }
            Inst::AtomicCas { access, addr, expected, new } => {
                write!(f, "atomic_cas {access} {}, {}, {}", v(addr), v(expected), v(new))
            }
            Inst::TrapIf { cond, cause, value } => {
                write!(f, "trap_if {}, {cause:#x}, {}", v(cond), v(value))
            }
            Inst::Fence => f.write_str("fence"),
            Inst::Call { helper, ref args } => self.call(f, "call", helper, args),
            Inst::LaneCall { helper, lanes, ref args } => {
                self.call(f, &format!("lane_call.{}", lanes.name()), helper, args)
            }
        }
    }

    fn call(&self, f: &mut fmt::Formatter<'_>, op: &str, helper: HelperId, args: &Args) -> fmt::Result {
        let index = usize::from(helper.0);
        let name = self.text.spec.helpers.get(index).map(|h| h.name);
        write!(f, "{op} {}", Named(name, index))?;
        for (i, &arg) in args.as_slice().iter().enumerate() {
            write!(f, "{} {}", if i == 0 { "" } else { "," }, self.text.name(arg))?;
        }
        Ok(())
    }

    fn terminator(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = |value| self.text.name(value);
        match self.text.block.terminator {
            Terminator::Jump { pc } => write!(f, "jump {pc:#x}"),
            Terminator::Branch { cond, taken, other } => {
                write!(f, "branch {}, {taken:#x}, {other:#x}", v(cond))
            }
            Terminator::Indirect { target, hint } => {
                write!(f, "indirect {}", v(target))?;
                match hint {
                    Hint::Call { ret } => write!(f, ", call {ret:#x}"),
                    Hint::Return => f.write_str(", return"),
                    Hint::Other => Ok(()),
                }
            }
            Terminator::Leave { reason, pc } => write!(f, "leave {}, {}", reason.name(), v(pc)),
            Terminator::Trap { cause, value } => write!(f, "trap {cause:#x}, {}", v(value)),
        }
    }
}
