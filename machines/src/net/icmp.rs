//! ICMP (RFC 792): echo, answered here for our own addresses and passed on for
//! others, and unreachable notices.
//!
//! Echo to the outside uses the host's unprivileged ICMP sockets (icmp(7),
//! `ping_group_range`). Where the host does not grant one, such requests go
//! unanswered.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsFd;

use rustix::event::PollFlags;
use rustix::net::{AddressFamily, SocketType, ipproto};
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    Icmpv4DstUnreachable, Icmpv4Packet, Icmpv4Repr, IpProtocol, Ipv4Repr, UDP_HEADER_LEN, UdpPacket,
};

use super::config::Config;
use super::link::Link;
use super::packet::{Ipv4, MAX_PAYLOAD_BYTES};
use super::table::Table;
use super::user::{Interest, Source};

const MAX_FLOWS: usize = 32;
const IDLE_NS: u64 = 10_000_000_000;
/// Most replies taken from one socket at a time.
const BURST: usize = 16;

/// One program's pings of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PingKey {
    guest: Ipv4Addr,
    remote: Ipv4Addr,
    ident: u16,
}

/// Pings on their way, each with the host's ICMP socket in std's datagram
/// clothes.
pub(super) struct Ping {
    flows: Table<PingKey, UdpSocket>,
}

impl Ping {
    pub(super) fn new() -> Ping {
        Ping { flows: Table::new(MAX_FLOWS) }
    }

    /// Takes an ICMP packet of the guest. Only echo requests have an effect.
    pub(super) fn handle(&mut self, packet: &Ipv4<'_>, config: &Config, link: &mut Link, now_ns: u64) {
        let Some(Icmpv4Repr::EchoRequest { ident, seq_no, data }) = parse(packet.payload) else { return };
        let (guest, remote) = (packet.src, packet.dst);
        if config.is_own(remote) {
            let reply = Icmpv4Repr::EchoReply { ident, seq_no, data };
            link.send_ipv4(remote, guest, IpProtocol::Icmp, &emit(&reply), now_ns);
        } else if !config.restrict && config.is_outside(remote) {
            let request = Icmpv4Repr::EchoRequest { ident, seq_no, data };
            self.pass_on(PingKey { guest, remote, ident }, &emit(&request), now_ns);
        }
    }

    fn pass_on(&mut self, key: PingKey, request: &[u8], now_ns: u64) {
        if !self.flows.contains(&key) {
            let Ok(socket) = ping_socket(key.remote) else { return };
            self.flows.insert(key, socket, now_ns);
        }
        if let Some(socket) = self.flows.touch(&key, now_ns) {
            // A request that cannot be sent is a request that gets no answer.
            let _ = socket.send(request);
        }
    }

    /// Passes the answers waiting at one socket to the guest.
    pub(super) fn receive(&mut self, key: PingKey, link: &mut Link, now_ns: u64) {
        let Some(socket) = self.flows.touch(&key, now_ns) else { return };
        let mut buffer = vec![0; MAX_PAYLOAD_BYTES];
        for _ in 0..BURST {
            let length = match socket.recv(&mut buffer) {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // An unreachable notice, taken off the socket by reading it.
                Err(_) => continue,
            };
            let message = without_ip_header(&buffer[..length]);
            if let Some(Icmpv4Repr::EchoReply { seq_no, data, .. }) = parse(message) {
                let reply = Icmpv4Repr::EchoReply { ident: key.ident, seq_no, data };
                link.send_ipv4(key.remote, key.guest, IpProtocol::Icmp, &emit(&reply), now_ns);
            }
        }
    }

    pub(super) fn expire(&mut self, now_ns: u64) {
        self.flows.expire(now_ns, |_| IDLE_NS);
    }

    pub(super) fn next_expiry(&self) -> Option<u64> {
        self.flows.next_expiry(|_| IDLE_NS)
    }

    pub(super) fn interests<'a>(&'a self, out: &mut Vec<Interest<'a>>) {
        out.extend(self.flows.iter().map(|(key, socket)| Interest {
            source: Source::Ping(*key),
            fd: socket.as_fd(),
            events: PollFlags::IN,
        }));
    }
}

/// Tells the guest that its UDP datagrams from `guest` do not reach `remote`
/// (RFC 1122, section 4.1.3.3).
pub(super) fn unreachable(
    reason: Icmpv4DstUnreachable,
    guest: SocketAddrV4,
    remote: SocketAddrV4,
    link: &mut Link,
    now_ns: u64,
) {
    let mut original = [0; UDP_HEADER_LEN];
    let mut header = UdpPacket::new_unchecked(&mut original[..]);
    header.set_src_port(guest.port());
    header.set_dst_port(remote.port());
    header.set_len(UDP_HEADER_LEN as u16);
    let notice = Icmpv4Repr::DstUnreachable {
        reason,
        header: Ipv4Repr {
            src_addr: *guest.ip(),
            dst_addr: *remote.ip(),
            next_header: IpProtocol::Udp,
            payload_len: UDP_HEADER_LEN,
            hop_limit: 64,
        },
        data: &original,
    };
    link.send_ipv4(*remote.ip(), *guest.ip(), IpProtocol::Icmp, &emit(&notice), now_ns);
}

fn parse(message: &[u8]) -> Option<Icmpv4Repr<'_>> {
    let packet = Icmpv4Packet::new_checked(message).ok()?;
    Icmpv4Repr::parse(&packet, &ChecksumCapabilities::default()).ok()
}

fn emit(message: &Icmpv4Repr<'_>) -> Vec<u8> {
    let mut bytes = vec![0; message.buffer_len()];
    message.emit(&mut Icmpv4Packet::new_unchecked(&mut bytes[..]), &ChecksumCapabilities::default());
    bytes
}

/// Some hosts (macOS) hand out the IP header too. It begins with a 4, which no
/// echo reply does.
fn without_ip_header(message: &[u8]) -> &[u8] {
    match message.first() {
        Some(first) if first >> 4 == 4 => message.get(usize::from(first & 15) * 4..).unwrap_or_default(),
        _ => message,
    }
}

fn ping_socket(remote: Ipv4Addr) -> io::Result<UdpSocket> {
    let fd = rustix::net::socket(AddressFamily::INET, SocketType::DGRAM, Some(ipproto::ICMP))?;
    rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
    let socket = UdpSocket::from(fd);
    socket.set_nonblocking(true)?;
    socket.connect(SocketAddr::from((remote, 0)))?;
    Ok(socket)
}
