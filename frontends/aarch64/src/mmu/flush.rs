//! What an engine forgets for TLB maintenance.
//!
//! Source: Arm ARM, D8.16 and C5.5 (TLBI).

use super::{guest_space, host_space};
use crate::fields::{hcr, tcr};
use crate::state::HCR_EL2;
use crate::system::slots::{TCR_EL1, TCR_EL2};
use guest::{CpuState, Flush};

/// Which translations a TLBI instruction names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// All.
    All,
    /// Those of the ASID in the operand.
    Asid,
    /// Those of the page in the operand, of its ASID or global.
    Page,
    /// Those of the page in the operand, of every ASID.
    PageAllAsids,
}

/// The page that an operand names: bits 55 to 12 of an address, the rest being
/// as bit 55 is.
pub const fn page(operand: u64) -> u64 {
    ((operand << 20) as i64 >> 8) as u64
}

/// What to forget for a TLBI with this operand, issued where `host` says that
/// EL1's names mean the regime EL2&0.
pub fn of(cpu: &CpuState, which: Which, operand: u64, host: bool) -> Flush {
    let asid = |tcr: u64| {
        let asid = operand >> 48;
        if tcr & tcr::AS != 0 { asid } else { asid & 0xff }
    };
    let space =
        if host { host_space(asid(cpu.get(TCR_EL2))) } else { guest_space(cpu, asid(cpu.get(TCR_EL1))) };
    match which {
        Which::All => Flush::ALL,
        Which::Asid => Flush { page: None, space: Some(space) },
        // Its global pages are meant too, which a flush of a space leaves.
        Which::Page | Which::PageAllAsids => Flush { page: Some(page(operand)), space: None },
    }
}

/// Whether TLBI with EL1's names acts on EL2&0: with E2H and TGE (C5.5).
pub fn acts_on_host(cpu: &CpuState) -> bool {
    let both = hcr::E2H | hcr::TGE;
    cpu.get(HCR_EL2) & both == both
}
