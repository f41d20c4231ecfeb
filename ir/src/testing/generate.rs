//! Random blocks that verify.

mod lanes;

use super::{BASE, FLAGS, spec};
use crate::{
    Align, BinaryOp, Block, BlockKey, Builder, Effects, FlagSlots, FlagsOp, HelperId, Hint, Inst, IntCC,
    Leave, MemAccess, Order, RmwOp, Slot, SlotClass, Spec, Terminator, Type, UnaryOp, Value,
};

/// Bytes that choices are made from. Whatever they are, the choices are valid;
/// where they end, the first choice is made: so a shorter tape makes a simpler
/// block, and both a property test and a fuzzer can feed it.
pub struct Tape<'a> {
    bytes: &'a [u8],
}

impl<'a> Tape<'a> {
    /// Makes choices from `bytes`.
    pub fn new(bytes: &'a [u8]) -> Tape<'a> {
        Tape { bytes }
    }

    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        first
    }

    /// A number below `end`, at most 256.
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    /// A number below `end`, small ones more often.
    fn small(&mut self, end: usize) -> usize {
        let byte = usize::from(self.byte());
        (byte * byte * end) >> 16
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    /// Edge values of `ty` more often than others.
    fn constant(&mut self, ty: Type) -> u64 {
        let top = 1 << (ty.bits() - 1);
        let value = match self.below(10) {
            0 => 0,
            1 => 1,
            2 => ty.mask(),
            3 => top,
            4 => top - 1,
            5 => u64::from(ty.bits()),
            6 => 1 << (self.byte() as u32 % ty.bits()),
            7 | 8 => u64::from(self.byte()),
            _ => self.word(),
        };
        value & ty.mask()
    }
}

/// The limits of random blocks.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The address of the first instruction; the others follow, 4 bytes each.
    pub pc: u64,
    /// Guest instructions, at least 1.
    pub max_insns: usize,
    /// Operations of one guest instruction, not counting those that make
    /// operands; at least 1.
    pub max_ops: usize,
    /// Regimes in use: 0 to this, exclusive; 1 to 8.
    pub regimes: usize,
    /// Accesses start at the address in [`BASE`] or up to this many bytes, a
    /// power of two, behind it.
    pub window: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { pc: 0x1000, max_insns: 6, max_ops: 8, regimes: 8, window: 256 }
    }
}

/// A block for [`spec`] that verifies.
pub fn random_block(tape: &mut Tape<'_>, options: &Options) -> Block {
    let spec = spec();
    let b = Builder::new(&spec, BlockKey { pc: options.pc, mode: u32::from(tape.byte()) });
    let mut random = Random { b, tape, options, pool: Default::default() };
    let insns = 1 + random.tape.below(options.max_insns);
    for index in 0..insns {
        random.b.insn(options.pc.wrapping_add(4 * index as u64));
        for _ in 0..1 + random.tape.below(options.max_ops) {
            random.operation();
        }
    }
    random.terminator();
    random.b.finish(4 * insns as u32)
}

struct Random<'a, 'b> {
    b: Builder<'a>,
    tape: &'a mut Tape<'b>,
    options: &'a Options,
    /// Values made so far, by type.
    pool: [Vec<Value>; 5],
}

impl Random<'_, '_> {
    fn keep(&mut self, value: Value) {
        let ty = self.b.type_of(value);
        self.pool[ty as usize].push(value);
    }

    fn push(&mut self, inst: Inst) {
        let value = self.b.push(inst);
        if inst.has_result(self.b.spec()) {
            self.yields(value);
        }
    }

    /// Keeps an operation's result, and often shows it in a slot.
    fn yields(&mut self, value: Value) {
        self.keep(value);
        if self.tape.one_in(2) {
            let slot = self.slot(self.b.type_of(value));
            self.b.set(slot, value);
        }
    }

    fn ty(&mut self) -> Type {
        self.tape.pick(&[Type::I64, Type::I64, Type::I32, Type::I16, Type::I8])
    }

    /// The same, or a vector's.
    fn any_type(&mut self) -> Type {
        if self.tape.one_in(5) { Type::V128 } else { self.ty() }
    }

