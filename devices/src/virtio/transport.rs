//! What all transports of virtio 1.2 have: device status (section 2.1),
//! feature negotiation (2.2), interrupt causes (2.3), configuration space
//! (2.5) and virtqueues (2.6). A transport proper adds only its registers.

use super::device::Outcome;
use super::queue::{Queue, QueueFault, QueueState};
use super::{Queues, VirtioDevice, feature, status};
use bus::{Dma, IrqLine, RestoreError};
use serde::{Deserialize, Serialize};

/// Causes of an interrupt (section 4.2.2, `InterruptStatus`).
mod cause {
    pub const USED_BUFFER: u8 = 1;
    pub const CONFIG_CHANGE: u8 = 2;
}

/// What the driver and the device have agreed on, and the selectors of
/// windowed registers.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Debug)]
pub struct Control {
    status: u8,
    interrupt_status: u8,
    config_generation: u32,
    device_features_select: u32,
    driver_features_select: u32,
    queue_select: u32,
    driver_features: u64,
    /// The driver claimed a feature above bit 63.
    claimed_beyond: bool,
    /// A call left chains behind.
    unfinished: bool,
}

/// One of the three areas of a split virtqueue (section 2.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RingPart {
    /// The descriptor table.
    Descriptors,
    /// The available ring (driver area).
    Available,
    /// The used ring (device area).
    Used,
}

/// All of a transport and its device that a guest can see.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub struct TransportState<S> {
    control: Control,
    queues: Vec<QueueState>,
    device: S,
}

/// A device with its queues, negotiation and interrupt line.
pub struct Transport<D> {
    device: D,
    queues: Vec<Queue>,
    control: Control,
    dma: Dma,
    irq: IrqLine,
}

impl<D: VirtioDevice> Transport<D> {
    /// `device` after power-on, with access to guest RAM and an interrupt line.
    pub fn new(device: D, dma: Dma, irq: IrqLine) -> Transport<D> {
        let queues = device.queue_sizes().iter().map(|&size| Queue::new(size)).collect();
        Transport { device, queues, control: Control::default(), dma, irq }
    }

    /// The device.
    pub fn device(&self) -> &D {
        &self.device
    }

    /// Lets the host's side change the device, and shows the guest the effect.
    pub fn with_device<R>(&mut self, change: impl FnOnce(&mut D) -> R) -> R {
        let result = change(&mut self.device);
        self.poll();
        result
    }

    /// The queue the driver broke, if it did, and how.
    pub fn fault(&self) -> Option<(usize, QueueFault)> {
        self.queues.iter().enumerate().find_map(|(i, queue)| Some((i, queue.fault()?)))
    }

    /// The feature bits the device offers.
    pub fn offered_features(&self) -> u64 {
        self.device.features() | feature::OFFERED_BY_ALL
    }

    /// The bits the driver has claimed; binding once it has set `FEATURES_OK`.
    pub fn driver_features(&self) -> u64 {
        self.control.driver_features
    }

    /// Chooses the 32 bits [`Transport::device_features`] shows.
    pub fn select_device_features(&mut self, word: u32) {
        self.control.device_features_select = word;
    }

    /// The selected 32 offered bits.
    pub fn device_features(&self) -> u32 {
        match self.control.device_features_select {
            0 => self.offered_features() as u32,
            1 => (self.offered_features() >> 32) as u32,
            _ => 0,
        }
    }

    /// Chooses the 32 bits [`Transport::claim_features`] sets.
    pub fn select_driver_features(&mut self, word: u32) {
        self.control.driver_features_select = word;
    }

    /// The driver claims the selected 32 bits; too late after `FEATURES_OK`.
    pub fn claim_features(&mut self, bits: u32) {
        if self.has_status(status::FEATURES_OK) {
            return;
        }
        let shift = match self.control.driver_features_select {
            0 => 0,
            1 => 32,
            _ => {
                self.control.claimed_beyond |= bits != 0;
                return;
            }
        };
        self.control.driver_features &= !(u64::from(u32::MAX) << shift);
        self.control.driver_features |= u64::from(bits) << shift;
    }

    fn has_status(&self, bits: u8) -> bool {
        self.control.status & bits == bits
    }

    /// The device status field.
    pub fn status(&self) -> u8 {
        self.control.status
    }

