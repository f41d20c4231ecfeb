//! Drivers that do anything at all: no panic, no hang, and nothing written but
//! used rings and writable buffers.

use super::driver::{
    Guest, NEXT_RAM, QUEUE_SIZE, RAM_BASE, RAM_BYTES, RawDescriptor, available_ring, ring_page,
};
use super::mmio::reg;
use super::{Blk, Console, Net, Rng, VirtioDevice, feature, status};
use bus::{AnySnapshot, BlockStore, CharSink, Clock, Device, EntropySource, NetPeer, PhysAddr, PollFd};
use proptest::collection::vec;
use proptest::prelude::*;
use std::io;

/// Where the driver's tables and readable buffers lie; never to be written.
const READABLE: PhysAddr = RAM_BASE + 0x1_0000;
const READABLE_BYTES: u64 = 0x1_0000;
/// Where writable buffers and moved used rings lie.
const WRITABLE: PhysAddr = READABLE + READABLE_BYTES;
const WRITABLE_BYTES: u64 = 0x1_0000;
/// Around these places nothing belongs to any buffer.
const GUARDS: [PhysAddr; 3] = [WRITABLE + WRITABLE_BYTES, NEXT_RAM - GUARD_BYTES, NEXT_RAM];
const GUARD_BYTES: u64 = 0x8000;

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;

/// A host that always has something to say.
#[derive(Clone)]
struct Host {
    disk: Vec<u8>,
    frames: usize,
}

impl CharSink for Host {
    fn write(&mut self, _bytes: &[u8]) {}
}

impl EntropySource for Host {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.fill(0xa5);
    }
}

impl NetPeer for Host {
    fn send(&mut self, frame: &[u8], _now_ns: u64) {
        assert!(!frame.is_empty() && frame.len() <= 65550);
    }
    fn receive(&mut self, _now_ns: u64) -> Option<Vec<u8>> {
        self.frames = self.frames.checked_sub(1)?;
        Some(vec![0xff; self.frames * 97 % 2000])
    }
    fn deadline(&self) -> Option<u64> {
        None
    }
    fn poll_fds(&self, _out: &mut Vec<PollFd>) {}
}

/// Ranges are the device's to check: outside ones panic here.
impl BlockStore for Host {
    fn len_bytes(&self) -> u64 {
        self.disk.len() as u64
    }
    fn read_only(&self) -> bool {
        false
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        buf.copy_from_slice(&self.disk[offset as usize..offset as usize + buf.len()]);
        Ok(())
    }
    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        self.disk[offset as usize..offset as usize + buf.len()].copy_from_slice(buf);
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()> {
        self.disk[offset as usize..(offset + len_bytes) as usize].fill(0);
        Ok(())
    }
}

fn host() -> Box<Host> {
    Box::new(Host { disk: vec![0x5a; 64 << 10], frames: 100 })
}

#[derive(Clone, Debug)]
enum Op {
    Read { offset: u64, bytes: u8 },
    Write { offset: u64, bytes: u8, value: u64 },
    Notify(usize),
    MakeAvailable { queue: usize, head: u16 },
    AvailableIndex { queue: usize, index: u16 },
    Poll,
    SaveAndRestore,
}

/// Descriptors that keep readable and writable memory apart, else anything.
fn descriptor() -> impl Strategy<Value = RawDescriptor> {
    let bad_at = prop_oneof![
        Just(0),
        Just(RAM_BASE - 1),
        Just(RAM_BASE + RAM_BYTES - 1),
        Just(u64::MAX - 1),
        any::<u64>().prop_map(|at| at | 1 << 40),
    ];
    let len = prop_oneof![8 => 0..40u32, 4 => 500..600u32, 1 => Just(4097)];
    (0..0x7000u64, len, 0..8u16, 0..QUEUE_SIZE + 2, bad_at, 0..40u32).prop_map(
        |(offset, len, flags, next, bad_at, luck)| {
            let flags = if luck % 4 == 0 { flags } else { flags & !INDIRECT };
            let len = match flags & (WRITE | INDIRECT) {
                0 if luck == 2 => u32::MAX,
                0 | WRITE => len,
                _ if luck == 4 => len,
                _ => len % 16 * 16,
            };
            // One byte at the end of RAM would be a buffer like any other, in a guard.
            let len = if luck == 1 { len.max(2) } else { len };
            let at = match flags & (WRITE | INDIRECT) {
                _ if luck == 1 => bad_at,
                0 => READABLE + 0x1000 + offset,
                // Up to the byte before a guard, where an error would show.
                WRITE if luck % 3 == 0 => GUARDS[0] - u64::from(len),
                WRITE => WRITABLE + offset,
                // Indirect tables lie at the start of readable memory.
                _ => READABLE + offset % 0x100 / 16 * 16,
            };
            RawDescriptor { at, len, flags, next }
        },
    )
}

/// Chains in which readable parts come first, as most of them must be to get
/// anywhere: with luck, descriptor 0 starts a block request.
fn sensible(mut table: Vec<RawDescriptor>, kind: u8) -> Vec<RawDescriptor> {
    for (i, descriptor) in table.iter_mut().enumerate().skip(1).step_by(2) {
        *descriptor = match i % 4 {
            1 => RawDescriptor { at: READABLE + 0x800, len: 16, flags: NEXT, next: i as u16 + 1 },
            _ => {
                let len = 513 + u32::from(kind);
                RawDescriptor { at: GUARDS[0] - u64::from(len), len, flags: WRITE, next: 0 }
            }
        };
    }
    table
}

