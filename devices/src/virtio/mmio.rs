//! The memory-mapped transport, version 2 (virtio 1.2, section 4.2).
//!
//! Registers are 32 bits wide and only accesses of that width reach them;
//! configuration space takes any width (section 4.2.2.2). What QEMU's `virt`
//! boards place every 0x1000 bytes is one such window, or an [`EmptySlot`].

use super::{RingPart, Transport, TransportState, VirtioDevice};
use bus::{Device, Dma, IrqLine, RestoreError, Snapshot};

/// Size in bytes of a device's registers and configuration space.
pub const WINDOW_BYTES: u64 = 0x200;

const MAGIC: u32 = u32::from_le_bytes(*b"virt");
const VERSION: u32 = 2;
const VENDOR: u32 = u32::from_le_bytes(*b"MYNA");

/// Register offsets (section 4.2.2, table 4.1).
pub(super) mod reg {
    pub const MAGIC_VALUE: u64 = 0x000;
    pub const VERSION: u64 = 0x004;
    pub const DEVICE_ID: u64 = 0x008;
    pub const VENDOR_ID: u64 = 0x00c;
    pub const DEVICE_FEATURES: u64 = 0x010;
    pub const DEVICE_FEATURES_SEL: u64 = 0x014;
    pub const DRIVER_FEATURES: u64 = 0x020;
    pub const DRIVER_FEATURES_SEL: u64 = 0x024;
    pub const QUEUE_SEL: u64 = 0x030;
    pub const QUEUE_NUM_MAX: u64 = 0x034;
    pub const QUEUE_NUM: u64 = 0x038;
    pub const QUEUE_READY: u64 = 0x044;
    pub const QUEUE_NOTIFY: u64 = 0x050;
    pub const INTERRUPT_STATUS: u64 = 0x060;
    pub const INTERRUPT_ACK: u64 = 0x064;
    pub const STATUS: u64 = 0x070;
    pub const QUEUE_DESC_LOW: u64 = 0x080;
    pub const QUEUE_DESC_HIGH: u64 = 0x084;
    pub const QUEUE_DRIVER_LOW: u64 = 0x090;
    pub const QUEUE_DRIVER_HIGH: u64 = 0x094;
    pub const QUEUE_DEVICE_LOW: u64 = 0x0a0;
    pub const QUEUE_DEVICE_HIGH: u64 = 0x0a4;
    pub const SHM_LEN_LOW: u64 = 0x0b0;
    pub const SHM_LEN_HIGH: u64 = 0x0b4;
    pub const SHM_BASE_LOW: u64 = 0x0b8;
    pub const SHM_BASE_HIGH: u64 = 0x0bc;
    pub const QUEUE_RESET: u64 = 0x0c0;
    pub const CONFIG_GENERATION: u64 = 0x0fc;
    pub const CONFIG: u64 = 0x100;
}

/// A virtio device behind memory-mapped registers.
pub struct MmioTransport<D> {
    transport: Transport<D>,
}

impl<D: VirtioDevice> MmioTransport<D> {
    /// `device` after power-on, with access to guest RAM and an interrupt line.
    pub fn new(device: D, dma: Dma, irq: IrqLine) -> MmioTransport<D> {
        MmioTransport { transport: Transport::new(device, dma, irq) }
    }

    /// The device, its queues and what was negotiated.
    pub fn transport(&self) -> &Transport<D> {
        &self.transport
    }

    /// Lets the host's side change the device, and shows the guest the effect.
    pub fn with_device<R>(&mut self, change: impl FnOnce(&mut D) -> R) -> R {
        self.transport.with_device(change)
    }

    /// Moves what has come from the host; to be called between time slices.
    pub fn poll(&mut self) {
        self.transport.poll();
    }

