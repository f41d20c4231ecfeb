//! One TCP connection: a host socket on one side, a [`Stack`] towards the guest
//! on the other, bytes carried between.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::net::{AddressFamily, SocketType};
use smoltcp::socket::tcp::State;
use smoltcp::wire::{IpProtocol, TcpControl, TcpRepr};

use super::super::flow::FlowKey;
use super::super::link::Link;
use super::super::packet::{self, Ipv4};
use super::stack::{BUFFER_BYTES, Stack};

/// How long the guest may take to complete a handshake.
const HANDSHAKE_NS: u64 = 75_000_000_000;

pub(super) struct Flow {
    key: FlowKey,
    host: TcpStream,
    stage: Stage,
    /// The host socket became ready since the last [`service`](Self::service).
    woken: bool,
    /// The guest has finished sending.
    guest_fin: bool,
    /// The host has been told so, after all the data.
    guest_fin_passed: bool,
    /// The host has finished sending; the guest is told so by its stack.
    host_fin: bool,
    handshake_until_ns: u64,
    deadline_ns: Option<u64>,
}

enum Stage {
    /// The host's connect is under way, and the guest's SYN waits for its
    /// outcome.
    Connecting { syn: Vec<u8>, seed: u64 },
    /// Both sides have, or soon will have, a connection.
    Open(Box<Stack>),
}

/// What is left of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Alive,
    Finished,
}

impl Flow {
    /// Begins to connect to `destination` for the guest's `syn`.
    pub(super) fn to_host(
        key: FlowKey,
        destination: SocketAddr,
        syn: &Ipv4<'_>,
        seed: u64,
        now_ns: u64,
    ) -> io::Result<Flow> {
        let host = connect(destination)?;
        Ok(Flow::new(key, host, Stage::Connecting { syn: syn.bytes.to_vec(), seed }, now_ns))
    }

    /// Begins to connect to the guest for `host`, which a forward accepted.
    pub(super) fn to_guest(
        key: FlowKey,
        host: TcpStream,
        seed: u64,
        link: &mut Link,
        now_ns: u64,
    ) -> Option<Flow> {
        host.set_nonblocking(true).ok()?;
        let _ = host.set_nodelay(true);
        let stack = Stack::connecting(key, seed, link, now_ns)?;
        Some(Flow::new(key, host, Stage::Open(Box::new(stack)), now_ns))
    }

    fn new(key: FlowKey, host: TcpStream, stage: Stage, now_ns: u64) -> Flow {
        Flow {
            key,
            host,
            stage,
            woken: false,
            guest_fin: false,
            guest_fin_passed: false,
            host_fin: false,
            handshake_until_ns: now_ns.saturating_add(HANDSHAKE_NS),
            deadline_ns: None,
        }
    }

    /// When [`service`](Self::service) is due on account of time, in
    /// nanoseconds.
    pub(super) fn deadline_ns(&self) -> Option<u64> {
        self.deadline_ns
    }

    /// Notes that the host socket is ready for something.
    pub(super) fn wake(&mut self) {
        self.woken = true;
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.host.as_fd()
    }

    /// What the host socket should be polled for. Nothing where nothing could
    /// be done about it.
    pub(super) fn interest(&self) -> PollFlags {
        let Stage::Open(stack) = &self.stage else { return PollFlags::OUT };
        let mut events = PollFlags::empty();
        events.set(PollFlags::IN, !self.host_fin && stack.socket().can_send());
        events.set(PollFlags::OUT, stack.socket().can_recv());
        events
    }

    /// Whether the connection is over but for its TIME-WAIT, so that a new one
    /// may have its place (RFC 9293, 3.6.1).
    pub(super) fn is_spent(&self) -> bool {
        let Stage::Open(stack) = &self.stage else { return false };
        stack.socket().state() == State::TimeWait && self.guest_fin_passed
    }

    /// Whether the guest's data should be passed on before more of it comes.
    pub(super) fn is_filling(&self) -> bool {
        matches!(&self.stage, Stage::Open(stack) if stack.socket().recv_queue() >= BUFFER_BYTES / 2)
    }

    /// Takes a segment of the guest, leaving its consequences to
    /// [`service`](Self::service).
    pub(super) fn segment(
        &mut self,
        packet: &Ipv4<'_>,
        tcp: &TcpRepr<'_>,
        link: &mut Link,
        now_ns: u64,
    ) -> Outcome {
        let reset = tcp.control == TcpControl::Rst;
        let Stage::Open(stack) = &mut self.stage else {
            // A repeated SYN changes nothing while the first one waits.
            return if reset { self.break_off() } else { Outcome::Alive };
        };
        stack.ingress(packet.bytes, link, now_ns);
        let state = stack.socket().state();
        self.guest_fin |=
            matches!(state, State::CloseWait | State::LastAck | State::Closing | State::TimeWait);
        match reset && matches!(state, State::Closed | State::Listen) {
            true => self.break_off(),
            false => Outcome::Alive,
        }
    }

