//! The test guest's instructions: random ones, and some with a purpose.
//!
//! Engines may start an instruction over at any point where it can fault, so
//! an instruction obeys the rule front ends live by: what can be done only once
//! comes after everything that may fault.

use super::chip::register;
use super::map::page;
use bus::PAGE_BYTES;
use ir::testing::{BASE, Options, Tape, random_block};
use ir::{
    Block, BlockKey, Builder, Effects, Hint, Inst, IntCC, Leave, SlotSet, Spec, Terminator, Type, Value,
};

/// Bytes of an instruction.
pub const BYTES: u64 = 4;
/// Random jumps go up to this far back, and nearly as far ahead.
const BACK: u64 = 0x80;

/// An instruction, wherever it is.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Its operations; they refer to each other by index.
    insts: Vec<Inst>,
    end: End,
}

/// How an instruction ends. Addresses are relative to it.
#[derive(Clone, Copy, Debug)]
enum End {
    /// Goes on behind it.
    Next,
    Jump(u64),
    Branch {
        cond: Value,
        taken: u64,
        other: u64,
    },
    /// Goes to a computed address, made to lie in the code pages if `tame`.
    Indirect {
        target: Value,
        tame: bool,
        ret: Option<u64>,
    },
    /// Goes on behind it.
    Leave(Leave),
    Trap {
        cause: u64,
        value: Value,
    },
    /// Calls a helper with [`Effects::CONTROL`] and goes on behind it.
    Control {
        name: &'static str,
        arg: Value,
    },
    /// Calls `return` and goes where it says.
    Return,
    /// Moves [`BASE`] to a page of the map.
    Rebase(u64),
    /// Moves [`BASE`] to an address relative to it.
    RebaseNear(u64),
}

impl Instruction {
    /// An instruction from the IR text of its operations, the last of which is
    /// its terminator, with addresses relative to it. `jump 4` goes on, and so
    /// does `leave`, wherever it says to.
    pub fn parse(text: &str, spec: &Spec) -> Instruction {
        let text = format!("block 0 mode 0 insns 1 bytes 4\ninsn 0\n{text}");
        let block = ir::parse(&text, spec).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        let end = match block.terminator {
            Terminator::Indirect { target, .. } => End::Indirect { target, tame: false, ret: None },
            terminator => End::of(terminator, 0),
        };
        Instruction { insts: block.insts, end }
    }

    /// The instruction handlers end with.
    pub fn return_from_fault() -> Instruction {
        Instruction { insts: vec![Inst::Insn { pc: 0 }], end: End::Return }
    }

    /// Lowers the interrupt lines, in a map that starts at `start`.
    pub fn acknowledge(start: u64, spec: &Spec) -> Instruction {
        let at = start.wrapping_add(page::CHIP * PAGE_BYTES + 8 * register::LOWER);
        Instruction::parse(&format!("v0 = iconst.i64 {at:#x}\nstore r0 v0, v0\njump 4"), spec)
    }

    /// A random instruction for a map that starts at `start`. Its first byte
    /// says of what kind.
    pub fn random(bytes: &[u8], regimes: usize, start: u64, spec: &Spec) -> Instruction {
        let (kind, bytes) = bytes.split_first().map_or((0, bytes), |(first, rest)| (first % 128, rest));
        let extra = bytes.first().copied().unwrap_or(0);
        let options = Options { pc: 0, max_insns: 1, max_ops: 4, regimes, window: 256 };
        let block = random_block(&mut Tape::new(bytes), &options);
        let (insts, terminator) = restartable(&block, spec);
        let end = match kind {
            0..82 => End::Next,
            82 | 83 => End::control("set_space", &insts, spec),
            84..102 => End::of_random(terminator, extra),
            102..110 => End::Rebase(u64::from(extra)),
            110..114 => End::RebaseNear(u64::from(extra)),
            118 => return Instruction::observe(["now", "count"][usize::from(extra) % 2], extra, spec),
            119 => return Instruction::poke(extra, spec),
            114..118 | 120 => return Instruction::reach_chip(extra, start, spec),
            121 if extra % 2 == 1 => End::control("control", &insts, spec),
            121 => End::control("set_mode", &insts, spec),
            122 => End::control("set_map", &insts, spec),
            123 if extra % 4 == 3 => End::control("set_map", &insts, spec),
            123 => End::control("set_space", &insts, spec),
            124 => End::control("set_enable", &insts, spec),
            125 | 126 => End::Leave([Leave::Idle, Leave::Firmware][usize::from(extra) % 2]),
            _ => End::Return,
        };
        Instruction { insts, end }
    }

    /// Shows what an observing helper yields.
    fn observe(helper: &str, extra: u8, spec: &Spec) -> Instruction {
        let text = format!("v0 = call {helper}\nset x{}, v0\njump 4", extra / 2 % 4);
        Instruction::parse(&text, spec)
    }

