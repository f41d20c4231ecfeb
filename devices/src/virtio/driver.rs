//! The driver's side of the rings, for tests: section 2.7 as a guest does it.

use super::mmio::reg;
use super::{MmioTransport, VirtioDevice, feature, status};
use bus::{AddressSpace, AnySnapshot, Device, Dma, IrqLine, PhysAddr, Ram};
use std::collections::HashMap;
use std::sync::Arc;

pub const RAM_BASE: PhysAddr = 0x8000_0000;
pub const RAM_BYTES: u64 = 512 << 10;
/// RAM of its own that follows at once; buffers must not run into it.
pub const NEXT_RAM: PhysAddr = RAM_BASE + RAM_BYTES;
pub const NEXT_RAM_BYTES: u64 = 8 << 20;
/// Descriptors of every queue.
pub const QUEUE_SIZE: u16 = 16;

/// Each queue's rings take a page; buffers follow.
const BUFFERS: PhysAddr = RAM_BASE + 0x1_0000;

/// One descriptor's worth of a request.
pub enum Buffer {
    Data(Vec<u8>),
    Room(usize),
}

impl Buffer {
    pub fn data(bytes: &[u8]) -> Buffer {
        Buffer::Data(bytes.to_vec())
    }

    pub fn room(bytes: usize) -> Buffer {
        Buffer::Room(bytes)
    }

    fn len(&self) -> usize {
        match self {
            Buffer::Data(bytes) => bytes.len(),
            Buffer::Room(bytes) => *bytes,
        }
    }
}

#[derive(Default)]
struct Ring {
    next_descriptor: u16,
    available: u16,
    used_seen: u16,
    room: HashMap<u16, Vec<(PhysAddr, usize)>>,
}

/// A descriptor as it lies in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawDescriptor {
    pub at: PhysAddr,
    pub len: u32,
    pub flags: u16,
    pub next: u16,
}

impl RawDescriptor {
    pub fn bytes(self) -> [u8; 16] {
        let (at, len) = (u128::from(self.at), u128::from(self.len));
        (at | len << 64 | u128::from(self.flags) << 96 | u128::from(self.next) << 112).to_le_bytes()
    }
}

/// A guest with one device.
pub struct Guest<D> {
    pub device: MmioTransport<D>,
    pub irq: IrqLine,
    pub dma: Dma,
    rings: Vec<Ring>,
    next_buffer: PhysAddr,
}

pub fn ring_page(queue: usize) -> PhysAddr {
    RAM_BASE + 0x1000 * queue as u64
}

pub fn available_ring(queue: usize) -> PhysAddr {
    ring_page(queue) + 0x400
}

pub fn used_ring(queue: usize) -> PhysAddr {
    ring_page(queue) + 0x800
}

impl<D: VirtioDevice> Guest<D> {
    /// A guest that has not touched its device.
    pub fn new(device: D) -> Guest<D> {
        let mut space = AddressSpace::default();
        for (name, at, bytes) in [("ram", RAM_BASE, RAM_BYTES), ("next ram", NEXT_RAM, NEXT_RAM_BYTES)] {
            space.add_ram(name, Arc::new(Ram::new(at, bytes).expect("a small mapping")));
        }
        let (dma, irq) = (space.dma(), IrqLine::unconnected());
        let rings = device.queue_sizes().iter().map(|_| Ring::default()).collect();
        let device = MmioTransport::new(device, dma.clone(), irq.clone());
        Guest { device, irq, dma, rings, next_buffer: BUFFERS }
    }

    /// A guest that has gone through section 3.1.1 and accepted `features`
    /// besides `VERSION_1`.
    pub fn started(device: D, features: u64) -> Guest<D> {
        let mut guest = Guest::new(device);
        guest.start(features);
        guest
    }

    /// Resets the device and starts it.
    pub fn start(&mut self, features: u64) {
        self.write(reg::STATUS, 0);
        self.set_status(status::ACKNOWLEDGE | status::DRIVER);
        self.claim(features | feature::VERSION_1);
        self.set_status(status::FEATURES_OK);
        assert_ne!(self.status() & status::FEATURES_OK, 0, "features refused");
        for queue in 0..self.rings.len() {
            self.set_up_queue(queue);
        }
        self.set_status(status::DRIVER_OK);
    }

    pub fn read(&mut self, register: u64) -> u32 {
        self.device.read(register, 4) as u32
    }

    pub fn write(&mut self, register: u64, value: u32) {
        self.device.write(register, 4, value.into());
    }

    pub fn status(&mut self) -> u8 {
        self.read(reg::STATUS) as u8
    }

    /// Adds `bits` to the status field, as drivers do.
    pub fn set_status(&mut self, bits: u8) {
        let value = self.status() | bits;
        self.write(reg::STATUS, value.into());
    }

    pub fn claim(&mut self, features: u64) {
        for word in 0..2 {
            self.write(reg::DRIVER_FEATURES_SEL, word);
            self.write(reg::DRIVER_FEATURES, (features >> (32 * word)) as u32);
        }
    }

