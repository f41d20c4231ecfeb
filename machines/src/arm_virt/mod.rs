//! The machine `arm-virt`: AArch64 CPUs on a board laid out like QEMU's `virt`
//! (QEMU, docs/system/arm/virt.rst), so that kernels and firmware made for that
//! run unchanged.
//!
//! What can be chosen: the CPUs' model (`cpu`), the version of the interrupt
//! controller (`gic-version`), and whether CPUs have EL2 (`virtualization`). There
//! is no PCI, and so nothing for its interrupts.

mod boot;
mod chips;
mod fdt;
mod platform;
#[cfg(test)]
mod tests;

use crate::board;
use crate::config::MachineConfig;
use crate::cpu::{Activity, Cpu};
use crate::error::MachineError;
use crate::machine::{Machine, Parts};
use crate::registry::{MachineOption, choices};
use aarch64::{Aarch64, Model};
use backend::Vcpu;
use boot::Boot;
use chips::Chips;
use guest::Guest;
use platform::Virt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The memory map. All of it is QEMU's.
pub mod map {
    use std::ops::Range;

    /// Flash, both banks; the first is where CPUs start.
    pub const FLASH: Range<u64> = 0..0x800_0000;
    /// Distributor and CPU interface of a GICv2.
    pub const GICV2: Range<u64> = 0x800_0000..0x802_0000;
    /// Distributor of a GICv3.
    pub const GICV3_DISTRIBUTOR: Range<u64> = 0x800_0000..0x801_0000;
    /// Redistributors of a GICv3: room for 123 of them.
    pub const GICV3_REDISTRIBUTORS: Range<u64> = 0x80a_0000..0x900_0000;
    /// Serial port.
    pub const UART: Range<u64> = 0x900_0000..0x900_1000;
    /// Real-time clock.
    pub const RTC: Range<u64> = 0x901_0000..0x901_1000;
    /// Firmware configuration.
    pub const FW_CFG: Range<u64> = 0x902_0000..0x902_0018;
    /// General-purpose lines.
    pub const GPIO: Range<u64> = 0x903_0000..0x903_1000;
    /// The first virtio window; the others follow.
    pub const VIRTIO: Range<u64> = 0xa00_0000..0xa00_0200;
    /// RAM begins here.
    pub const RAM: u64 = 0x4000_0000;
}

/// Interrupts, all of them QEMU's: SPIs counted from the first one.
mod irq {
    pub const UART: u32 = 1;
    pub const RTC: u32 = 2;
    pub const GPIO: u32 = 7;
    /// Of the first virtio window; the others follow.
    pub const VIRTIO: u32 = 16;
    /// How many there are.
    pub const COUNT: u32 = 256;
    /// PPIs, by their numbers.
    pub mod ppi {
        pub const PMU: u32 = 23;
        pub const HYPERVISOR_TIMER: u32 = 26;
        pub const VIRTUAL_TIMER: u32 = 27;
        pub const PHYSICAL_TIMER: u32 = 30;
    }
}

/// What can be chosen, in the order in which [`Choice::new`] reads it.
pub const OPTIONS: &[MachineOption] = &[
    MachineOption { name: "cpu", values: &["cortex-a57", "max"] },
    MachineOption { name: "gic-version", values: &["2", "3"] },
    MachineOption { name: "virtualization", values: &["off", "on"] },
];

/// What was chosen.
#[derive(Clone, Copy, Debug)]
struct Choice {
    model: Model,
    /// The interrupt controller's architecture is version 3, not 2.
    gicv3: bool,
    /// CPUs have EL2.
    virtualization: bool,
}

impl Choice {
    fn new(machine: &str) -> Result<Choice, MachineError> {
        let chosen = choices(machine, OPTIONS)?;
        let model = Model::by_name(chosen[0]).expect("the options name models");
        Ok(Choice { model, gicv3: chosen[1] == "3", virtualization: chosen[2] == "on" })
    }
}

/// The machine `arm-virt`.
///
/// # Errors
/// What is wrong with the configuration, a file of it, or the host.
pub fn new(mut config: MachineConfig) -> Result<Machine, MachineError> {
    config.check()?;
    let choice = Choice::new(&config.machine)?;
    let guest = Aarch64::new(choice.model);
    let shared: Arc<dyn Guest> = Arc::new(guest.clone());
    let clock = config.clock.clock();
    let ram = board::ram(map::RAM, config.memory_bytes)?;
    let stop = Arc::new(AtomicBool::new(false));
    let cpus: Vec<Cpu> = (0..config.cpus)
        .map(|index| Cpu { vcpu: Vcpu::new(&shared, index, map::FLASH.start), activity: Activity::Off })
        .collect();
    let chips = Chips::new(&mut config, choice, &cpus, &clock, &ram)?;
    let boot = Boot::new(&config, choice, &chips.board, &ram.range())?;
    let platform = Virt::new(guest, choice, boot, chips.power.clone());
    Machine::assemble(Parts {
        guest: shared,
        cpus,
        ram,
        clock,
        stop,
        board: chips.board,
        power: chips.power,
        uart: chips.uart,
        net: chips.net,
        console: chips.console,
        power_button: Some(chips.power_button),
        platform: Box::new(platform),
        engine: config.engine,
        published: config.published,
    })
}