    /// Writes a word of RAM behind the CPU's back, most often in a code page.
    fn poke(extra: u8, spec: &Spec) -> Instruction {
        let offset = u64::from(extra) * 4 % (2 * PAGE_BYTES);
        let helper = if extra % 8 == 7 { "call unreserve v1" } else { "call poke v0, v1" };
        let text = format!("v0 = iconst.i64 {offset}\nv1 = get.i64 x{}\n{helper}\njump 4", extra % 4);
        Instruction::parse(&text, spec)
    }

    /// Writes a register to one of the chip's that do something.
    fn reach_chip(extra: u8, start: u64, spec: &Spec) -> Instruction {
        let register = u64::from(extra) % (register::DMA_TOO + 1);
        let at = start.wrapping_add(page::CHIP * PAGE_BYTES + 8 * register);
        let text = format!("v0 = iconst.i64 {at:#x}\nv1 = get.i64 x{}\nstore r0 v0, v1\njump 4", extra % 4);
        Instruction::parse(&text, spec)
    }

    /// Whether a block ends with it.
    fn ends_block(&self) -> bool {
        !matches!(self.end, End::Next | End::Rebase(_) | End::RebaseNear(_))
    }

    /// Appends it, at `pc`, in a map that starts at `start`; yields whether the
    /// block is terminated.
    pub fn emit(&self, b: &mut Builder<'_>, pc: u64, start: u64) -> bool {
        b.insn(pc);
        let next = self.end.leaves().then(|| b.code_address(pc.wrapping_add(BYTES)));
        let mut names = vec![Value(0)];
        for inst in &self.insts[1..] {
            let mut inst = *inst;
            inst.map_operands(|v| names[v.index()]);
            if let Inst::CodeAddress { pc: at } = &mut inst {
                *at = pc.wrapping_add(*at);
            }
            names.push(b.push(inst));
        }
        self.end.emit(b, &names, pc, start, next);
        self.ends_block()
    }
}

impl End {
    /// A terminator whose addresses are `origin` too high to be relative.
    fn of(terminator: Terminator, origin: u64) -> End {
        let relative = |pc: u64| pc.wrapping_sub(origin);
        match terminator {
            Terminator::Jump { pc } if relative(pc) == BYTES => End::Next,
            Terminator::Jump { pc } => End::Jump(relative(pc)),
            Terminator::Branch { cond, taken, other } => {
                End::Branch { cond, taken: relative(taken), other: relative(other) }
            }
            Terminator::Indirect { target, hint } => {
                let ret = if let Hint::Call { ret } = hint { Some(relative(ret)) } else { None };
                End::Indirect { target, tame: true, ret }
            }
            Terminator::Leave { reason, .. } => End::Leave(reason),
            Terminator::Trap { cause, value } => End::Trap { cause, value },
        }
    }

    /// The same for a random block's, some made rarer or wilder.
    fn of_random(terminator: Terminator, extra: u8) -> End {
        match End::of(terminator, BACK) {
            // Most branches go on behind them if they are not taken.
            End::Branch { cond, taken, .. } if extra % 4 != 3 => End::Branch { cond, taken, other: BYTES },
            End::Indirect { target, ret, .. } => End::Indirect { target, tame: extra % 16 != 15, ret },
            End::Leave(_) if extra.is_multiple_of(2) => End::Leave(Leave::Resume),
            end => end,
        }
    }

    fn control(name: &'static str, insts: &[Inst], spec: &Spec) -> End {
        let block = Block {
            key: BlockKey { pc: 0, mode: 0 },
            insts: insts.to_vec(),
            terminator: Terminator::Jump { pc: 0 },
            insns: 1,
            bytes: 0,
        };
        let types = block.result_types(spec);
        match types.iter().rposition(|ty| *ty == Some(Type::I64)) {
            Some(index) => End::Control { name, arg: Value(index as u32) },
            None => End::Next,
        }
    }

    /// Whether the address behind the instruction has to be at hand, made before
    /// its other operations: nothing may follow a helper that changes control.
    fn leaves(self) -> bool {
        matches!(self, End::Leave(_) | End::Control { .. })
    }

