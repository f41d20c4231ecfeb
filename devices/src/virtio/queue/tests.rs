use crate::virtio::driver::{
    Buffer, Guest, NEXT_RAM, NEXT_RAM_BYTES, QUEUE_SIZE, RAM_BASE, RawDescriptor, available_ring, used_ring,
};
use crate::virtio::mmio::reg;
use crate::virtio::{QueueFault, Rng, feature, status};
use bus::{Device, EntropySource, PhysAddr};

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;

/// Two-byte requests get 1, 2, 3 and so on.
struct Counting(u16);

impl EntropySource for Counting {
    fn fill(&mut self, buf: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        for (byte, value) in buf.iter_mut().zip(self.0.to_le_bytes()) {
            *byte = value;
        }
    }
}

fn guest(features: u64) -> Guest<Rng> {
    Guest::started(Rng::new(Box::new(Counting(0))), features)
}

/// Writes an indirect table; its address and length.
fn table(guest: &mut Guest<Rng>, descriptors: &[RawDescriptor]) -> (PhysAddr, u32) {
    let at = guest.allocate(16 * descriptors.len());
    let bytes: Vec<u8> = descriptors.iter().flat_map(|descriptor| descriptor.bytes()).collect();
    guest.dma.write(at, &bytes).expect("RAM");
    (at, bytes.len() as u32)
}

fn descriptor(at: PhysAddr, len: u32, flags: u16, next: u16) -> RawDescriptor {
    RawDescriptor { at, len, flags, next }
}

/// Makes `descriptors` the start of the queue's table and offers chain 0.
fn offer_raw(guest: &mut Guest<Rng>, descriptors: &[RawDescriptor]) {
    for (i, &descriptor) in descriptors.iter().enumerate() {
        guest.put_descriptor(0, i as u16, descriptor);
    }
    guest.put_available(0, 0);
    guest.notify(0);
}

fn assert_stopped(guest: &mut Guest<Rng>, fault: QueueFault, what: &str) {
    assert_eq!(guest.device.transport().fault(), Some((0, fault)), "{what}");
    assert_ne!(guest.status() & status::NEEDS_RESET, 0, "{what}");
    assert_eq!((guest.read(reg::INTERRUPT_STATUS), guest.irq.level()), (2, true), "{what}");
    assert_eq!(guest.used_index(0), 0, "{what}");
    guest.offer(0, &[Buffer::room(2)]);
    guest.notify(0);
    assert_eq!(guest.used_index(0), 0, "{what}: goes on");
}

#[test]
fn malformed_chains_stop_the_device() {
    use QueueFault::*;
    let (ok, end) = (RAM_BASE + 0x2_0000, NEXT_RAM);
    let d = descriptor;
    let cases: [(&str, &[RawDescriptor], QueueFault); 14] = [
        ("itself next", &[d(ok, 2, WRITE | NEXT, 0)], ChainTooLong),
        ("a loop", &[d(ok, 2, NEXT, 1), d(ok, 2, NEXT, 0)], ChainTooLong),
        ("a loop of nothing", &[d(ok, 0, NEXT, 1), d(ok, 0, NEXT, 0)], ChainTooLong),
        ("next past the table", &[d(ok, 2, NEXT, QUEUE_SIZE)], IndexOutOfRange),
        ("next far past the table", &[d(ok, 2, NEXT, u16::MAX)], IndexOutOfRange),
        ("below RAM", &[d(0, 2, WRITE, 0)], BufferOutsideRam),
        ("starting below RAM", &[d(RAM_BASE - 1, 2, WRITE, 0)], BufferOutsideRam),
        ("running into other RAM", &[d(end - 1, 2, WRITE, 0)], BufferOutsideRam),
        ("longer than RAM", &[d(ok, u32::MAX, WRITE, 0)], BufferOutsideRam),
        ("wrapping around", &[d(u64::MAX, 2, WRITE, 0)], BufferOutsideRam),
        ("write before read", &[d(ok, 2, WRITE | NEXT, 1), d(ok, 2, 0, 0)], ReadableAfterWritable),
        ("indirect of no length", &[d(ok, 0, INDIRECT, 0)], IndirectLength),
        ("indirect and next", &[d(ok, 16, INDIRECT | NEXT, 1), d(ok, 2, WRITE, 0)], IndirectNotAllowed),
        ("indirect outside RAM", &[d(end - 16, 32, INDIRECT, 0)], RingOutsideRam),
    ];
    for (what, descriptors, fault) in cases {
        let mut guest = guest(feature::INDIRECT_DESC);
        offer_raw(&mut guest, descriptors);
        assert_stopped(&mut guest, fault, what);
    }
}

