//! Identification registers: what the model tells of itself, which is what it
//! has. There is no AArch32, so the registers that describe it are zero.
//!
//! Sources: Arm ARM, D24.2 (ID_AA64…); Arm Cortex-A57 Technical Reference
//! Manual (DDI 0488H), chapter 4, for that model's values.

use guest::CpuState;

use crate::fields::sctlr;
use crate::state::{CURRENT_EL, MPIDR_EL1};
use crate::system::registers::gate::control_of_el0;
use crate::system::slots::{CSSELR_EL1, GIC_REGISTERS, HAS_EL2, MODEL, VMPIDR_EL2, VPIDR_EL2};
use crate::{Features, Model};

fn model(cpu: &CpuState) -> Model {
    Model::of(cpu.get(MODEL))
}

/// Fields of four bits: those of the features that the model has.
fn fields(model: Model, rows: &[(Features, u32, u64)]) -> u64 {
    let has = rows.iter().filter(|(feature, ..)| model.has(*feature));
    has.fold(0, |all, (_, shift, value)| all | value << shift)
}

/// MIDR_EL1 as the hardware has it.
pub const fn main_id(model: Model) -> u64 {
    match model {
        Model::CortexA57 => 0x411f_d070,
        // Implementer 0: reserved for software use.
        Model::Max => 0x000f_0510,
    }
}

/// MPIDR_EL1 of CPU number `index`: 16 in a cluster; bit 31 reads as one.
pub const fn affinity(index: u32) -> u64 {
    let index = index as u64;
    1 << 31 | index & 0xf | (index >> 4 & 0xff) << 8 | (index >> 12 & 0xff) << 16
}

/// MIDR_EL1: what EL2 says, to EL1.
pub fn midr(cpu: &CpuState) -> u64 {
    let told = cpu.get(HAS_EL2) != 0 && cpu.get(CURRENT_EL) < 2;
    if told { cpu.get(VPIDR_EL2) } else { main_id(model(cpu)) }
}

/// MPIDR_EL1: what EL2 says, to EL1.
pub fn mpidr(cpu: &CpuState) -> u64 {
    let told = cpu.get(HAS_EL2) != 0 && cpu.get(CURRENT_EL) < 2;
    cpu.get(if told { VMPIDR_EL2 } else { MPIDR_EL1 })
}

/// ID_AA64PFR0_EL1: exception levels and large parts.
pub fn aa64pfr0(cpu: &CpuState) -> u64 {
    let model = model(cpu);
    let levels = 0x11 | cpu.get(HAS_EL2) << 8;
    let controller = cpu.get(GIC_REGISTERS) << 24;
    // CSV2 and CSV3: nothing is speculated.
    let safe = if model == Model::Max { 1 << 56 | 1 << 60 } else { 0 };
    let more = [(Features::FP16, 16, 1), (Features::FP16, 20, 1), (Features::DIT, 48, 1)];
    levels | controller | safe | fields(model, &more)
}

/// ID_AA64PFR1_EL1.
pub fn aa64pfr1(cpu: &CpuState) -> u64 {
    fields(model(cpu), &[(Features::BTI, 0, 1), (Features::SSBS, 4, 2)])
}

/// ID_AA64DFR0_EL1: version 6, six breakpoints of which two know contexts, four
/// watchpoints, performance monitors version 3.
pub fn aa64dfr0(_: &CpuState) -> u64 {
    0x1030_5106
}

/// ID_AA64ISAR0_EL1: instructions.
pub fn aa64isar0(cpu: &CpuState) -> u64 {
    let model = model(cpu);
    let flags = if model.has(Features::FLAG_M2) { 2 } else { 1 };
    let hash = if model.has(Features::SHA512) { 2 } else { 1 };
    let rows = [
        (Features::AES.union(Features::PMULL), 4, 2),
        (Features::SHA1, 8, 1),
        (Features::SHA256, 12, hash),
        (Features::CRC32, 16, 1),
        (Features::LSE, 20, 2),
        (Features::RDM, 28, 1),
        (Features::SHA3, 32, 1),
        (Features::SM3, 36, 1),
        (Features::SM4, 40, 1),
        (Features::DOT_PROD, 44, 1),
        (Features::FHM, 48, 1),
        (Features::FLAG_M, 52, flags),
        (Features::RNG, 60, 1),
    ];
    fields(model, &rows)
}

