//! The guest-facing end of one TCP connection: a smoltcp interface that has the
//! remote's address and a single socket.
//!
//! One little stack per connection, instead of one for all, finds the socket of
//! a segment by our own table rather than by asking every socket, and lets each
//! connection answer from its own address.

use std::net::Ipv4Addr;

use smoltcp::iface::{Config, Interface, PollIngressSingleResult, PollResult, SocketHandle, SocketSet};
use smoltcp::phy::{Checksum, Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{ETHERNET_HEADER_LEN, HardwareAddress, IpAddress, IpCidr, IpEndpoint};

use super::super::flow::FlowKey;
use super::super::link::Link;

/// Room for data on its way, each direction, in bytes. The host's allocator
/// commits it only as it fills.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

pub(super) struct Stack {
    interface: Interface,
    sockets: SocketSet<'static>,
    socket: SocketHandle,
    guest: Ipv4Addr,
}

impl Stack {
    /// A stack that waits for the guest's SYN.
    pub(super) fn listening(key: FlowKey, seed: u64, link: &mut Link, now_ns: u64) -> Option<Stack> {
        let mut stack = Stack::new(key, seed, link, now_ns);
        stack.socket_mut().listen(endpoint(key.remote)).ok()?;
        Some(stack)
    }

    /// A stack that will send the guest a SYN.
    pub(super) fn connecting(key: FlowKey, seed: u64, link: &mut Link, now_ns: u64) -> Option<Stack> {
        let mut stack = Stack::new(key, seed, link, now_ns);
        let socket = stack.sockets.get_mut::<tcp::Socket<'_>>(stack.socket);
        socket.connect(stack.interface.context(), endpoint(key.guest), endpoint(key.remote)).ok()?;
        Some(stack)
    }

    fn new(key: FlowKey, seed: u64, link: &mut Link, now_ns: u64) -> Stack {
        let mut config = Config::new(HardwareAddress::Ip);
        config.random_seed = seed;
        let guest = *key.guest.ip();
        let mut interface = Interface::new(
            config,
            &mut Cable { incoming: None, link, guest, urgent: false, now_ns },
            instant(now_ns),
        );
        interface.update_ip_addrs(|addresses| {
            // A new interface has room for an address.
            _ = addresses.push(IpCidr::new(IpAddress::Ipv4(*key.remote.ip()), 32));
        });
        let buffer = || tcp::SocketBuffer::new(vec![0; BUFFER_BYTES]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        // Acknowledgements already wait for the end of a burst, and data from
        // the host is sent as it comes.
        socket.set_ack_delay(None);
        socket.set_nagle_enabled(false);
        let mut sockets = SocketSet::new(Vec::with_capacity(1));
        let socket = sockets.add(socket);
        Stack { interface, sockets, socket, guest }
    }

    pub(super) fn socket(&self) -> &tcp::Socket<'static> {
        self.sockets.get(self.socket)
    }

    pub(super) fn socket_mut(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.socket)
    }

    /// Takes an IPv4 packet with a TCP segment of this connection, whose
    /// checksums have been verified.
    pub(super) fn ingress(&mut self, packet: &[u8], link: &mut Link, now_ns: u64) {
        let mut cable = Cable { incoming: Some(packet), link, guest: self.guest, urgent: false, now_ns };
        let now = instant(now_ns);
        while self.interface.poll_ingress_single(now, &mut cable, &mut self.sockets)
            != PollIngressSingleResult::None
        {}
    }

    /// Sends what is due to the guest, as far as the link has room.
    pub(super) fn egress(&mut self, link: &mut Link, now_ns: u64) {
        let mut cable = Cable { incoming: None, link, guest: self.guest, urgent: false, now_ns };
        let now = instant(now_ns);
        while self.interface.poll_egress(now, &mut cable, &mut self.sockets) != PollResult::None {}
    }

    /// Resets the connection, room or no room: there will be no second chance
    /// to tell the guest.
    pub(super) fn abort(&mut self, link: &mut Link, now_ns: u64) {
        self.socket_mut().abort();
        let mut cable = Cable { incoming: None, link, guest: self.guest, urgent: true, now_ns };
        self.interface.poll_egress(instant(now_ns), &mut cable, &mut self.sockets);
    }

    /// When [`egress`](Self::egress) will have something to do, in nanoseconds;
    /// 0 for now.
    pub(super) fn deadline_ns(&mut self, now_ns: u64) -> Option<u64> {
        let at = self.interface.poll_at(instant(now_ns), &self.sockets)?;
        u64::try_from(at.total_micros()).ok().map(|micros| micros.saturating_mul(1000))
    }
}

fn endpoint(address: std::net::SocketAddrV4) -> IpEndpoint {
    IpEndpoint::from(address)
}

fn instant(now_ns: u64) -> Instant {
    // Nanoseconds of 64 bits are microseconds of fewer than 63.
    Instant::from_micros((now_ns / 1000) as i64)
}

/// What smoltcp takes for its network card.
struct Cable<'a> {
    incoming: Option<&'a [u8]>,
    link: &'a mut Link,
    guest: Ipv4Addr,
    /// Sends even where the link is full.
    urgent: bool,
    now_ns: u64,
}

struct Incoming<'a>(&'a [u8]);

struct Outgoing<'a> {
    link: &'a mut Link,
    guest: Ipv4Addr,
    now_ns: u64,
}

impl Device for Cable<'_> {
    type RxToken<'a>
        = Incoming<'a>
    where
        Self: 'a;
    type TxToken<'a>
        = Outgoing<'a>
    where
        Self: 'a;

    fn receive(&mut self, _now: Instant) -> Option<(Incoming<'_>, Outgoing<'_>)> {
        let packet = self.incoming.take()?;
        Some((Incoming(packet), Outgoing { link: self.link, guest: self.guest, now_ns: self.now_ns }))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Outgoing<'_>> {
        let room = self.urgent || self.link.has_room();
        room.then_some(Outgoing { link: self.link, guest: self.guest, now_ns: self.now_ns })
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = self.link.mtu_bytes();
        capabilities.checksum.ipv4 = Checksum::Tx;
        capabilities.checksum.tcp = Checksum::Tx;
        capabilities
    }
}

impl RxToken for Incoming<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

impl TxToken for Outgoing<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, write: F) -> R {
        let mut frame = vec![0; ETHERNET_HEADER_LEN + length];
        let result = write(&mut frame[ETHERNET_HEADER_LEN..]);
        self.link.push_ipv4(self.guest, frame, self.now_ns);
        result
    }
}
