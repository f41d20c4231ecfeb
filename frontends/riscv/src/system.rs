//! The SYSTEM opcode: environment calls, trap returns, wfi, fences of
//! translations and code, and the instructions on control registers.
//!
//! Sources: RISC-V Privileged ISA (20240411), §3.3 and §10.2, chapter
//! "Svinval"; Unprivileged ISA (20240411), §2.8, chapters "Zifencei" and
//! "Zicsr".

use guest::{Env, Fault, Helper, Row, row};
use ir::{Effects, HelperDecl, HelperId, Leave, SlotSet, Value};

use crate::csr::{self, Illegal, Update};
use crate::fields::{exception, mstatus, privilege};
use crate::lift::LiftFn;
use crate::state::{CONTROL_SLOTS, MEPC, MSTATUS, PRIV, SEPC, x};
use crate::system_csr::{csrrc, csrrci, csrrs, csrrsi, csrrw, csrrwi};
use crate::{Lift, Op, helpers, mmu, trap};

/// Rows in the order of the instruction listings. Letters: `d` rd, `s` rs1,
/// `t` rs2, `c` register number, `i` immediate.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("fence.i", "iiiiiiiiiiii sssss 001 ddddd 0001111", fence_i as LiftFn),

    row("csrrw",   "cccccccccccc sssss 001 ddddd 1110011", csrrw),
    row("csrrs",   "cccccccccccc sssss 010 ddddd 1110011", csrrs),
    row("csrrc",   "cccccccccccc sssss 011 ddddd 1110011", csrrc),
    row("csrrwi",  "cccccccccccc iiiii 101 ddddd 1110011", csrrwi),
    row("csrrsi",  "cccccccccccc iiiii 110 ddddd 1110011", csrrsi),
    row("csrrci",  "cccccccccccc iiiii 111 ddddd 1110011", csrrci),

    row("ecall",   "000000000000 00000 000 00000 1110011", ecall),
    row("ebreak",  "000000000001 00000 000 00000 1110011", ebreak),
    row("sret",    "000100000010 00000 000 00000 1110011", sret),
    row("mret",    "001100000010 00000 000 00000 1110011", mret),
    row("wfi",     "000100000101 00000 000 00000 1110011", wfi),

    row("sfence.vma",      "0001001 ttttt sssss 000 00000 1110011", sfence_vma),
    row("sinval.vma",      "0001011 ttttt sssss 000 00000 1110011", sfence_vma),
    row("sfence.w.inval",  "0001100 00000 00000 000 00000 1110011", sfence_inval),
    row("sfence.inval.ir", "0001100 00001 00000 000 00000 1110011", sfence_inval),
];

const MRET: HelperId = helpers::id("mret");
const SRET: HelperId = helpers::id("sret");
const WFI: HelperId = helpers::id("wfi");
const SFENCE_VMA: HelperId = helpers::id("sfence_vma");

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[
    Helper {
        decl: HelperDecl {
            name: "csr_read",
            args: 1,
            returns: true,
            reads: SlotSet::These(CONTROL_SLOTS),
            writes: SlotSet::NONE,
            effects: Effects::FAULT.union(Effects::OBSERVE),
            inline: &[],
        },
        run: csr_read,
    },
    Helper {
        decl: HelperDecl {
            name: "csr_modify",
            args: 2,
            returns: false,
            reads: SlotSet::All,
            writes: SlotSet::All,
            effects: Effects::FAULT.union(Effects::OBSERVE).union(Effects::CONTROL),
            inline: &[],
        },
        run: csr_modify,
    },
    Helper {
        decl: HelperDecl {
            name: "mret",
            args: 1,
            returns: true,
            reads: SlotSet::These(&[PRIV, MSTATUS, MEPC]),
            writes: SlotSet::These(&[PRIV, MSTATUS]),
            effects: Effects::FAULT.union(Effects::CONTROL),
            inline: &[],
        },
        run: return_from_m,
    },
    Helper {
        decl: HelperDecl {
            name: "sret",
            args: 1,
            returns: true,
            reads: SlotSet::These(&[PRIV, MSTATUS, SEPC]),
            writes: SlotSet::These(&[PRIV, MSTATUS]),
            effects: Effects::FAULT.union(Effects::CONTROL),
            inline: &[],
        },
        run: return_from_s,
    },
    Helper {
        decl: HelperDecl {
            name: "wfi",
            args: 1,
            returns: false,
            reads: SlotSet::These(&[PRIV, MSTATUS]),
            writes: SlotSet::NONE,
            effects: Effects::FAULT,
            inline: &[],
        },
        run: check_wfi,
    },
    Helper {
        decl: HelperDecl {
            name: "sfence_vma",
            args: 3,
            returns: false,
            reads: SlotSet::These(&[PRIV, MSTATUS]),
            writes: SlotSet::NONE,
            effects: Effects::FAULT.union(Effects::CONTROL),
            inline: &[],
        },
        run: forget_translations,
    },
];

/// The fault of an instruction with these bits.
fn illegal(word: u64) -> Fault {
    Fault { cause: exception::ILLEGAL, value: word }
}

