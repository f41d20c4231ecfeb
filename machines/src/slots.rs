//! A board's windows for virtio devices.
//!
//! Linux numbers devices in the order in which the device tree has them; QEMU's
//! has the highest window first and fills that one first. Here too, so
//! `/dev/vda` is the first disk of the configuration.

use crate::board::{Board, NodeInfo, Part};
use crate::config::{ClockMode, MachineConfig};
use crate::error::MachineError;
use crate::host::{HostEntropy, SeededEntropy};
use bus::{Clock, Device, Dma, EntropySource, IrqLine, IrqSink, PhysAddr, Shared, shared};
use devices::virtio::{Blk, Console, EmptySlot, MmioTransport, Net, Rng, VirtioDevice};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// The card's address: QEMU's first.
const MAC: [u8; 6] = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
/// Sets the guest's random numbers apart from the seeds in its device tree.
const RNG_STREAM: u64 = 0x726e_6721;

/// Where the windows are.
#[derive(Clone)]
pub struct Windows {
    /// How many there are.
    pub count: usize,
    /// The first one; the others follow.
    pub first: Range<PhysAddr>,
    /// The first one's interrupt, as the memory map shows it.
    pub irq: u32,
    /// The first one's input of the controller; the others' follow.
    pub input: u32,
    /// The device-tree node of a window with this interrupt.
    pub node: fn(u32) -> NodeInfo,
}

/// The windows while they are filled.
pub struct Slots {
    windows: Windows,
    dma: Dma,
    inputs: Arc<dyn IrqSink>,
    filled: Vec<(&'static str, Arc<Mutex<dyn Device>>)>,
}

/// The devices that the host's side has a hand in.
pub type HostSides = (Option<Shared<MmioTransport<Net>>>, Option<Shared<MmioTransport<Console>>>);

impl Slots {
    /// Empty windows whose devices reach memory by `dma` and raise `inputs`.
    pub fn new(windows: Windows, dma: Dma, inputs: Arc<dyn IrqSink>) -> Slots {
        Slots { windows, dma, inputs, filled: Vec::new() }
    }

    /// The window that is filled next.
    fn next(&self) -> usize {
        self.windows.count - 1 - self.filled.len()
    }

    fn add<D: VirtioDevice + 'static>(&mut self, name: &'static str, device: D) -> Shared<MmioTransport<D>> {
        let irq = IrqLine::new(Arc::clone(&self.inputs), self.windows.input + self.next() as u32);
        let window = shared(MmioTransport::new(device, self.dma.clone(), irq));
        self.filled.push((name, window.clone()));
        window
    }

    /// Disks, network, randomness and console of `config`, in this order. It
    /// takes them from there.
    ///
    /// # Errors
    /// There are more disks than windows for them.
    pub fn fill(&mut self, config: &mut MachineConfig, clock: &Clock) -> Result<HostSides, MachineError> {
        let others = 1 + usize::from(config.net.is_some()) + usize::from(config.console.is_some());
        let room = self.windows.count - others;
        if config.drives.len() > room {
            return Err(MachineError::Option {
                option: "--drive",
                value: format!("{} times", config.drives.len()),
                remedy: format!("beside the other devices there is room for {room}"),
            });
        }
        for drive in std::mem::take(&mut config.drives) {
            self.add("virtio-blk", Blk::new(drive.store, &drive.name));
        }
        let net = config.net.take().map(|peer| self.add("virtio-net", Net::new(peer, MAC, clock.clone())));
        let entropy: Box<dyn EntropySource> = match config.clock {
            ClockMode::Count => Box::new(SeededEntropy::new(config.seed ^ RNG_STREAM)),
            ClockMode::Real => Box::new(HostEntropy),
        };
        self.add("virtio-rng", Rng::new(entropy));
        let console = config.console.take().map(|sink| self.add("virtio-console", Console::new(sink, None)));
        Ok((net, console))
    }

    /// Puts all windows on `board`, those without a device too.
    pub fn place(mut self, board: &mut Board) {
        while self.filled.len() < self.windows.count {
            self.filled.push(("virtio-empty", shared(EmptySlot)));
        }
        let Windows { count, first, irq, node, .. } = self.windows;
        let bytes = first.end - first.start;
        for (index, (name, device)) in self.filled.into_iter().enumerate() {
            let slot = count - 1 - index;
            let start = first.start + bytes * slot as u64;
            let irq = irq + slot as u32;
            let part = Part::new(format!("{name}@{slot}"), start..start + bytes).irq(irq).node(node(irq));
            board.add(part, device);
        }
    }
}