#[test]
fn indirect_tables_of_odd_length_stop_the_device() {
    for len in [1, 15, 17, 31, u32::MAX] {
        let mut guest = guest(feature::INDIRECT_DESC);
        offer_raw(&mut guest, &[descriptor(RAM_BASE, len, INDIRECT, 0)]);
        assert_stopped(&mut guest, QueueFault::IndirectLength, &len.to_string());
    }
}

#[test]
fn bad_indirect_tables_stop_the_device() {
    let ok = RAM_BASE + 0x2_0000;
    let d = descriptor(ok, 1, 0, 0);
    let cases: [(&str, &[RawDescriptor], QueueFault); 4] = [
        ("nested", &[descriptor(ok, 16, INDIRECT, 0)], QueueFault::IndirectNotAllowed),
        ("a loop", &[descriptor(ok, 1, NEXT, 0)], QueueFault::ChainTooLong),
        ("next past the table", &[descriptor(ok, 1, NEXT, 2), d], QueueFault::IndexOutOfRange),
        ("outside RAM", &[descriptor(3, 1, WRITE, 0)], QueueFault::BufferOutsideRam),
    ];
    for (what, descriptors, fault) in cases {
        let mut guest = guest(feature::INDIRECT_DESC);
        let (at, len) = table(&mut guest, descriptors);
        offer_raw(&mut guest, &[descriptor(at, len, INDIRECT, 0)]);
        assert_stopped(&mut guest, fault, what);
    }
}

#[test]
fn indirect_descriptors_must_have_been_negotiated() {
    let mut guest = guest(0);
    offer_raw(&mut guest, &[descriptor(RAM_BASE, 16, INDIRECT, 0)]);
    assert_stopped(&mut guest, QueueFault::IndirectNotAllowed, "not negotiated");
}

#[test]
fn chains_of_more_than_4_gib_stop_the_device() {
    let mut guest = guest(feature::INDIRECT_DESC);
    let pieces = (1u64 << 32) / NEXT_RAM_BYTES;
    assert!(pieces < 1024, "else the count of descriptors would be the limit");
    let all: Vec<RawDescriptor> = (1..=pieces as u16)
        .map(|next| {
            let flags = if u64::from(next) < pieces { WRITE | NEXT } else { WRITE };
            descriptor(NEXT_RAM, NEXT_RAM_BYTES as u32, flags, next)
        })
        .collect();
    let (at, len) = table(&mut guest, &all);
    offer_raw(&mut guest, &[descriptor(at, len, INDIRECT, 0)]);
    assert_stopped(&mut guest, QueueFault::ChainTooLong, "4 GiB");
}

/// `count` writable bytes, each with its own descriptor of an indirect table.
fn offer_bytes(guest: &mut Guest<Rng>, count: u16) {
    let room = guest.allocate(count.into());
    let all: Vec<RawDescriptor> = (0..count)
        .map(|i| {
            let flags = if i + 1 < count { WRITE | NEXT } else { WRITE };
            descriptor(room + u64::from(i), 1, flags, i + 1)
        })
        .collect();
    let (at, len) = table(guest, &all);
    offer_raw(guest, &[descriptor(at, len, INDIRECT | WRITE, 0)]);
}

#[test]
fn indirect_tables_may_be_longer_than_the_queue_but_are_bounded() {
    let mut long = guest(feature::INDIRECT_DESC);
    offer_bytes(&mut long, 1024);
    assert_eq!(long.used(0), [(0, 1024)]);
    let mut longer = guest(feature::INDIRECT_DESC);
    offer_bytes(&mut longer, 1025);
    assert_stopped(&mut longer, QueueFault::ChainTooLong, "1025 descriptors");
}

#[test]
fn an_indirect_table_may_end_a_chain() {
    let mut guest = guest(feature::INDIRECT_DESC);
    let room = guest.allocate(4);
    let (at, len) = table(&mut guest, &[descriptor(room, 2, WRITE, 0)]);
    offer_raw(&mut guest, &[descriptor(RAM_BASE, 4, NEXT, 1), descriptor(at, len, INDIRECT, 0)]);
    assert_eq!(guest.used(0), [(0, 2)]);
    assert_eq!(guest.dma.load(room), Ok([1, 0, 0, 0]));
}

