//! UDP: one connected host socket per flow of the guest, and datagrams
//! forwarded into the guest.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsFd;

use rustix::event::PollFlags;
use smoltcp::wire::{Icmpv4DstUnreachable, IpProtocol};

use super::config::{Config, DNS_PORT, Error, HostForward, Protocol};
use super::flow::FlowKey;
use super::icmp;
use super::link::Link;
use super::packet::{self, MAX_UDP_BYTES};
use super::table::Table;
use super::user::{Interest, Source};

const MAX_FLOWS: usize = 256;
/// Idle time after which a flow is forgotten; RFC 4787 asks for two minutes or
/// more.
const IDLE_NS: u64 = 240_000_000_000;
/// The same for DNS, where one answer is all that comes.
const DNS_IDLE_NS: u64 = 15_000_000_000;
/// Most datagrams taken from one socket at a time.
const BURST: usize = 64;
/// How a flow's datagrams leave the host.
enum Path {
    /// The guest began it: a socket of its own, connected to the remote.
    Own(UdpSocket),
    /// A host program began it, at the listening socket of that number.
    Forward { listener: usize, peer: SocketAddr },
}

struct Listener {
    socket: UdpSocket,
    guest: SocketAddrV4,
}

/// All UDP flows.
pub(super) struct Udp {
    flows: Table<FlowKey, Path>,
    listeners: Vec<Option<Listener>>,
    buffer: Vec<u8>,
}

impl Udp {
    /// Opens the listening sockets of the UDP forwards. A forward's number is
    /// its place in the configuration.
    pub(super) fn new(config: &Config) -> Result<Udp, Error> {
        let listen = |forward: &HostForward| match forward.protocol {
            Protocol::Tcp => Ok(None),
            Protocol::Udp => {
                let socket = bind(forward.host_addr).map_err(|error| Error::listen(forward, error))?;
                let guest = SocketAddrV4::new(config.forward_guest(forward), forward.guest_port);
                Ok(Some(Listener { socket, guest }))
            }
        };
        let listeners = config.host_forwards.iter().map(listen).collect::<Result<_, Error>>()?;
        Ok(Udp { flows: Table::new(MAX_FLOWS), listeners, buffer: vec![0; MAX_UDP_BYTES + 1] })
    }

    pub(super) fn forward_addr(&self, number: usize) -> Option<SocketAddr> {
        self.listeners.get(number)?.as_ref()?.socket.local_addr().ok()
    }

    /// Takes a datagram of the guest.
    pub(super) fn send(&mut self, key: FlowKey, data: &[u8], config: &Config, link: &mut Link, now_ns: u64) {
        if !self.flows.contains(&key) {
            let Some(destination) = config.host_destination(*key.remote.ip(), key.remote.port()) else {
                return;
            };
            match connect(destination) {
                Ok(socket) => _ = self.flows.insert(key, Path::Own(socket), now_ns),
                Err(error) => return refuse(key, &error, link, now_ns),
            }
        }
        let sent = match self.flows.touch(&key, now_ns) {
            Some(Path::Own(socket)) => send_past_notice(socket, data),
            Some(Path::Forward { listener, peer }) => match self.listeners.get(*listener) {
                Some(Some(listener)) => listener.socket.send_to(data, *peer),
                _ => return,
            },
            None => return,
        };
        if let Err(error) = sent {
            refuse(key, &error, link, now_ns);
        }
    }

    /// Passes the datagrams waiting at a flow's own socket to the guest.
    pub(super) fn receive(&mut self, key: FlowKey, link: &mut Link, now_ns: u64) {
        let Some(Path::Own(socket)) = self.flows.touch(&key, now_ns) else { return };
        for _ in 0..BURST {
            if !link.has_room() {
                return;
            }
            match socket.recv(&mut self.buffer) {
                Ok(length) => deliver(key, &self.buffer[..length], link, now_ns),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => return refuse(key, &error, link, now_ns),
            }
        }
    }

