//! Lifting: from instructions to a block of IR.

use guest::{Fault, Fetch};
use ir::{
    Block, BlockKey, Builder, Effects, HelperId, Hint, Leave, MemAccess, SlotSet, Spec, Terminator, Type,
    Value,
};

use crate::state::{self, FFLAGS, MSTATUS, Mode};
use crate::{Op, decode};

/// Lifts one instruction: emits what it does, and a terminator if it transfers
/// control or traps.
pub type LiftFn = fn(&mut Lift<'_>, Op);

/// Exception codes (Privileged ISA, §3.1.15, table of mcause values).
pub mod cause {
    /// Instruction access fault.
    pub const FETCH_ACCESS: u64 = 1;
    /// Illegal instruction.
    pub const ILLEGAL: u64 = 2;
    /// Breakpoint.
    pub const BREAKPOINT: u64 = 3;
    /// Load address misaligned.
    pub const LOAD_MISALIGNED: u64 = 4;
    /// Load access fault.
    pub const LOAD_ACCESS: u64 = 5;
    /// Store or AMO address misaligned.
    pub const STORE_MISALIGNED: u64 = 6;
    /// Store or AMO access fault.
    pub const STORE_ACCESS: u64 = 7;
    /// Environment call from U mode; S and M follow at 9 and 11.
    pub const ECALL_FROM_U: u64 = 8;
    /// Instruction page fault.
    pub const FETCH_PAGE: u64 = 12;
    /// Load page fault.
    pub const LOAD_PAGE: u64 = 13;
    /// Store or AMO page fault.
    pub const STORE_PAGE: u64 = 15;
}

/// mstatus.FS = dirty, and SD (Privileged ISA, §3.1.6.6).
const MSTATUS_FS_DIRTY: u64 = 3 << 13 | 1 << 63;

/// mstatus.FS as [`Mode::fs`] gives it.
const FS_DIRTY: u32 = 3;

/// Code is translated in pages of this size; a block stays inside one.
const PAGE_BYTES: u64 = 4096;

/// The instruction that is being lifted, and the block that it goes to.
pub struct Lift<'a> {
    /// The block so far.
    pub b: Builder<'a>,
    /// What the code is lifted under.
    pub mode: Mode,
    /// Address of the instruction, relative to the block's origin.
    pub pc: u64,
    /// Its length in bytes: 2 or 4.
    pub len: u8,
    /// Its bits as fetched; 16 of them if it is compressed.
    pub word: u32,
    /// It writes an `f` register or `fflags`.
    float_written: bool,
    /// It calls a helper after which the block has to end.
    control: bool,
}

