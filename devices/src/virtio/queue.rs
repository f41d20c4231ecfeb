//! Split virtqueues (virtio 1.2, section 2.7), the device's side.

use super::chain::{Chain, DESCRIPTOR_BYTES, Table};
use super::feature;
use bus::{Dma, PhysAddr};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{Ordering, fence};

/// The largest queue any device here offers, in descriptors.
pub const QUEUE_SIZE_MAX: u16 = 1024;

/// What a driver did to its rings that a device cannot go on from.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueueFault {
    /// The size is not a power of two within the queue's maximum.
    Size,
    /// A ring or table is not aligned as section 2.7 wants it.
    Alignment,
    /// A ring or table is not all RAM.
    RingOutsideRam,
    /// More chains were made available than the queue has descriptors.
    AvailableIndex,
    /// A descriptor index is outside its table.
    IndexOutOfRange,
    /// More descriptors than the table has, so a loop, or more than 4 GiB.
    ChainTooLong,
    /// A buffer is not all RAM.
    BufferOutsideRam,
    /// A device-readable buffer follows a device-writable one.
    ReadableAfterWritable,
    /// An indirect descriptor that was not negotiated, is inside an indirect
    /// table, or has a successor.
    IndirectNotAllowed,
    /// An indirect table that is empty or not a whole number of descriptors.
    IndirectLength,
    /// The chain has no room for the answer its device type requires.
    NoRoomForStatus,
}

impl fmt::Display for QueueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QueueFault::Size => "the queue size is no power of two, or too large",
            QueueFault::Alignment => "a ring is misaligned",
            QueueFault::RingOutsideRam => "a ring or descriptor table is outside RAM",
            QueueFault::AvailableIndex => "the available index is ahead by more than the queue size",
            QueueFault::IndexOutOfRange => "a descriptor index is out of range",
            QueueFault::ChainTooLong => "a descriptor chain loops or is too long",
            QueueFault::BufferOutsideRam => "a buffer is outside RAM",
            QueueFault::ReadableAfterWritable => "a readable descriptor follows a writable one",
            QueueFault::IndirectNotAllowed => "an indirect descriptor is not allowed here",
            QueueFault::IndirectLength => "an indirect table's length is zero or no multiple of 16",
            QueueFault::NoRoomForStatus => "a request has no room for its status",
        })
    }
}

impl std::error::Error for QueueFault {}

/// All of a virtqueue that outlives one call of the device.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Debug)]
pub struct QueueState {
    /// Descriptors in the table, chosen by the driver.
    pub size: u16,
    /// Whether the driver has handed the queue over.
    pub ready: bool,
    /// The descriptor table.
    pub descriptors: PhysAddr,
    /// The available ring, or driver area.
    pub available: PhysAddr,
    /// The used ring, or device area.
    pub used: PhysAddr,
    next_available: u16,
    next_used: u16,
    /// What `avail_event` says, once it has been written.
    wakes_at: Option<u16>,
    fault: Option<QueueFault>,
}

/// One split virtqueue.
pub struct Queue {
    size_max: u16,
    state: QueueState,
    /// Used-ring entries written but not yet shown to the driver; 0 between
    /// calls of the device.
    unpublished: u16,
    spare: Vec<Chain>,
}

impl Queue {
    /// A queue that offers `size_max` descriptors.
    ///
    /// # Panics
    /// If `size_max` is no power of two up to [`QUEUE_SIZE_MAX`]: a device's
    /// mistake, not a guest's.
    pub fn new(size_max: u16) -> Queue {
        assert!(size_max.is_power_of_two() && size_max <= QUEUE_SIZE_MAX, "queue size {size_max}");
        let state = QueueState { size: size_max, ..QueueState::default() };
        Queue { size_max, state, unpublished: 0, spare: Vec::new() }
    }

    /// The most descriptors the queue can have.
    pub fn size_max(&self) -> u16 {
        self.size_max
    }

    /// The queue's state.
    pub fn state(&self) -> &QueueState {
        &self.state
    }

    /// The state, for a transport to set up; ring addresses and size must not
    /// change while the queue is ready.
    pub(super) fn state_mut(&mut self) -> &mut QueueState {
        &mut self.state
    }

    /// What made the queue unusable, if anything did.
    pub fn fault(&self) -> Option<QueueFault> {
        self.state.fault
    }

    /// Makes the queue unusable until it is reset.
    pub(super) fn fail(&mut self, fault: QueueFault) {
        self.state.fault.get_or_insert(fault);
    }

    /// Puts the queue into its state after a device reset.
    pub fn reset(&mut self) {
        self.state = QueueState { size: self.size_max, ..QueueState::default() };
        self.unpublished = 0;
    }

    /// Takes over rings the driver has set up, starting at index 0.
    pub(super) fn start(&mut self, dma: &Dma) -> Result<(), QueueFault> {
        self.state.ready = true;
        (self.state.next_available, self.state.next_used) = (0, 0);
        self.state.wakes_at = None;
        self.check_layout(dma)
    }

    /// Takes over a saved state.
    pub(super) fn restore(&mut self, state: QueueState, dma: &Dma) -> Result<(), QueueFault> {
        let before = std::mem::replace(&mut self.state, state);
        if self.state.ready && self.state.fault.is_none() {
            self.check_layout(dma).inspect_err(|_| self.state = before)?;
        }
        Ok(())
    }

