//! The System instructions: `mrs`, `msr`, exception return, waiting, and what
//! the `sys` encodings hide. Those on registers that kernels use at each
//! exception become plain IR, the rest calls a helper.
//!
//! Source: Arm ARM, C4.1.92 (encodings), C5.1, C6.2.

use guest::{Env, Fault, Helper, Row, row};
use ir::{Effects, HelperDecl, HelperId, Leave, Slot, SlotSet, Type, Value};

use super::registers::{self, Encoding, Kind, Rights, find, redirect};
use super::syndrome::{self, TO_EL2};
use super::{exception, maintenance, pstate, slots};
use crate::fields::{hcr, pstate as bit, sctlr};
use crate::lift::LiftFn;
use crate::state::{
    C, CURRENT_EL, DAIF, DIT, ELR_EL1, ELR_EL2, FPCR, FPSR, HCR_EL2, N, PAN, SCTLR_EL1, SCTLR_EL2, SPSR_EL1,
    SPSR_EL2, SSBS, UAO, V, Z, x,
};
use crate::{Features, Lift, Op, helpers};

/// System instructions and registers. Letters: `o` op1, `n` CRn, `m` CRm, `p`
/// op2, `t` Rt, `i` immediate.
#[rustfmt::skip]
pub const ROWS: &[Row<LiftFn>] = &[
    row("wfe",  "11010101000000110010 0000 010 11111", wfe as LiftFn),
    row("wfi",  "11010101000000110010 0000 011 11111", wfi),
    row("msr",  "1101010100000 ooo 0100 iiii ppp 11111", msr_immediate),
    row("sys",  "1101010100001 ooo nnnn mmmm ppp ttttt", maintenance::sys),
    row("msr",  "110101010001 L ooo nnnn mmmm ppp ttttt", msr),
    row("sysl", "1101010100101 ooo nnnn mmmm ppp ttttt", sysl),
    row("mrs",  "110101010011 L ooo nnnn mmmm ppp ttttt", mrs),
    row("eret", "1101011010011111000000 11111 00000", eret),
    row("drps", "1101011010111111000000 11111 00000", drps),
];

const MRS: HelperId = helpers::id("mrs");
const MRS_CHIP: HelperId = helpers::id("mrs_chip");
const MSR: HelperId = helpers::id("msr");
const COUNT: HelperId = helpers::id("virtual_count");
const RANDOM: HelperId = helpers::id("random");
const CHECK_MASKS: HelperId = helpers::id("check_masks");
const SELECT_STACK: HelperId = helpers::id("select_stack");
const WAIT: HelperId = helpers::id("wait");
const ERET: HelperId = helpers::id("eret");

/// What waiting depends on.
const WAIT_READS: &[Slot] = &[CURRENT_EL, HCR_EL2, SCTLR_EL1, SCTLR_EL2, slots::HAS_EL2];

/// What exception return reads.
const RETURN_READS: &[Slot] = &{
    const MORE: [Slot; 7] =
        [SPSR_EL1, SPSR_EL2, HCR_EL2, slots::HAS_EL2, slots::MODEL, slots::MDSCR_EL1, slots::OS_LOCK];
    let mut all = [N; pstate::SLOTS.len() + MORE.len()];
    let mut i = 0;
    while i < all.len() {
        let own = pstate::SLOTS.len();
        all[i] = if i < own { pstate::SLOTS[i] } else { MORE[i - own] };
        i += 1;
    }
    all
};

/// What the virtual count depends on.
const COUNT_READS: &[Slot] = &[
    CURRENT_EL,
    HCR_EL2,
    slots::HAS_EL2,
    slots::CNTVOFF_EL2,
    slots::CNTKCTL_EL1,
    slots::CNTHCTL_EL2,
    slots::MODEL,
];

const fn helper(
    name: &'static str,
    (args, returns): (u8, bool),
    (reads, writes): (SlotSet, SlotSet),
    effects: Effects,
    run: guest::HelperFn,
) -> Helper {
    Helper { decl: HelperDecl { name, args, returns, reads, writes, effects, inline: &[] }, run }
}