impl<'a> Lift<'a> {
    /// Starts a block.
    pub fn new(spec: &'a Spec, key: BlockKey) -> Lift<'a> {
        Lift {
            b: Builder::new(spec, key),
            mode: Mode(key.mode),
            pc: key.pc,
            len: 4,
            word: 0,
            float_written: false,
            control: false,
        }
    }

    /// The address of the instruction behind this one.
    pub fn next_pc(&self) -> u64 {
        self.pc.wrapping_add(u64::from(self.len))
    }

    /// Reads integer register `n`; `x0` is zero.
    pub fn x(&mut self, n: u32) -> Value {
        if n == 0 { self.iconst(0) } else { self.b.get(state::x(n)) }
    }

    /// The low 32 bits of integer register `n`, an `i32`.
    pub fn x32(&mut self, n: u32) -> Value {
        let wide = self.x(n);
        self.b.ireduce(Type::I32, wide)
    }

    /// Writes integer register `n`; writes to `x0` are dropped.
    pub fn set_x(&mut self, n: u32, value: Value) {
        if n != 0 {
            self.b.set(state::x(n), value);
        }
    }

    /// Writes the sign-extended `value` to integer register `n`.
    pub fn set_x_sext(&mut self, n: u32, value: Value) {
        let wide = self.b.sextend(Type::I64, value);
        self.set_x(n, wide);
    }

    /// Writes the zero-extended `value` (a comparison's, say) to register `n`.
    pub fn set_x_uext(&mut self, n: u32, value: Value) {
        let wide = self.b.uextend(Type::I64, value);
        self.set_x(n, wide);
    }

    /// Reads floating-point register `n`, all 64 bits of it.
    pub fn f(&mut self, n: u32) -> Value {
        self.b.get(state::f(n))
    }

    /// Writes floating-point register `n`, all 64 bits of it.
    pub fn set_f(&mut self, n: u32, value: Value) {
        self.float_written = true;
        self.b.set(state::f(n), value);
    }

    /// A 64-bit constant.
    pub fn iconst(&mut self, value: u64) -> Value {
        self.b.iconst(Type::I64, value)
    }

    /// The guest address that is `pc` in this block.
    pub fn code_address(&mut self, pc: u64) -> Value {
        self.b.code_address(pc)
    }

    /// The address of the instruction behind this one, as a value.
    pub fn next_address(&mut self) -> Value {
        let next = self.next_pc();
        self.b.code_address(next)
    }

    /// The address `rs1 + offset`.
    pub fn address(&mut self, rs1: u32, offset: u64) -> Value {
        let base = self.x(rs1);
        if offset == 0 {
            return base;
        }
        let offset = self.iconst(offset);
        self.b.iadd(base, offset)
    }

    /// A plain access in the regime of loads and stores: any alignment (the
    /// machine supports misaligned access), relaxed.
    pub fn access(&self) -> MemAccess {
        MemAccess::plain(self.mode.data_regime())
    }

    /// Calls a helper. If its effects include [`Effects::CONTROL`], the block
    /// ends after this instruction.
    pub fn call(&mut self, helper: HelperId, args: &[Value]) -> Value {
        let decl = self.b.spec().helper(helper);
        self.control |= decl.effects.contains(Effects::CONTROL);
        self.float_written |= matches!(decl.writes, SlotSet::These(slots) if slots.contains(&FFLAGS));
        self.b.call(helper, args)
    }

    /// Ends the block: goes on at `pc`.
    pub fn jump(&mut self, pc: u64) {
        self.b.terminate(Terminator::Jump { pc });
    }

    /// Ends the block: goes on at `taken` if `cond` holds, or else behind this
    /// instruction.
    pub fn branch(&mut self, cond: Value, taken: u64) {
        let other = self.next_pc();
        self.b.terminate(Terminator::Branch { cond, taken, other });
    }

    /// Ends the block: goes on at a computed address.
    pub fn jump_indirect(&mut self, target: Value, hint: Hint) {
        self.b.terminate(Terminator::Indirect { target, hint });
    }

    /// Ends the block: back to the engine, to go on at `pc` (an `i64`).
    pub fn leave(&mut self, reason: Leave, pc: Value) {
        self.b.terminate(Terminator::Leave { reason, pc });
    }

    /// Ends the block: this instruction raises exception `cause`.
    pub fn trap(&mut self, cause: u64, value: Value) {
        self.b.terminate(Terminator::Trap { cause, value });
    }

    /// Ends the block: this instruction is illegal. Its bits are the datum.
    pub fn illegal(&mut self) {
        let bits = self.iconst(u64::from(self.word));
        self.trap(cause::ILLEGAL, bits);
    }

    /// Lifts the instruction `fetched` at [`Lift::next_pc`] of the last one.
    fn insn(&mut self, pc: u64, fetched: Fetched) {
        (self.pc, self.word, self.len) = (pc, fetched.word, fetched.len);
        (self.float_written, self.control) = (false, false);
        self.b.insn(pc);
        match decode::decode(fetched.word) {
            Some(found) if found.set.float && self.mode.fs() == 0 => self.illegal(),
            Some(found) => (found.row.lift)(self, found.op),
            None => self.illegal(),
        }
        if !self.b.is_terminated() {
            self.settle();
        }
    }

    /// What an instruction owes beside its own semantics: the floating-point
    /// unit becomes dirty, which is a change of mode, and control helpers end
    /// the block.
    fn settle(&mut self) {
        let dirties = self.float_written && self.mode.fs() != FS_DIRTY;
        if dirties {
            let status = self.b.get(MSTATUS);
            let dirty = self.iconst(MSTATUS_FS_DIRTY);
            let status = self.b.bor(status, dirty);
            self.b.set(MSTATUS, status);
        }
        if dirties || self.control {
            let next = self.next_address();
            self.leave(Leave::Resume, next);
        }
    }
}

/// An instruction's bits and length.
#[derive(Clone, Copy)]
struct Fetched {
    word: u32,
    len: u8,
}

/// Reads the instruction at `pc`: 16 bits, and 16 more if the low two are set
/// (Unprivileged ISA, §1.5). Longer encodings do not exist yet and come back
/// as 32 bits that nothing decodes.
fn fetch(code: &mut dyn Fetch, pc: u64) -> Result<Fetched, Fault> {
    let low = u32::from(code.fetch16(pc)?);
    if low & 3 != 3 {
        return Ok(Fetched { word: low, len: 2 });
    }
    let high = u32::from(code.fetch16(pc.wrapping_add(2))?);
    Ok(Fetched { word: low | high << 16, len: 4 })
}

/// Lifts the block at `key`: at most `max_insns` instructions (at least one).
///
/// It ends at a control transfer or trap, after an instruction that may change
/// the mode, before an instruction that cannot be fetched, and at the end of
/// the page. An instruction that crosses the page's end is a block of its own.
///
/// # Errors
/// The first instruction cannot be fetched.
pub fn lift_block(spec: &Spec, key: BlockKey, code: &mut dyn Fetch, max_insns: u32) -> Result<Block, Fault> {
    let mut l = Lift::new(spec, key);
    let mut pc = key.pc;
    let mut next = fetch(code, pc)?;
    loop {
        l.insn(pc, next);
        pc = l.next_pc();
        if l.b.is_terminated() {
            break;
        }
        let room = PAGE_BYTES - pc % PAGE_BYTES;
        let new_page = pc / PAGE_BYTES != key.pc / PAGE_BYTES;
        next = match fetch(code, pc) {
            Ok(fetched) if l.b.insns() < max_insns && !new_page && u64::from(fetched.len) <= room => fetched,
            _ => {
                l.jump(pc);
                break;
            }
        };
    }
    Ok(l.b.finish(pc.wrapping_sub(key.pc) as u32))
}
