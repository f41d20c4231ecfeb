//! TCP connections of the guest to the outside, and of forwarded host ports
//! into the guest.

use std::collections::BTreeSet;
use std::io;
use std::net::{SocketAddr, SocketAddrV4, TcpListener};
use std::os::fd::AsFd;

use rustix::event::PollFlags;
use smoltcp::wire::{IpProtocol, TcpControl, TcpRepr};

use super::config::{Config, Error, HostForward, Protocol};
use super::flow::FlowKey;
use super::link::Link;
use super::packet::{self, Ipv4};
use super::table::Table;
use super::user::{Interest, Source};

mod flow;
mod stack;

use flow::{Flow, Outcome};

const MAX_FLOWS: usize = 384;
/// Idle time after which a connection is reset (RFC 5382, REQ-5: at least two
/// hours and four minutes).
const IDLE_NS: u64 = (2 * 60 + 4) * 60 * 1_000_000_000;
/// Most connections accepted from one listening socket at a time.
const BURST: usize = 16;
/// How long a listening socket rests when the host has no descriptors left.
const REST_NS: u64 = 100_000_000;

struct Listener {
    socket: TcpListener,
    guest: SocketAddrV4,
    resting_until_ns: Option<u64>,
}

/// All TCP connections.
pub(super) struct Tcp {
    flows: Table<FlowKey, Flow>,
    listeners: Vec<Option<Listener>>,
    /// Flows with something to do at the next [`service`](Self::service).
    pending: BTreeSet<FlowKey>,
    /// The flow served last, after which the next round begins.
    last_served: Option<FlowKey>,
    /// Seeds of initial sequence numbers; counted, so that runs repeat.
    next_seed: u64,
}

impl Tcp {
    /// Opens the listening sockets of the TCP forwards. A forward's number is
    /// its place in the configuration.
    pub(super) fn new(config: &Config) -> Result<Tcp, Error> {
        let listen = |forward: &HostForward| match forward.protocol {
            Protocol::Udp => Ok(None),
            Protocol::Tcp => {
                let socket = bind(forward.host_addr).map_err(|error| Error::listen(forward, error))?;
                let guest = SocketAddrV4::new(config.forward_guest(forward), forward.guest_port);
                Ok(Some(Listener { socket, guest, resting_until_ns: None }))
            }
        };
        Ok(Tcp {
            flows: Table::new(MAX_FLOWS),
            listeners: config.host_forwards.iter().map(listen).collect::<Result<_, Error>>()?,
            pending: BTreeSet::new(),
            last_served: None,
            next_seed: 1,
        })
    }

    pub(super) fn forward_addr(&self, number: usize) -> Option<SocketAddr> {
        self.listeners.get(number)?.as_ref()?.socket.local_addr().ok()
    }

    /// Takes a TCP packet of the guest.
    pub(super) fn handle(&mut self, packet: &Ipv4<'_>, config: &Config, link: &mut Link, now_ns: u64) {
        let Some((guest, remote, tcp)) = packet.tcp() else { return };
        let key = FlowKey { guest, remote };
        let opens = tcp.control == TcpControl::Syn && tcp.ack_number.is_none();
        if opens && self.flows.get_mut(&key).is_some_and(|flow| flow.is_spent()) {
            self.flows.remove(&key);
        }
        match self.flows.touch(&key, now_ns) {
            Some(flow) => {
                let mut outcome = flow.segment(packet, &tcp, link, now_ns);
                if outcome == Outcome::Alive && flow.is_filling() {
                    outcome = flow.service(link, now_ns);
                }
                match outcome {
                    Outcome::Alive => _ = self.pending.insert(key),
                    Outcome::Finished => _ = self.flows.remove(&key),
                }
            }
            None if opens => self.open(key, packet, &tcp, config, link, now_ns),
            None => reset(key, &tcp, link, now_ns),
        }
    }

    fn open(
        &mut self,
        key: FlowKey,
        syn: &Ipv4<'_>,
        tcp: &TcpRepr<'_>,
        config: &Config,
        link: &mut Link,
        now_ns: u64,
    ) {
        let seed = self.seed();
        let flow = config
            .host_destination(*key.remote.ip(), key.remote.port())
            .and_then(|destination| Flow::to_host(key, destination, syn, seed, now_ns).ok());
        match flow {
            Some(flow) => self.insert(key, flow, link, now_ns),
            None => reset(key, tcp, link, now_ns),
        }
    }