    fn read_register(&self, offset: u64) -> u32 {
        let t = &self.transport;
        match offset {
            reg::MAGIC_VALUE => MAGIC,
            reg::VERSION => VERSION,
            reg::DEVICE_ID => D::DEVICE_ID,
            reg::VENDOR_ID => VENDOR,
            reg::DEVICE_FEATURES => t.device_features(),
            reg::QUEUE_NUM_MAX => t.queue_size_max().into(),
            reg::QUEUE_READY => t.queue_ready().into(),
            reg::INTERRUPT_STATUS => t.interrupt_status().into(),
            reg::STATUS => t.status().into(),
            // A region that does not exist has length and base -1.
            reg::SHM_LEN_LOW | reg::SHM_LEN_HIGH | reg::SHM_BASE_LOW | reg::SHM_BASE_HIGH => u32::MAX,
            reg::CONFIG_GENERATION => t.config_generation(),
            _ => 0,
        }
    }

    fn write_register(&mut self, offset: u64, value: u32) {
        let t = &mut self.transport;
        match offset {
            reg::DEVICE_FEATURES_SEL => t.select_device_features(value),
            reg::DRIVER_FEATURES => t.claim_features(value),
            reg::DRIVER_FEATURES_SEL => t.select_driver_features(value),
            reg::QUEUE_SEL => t.select_queue(value),
            reg::QUEUE_NUM => t.set_queue_size(value),
            reg::QUEUE_READY => t.set_queue_ready(value & 1 != 0),
            reg::QUEUE_NOTIFY => t.notify(value),
            reg::INTERRUPT_ACK => t.acknowledge(value as u8),
            reg::STATUS => t.set_status(value as u8),
            reg::QUEUE_DESC_LOW => t.set_ring_address(RingPart::Descriptors, false, value),
            reg::QUEUE_DESC_HIGH => t.set_ring_address(RingPart::Descriptors, true, value),
            reg::QUEUE_DRIVER_LOW => t.set_ring_address(RingPart::Available, false, value),
            reg::QUEUE_DRIVER_HIGH => t.set_ring_address(RingPart::Available, true, value),
            reg::QUEUE_DEVICE_LOW => t.set_ring_address(RingPart::Used, false, value),
            reg::QUEUE_DEVICE_HIGH => t.set_ring_address(RingPart::Used, true, value),
            reg::QUEUE_RESET if value & 1 != 0 => t.reset_queue(),
            _ => (),
        }
    }
}

impl<D: VirtioDevice> Device for MmioTransport<D> {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        match offset.checked_sub(reg::CONFIG) {
            Some(offset) => self.transport.read_config(offset, bytes),
            None if bytes == 4 => self.read_register(offset).into(),
            None => 0,
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        match offset.checked_sub(reg::CONFIG) {
            Some(offset) => self.transport.write_config(offset, bytes, value),
            None if bytes == 4 => self.write_register(offset, value as u32),
            None => (),
        }
    }

    fn deadline(&self) -> Option<u64> {
        self.transport.deadline()
    }

    fn expire(&mut self) {
        self.transport.poll();
    }

    fn reset(&mut self) {
        self.transport.reset();
    }
}

/// The transport and its device are one record, named after the device.
impl<D: VirtioDevice> Snapshot for MmioTransport<D> {
    const KIND: &'static str = D::KIND;
    /// The transport's own version in the upper half, the device's below.
    const VERSION: u32 = 1 << 16 | D::VERSION;
    type State = TransportState<D::State>;

    fn save(&self) -> Self::State {
        self.transport.save()
    }

    fn restore(&mut self, state: Self::State) -> Result<(), RestoreError> {
        self.transport.restore(state)
    }
}

/// A window with nothing behind it: device ID 0, which drivers pass over
/// (section 4.2.2, `DeviceID`).
#[derive(Clone, Copy, Default)]
pub struct EmptySlot;

impl Device for EmptySlot {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        match (offset, bytes) {
            (reg::MAGIC_VALUE, 4) => MAGIC.into(),
            (reg::VERSION, 4) => VERSION.into(),
            (reg::VENDOR_ID, 4) => VENDOR.into(),
            _ => 0,
        }
    }

    fn write(&mut self, _offset: u64, _bytes: u8, _value: u64) {}

    fn reset(&mut self) {}
}

impl Snapshot for EmptySlot {
    const KIND: &'static str = "virtio-mmio-empty";
    const VERSION: u32 = 1;
    type State = ();

    fn save(&self) {}

    fn restore(&mut self, (): ()) -> Result<(), RestoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
