//! PSTATE: as SPSR holds it, and what instructions do to its parts.
//!
//! Source: Arm ARM, C5.2.19 (SPSR_EL1), D1.3.2 (what an exception changes).

use guest::CpuState;
use ir::Slot;

use super::debug;
use super::slots::{IL, MDSCR_EL1, MODEL, SS, STEPPED};
use crate::fields::{hcr, mdscr, pstate as bit, sctlr};
use crate::state::{
    BRANCH_TARGET, C, CURRENT_EL, DAIF, DIT, HCR_EL2, N, PAN, PC, SCTLR_EL1, SCTLR_EL2, SP, SP_EL0, SP_EL1,
    SP_EL2, SPSEL, SSBS, UAO, V, Z,
};
use crate::{Features, Model};

/// The flags, and where SPSR has them.
const FLAGS: [(Slot, u32); 4] = [(N, 31), (Z, 30), (C, 29), (V, 28)];

/// The slots that hold their bits where SPSR has them.
const FIELDS: [(Slot, u64); 7] = [
    (DIT, bit::DIT),
    (UAO, bit::UAO),
    (PAN, bit::PAN),
    (SS, bit::SS),
    (IL, bit::IL),
    (SSBS, bit::SSBS),
    (DAIF, bit::DAIF),
];

/// All slots that PSTATE and the stack pointers are in.
pub const SLOTS: &[Slot] = &[
    N,
    Z,
    C,
    V,
    DIT,
    UAO,
    PAN,
    SS,
    IL,
    STEPPED,
    SSBS,
    BRANCH_TARGET,
    DAIF,
    CURRENT_EL,
    SPSEL,
    SP,
    SP_EL0,
    SP_EL1,
    SP_EL2,
];

/// PSTATE as SPSR holds it.
pub fn read(cpu: &CpuState) -> u64 {
    let flags = FLAGS.iter().fold(0, |all, (slot, shift)| all | cpu.get(*slot) << shift);
    let fields = FIELDS.iter().fold(flags, |all, (slot, _)| all | cpu.get(*slot));
    let branch = branch_type(cpu) << bit::BTYPE_SHIFT;
    fields | branch | cpu.get(CURRENT_EL) << bit::EL_SHIFT | cpu.get(SPSEL)
}

/// PSTATE.BTYPE: how the pc was come to, 0 but behind a branch that has a type. Such a
/// branch notes its target and its type, and nobody has to take the note back: it holds
/// for its target alone. So for code that comes to that place again by another way
/// the type seems to be the old one, but then it is one that the place has let in.
pub fn branch_type(cpu: &CpuState) -> u64 {
    let note = cpu.get(BRANCH_TARGET);
    if note & !3 == cpu.get(PC) & !3 { note & 3 } else { 0 }
}

/// What of SPSR's bits the model has.
fn implemented(model: Model) -> u64 {
    let optional = [
        (Features::DIT, bit::DIT),
        (Features::UAO, bit::UAO),
        (Features::PAN, bit::PAN),
        (Features::SSBS, bit::SSBS),
    ];
    let has = optional.into_iter().filter(|(feature, _)| model.has(*feature));
    has.fold(bit::SS | bit::IL | bit::DAIF, |all, (_, bits)| all | bits)
}

/// Writes all of PSTATE but the exception level and the choice of stack pointer,
/// as a return to that level and to address `link` does.
pub fn write(cpu: &mut CpuState, spsr: u64, link: u64) {
    let model = Model::of(cpu.get(MODEL));
    let keep = implemented(model);
    let branch = if model.has(Features::BTI) { spsr >> bit::BTYPE_SHIFT & 3 } else { 0 };
    cpu.set(BRANCH_TARGET, if branch == 0 { 0 } else { link & !3 | branch });
    for (slot, shift) in FLAGS {
        cpu.set(slot, spsr >> shift & 1);
    }
    for (slot, bits) in FIELDS {
        cpu.set(slot, spsr & bits & keep);
    }
    cpu.set(STEPPED, 0);
    if !steps(cpu) {
        cpu.set(SS, 0);
    }
}

/// Whether software step is on at this level (D2.12.2).
pub fn steps(cpu: &CpuState) -> bool {
    cpu.get(MDSCR_EL1) & mdscr::SS != 0 && debug::is_enabled(cpu, cpu.get(CURRENT_EL))
}

/// The slot that holds a stack pointer while another is selected.
const fn stack(el: u64, own: u64) -> Slot {
    match (el, own) {
        (0, _) | (_, 0) => SP_EL0,
        (1, _) => SP_EL1,
        _ => SP_EL2,
    }
}

/// Changes the exception level and the stack pointer that is selected.
pub fn select(cpu: &mut CpuState, el: u64, own: u64) {
    let old = stack(cpu.get(CURRENT_EL), cpu.get(SPSEL));
    cpu.set(old, cpu.get(SP));
    cpu.set(SP, cpu.get(stack(el, own)));
    cpu.set(CURRENT_EL, el);
    cpu.set(SPSEL, own);
}

/// What an exception taken to level `to` makes of PSTATE (D1.3.2).
pub fn enter(cpu: &mut CpuState, to: u64) {
    let (model, hcr) = (Model::of(cpu.get(MODEL)), cpu.get(HCR_EL2));
    let host = hcr & (hcr::E2H | hcr::TGE) == hcr::E2H | hcr::TGE;
    let control = cpu.get(if to == 2 { SCTLR_EL2 } else { SCTLR_EL1 });
    select(cpu, to, 1);
    if model.has(Features::PAN) && (to == 1 || host) && control & sctlr::SPAN == 0 {
        cpu.set(PAN, bit::PAN);
    }
    if model.has(Features::SSBS) {
        cpu.set(SSBS, if control & sctlr::DSSBS != 0 { bit::SSBS } else { 0 });
    }
    for (slot, value) in [(UAO, 0), (SS, 0), (IL, 0), (BRANCH_TARGET, 0), (DAIF, bit::DAIF)] {
        cpu.set(slot, value);
    }
}