#[test]
fn empty_and_overlapping_buffers_are_harmless() {
    let mut guest = guest(0);
    let room = guest.allocate(4);
    let empty = descriptor(u64::MAX, 0, WRITE | NEXT, 1);
    offer_raw(&mut guest, &[empty, descriptor(room, 2, WRITE | NEXT, 2), descriptor(room + 1, 2, WRITE, 0)]);
    assert_eq!(guest.used(0), [(0, 4)]);
}

#[test]
fn an_available_index_too_far_ahead_stops_the_device() {
    for index in [QUEUE_SIZE + 1, 0x8000, u16::MAX] {
        let mut guest = guest(0);
        guest.dma.write(available_ring(0) + 2, &index.to_le_bytes()).expect("RAM");
        guest.notify(0);
        assert_stopped(&mut guest, QueueFault::AvailableIndex, &index.to_string());
    }
}

#[test]
fn a_head_outside_the_table_stops_the_device() {
    let mut guest = guest(0);
    guest.put_available(0, QUEUE_SIZE);
    guest.notify(0);
    assert_stopped(&mut guest, QueueFault::IndexOutOfRange, "head");
}

/// The request's answer is written over the available index, which so runs
/// ahead of the device for ever.
#[test]
fn requests_that_make_themselves_available_again_do_not_hang() {
    let mut guest = guest(0);
    let sixteen = [0; 2 * QUEUE_SIZE as usize];
    guest.dma.write(available_ring(0) + 4, &sixteen).expect("RAM");
    guest.put_descriptor(0, 0, descriptor(available_ring(0) + 2, 2, WRITE, 0));
    guest.dma.write(available_ring(0) + 2, &1u16.to_le_bytes()).expect("RAM");
    // The first answer is 1: nothing new. From then on it is one ahead.
    guest.notify(0);
    assert_eq!((guest.used_index(0), guest.device.deadline()), (1, None));
    guest.dma.write(available_ring(0) + 2, &2u16.to_le_bytes()).expect("RAM");
    guest.device.with_device(|rng| *rng = Rng::new(Box::new(Counting(2))));
    let after_first = guest.used_index(0);
    assert_eq!(guest.device.deadline(), Some(0));
    guest.device.expire();
    assert!(guest.used_index(0) > after_first);
}

#[test]
fn indices_wrap_around() {
    let mut guest = guest(feature::EVENT_IDX);
    for i in 0..66_000u32 {
        let head = guest.offer(0, &[Buffer::room(2)]);
        guest.notify(0);
        assert_eq!(guest.used(0), [(head, 2)], "request {i}");
    }
    assert_eq!(guest.used_index(0), 66_000u32 as u16);
}

fn interrupted_by_a_request(guest: &mut Guest<Rng>) -> bool {
    guest.offer(0, &[Buffer::room(2)]);
    guest.notify(0);
    let level = guest.irq.level();
    guest.acknowledge_all();
    level
}

#[test]
fn the_driver_can_do_without_interrupts() {
    let mut guest = guest(0);
    assert!(interrupted_by_a_request(&mut guest));
    guest.dma.write(available_ring(0), &[1, 0]).expect("RAM");
    assert!(!interrupted_by_a_request(&mut guest));
}

#[test]
fn interrupts_wait_for_the_used_event() {
    let mut guest = guest(feature::EVENT_IDX);
    let used_event = available_ring(0) + 4 + 2 * u64::from(QUEUE_SIZE);
    guest.dma.write(available_ring(0), &[1, 0]).expect("RAM"); // To be ignored.
    guest.dma.write(used_event, &[2, 0]).expect("RAM");
    let interrupted: Vec<bool> = (0..4).map(|_| interrupted_by_a_request(&mut guest)).collect();
    assert_eq!(interrupted, [false, false, true, false]);
}

#[test]
fn an_idle_device_asks_to_be_told_of_the_next_chain() {
    let mut guest = guest(feature::EVENT_IDX);
    let avail_event = used_ring(0) + 4 + 8 * u64::from(QUEUE_SIZE);
    for expected in 1..4u16 {
        guest.offer(0, &[Buffer::room(2)]);
        guest.notify(0);
        assert_eq!(guest.dma.load(avail_event), Ok(expected.to_le_bytes()));
    }
}