    fn insert(&mut self, key: FlowKey, flow: Flow, link: &mut Link, now_ns: u64) {
        if let Some((_, mut evicted)) = self.flows.insert(key, flow, now_ns) {
            evicted.abort(link, now_ns);
        }
        self.pending.insert(key);
    }

    fn seed(&mut self) -> u64 {
        // The golden ratio spreads neighbouring counts over all bits (Knuth,
        // TAOCP vol. 3, 6.4).
        self.next_seed = self.next_seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.next_seed
    }

    /// Accepts the connections waiting at the listening socket of a forward.
    pub(super) fn accept(&mut self, number: usize, config: &Config, link: &mut Link, now_ns: u64) {
        for _ in 0..BURST {
            let Some(Some(listener)) = self.listeners.get_mut(number) else { return };
            let (host, peer) = match listener.socket.accept() {
                Ok(accepted) => accepted,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(_) => return listener.resting_until_ns = Some(now_ns.saturating_add(REST_NS)),
            };
            let (guest, address) = (listener.guest, config.guest_view(peer.ip()));
            let key = FlowKey::unused(guest, address, peer.port(), |key| self.flows.contains(key));
            let seed = self.seed();
            let flow = key.and_then(|key| Some((key, Flow::to_guest(key, host, seed, link, now_ns)?)));
            if let Some((key, flow)) = flow {
                self.insert(key, flow, link, now_ns);
            }
        }
    }

    /// Notes that the host socket of a flow is ready.
    pub(super) fn wake(&mut self, key: FlowKey, now_ns: u64) {
        if let Some(flow) = self.flows.touch(&key, now_ns) {
            flow.wake();
            self.pending.insert(key);
        }
    }

    /// Serves every flow with something to do, beginning after the one served
    /// last, so that none starves.
    pub(super) fn service(&mut self, link: &mut Link, now_ns: u64) {
        let due = |flow: &Flow| flow.deadline_ns().is_some_and(|at| at <= now_ns);
        self.pending.extend(self.flows.iter().filter(|(_, flow)| due(flow)).map(|(key, _)| *key));
        let mut keys: Vec<FlowKey> = std::mem::take(&mut self.pending).into_iter().collect();
        let begin = keys.partition_point(|key| Some(*key) <= self.last_served);
        keys.rotate_left(begin);
        self.last_served = keys.first().copied().or(self.last_served);
        for key in keys {
            let Some(flow) = self.flows.get_mut(&key) else { continue };
            if flow.service(link, now_ns) == Outcome::Finished {
                self.flows.remove(&key);
            }
        }
    }

    pub(super) fn expire(&mut self, link: &mut Link, now_ns: u64) {
        for (_, mut flow) in self.flows.expire(now_ns, |_| IDLE_NS) {
            flow.abort(link, now_ns);
        }
        for listener in self.listeners.iter_mut().flatten() {
            listener.resting_until_ns = listener.resting_until_ns.filter(|until| *until > now_ns);
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        if !self.pending.is_empty() {
            return Some(0);
        }
        let flows = self.flows.iter().filter_map(|(_, flow)| flow.deadline_ns());
        let listeners = self.listeners.iter().flatten().filter_map(|listener| listener.resting_until_ns);
        flows.chain(listeners).chain(self.flows.next_expiry(|_| IDLE_NS)).min()
    }

    pub(super) fn interests<'a>(&'a self, out: &mut Vec<Interest<'a>>) {
        for (number, listener) in self.listeners.iter().enumerate() {
            if let Some(Listener { socket, resting_until_ns: None, .. }) = listener {
                out.push(Interest {
                    source: Source::TcpForward(number),
                    fd: socket.as_fd(),
                    events: PollFlags::IN,
                });
            }
        }
        for (key, flow) in self.flows.iter() {
            let events = flow.interest();
            if !events.is_empty() {
                out.push(Interest { source: Source::Tcp(*key), fd: flow.fd(), events });
            }
        }
    }

    #[cfg(test)]
    pub(super) fn flow_count(&self) -> usize {
        self.flows.len()
    }
}

fn reset(key: FlowKey, tcp: &TcpRepr<'_>, link: &mut Link, now_ns: u64) {
    if let Some(reset) = packet::tcp_reset(key.guest, key.remote, tcp) {
        link.send_ipv4(*key.remote.ip(), *key.guest.ip(), IpProtocol::Tcp, &reset, now_ns);
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpListener::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}