    /// `next` is the address behind the instruction, if [`End::leaves`].
    fn emit(self, b: &mut Builder<'_>, names: &[Value], pc: u64, start: u64, next: Option<Value>) {
        let to = |offset: u64| pc.wrapping_add(offset);
        let named = |value: Value| names[value.index()];
        let next = || next.expect("`leaves` asks for it");
        let terminator = match self {
            End::Next => return,
            End::Rebase(number) => {
                let at = b.iconst(Type::I64, start.wrapping_add(rebase_offset(number)));
                return b.set(BASE, at);
            }
            End::RebaseNear(number) => {
                let at = b.code_address(to((4 * number) & !7).wrapping_sub(BACK));
                return b.set(BASE, at);
            }
            End::Jump(offset) => Terminator::Jump { pc: to(offset) },
            End::Branch { cond, taken, other } => {
                Terminator::Branch { cond: named(cond), taken: to(taken), other: to(other) }
            }
            End::Indirect { target, tame, ret } => {
                let hint = ret.map_or(Hint::Other, |ret| Hint::Call { ret: to(ret) });
                let target = if tame { tame_address(b, named(target), start) } else { named(target) };
                Terminator::Indirect { target, hint }
            }
            End::Leave(reason) => Terminator::Leave { reason, pc: next() },
            End::Trap { cause, value } => Terminator::Trap { cause, value: named(value) },
            End::Control { name, arg } => {
                let helper = b.spec().helper_by_name(name).expect("the spec has it");
                b.call(helper, &[named(arg)]);
                Terminator::Leave { reason: Leave::Resume, pc: next() }
            }
            End::Return => {
                let helper = b.spec().helper_by_name("return").expect("the spec has it");
                let pc = b.call(helper, &[]);
                Terminator::Leave { reason: Leave::Resume, pc }
            }
        };
        b.terminate(terminator);
    }
}

/// Where [`BASE`] may point: the start of a page, or so near its end that
/// accesses reach the next.
fn rebase_offset(number: u64) -> u64 {
    let page = number / 2 % page::COUNT;
    page * PAGE_BYTES + if number.is_multiple_of(2) { 0 } else { PAGE_BYTES - 0x80 }
}

/// An address in the code pages, or where they are mapped once more, from any
/// value.
fn tame_address(b: &mut Builder<'_>, value: Value, start: u64) -> Value {
    let (mask, beyond) = (2 * PAGE_BYTES - BYTES, 14 * PAGE_BYTES);
    let mask = b.iconst(Type::I64, mask);
    let offset = b.band(value, mask);
    let beyond = b.iconst(Type::I64, beyond);
    let again = b.band(value, beyond);
    let all = b.icmp(IntCC::Eq, again, beyond);
    let (first, again) = (start, start.wrapping_add(page::ALIAS_A * PAGE_BYTES));
    let (first, again) = (b.iconst(Type::I64, first), b.iconst(Type::I64, again));
    let page = b.select(all, again, first);
    b.iadd(page, offset)
}

/// A random block, made to obey the rule above: of what may not be done twice,
/// some is put off, some done without.
fn restartable(block: &Block, spec: &Spec) -> (Vec<Inst>, Terminator) {
    let insts = &block.insts;
    let last = insts.iter().rposition(|inst| may_leave(inst, spec)).unwrap_or(0);
    let loads = insts[..=last].iter().any(|i| i.touches_memory() && !matches!(i, Inst::Store { .. }));
    let mut out: Vec<Inst> = Vec::new();
    let mut names = Vec::new();
    let mut put_off = Vec::new();
    for (index, inst) in insts.iter().enumerate() {
        let mut inst = *inst;
        inst.map_operands(|v| names[v.index()]);
        names.push(Value(out.len() as u32));
        match inst {
            Inst::Set { .. } if index < last => put_off.push(inst),
            Inst::Store { .. } if index < last && loads => (),
            Inst::Call { helper, .. } if spec.helper(helper).effects.contains(Effects::CONTROL) => (),
            Inst::Call { helper, .. } if index < last && spec.helper(helper).writes != SlotSet::NONE => (),
            _ if index < last => out.push(once_only_as_load(inst, block, spec, index)),
            _ => out.push(inst),
        }
        if index == last {
            out.append(&mut put_off);
        }
    }
    let mut terminator = block.terminator;
    terminator.map_operand(|v| names[v.index()]);
    (out, terminator)
}

/// Whether an engine may start over at this operation.
fn may_leave(inst: &Inst, spec: &Spec) -> bool {
    inst.touches_memory()
        || matches!(*inst, Inst::TrapIf { .. })
        || matches!(*inst, Inst::Call { helper, .. } if spec.helper(helper).effects != Effects::empty())
}

/// An atomic access without its store; everything else as it is.
fn once_only_as_load(inst: Inst, block: &Block, spec: &Spec, index: usize) -> Inst {
    let ty = || block.result_type(spec, Value(index as u32)).expect("atomics yield a value");
    match inst {
        Inst::AtomicRmw { access, addr, .. } | Inst::AtomicCas { access, addr, .. } => {
            Inst::Load { ty: ty(), access, addr }
        }
        Inst::StoreConditional { .. } => Inst::Iconst { ty: Type::I8, value: 1 },
        inst => inst,
    }
}
