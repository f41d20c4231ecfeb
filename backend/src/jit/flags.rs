//! Flags that nobody has looked at yet. Guests set them far more often than they
//! look, so a region keeps what they are those of, and computes them where they
//! have to be in the state.
//!
//! Three variables tell: two operands, and a kind, which is 0 while the state has
//! the flags. Where a region is left to the engine, that does the rest; see
//! [`settle`].

use super::lower::{Lower, slot_offset};
use crate::region::Region;
use crate::vcpu::Context;
use cranelift_codegen::ir::condcodes::IntCC as Cc;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value};
use cranelift_frontend::Variable;
use ir::{Block, FlagSlots, FlagsOp, HelperDecl, Inst, Slot, Spec, Type};
use std::mem::offset_of;

/// A kind has this bit if its operation is an addition.
const ADD: u64 = 2;
/// It has this one if its operands are of 32 bits.
const NARROW: u64 = 4;
/// The number of the first slot is from here on.
const SLOT_SHIFT: u32 = 3;

/// A region's flags.
#[derive(Clone)]
pub(super) struct Flags {
    lazy: Lazy,
    /// By block.
    incoming: Vec<Incoming>,
}

/// Where they go, and what stands for them meanwhile.
#[derive(Clone, Copy)]
struct Lazy {
    /// The first of the four slots, which lie one behind the other.
    first: Slot,
    a: Variable,
    b: Variable,
    kind: Variable,
}

/// What is known of the flags at some point of a block.
#[derive(Clone, Copy)]
pub(super) enum Current {
    /// What the variables tell when it runs.
    Unknown,
    /// The state has them.
    InState,
    /// Those of these two values.
    Of(FlagsOp, Value, Value),
    /// The state has them, or else they are those of these values: what the kind
    /// tells when it runs. The flags themselves, if somebody has looked at them.
    Either(FlagsOp, Value, Value, Option<[Value; 4]>),
}

/// What is known of the flags wherever a block starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Incoming {
    /// No way there has been looked at.
    Unreached,
    Unknown,
    InState,
    Of(FlagsOp, Type),
    /// One of these two.
    Either(FlagsOp, Type),
}

impl Incoming {
    /// What is known where two ways meet.
    fn meet(self, other: Incoming) -> Incoming {
        match (self, other) {
            (Incoming::Unreached, known) | (known, Incoming::Unreached) => known,
            _ if self == other => self,
            (Incoming::InState | Incoming::Either(..), Incoming::Of(op, ty) | Incoming::Either(op, ty))
            | (Incoming::Of(op, ty) | Incoming::Either(op, ty), Incoming::InState | Incoming::Either(..))
                if [self, other].iter().all(|known| known.may_be_of(op, ty)) =>
            {
                Incoming::Either(op, ty)
            }
            _ => Incoming::Unknown,
        }
    }

    /// Whether it allows for nothing but the state and this.
    fn may_be_of(self, op: FlagsOp, ty: Type) -> bool {
        match self {
            Incoming::InState => true,
            Incoming::Of(its, width) | Incoming::Either(its, width) => (its, width) == (op, ty),
            Incoming::Unknown | Incoming::Unreached => false,
        }
    }

    /// What is known behind a block.
    fn behind(self, block: &Block, lazy: Lazy, spec: &Spec) -> Incoming {
        let types = block.result_types(spec);
        block.insts.iter().fold(self, |known, inst| match *inst {
            Inst::SetFlags { op, lhs, .. } => Incoming::Of(op, types[lhs.index()].unwrap_or(Type::I64)),
            Inst::Set { slot, .. } if lazy.index(slot).is_some() => Incoming::InState,
            Inst::Get { slot } if lazy.index(slot).is_some() && known == Incoming::Unknown => {
                Incoming::InState
            }
            Inst::Call { helper, .. } | Inst::LaneCall { helper, .. }
                if lazy.is_touched_by(spec.helper(helper)) =>
            {
                Incoming::Unknown
            }
            _ => known,
        })
    }
}

/// What is known where each block of a region starts.
fn incoming(region: &Region, lazy: Lazy, spec: &Spec) -> Vec<Incoming> {
    let mut known = vec![Incoming::Unreached; region.blocks.len()];
    region.entries.iter().for_each(|entry| known[*entry] = Incoming::InState);
    let mut work = region.entries.clone();
    while let Some(block) = work.pop() {
        let behind = known[block].behind(&region.blocks[block], lazy, spec);
        for next in region.successors(block) {
            let met = known[next].meet(behind);
            if met != known[next] {
                known[next] = met;
                work.push(next);
            }
        }
    }
    known
}

