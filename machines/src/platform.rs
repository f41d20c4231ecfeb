//! What the run loop asks of one kind of machine.

use crate::cpu::Cpu;
use crate::error::MachineError;
use bus::{AddressSpace, Clock};
use std::collections::VecDeque;

/// What a [`Platform`] may touch between two slices.
pub struct Surroundings<'a> {
    /// All CPUs.
    pub cpus: &'a mut [Cpu],
    /// Physical memory and devices.
    pub space: &'a AddressSpace,
    /// Virtual time.
    pub clock: &'a Clock,
    /// What the host has typed and no console has taken yet.
    pub input: &'a mut VecDeque<u8>,
}

/// The part of a machine that knows its CPUs' architecture.
pub trait Platform: Send {
    /// Loads memory and puts the CPUs into their state after power-on. Memory
    /// is zero and the chips are reset.
    ///
    /// # Errors
    /// The host's own failure.
    fn power_on(&mut self, around: &mut Surroundings<'_>) -> Result<(), MachineError>;

    /// CPU `index` called the firmware.
    fn firmware_call(&mut self, index: usize, around: &mut Surroundings<'_>);

    /// CPU `index` has run a slice.
    ///
    /// # Errors
    /// The guest can do nothing any more.
    fn after_slice(&mut self, index: usize, around: &mut Surroundings<'_>) -> Result<(), MachineError>;

    /// The longest slice in instructions that the platform can bear.
    fn slice_max(&self) -> u64 {
        u64::MAX
    }
}
