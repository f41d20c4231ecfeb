//! The network device's control queue: receive filter and address
//! (virtio 1.2, section 5.1.6.5).

use super::net::{MacAddr, feature};
use super::{Chain, Queues};
use bus::Dma;
use serde::{Deserialize, Serialize};

/// Addresses kept of one table; with more, all of its kind are let through,
/// which section 5.1.6.5.2 permits.
const TABLE_MAX: u64 = 64;

/// Command classes and commands (sections 5.1.6.5.1 and 5.1.6.5.2).
mod command {
    pub const RX: u8 = 0;
    pub const RX_PROMISC: u8 = 0;
    pub const RX_ALLMULTI: u8 = 1;
    pub const MAC: u8 = 1;
    pub const MAC_TABLE_SET: u8 = 0;
    pub const MAC_ADDR_SET: u8 = 1;
}

/// Addresses to listen to.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
enum Table {
    Only(Vec<MacAddr>),
    All,
}

impl Table {
    fn has(&self, mac: &MacAddr) -> bool {
        match self {
            Table::Only(list) => list.contains(mac),
            Table::All => true,
        }
    }

    /// Reads a count and that many addresses.
    fn read(chain: &mut Chain, dma: &Dma) -> Option<Table> {
        let mut count = [0; 4];
        if chain.read(dma, &mut count) < count.len() {
            return None;
        }
        let count = u64::from(u32::from_le_bytes(count));
        if count * 6 > chain.readable_bytes() {
            return None;
        }
        if count > TABLE_MAX {
            chain.skip(count * 6);
            return Some(Table::All);
        }
        let mut list = vec![MacAddr::default(); count as usize];
        for mac in &mut list {
            chain.read(dma, mac);
        }
        Some(Table::Only(list))
    }
}

/// Which frames the guest wants.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub struct Control {
    promiscuous: bool,
    all_multicast: bool,
    unicast: Table,
    multicast: Table,
}

/// All frames, until the driver says otherwise.
impl Default for Control {
    fn default() -> Control {
        Control {
            promiscuous: true,
            all_multicast: false,
            unicast: Table::Only(Vec::new()),
            multicast: Table::Only(Vec::new()),
        }
    }
}

/// What a command came to.
pub(super) enum Effect {
    /// It is carried out.
    Done,
    /// It is carried out once the card has this address.
    NewMac(MacAddr),
    /// It is unknown, malformed or was not negotiated.
    Refused,
}

impl Effect {
    /// The `ack` byte (section 5.1.6.5).
    pub fn status(&self) -> u8 {
        match self {
            Effect::Done | Effect::NewMac(_) => 0,
            Effect::Refused => 1,
        }
    }
}

impl Control {
    /// Whether a card with address `own` passes `frame` on.
    pub fn wants(&self, frame: &[u8], own: &MacAddr) -> bool {
        let Some(destination) = frame.first_chunk::<6>() else { return false };
        let is_multicast = destination[0] & 1 != 0;
        if self.promiscuous || destination == &[0xff; 6] {
            true
        } else if is_multicast {
            self.all_multicast || self.multicast.has(destination)
        } else {
            destination == own || self.unicast.has(destination)
        }
    }

    /// Carries out one command.
    pub(super) fn execute(&mut self, chain: &mut Chain, queues: &Queues<'_>) -> Effect {
        let dma = queues.dma();
        let mut header = [0; 2];
        if chain.read(dma, &mut header) < header.len() {
            return Effect::Refused;
        }
        let needs = match (header[0], header[1]) {
            (command::MAC, command::MAC_ADDR_SET) => feature::CTRL_MAC_ADDR,
            _ => feature::CTRL_RX,
        };
        if !queues.has(needs) {
            return Effect::Refused;
        }
        self.dispatch(header, chain, dma).unwrap_or(Effect::Refused)
    }

    /// `None` if the command is unknown or too short.
    fn dispatch(&mut self, header: [u8; 2], chain: &mut Chain, dma: &Dma) -> Option<Effect> {
        match (header[0], header[1]) {
            (command::RX, mode @ (command::RX_PROMISC | command::RX_ALLMULTI)) => {
                let mut on = [0];
                let setting = match mode {
                    command::RX_PROMISC => &mut self.promiscuous,
                    _ => &mut self.all_multicast,
                };
                *setting = (chain.read(dma, &mut on) == 1).then_some(on[0] != 0)?;
                Some(Effect::Done)
            }
            (command::MAC, command::MAC_TABLE_SET) => {
                let unicast = Table::read(chain, dma)?;
                let multicast = Table::read(chain, dma)?;
                (self.unicast, self.multicast) = (unicast, multicast);
                Some(Effect::Done)
            }
            (command::MAC, command::MAC_ADDR_SET) => {
                let mut mac = MacAddr::default();
                (chain.read(dma, &mut mac) == mac.len()).then_some(Effect::NewMac(mac))
            }
            _ => None,
        }
    }
}
