//! Network device, virtio-net (virtio 1.2, section 5.1): one pair of queues
//! and a control queue, mergeable receive buffers, no offloads.

use super::device::read_config_image;
use super::net_control::{Control, Effect};
use super::{Chain, QueueFault, Queues, VirtioDevice};
use bus::{Clock, NetPeer, PollFd, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

const RECEIVE: usize = 0;
const TRANSMIT: usize = 1;
const CONTROL: usize = 2;

/// Size of the header before every frame (section 5.1.6).
const HEADER_BYTES: usize = 12;
/// Offset of `num_buffers` in it.
const NUM_BUFFERS: usize = 10;
/// The largest frame: with its header, 65562 bytes (section 5.1.6.3.1).
const FRAME_BYTES_MAX: usize = 65550;
/// Frames taken from the peer in one call.
const FRAMES_MAX: usize = 256;
/// In `status` of configuration space: the cable is plugged in.
const LINK_UP: u16 = 1;

/// Feature bits (section 5.1.3), as masks.
pub(super) mod feature {
    pub const MAC: u64 = 1 << 5;
    pub const MRG_RXBUF: u64 = 1 << 15;
    pub const STATUS: u64 = 1 << 16;
    pub const CTRL_VQ: u64 = 1 << 17;
    pub const CTRL_RX: u64 = 1 << 18;
    pub const CTRL_MAC_ADDR: u64 = 1 << 23;
}

/// An Ethernet address.
pub type MacAddr = [u8; 6];

/// What the driver has set, and the frame it has had no room for.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Debug)]
pub struct NetState {
    mac: MacAddr,
    control: Control,
    waiting: Option<Vec<u8>>,
}

/// A network card for the guest.
pub struct Net {
    state: NetState,
    factory_mac: MacAddr,
    peer: Box<dyn NetPeer>,
    clock: Clock,
    /// The guest has given no room; it will notify when it does.
    starved: bool,
    frame: Box<[u8]>,
    chains: Vec<Chain>,
}

/// What became of a frame for the guest.
enum Delivery {
    Done,
    NoRoom,
}

impl Net {
    /// A card with address `mac`, its cable plugged into `peer`.
    pub fn new(peer: Box<dyn NetPeer>, mac: MacAddr, clock: Clock) -> Net {
        let state = NetState { mac, ..NetState::default() };
        let frame = vec![0; FRAME_BYTES_MAX].into_boxed_slice();
        Net { state, factory_mac: mac, peer, clock, starved: false, frame, chains: Vec::new() }
    }

    /// The file descriptors on which a sleeping run loop has to wait.
    pub fn poll_fds(&self, out: &mut Vec<PollFd>) {
        self.peer.poll_fds(out);
    }

    /// The other end of the cable.
    pub fn peer(&mut self) -> &mut dyn NetPeer {
        &mut *self.peer
    }

    fn transmit(&mut self, queues: &mut Queues<'_>) {
        while let Some(mut chain) = queues.pop(TRANSMIT) {
            let header = chain.read(queues.dma(), &mut [0; HEADER_BYTES]);
            let len = chain.readable_bytes();
            // A chain that holds no frame, or none that fits a packet, is
            // given back unsent: cards drop such frames too.
            if header == HEADER_BYTES && (1..=FRAME_BYTES_MAX as u64).contains(&len) {
                let frame = &mut self.frame[..len as usize];
                chain.read(queues.dma(), frame);
                self.peer.send(frame, self.clock.now_ns());
            }
            queues.push(TRANSMIT, chain);
        }
    }

    /// Frames stay with the peer for as long as the guest has no room at all.
    fn receive(&mut self, queues: &mut Queues<'_>) {
        for _ in 0..FRAMES_MAX {
            self.starved = !queues.available(RECEIVE);
            if self.starved {
                return;
            }
            let next = self.state.waiting.take().or_else(|| self.peer.receive(self.clock.now_ns()));
            let Some(frame) = next else { return };
            let wanted = !queues.has(feature::CTRL_RX) || self.state.control.wants(&frame, &self.state.mac);
            if wanted
                && frame.len() <= FRAME_BYTES_MAX
                && let Delivery::NoRoom = self.deliver(queues, &frame)
            {
                self.state.waiting = Some(frame);
                self.starved = true;
                return;
            }
        }
    }

    /// Section 5.1.6.4: header and frame fill one chain, or as many as it
    /// takes if that was negotiated.
    fn deliver(&mut self, queues: &mut Queues<'_>, frame: &[u8]) -> Delivery {
        let needed = (HEADER_BYTES + frame.len()) as u64;
        let chains_max = if queues.has(feature::MRG_RXBUF) { usize::MAX } else { 1 };
        let mut room = 0;
        while room < needed && self.chains.len() < chains_max {
            let Some(chain) = queues.pop(RECEIVE) else { break };
            room += chain.writable_bytes();
            self.chains.push(chain);
        }
        if room < needed {
            let too_large = self.chains.len() == chains_max;
            while let Some(chain) = self.chains.pop() {
                queues.undo_pop(RECEIVE, chain);
            }
            // Without merging a frame larger than a buffer is lost.
            return if too_large { Delivery::Done } else { Delivery::NoRoom };
        }
        let mut header = [0; HEADER_BYTES];
        header[NUM_BUFFERS..].copy_from_slice(&(self.chains.len() as u16).to_le_bytes());
        self.scatter(queues, &header);
        self.scatter(queues, frame);
        for chain in self.chains.drain(..) {
            queues.push(RECEIVE, chain);
        }
        Delivery::Done
    }

    fn scatter(&mut self, queues: &Queues<'_>, mut bytes: &[u8]) {
        for chain in &mut self.chains {
            let done = chain.write(queues.dma(), bytes);
            bytes = &bytes[done..];
        }
    }

    fn command(&mut self, queues: &mut Queues<'_>) {
        while let Some(mut chain) = queues.pop(CONTROL) {
            if chain.writable_bytes() == 0 {
                queues.fail(CONTROL, QueueFault::NoRoomForStatus);
                return;
            }
            let effect = self.state.control.execute(&mut chain, queues);
            if let Effect::NewMac(mac) = effect {
                self.state.mac = mac;
            }
            chain.write_last(queues.dma(), effect.status());
            queues.push(CONTROL, chain);
        }
    }
}

impl VirtioDevice for Net {
    const DEVICE_ID: u32 = 1;

    fn features(&self) -> u64 {
        use feature::*;
        MAC | STATUS | MRG_RXBUF | CTRL_VQ | CTRL_RX | CTRL_MAC_ADDR
    }

    fn queue_sizes(&self) -> &'static [u16] {
        &[256, 256, 64]
    }

    /// Section 5.1.4.
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let mut image = [0; 8];
        image[..6].copy_from_slice(&self.state.mac);
        image[6..].copy_from_slice(&LINK_UP.to_le_bytes());
        read_config_image(&image, offset, data);
    }

    fn reset(&mut self) {
        self.state = NetState { mac: self.factory_mac, ..NetState::default() };
        self.starved = false;
    }

    fn notify(&mut self, queue: usize, queues: &mut Queues<'_>) {
        match queue {
            RECEIVE => self.receive(queues),
            TRANSMIT => {
                self.transmit(queues);
                self.receive(queues);
            }
            _ => self.command(queues),
        }
    }

    fn poll(&mut self, queues: &mut Queues<'_>) {
        self.command(queues);
        self.transmit(queues);
        self.receive(queues);
    }

    fn deadline(&self) -> Option<u64> {
        if self.starved { None } else { self.peer.deadline() }
    }
}

impl Snapshot for Net {
    const KIND: &'static str = "virtio-net";
    const VERSION: u32 = 1;
    type State = NetState;

    fn save(&self) -> NetState {
        self.state.clone()
    }

    fn restore(&mut self, state: NetState) -> Result<(), RestoreError> {
        if state.waiting.as_ref().is_some_and(|frame| frame.len() > FRAME_BYTES_MAX) {
            let reason = format!("a frame of more than {FRAME_BYTES_MAX} bytes waits");
            return Err(RestoreError { kind: Net::KIND.into(), reason });
        }
        self.state = state;
        self.starved = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