/// What the variables hold: operands and kind.
pub(super) type Kept = [Value; 3];

/// The first of the slots that all flags of a region go to. `None` if there are no
/// flags, or several places for them.
pub(super) fn slots(region: &Region) -> Option<Slot> {
    let mut places = region.blocks.iter().flat_map(|block| &block.insts).filter_map(|inst| match inst {
        Inst::SetFlags { flags, .. } => Some(flags.all()),
        _ => None,
    });
    let first = places.next()?;
    let follows = |(index, slot): (usize, &Slot)| slot.index() == first[0].index() + index;
    let alike = first.iter().enumerate().all(follows) && places.all(|other| other == first);
    alike.then_some(first[0])
}

/// Puts the flags that compiled code has left in `cx` into the state.
pub(crate) fn settle(cx: &mut Context) {
    let kind = std::mem::take(&mut cx.flags_kind);
    if kind == 0 {
        return;
    }
    let op = if kind & ADD != 0 { FlagsOp::Add } else { FlagsOp::Sub };
    let ty = if kind & NARROW != 0 { Type::I32 } else { Type::I64 };
    let [a, b] = cx.flags_of;
    for (slot, flag) in (kind >> SLOT_SHIFT..).zip(op.flags(ty, a, b)) {
        cx.state.set(Slot(slot as u16), flag.into());
    }
}

impl Lazy {
    fn kind_of(self, op: FlagsOp, ty: Type) -> u64 {
        let op = if op == FlagsOp::Add { ADD } else { 0 };
        let width = if ty == Type::I32 { NARROW } else { 0 };
        u64::from(self.first.0) << SLOT_SHIFT | op | width | 1
    }

    /// Whether a helper reads or writes any of them.
    fn is_touched_by(self, helper: &HelperDecl) -> bool {
        (self.first.0..)
            .take(4)
            .map(Slot)
            .any(|slot| helper.reads.contains(slot) || helper.writes.contains(slot))
    }

    /// Which of the flags a slot holds.
    fn index(self, slot: Slot) -> Option<usize> {
        slot.index().checked_sub(self.first.index()).filter(|index| *index < 4)
    }
}

impl Lower<'_, '_> {
    /// Lowers an operation on slots.
    pub(super) fn slot_inst(&mut self, inst: &Inst) -> Option<Value> {
        match *inst {
            Inst::Get { slot } => {
                if let Some(flag) = self.flag(slot) {
                    return Some(self.read_flag(flag, slot));
                }
                let variable = self.variable(slot);
                let value = self.f.use_var(variable);
                return Some(self.integer_form(value));
            }
            Inst::Set { slot, value } if self.flag(slot).is_some() => {
                self.write_flag(slot, self.value(value))
            }
            Inst::Set { slot, value } => self.set(slot, value),
            Inst::SetFlags { op, flags, lhs, rhs } => self.set_flags(op, flags, lhs, rhs),
            _ => unreachable!("it has no slot"),
        }
        None
    }

    /// Sets slots to the flags of two values.
    fn set_flags(&mut self, op: FlagsOp, flags: FlagSlots, lhs: ir::Value, rhs: ir::Value) {
        let (a, b) = (self.value(lhs), self.value(rhs));
        let ty = if self.f.func.dfg.value_type(a) == I64 { Type::I64 } else { Type::I32 };
        if self.keep_flags(op, ty, a, b) {
            return;
        }
        let values = self.flag_values(op, a, b);
        flags.all().into_iter().zip(values).for_each(|(slot, value)| self.define(slot, value));
    }

    /// Declares the region's variables, if it has flags.
    pub(super) fn declare_flags(&mut self) {
        self.lazy = slots(self.region).map(|first| {
            let [a, b, kind] = std::array::from_fn(|_| self.f.declare_var(I64));
            let lazy = Lazy { first, a, b, kind };
            Flags { lazy, incoming: incoming(self.region, lazy, self.spec) }
        });
    }

    fn lazy(&self) -> Option<Lazy> {
        self.lazy.as_ref().map(|flags| flags.lazy)
    }

    /// Starts the block with this number.
    pub(super) fn start_flags(&mut self, block: usize) {
        self.flags = Current::Unknown;
        let Some(Flags { lazy, incoming }) = &self.lazy else { return };
        let (lazy, known) = (*lazy, incoming[block]);
        self.flags = match known {
            Incoming::Unreached | Incoming::Unknown => Current::Unknown,
            Incoming::InState => Current::InState,
            Incoming::Of(op, ty) => {
                let [a, b] = self.flag_operands(lazy, ty);
                Current::Of(op, a, b)
            }
            Incoming::Either(op, ty) => {
                let [a, b] = self.flag_operands(lazy, ty);
                Current::Either(op, a, b, None)
            }
        };
    }