    /// A value of type `ty`: a recent one, a slot, or a constant.
    fn value(&mut self, ty: Type) -> Value {
        let choice = self.tape.below(8);
        let recent = &self.pool[ty as usize];
        if choice < 4 && !recent.is_empty() {
            let back = self.tape.small(recent.len().min(8));
            return recent[recent.len() - 1 - back];
        }
        let value = if choice < 6 {
            let slot = self.slot(ty);
            self.b.get(slot)
        } else if ty == Type::V128 {
            self.vector_constant()
        } else if ty == Type::I64 && self.tape.one_in(3) {
            let pc = self.options.pc.wrapping_add(u64::from(self.tape.byte()));
            self.b.code_address(pc)
        } else {
            let value = self.tape.constant(ty);
            self.b.iconst(ty, value)
        };
        self.keep(value);
        value
    }

    /// A slot of type `ty` that blocks may write; the last ones, which helpers
    /// use, more often.
    fn slot(&mut self, ty: Type) -> Slot {
        let slots = self.b.spec().layout.slots().iter().enumerate().skip(BASE.index() + 1);
        let fit: Vec<Slot> = slots
            .filter(|(_, s)| s.ty == ty && s.class != SlotClass::Upper)
            .map(|(i, _)| Slot(i as u16))
            .collect();
        fit[fit.len() - 1 - self.tape.small(fit.len())]
    }

    fn operation(&mut self) {
        let ty = self.ty();
        match self.tape.below(25) {
            0..=3 => {
                let ty = self.any_type();
                self.set(ty);
            }
            4..=6 => {
                let op = self.tape.pick(&BinaryOp::ALL);
                let (lhs, rhs) = (self.value(ty), self.value(ty));
                self.push(Inst::Binary { op, lhs, rhs });
            }
            7 => self.unary(ty),
            8 => {
                let cond = self.tape.pick(&IntCC::ALL);
                let (lhs, rhs) = (self.value(ty), self.value(ty));
                self.push(Inst::Icmp { cond, lhs, rhs });
            }
            9 => {
                let (cond, ty) = (self.value(Type::I8), self.any_type());
                let (then, other) = (self.value(ty), self.value(ty));
                self.push(Inst::Select { cond, then, other });
            }
            10 | 11 => self.conversion(),
            12 | 13 => {
                let ty = self.any_type();
                self.access(ty);
            }
            14 => self.atomic(ty),
            15 | 16 => self.call(),
            17 => self.vector_from_integers(),
            18 => self.integer_from_vector(),
            19..=21 => self.vector(),
            22 => self.flags(),
            23 => self.trap(ty),
            _ => self.push(Inst::Fence),
        }
    }

    fn set(&mut self, ty: Type) {
        let value = self.value(ty);
        let slot = self.slot(ty);
        self.b.set(slot, value);
    }

    /// An exception that most do not take.
    fn trap(&mut self, ty: Type) {
        let (a, b) = (self.value(ty), self.value(ty));
        let (below, equal) = (self.b.icmp(IntCC::Ult, a, b), self.b.icmp(IntCC::Eq, a, b));
        let never = self.b.band(below, equal);
        let cond = if self.tape.one_in(4) { equal } else { never };
        let cause = u64::from(self.tape.byte());
        let value = self.value(Type::I64);
        self.push(Inst::TrapIf { cond, cause, value });
    }

    fn flags(&mut self) {
        let op = self.tape.pick(&FlagsOp::ALL);
        let ty = self.tape.pick(&[Type::I32, Type::I64]);
        // Mostly all go to the same slots, as a guest's do.
        let [negative, zero, carry, overflow] = match self.tape.one_in(20) {
            true => std::array::from_fn(|_| self.slot(Type::I8)),
            false => std::array::from_fn(|flag| Slot(FLAGS.0 + flag as u16)),
        };
        let flags = FlagSlots { negative, zero, carry, overflow };
        let (lhs, rhs) = (self.value(ty), self.value(ty));
        self.push(Inst::SetFlags { op, flags, lhs, rhs });
    }

    fn unary(&mut self, ty: Type) {
        let op = match self.tape.pick(&UnaryOp::ALL) {
            UnaryOp::Bswap if ty == Type::I8 => UnaryOp::Bitrev,
            op => op,
        };
        let value = self.value(ty);
        self.push(Inst::Unary { op, value });
    }

