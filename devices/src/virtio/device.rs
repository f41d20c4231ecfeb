//! What a virtio device is to a transport, and the queues are to a device.

use super::{Chain, Queue, QueueFault};
use bus::{Dma, Snapshot};

/// The most chains taken in one call; the rest waits for the next.
const CHAINS_MAX: u32 = 1024;
/// Once a call has taken chains of this many bytes, the rest waits.
const BYTES_MAX: u64 = 16 << 20;

/// A device of one of the types in chapter 5 of virtio 1.2.
///
/// `notify` and `poll` are called only while the driver has the device
/// running (`DRIVER_OK`), and must come to an end whatever the rings hold;
/// [`Queues`] bounds how much one call can take from them.
pub trait VirtioDevice: Snapshot + Send {
    /// The device type (chapter 5).
    const DEVICE_ID: u32;

    /// The bits of the device type that are offered.
    fn features(&self) -> u64;

    /// The largest size of each queue: powers of two, at most 1024.
    fn queue_sizes(&self) -> &'static [u16];

    /// Reads configuration space; what is beyond its end reads as zero.
    fn read_config(&self, offset: u64, data: &mut [u8]);

    /// Writes configuration space; most of it ignores that.
    fn write_config(&mut self, _offset: u64, _data: &[u8]) {}

    /// The driver has settled on `features` (it has set `FEATURES_OK`).
    fn activate(&mut self, _features: u64) {}

    /// Forgets all that the driver told; what the host said stays.
    fn reset(&mut self);

    /// The driver added chains to `queue`, or says so.
    fn notify(&mut self, queue: usize, queues: &mut Queues<'_>);

    /// Moves what has come from the host, and what an earlier call left.
    fn poll(&mut self, queues: &mut Queues<'_>);

    /// Virtual time in nanoseconds at which [`VirtioDevice::poll`] is due.
    fn deadline(&self) -> Option<u64> {
        None
    }

    /// Whether the host changed configuration space since the last call.
    fn take_config_change(&mut self) -> bool {
        false
    }
}

/// Copies the part of a configuration space that an access asks for.
pub(super) fn read_config_image(image: &[u8], offset: u64, data: &mut [u8]) {
    let start = usize::try_from(offset).unwrap_or(usize::MAX).min(image.len());
    let len = data.len().min(image.len() - start);
    data.fill(0);
    data[..len].copy_from_slice(&image[start..start + len]);
}

/// A device's queues for the length of one call.
pub struct Queues<'a> {
    queues: &'a mut [Queue],
    dma: &'a Dma,
    features: u64,
    chains_left: u32,
    bytes_left: u64,
    outcome: Outcome,
}

/// What a call of a device came to.
#[derive(Default, Clone, Copy)]
pub(super) struct Outcome {
    /// The driver wants an interrupt for the chains used.
    pub interrupt: bool,
    /// Chains were left because the call had done enough.
    pub unfinished: bool,
    /// A queue broke.
    pub failed: bool,
}

impl<'a> Queues<'a> {
    pub(super) fn new(queues: &'a mut [Queue], dma: &'a Dma, features: u64) -> Queues<'a> {
        let outcome = Outcome::default();
        Queues { queues, dma, features, chains_left: CHAINS_MAX, bytes_left: BYTES_MAX, outcome }
    }

    /// Access to guest RAM.
    pub fn dma(&self) -> &'a Dma {
        self.dma
    }

    /// Whether the driver accepted all of the bits `features`.
    pub fn has(&self, features: u64) -> bool {
        self.features & features == features
    }

    /// Whether [`Queues::pop`] would give a chain.
    pub fn available(&mut self, queue: usize) -> bool {
        let Some(ring) = self.queues.get_mut(queue) else { return false };
        match ring.has_available(self.dma, self.features) {
            Ok(true) if self.chains_left == 0 || self.bytes_left == 0 => {
                self.outcome.unfinished = true;
                false
            }
            Ok(available) => available,
            Err(fault) => {
                self.fail(queue, fault);
                false
            }
        }
    }

    /// Takes the next chain of `queue`, until this call has done enough.
    pub fn pop(&mut self, queue: usize) -> Option<Chain> {
        if !self.available(queue) {
            return None;
        }
        match self.queues.get_mut(queue)?.pop(self.dma, self.features) {
            Ok(chain) => {
                let chain = chain?;
                let bytes = chain.readable_bytes() + chain.writable_bytes();
                self.charge(bytes);
                self.chains_left -= 1;
                Some(chain)
            }
            Err(fault) => {
                self.fail(queue, fault);
                None
            }
        }
    }

    /// Counts work of `bytes` that the chains' own sizes do not show.
    pub fn charge(&mut self, bytes: u64) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
    }

    /// Puts the chain taken last from `queue` back.
    pub fn undo_pop(&mut self, queue: usize, chain: Chain) {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.undo_pop(chain);
        }
    }

    /// Gives `chain` back to the driver. It sees all chains at once, when the
    /// call ends.
    pub fn push(&mut self, queue: usize, chain: Chain) {
        let Some(ring) = self.queues.get_mut(queue) else { return };
        if let Err(fault) = ring.push(self.dma, chain) {
            self.fail(queue, fault);
        }
    }

    /// Reports that the driver broke a rule of `queue`; the device stops.
    pub fn fail(&mut self, queue: usize, fault: QueueFault) {
        self.outcome.failed = true;
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.fail(fault);
        }
    }

    pub(super) fn finish(mut self) -> Outcome {
        for index in 0..self.queues.len() {
            match self.queues[index].publish(self.dma, self.features) {
                Ok(interrupt) => self.outcome.interrupt |= interrupt,
                Err(fault) => self.fail(index, fault),
            }
        }
        self.outcome
    }
}
