//! Virtio devices (OASIS Virtual I/O Device, version 1.2).
//!
//! A [`VirtioDevice`] sees its virtqueues through [`Queues`] and knows no
//! transport. [`Transport`] holds what every transport has: status, feature
//! negotiation, virtqueues and interrupt causes (chapters 2 and 3);
//! [`MmioTransport`] gives it the registers of section 4.2. Only split
//! virtqueues (section 2.7) are offered, and only the non-legacy interface.
//!
//! A driver that breaks the rules of the rings stops its device, which then
//! asks for a reset (section 2.1.2); [`Transport::fault`] tells why.

mod blk;
mod chain;
mod console;
mod device;
mod mmio;
mod net;
mod net_control;
mod queue;
mod rng;
mod transport;

#[cfg(test)]
mod driver;
#[cfg(test)]
mod hostile;

pub use blk::{Blk, BlkError, BlkState};
pub use chain::Chain;
pub use console::{Console, ConsoleState, INPUT_BYTES_MAX};
pub use device::{Queues, VirtioDevice};
pub use mmio::{EmptySlot, MmioTransport, WINDOW_BYTES};
pub use net::{MacAddr, Net, NetState};
pub use queue::{Queue, QueueFault, QueueState};
pub use rng::Rng;
pub use transport::{Control, RingPart, Transport, TransportState};

/// Feature bits that belong to no device type (section 6), as masks.
pub mod feature {
    /// Descriptors may point to tables of descriptors (section 2.7.5.3).
    pub const INDIRECT_DESC: u64 = 1 << 28;
    /// Notifications are suppressed by ring index (sections 2.7.7, 2.7.10).
    pub const EVENT_IDX: u64 = 1 << 29;
    /// The device is not a legacy one; a driver must accept this.
    pub const VERSION_1: u64 = 1 << 32;
    /// Queues can be reset one by one (section 2.6.1).
    pub const RING_RESET: u64 = 1 << 40;
    /// What every device here offers besides its own bits.
    pub const OFFERED_BY_ALL: u64 = INDIRECT_DESC | EVENT_IDX | VERSION_1 | RING_RESET;
}

/// Bits of the device status field (section 2.1).
pub mod status {
    /// The guest has found the device.
    pub const ACKNOWLEDGE: u8 = 1;
    /// The guest has a driver for it.
    pub const DRIVER: u8 = 2;
    /// The driver is set up; the device works.
    pub const DRIVER_OK: u8 = 4;
    /// Feature negotiation is complete.
    pub const FEATURES_OK: u8 = 8;
    /// The device cannot go on; set by the device alone.
    pub const NEEDS_RESET: u8 = 64;
    /// The guest has given up on the device.
    pub const FAILED: u8 = 128;
}
