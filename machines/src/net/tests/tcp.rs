//! TCP both ways through the gateway.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use smoltcp::socket::tcp::State;

use super::{Config, DNS, GATEWAY, Guest, Protocol, forwarding};

/// Bytes no two windows of which are alike, so that loss, repetition and
/// exchange of bytes all show.
fn pattern(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let words = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(length).collect()
}

/// Runs `serve` on the first connection to a port of the host's loopback.
fn server<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (SocketAddr, JoinHandle<T>) {
    let listener = TcpListener::bind(super::LOOPBACK).expect("loopback has a free port");
    let address = listener.local_addr().expect("the listener has an address");
    (address, thread::spawn(move || serve(listener.accept().expect("a connection comes").0)))
}

fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 65536];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            length => stream.write_all(&buffer[..length])?,
        }
    }
}

#[test]
fn a_server_on_the_hosts_loopback_answers_at_the_gateway() {
    let (address, server) = server(echo);
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    let (mut data, mut got) = (&b"hello"[..], Vec::new());
    guest.run(|guest| {
        guest.transfer(socket, &mut data, &mut got);
        (got.len() == 5).then_some(())
    });
    guest.tcp(socket).close();
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    assert_eq!(got, b"hello");
    server.join().expect("the server ends").expect("the server sees an orderly end");
}

#[test]
fn bulk_data_arrives_whole_in_both_directions_at_once() {
    const LENGTH: usize = 8 << 20;
    let (address, server) = server(|mut stream| {
        let mut writer = stream.try_clone().expect("a stream can be cloned");
        let sending = thread::spawn(move || {
            writer.write_all(&pattern(LENGTH)).expect("the guest takes everything");
            writer.shutdown(Shutdown::Write).expect("the stream is open");
        });
        let mut got = Vec::new();
        stream.read_to_end(&mut got).expect("the guest ends in order");
        sending.join().expect("sending ends");
        got
    });
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    let sent: Vec<u8> = pattern(LENGTH).into_iter().map(|byte| !byte).collect();
    let (mut data, mut got) = (&sent[..], Vec::new());
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    guest.tcp(socket).close();
    // The guest began the end on neither side alone, so either state may come
    // last.
    guest.run(|guest| matches!(guest.tcp(socket).state(), State::Closed | State::TimeWait).then_some(()));
    assert!(got == pattern(LENGTH), "what the guest received differs");
    assert!(server.join().expect("the server ends") == sent, "what the host received differs");
}

#[test]
fn lost_frames_are_sent_again() {
    const LENGTH: usize = 1 << 20;
    let (address, server) = server(echo);
    let mut guest = Guest::new(Config::default());
    (guest.loses_every, guest.idle_ns) = (Some(37), 100_000_000);
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    let sent = pattern(LENGTH);
    let (mut data, mut got) = (&sent[..], Vec::new());
    guest.run(|guest| {
        guest.transfer(socket, &mut data, &mut got);
        (got.len() == LENGTH).then_some(())
    });
    guest.tcp(socket).close();
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    assert!(got == sent);
    server.join().expect("the server ends").expect("the server sees an orderly end");
}

#[test]
fn a_guest_that_reads_nothing_holds_the_host_back() {
    // Far more than the buffers of guest, network and host together.
    const LENGTH: usize = 64 << 20;
    let (address, server) = server(|mut stream| stream.write_all(&vec![7; LENGTH]));
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    guest.run(|guest| guest.tcp(socket).can_recv().then_some(()));
    guest.run(|guest| guest.net.interests().is_empty().then_some(()));
    assert!(!server.is_finished(), "the network swallowed it all");
    let mut got = Vec::new();
    guest.run(|guest| guest.transfer(socket, &mut &[][..], &mut got));
    assert_eq!(got.len(), LENGTH);
    server.join().expect("the server ends").expect("the guest takes everything");
}

#[test]
fn the_guest_may_finish_sending_first() {
    let (address, server) = server(|mut stream| {
        let mut got = Vec::new();
        stream.read_to_end(&mut got).expect("the guest ends in order");
        stream.write_all(format!("{} bytes", got.len()).as_bytes()).expect("the guest still listens");
    });
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    let sent = pattern(100_000);
    let mut data = &sent[..];
    let mut got = Vec::new();
    guest.run(|guest| {
        guest.transfer(socket, &mut data, &mut got);
        data.is_empty().then_some(())
    });
    guest.tcp(socket).close();
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    assert_eq!(got, b"100000 bytes");
    server.join().expect("the server is content");
}

#[test]
fn the_host_may_finish_sending_first() {
    let (address, server) = server(|mut stream| {
        stream.write_all(b"last words").expect("the guest listens");
        stream.shutdown(Shutdown::Write).expect("the stream is open");
        let mut got = Vec::new();
        stream.read_to_end(&mut got).map(|_| got)
    });
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    let mut got = Vec::new();
    guest.run(|guest| guest.transfer(socket, &mut &[][..], &mut got));
    assert_eq!(guest.tcp(socket).state(), State::CloseWait);
    let sent = pattern(100_000);
    let mut data = &sent[..];
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    guest.tcp(socket).close();
    guest.run(|guest| (guest.tcp(socket).state() == State::Closed).then_some(()));
    assert_eq!(got, b"last words");
    assert!(server.join().expect("the server ends").expect("the guest ends in order") == sent);
}