const FAULT: Effects = Effects::FAULT;
const CONTROL: Effects = Effects::CONTROL;
const OBSERVE: Effects = Effects::OBSERVE;
const MEMORY: Effects = Effects::MEMORY;

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[
    helper("mrs", (1, true), (SlotSet::All, SlotSet::NONE), FAULT.union(OBSERVE), read_register),
    helper(
        "mrs_chip",
        (1, false),
        (SlotSet::All, SlotSet::All),
        FAULT.union(OBSERVE).union(MEMORY).union(CONTROL),
        read_chip,
    ),
    helper(
        "msr",
        (2, false),
        (SlotSet::All, SlotSet::All),
        FAULT.union(OBSERVE).union(MEMORY).union(CONTROL),
        write_register,
    ),
    helper(
        "virtual_count",
        (1, true),
        (SlotSet::These(COUNT_READS), SlotSet::NONE),
        FAULT.union(OBSERVE),
        read_register,
    ),
    helper(
        "random",
        (0, true),
        (SlotSet::These(&[slots::RANDOM]), SlotSet::These(&[slots::RANDOM])),
        Effects::empty(),
        |env, _| Ok(registers::random_number(env.cpu)),
    ),
    helper(
        "select_stack",
        (1, false),
        (SlotSet::These(pstate::SLOTS), SlotSet::These(pstate::SLOTS)),
        CONTROL,
        select_stack,
    ),
    helper(
        "check_masks",
        (1, false),
        (SlotSet::These(WAIT_READS), SlotSet::NONE),
        FAULT,
        |env, [word, ..]| registers::check_masks(env.cpu, word as u32).map(|()| 0),
    ),
    helper("wait", (0, false), (SlotSet::These(WAIT_READS), SlotSet::NONE), FAULT, wait),
    helper(
        "eret",
        (1, true),
        (SlotSet::These(RETURN_READS), SlotSet::These(pstate::SLOTS)),
        CONTROL,
        return_from_exception,
    ),
];

fn read_register(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    registers::read(env, word as u32)
}

fn read_chip(env: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let value = registers::read(env, word as u32)?;
    let target = word as u32 & 0x1f;
    if target != 31 {
        env.cpu.set(x(target), value);
    }
    env.requests.resample = true;
    Ok(0)
}

fn write_register(env: &mut Env<'_>, [word, value, ..]: [u64; 4]) -> Result<u64, Fault> {
    registers::write(env, word as u32, value).map(|()| 0)
}

fn select_stack(env: &mut Env<'_>, [own, ..]: [u64; 4]) -> Result<u64, Fault> {
    pstate::select(env.cpu, env.cpu.get(CURRENT_EL), own);
    Ok(0)
}

/// Whether `wfi` traps (C6.2.450).
fn wait(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    let (el, hcr) = (env.cpu.get(CURRENT_EL), env.cpu.get(HCR_EL2));
    let both = hcr::E2H | hcr::TGE;
    let control = env.cpu.get(if hcr & both == both { SCTLR_EL2 } else { SCTLR_EL1 });
    let cause = syndrome::wait();
    if el == 0 && control & sctlr::NTWI == 0 {
        return Err(Fault { cause, value: 0 });
    }
    if el < 2 && env.cpu.get(slots::HAS_EL2) != 0 && hcr & hcr::TWI != 0 && hcr & both != both {
        return Err(Fault { cause: cause | TO_EL2, value: 0 });
    }
    Ok(0)
}

fn return_from_exception(env: &mut Env<'_>, [link, ..]: [u64; 4]) -> Result<u64, Fault> {
    env.requests.drop_reservation = true;
    Ok(exception::return_from(env.cpu, link))
}

/// C6.2.450: waits for an interrupt.
fn wfi(l: &mut Lift, _: Op) {
    l.call(WAIT, &[]);
    l.leave_to_next(Leave::Idle);
}

/// C6.2.447: waits for an event. The event register is always set, so it goes on, and
/// there is no wait that could trap.
fn wfe(_: &mut Lift, _: Op) {}

/// C6.2.126: back to where an exception came from.
fn eret(l: &mut Lift, _: Op) {
    let Some(link) = link_register(l) else { return l.undefined() };
    let link = l.b.get(link);
    return_to(l, link);
}

/// The register with the address that an exception is returned from to; `None` at EL0.
pub(crate) fn link_register(l: &Lift) -> Option<Slot> {
    match l.mode.el() {
        0 => None,
        1 => Some(ELR_EL1),
        _ => Some(ELR_EL2),
    }
}

