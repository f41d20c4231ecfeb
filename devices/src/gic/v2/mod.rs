//! Arm generic interrupt controller, architecture version 2, without the
//! Security Extensions (Arm IHI 0048B.b).
//!
//! The distributor is at offset 0, the CPU interface at 0x10000. Both show each
//! CPU its own registers where the architecture says so; the [`Initiator`]
//! tells which CPU asks. Registers are 32 bits wide; those with a byte for each
//! interrupt can be reached by bytes too. Other accesses read as zero and write
//! nothing.
//!
//! | distributor | register                | CPU interface | register             |
//! |-------------|-------------------------|---------------|----------------------|
//! | 0x000       | CTLR                    | 0x00          | CTLR                 |
//! | 0x004       | TYPER                   | 0x04          | PMR priority mask    |
//! | 0x008       | IIDR                    | 0x08, 0x1c    | BPR, ABPR            |
//! | 0x080       | IGROUPR                 | 0x0c, 0x20    | IAR, AIAR            |
//! | 0x100–0x3ff | enable, pending, active | 0x10, 0x24    | EOIR, AEOIR          |
//! | 0x400       | IPRIORITYR              | 0x14          | RPR running priority |
//! | 0x800       | ITARGETSR               | 0x18, 0x28    | HPPIR, AHPPIR        |
//! | 0xc00       | ICFGR                   | 0xd0, 0xe0    | APR, NSAPR           |
//! | 0xf00       | SGIR                    | 0xfc          | IIDR                 |
//! | 0xf10, 0xf20| CPENDSGIR, SPENDSGIR    | 0x1000        | DIR                  |

mod distributor;
mod interface;
#[cfg(test)]
mod tests;

use super::lines::{Candidate, Lines};
use super::{CpuPins, SPI_FIRST, SPIS_MAX, split_input};
use crate::refused;
use crate::registry::DeviceInfo;
use bus::{Device, Initiator, IrqInputs, IrqSink, RestoreError, Shared, Snapshot, shared};
use interface::Interface;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "gicv2",
    description: "Arm generic interrupt controller, version 2",
    source: "Arm IHI 0048B.b, GIC Architecture Specification, version 2.0",
    compatible: &["arm,cortex-a15-gic"],
};

/// The most CPUs it can serve.
pub const CPUS_MAX: usize = 8;
/// Where the CPU interface is, from the distributor's start.
pub const INTERFACE: u64 = 0x1_0000;
/// Size of both.
pub const GICV2_BYTES: u64 = 0x2_0000;

/// The chip.
pub struct Gicv2 {
    state: State,
    pins: Vec<CpuPins>,
    initiator: Initiator,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Bit 0 lets interrupts of group 0 out of the distributor, bit 1 those of
    /// group 1.
    control: u32,
    cpus: Vec<CpuState>,
    spis: Vec<Spis>,
}

/// What exists once a CPU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CpuState {
    /// SGIs and PPIs.
    lines: Lines,
    /// For each SGI the CPUs that have sent it.
    senders: [u8; 16],
    interface: Interface,
}

/// Thirty-two SPIs, and to which CPUs each goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Spis {
    lines: Lines,
    targets: [u8; 32],
}

impl Gicv2 {
    /// A controller of `spis` SPIs, rounded up to a multiple of 32, for a CPU a
    /// pair of `pins`.
    ///
    /// # Panics
    /// If there are more CPUs or SPIs than the architecture allows, or no CPU: a
    /// board's mistake, not a guest's.
    pub fn new(spis: u32, pins: Vec<CpuPins>, initiator: Initiator) -> Gicv2 {
        assert!(spis <= SPIS_MAX, "a GIC has at most {SPIS_MAX} SPIs, not {spis}");
        assert!((1..=CPUS_MAX).contains(&pins.len()), "a GICv2 serves 1 to {CPUS_MAX} CPUs");
        let mut state = State {
            control: 0,
            cpus: vec![CpuState::default(); pins.len()],
            spis: vec![Spis::default(); spis.div_ceil(32) as usize],
        };
        state.reset();
        Gicv2 { state, pins, initiator }
    }

    /// A controller as [`Gicv2::new`] makes it, and the end of the wires into it:
    /// an SPI's input is its number, a PPI's as [`super::ppi_input`] says.
    pub fn shared(spis: u32, pins: Vec<CpuPins>, initiator: Initiator) -> (Shared<Gicv2>, Arc<dyn IrqSink>) {
        let gic = shared(Gicv2::new(spis, pins, initiator));
        (Arc::clone(&gic), gic)
    }

    /// The number of the CPU that asks; one too many counts as the first.
    fn cpu(&self) -> usize {
        let cpu = self.initiator.get() as usize;
        if cpu < self.state.cpus.len() { cpu } else { 0 }
    }

