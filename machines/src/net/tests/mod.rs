//! The network as a guest sees it. The guest is smoltcp with its own Ethernet
//! interface, so that ARP, DHCP and TCP are judged by another implementation;
//! the outside is std sockets on the host's loopback.

mod address;
mod hostile;
mod tcp;
mod udp;
mod wire;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::AsRawFd;

use bus::NetPeer;
use rustix::event::{PollFd, Timespec, poll};
use smoltcp::iface::{Config as InterfaceConfig, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::{tcp as guest_tcp, udp as guest_udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, HardwareAddress, IpCidr, IpEndpoint};

use super::{Config, HostForward, Protocol, UserNet};

const GUEST: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 15);
const GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);
const DNS: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);
const GATEWAY_MAC: [u8; 6] = [0x52, 0x55, 0x0a, 0, 2, 2];
const GUEST_MAC: [u8; 6] = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Rounds of polling before a test gives up: far more than any of them needs.
const MAX_ROUNDS: usize = 30_000;

/// A guest with a network card, plugged into a [`UserNet`].
struct Guest {
    net: UserNet,
    now_ns: u64,
    interface: Interface,
    sockets: SocketSet<'static>,
    card: Card,
    /// How far the clock goes when nothing happens.
    idle_ns: u64,
    /// The cable loses every frame, counted over both directions, that this
    /// divides.
    loses_every: Option<usize>,
    frames: usize,
}

#[derive(Default)]
struct Card {
    received: VecDeque<Vec<u8>>,
    sent: VecDeque<Vec<u8>>,
}

impl Guest {
    /// A guest with the usual static address.
    fn new(config: Config) -> Guest {
        let mut guest = Guest::without_address(config);
        guest.set_address(IpCidr::new(GUEST.into(), 24), GATEWAY);
        guest
    }

    fn without_address(config: Config) -> Guest {
        let net = UserNet::new(config).expect("the configuration is sound");
        let mut card = Card::default();
        let hardware = HardwareAddress::Ethernet(EthernetAddress(GUEST_MAC));
        let interface = Interface::new(InterfaceConfig::new(hardware), &mut card, Instant::ZERO);
        Guest {
            net,
            now_ns: 0,
            interface,
            sockets: SocketSet::new(Vec::new()),
            card,
            idle_ns: 1_000_000,
            loses_every: None,
            frames: 0,
        }
    }

    fn set_address(&mut self, address: IpCidr, router: Ipv4Addr) {
        self.interface.update_ip_addrs(|addresses| {
            addresses.clear();
            addresses.push(address).expect("an interface holds an address");
        });
        self.interface.routes_mut().add_default_ipv4_route(router).expect("there is room for a route");
    }

    /// One exchange of frames. Waits for the host where there are none, by the
    /// descriptors the network names.
    fn round(&mut self) {
        let now = Instant::from_micros((self.now_ns / 1000) as i64);
        self.interface.poll(now, &mut self.card, &mut self.sockets);
        let mut quiet = self.card.sent.is_empty();
        while let Some(frame) = self.card.sent.pop_front() {
            if !self.is_lost() {
                self.net.send(&frame, self.now_ns);
            }
        }
        for _ in 0..512 {
            let Some(frame) = self.net.receive(self.now_ns) else { break };
            quiet = false;
            if !self.is_lost() {
                self.card.received.push_back(frame);
            }
        }
        if quiet && self.net.deadline() != Some(0) {
            self.sleep();
            self.now_ns += self.idle_ns;
        }
        self.now_ns += 1_000;
    }

    fn is_lost(&mut self) -> bool {
        self.frames += 1;
        self.loses_every.is_some_and(|every| self.frames.is_multiple_of(every))
    }

    /// Waits a millisecond at most.
    fn sleep(&self) {
        let interests = self.net.interests();
        let mut named = Vec::new();
        self.net.poll_fds(&mut named);
        assert!(
            named.iter().map(|poll| poll.fd).eq(interests.iter().map(|interest| interest.fd.as_raw_fd()))
        );
        let mut fds: Vec<_> =
            interests.iter().map(|interest| PollFd::from_borrowed_fd(interest.fd, interest.events)).collect();
        let _ = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 1_000_000 }));
    }

    /// Exchanges frames until `done` says so.
    fn run<T>(&mut self, mut done: impl FnMut(&mut Guest) -> Option<T>) -> T {
        for _ in 0..MAX_ROUNDS {
            if let Some(result) = done(self) {
                return result;
            }
            self.round();
        }
        panic!("nothing came of {MAX_ROUNDS} rounds");
    }

    fn tcp(&mut self, socket: SocketHandle) -> &mut guest_tcp::Socket<'static> {
        self.sockets.get_mut(socket)
    }

    fn udp(&mut self, socket: SocketHandle) -> &mut guest_udp::Socket<'static> {
        self.sockets.get_mut(socket)
    }

    fn add_tcp(&mut self) -> SocketHandle {
        let buffer = || guest_tcp::SocketBuffer::new(vec![0; 256 * 1024]);
        self.sockets.add(guest_tcp::Socket::new(buffer(), buffer()))
    }

    fn connect(&mut self, remote: (Ipv4Addr, u16), local_port: u16) -> SocketHandle {
        let handle = self.add_tcp();
        let remote = IpEndpoint::new(remote.0.into(), remote.1);
        let socket = self.sockets.get_mut::<guest_tcp::Socket<'_>>(handle);
        socket.connect(self.interface.context(), remote, local_port).expect("the endpoints are sound");
        handle
    }

    /// Sends what is left of `data` and receives into `got`; done when the
    /// remote has finished and all is sent.
    fn transfer(&mut self, handle: SocketHandle, data: &mut &[u8], got: &mut Vec<u8>) -> Option<()> {
        let socket = self.tcp(handle);
        if socket.can_send() && !data.is_empty() {
            let sent = socket.send_slice(data).expect("the connection can send");
            *data = &data[sent..];
        }
        while socket.can_recv() {
            socket
                .recv(|bytes| (bytes.len(), got.extend_from_slice(bytes)))
                .expect("the connection can receive");
        }
        let established =
            !matches!(socket.state(), guest_tcp::State::SynSent | guest_tcp::State::SynReceived);
        (established && data.is_empty() && !socket.may_recv()).then_some(())
    }
}

impl Device for Card {
    type RxToken<'a> = Received;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, _now: Instant) -> Option<(Received, Sending<'_>)> {
        let frame = self.received.pop_front()?;
        Some((Received(frame), Sending(&mut self.sent)))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Sending<'_>> {
        Some(Sending(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1514;
        capabilities
    }
}

struct Received(Vec<u8>);

impl RxToken for Received {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

struct Sending<'a>(&'a mut VecDeque<Vec<u8>>);

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, write: F) -> R {
        let mut frame = vec![0; length];
        let result = write(&mut frame);
        self.0.push_back(frame);
        result
    }
}

/// A configuration with one forward of a port the host chooses.
fn forwarding(protocol: Protocol, guest_port: u16) -> Config {
    let forward = HostForward { protocol, host_addr: LOOPBACK, guest_addr: None, guest_port };
    Config { host_forwards: vec![forward], ..Config::default() }
}