#[test]
fn a_refused_connection_is_reset() {
    let free = TcpListener::bind(super::LOOPBACK).and_then(|listener| listener.local_addr());
    let port = free.expect("loopback has a free port").port();
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, port), 40000);
    guest.run(|guest| (guest.tcp(socket).state() == State::Closed).then_some(()));
    // Long before the guest would have tried again.
    assert!(guest.now_ns < 1_000_000_000);
    assert_eq!(guest.net.flow_counts(), (0, 0));
}

#[test]
fn where_the_guest_may_not_go_it_is_reset() {
    let listener = TcpListener::bind(super::LOOPBACK).expect("loopback has a free port");
    let address = listener.local_addr().expect("the listener has an address");
    let forbidden = [
        (Config { restrict: true, ..Config::default() }, (GATEWAY, address.port())),
        // No resolver is configured, and a name server has no other service.
        (Config::default(), (DNS, 53)),
        (Config::default(), (DNS, address.port())),
    ];
    for (config, remote) in forbidden {
        let mut guest = Guest::new(config);
        let socket = guest.connect(remote, 40000);
        guest.run(|guest| (guest.tcp(socket).state() == State::Closed).then_some(()));
        assert!(guest.now_ns < 1_000_000_000, "{remote:?}");
    }
    for address in [
        Ipv4Addr::new(0, 0, 0, 1),
        Ipv4Addr::LOCALHOST,
        Ipv4Addr::new(239, 1, 1, 1),
        Ipv4Addr::new(10, 0, 2, 77),
    ] {
        assert_eq!(Config::default().host_destination(address, 80), None, "{address}");
    }
}

#[test]
fn a_reset_by_the_host_reaches_the_guest() {
    let (address, server) = server(|stream| {
        let reset = rustix::net::sockopt::set_socket_linger(&stream, Some(std::time::Duration::ZERO));
        reset.expect("the stream takes the option");
    });
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    guest.run(|guest| (guest.tcp(socket).state() == State::Closed).then_some(()));
    server.join().expect("the server ends");
}

#[test]
fn a_reset_by_the_guest_reaches_the_host() {
    let (address, server) = server(|mut stream| stream.read(&mut [0; 16]));
    let mut guest = Guest::new(Config::default());
    let socket = guest.connect((GATEWAY, address.port()), 40000);
    guest.run(|guest| guest.tcp(socket).may_send().then_some(()));
    guest.tcp(socket).abort();
    guest.run(|guest| (guest.net.flow_counts().0 == 0).then_some(()));
    let error = server.join().expect("the server ends").expect_err("the connection is reset");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn a_forwarded_port_leads_into_the_guest() {
    // A restricted guest can still be reached.
    let mut guest = Guest::new(Config { restrict: true, ..forwarding(Protocol::Tcp, 22) });
    let socket = guest.add_tcp();
    guest.tcp(socket).listen(22).expect("the port is free");
    let address = guest.net.forward_addr(0).expect("the forward listens");
    let client = thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("the forward accepts");
        stream.write_all(&pattern(300_000)).expect("the guest takes everything");
        stream.shutdown(Shutdown::Write).expect("the stream is open");
        let mut got = Vec::new();
        stream.read_to_end(&mut got).expect("the guest ends in order");
        got
    });
    guest.run(|guest| guest.tcp(socket).may_recv().then_some(()));
    let remote = guest.tcp(socket).remote_endpoint().expect("the guest is connected");
    assert_eq!(remote.addr, GATEWAY.into());
    let mut got = Vec::new();
    guest.run(|guest| guest.transfer(socket, &mut &[][..], &mut got));
    let mut data = &got.clone()[..];
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    guest.tcp(socket).close();
    guest.run(|guest| (guest.tcp(socket).state() == State::Closed).then_some(()));
    assert!(client.join().expect("the client ends") == pattern(300_000));
}

#[test]
fn a_forward_to_a_closed_guest_port_ends_the_hosts_connection() {
    let mut guest = Guest::new(forwarding(Protocol::Tcp, 22));
    let address = guest.net.forward_addr(0).expect("the forward listens");
    let client = thread::spawn(move || TcpStream::connect(address)?.read(&mut [0; 16]));
    guest.run(|_| client.is_finished().then_some(()));
    let error = client.join().expect("the client ends").expect_err("the connection is reset");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn dns_over_tcp_reaches_the_hosts_resolver() {
    let (resolver, server) = server(echo);
    let mut guest = Guest::new(Config { dns_server: Some(resolver), ..Config::default() });
    let socket = guest.connect((DNS, 53), 40000);
    let (mut data, mut got) = (&b"\0\x04what"[..], Vec::new());
    guest.run(|guest| {
        guest.transfer(socket, &mut data, &mut got);
        (got.len() == 6).then_some(())
    });
    guest.tcp(socket).close();
    guest.run(|guest| guest.transfer(socket, &mut data, &mut got));
    server.join().expect("the server ends").expect("the server sees an orderly end");
}