    fn flag_operands(&mut self, lazy: Lazy, ty: Type) -> [Value; 2] {
        [lazy.a, lazy.b].map(|variable| {
            let value = self.f.use_var(variable);
            if ty == Type::I64 { value } else { self.f.ins().ireduce(I32, value) }
        })
    }

    /// Where the region is entered the state has the flags.
    pub(super) fn enter_flags(&mut self) {
        if let Some(lazy) = self.lazy() {
            let nothing = self.f.ins().iconst(I64, 0);
            [lazy.a, lazy.b, lazy.kind].into_iter().for_each(|v| self.f.def_var(v, nothing));
        }
    }

    /// The number of the flag in a slot, if it is one of those here.
    pub(super) fn flag(&self, slot: Slot) -> Option<usize> {
        self.lazy()?.index(slot)
    }

    /// Whether a helper reads or writes any of them.
    pub(super) fn touches_flags(&self, helper: &HelperDecl) -> bool {
        self.lazy().is_some_and(|lazy| lazy.is_touched_by(helper))
    }

    /// Flags are set to those of two values. Tells whether that is all there is to
    /// do.
    pub(super) fn keep_flags(&mut self, op: FlagsOp, ty: Type, a: Value, b: Value) -> bool {
        let Some(lazy) = self.lazy() else { return false };
        let mut wide = |value| if ty == Type::I64 { value } else { self.f.ins().uextend(I64, value) };
        let operands = [wide(a), wide(b)];
        let kind = self.f.ins().iconst(I64, lazy.kind_of(op, ty) as i64);
        for (variable, value) in [lazy.a, lazy.b, lazy.kind].into_iter().zip([operands[0], operands[1], kind])
        {
            self.f.def_var(variable, value);
        }
        self.flags = Current::Of(op, a, b);
        true
    }

    /// One of the flags, an `i8`.
    pub(super) fn read_flag(&mut self, index: usize, slot: Slot) -> Value {
        match self.flags {
            Current::Of(op, a, b) => return self.flag_values(op, a, b)[index],
            Current::Either(op, a, b, seen) => {
                let values = seen.unwrap_or_else(|| self.either_flags(op, a, b));
                self.flags = Current::Either(op, a, b, Some(values));
                return values[index];
            }
            Current::Unknown | Current::InState => self.settle_flags(),
        }
        self.load_flag(slot)
    }

    /// The flags of two values if there is a kind, or else those in the state.
    fn either_flags(&mut self, op: FlagsOp, a: Value, b: Value) -> [Value; 4] {
        let lazy = self.lazy().expect("there are flags");
        let kind = self.f.use_var(lazy.kind);
        let [kept, stored, on] = std::array::from_fn(|_| self.f.create_block());
        let params = [(); 4].map(|()| self.f.append_block_param(on, I8));
        self.f.ins().brif(kind, kept, &[], stored, &[]);
        self.f.switch_to_block(kept);
        let values = self.flag_values(op, a, b).map(BlockArg::Value);
        self.f.ins().jump(on, &values);
        self.f.switch_to_block(stored);
        let values: [Value; 4] = std::array::from_fn(|flag| self.load_flag(Slot(lazy.first.0 + flag as u16)));
        self.f.ins().jump(on, &values.map(BlockArg::Value));
        self.f.switch_to_block(on);
        params
    }

    fn load_flag(&mut self, slot: Slot) -> Value {
        let word = self.f.ins().load(I64, self.state_flags, self.cx, slot_offset(slot));
        self.f.ins().ireduce(I8, word)
    }

    /// A flag gets a value of its own, which goes to the state.
    pub(super) fn write_flag(&mut self, slot: Slot, value: Value) {
        self.end_run();
        if self.all_flags_follow() {
            self.flags_are_in_state();
        } else {
            self.settle_flags();
        }
        self.store_word(slot, value);
    }

    /// Whether the next operations set all flags one after the other, so that what
    /// they were does not matter.
    fn all_flags_follow(&self) -> bool {
        let next = self.insts[self.at..].iter().take(4);
        let set = next.map_while(|inst| match *inst {
            Inst::Set { slot, .. } => self.flag(slot),
            _ => None,
        });
        set.fold(0, |all, index| all | 1 << index) == 0b1111
    }