    /// The driver writes the status field: zero resets the device, and bits
    /// are only ever added (section 2.1.1).
    pub fn set_status(&mut self, value: u8) {
        if value == 0 {
            self.reset();
            return;
        }
        let known = status::ACKNOWLEDGE | status::DRIVER | status::FAILED;
        self.control.status |= value & known;
        if value & status::FEATURES_OK != 0 && !self.has_status(status::FEATURES_OK) {
            self.settle_features();
        }
        let starts = value & status::DRIVER_OK != 0 && !self.has_status(status::DRIVER_OK);
        if starts && self.has_status(status::FEATURES_OK) {
            self.control.status |= status::DRIVER_OK;
            self.poll();
        }
    }

    /// Section 3.1.1, steps 5 and 6; a legacy driver is refused (6.1).
    fn settle_features(&mut self) {
        let claimed = self.control.driver_features;
        let unknown = claimed & !self.offered_features() != 0 || self.control.claimed_beyond;
        if !unknown && claimed & feature::VERSION_1 != 0 {
            self.control.status |= status::FEATURES_OK;
            self.device.activate(claimed);
        }
    }

    /// Puts the device and all queues into the state after power-on
    /// (section 2.4).
    pub fn reset(&mut self) {
        self.device.reset();
        self.queues.iter_mut().for_each(Queue::reset);
        self.control = Control::default();
        self.drive_interrupt();
    }

    /// Chooses the queue the following methods are about.
    pub fn select_queue(&mut self, index: u32) {
        self.control.queue_select = index;
    }

    fn selected(&self) -> Option<&Queue> {
        self.queues.get(usize::try_from(self.control.queue_select).ok()?)
    }

    /// The selected queue, if the driver may set it up now.
    fn selected_idle(&mut self) -> Option<&mut QueueState> {
        let queue = self.queues.get_mut(usize::try_from(self.control.queue_select).ok()?)?;
        if queue.state().ready { None } else { Some(queue.state_mut()) }
    }

    /// The selected queue's largest size; 0 if there is no such queue.
    pub fn queue_size_max(&self) -> u16 {
        self.selected().map_or(0, Queue::size_max)
    }

    /// Sets the selected queue's size; checked when it is made ready.
    pub fn set_queue_size(&mut self, size: u32) {
        if let Some(queue) = self.selected_idle() {
            queue.size = u16::try_from(size).unwrap_or(0);
        }
    }

    /// Sets the low or high half of one of the selected queue's addresses.
    pub fn set_ring_address(&mut self, part: RingPart, high: bool, value: u32) {
        let Some(queue) = self.selected_idle() else { return };
        let address = match part {
            RingPart::Descriptors => &mut queue.descriptors,
            RingPart::Available => &mut queue.available,
            RingPart::Used => &mut queue.used,
        };
        let shift = if high { 32 } else { 0 };
        *address = *address & !(u64::from(u32::MAX) << shift) | u64::from(value) << shift;
    }

    /// Whether the selected queue is in use.
    pub fn queue_ready(&self) -> bool {
        self.selected().is_some_and(|queue| queue.state().ready)
    }

    /// Hands the selected queue over, or takes it back. Rings that cannot be
    /// used stop the device.
    pub fn set_queue_ready(&mut self, ready: bool) {
        let Some(queue) = self.queues.get_mut(self.control.queue_select as usize) else { return };
        if !ready {
            queue.state_mut().ready = false;
        } else if !queue.state().ready
            && let Err(fault) = queue.start(&self.dma)
        {
            queue.fail(fault);
            self.settle(Outcome { failed: true, ..Outcome::default() });
        }
    }

    /// Resets the selected queue alone (section 2.6.1), if that was negotiated.
    pub fn reset_queue(&mut self) {
        let allowed = self.control.driver_features & feature::RING_RESET != 0;
        if let Some(queue) = self.queues.get_mut(self.control.queue_select as usize)
            && allowed
        {
            queue.reset();
        }
    }

    /// The driver says that it added chains to queue `index`.
    pub fn notify(&mut self, index: u32) {
        let index = index as usize;
        if index < self.queues.len() {
            self.run(|device, queues| device.notify(index, queues));
        }
    }

    /// Moves what has come from the host; to be called between time slices.
    pub fn poll(&mut self) {
        if self.device.take_config_change() {
            self.control.config_generation = self.control.config_generation.wrapping_add(1);
            self.raise(cause::CONFIG_CHANGE);
        }
        self.control.unfinished = false;
        self.run(D::poll);
    }

