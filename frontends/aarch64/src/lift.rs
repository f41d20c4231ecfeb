//! Lifting: from instructions to a block of IR.

use guest::{Fault, Fetch};
use ir::{
    Align, Block, BlockKey, Builder, Effects, HelperId, Hint, Leave, MemAccess, Order, Spec, Terminator,
    Type, Value,
};

use crate::fields::{ec, esr};
use crate::flags::Compared;
use crate::model::Features;
use crate::state::{self, Mode};
use crate::system::slots::{SS, STEPPED};
use crate::{Op, decode, helpers};

/// Lifts one instruction: emits what it does, and a terminator if it transfers
/// control or raises an exception.
pub type LiftFn = fn(&mut Lift<'_>, Op);

const CHECK_BREAKPOINTS: HelperId = helpers::id("check_breakpoints");

/// Code is translated in pages of this size; a block stays inside one.
const PAGE_BYTES: u64 = 4096;

/// ISS of a software step: the status is "debug".
const STEP_STATUS: u64 = 0x22;
/// Bits of the same: EX is valid; an instruction has loaded exclusively.
const STEP_VALID: u64 = 1 << 24;
const STEP_EXCLUSIVE: u64 = 1 << 6;

/// All instructions have this many bytes.
const INSN_BYTES: u64 = 4;

/// The instruction that is being lifted, and the block that it goes to.
pub struct Lift<'a> {
    /// The block so far.
    pub b: Builder<'a>,
    /// What the code is lifted under.
    pub mode: Mode,
    /// What the model has.
    pub features: Features,
    /// Address of the instruction, relative to the block's origin.
    pub pc: u64,
    /// Its bits.
    pub word: u32,
    /// What the flags were last set from, if that was in this block.
    pub(crate) compared: Option<Compared>,
    /// The address to go on at, if it calls a helper after which the block has
    /// to end.
    control: Option<Value>,
    /// The instruction changes the mode: the block has to end behind it.
    pub(crate) changes_mode: bool,
}