    fn flags_are_in_state(&mut self) {
        if let Some(lazy) = self.lazy()
            && !matches!(self.flags, Current::InState)
        {
            let nothing = self.f.ins().iconst(I64, 0);
            self.f.def_var(lazy.kind, nothing);
        }
        self.flags = Current::InState;
    }

    /// Puts the flags into the state, in a block that goes on.
    pub(super) fn settle_flags(&mut self) {
        let Some(lazy) = self.lazy() else { return };
        self.end_run();
        match self.flags {
            Current::InState => return,
            Current::Of(op, a, b) => {
                let values = self.flag_values(op, a, b);
                self.store_flags(lazy, values);
            }
            Current::Unknown | Current::Either(..) => {
                let kind = self.f.use_var(lazy.kind);
                let (some, on) = (self.f.create_block(), self.f.create_block());
                self.f.set_cold_block(some);
                self.f.ins().brif(kind, some, &[], on, &[]);
                self.f.switch_to_block(some);
                let values = match self.flags {
                    Current::Either(op, a, b, _) => self.flag_values(op, a, b),
                    _ => self.unknown_flags(lazy, kind),
                };
                self.store_flags(lazy, values);
                self.f.ins().jump(on, &[]);
                self.f.switch_to_block(on);
            }
        }
        self.flags_are_in_state();
    }

    fn store_flags(&mut self, lazy: Lazy, values: [Value; 4]) {
        for (slot, value) in (lazy.first.0..).zip(values) {
            self.store_word(Slot(slot), value);
        }
    }

    /// The flags of a kind that is not known yet.
    fn unknown_flags(&mut self, lazy: Lazy, kind: Value) -> [Value; 4] {
        let narrow = self.f.ins().band_imm_u(kind, NARROW as i64);
        // The lower half at the top has the flags of the narrow operation.
        let shift = self.f.ins().ishl_imm_u(narrow, i64::from((32 / NARROW).ilog2()));
        let (a, b) = (self.f.use_var(lazy.a), self.f.use_var(lazy.b));
        let (a, b) = (self.f.ins().ishl(a, shift), self.f.ins().ishl(b, shift));
        let is_add = self.f.ins().band_imm_u(kind, ADD as i64);
        let (added, subtracted) =
            (self.flag_values(FlagsOp::Add, a, b), self.flag_values(FlagsOp::Sub, a, b));
        std::array::from_fn(|flag| self.f.ins().select(is_add, added[flag], subtracted[flag]))
    }

    /// What the engine is to be told of the flags now; `None` if nothing.
    pub(super) fn kept_flags(&mut self) -> Option<Kept> {
        let lazy = self.lazy()?;
        match self.flags {
            Current::InState => None,
            _ => Some([lazy.a, lazy.b, lazy.kind].map(|variable| self.f.use_var(variable))),
        }
    }

    /// Tells the engine of the flags, which it puts into the state.
    pub(super) fn leave_flags(&mut self, kept: Option<Kept>) {
        let Some([a, b, kind]) = kept else { return };
        self.store_context(offset_of!(Context, flags_of), a);
        self.store_context(offset_of!(Context, flags_of) + 8, b);
        self.store_context(offset_of!(Context, flags_kind), kind);
    }

    /// The flags of two values, each computed for itself: where nobody looks at
    /// one, it costs nothing.
    pub(super) fn flag_values(&mut self, op: FlagsOp, a: Value, b: Value) -> [Value; 4] {
        let (result, carry, left, right) = match op {
            FlagsOp::Add => {
                let sum = self.f.ins().iadd(a, b);
                let carry = self.f.ins().icmp(Cc::UnsignedLessThan, sum, a);
                (sum, carry, self.f.ins().bxor(a, sum), self.f.ins().bxor(b, sum))
            }
            FlagsOp::Sub => {
                let difference = self.f.ins().isub(a, b);
                let carry = self.f.ins().icmp(Cc::UnsignedGreaterThanOrEqual, a, b);
                (difference, carry, self.f.ins().bxor(a, b), self.f.ins().bxor(a, difference))
            }
        };
        let signs = self.f.ins().band(left, right);
        let negative = self.f.ins().icmp_imm_s(Cc::SignedLessThan, result, 0);
        let zero = self.f.ins().icmp_imm_s(Cc::Equal, result, 0);
        let overflow = self.f.ins().icmp_imm_s(Cc::SignedLessThan, signs, 0);
        [negative, zero, carry, overflow]
    }
}
