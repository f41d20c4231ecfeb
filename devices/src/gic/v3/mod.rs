//! Arm generic interrupt controller, architecture version 3, with one security
//! state, affinity routing for good, and without LPIs (Arm IHI 0069H).
//!
//! Three kinds of registers: the distributor's, a redistributor's for each CPU,
//! and those of the CPU interface, which CPUs reach by MRS and MSR. Each is a
//! [`Frame`] of the chip, and a board puts it where it belongs.
//!
//! | frame              | holds                                             |
//! |--------------------|---------------------------------------------------|
//! | [`Frame::distributor`]    | GICD: SPIs                                 |
//! | [`Frame::redistributors`] | GICR: SGIs and PPIs, 128 KiB a CPU         |
//! | [`Frame::interface`]      | ICC: acknowledge, end, mask, send          |
//!
//! A system register is at eight times its encoding, the bits op1, CRn, CRm and
//! op2 of MRS as one number, in the CPU's [private
//! window](bus::private_window). Accesses of a width that a register has not
//! read as zero and write nothing.

mod distributor;
mod interface;
mod redistributor;
#[cfg(test)]
mod tests;

pub use interface::encoding;

use super::lines::{Candidate, Lines};
use super::{CpuPins, SPI_FIRST, SPIS_MAX, split_input};
use crate::refused;
use crate::registry::DeviceInfo;
use bus::{Device, IrqInputs, IrqSink, RestoreError, Shared, Snapshot, shared};
use interface::Interface;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "gicv3",
    description: "Arm generic interrupt controller, version 3",
    source: "Arm IHI 0069H, GIC Architecture Specification, versions 3 and 4",
    compatible: &["arm,gic-v3"],
};

/// The most CPUs it can serve: those that one value of Aff1 has.
pub const CPUS_MAX: usize = 16;
/// Size of the distributor's frame.
pub const DISTRIBUTOR_BYTES: u64 = 0x1_0000;
/// Size of one CPU's redistributor, both frames.
pub const REDISTRIBUTOR_BYTES: u64 = 0x2_0000;
/// Size of one CPU's interface.
pub const INTERFACE_BYTES: u64 = 0x2_0000;
/// Size of all its registers in a row.
pub const GICV3_BYTES: u64 = INTERFACES + CPUS_MAX as u64 * INTERFACE_BYTES;

/// The chip has all its registers in a row: the distributor at 0, then these.
const REDISTRIBUTORS: u64 = 0x10_0000;
const INTERFACES: u64 = REDISTRIBUTORS + CPUS_MAX as u64 * REDISTRIBUTOR_BYTES;

/// The chip.
pub struct Gicv3 {
    state: State,
    pins: Vec<CpuPins>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CpuState {
    /// SGIs and PPIs.
    lines: Lines,
    asleep: bool,
    interface: Interface,
}

/// Thirty-two SPIs, and the affinity of the CPU to which each goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Spis {
    lines: Lines,
    routes: [u64; 32],
}

impl Gicv3 {
    /// A controller of `spis` SPIs, rounded up to a multiple of 32, for a CPU a
    /// pair of `pins`.
    ///
    /// # Panics
    /// If there are more CPUs or SPIs than the architecture allows, or no CPU: a
    /// board's mistake, not a guest's.
    pub fn new(spis: u32, pins: Vec<CpuPins>) -> Gicv3 {
        assert!(spis <= SPIS_MAX, "a GIC has at most {SPIS_MAX} SPIs, not {spis}");
        assert!((1..=CPUS_MAX).contains(&pins.len()), "this GICv3 serves 1 to {CPUS_MAX} CPUs");
        let cpu = CpuState { lines: Lines::default(), asleep: true, interface: Interface::default() };
        let mut state = State {
            control: 0,
            cpus: vec![cpu; pins.len()],
            spis: vec![Spis::default(); spis.div_ceil(32) as usize],
        };
        state.reset();
        Gicv3 { state, pins }
    }

    /// A controller as [`Gicv3::new`] makes it, and the end of the wires into it:
    /// an SPI's input is its number, a PPI's as [`super::ppi_input`] says.
    pub fn shared(spis: u32, pins: Vec<CpuPins>) -> (Shared<Gicv3>, Arc<dyn IrqSink>) {
        let gic = shared(Gicv3::new(spis, pins));
        (Arc::clone(&gic), gic)
    }

    fn update(&self) {
        for (cpu, pins) in self.pins.iter().enumerate() {
            let (irq, fiq) = self.state.outputs(cpu);
            pins.irq.set(irq);
            pins.fiq.set(fiq);
        }
    }
}

impl State {
    fn reset(&mut self) {
        self.control = 0;
        for cpu in &mut self.cpus {
            cpu.lines.reset(Lines::SGI_MASK);
            cpu.asleep = true;
            cpu.interface = Interface::default();
        }
        for spis in &mut self.spis {
            spis.lines.reset(0);
            spis.routes = [0; 32];
        }
    }

    /// The interrupts around `intid`, an SPI.
    fn spi_lines_mut(&mut self, intid: u32) -> Option<&mut Lines> {
        let spi = intid.checked_sub(SPI_FIRST).filter(|spi| *spi < SPIS_MAX)?;
        self.spis.get_mut(spi as usize / 32).map(|spis| &mut spis.lines)
    }

