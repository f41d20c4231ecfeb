//! What the run loop asks of this machine: power-on, and calls of the firmware.

use super::boot::Boot;
use super::{Choice, map};
use crate::cpu::{Activity, Cpu};
use crate::error::MachineError;
use crate::platform::{Platform, Surroundings};
use crate::psci::{Enter, Psci};
use aarch64::Aarch64;
use aarch64::state::{CURRENT_EL, PC, SCTLR_EL1, SCTLR_EL2, VBAR_EL1, VBAR_EL2, firmware};
use aarch64::system::slots::GIC_REGISTERS;
use bus::AddressSpace;
use devices::power::Power;
use guest::{CpuState, Guest};

/// The firmware's side of the machine.
pub struct Virt {
    boot: Boot,
    psci: Psci,
}

impl Virt {
    pub fn new(guest: Aarch64, choice: Choice, boot: Boot, power: Power) -> Virt {
        // With EL2, a hypervisor call is the hypervisor's.
        let (level, conduit) = match choice.virtualization {
            true => (2, firmware::SMC),
            false => (1, firmware::HVC),
        };
        let enter: Enter = Box::new(move |cpu: &mut CpuState, index, entry, x0| {
            guest.reset(cpu, index, entry);
            guest.setup_boot(cpu, level, entry, x0, conduit);
            cpu.set(GIC_REGISTERS, choice.gicv3.into());
        });
        Virt { boot, psci: Psci::new(power, enter) }
    }
}

impl Platform for Virt {
    fn power_on(&mut self, around: &mut Surroundings<'_>) -> Result<(), MachineError> {
        for ram in around.space.ram() {
            self.boot.load(ram);
        }
        for cpu in around.cpus.iter_mut() {
            cpu.activity = Activity::Off;
        }
        // Firmware finds the device tree by itself.
        let (entry, x0) = self.boot.kernel.map_or((map::FLASH.start, 0), |entry| (entry, self.boot.fdt));
        self.psci.start(0, entry, x0, around);
        Ok(())
    }

    fn firmware_call(&mut self, index: usize, around: &mut Surroundings<'_>) {
        self.psci.call(index, around);
    }

    fn after_slice(&mut self, index: usize, around: &mut Surroundings<'_>) -> Result<(), MachineError> {
        let lost = |cpu: &Cpu| cpu.activity == Activity::Off || lost_at(cpu, around.space).is_some();
        match lost_at(&around.cpus[index], around.space) {
            Some(at) if around.cpus.iter().all(lost) => Err(MachineError::Lost { cpu: index, at }),
            _ => Ok(()),
        }
    }
}

/// The address of a CPU's exception vector, if the CPU is there and nothing else
/// is, or erased flash: what it fetches is an exception, with the same vector,
/// whatever happens.
fn lost_at(cpu: &Cpu, space: &AddressSpace) -> Option<u64> {
    /// The vectors' size, and the bit of SCTLR_ELx that translates addresses.
    const VECTORS_BYTES: u64 = 0x800;
    const MMU: u64 = 1;
    const ERASED: u64 = 0xffff_ffff;
    let state = cpu.vcpu.state();
    let (vectors, control) = match state.get(CURRENT_EL) {
        1 => (state.get(VBAR_EL1), state.get(SCTLR_EL1)),
        2 => (state.get(VBAR_EL2), state.get(SCTLR_EL2)),
        _ => return None,
    };
    let at = state.get(PC);
    let in_vectors = at.checked_sub(vectors).is_some_and(|offset| offset < VECTORS_BYTES);
    let nothing = |at| space.read(at, 4).map_or(true, |word| word == ERASED);
    (control & MMU == 0 && in_vectors && nothing(at)).then_some(at)
}