/// Ends the block: returns from an exception, to go on at `link`.
pub(crate) fn return_to(l: &mut Lift, link: Value) {
    let target = l.call(ERET, &[link]);
    l.leave(Leave::Resume, target);
}

/// C6.2.115: leaves debug state, in which a CPU never is here.
fn drps(l: &mut Lift, _: Op) {
    l.undefined();
}

/// No instruction with a result is implemented.
fn sysl(l: &mut Lift, _: Op) {
    l.undefined();
}

/// C6.2.234: a part of PSTATE from an immediate.
fn msr_immediate(l: &mut Lift, op: Op) {
    let (op1, op2, imm) = (op.bits(18, 16), op.bits(7, 5), u64::from(op.bits(11, 8)));
    let el = l.mode.el();
    let flag = |bits: u64| if imm & 1 != 0 { bits } else { 0 };
    let (slot, value, features) = match (op1, op2) {
        (0, 5) if el > 0 => {
            let own = l.i64(imm & 1);
            l.call(SELECT_STACK, &[own]);
            return;
        }
        (0, 4) if el > 0 => (PAN, flag(bit::PAN), Features::PAN),
        (0, 3) if el > 0 => (UAO, flag(bit::UAO), Features::UAO),
        (3, 1) => (SSBS, flag(bit::SSBS), Features::SSBS),
        (3, 2) => (DIT, flag(bit::DIT), Features::DIT),
        (3, 6 | 7) => return change_masks(l, op2 == 6, imm << 6),
        _ => return l.undefined(),
    };
    if !l.features.contains(features) {
        return l.undefined();
    }
    let value = l.i64(value);
    l.b.set(slot, value);
    if slot == PAN {
        l.leave_to_next(Leave::Resume);
    }
}

/// DAIFSet and DAIFClr. Only the latter may let an interrupt in.
fn change_masks(l: &mut Lift, set: bool, bits: u64) {
    if l.mode.el() == 0 {
        check_masks(l);
    }
    let old = l.b.get(DAIF);
    let mask = l.i64(if set { bits } else { !bits });
    let new = if set { l.b.bor(old, mask) } else { l.b.band(old, mask) };
    l.b.set(DAIF, new);
    if !set {
        l.leave_to_next(Leave::Resume);
    }
}

/// EL0 may change its masks if SCTLR_ELx.UMA says so; if not, it traps as the
/// instruction that it is, which reading DAIF would do too.
fn check_masks(l: &mut Lift) {
    let word = l.i64(u64::from(l.word));
    l.call(CHECK_MASKS, &[word]);
}

/// C6.2.229: a register to a general-purpose one.
fn mrs(l: &mut Lift, op: Op) {
    let Some(at) = meaning(l, op) else { return l.undefined() };
    if let Some(value) = read_part(l, at) {
        return l.set_reg(op.rt(), value);
    }
    if l.b.is_terminated() {
        return;
    }
    let word = l.i64(u64::from(l.word));
    let row = find(at);
    let value = match row.map(|row| row.kind) {
        _ if at == COUNTER => l.call(COUNT, &[word]),
        _ if is_random(l, at) => return random(l, op),
        // It writes the register itself, as nothing may follow it.
        Some(Kind::Chip(..)) => {
            l.call(MRS_CHIP, &[word]);
            return;
        }
        Some(Kind::Plain(slot, _) | Kind::Mode(slot, _) | Kind::Watched(slot, _)) if is_open(l, at) => {
            row.map(|row| l.b.get(registers::slot_of(row, slot, at))).unwrap_or(word)
        }
        _ => l.call(MRS, &[word]),
    };
    l.set_reg(op.rt(), value);
}

/// C6.2.235: a general-purpose register to another one.
fn msr(l: &mut Lift, op: Op) {
    let Some(at) = meaning(l, op) else { return l.undefined() };
    let value = l.x(op.rt());
    if write_part(l, at, value) || l.b.is_terminated() {
        return;
    }
    if let Some(row) = find(at)
        && is_open(l, at)
        && l.mode.el() >= row.writer as u32
        && let Kind::Plain(slot, mask) | Kind::Mode(slot, mask) = row.kind
    {
        let mask = l.i64(mask);
        let value = l.b.band(value, mask);
        l.b.set(registers::slot_of(row, slot, at), value);
        if matches!(row.kind, Kind::Mode(..)) {
            l.leave_to_next(Leave::Resume);
        }
        return;
    }
    let word = l.i64(u64::from(l.word));
    l.call(MSR, &[word, value]);
}