    /// The interrupts around `intid` as CPU `cpu` sees them.
    fn lines_mut(&mut self, cpu: usize, intid: u32) -> Option<&mut Lines> {
        if intid < SPI_FIRST { Some(&mut self.cpus[cpu].lines) } else { self.spi_lines_mut(intid) }
    }

    /// The most urgent interrupt that the distributor and the redistributor have
    /// for CPU `cpu`.
    fn best(&self, cpu: usize) -> Option<Candidate> {
        let interface = &self.cpus[cpu].interface;
        let enabled = self.control & interface.groups();
        let groups = |lines: &Lines| match enabled & 3 {
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
            for (bit, route) in spis.routes.iter().enumerate() {
                if *route != affinity(cpu) {
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
        let sgis = Lines::SGI_MASK;
        let cpu = |cpu: &CpuState| {
            cpu.lines.edge & sgis == sgis && cpu.lines.level & sgis == 0 && cpu.interface.is_reachable()
        };
        let routed = |spis: &Spis| spis.routes.iter().all(|route| route & !distributor::ROUTE_MASK == 0);
        self.cpus.len() == like.cpus.len()
            && self.spis.len() == like.spis.len()
            && self.control & !3 == 0
            && self.cpus.iter().all(cpu)
            && self.spis.iter().all(routed)
    }
}

/// Aff3 to Aff0 of CPU `cpu` as routing has them.
fn affinity(cpu: usize) -> u64 {
    cpu as u64
}

impl Device for Gicv3 {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let value = match offset {
            0..REDISTRIBUTORS => self.state.read_distributor(offset, bytes),
            REDISTRIBUTORS..INTERFACES => {
                let at = offset - REDISTRIBUTORS;
                let cpu = (at / REDISTRIBUTOR_BYTES) as usize;
                self.state.read_redistributor(cpu, at % REDISTRIBUTOR_BYTES, bytes)
            }
            _ => {
                let at = offset - INTERFACES;
                let cpu = (at / INTERFACE_BYTES) as usize;
                self.state.read_interface(cpu, at % INTERFACE_BYTES, bytes)
            }
        };
        self.update();
        value
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        match offset {
            0..REDISTRIBUTORS => self.state.write_distributor(offset, bytes, value),
            REDISTRIBUTORS..INTERFACES => {
                let at = offset - REDISTRIBUTORS;
                let cpu = (at / REDISTRIBUTOR_BYTES) as usize;
                self.state.write_redistributor(cpu, at % REDISTRIBUTOR_BYTES, bytes, value);
            }
            _ => {
                let at = offset - INTERFACES;
                let cpu = (at / INTERFACE_BYTES) as usize;
                self.state.write_interface(cpu, at % INTERFACE_BYTES, bytes, value);
            }
        }
        self.update();
    }

    /// The wires keep their levels: they are the devices'.
    fn reset(&mut self) {
        self.state.reset();
        self.update();
    }
}

impl IrqInputs for Gicv3 {
    fn set_level(&mut self, input: u32, level: bool) {
        let lines = match split_input(input) {
            (Some(cpu), 16..32) => self.state.cpus.get_mut(cpu).map(|cpu| &mut cpu.lines),
            (None, intid @ SPI_FIRST..) => self.state.spi_lines_mut(intid),
            _ => None,
        };
        if let Some(lines) = lines {
            lines.set_level(input % 32, level);
            self.update();
        }
    }
}

impl Snapshot for Gicv3 {
    const KIND: &'static str = "gicv3";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.is_reachable(&self.state) {
            return Err(refused::<Gicv3>("it is of a controller with other CPUs or interrupts, or of none"));
        }
        self.state = state;
        // CPU pins remember nothing, so driving them again does no harm.
        self.update();
        Ok(())
    }
}

/// Some of the chip's registers, at a place of their own on the bus.
pub struct Frame {
    gic: Shared<Gicv3>,
    first: u64,
}

impl Frame {
    /// The distributor.
    pub fn distributor(gic: &Shared<Gicv3>) -> Frame {
        Frame { gic: Arc::clone(gic), first: 0 }
    }

    /// The redistributors, one behind the other.
    pub fn redistributors(gic: &Shared<Gicv3>) -> Frame {
        Frame { gic: Arc::clone(gic), first: REDISTRIBUTORS }
    }

    /// The interface of CPU `cpu`.
    pub fn interface(gic: &Shared<Gicv3>, cpu: u32) -> Frame {
        Frame { gic: Arc::clone(gic), first: INTERFACES + u64::from(cpu) * INTERFACE_BYTES }
    }
}

impl Device for Frame {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        self.gic.lock().unwrap_or_else(PoisonError::into_inner).read(self.first + offset, bytes)
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        self.gic.lock().unwrap_or_else(PoisonError::into_inner).write(self.first + offset, bytes, value);
    }

    /// All frames are reset with the distributor's.
    fn reset(&mut self) {
        if self.first == 0 {
            self.gic.lock().unwrap_or_else(PoisonError::into_inner).reset();
        }
    }
}
