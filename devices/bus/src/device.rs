//! The device trait.

use std::sync::{Arc, Mutex};

/// A memory-mapped chip. Register access never panics, whatever the offset
/// and width: the guest may ask for anything within the chip's range.
pub trait Device: Send {
    /// Reads `bytes` (1, 2, 4 or 8) at `offset` from the chip's base; the
    /// result is zero-extended. Reads may have side effects.
    fn read(&mut self, offset: u64, bytes: u8) -> u64;

    /// Writes the low `bytes` (1, 2, 4 or 8) of `value`; the bits above are zero.
    fn write(&mut self, offset: u64, bytes: u8, value: u64);

    /// The virtual time in nanoseconds at which [`Device::expire`] is due.
    fn deadline(&self) -> Option<u64> {
        None
    }

    /// Called once time has reached [`Device::deadline`].
    fn expire(&mut self) {}

    /// Puts the chip into its state after power-on.
    fn reset(&mut self);
}

/// A device as the board, the address space and the host side share it.
pub type Shared<D> = Arc<Mutex<D>>;

/// Makes a device shareable.
pub fn shared<D: Device>(device: D) -> Shared<D> {
    Arc::new(Mutex::new(device))
}
