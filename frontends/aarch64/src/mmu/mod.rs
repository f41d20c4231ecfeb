//! Address translation: stage 1 and stage 2 with granules of 4, 16 and 64 KiB,
//! 48-bit and 52-bit addresses, and flags that hardware sets.
//!
//! Source: Arm ARM, chapter D8.

mod control;
mod descriptor;
pub mod flush;
mod stage1;
mod stage2;
#[cfg(test)]
mod tests;

pub use control::Granule;

use crate::fields::{hcr, tcr, ttbr};
use crate::state::{CURRENT_EL, GUARDED, HCR_EL2, regime};
use crate::system::slots::{
    HAS_EL2, STAGE2_FAULT, TCR_EL1, TCR_EL2, TTBR0_EL1, TTBR0_EL2, TTBR1_EL1, TTBR1_EL2, VTTBR_EL2,
};
use crate::system::syndrome::{self, status};
use bus::{AddressSpace, PhysAddr};
use descriptor::Descriptor;
use guest::{Access, CpuState, Fault, Page};

/// What a mapping allows, to whom it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rights {
    /// Loads.
    pub read: bool,
    /// Stores.
    pub write: bool,
    /// Fetches.
    pub exec: bool,
}

impl Rights {
    /// Everything.
    pub const ALL: Rights = Rights { read: true, write: true, exec: true };

    /// Whether `access` is among them.
    pub const fn allow(self, access: Access) -> bool {
        match access {
            Access::Load => self.read,
            Access::Store => self.write,
            Access::Fetch => self.exec,
        }
    }

    const fn and(self, other: Rights) -> Rights {
        Rights {
            read: self.read && other.read,
            write: self.write && other.write,
            exec: self.exec && other.exec,
        }
    }
}

/// Where one stage's walk ended.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// The address that the stage puts out.
    pub out: u64,
    /// What it allows now, with no flag to be set.
    pub rights: Rights,
    /// How many low bits of the address the page keeps.
    pub offset_bits: u32,
    /// It holds for every ASID.
    pub global: bool,
    /// Memory attributes as MAIR_ELx has them; those of stage 2 are not merged.
    pub attributes: u8,
    /// The field SH of the descriptor.
    pub shareability: u8,
    /// Stage 1: it is Device memory, where accesses have to be aligned (B2.10.2).
    pub device: bool,
    /// Stage 1: the page is guarded (D8.4.6): branches there need a landing pad.
    pub guarded: bool,
}

/// Both stages' answer.
#[derive(Clone, Copy, Debug)]
pub struct Translation {
    /// The physical address.
    pub phys: PhysAddr,
    /// What both allow.
    pub rights: Rights,
    /// Stage 1's answer; its identity if it is off.
    pub first: Mapping,
    /// The smaller page's bits.
    pub offset_bits: u32,
}

/// An access to be translated, and where its tables are.
#[derive(Clone, Copy)]
pub struct Walker<'a> {
    /// The registers.
    pub cpu: &'a CpuState,
    /// The memory with the tables.
    pub space: &'a AddressSpace,
    /// Virtual address.
    pub at: u64,
    /// What for.
    pub access: Access,
    /// Flags in tables may be set; if not, an access that wants one fails.
    pub marks: bool,
}

/// A fault of either stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The fault as the guest sees it.
    pub fault: Fault,
    /// If stage 2 failed, the intermediate address.
    pub intermediate: Option<u64>,
}

/// Translates `at` for an access inside one 4 KiB page, in a [`regime`](crate::state::regime), and
/// sets flags in tables if they say so.
///
/// # Errors
/// The abort that the access takes.
pub fn walk(
    cpu: &mut CpuState,
    space: &AddressSpace,
    at: u64,
    access: Access,
    regime: u8,
) -> Result<Page, Fault> {
    let translated = Walker { cpu, space, at, access, marks: true }.translate(regime);
    let translation = translated.map_err(|failure| {
        if let Some(intermediate) = failure.intermediate {
            cpu.set(STAGE2_FAULT, intermediate);
        }
        failure.fault
    })?;
    Ok(page(cpu, at, &translation, regime))
}

/// Where the instruction is that a branch to `at` leads to: tags are not part of the pc.
pub fn branch_target(cpu: &CpuState, at: u64, regime: u8) -> u64 {
    if is_canonical(at) { at } else { stage1::branch_target(cpu, at, regime) }
}

/// Whether the top byte is as bit 55 is.
const fn is_canonical(at: u64) -> bool {
    (at as i64) << 8 >> 8 == at as i64
}

/// The same for an access that is not made: no flag is set. `None` if one would be,
/// or the access aborts.
pub fn peek(cpu: &CpuState, space: &AddressSpace, at: u64, access: Access, regime: u8) -> Option<Page> {
    let translation = Walker { cpu, space, at, access, marks: false }.translate(regime).ok()?;
    Some(page(cpu, at, &translation, regime))
}

/// What engines have to know of a translation.
fn page(cpu: &CpuState, at: u64, translation: &Translation, regime: u8) -> Page {
    let Translation { phys, rights: Rights { read, write, exec }, first, offset_bits } = *translation;
    let offset_bits_first = first.offset_bits;
    Page {
        phys,
        read,
        write,
        exec,
        // Maintenance names addresses without a tag, so tagged ones are not kept.
        cacheable: is_canonical(at),
        global: first.global && !has_vmid(cpu, regime),
        offset_bits: offset_bits_first as u8,
        whole: offset_bits >= offset_bits_first,
        aligned: first.device,
        code_mode: if first.guarded { GUARDED } else { 0 },
    }
}