/// ID_AA64ISAR1_EL1: more of them. Pointer authentication is of an algorithm of
/// our own (API, GPI).
pub fn aa64isar1(cpu: &CpuState) -> u64 {
    let model = model(cpu);
    let ordered = if model.has(Features::LRCPC2) { 2 } else { 1 };
    let rows = [
        (Features::DPB, 0, 1),
        (Features::PAUTH, 8, 1),
        (Features::JSCVT, 12, 1),
        (Features::FCMA, 16, 1),
        (Features::LRCPC, 20, ordered),
        (Features::PAUTH, 28, 1),
        (Features::FRINTTS, 32, 1),
        (Features::SB, 36, 1),
        (Features::BF16, 44, 1),
        (Features::I8MM, 52, 1),
    ];
    fields(model, &rows)
}

/// ID_AA64MMFR0_EL1: sizes of addresses and granules; 16-bit ASIDs.
pub fn aa64mmfr0(cpu: &CpuState) -> u64 {
    let model = model(cpu);
    let size = if model.has(Features::LPA) { 6 } else { 4 };
    let large = model.has(Features::LPA2);
    let granules = match (model.has(Features::TGRAN16), large) {
        (false, _) => 0,
        (true, false) => 1 << 20,
        (true, true) => 2 << 20 | 1 << 28,
    };
    size | 2 << 4 | granules
}

/// ID_AA64MMFR1_EL1.
pub fn aa64mmfr1(cpu: &CpuState) -> u64 {
    let model = model(cpu);
    let pan = if model.has(Features::PAN3) { 3 } else { 1 };
    // ECBHB: no history of branches leads anywhere.
    let safe = if model == Model::Max { 1 << 60 } else { 0 };
    let rows = [
        (Features::HAFDBS, 0, 2),
        (Features::VMID16, 4, 2),
        (Features::VHE, 8, 1),
        (Features::HPDS, 12, 1),
        (Features::PAN, 20, pan),
    ];
    safe | fields(model, &rows)
}

/// ID_AA64MMFR2_EL1.
pub fn aa64mmfr2(cpu: &CpuState) -> u64 {
    let rows = [
        (Features::TTCNP, 0, 1),
        (Features::UAO, 4, 1),
        (Features::LPA, 16, 1),
        (Features::IDST, 36, 1),
        (Features::E0PD, 60, 1),
    ];
    fields(model(cpu), &rows)
}

/// CTR_EL0: lines of 64 bytes; an instruction cache that is physically tagged.
/// The model `max` says that neither cache needs maintenance for code (IDC, DIC),
/// which is so.
pub fn ctr(cpu: &CpuState) -> u64 {
    match model(cpu) {
        Model::CortexA57 => 0x8444_c004,
        Model::Max => 0xb444_c004,
    }
}

/// DCZID_EL0: blocks of 64 bytes; DZP says that EL0 must not zero them.
pub fn dczid(cpu: &CpuState) -> u64 {
    const DZP: u64 = 1 << 4;
    let forbidden = cpu.get(CURRENT_EL) == 0 && control_of_el0(cpu) & sctlr::DZE == 0;
    4 | if forbidden { DZP } else { 0 }
}

/// CCSIDR_EL1 of the cache that CSSELR_EL1 names: 32 KiB and 48 KiB at level 1,
/// 2 MiB at level 2, as CLIDR_EL1 says; zero if there is none such.
pub fn ccsidr(cpu: &CpuState) -> u64 {
    match cpu.get(CSSELR_EL1) & 0xf {
        0 => 0x701f_e00a,
        1 => 0x201f_e012,
        2 => 0x70ff_e07a,
        _ => 0,
    }
}

/// CLIDR_EL1: separate caches at level 1, a common one at level 2.
pub const CLIDR: u64 = 0x0a20_0023;
