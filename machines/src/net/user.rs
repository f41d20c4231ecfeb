//! The user network: hands each guest frame to its protocol, and collects what
//! the host side has to say.

use std::net::SocketAddr;
use std::os::fd::{AsRawFd, BorrowedFd};

use bus::{NetPeer, PollFd};
use rustix::event::{PollFlags, Timespec, poll};
use smoltcp::wire::{DHCP_SERVER_PORT, ETHERNET_HEADER_LEN, EthernetFrame, EthernetProtocol, IpProtocol};

use super::config::{Config, Error};
use super::dhcp::DhcpServer;
use super::flow::FlowKey;
use super::icmp::{Ping, PingKey};
use super::link::Link;
use super::packet::Ipv4;
use super::reassembly::{self, Reassembly};
use super::tcp::Tcp;
use super::udp::Udp;

/// A network of one guest behind address translation, made of ordinary host
/// sockets.
pub struct UserNet {
    config: Config,
    link: Link,
    reassembly: Reassembly,
    dhcp: DhcpServer,
    ping: Ping,
    udp: Udp,
    tcp: Tcp,
}

/// A host socket that may have something for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    TcpForward(usize),
    Tcp(FlowKey),
    UdpForward(usize),
    Udp(FlowKey),
    Ping(PingKey),
}

/// A host socket and the events it is waited on for.
pub(super) struct Interest<'a> {
    pub source: Source,
    pub fd: BorrowedFd<'a>,
    pub events: PollFlags,
}

impl UserNet {
    /// Sets up the network and opens the sockets its forwards listen on.
    ///
    /// # Errors
    /// If the configuration contradicts itself, or the host refuses a listening
    /// socket.
    pub fn new(config: Config) -> Result<UserNet, Error> {
        config.check()?;
        Ok(UserNet {
            link: Link::new(&config),
            reassembly: Reassembly::new(),
            dhcp: DhcpServer::new(&config),
            ping: Ping::new(),
            udp: Udp::new(&config)?,
            tcp: Tcp::new(&config)?,
            config,
        })
    }

    /// Where forward number `number` of the configuration listens, with the
    /// port the host chose if it was left to it.
    pub fn forward_addr(&self, number: usize) -> Option<SocketAddr> {
        self.tcp.forward_addr(number).or_else(|| self.udp.forward_addr(number))
    }

    fn ipv4(&mut self, source_mac: [u8; 6], bytes: &[u8], now_ns: u64) {
        let whole;
        let bytes = if reassembly::is_fragment(bytes) {
            match self.reassembly.add(bytes, now_ns) {
                Some(packet) => whole = packet,
                None => return,
            }
            &whole
        } else {
            bytes
        };
        let Some(packet) = Ipv4::parse(bytes) else { return };
        // A client without an address speaks DHCP from 0.0.0.0.
        if packet.src.is_unspecified() && packet.protocol == IpProtocol::Udp {
            return self.udp(&packet, now_ns);
        }
        if !self.config.is_guest(packet.src) {
            return;
        }
        self.link.learn(packet.src, source_mac, now_ns);
        match packet.protocol {
            IpProtocol::Icmp => self.ping.handle(&packet, &self.config, &mut self.link, now_ns),
            IpProtocol::Udp => self.udp(&packet, now_ns),
            IpProtocol::Tcp => self.tcp.handle(&packet, &self.config, &mut self.link, now_ns),
            _ => (),
        }
    }

    fn udp(&mut self, packet: &Ipv4<'_>, now_ns: u64) {
        let Some((guest, remote, data)) = packet.udp() else { return };
        let ours = packet.dst.is_broadcast()
            || packet.dst == self.config.network.broadcast()
            || packet.dst == self.config.gateway;
        if ours && remote.port() == DHCP_SERVER_PORT {
            self.dhcp.handle(data, &self.config, &mut self.link, now_ns);
        } else if !packet.src.is_unspecified() {
            self.udp.send(FlowKey { guest, remote }, data, &self.config, &mut self.link, now_ns);
        }
    }

    /// Lets every socket that is ready, and every timer that is due, have its
    /// turn.
    fn pump(&mut self, now_ns: u64) {
        for source in self.ready() {
            let (config, link) = (&self.config, &mut self.link);
            match source {
                Source::TcpForward(number) => self.tcp.accept(number, config, link, now_ns),
                Source::Tcp(key) => self.tcp.wake(key, now_ns),
                Source::UdpForward(number) => self.udp.receive_forward(number, config, link, now_ns),
                Source::Udp(key) => self.udp.receive(key, link, now_ns),
                Source::Ping(key) => self.ping.receive(key, link, now_ns),
            }
        }
        self.tcp.service(&mut self.link, now_ns);
        self.tcp.expire(&mut self.link, now_ns);
        self.udp.expire(now_ns);
        self.ping.expire(now_ns);
    }

    pub(super) fn interests(&self) -> Vec<Interest<'_>> {
        let mut interests = Vec::new();
        self.tcp.interests(&mut interests);
        if self.link.has_room() {
            self.udp.interests(&mut interests);
            self.ping.interests(&mut interests);
        }
        interests
    }

    /// The sockets with something to do, found without waiting.
    fn ready(&self) -> Vec<Source> {
        let interests = self.interests();
        if interests.is_empty() {
            return Vec::new();
        }
        let mut fds: Vec<_> = interests
            .iter()
            .map(|interest| rustix::event::PollFd::from_borrowed_fd(interest.fd, interest.events))
            .collect();
        // An interrupted or failed poll finds nothing; the next one comes soon.
        if poll(&mut fds, Some(&Timespec::default())).is_err() {
            return Vec::new();
        }
        let ready = fds.iter().zip(&interests).filter(|(fd, _)| !fd.revents().is_empty());
        ready.map(|(_, interest)| interest.source).collect()
    }

    #[cfg(test)]
    pub(super) fn flow_counts(&self) -> (usize, usize) {
        (self.tcp.flow_count(), self.udp.flow_count())
    }
}

impl NetPeer for UserNet {
    fn send(&mut self, frame: &[u8], now_ns: u64) {
        let Ok(header) = EthernetFrame::new_checked(frame) else { return };
        let (source, destination) = (header.src_addr(), header.dst_addr());
        let to_us = destination.0 == self.config.gateway_mac || !destination.is_unicast();
        if !source.is_unicast() || !to_us {
            return;
        }
        let Some(payload) = frame.get(ETHERNET_HEADER_LEN..) else { return };
        match header.ethertype() {
            EthernetProtocol::Arp => self.link.arp(payload, &self.config, now_ns),
            EthernetProtocol::Ipv4 => self.ipv4(source.0, payload, now_ns),
            _ => (),
        }
    }

    fn receive(&mut self, now_ns: u64) -> Option<Vec<u8>> {
        if self.link.is_empty() {
            self.pump(now_ns);
        }
        self.link.pop()
    }

    /// 0 if a frame or unfinished work waits now; a card with no room for
    /// frames should not ask, and not wait on the descriptors either.
    fn deadline(&self) -> Option<u64> {
        if !self.link.is_empty() {
            return Some(0);
        }
        [self.tcp.deadline(), self.udp.next_expiry(), self.ping.next_expiry()].into_iter().flatten().min()
    }

    fn poll_fds(&self, out: &mut Vec<PollFd>) {
        out.extend(self.interests().iter().map(|interest| PollFd {
            fd: interest.fd.as_raw_fd(),
            readable: interest.events.contains(PollFlags::IN),
            writable: interest.events.contains(PollFlags::OUT),
        }));
    }
}
