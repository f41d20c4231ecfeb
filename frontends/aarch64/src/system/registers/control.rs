//! Registers whose writes reach further than their slot: translation, the
//! hypervisor's configuration, PSTATE.
//!
//! Source: Arm ARM, D24.2; D8.16 for what may be kept in TLBs.

use guest::{CpuState, Env, Flush};
use ir::Slot;

use super::{Encoding, find};
use crate::fields::{hcr, pstate as bit};
use crate::state::{C, CURRENT_EL, DAIF, DIT, FPCR, FPSR, HCR_EL2, N, PAN, SPSEL, SSBS, UAO, V, Z};
use crate::system::pstate;
use crate::system::registers::Kind;
use crate::system::slots::{HAS_EL2, MODEL, PAR_EL1};
use crate::{Features, Model};

/// A register that only a function writes.
pub fn ignore(_: &mut Env<'_>, _: Encoding, _: u64) {}

/// Reads as zero.
pub fn zero(_: &Env<'_>, _: Encoding) -> u64 {
    0
}

/// A register that translation depends on: all is forgotten if it changes. The
/// manual lets TLBs keep such fields until they are maintained; software that
/// switches translation on or off does not maintain them.
pub fn write_translation(env: &mut Env<'_>, at: Encoding, value: u64) {
    let Some(Kind::Watched(slot, _)) = find(at).map(|row| row.kind) else { return };
    if env.cpu.get(slot) != value {
        env.cpu.set(slot, value);
        env.requests.flush = Some(Flush::ALL);
    }
}

/// HCR_EL2. RW reads as one, as EL1 is AArch64.
pub fn write_hypervisor(env: &mut Env<'_>, _: Encoding, value: u64) {
    let old = env.cpu.get(HCR_EL2);
    let new = value | hcr::RW;
    env.cpu.set(HCR_EL2, new);
    let translation = hcr::VM | hcr::DC | hcr::E2H | if new & hcr::E2H == 0 { hcr::TGE } else { 0 };
    if (old ^ new) & translation != 0 {
        env.requests.flush = Some(Flush::ALL);
    }
    env.requests.resample = true;
}

/// PAR_EL1.
pub fn write_par(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(PAR_EL1, value);
}

/// CurrentEL.
pub fn current_level(cpu: &CpuState) -> u64 {
    cpu.get(CURRENT_EL) << bit::EL_SHIFT
}

/// NZCV.
pub fn read_flags(env: &Env<'_>, _: Encoding) -> u64 {
    pstate::read(env.cpu) & (bit::N | bit::Z | bit::C | bit::V)
}

/// NZCV.
pub fn write_flags(env: &mut Env<'_>, _: Encoding, value: u64) {
    for (slot, shift) in [(N, 31), (Z, 30), (C, 29), (V, 28)] {
        env.cpu.set(slot, value >> shift & 1);
    }
}

/// The slot and the bits of a part of PSTATE that has a register.
fn part(at: Encoding) -> (Slot, u64) {
    match (at.op1(), at.op2()) {
        (0, 3) => (PAN, bit::PAN),
        (0, 4) => (UAO, bit::UAO),
        (3, 5) => (DIT, bit::DIT),
        (3, 6) => (SSBS, bit::SSBS),
        _ => (DAIF, bit::DAIF),
    }
}

/// DAIF, PAN, UAO, DIT and SSBS.
pub fn read_part(env: &Env<'_>, at: Encoding) -> u64 {
    env.cpu.get(part(at).0)
}

/// DAIF, PAN, UAO, DIT and SSBS.
pub fn write_part(env: &mut Env<'_>, at: Encoding, value: u64) {
    let (slot, bits) = part(at);
    env.cpu.set(slot, value & bits);
}

/// SPSel.
pub fn read_stack_choice(env: &Env<'_>, _: Encoding) -> u64 {
    env.cpu.get(SPSEL)
}

/// SPSel: another stack pointer is live from now on.
pub fn write_stack_choice(env: &mut Env<'_>, _: Encoding, value: u64) {
    let el = env.cpu.get(CURRENT_EL);
    pstate::select(env.cpu, el, value & 1);
}

/// ISR_EL1: what is pending, at the bits of SPSR: for EL1 under a hypervisor
/// that takes interrupts itself, the virtual ones.
pub fn pending(cpu: &CpuState) -> u64 {
    let hcr = cpu.get(HCR_EL2);
    let pins = cpu.get(crate::state::PINS);
    let guest = cpu.get(HAS_EL2) != 0 && cpu.get(CURRENT_EL) == 1;
    let level = |route: u64, virtual_bit: u64, pin: u32| {
        if guest && hcr & route != 0 {
            hcr & virtual_bit != 0 || pins >> (pin + 2) & 1 != 0
        } else {
            pins >> pin & 1 != 0
        }
    };
    let irq = if level(hcr::IMO, hcr::VI, 0) { bit::I } else { 0 };
    let fiq = if level(hcr::FMO, hcr::VF, 1) { bit::F } else { 0 };
    irq | fiq
}

/// FPCR: which bits there are; with half precision, FZ16 too.
pub const fn fpcr_bits(features: Features) -> u64 {
    0x07c0_0000 | if features.contains(Features::FP16) { 1 << 19 } else { 0 }
}

/// FPSR: cumulative exceptions and saturation.
pub const FPSR_BITS: u64 = 0x0800_009f;

/// FPCR.
pub fn write_fpcr(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(FPCR, value & fpcr_bits(Model::of(env.cpu.get(MODEL)).features()));
}

/// FPSR.
pub fn write_fpsr(env: &mut Env<'_>, _: Encoding, value: u64) {
    env.cpu.set(FPSR, value & FPSR_BITS);
}
