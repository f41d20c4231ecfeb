//! The machines `riscv-virt` and `riscv-virt-aclint`: RV64 harts on a board laid
//! out like QEMU's `virt` (QEMU, docs/system/riscv/virt.rst), so that kernels
//! and firmware made for that run unchanged.
//!
//! Both have the three chips of an ACLINT at the addresses of `-machine
//! virt,aclint=on`. The second says so. The first calls two of them a CLINT, as
//! plain `-machine virt` does: that is what U-Boot for M mode knew up to 2023,
//! and it has no register less. There is no PCI.

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
use crate::host::SharedSink;
use crate::machine::{Machine, Parts};
use backend::Vcpu;
use boot::Boot;
use chips::Chips;
use guest::Guest;
use platform::Virt;
use riscv::Riscv64;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The memory map. All of it is QEMU's.
pub mod map {
    use std::ops::Range;

    /// Boot ROM.
    pub const ROM: Range<u64> = 0x1000..0x1_0000;
    /// Test finisher.
    pub const FINISHER: Range<u64> = 0x10_0000..0x10_1000;
    /// Real-time clock.
    pub const RTC: Range<u64> = 0x10_1000..0x10_2000;
    /// Machine software interrupts.
    pub const MSWI: Range<u64> = 0x200_0000..0x200_4000;
    /// Machine timer.
    pub const MTIMER: Range<u64> = 0x200_4000..0x200_c000;
    /// Both in one block.
    pub const CLINT: Range<u64> = 0x200_0000..0x201_0000;
    /// Supervisor software interrupts.
    pub const SSWI: Range<u64> = 0x2f0_0000..0x2f0_4000;
    /// Interrupt controller.
    pub const PLIC: Range<u64> = 0xc00_0000..0xc60_0000;
    /// Serial port.
    pub const UART: Range<u64> = 0x1000_0000..0x1000_0100;
    /// The first virtio window; the others follow.
    pub const VIRTIO: Range<u64> = 0x1000_1000..0x1000_2000;
    /// Firmware configuration.
    pub const FW_CFG: Range<u64> = 0x1010_0000..0x1010_0018;
    /// Flash, both banks.
    pub const FLASH: Range<u64> = 0x2000_0000..0x2400_0000;
    /// RAM begins here.
    pub const RAM: u64 = 0x8000_0000;
}

/// Inputs of the interrupt controller.
mod irq {
    /// Of the first virtio window; the others follow.
    pub const VIRTIO: u32 = 1;
    pub const UART: u32 = 10;
    pub const RTC: u32 = 11;
    /// The highest one.
    pub const MAX: u32 = 95;
}

/// What the chips are called that interrupt harts for other harts and timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Interruptor {
    /// MSWI and MTIMER by their names.
    Aclint,
    /// The two as one chip.
    Clint,
}

/// The machine `riscv-virt`.
///
/// # Errors
/// What is wrong with the configuration, a file of it, or the host.
pub fn with_clint(config: MachineConfig) -> Result<Machine, MachineError> {
    build(config, Interruptor::Clint)
}

/// The machine `riscv-virt-aclint`.
///
/// # Errors
/// As for [`with_clint`].
pub fn with_aclint(config: MachineConfig) -> Result<Machine, MachineError> {
    build(config, Interruptor::Aclint)
}

fn build(mut config: MachineConfig, interruptor: Interruptor) -> Result<Machine, MachineError> {
    config.check()?;
    let guest = Riscv64::new();
    let shared: Arc<dyn Guest> = Arc::new(guest.clone());
    let clock = config.clock.clock();
    let ram = board::ram(map::RAM, config.memory_bytes)?;
    let stop = Arc::new(AtomicBool::new(false));
    let serial = SharedSink::new(std::mem::replace(&mut config.serial, Box::new(crate::host::Discard)));
    let cpus: Vec<Cpu> = (0..config.cpus)
        .map(|index| Cpu { vcpu: Vcpu::new(&shared, index, map::ROM.start), activity: Activity::Off })
        .collect();
    let mut chips = Chips::new(&mut config, interruptor, &cpus, &clock, &ram, serial.clone(), &stop)?;
    let boot = Boot::new(&config, &chips.board, &ram.range(), cpus.len())?;
    chips.add_rom(boot.rom());
    let platform = Virt::new(guest, boot, &chips, serial, cpus.len());
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
        power_button: None,
        platform: Box::new(platform),
        engine: config.engine,
        published: config.published,
    })
}