    fn update(&self) {
        for (cpu, pins) in self.pins.iter().enumerate() {
            let interface = &self.state.cpus[cpu].interface;
            let (irq, fiq) = interface.outputs(self.state.best(cpu));
            pins.irq.set(irq);
            pins.fiq.set(fiq);
        }
    }
}

impl State {
    fn reset(&mut self) {
        let targets = if self.cpus.len() == 1 { [1; 32] } else { [0; 32] };
        self.control = 0;
        for cpu in &mut self.cpus {
            cpu.lines.reset(Lines::SGI_MASK);
            cpu.lines.enabled = Lines::SGI_MASK;
            cpu.senders = [0; 16];
            cpu.interface = Interface::default();
        }
        for spis in &mut self.spis {
            spis.lines.reset(0);
            spis.targets = targets;
        }
    }

    /// The interrupts around `intid` as CPU `cpu` sees them.
    fn lines_mut(&mut self, cpu: usize, intid: u32) -> Option<&mut Lines> {
        match intid.checked_sub(SPI_FIRST) {
            None => Some(&mut self.cpus[cpu].lines),
            // The numbers behind the last SPI are special.
            Some(SPIS_MAX..) => None,
            Some(spi) => self.spis.get_mut(spi as usize / 32).map(|spis| &mut spis.lines),
        }
    }

    /// The most urgent interrupt that the distributor has for CPU `cpu`.
    fn best(&self, cpu: usize) -> Option<Candidate> {
        // Bits of the control register are groups.
        let groups = |lines: &Lines| match self.control & 3 {
            0 => 0,
            1 => !lines.group,
            2 => lines.group,
            _ => !0,
        };
        let own = &self.cpus[cpu].lines;
        let mut best = own.best(groups(own), 0);
        for (first, spis) in (SPI_FIRST..).step_by(32).zip(&self.spis) {
            let mut mask = groups(&spis.lines) & spis.lines.pending() & spis.lines.enabled;
            if mask == 0 {
                continue;
            }
            for (bit, targets) in spis.targets.iter().enumerate() {
                if targets >> cpu & 1 == 0 {
                    mask &= !(1 << bit);
                }
            }
            if let Some(other) = spis.lines.best(mask, first) {
                best = Some(best.map_or(other, |best| best.or_better(Some(other))));
            }
        }
        best
    }

    fn is_reachable(&self, like: &State) -> bool {
        self.cpus.len() == like.cpus.len()
            && self.spis.len() == like.spis.len()
            && self.control & !3 == 0
            && self.cpus.iter().all(|cpu| cpu.is_reachable(like.cpus.len()))
    }
}

impl CpuState {
    fn is_reachable(&self, cpus: usize) -> bool {
        let existing = u8::MAX >> (CPUS_MAX - cpus);
        let sent = (0..).zip(self.senders).fold(0, |sent, (n, from)| sent | u32::from(from != 0) << n);
        let sgis = Lines::SGI_MASK;
        self.senders.iter().all(|from| from & !existing == 0)
            && self.lines.latched & sgis == sent
            && self.lines.enabled & sgis == sgis
            && self.lines.edge & sgis == sgis
            && self.lines.level & sgis == 0
            && self.interface.is_reachable()
    }
}

impl Device for Gicv2 {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let cpu = self.cpu();
        match offset.checked_sub(INTERFACE) {
            None => self.state.read_distributor(cpu, offset, bytes),
            Some(offset) => {
                let value = self.state.read_interface(cpu, offset, bytes);
                self.update();
                value
            }
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        let cpu = self.cpu();
        match offset.checked_sub(INTERFACE) {
            None => self.state.write_distributor(cpu, offset, bytes, value),
            Some(offset) => self.state.write_interface(cpu, offset, bytes, value as u32),
        }
        self.update();
    }

    /// The wires keep their levels: they are the devices'.
    fn reset(&mut self) {
        self.state.reset();
        self.update();
    }
}

impl IrqInputs for Gicv2 {
    fn set_level(&mut self, input: u32, level: bool) {
        let lines = match split_input(input) {
            (Some(cpu), 16..32) => self.state.cpus.get_mut(cpu).map(|cpu| &mut cpu.lines),
            (None, intid @ SPI_FIRST..) => self.state.lines_mut(0, intid),
            _ => None,
        };
        if let Some(lines) = lines {
            lines.set_level(input % 32, level);
            self.update();
        }
    }
}

impl Snapshot for Gicv2 {
    const KIND: &'static str = "gicv2";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.is_reachable(&self.state) {
            return Err(refused::<Gicv2>("it is of a controller with other CPUs or interrupts, or of none"));
        }
        self.state = state;
        // CPU pins remember nothing, so driving them again does no harm.
        self.update();
        Ok(())
    }
}