    /// Passes the datagrams waiting at the listening socket of a forward to the
    /// guest.
    pub(super) fn receive_forward(&mut self, number: usize, config: &Config, link: &mut Link, now_ns: u64) {
        let Some(Some(listener)) = self.listeners.get(number) else { return };
        for _ in 0..BURST {
            if !link.has_room() {
                return;
            }
            match listener.socket.recv_from(&mut self.buffer) {
                Ok((length, peer)) => {
                    let path = (number, peer);
                    let Some(key) = forward_key(&mut self.flows, listener.guest, path, config, now_ns) else {
                        continue;
                    };
                    deliver(key, &self.buffer[..length], link, now_ns);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // A peer's unreachable notice, taken off the socket by reading
                // it.
                Err(_) => (),
            }
        }
    }

    pub(super) fn expire(&mut self, now_ns: u64) {
        self.flows.expire(now_ns, idle_ns);
    }

    pub(super) fn next_expiry(&self) -> Option<u64> {
        self.flows.next_expiry(idle_ns)
    }

    pub(super) fn interests<'a>(&'a self, out: &mut Vec<Interest<'a>>) {
        for (number, listener) in self.listeners.iter().enumerate() {
            if let Some(listener) = listener {
                let source = Source::UdpForward(number);
                out.push(Interest { source, fd: listener.socket.as_fd(), events: PollFlags::IN });
            }
        }
        for (key, path) in self.flows.iter() {
            if let Path::Own(socket) = path {
                out.push(Interest { source: Source::Udp(*key), fd: socket.as_fd(), events: PollFlags::IN });
            }
        }
    }

    #[cfg(test)]
    pub(super) fn flow_count(&self) -> usize {
        self.flows.len()
    }
}

/// Sends `data`, even if the socket first has to report what became of an
/// earlier datagram.
fn send_past_notice(socket: &UdpSocket, data: &[u8]) -> io::Result<usize> {
    match socket.send(data) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => socket.send(data),
        sent => sent,
    }
}

fn idle_ns(key: &FlowKey) -> u64 {
    if key.remote.port() == DNS_PORT { DNS_IDLE_NS } else { IDLE_NS }
}

/// The flow of a forwarded peer; a new one gets a remote endpoint that no other
/// flow of the guest's port uses.
fn forward_key(
    flows: &mut Table<FlowKey, Path>,
    guest: SocketAddrV4,
    (number, peer): (usize, SocketAddr),
    config: &Config,
    now_ns: u64,
) -> Option<FlowKey> {
    let same = |path: &Path| matches!(path, Path::Forward { listener, peer: p } if (*listener, *p) == (number, peer));
    let known = flows.iter().find(|(key, path)| key.guest == guest && same(path)).map(|(key, _)| *key);
    if let Some(key) = known {
        flows.touch(&key, now_ns);
        return Some(key);
    }
    let address = config.guest_view(peer.ip());
    let key = FlowKey::unused(guest, address, peer.port(), |key| flows.contains(key))?;
    flows.insert(key, Path::Forward { listener: number, peer }, now_ns);
    Some(key)
}

fn deliver(key: FlowKey, data: &[u8], link: &mut Link, now_ns: u64) {
    if data.len() <= MAX_UDP_BYTES {
        let datagram = packet::udp_datagram(key.remote, key.guest, data);
        link.send_ipv4(*key.remote.ip(), *key.guest.ip(), IpProtocol::Udp, &datagram, now_ns);
    }
}

/// Says why datagrams do not arrive, where the host's error is about the way
/// and not about this one datagram.
fn refuse(key: FlowKey, error: &io::Error, link: &mut Link, now_ns: u64) {
    let reason = match error.kind() {
        io::ErrorKind::ConnectionRefused => Icmpv4DstUnreachable::PortUnreachable,
        io::ErrorKind::HostUnreachable => Icmpv4DstUnreachable::HostUnreachable,
        io::ErrorKind::NetworkUnreachable => Icmpv4DstUnreachable::NetUnreachable,
        _ => return,
    };
    icmp::unreachable(reason, key.guest, key.remote, link, now_ns);
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn connect(destination: SocketAddr) -> io::Result<UdpSocket> {
    let any = match destination {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = bind(any)?;
    socket.connect(destination)?;
    Ok(socket)
}