    fn conversion(&mut self) {
        let (from, to) = (self.ty(), self.ty());
        let value = self.value(from);
        match from.cmp(&to) {
            std::cmp::Ordering::Less if self.tape.one_in(2) => self.push(Inst::Uextend { ty: to, value }),
            std::cmp::Ordering::Less => self.push(Inst::Sextend { ty: to, value }),
            std::cmp::Ordering::Greater => self.push(Inst::Ireduce { ty: to, value }),
            std::cmp::Ordering::Equal => self.set(to),
        }
    }

    /// An address in the window, often a multiple of 8.
    fn address(&mut self) -> Value {
        let base = self.b.get(BASE);
        let keep = if self.tape.one_in(4) { u64::MAX } else { !7 };
        let offset = if self.tape.one_in(2) {
            let any = self.value(Type::I64);
            let mask = self.b.iconst(Type::I64, (self.options.window - 1) & keep);
            self.b.band(any, mask)
        } else {
            let offset = u64::from(self.tape.byte()) & (self.options.window - 1) & keep;
            self.b.iconst(Type::I64, offset)
        };
        self.b.iadd(base, offset)
    }

    fn mem_access(&mut self, aligned: bool) -> MemAccess {
        MemAccess {
            align: if aligned || self.tape.one_in(3) { Align::Natural } else { Align::Any },
            order: self.tape.pick(&Order::ALL),
            regime: self.tape.below(self.options.regimes) as u8,
        }
    }

    fn access(&mut self, ty: Type) {
        let (addr, access) = (self.address(), self.mem_access(false));
        if self.tape.one_in(2) {
            let value = self.value(ty);
            self.push(Inst::Store { access, addr, value });
        } else {
            self.push(Inst::Load { ty, access, addr });
        }
    }

    fn atomic(&mut self, ty: Type) {
        let (addr, access) = (self.address(), self.mem_access(true));
        let inst = match self.tape.below(4) {
            0 => Inst::LoadReserved { ty, access, addr },
            1 => Inst::StoreConditional { access, addr, value: self.value(ty) },
            2 => Inst::AtomicCas { access, addr, expected: self.value(ty), new: self.value(ty) },
            _ => {
                let op = self.tape.pick(&RmwOp::ALL);
                Inst::AtomicRmw { op, access, addr, value: self.value(ty) }
            }
        };
        self.push(inst);
        if matches!(inst, Inst::LoadReserved { .. }) && self.tape.one_in(2) {
            let value = self.value(ty);
            self.push(Inst::StoreConditional { access, addr, value });
        }
    }

    fn call(&mut self) {
        let plain = helpers(self.b.spec(), false);
        let helper = self.tape.pick(&plain);
        self.call_helper(helper);
    }

    fn call_helper(&mut self, helper: HelperId) {
        let takes = self.b.spec().helper(helper).args;
        let args: Vec<Value> = (0..takes).map(|_| self.value(Type::I64)).collect();
        let value = self.b.call(helper, &args);
        if self.b.spec().helper(helper).returns {
            self.yields(value);
        }
    }

    fn terminator(&mut self) {
        let near = |random: &mut Self| random.options.pc.wrapping_add(4 * random.tape.below(64) as u64);
        let terminator = match self.tape.below(6) {
            0 => Terminator::Jump { pc: near(self) },
            1 | 2 => Terminator::Branch { cond: self.value(Type::I8), taken: near(self), other: near(self) },
            3 => {
                let hints = [Hint::Other, Hint::Return, Hint::Call { ret: near(self) }];
                Terminator::Indirect { hint: self.tape.pick(&hints), target: self.value(Type::I64) }
            }
            4 => Terminator::Leave { reason: self.tape.pick(&Leave::ALL), pc: self.value(Type::I64) },
            _ => Terminator::Trap { cause: u64::from(self.tape.byte()), value: self.value(Type::I64) },
        };
        if self.tape.one_in(4) {
            let control = helpers(self.b.spec(), true);
            let args = self.b.spec().helper(control[0]).args;
            let value = self.value(Type::I64);
            self.b.call(control[0], &vec![value; usize::from(args)]);
        }
        self.b.terminate(terminator);
    }
}

/// The helpers that change control, or those that do not.
fn helpers(spec: &Spec, control: bool) -> Vec<HelperId> {
    let rows = spec.helpers.iter().enumerate();
    let fit = rows.filter(|(_, decl)| decl.effects.contains(Effects::CONTROL) == control);
    fit.map(|(index, _)| HelperId(index as u16)).collect()
}
