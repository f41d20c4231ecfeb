//! The cable's near end: frames waiting for the guest, and the guest's Ethernet
//! addresses (ARP, RFC 826).

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, ETHERNET_HEADER_LEN, EthernetAddress, EthernetProtocol, IpProtocol,
};

use super::config::Config;
use super::packet::{self, Route};
use super::table::Table;

/// Beyond this many waiting frames no more bulk data is added.
const BULK_FRAMES: usize = 256;
/// Beyond this many waiting frames replies are lost as well.
const MAX_FRAMES: usize = 1024;
/// Most frames that wait for the answer to an ARP request.
const MAX_UNRESOLVED: usize = 64;
/// How long a frame waits for that answer.
const RESOLVE_NS: u64 = 3_000_000_000;
/// Most guest addresses remembered.
const MAX_NEIGHBORS: usize = 64;

const BROADCAST: [u8; 6] = [0xff; 6];

/// Frames towards the guest.
pub(super) struct Link {
    queue: VecDeque<Vec<u8>>,
    neighbors: Table<Ipv4Addr, [u8; 6]>,
    unresolved: VecDeque<Unresolved>,
    gateway: Ipv4Addr,
    mac: [u8; 6],
    mtu_bytes: usize,
    next_ident: u16,
}

struct Unresolved {
    dst: Ipv4Addr,
    frame: Vec<u8>,
    since_ns: u64,
}

impl Link {
    pub(super) fn new(config: &Config) -> Link {
        Link {
            queue: VecDeque::new(),
            neighbors: Table::new(MAX_NEIGHBORS),
            unresolved: VecDeque::new(),
            gateway: config.gateway,
            mac: config.gateway_mac,
            mtu_bytes: usize::from(config.mtu_bytes),
            next_ident: 0,
        }
    }

    pub(super) fn mtu_bytes(&self) -> usize {
        self.mtu_bytes
    }

    pub(super) fn pop(&mut self) -> Option<Vec<u8>> {
        self.queue.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether bulk data may be added. Held back here, it needs no
    /// retransmission later.
    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < BULK_FRAMES
    }

    /// Remembers that `address` is at `mac`, and sends what waited to know.
    pub(super) fn learn(&mut self, address: Ipv4Addr, mac: [u8; 6], now_ns: u64) {
        match self.neighbors.touch(&address, now_ns) {
            Some(known) => *known = mac,
            None => _ = self.neighbors.insert(address, mac, now_ns),
        }
        if self.unresolved.is_empty() {
            return;
        }
        for waiting in std::mem::take(&mut self.unresolved) {
            match waiting.dst == address {
                true if now_ns.saturating_sub(waiting.since_ns) < RESOLVE_NS => self.push(waiting.frame, mac),
                true => (),
                false => self.unresolved.push_back(waiting),
            }
        }
    }

    /// Answers an ARP request for one of our addresses.
    pub(super) fn arp(&mut self, payload: &[u8], config: &Config, now_ns: u64) {
        let Some(ArpRepr::EthernetIpv4 {
            operation,
            source_hardware_addr,
            source_protocol_addr,
            target_protocol_addr,
            ..
        }) = ArpPacket::new_checked(payload).ok().and_then(|packet| ArpRepr::parse(&packet).ok())
        else {
            return;
        };
        if !source_hardware_addr.is_unicast() {
            return;
        }
        if config.is_guest(source_protocol_addr) {
            self.learn(source_protocol_addr, source_hardware_addr.0, now_ns);
        }
        if operation == ArpOperation::Request && config.is_own(target_protocol_addr) {
            self.push_arp(
                source_hardware_addr.0,
                ArpRepr::EthernetIpv4 {
                    operation: ArpOperation::Reply,
                    source_hardware_addr: EthernetAddress(self.mac),
                    source_protocol_addr: target_protocol_addr,
                    target_hardware_addr: source_hardware_addr,
                    target_protocol_addr: source_protocol_addr,
                },
            );
        }
    }

    /// Sends `payload` as an IPv4 packet, in fragments if need be.
    pub(super) fn send_ipv4(
        &mut self,
        src: Ipv4Addr,
        dst: Ipv4Addr,
        protocol: IpProtocol,
        payload: &[u8],
        now_ns: u64,
    ) {
        for frame in self.ipv4_frames(src, dst, protocol, payload) {
            self.push_ipv4(dst, frame, now_ns);
        }
    }

    /// Sends `payload` as an IPv4 packet to a station whose address is not
    /// settled yet.
    pub(super) fn send_ipv4_to(
        &mut self,
        mac: [u8; 6],
        src: Ipv4Addr,
        dst: Ipv4Addr,
        protocol: IpProtocol,
        payload: &[u8],
    ) {
        for frame in self.ipv4_frames(src, dst, protocol, payload) {
            self.push(frame, mac);
        }
    }

    fn ipv4_frames(
        &mut self,
        src: Ipv4Addr,
        dst: Ipv4Addr,
        protocol: IpProtocol,
        payload: &[u8],
    ) -> Vec<Vec<u8>> {
        self.next_ident = self.next_ident.wrapping_add(1);
        let route = Route { src, dst, mtu_bytes: self.mtu_bytes };
        packet::ipv4_frames(route, protocol, self.next_ident, payload)
    }

    /// Queues a frame with an IPv4 packet for `dst` whose Ethernet header is
    /// still blank.
    pub(super) fn push_ipv4(&mut self, dst: Ipv4Addr, frame: Vec<u8>, now_ns: u64) {
        if let Some(mac) = self.neighbors.get_mut(&dst).copied() {
            return self.push(frame, mac);
        }
        if self.unresolved.len() >= MAX_UNRESOLVED {
            self.unresolved.pop_front();
        }
        self.unresolved.push_back(Unresolved { dst, frame, since_ns: now_ns });
        self.push_arp(
            BROADCAST,
            ArpRepr::EthernetIpv4 {
                operation: ArpOperation::Request,
                source_hardware_addr: EthernetAddress(self.mac),
                source_protocol_addr: self.gateway,
                target_hardware_addr: EthernetAddress([0; 6]),
                target_protocol_addr: dst,
            },
        );
    }

    fn push_arp(&mut self, dst: [u8; 6], arp: ArpRepr) {
        let mut frame = vec![0; ETHERNET_HEADER_LEN + arp.buffer_len()];
        arp.emit(&mut ArpPacket::new_unchecked(&mut frame[ETHERNET_HEADER_LEN..]));
        self.push_frame(frame, dst, EthernetProtocol::Arp);
    }

    fn push(&mut self, frame: Vec<u8>, mac: [u8; 6]) {
        self.push_frame(frame, mac, EthernetProtocol::Ipv4);
    }

    fn push_frame(&mut self, mut frame: Vec<u8>, mac: [u8; 6], protocol: EthernetProtocol) {
        if self.queue.len() < MAX_FRAMES {
            packet::set_ethernet(&mut frame, self.mac, mac, protocol);
            self.queue.push_back(frame);
        }
    }
}
