//! Lifting the instructions on control registers: those that kernels use at
//! each trap become plain IR, the rest calls a helper.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "Zicsr".

use ir::{HelperId, Leave, Value};

use crate::csr::{self, Kind, Update};
use crate::fields::mstatus;
use crate::state::{FFLAGS, FRM, MSTATUS};
use crate::system::call_and_resume;
use crate::{Lift, Op, helpers};

const CSR_READ: HelperId = helpers::id("csr_read");
const CSR_MODIFY: HelperId = helpers::id("csr_modify");

/// mstatus.FS as [`crate::state::Mode::fs`] gives it.
const FS_DIRTY: u32 = 3;

/// What is written, if anything: csrrs and csrrc with x0 or 0 only read.
type Write = Option<(Update, Operand)>;

/// The operand of a write.
#[derive(Clone, Copy)]
enum Operand {
    /// An integer register.
    Register(u32),
    /// An immediate, 0 to 31.
    Immediate(u64),
}

impl Operand {
    fn value(self, l: &mut Lift) -> Value {
        match self {
            Operand::Register(n) => l.x(n),
            Operand::Immediate(value) => l.iconst(value),
        }
    }
}

/// rd = csr; csr = rs1.
pub fn csrrw(l: &mut Lift, op: Op) {
    access(l, op, Some((Update::Write, Operand::Register(op.rs1()))));
}

/// rd = csr; csr |= rs1.
pub fn csrrs(l: &mut Lift, op: Op) {
    access(l, op, masked(op, Update::Set, Operand::Register(op.rs1())));
}

/// rd = csr; csr &= ~rs1.
pub fn csrrc(l: &mut Lift, op: Op) {
    access(l, op, masked(op, Update::Clear, Operand::Register(op.rs1())));
}

/// rd = csr; csr = imm.
pub fn csrrwi(l: &mut Lift, op: Op) {
    access(l, op, Some((Update::Write, Operand::Immediate(op.zimm()))));
}

/// rd = csr; csr |= imm.
pub fn csrrsi(l: &mut Lift, op: Op) {
    access(l, op, masked(op, Update::Set, Operand::Immediate(op.zimm())));
}

/// rd = csr; csr &= ~imm.
pub fn csrrci(l: &mut Lift, op: Op) {
    access(l, op, masked(op, Update::Clear, Operand::Immediate(op.zimm())));
}

/// Zicsr: whether csrrs and csrrc write is told by the field, not its value.
fn masked(op: Op, update: Update, operand: Operand) -> Write {
    (op.rs1() != 0).then_some((update, operand))
}

fn access(l: &mut Lift, op: Op, write: Write) {
    let number = op.csr() as u16;
    let Some(row) = csr::find(number) else { return l.illegal() };
    let too_low = u64::from(l.mode.privilege()) < csr::privilege(number);
    if too_low || write.is_some() && csr::is_read_only(number) {
        return l.illegal();
    }
    match (row.kind, number) {
        (_, csr::FFLAGS | csr::FRM | csr::FCSR) => float(l, op, number, write),
        (_, csr::SSTATUS) => sstatus(l, op, write),
        (Kind::Plain(slot, mask), _) => {
            let old = l.b.get(slot);
            if let Some(new) = updated(l, old, write) {
                let mask = l.iconst(mask);
                let new = l.b.band(new, mask);
                l.b.set(slot, new);
            }
            l.set_x(op.rd(), old);
        }
        _ => general(l, op, write),
    }
}

/// The new value of a register that held `old`.
fn updated(l: &mut Lift, old: Value, write: Write) -> Option<Value> {
    let (update, operand) = write?;
    let operand = operand.value(l);
    Some(match update {
        Update::Write => operand,
        Update::Set => l.b.bor(old, operand),
        Update::Clear => {
            let kept = l.b.bnot(operand);
            l.b.band(old, kept)
        }
    })
}

/// Any register: all checks and effects are the helper's.
fn general(l: &mut Lift, op: Op, write: Write) {
    let word = l.iconst(l.word.into());
    match write {
        None => {
            let old = l.call(CSR_READ, &[word]);
            l.set_x(op.rd(), old);
        }
        Some((_, operand)) => {
            let operand = operand.value(l);
            call_and_resume(l, CSR_MODIFY, &[word, operand]);
        }
    }
}

/// fflags, frm and fcsr (§20.2 there). A write makes the unit dirty: if it is
/// not yet, the mode changes, and the helper does it.
fn float(l: &mut Lift, op: Op, number: u16, write: Write) {
    if l.mode.fs() == 0 {
        return l.illegal();
    }
    if write.is_some() && l.mode.fs() != FS_DIRTY {
        return general(l, op, write);
    }
    let old = match number {
        csr::FFLAGS => l.b.get(FFLAGS),
        csr::FRM => l.b.get(FRM),
        _ => {
            let (mode, flags, shift) = (l.b.get(FRM), l.b.get(FFLAGS), l.iconst(5));
            let mode = l.b.ishl(mode, shift);
            l.b.bor(mode, flags)
        }
    };
    if let Some(new) = updated(l, old, write) {
        if number != csr::FRM {
            let mask = l.iconst(0x1f);
            let flags = l.b.band(new, mask);
            l.b.set(FFLAGS, flags);
        }
        if number != csr::FFLAGS {
            let (shift, mask) = (l.iconst(if number == csr::FCSR { 5 } else { 0 }), l.iconst(7));
            let mode = l.b.ushr(new, shift);
            let mode = l.b.band(mode, mask);
            l.b.set(FRM, mode);
        }
    }
    l.set_x(op.rd(), old);
}

/// sstatus (Privileged ISA, §10.1.1): a write may change the mode or let an
/// interrupt in, so the block ends, unless it only clears SIE.
fn sstatus(l: &mut Lift, op: Op, write: Write) {
    let status = l.b.get(MSTATUS);
    let visible = l.iconst(mstatus::S_VISIBLE);
    let old = l.b.band(status, visible);
    if let Some(new) = updated(l, old, write) {
        let (kept, writable) = (l.iconst(!mstatus::S_WRITABLE), l.iconst(mstatus::S_WRITABLE));
        let (kept, new) = (l.b.band(status, kept), l.b.band(new, writable));
        let new = l.b.bor(kept, new);
        l.b.set(MSTATUS, new);
    }
    // §3.1.6.6: SD says that FS is dirty, which the mode knows.
    let sd = l.iconst(if l.mode.fs() == FS_DIRTY { mstatus::SD } else { 0 });
    let old = l.b.bor(old, sd);
    l.set_x(op.rd(), old);
    let harmless = matches!(write, None | Some((Update::Clear, Operand::Immediate(_))));
    if !harmless {
        let next = l.next_address();
        l.leave(Leave::Resume, next);
    }
}