    pub fn set_up_queue(&mut self, queue: usize) {
        self.rings[queue] = Ring::default();
        self.dma.write(ring_page(queue), &[0; 0x1000]).expect("RAM");
        self.write(reg::QUEUE_SEL, queue as u32);
        self.write(reg::QUEUE_NUM, QUEUE_SIZE.into());
        for (register, at) in [
            (reg::QUEUE_DESC_LOW, ring_page(queue)),
            (reg::QUEUE_DRIVER_LOW, available_ring(queue)),
            (reg::QUEUE_DEVICE_LOW, used_ring(queue)),
        ] {
            self.write(register, at as u32);
            self.write(register + 4, (at >> 32) as u32);
        }
        self.write(reg::QUEUE_READY, 1);
    }

    /// Reserves `bytes` of RAM, at odd addresses too.
    pub fn allocate(&mut self, bytes: usize) -> PhysAddr {
        let at = self.next_buffer;
        self.next_buffer += bytes as u64 + 1;
        at
    }

    pub fn put_descriptor(&self, queue: usize, index: u16, descriptor: RawDescriptor) {
        let at = ring_page(queue) + 16 * u64::from(index);
        self.dma.write(at, &descriptor.bytes()).expect("RAM");
    }

    /// Makes the chain that starts at `head` available.
    pub fn put_available(&mut self, queue: usize, head: u16) {
        let ring = &mut self.rings[queue];
        let at = available_ring(queue) + 4 + 2 * u64::from(ring.available % QUEUE_SIZE);
        ring.available = ring.available.wrapping_add(1);
        self.dma.write(at, &head.to_le_bytes()).expect("RAM");
        self.dma.write(available_ring(queue) + 2, &ring.available.to_le_bytes()).expect("RAM");
    }

    /// Makes a chain of `buffers` available; returns its head.
    pub fn offer(&mut self, queue: usize, buffers: &[Buffer]) -> u16 {
        let head = self.rings[queue].next_descriptor;
        let mut room = Vec::new();
        for (i, buffer) in buffers.iter().enumerate() {
            let index = (head + i as u16) % QUEUE_SIZE;
            let (at, len) = (self.allocate(buffer.len()), buffer.len());
            let mut flags = if i + 1 < buffers.len() { 1 } else { 0 };
            match buffer {
                Buffer::Data(bytes) => self.dma.write(at, bytes).expect("RAM"),
                Buffer::Room(_) => {
                    flags |= 2;
                    room.push((at, len));
                }
            }
            let next = (index + 1) % QUEUE_SIZE;
            self.put_descriptor(queue, index, RawDescriptor { at, len: len as u32, flags, next });
        }
        self.rings[queue].next_descriptor = (head + buffers.len() as u16) % QUEUE_SIZE;
        self.rings[queue].room.insert(head, room);
        self.put_available(queue, head);
        head
    }

    pub fn notify(&mut self, queue: usize) {
        self.write(reg::QUEUE_NOTIFY, queue as u32);
    }

    pub fn used_index(&self, queue: usize) -> u16 {
        u16::from_le_bytes(self.dma.load(used_ring(queue) + 2).expect("RAM"))
    }

    /// The chains the device has given back since the last call: head, length.
    pub fn used(&mut self, queue: usize) -> Vec<(u16, u32)> {
        let index = self.used_index(queue);
        let mut used = Vec::new();
        let ring = &mut self.rings[queue];
        while ring.used_seen != index {
            let at = used_ring(queue) + 4 + 8 * u64::from(ring.used_seen % QUEUE_SIZE);
            let entry = u64::from_le_bytes(self.dma.load(at).expect("RAM"));
            used.push((entry as u16, (entry >> 32) as u32));
            ring.used_seen = ring.used_seen.wrapping_add(1);
        }
        used
    }

    /// What is in the writable buffers of the chain that started at `head`.
    pub fn room(&self, queue: usize, head: u16) -> Vec<u8> {
        let mut all = Vec::new();
        for &(at, len) in &self.rings[queue].room[&head] {
            let mut bytes = vec![0; len];
            self.dma.read(at, &mut bytes).expect("RAM");
            all.extend(bytes);
        }
        all
    }

    pub fn acknowledge_all(&mut self) {
        self.write(reg::INTERRUPT_ACK, 3);
        assert!(!self.irq.level());
    }

    /// The same guest after its device was saved and restored into `device`.
    pub fn moved_to(self, device: D) -> Guest<D> {
        let saved = self.device.save_any();
        let irq = IrqLine::unconnected();
        let mut device = MmioTransport::new(device, self.dma.clone(), irq.clone());
        device.restore_any(saved.clone()).expect("a state that was saved");
        assert_eq!(device.save_any(), saved);
        assert_eq!(irq.level(), self.irq.level());
        Guest { device, irq, ..self }
    }
}
