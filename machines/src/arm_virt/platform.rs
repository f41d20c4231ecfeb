//! What the run loop asks of this machine: power-on, and calls of the firmware.

use super::boot::Boot;
use super::{Choice, map};
use crate::cpu::Activity;
use crate::error::MachineError;
use crate::platform::{Platform, Surroundings};
use crate::psci::{Enter, Psci};
use aarch64::Aarch64;
use aarch64::state::firmware;
use aarch64::system::slots::GIC_REGISTERS;
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

    fn after_slice(&mut self, _index: usize, _around: &mut Surroundings<'_>) -> Result<(), MachineError> {
        Ok(())
    }
}