fn op() -> impl Strategy<Value = Op> {
    let width = prop_oneof![Just(4u8), Just(1), Just(2), Just(8)];
    let value = prop_oneof![any::<u64>(), 0..20u64, Just(WRITABLE & 0xffff_ffff), Just(0x8000_0000)];
    let offset = prop_oneof![0..0x210u64, (0..0x40u64).prop_map(|i| 4 * i)];
    let queue = 0..4usize;
    prop_oneof![
        1 => (offset.clone(), width.clone()).prop_map(|(offset, bytes)| Op::Read { offset, bytes }),
        2 => (offset, width, value).prop_map(|(offset, bytes, value)| Op::Write { offset, bytes, value }),
        4 => queue.clone().prop_map(Op::Notify),
        6 => (queue.clone(), 0..QUEUE_SIZE + 1)
            .prop_map(|(queue, head)| Op::MakeAvailable { queue, head }),
        1 => (queue, any::<u16>()).prop_map(|(queue, index)| Op::AvailableIndex { queue, index }),
        2 => Just(Op::Poll),
        1 => Just(Op::SaveAndRestore),
    ]
}

/// All memory the device must not write.
fn forbidden<D: VirtioDevice>(guest: &Guest<D>, queues: usize) -> Vec<u8> {
    let mut areas = vec![(READABLE, READABLE_BYTES)];
    areas.extend(GUARDS.map(|at| (at, GUARD_BYTES)));
    // Descriptor tables and available rings; used rings share their pages.
    areas.extend((0..queues).map(|queue| (ring_page(queue), 0x800)));
    let mut all = Vec::new();
    for (at, len) in areas {
        let start = all.len();
        all.resize(start + len as usize, 0);
        guest.dma.read(at, &mut all[start..]).expect("RAM");
    }
    all
}

fn apply<D: VirtioDevice>(guest: &mut Guest<D>, op: &Op, queues: usize) {
    match *op {
        Op::Read { offset, bytes } => {
            guest.device.read(offset, bytes);
        }
        Op::Write { offset, bytes, value } => {
            // Where the used ring lies is the driver's choice: keep it apart.
            let value = match offset {
                reg::QUEUE_DEVICE_LOW => (WRITABLE + value % (WRITABLE_BYTES / 2)) & 0xffff_ffff,
                reg::QUEUE_DEVICE_HIGH if value % 4 != 0 => value | 1,
                reg::QUEUE_DEVICE_HIGH => 0,
                _ => value,
            };
            guest.device.write(offset, bytes, value);
        }
        Op::Notify(queue) => guest.notify(queue),
        Op::MakeAvailable { queue, head } => guest.put_available(queue % queues, head),
        Op::AvailableIndex { queue, index } => {
            guest.dma.write(available_ring(queue % queues) + 2, &index.to_le_bytes()).expect("RAM");
        }
        Op::Poll => guest.device.poll(),
        Op::SaveAndRestore => {
            let saved = guest.device.save_any();
            guest.device.restore_any(saved.clone()).expect("a state that was saved");
            assert_eq!(guest.device.save_any(), saved);
        }
    }
}

fn prepare<D: VirtioDevice>(guest: &Guest<D>, queues: usize, table: &[RawDescriptor], kind: u8) {
    for at in GUARDS {
        guest.dma.write(at, &[0xc3; GUARD_BYTES as usize]).expect("RAM");
    }
    let table = sensible(table.to_vec(), kind % 2);
    for (i, descriptor) in table.iter().enumerate() {
        guest.dma.write(READABLE + 16 * i as u64, &descriptor.bytes()).expect("RAM");
        (0..queues).for_each(|queue| guest.put_descriptor(queue, i as u16, *descriptor));
    }
    let header = [kind, 0, 0, 0, 0, 0, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0];
    guest.dma.write(READABLE + 0x800, &header).expect("RAM");
}

/// What the driver did wrong stops the device; it then starts again.
fn survives<D: VirtioDevice>(device: D, table: &[RawDescriptor], kind: u8, ops: &[Op]) {
    let queues = device.queue_sizes().len();
    let features = device.features() | feature::OFFERED_BY_ALL;
    let mut guest = Guest::started(device, features);
    prepare(&guest, queues, table, kind);
    for op in ops {
        let by_driver = matches!(op, Op::MakeAvailable { .. } | Op::AvailableIndex { .. });
        let before = (!by_driver).then(|| forbidden(&guest, queues));
        apply(&mut guest, op, queues);
        let harmless = before.is_none_or(|before| before == forbidden(&guest, queues));
        assert!(harmless, "{op:?} wrote where it must not");
        if guest.status() & status::NEEDS_RESET != 0 {
            guest.start(features);
            prepare(&guest, queues, table, kind);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_driver_harms_the_host_or_its_own_memory(
        table in vec(descriptor(), usize::from(QUEUE_SIZE)),
        kind in 0..16u8,
        ops in vec(op(), 1..40),
    ) {
        survives(Blk::new(host(), "disk"), &table, kind, &ops);
        survives(Net::new(host(), [2; 6], Clock::counted()), &table, kind, &ops);
        survives(Rng::new(host()), &table, kind, &ops);
        let mut console = Console::new(host(), Some((80, 25)));
        console.receive(&[b'x'; 3000]);
        survives(console, &table, kind, &ops);
    }
}