    /// Carries bytes both ways and does what time demands.
    pub(super) fn service(&mut self, link: &mut Link, now_ns: u64) -> Outcome {
        let woken = std::mem::take(&mut self.woken);
        if let Stage::Connecting { syn, seed } = &self.stage {
            if !woken {
                return self.expire_handshake(link, now_ns);
            }
            match self.host.take_error() {
                Ok(None) if self.host.peer_addr().is_ok() => (),
                Ok(None) => return Outcome::Alive,
                Ok(Some(_)) | Err(_) => return self.refuse(link, now_ns),
            }
            let Some(mut stack) = Stack::listening(self.key, *seed, link, now_ns) else {
                return self.refuse(link, now_ns);
            };
            stack.ingress(syn, link, now_ns);
            self.stage = Stage::Open(Box::new(stack));
        }
        if self.exchange().is_err() {
            return self.abort(link, now_ns);
        }
        if self.expire_handshake(link, now_ns) == Outcome::Finished {
            return Outcome::Finished;
        }
        self.conclude(link, now_ns)
    }

    /// Moves what can be moved between the host socket and the stack's buffers.
    fn exchange(&mut self) -> io::Result<()> {
        let Stage::Open(stack) = &mut self.stage else { return Ok(()) };
        let socket = stack.socket_mut();
        while !self.host_fin && socket.can_send() {
            match retry(|| socket.send(|room| count(self.host.read(room))))? {
                Some(0) => self.host_fin = true,
                Some(_) => (),
                None => break,
            }
        }
        if self.host_fin {
            socket.close();
        }
        while socket.can_recv() {
            if retry(|| socket.recv(|data| count(self.host.write(data))))?.is_none() {
                break;
            }
        }
        if self.guest_fin && !socket.can_recv() && !self.guest_fin_passed {
            self.host.shutdown(Shutdown::Write)?;
            self.guest_fin_passed = true;
        }
        Ok(())
    }

    /// Sends what the stack has to say, and finds out whether the connection is
    /// over.
    fn conclude(&mut self, link: &mut Link, now_ns: u64) -> Outcome {
        let Stage::Open(stack) = &mut self.stage else { return Outcome::Alive };
        stack.egress(link, now_ns);
        self.deadline_ns = stack.deadline_ns(now_ns);
        let socket = stack.socket();
        match socket.state() {
            State::SynSent | State::SynReceived => {
                let until = self.handshake_until_ns;
                self.deadline_ns = Some(self.deadline_ns.map_or(until, |at| at.min(until)));
                Outcome::Alive
            }
            State::Closed if self.guest_fin && socket.can_recv() => Outcome::Alive,
            State::Closed if self.guest_fin_passed => Outcome::Finished,
            State::Closed | State::Listen => self.break_off(),
            _ => Outcome::Alive,
        }
    }

    fn expire_handshake(&mut self, link: &mut Link, now_ns: u64) -> Outcome {
        let unfinished = match &self.stage {
            Stage::Connecting { .. } => true,
            Stage::Open(stack) => matches!(stack.socket().state(), State::SynSent | State::SynReceived),
        };
        match unfinished && now_ns >= self.handshake_until_ns {
            true => self.abort(link, now_ns),
            false => Outcome::Alive,
        }
    }

    /// Resets both sides.
    pub(super) fn abort(&mut self, link: &mut Link, now_ns: u64) -> Outcome {
        match &mut self.stage {
            Stage::Connecting { .. } => return self.refuse(link, now_ns),
            Stage::Open(stack) => stack.abort(link, now_ns),
        }
        self.break_off()
    }

    /// Answers the waiting SYN with a reset.
    fn refuse(&mut self, link: &mut Link, now_ns: u64) -> Outcome {
        if let Stage::Connecting { syn, .. } = &self.stage
            && let Some((guest, remote, tcp)) = Ipv4::parse(syn).as_ref().and_then(Ipv4::tcp)
            && let Some(reset) = packet::tcp_reset(guest, remote, &tcp)
        {
            link.send_ipv4(*remote.ip(), *guest.ip(), IpProtocol::Tcp, &reset, now_ns);
        }
        self.break_off()
    }

    /// Makes the host's peer see a reset rather than an orderly end once the
    /// socket is dropped (socket(7), SO_LINGER).
    fn break_off(&mut self) -> Outcome {
        let _ = rustix::net::sockopt::set_socket_linger(&self.host, Some(Duration::ZERO));
        Outcome::Finished
    }
}

/// An I/O result as smoltcp's closures want it: the bytes moved, and the
/// result.
fn count(result: io::Result<usize>) -> (usize, io::Result<usize>) {
    (result.as_ref().copied().unwrap_or(0), result)
}

/// Repeats an interrupted transfer; `None` if the host socket is not ready.
fn retry<E>(mut transfer: impl FnMut() -> Result<io::Result<usize>, E>) -> io::Result<Option<usize>> {
    loop {
        match transfer() {
            Ok(Ok(bytes)) => return Ok(Some(bytes)),
            Ok(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => (),
            Ok(Err(error)) => return Err(error),
            Err(_) => return Ok(None),
        }
    }
}

fn connect(destination: SocketAddr) -> io::Result<TcpStream> {
    let family = match destination {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let fd = rustix::net::socket(family, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
    let stream = TcpStream::from(fd);
    stream.set_nonblocking(true)?;
    let _ = stream.set_nodelay(true);
    match rustix::net::connect(&stream, &destination) {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(stream),
        Err(error) => Err(error.into()),
    }
}