    /// Virtual time in nanoseconds at which [`Transport::poll`] is due.
    pub fn deadline(&self) -> Option<u64> {
        match self.is_running() {
            true if self.control.unfinished => Some(0),
            true => self.device.deadline(),
            false => None,
        }
    }

    fn is_running(&self) -> bool {
        self.has_status(status::DRIVER_OK) && !self.has_status(status::NEEDS_RESET)
    }

    fn run(&mut self, call: impl FnOnce(&mut D, &mut Queues<'_>)) {
        if self.is_running() {
            let mut queues = Queues::new(&mut self.queues, &self.dma, self.control.driver_features);
            call(&mut self.device, &mut queues);
            let outcome = queues.finish();
            self.settle(outcome);
        }
    }

    /// Section 2.1.2: a device that cannot go on says so, and once it runs
    /// raises a configuration interrupt.
    fn settle(&mut self, outcome: Outcome) {
        self.control.unfinished |= outcome.unfinished;
        if outcome.failed {
            self.control.status |= status::NEEDS_RESET;
            self.raise(cause::CONFIG_CHANGE);
        }
        if outcome.interrupt {
            self.raise(cause::USED_BUFFER);
        }
    }

    fn raise(&mut self, cause: u8) {
        if self.has_status(status::DRIVER_OK) {
            self.control.interrupt_status |= cause;
            self.drive_interrupt();
        }
    }

    fn drive_interrupt(&self) {
        self.irq.set(self.control.interrupt_status != 0);
    }

    /// The causes of the interrupt: bit 0 used buffers, bit 1 configuration.
    pub fn interrupt_status(&self) -> u8 {
        self.control.interrupt_status
    }

    /// Takes the causes in `bits` back.
    pub fn acknowledge(&mut self, bits: u8) {
        self.control.interrupt_status &= !bits;
        self.drive_interrupt();
    }

    /// Changes whenever configuration space does (section 2.5.1).
    pub fn config_generation(&self) -> u32 {
        self.control.config_generation
    }

    /// Reads `bytes` (1 to 8) of configuration space, little-endian.
    pub fn read_config(&self, offset: u64, bytes: u8) -> u64 {
        let mut data = [0; 8];
        self.device.read_config(offset, &mut data[..usize::from(bytes.min(8))]);
        u64::from_le_bytes(data)
    }

    /// Writes `bytes` (1 to 8) of configuration space, little-endian.
    pub fn write_config(&mut self, offset: u64, bytes: u8, value: u64) {
        let data = &value.to_le_bytes()[..usize::from(bytes.min(8))];
        self.device.write_config(offset, data);
    }

    /// The state now.
    pub fn save(&self) -> TransportState<D::State> {
        TransportState {
            control: self.control.clone(),
            queues: self.queues.iter().map(|queue| queue.state().clone()).collect(),
            device: self.device.save(),
        }
    }

    /// Takes over a saved state.
    ///
    /// # Errors
    /// A state no run of this device can have come to, or one that does not
    /// fit this machine's RAM; the transport is then unchanged.
    pub fn restore(&mut self, state: TransportState<D::State>) -> Result<(), RestoreError> {
        let refuse = |reason: String| RestoreError { kind: D::KIND.into(), reason };
        if state.queues.len() != self.queues.len() {
            return Err(refuse(format!("{} queues, not {}", state.queues.len(), self.queues.len())));
        }
        let mut queues: Vec<Queue> = self.queues.iter().map(|queue| Queue::new(queue.size_max())).collect();
        for (index, (queue, saved)) in queues.iter_mut().zip(state.queues).enumerate() {
            queue.restore(saved, &self.dma).map_err(|fault| refuse(format!("queue {index}: {fault}")))?;
        }
        let before = self.device.save();
        self.device.restore(state.device)?;
        let settled = state.control.status & status::FEATURES_OK != 0;
        let unknown = state.control.driver_features & !self.offered_features();
        if settled && unknown != 0 {
            self.device.restore(before)?;
            return Err(refuse(format!("features {unknown:#x} are not offered here")));
        }
        self.queues = queues;
        self.control = state.control;
        // The controller's own record knows the level: no edge.
        self.irq.restore(self.control.interrupt_status != 0);
        Ok(())
    }
}