    /// Sections 2.7 (alignment, sizes) and 2.7.1.
    fn check_layout(&self, dma: &Dma) -> Result<(), QueueFault> {
        let QueueState { size, descriptors, available, used, .. } = self.state;
        if !size.is_power_of_two() || size > self.size_max {
            return Err(QueueFault::Size);
        }
        let size = u64::from(size);
        let parts = [
            (descriptors, 16, DESCRIPTOR_BYTES * size),
            (available, 2, 6 + 2 * size),
            (used, 4, 6 + 8 * size),
        ];
        for (at, alignment, bytes) in parts {
            if !at.is_multiple_of(alignment) {
                return Err(QueueFault::Alignment);
            }
            if !dma.contains(at, bytes) {
                return Err(QueueFault::RingOutsideRam);
            }
        }
        Ok(())
    }

    fn load_u16(dma: &Dma, at: PhysAddr) -> Result<u16, QueueFault> {
        dma.load(at).map(u16::from_le_bytes).map_err(|_| QueueFault::RingOutsideRam)
    }

    fn store(dma: &Dma, at: PhysAddr, bytes: &[u8]) -> Result<(), QueueFault> {
        dma.write(at, bytes).map_err(|_| QueueFault::RingOutsideRam)
    }

    /// Section 2.7.6: `flags`, `idx`, the ring, `used_event`.
    fn available_entry(&self, index: u16) -> PhysAddr {
        self.state.available + 4 + 2 * u64::from(index & (self.state.size - 1))
    }

    fn used_event(&self) -> PhysAddr {
        self.state.available + 4 + 2 * u64::from(self.state.size)
    }

    /// Section 2.7.8: `flags`, `idx`, the ring, `avail_event`.
    fn used_entry(&self, index: u16) -> PhysAddr {
        self.state.used + 4 + 8 * u64::from(index & (self.state.size - 1))
    }

    fn avail_event(&self) -> PhysAddr {
        self.state.used + 4 + 8 * u64::from(self.state.size)
    }

    /// How many chains wait, once the queue is in use and unbroken.
    fn waiting(&self, dma: &Dma) -> Result<u16, QueueFault> {
        let index = Queue::load_u16(dma, self.state.available + 2)?;
        let waiting = index.wrapping_sub(self.state.next_available);
        if waiting > self.state.size { Err(QueueFault::AvailableIndex) } else { Ok(waiting) }
    }

    /// Whether a chain waits. If none does, the driver is asked to notify
    /// when it adds one (section 2.7.10).
    pub(super) fn has_available(&mut self, dma: &Dma, features: u64) -> Result<bool, QueueFault> {
        if !self.state.ready || self.state.fault.is_some() {
            return Ok(false);
        }
        if self.waiting(dma)? > 0 {
            return Ok(true);
        }
        let next = self.state.next_available;
        if features & feature::EVENT_IDX == 0 || self.state.wakes_at == Some(next) {
            return Ok(false);
        }
        Queue::store(dma, self.avail_event(), &next.to_le_bytes())?;
        self.state.wakes_at = Some(next);
        // A chain may have been added before the driver could see the wish.
        fence(Ordering::SeqCst);
        Ok(self.waiting(dma)? > 0)
    }

    /// Takes the next chain, if there is one.
    pub(super) fn pop(&mut self, dma: &Dma, features: u64) -> Result<Option<Chain>, QueueFault> {
        if !self.has_available(dma, features)? {
            return Ok(None);
        }
        fence(Ordering::Acquire); // The entry is read after the index.
        let head = Queue::load_u16(dma, self.available_entry(self.state.next_available))?;
        let table = Table { at: self.state.descriptors, entries: self.state.size.into() };
        let mut chain = self.spare.pop().unwrap_or_default();
        chain.walk(dma, table, head, features & feature::INDIRECT_DESC != 0)?;
        self.state.next_available = self.state.next_available.wrapping_add(1);
        Ok(Some(chain))
    }

    /// Puts the chain taken last back, as if it had never been taken.
    pub(super) fn undo_pop(&mut self, chain: Chain) {
        self.state.next_available = self.state.next_available.wrapping_sub(1);
        self.spare.push(chain);
    }

    /// Writes the used-ring entry of `chain`; the driver sees it once it is
    /// published.
    pub(super) fn push(&mut self, dma: &Dma, chain: Chain) -> Result<(), QueueFault> {
        let at = self.used_entry(self.state.next_used.wrapping_add(self.unpublished));
        let entry = u64::from(chain.head()) | u64::from(chain.written_bytes()) << 32;
        self.spare.push(chain);
        Queue::store(dma, at, &entry.to_le_bytes())?;
        self.unpublished += 1;
        Ok(())
    }

    /// Shows the driver all that was pushed; whether it wants an interrupt for
    /// it (section 2.7.7).
    pub(super) fn publish(&mut self, dma: &Dma, features: u64) -> Result<bool, QueueFault> {
        let count = std::mem::take(&mut self.unpublished);
        if count == 0 {
            return Ok(false);
        }
        let old = self.state.next_used;
        let new = old.wrapping_add(count);
        fence(Ordering::Release); // Entries and data are seen before the index.
        Queue::store(dma, self.state.used + 2, &new.to_le_bytes())?;
        self.state.next_used = new;
        fence(Ordering::SeqCst);
        if features & feature::EVENT_IDX == 0 {
            return Ok(Queue::load_u16(dma, self.state.available)? & 1 == 0);
        }
        let event = Queue::load_u16(dma, self.used_event())?;
        Ok(new.wrapping_sub(event).wrapping_sub(1) < count)
    }
}

#[cfg(test)]
mod tests;