/// The register that an instruction means in this mode.
fn meaning(l: &Lift, op: Op) -> Option<Encoding> {
    redirect(Encoding::of(op.0), l.mode.el().into(), l.mode.is_host())
}

/// Whether a register can be read and written here without asking more: nothing
/// traps, and its own conditions are those of traps.
fn is_open(l: &Lift, at: Encoding) -> bool {
    let Some(row) = find(at) else { return false };
    let allowed = u64::from(l.mode.el()) >= at.lowest_level() && row.rights == Rights::ReadWrite;
    allowed && row.gate.is_open(l.mode.registers_trap()) && l.features.contains(row.features)
}

/// CNTVCT_EL0.
const COUNTER: Encoding = Encoding::new(3, 3, 14, 0, 2);

fn is_random(l: &Lift, at: Encoding) -> bool {
    at.0 & !1 == Encoding::new(3, 3, 2, 4, 0).0 && l.features.contains(Features::RNG)
}

/// RNDR and RNDRRS: a number, and flags that say so (K1.2): NZCV is 0b0000.
fn random(l: &mut Lift, op: Op) {
    let value = l.call(RANDOM, &[]);
    l.set_reg(op.rt(), value);
    let zero = l.i64(0);
    set_flags(l, zero);
}

/// The registers of PSTATE and of floating point, where plain IR says what they
/// are. `None` leaves it to the others, or has terminated the block.
fn read_part(l: &mut Lift, at: Encoding) -> Option<Value> {
    let el = l.mode.el();
    match (at.op1(), at.crm(), at.op2()) {
        _ if at.op0() != 3 || at.crn() != 4 => None,
        (0, 2, 2) if el > 0 => Some(l.i64(u64::from(el) << bit::EL_SHIFT)),
        (3, 2, 0) => Some(flags(l)),
        (3, 2, 1) if el > 0 => Some(l.b.get(DAIF)),
        (3, 4, 0 | 1) => {
            if l.mode.fp_trapped() {
                l.fp_access_trap();
                return None;
            }
            Some(l.b.get(if at.op2() == 0 { FPCR } else { FPSR }))
        }
        _ => None,
    }
}

/// The same for writes; tells whether it was one of these.
fn write_part(l: &mut Lift, at: Encoding, value: Value) -> bool {
    let el = l.mode.el();
    match (at.op1(), at.crm(), at.op2()) {
        _ if at.op0() != 3 || at.crn() != 4 => return false,
        (3, 2, 0) => set_flags(l, value),
        (3, 2, 1) if el > 0 => {
            let mask = l.i64(bit::DAIF);
            let value = l.b.band(value, mask);
            l.b.set(DAIF, value);
            l.leave_to_next(Leave::Resume);
        }
        (3, 4, 0 | 1) => {
            if l.mode.fp_trapped() {
                l.fp_access_trap();
                return false;
            }
            let (slot, bits) = if at.op2() == 0 {
                (FPCR, registers::fpcr_bits(l.features))
            } else {
                (FPSR, registers::FPSR_BITS)
            };
            let mask = l.i64(bits);
            let value = l.b.band(value, mask);
            l.b.set(slot, value);
        }
        _ => return false,
    }
    true
}

/// NZCV as the register has it.
fn flags(l: &mut Lift) -> Value {
    let mut all = l.i64(0);
    for (slot, shift) in [(N, 31), (Z, 30), (C, 29), (V, 28)] {
        let flag = l.b.get(slot);
        let flag = l.b.uextend(Type::I64, flag);
        let shift = l.i64(shift);
        let flag = l.b.ishl(flag, shift);
        all = l.b.bor(all, flag);
    }
    all
}

/// Sets the flags from a value as NZCV has them.
fn set_flags(l: &mut Lift, value: Value) {
    l.compared = None;
    for (slot, shift) in [(N, 31), (Z, 30), (C, 29), (V, 28)] {
        let shift = l.i64(shift);
        let flag = l.b.ushr(value, shift);
        let one = l.i64(1);
        let flag = l.b.band(flag, one);
        let flag = l.b.ireduce(Type::I8, flag);
        l.b.set(slot, flag);
    }
}
