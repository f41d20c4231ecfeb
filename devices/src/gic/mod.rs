//! Arm generic interrupt controllers: architecture version 2 in [`v2`], version
//! 3 in [`v3`], and what their distributors have in common.
//!
//! Interrupts are known by their number (INTID): 0 to 15 are those that CPUs
//! send each other (SGI), 16 to 31 those of one CPU's own devices (PPI), and
//! from 32 on those of all others (SPI). SGIs and PPIs exist once a CPU.

mod lines;
pub mod v2;
pub mod v3;

use bus::{IrqLine, IrqSink};
use std::sync::Arc;

/// The first SPI's number.
pub const SPI_FIRST: u32 = 32;
/// How many SGIs each CPU has.
const SGIS: u32 = 16;
/// The most SPIs: numbers from 1020 on are special.
pub const SPIS_MAX: u32 = 988;
/// What is acknowledged when nothing is pending.
const SPURIOUS: u32 = 1023;
/// The priority of a CPU that handles nothing.
const IDLE_PRIORITY: u8 = 0xff;

/// What the wires to one CPU are.
#[derive(Clone)]
pub struct CpuPins {
    /// Interrupt request.
    pub irq: IrqLine,
    /// Fast interrupt request.
    pub fiq: IrqLine,
}

/// The input of a controller's [`IrqSink`] that is PPI `intid` of CPU `cpu`. Of
/// an SPI it is the number itself.
pub const fn ppi_input(cpu: u32, intid: u32) -> u32 {
    (cpu + 1) << 16 | intid
}

/// A wire into a controller, by input.
pub fn wire(inputs: &Arc<dyn IrqSink>, input: u32) -> IrqLine {
    IrqLine::new(Arc::clone(inputs), input)
}

/// Which CPU's PPI an input is, and its number; no CPU for an SPI.
fn split_input(input: u32) -> (Option<usize>, u32) {
    let cpu = (input >> 16).checked_sub(1).map(|cpu| cpu as usize);
    (cpu, input & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_name_a_cpu_or_none() {
        assert_eq!(split_input(ppi_input(3, 27)), (Some(3), 27));
        assert_eq!(split_input(33), (None, 33));
    }
}