impl<'a> Lift<'a> {
    /// Starts a block.
    pub fn new(spec: &'a Spec, features: Features, key: BlockKey) -> Lift<'a> {
        Lift {
            b: Builder::new(spec, key),
            mode: Mode(key.mode),
            features,
            pc: key.pc,
            word: 0,
            compared: None,
            control: None,
            changes_mode: false,
        }
    }

    /// The address of the instruction behind this one.
    pub fn next_pc(&self) -> u64 {
        self.pc.wrapping_add(INSN_BYTES)
    }

    /// A constant of type `ty`.
    pub fn iconst(&mut self, ty: Type, value: u64) -> Value {
        self.b.iconst(ty, value)
    }

    /// A 64-bit constant.
    pub fn i64(&mut self, value: u64) -> Value {
        self.b.iconst(Type::I64, value)
    }

    /// Reads general-purpose register `n`; 31 is zero.
    pub fn x(&mut self, n: u32) -> Value {
        if n == 31 { self.i64(0) } else { self.b.get(state::x(n)) }
    }

    /// Reads general-purpose register `n`; 31 is the stack pointer.
    pub fn x_sp(&mut self, n: u32) -> Value {
        self.b.get(state::x(n))
    }

    /// The low bits of general-purpose register `n`, of type `ty`; 31 is zero.
    pub fn reg(&mut self, ty: Type, n: u32) -> Value {
        if n == 31 {
            return self.iconst(ty, 0);
        }
        let wide = self.x(n);
        self.b.ireduce(ty, wide)
    }

    /// The low bits of general-purpose register `n`; 31 is the stack pointer.
    pub fn reg_sp(&mut self, ty: Type, n: u32) -> Value {
        let wide = self.x_sp(n);
        self.b.ireduce(ty, wide)
    }

    /// Writes the zero-extended `value` to general-purpose register `n`; writes
    /// to 31 are dropped.
    pub fn set_reg(&mut self, n: u32, value: Value) {
        if n != 31 {
            self.set_reg_sp(n, value);
        }
    }

    /// Writes the sign-extended `value` to the low bits, as many as `ty` has, of
    /// register `n`, the rest being zero; writes to 31 are dropped.
    pub fn set_reg_signed(&mut self, ty: Type, n: u32, value: Value) {
        let value = self.b.sextend(ty, value);
        self.set_reg(n, value);
    }

    /// Writes the zero-extended `value` to general-purpose register `n`; 31 is
    /// the stack pointer.
    pub fn set_reg_sp(&mut self, n: u32, value: Value) {
        let wide = self.b.uextend(Type::I64, value);
        if n == 31 {
            return self.set_stack(wide);
        }
        self.b.set(state::x(n), wide);
    }

    /// Pseudocode ExtendReg (chapter J1): register `n`, of which `option` says
    /// how many bits count and how they are extended to `ty`, shifted left.
    pub fn extended(&mut self, ty: Type, n: u32, option: u32, shift: u32) -> Value {
        let from = [Type::I8, Type::I16, Type::I32, Type::I64][option as usize & 3];
        let value = if from >= ty {
            self.reg(ty, n)
        } else {
            let narrow = self.reg(from, n);
            if option & 4 != 0 { self.b.sextend(ty, narrow) } else { self.b.uextend(ty, narrow) }
        };
        if shift == 0 {
            return value;
        }
        let amount = self.iconst(ty, shift.into());
        self.b.ishl(value, amount)
    }

    /// The address of the instruction behind this one, as a value.
    pub fn next_address(&mut self) -> Value {
        let next = self.next_pc();
        self.b.code_address(next)
    }

    /// `base + offset`, 64 bits.
    pub fn offset(&mut self, base: Value, offset: u64) -> Value {
        if offset == 0 {
            return base;
        }
        let offset = self.i64(offset);
        self.b.iadd(base, offset)
    }

    /// A plain access of this level: any alignment unless SCTLR_ELx.A is set,
    /// relaxed.
    pub fn access(&self) -> MemAccess {
        let align = if self.mode.aligned() { Align::Natural } else { Align::Any };
        MemAccess { align, order: Order::Relaxed, regime: self.mode.data_regime() }
    }

    /// A plain access as if of EL0 (C3.2.5, unprivileged loads and stores).
    pub fn unprivileged_access(&self) -> MemAccess {
        MemAccess { regime: self.mode.unprivileged_regime(), ..self.access() }
    }

    /// An access that has to be aligned, of some order.
    pub fn ordered_access(&self, order: Order) -> MemAccess {
        MemAccess { align: Align::Natural, order, regime: self.mode.data_regime() }
    }

    /// Calls a helper. If its effects include [`Effects::CONTROL`], the block
    /// ends after this instruction.
    pub fn call(&mut self, helper: HelperId, args: &[Value]) -> Value {
        let decl = self.b.spec().helper(helper);
        if decl.effects.contains(Effects::CONTROL) {
            // Nothing but the terminator may follow the call.
            self.control = Some(self.next_address());
            self.end_step();
        }
        self.compared = None;
        self.b.call(helper, args)
    }

    /// Ends the block: goes on at `pc`.
    pub fn jump(&mut self, pc: u64) {
        if self.mode.steps() {
            let pc = self.b.code_address(pc);
            return self.leave(Leave::Resume, pc);
        }
        self.b.terminate(Terminator::Jump { pc });
    }

    /// Ends the block: goes on at `taken` if `cond` holds, or else behind this
    /// instruction.
    pub fn branch(&mut self, cond: Value, taken: u64) {
        let other = self.next_pc();
        if self.mode.steps() {
            let (taken, other) = (self.b.code_address(taken), self.b.code_address(other));
            let pc = self.b.select(cond, taken, other);
            return self.leave(Leave::Resume, pc);
        }
        self.b.terminate(Terminator::Branch { cond, taken, other });
    }

    /// Ends the block: goes on at a computed address.
    pub fn jump_indirect(&mut self, target: Value, hint: Hint) {
        if self.mode.steps() {
            return self.leave(Leave::Resume, target);
        }
        self.b.terminate(Terminator::Indirect { target, hint });
    }

    /// Ends the block: goes on at a computed address, with the return address in
    /// x30. `target` must have been read before.
    pub fn call_indirect(&mut self, target: Value) {
        let (link, ret) = (self.next_address(), self.next_pc());
        self.b.set(state::x(30), link);
        self.jump_indirect(target, Hint::Call { ret });
    }

    /// Ends the block: back to the engine, to go on at `pc` (an `i64`). If the
    /// instruction was stepped, that is now done (D2.12.3).
    pub fn leave(&mut self, reason: Leave, pc: Value) {
        if self.control.is_none() {
            self.end_step();
        }
        self.b.terminate(Terminator::Leave { reason, pc });
    }

    /// Notes that the instruction was stepped, if it was.
    fn end_step(&mut self) {
        if self.mode.steps() {
            let done = self.i64(0);
            self.b.set(SS, done);
            let is_exclusive = self.word & 0x3fc0_0000 == 0x0840_0000;
            let how = self.i64(STEP_VALID | if is_exclusive { STEP_EXCLUSIVE } else { 0 });
            self.b.set(STEPPED, how);
        }
    }

    /// Ends the block: back to the engine, to go on behind this instruction.
    pub fn leave_to_next(&mut self, reason: Leave) {
        let next = self.next_address();
        self.leave(reason, next);
    }

    /// Ends the block: this instruction raises the exception of class `class`
    /// with the syndrome `iss`.
    pub fn exception(&mut self, class: u64, iss: u64) {
        let value = self.i64(0);
        self.b.terminate(Terminator::Trap { cause: esr::syndrome(class, iss), value });
    }

    /// Ends the block: this instruction is undefined.
    pub fn undefined(&mut self) {
        self.exception(ec::UNKNOWN, 0);
    }

    /// Lifts the instruction `word` at `pc`.
    fn insn(&mut self, pc: u64, word: u32) {
        (self.pc, self.word, self.control) = (pc, word, None);
        self.b.insn(pc);
        if self.mode.has_stepped() {
            let value = self.b.get(STEPPED);
            let cause = esr::syndrome(ec::STEP_LOWER, STEP_STATUS);
            return self.b.terminate(Terminator::Trap { cause, value });
        }
        if self.mode.has_breakpoints() {
            let here = self.b.code_address(pc);
            self.call(CHECK_BREAKPOINTS, &[here]);
        }
        if self.mode.is_illegal() {
            return self.exception(ec::ILLEGAL_STATE, 0);
        }
        if self.mode.is_guarded() && self.b.insns() == 1 {
            self.check_landing(word);
        }
        match decode::decode(word) {
            Some(found) if !self.features.contains(found.set.features) => self.undefined(),
            Some(found) if found.set.float && self.mode.fp_trapped() => self.fp_access_trap(),
            Some(found) => {
                self.check_stack(word, found.row.name);
                (found.row.lift)(self, Op(word));
            }
            None => self.undefined(),
        }
        if self.changes_mode && !self.b.is_terminated() {
            self.leave_to_next(Leave::Resume);
        }
        if let Some(next) = self.control.filter(|_| !self.b.is_terminated()) {
            self.leave(Leave::Resume, next);
        }
    }

    /// D24.2.41, ISS of trapped floating point: COND, valid as in AArch64.
    pub(crate) fn fp_access_trap(&mut self) {
        const CV_AND_ALWAYS: u64 = 0b1_1110 << 20;
        self.exception(ec::FP_ACCESS, CV_AND_ALWAYS);
    }
}

/// Lifts the block at `key`: at most `max_insns` instructions (at least one).
///
/// It ends at a control transfer or exception, after an instruction that may
/// change the mode, before an instruction that cannot be fetched, and at the
/// end of the page. At a pc that is no multiple of four, it is the exception
/// for that (D1.3.6.1, PC alignment checking).
///
/// # Errors
/// The first instruction cannot be fetched.
pub fn lift_block(
    spec: &Spec,
    features: Features,
    key: BlockKey,
    code: &mut dyn Fetch,
    max_insns: u32,
) -> Result<Block, Fault> {
    let mut l = Lift::new(spec, features, key);
    let mut pc = key.pc;
    if !pc.is_multiple_of(INSN_BYTES) {
        l.b.insn(pc);
        let address = l.b.code_address(pc);
        let cause = esr::syndrome(ec::PC_ALIGNMENT, 0);
        l.b.terminate(Terminator::Trap { cause, value: address });
        return Ok(l.b.finish(INSN_BYTES as u32));
    }
    let mut word = code.fetch32(pc)?;
    loop {
        l.insn(pc, word);
        pc = l.next_pc();
        if l.b.is_terminated() {
            break;
        }
        let new_page = pc / PAGE_BYTES != key.pc / PAGE_BYTES;
        if l.b.insns() == max_insns.max(1) || new_page || l.mode.steps() {
            l.jump(pc);
            break;
        }
        word = match code.fetch32(pc) {
            Ok(word) => word,
            Err(_) => {
                l.jump(pc);
                break;
            }
        };
    }
    Ok(l.b.finish(pc.wrapping_sub(key.pc) as u32))
}
