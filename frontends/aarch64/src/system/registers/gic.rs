//! The interrupt controller's registers among the CPU's own (GICv3): the chip
//! answers for them in the CPU's private window.
//!
//! A register is 8 bytes there, at its encoding without op0, times 8. Where a
//! hypervisor takes interrupts, EL1's names mean the virtual interface, which is
//! behind the physical one.
//!
//! Source: Arm GIC architecture specification (IHI 0069), chapter 12.2.

use guest::{CpuState, Env};

use super::Encoding;
use crate::fields::hcr;
use crate::state::{CURRENT_EL, HCR_EL2};
use crate::system::slots::CPU_INDEX;

/// Where the virtual interface starts.
const VIRTUAL: u64 = 0x2_0000;

/// Whether EL1's name means the virtual register (12.2.3).
fn is_virtual(cpu: &CpuState, at: Encoding) -> bool {
    let hcr = cpu.get(HCR_EL2);
    if cpu.get(CURRENT_EL) != 1 || at.op1() != 0 || hcr & hcr::TGE != 0 {
        return false;
    }
    let (fiq, irq) = (hcr & hcr::FMO != 0, hcr & hcr::IMO != 0);
    match (at.crn(), at.crm(), at.op2()) {
        // Group 0: IAR0, EOIR0, HPPIR0, BPR0, AP0Rn, IGRPEN0.
        (12, 8, _) | (12, 12, 6) => fiq,
        // Common to both: PMR, DIR, RPR, CTLR.
        (4, ..) | (12, 11, 1 | 3) | (12, 12, 4) => fiq || irq,
        // SRE is never virtual.
        (12, 12, 5) => false,
        _ => irq,
    }
}

fn place(cpu: &CpuState, at: Encoding) -> u64 {
    let base = bus::private_window(cpu.get(CPU_INDEX) as u32).start;
    let interface = if is_virtual(cpu, at) { VIRTUAL } else { 0 };
    base + interface + (u64::from(at.0 & 0x3fff) << 3)
}

/// Any of them.
pub fn read(env: &Env<'_>, at: Encoding) -> u64 {
    env.space.read(place(env.cpu, at), 8).unwrap_or(0)
}

/// Any of them. A board without the chip does not say that there is one.
pub fn write(env: &mut Env<'_>, at: Encoding, value: u64) {
    let place = place(env.cpu, at);
    if env.space.write(place, 8, value).is_ok() {
        env.requests.resample = true;
    }
}
