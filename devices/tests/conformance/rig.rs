//! What a device under test is wired to, all of it observable.

use bus::{
    AddressSpace, BlockStore, CharSink, Clock, Dma, EntropySource, Initiator, IrqLine, NetPeer, PAGE_BYTES,
    PollFd, Ram,
};
use devices::power::{Power, PowerRequest};
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::sync::{Arc, Mutex};

/// Where RAM begins.
pub const RAM: u64 = 0x8000_0000;
const RAM_BYTES: u64 = 4 * PAGE_BYTES;
const DISK_BYTES: usize = 8192;
const WIRES: usize = 6;

/// The surroundings of one device.
pub struct Rig {
    pub clock: Clock,
    pub initiator: Initiator,
    pub wires: Vec<IrqLine>,
    pub power: Power,
    pub output: Output,
    pub disk: Disk,
    pub dma: Dma,
    ram: Arc<Ram>,
}

/// All that can be seen of a device from outside, but for RAM.
#[derive(Debug, PartialEq)]
pub struct Seen {
    wires: Vec<bool>,
    power: Option<PowerRequest>,
    output: Vec<u8>,
    /// A hash of the contents.
    disk: u64,
}

impl Rig {
    pub fn new() -> Rig {
        let ram = Arc::new(Ram::new(RAM, RAM_BYTES).expect("a small mapping"));
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::clone(&ram));
        Rig {
            clock: Clock::counted(),
            initiator: Initiator::default(),
            wires: (0..WIRES).map(|_| IrqLine::unconnected()).collect(),
            power: Power::default(),
            output: Output::default(),
            disk: Disk(Arc::new(Mutex::new(vec![0; DISK_BYTES]))),
            dma: space.dma(),
            ram,
        }
    }

    /// Surroundings for a restored device: time, RAM, disk and what was sent
    /// are as here; the wires are still low.
    pub fn copy(&self) -> Rig {
        let rig = Rig::new();
        rig.clock.advance_to(self.clock.now_ns());
        rig.dma.write(RAM, &self.ram()).expect("equally large");
        *rig.disk.0.lock().expect("one thread") = self.disk.0.lock().expect("one thread").clone();
        *rig.output.0.lock().expect("one thread") = self.output.0.lock().expect("one thread").clone();
        if let Some(request) = self.power.pending() {
            rig.power.request(request);
        }
        rig
    }

    pub fn seen(&self) -> Seen {
        Seen {
            wires: self.wires.iter().map(IrqLine::level).collect(),
            power: self.power.pending(),
            output: self.output.0.lock().expect("one thread").clone(),
            disk: self.disk.hash(),
        }
    }

    pub fn ram(&self) -> Vec<u8> {
        let mut bytes = vec![0; RAM_BYTES as usize];
        assert!(self.ram.read(RAM, &mut bytes));
        bytes
    }

    pub fn poke(&self, at: u64, value: u64) {
        self.ram.store(at, 8, value).expect("steps stay inside RAM");
    }
}

/// A serial line that remembers.
#[derive(Clone, Default)]
pub struct Output(Arc<Mutex<Vec<u8>>>);

impl CharSink for Output {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().expect("one thread").extend(bytes);
    }
}

/// A small disk.
#[derive(Clone)]
pub struct Disk(Arc<Mutex<Vec<u8>>>);

impl Disk {
    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.0.lock().expect("one thread"));
        hasher.finish()
    }

    fn with<R>(&self, offset: u64, len: usize, act: impl FnOnce(&mut [u8]) -> R) -> io::Result<R> {
        let mut bytes = self.0.lock().expect("one thread");
        let end = usize::try_from(offset).ok().and_then(|start| Some(start..start.checked_add(len)?));
        let range = end.and_then(|range| bytes.get_mut(range));
        range.map(act).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl BlockStore for Disk {
    fn len_bytes(&self) -> u64 {
        DISK_BYTES as u64
    }
    fn read_only(&self) -> bool {
        false
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.with(offset, buf.len(), |bytes| buf.copy_from_slice(bytes))
    }
    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        self.with(offset, buf.len(), |bytes| bytes.copy_from_slice(buf))
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()> {
        self.with(offset, len_bytes as usize, |bytes| bytes.fill(0))
    }
}

/// A cable nobody answers on.
pub struct Silence;

impl NetPeer for Silence {
    fn send(&mut self, _frame: &[u8], _now_ns: u64) {}
    fn receive(&mut self, _now_ns: u64) -> Option<Vec<u8>> {
        None
    }
    fn deadline(&self) -> Option<u64> {
        None
    }
    fn poll_fds(&self, _out: &mut Vec<PollFd>) {}
}

/// Randomness that is the same for every device.
pub struct Constant;

impl EntropySource for Constant {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.fill(0x5a);
    }
}