impl Walker<'_> {
    /// Translates in a [`regime`](crate::state::regime).
    ///
    /// # Errors
    /// What stops the access.
    pub fn translate(&self, regime: u8) -> Result<Translation, Failure> {
        let first = self.stage1(regime)?;
        if !has_stage_2(self.cpu, regime) {
            let Mapping { out, rights, offset_bits, .. } = first;
            return Ok(Translation { phys: out, rights, first, offset_bits });
        }
        let second = self.stage2(first.out, self.access, false)?;
        Ok(Translation {
            phys: second.out,
            rights: first.rights.and(second.rights),
            first,
            offset_bits: first.offset_bits.min(second.offset_bits),
        })
    }

    /// Stage 1 alone, in a regime.
    ///
    /// # Errors
    /// What stops the access.
    pub fn first_stage(&self, regime: u8) -> Result<Mapping, Failure> {
        self.stage1(regime)
    }

    /// The descriptor at a physical address. Firmware has tables in flash memory.
    fn load(&self, at: PhysAddr) -> Option<Descriptor> {
        let value = match self.space.ram_at(at) {
            Some(ram) => ram.load(at, 8),
            None => self.space.read(at, 8).ok(),
        };
        value.map(Descriptor)
    }

    /// The failure of stage 1 with a status code.
    fn fails(&self, status: u64) -> Failure {
        Failure { fault: syndrome::abort(self.at, self.access, status), intermediate: None }
    }

    /// The failure of stage 2 for the intermediate address `at`, for stage 1's
    /// walk or for the access itself.
    fn fails_at(&self, at: u64, on_walk: bool, status: u64) -> Failure {
        let mut fault = syndrome::abort(self.at, self.access, status);
        fault.cause |= syndrome::TO_EL2 | syndrome::STAGE_2;
        if on_walk {
            fault.cause |= syndrome::STAGE_1_WALK;
        }
        Failure { fault, intermediate: Some(at) }
    }
}

/// Whether `regime` is one of EL2&0.
const fn is_host(regime: u8) -> bool {
    matches!(regime, regime::EL20 | regime::EL20_PAN | regime::EL20_USER)
}

/// Whether the CPU is in the regime EL2&0: at EL2 with HCR_EL2.E2H, or at EL0
/// with TGE too.
pub fn in_host(cpu: &CpuState) -> bool {
    let (hcr, el) = (cpu.get(HCR_EL2), cpu.get(CURRENT_EL));
    hcr & hcr::E2H != 0 && (el == 2 || el == 0 && hcr & hcr::TGE != 0)
}

/// Whether the regime has a second stage, and it is on.
fn has_stage_2(cpu: &CpuState, regime: u8) -> bool {
    let hcr = cpu.get(HCR_EL2);
    let of_el1 = matches!(regime, regime::EL10 | regime::EL10_PAN | regime::EL10_USER);
    of_el1 && hcr & (hcr::VM | hcr::DC) != 0 && hcr & hcr::TGE == 0
}

/// Whether what the regime maps belongs to a virtual machine: its global pages
/// are those of that machine alone. All is forgotten when that begins or ends.
fn has_vmid(cpu: &CpuState, regime: u8) -> bool {
    cpu.get(HCR_EL2) & hcr::VM != 0 && has_stage_2(cpu, regime)
}

/// Bits of [`address_space`] that name a regime with EL2's tables.
const HOST_SPACE: u64 = 1 << 40;

/// The number of the address space: the ASID, the VMID above it, and whether it
/// is EL2's (D8.16).
pub fn address_space(cpu: &CpuState) -> u64 {
    let host = in_host(cpu);
    if host { host_space(host_asid(cpu)) } else { guest_space(cpu, asid(cpu)) }
}

/// The number of EL1&0's space with an ASID, in the present virtual machine.
pub fn guest_space(cpu: &CpuState, asid: u64) -> u64 {
    let vmid = if cpu.get(HAS_EL2) != 0 { cpu.get(VTTBR_EL2) >> ttbr::ASID_SHIFT } else { 0 };
    vmid << 16 | asid
}

/// The number of EL2&0's space with an ASID.
pub const fn host_space(asid: u64) -> u64 {
    HOST_SPACE | asid
}

/// EL1&0's present ASID.
fn asid(cpu: &CpuState) -> u64 {
    present_asid(cpu.get(TCR_EL1), cpu.get(TTBR0_EL1), cpu.get(TTBR1_EL1))
}

/// EL2&0's present ASID.
fn host_asid(cpu: &CpuState) -> u64 {
    present_asid(cpu.get(TCR_EL2), cpu.get(TTBR0_EL2), cpu.get(TTBR1_EL2))
}

/// D8.16.1: TCR says which table's register has it, and how wide it is.
const fn present_asid(tcr: u64, ttbr0: u64, ttbr1: u64) -> u64 {
    let asid = if tcr & tcr::A1 != 0 { ttbr1 } else { ttbr0 } >> ttbr::ASID_SHIFT;
    if tcr & tcr::AS != 0 { asid } else { asid & 0xff }
}

/// The abort of an access that nothing answers to.
pub const fn bus_error(at: u64, access: Access) -> Fault {
    syndrome::abort(at, access, status::EXTERNAL)
}

/// The abort of an access that has to be aligned. Fetches are by the time they
/// are made.
pub const fn misaligned(at: u64, access: Access) -> Fault {
    match access {
        Access::Fetch => Fault { cause: syndrome::pc_alignment(), value: at },
        _ => syndrome::abort(at, access, status::ALIGNMENT),
    }
}