/// Reads the register that the instruction `word` names.
fn csr_read(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let number = Op(word as u32).csr() as u16;
    csr::read(env, number).map_err(|Illegal| illegal(word))
}

/// Reads and writes the register that the instruction `word` names, and gives
/// rd what it held.
fn csr_modify(env: &mut Env<'_>, [word, operand, ..]: [u64; 4]) -> Result<u64, Fault> {
    let op = Op(word as u32);
    let update = match op.funct3() & 3 {
        1 => Update::Write,
        2 => Update::Set,
        _ => Update::Clear,
    };
    let old = csr::modify(env, op.csr() as u16, update, operand).map_err(|Illegal| illegal(word))?;
    if op.rd() != 0 {
        env.cpu.set(x(op.rd()), old);
    }
    Ok(0)
}

fn return_from_m(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    if env.cpu.get(PRIV) != privilege::M {
        return Err(illegal(word));
    }
    env.requests.drop_reservation = true;
    Ok(trap::return_m(env.cpu))
}

/// §3.1.6.5: with TSR, sret is illegal in S.
fn return_from_s(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    if !allowed(env, mstatus::TSR) {
        return Err(illegal(word));
    }
    env.requests.drop_reservation = true;
    Ok(trap::return_s(env.cpu))
}

/// §3.1.6.5: with TW, wfi is illegal below M, as its time limit is none.
fn check_wfi(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    if allowed(env, mstatus::TW) { Ok(0) } else { Err(illegal(word)) }
}

/// §10.2.1: all translations, or, if rs1 is not x0, those of the page at
/// `address`, and, if rs2 is not x0, those of the space `asid`.
fn forget_translations(env: &mut Env<'_>, [word, address, asid, ..]: [u64; 4]) -> Result<u64, Fault> {
    if !allowed(env, mstatus::TVM) {
        return Err(illegal(word));
    }
    let op = Op(word as u32);
    let named = |register: u32, value: u64| (register != 0).then_some(value);
    env.requests.flush = Some(mmu::fence(named(op.rs1(), address), named(op.rs2(), asid)));
    Ok(0)
}

/// M may; S may unless mstatus has the `forbidden` bit; U may not.
fn allowed(env: &Env<'_>, forbidden: u64) -> bool {
    match env.cpu.get(PRIV) {
        privilege::M => true,
        privilege::S => env.cpu.get(MSTATUS) & forbidden == 0,
        _ => false,
    }
}

/// Zifencei: fetches see all earlier stores. They do anyway, from the next
/// block on.
fn fence_i(l: &mut Lift, _: Op) {
    let next = l.next_address();
    l.leave(Leave::Resume, next);
}

/// §3.3.1: the environment-call exception of the mode. If the machine plays
/// the firmware, a call from S leaves to it; the pc is then that of the next
/// instruction, where the caller goes on.
fn ecall(l: &mut Lift, _: Op) {
    let from = l.mode.privilege();
    if from == 1 && l.mode.firmware() {
        let next = l.next_address();
        return l.leave(Leave::Firmware, next);
    }
    let zero = l.iconst(0);
    l.trap(exception::ECALL_FROM_U + u64::from(from), zero);
}

/// §3.3.1: the breakpoint exception, with the instruction's own address.
pub fn ebreak(l: &mut Lift, _: Op) {
    let pc = l.code_address(l.pc);
    l.trap(exception::BREAKPOINT, pc);
}

/// §3.3.2: back to where a trap into S came from.
fn sret(l: &mut Lift, _: Op) {
    trap_return(l, SRET);
}

/// §3.3.2: back to where a trap into M came from.
fn mret(l: &mut Lift, _: Op) {
    trap_return(l, MRET);
}

fn trap_return(l: &mut Lift, helper: HelperId) {
    let word = l.iconst(l.word.into());
    let target = l.call(helper, &[word]);
    l.leave(Leave::Resume, target);
}

/// §3.3.3: waits for an interrupt.
fn wfi(l: &mut Lift, _: Op) {
    let word = l.iconst(l.word.into());
    l.call(WFI, &[word]);
    let next = l.next_address();
    l.leave(Leave::Idle, next);
}

/// §10.2.1, and Svinval's sinval.vma, which may do as much at once.
fn sfence_vma(l: &mut Lift, op: Op) {
    let (word, address, asid) = (l.iconst(l.word.into()), l.x(op.rs1()), l.x(op.rs2()));
    call_and_resume(l, SFENCE_VMA, &[word, address, asid]);
}

/// Calls a helper after which the engine has to look again.
pub fn call_and_resume(l: &mut Lift, helper: HelperId, args: &[Value]) {
    let next = l.next_address();
    l.call(helper, args);
    l.leave(Leave::Resume, next);
}

/// Svinval: sfence.w.inval and sfence.inval.ir have nothing left to order, but
/// are illegal in U.
fn sfence_inval(l: &mut Lift, _: Op) {
    if l.mode.privilege() == 0 {
        l.illegal();
    }
}
