//! What the run loop asks of this machine: power-on, calls of the firmware,
//! and what happens between slices.

use super::boot::{Boot, Start};
use super::chips::Chips;
use super::map;
use crate::cpu::{Activity, Cpu};
use crate::error::MachineError;
use crate::host::SharedSink;
use crate::htif::{self, Htif};
use crate::platform::{Platform, Surroundings};
use crate::sbi::{self, Sbi};
use bus::{AddressSpace, IrqSink, Region};
use guest::Guest;
use riscv::Riscv64;
use riscv::fields::{interrupt, privilege, satp};
use riscv::state::{MTVEC, PC, PRIV, SATP, STVEC};

const SSIP: u64 = 1 << interrupt::SSI;

/// The firmware's side of the machine.
pub struct Virt {
    guest: Riscv64,
    boot: Boot,
    sbi: Sbi,
    htif: Option<(Htif, sbi::Console)>,
}

impl Virt {
    pub fn new(guest: Riscv64, boot: Boot, chips: &Chips, serial: SharedSink, harts: usize) -> Virt {
        let console = || sbi::Console::new(serial.clone(), chips.uart.clone());
        let sbi = Sbi::new(guest.clone(), harts, chips.power.clone(), console());
        let htif = Htif::new(boot.htif, chips.board.space().dma(), chips.power.clone());
        Virt { guest, boot, sbi, htif: htif.map(|htif| (htif, console())) }
    }
}

impl Platform for Virt {
    fn power_on(&mut self, around: &mut Surroundings<'_>) -> Result<(), MachineError> {
        for ram in around.space.ram() {
            self.boot.load(ram);
        }
        self.sbi.reset();
        for (index, cpu) in around.cpus.iter_mut().enumerate() {
            cpu.vcpu.drop_reservation();
            let state = cpu.vcpu.state_mut();
            self.guest.reset(state, index as u32, map::ROM.start);
            cpu.activity = match self.boot.start {
                Start::Rom => Activity::Running,
                Start::Kernel(entry) if index == 0 => {
                    self.guest.setup_supervisor(state, entry, 0, self.boot.fdt);
                    Activity::Running
                }
                Start::Kernel(_) => Activity::Off,
            };
        }
        Ok(())
    }

    fn firmware_call(&mut self, index: usize, around: &mut Surroundings<'_>) {
        self.sbi.call(index, around);
    }

    fn after_slice(&mut self, index: usize, around: &mut Surroundings<'_>) -> Result<(), MachineError> {
        self.sbi.note_run(index);
        for cpu in around.cpus.iter_mut().filter(|cpu| cpu.vcpu.lines().levels() & SSIP != 0) {
            // The edge reaches the hart before the pin goes down again.
            let (lines, now_ns) = (cpu.vcpu.lines().clone(), around.clock.now_ns());
            self.guest.sample(cpu.vcpu.registers_mut(), lines.levels(), now_ns);
            lines.set(interrupt::SSI as u32, false);
            self.guest.sample(cpu.vcpu.registers_mut(), lines.levels(), now_ns);
        }
        if let Some((htif, console)) = &mut self.htif {
            htif.poll(console, around.input);
        }
        let lost = |cpu: &Cpu| cpu.activity == Activity::Off || lost_at(cpu, around.space).is_some();
        match lost_at(&around.cpus[index], around.space) {
            Some(at) if around.cpus.iter().all(lost) => Err(MachineError::Lost { cpu: index, at }),
            _ => Ok(()),
        }
    }

    fn slice_max(&self) -> u64 {
        if self.htif.is_some() { htif::SLICE_MAX } else { u64::MAX }
    }
}

/// The address of a hart's trap handler, if the hart is there and nothing else
/// is: the fetch traps, to the same place, whatever happens.
fn lost_at(cpu: &Cpu, space: &AddressSpace) -> Option<u64> {
    /// The low bits of a vector are its mode (Privileged ISA, §3.1.7).
    const MODE: u64 = 3;
    let state = cpu.vcpu.state();
    let (vector, translated) = match state.get(PRIV) {
        privilege::M => (state.get(MTVEC), false),
        privilege::S => (state.get(STVEC), state.get(SATP) >> satp::MODE_SHIFT != satp::BARE),
        _ => return None,
    };
    let at = state.get(PC);
    let there = |region: &Region| region.range.contains(&at);
    (at == vector & !MODE && !translated && !space.regions().iter().any(there)).then_some(at)
}
