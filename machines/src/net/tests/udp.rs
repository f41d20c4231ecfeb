//! UDP both ways through the gateway.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use bus::NetPeer;
use smoltcp::iface::SocketHandle;
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::socket::udp as guest_udp;
use smoltcp::wire::{
    Icmpv4DstUnreachable, Icmpv4Packet, Icmpv4Repr, IpEndpoint, IpProtocol, Ipv4Address, Ipv4Packet,
    UdpPacket,
};

use super::wire::{await_frame, udp};
use super::{Config, DNS, GATEWAY, GUEST, Guest, Protocol, UserNet, forwarding};

fn host_socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(super::LOOPBACK).expect("loopback has a free port");
    let timeout = Some(Duration::from_secs(20));
    socket.set_read_timeout(timeout).expect("the socket takes a timeout");
    let address = socket.local_addr().expect("the socket has an address");
    (socket, address)
}

/// A host thread that answers each of `count` datagrams with its bytes turned
/// round.
fn reverser(count: usize) -> (SocketAddr, thread::JoinHandle<()>) {
    let (socket, address) = host_socket();
    let serve = move || {
        let mut buffer = [0; 2048];
        for _ in 0..count {
            let (length, peer) = socket.recv_from(&mut buffer).expect("a datagram comes");
            buffer[..length].reverse();
            socket.send_to(&buffer[..length], peer).expect("the answer leaves");
        }
    };
    (address, thread::spawn(serve))
}

fn bind(guest: &mut Guest, port: u16) -> SocketHandle {
    let buffer = || guest_udp::PacketBuffer::new(vec![guest_udp::PacketMetadata::EMPTY; 16], vec![0; 65536]);
    let mut socket = guest_udp::Socket::new(buffer(), buffer());
    socket.bind(port).expect("the port is free");
    guest.sockets.add(socket)
}

fn send(guest: &mut Guest, socket: SocketHandle, data: &[u8], remote: (Ipv4Address, u16)) {
    let remote = IpEndpoint::new(remote.0.into(), remote.1);
    guest.udp(socket).send_slice(data, remote).expect("there is room");
}

fn receive(guest: &mut Guest, socket: SocketHandle) -> (Vec<u8>, IpEndpoint) {
    guest.run(|guest| guest.udp(socket).recv().ok().map(|(data, from)| (data.to_vec(), from.endpoint)))
}

#[test]
fn a_server_on_the_hosts_loopback_answers_at_the_gateway() {
    let (address, server) = reverser(2);
    let mut guest = Guest::new(Config::default());
    let socket = bind(&mut guest, 5000);
    for _ in 0..2 {
        send(&mut guest, socket, b"abc", (GATEWAY, address.port()));
        let (data, from) = receive(&mut guest, socket);
        assert_eq!((&data[..], from), (&b"cba"[..], IpEndpoint::new(GATEWAY.into(), address.port())));
    }
    assert_eq!(guest.net.flow_counts(), (0, 1));
    server.join().expect("the server ends");
}

#[test]
fn dns_reaches_the_hosts_resolver() {
    let (resolver, server) = reverser(1);
    let mut guest = Guest::new(Config { dns_server: Some(resolver), ..Config::default() });
    let socket = bind(&mut guest, 5000);
    send(&mut guest, socket, b"query", (DNS, 53));
    let (data, from) = receive(&mut guest, socket);
    assert_eq!((&data[..], from), (&b"yreuq"[..], IpEndpoint::new(DNS.into(), 53)));
    server.join().expect("the server ends");
}

#[test]
fn a_forwarded_port_leads_into_the_guest() {
    let mut guest = Guest::new(Config { restrict: true, ..forwarding(Protocol::Udp, 7) });
    let socket = bind(&mut guest, 7);
    let address = guest.net.forward_addr(0).expect("the forward listens");
    let clients = [host_socket().0, host_socket().0];
    for (number, client) in clients.iter().enumerate() {
        client.send_to(&[number as u8; 3], address).expect("the datagram leaves");
        let (data, from) = receive(&mut guest, socket);
        assert_eq!(data, [number as u8; 3]);
        assert_eq!(from.addr, GATEWAY.into());
        guest.udp(socket).send_slice(&[number as u8 + 100], from).expect("there is room");
    }
    let mut buffer = [0; 16];
    for (number, client) in clients.iter().enumerate() {
        for _ in 0..100 {
            guest.round();
        }
        let (length, from) = client.recv_from(&mut buffer).expect("the answer comes");
        assert_eq!((&buffer[..length], from), (&[number as u8 + 100][..], address));
    }
}

#[test]
fn a_closed_port_is_reported_as_unreachable() {
    let (closed, address) = host_socket();
    drop(closed);
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    net.send(&udp((GUEST, 5000), (GATEWAY, address.port()), b"anyone?"), 0);
    let (header, data) = await_frame(&mut net, |frame| {
        let packet = Ipv4Packet::new_checked(&frame[14..]).ok()?;
        let message = Icmpv4Packet::new_checked(packet.payload()).ok()?;
        match Icmpv4Repr::parse(&message, &ChecksumCapabilities::default()) {
            Ok(Icmpv4Repr::DstUnreachable { reason, header, data }) => {
                assert_eq!(reason, Icmpv4DstUnreachable::PortUnreachable);
                Some((header, data.to_vec()))
            }
            _ => None,
        }
    });
    let original = UdpPacket::new_unchecked(&data[..]);
    assert_eq!((header.src_addr, header.dst_addr, header.next_header), (GUEST, GATEWAY, IpProtocol::Udp));
    assert_eq!((original.src_port(), original.dst_port()), (5000, address.port()));
}

/// Each fragment's place and payload. The flags of RFC 791 are checked by the
/// caller's sums.
fn fragment(frame: &[u8]) -> Option<(usize, bool, Vec<u8>)> {
    let packet = Ipv4Packet::new_checked(&frame[14..]).ok()?;
    assert!(packet.verify_checksum());
    assert!(packet.total_len() <= 1500);
    Some((usize::from(packet.frag_offset()), packet.more_frags(), packet.payload().to_vec()))
}

#[test]
fn large_datagrams_are_fragmented_both_ways() {
    let (server, address) = host_socket();
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    let sent: Vec<u8> = (0..20_000).map(|n| (n % 251) as u8).collect();

    // The guest's datagram, cut here at odd places.
    let frame = udp((GUEST, 5000), (GATEWAY, address.port()), &sent);
    let payload = &frame[34..];
    let cuts = [0, 8, 1480, 2000, 16_000, payload.len()];
    for pair in cuts.windows(2).rev() {
        let mut piece = super::wire::ipv4(GUEST, GATEWAY, IpProtocol::Udp, &payload[pair[0]..pair[1]]);
        let mut packet = Ipv4Packet::new_unchecked(&mut piece[14..]);
        packet.set_dont_frag(false);
        packet.set_ident(99);
        packet.set_frag_offset(pair[0] as u16);
        packet.set_more_frags(pair[1] != payload.len());
        packet.fill_checksum();
        net.send(&piece, 0);
    }
    let mut buffer = vec![0; 65536];
    let (length, peer) = server.recv_from(&mut buffer).expect("the datagram comes");
    assert!(buffer[..length] == sent);

    server.send_to(&sent, peer).expect("the answer leaves");
    let mut answer = Vec::new();
    let (mut offset, mut more) = (0, true);
    while more {
        let (at, flag, piece) = await_frame(&mut net, fragment);
        assert_eq!(at, offset);
        (offset, more) = (at + piece.len(), flag);
        answer.extend(piece);
    }
    let datagram = UdpPacket::new_checked(&answer[..]).expect("a UDP datagram");
    assert!(datagram.verify_checksum(&GATEWAY.into(), &GUEST.into()));
    assert_eq!((datagram.src_port(), datagram.dst_port()), (address.port(), 5000));
    assert!(datagram.payload() == sent);
}

#[test]
fn idle_flows_are_forgotten() {
    let (_server, address) = host_socket();
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    net.send(&udp((GUEST, 5000), (GATEWAY, address.port()), b"x"), 1000);
    let at = net.deadline().expect("the flow will expire");
    assert!(at >= 1000 + 120_000_000_000, "RFC 4787 asks for two minutes");
    assert_eq!(net.receive(at - 1), None);
    assert_eq!(net.flow_counts(), (0, 1));
    assert_eq!(net.receive(at), None);
    assert_eq!((net.flow_counts(), net.deadline()), ((0, 0), None));
}

#[test]
fn a_forward_asks_for_the_guests_address_first() {
    let mut net = UserNet::new(forwarding(Protocol::Udp, 7)).expect("the configuration is sound");
    let (client, _) = host_socket();
    client.send_to(b"knock", net.forward_addr(0).expect("the forward listens")).expect("the datagram leaves");
    let asked = await_frame(&mut net, |frame| (frame[12..14] == [8, 6]).then(|| frame.to_vec()));
    assert_eq!(asked[..6], [0xff; 6]);
    assert_eq!(asked[38..42], Ipv4Addr::octets(&GUEST));
    // The answer to that question lets the datagram out.
    let mut answer = asked;
    answer[21] = 2;
    answer.copy_within(6..12, 0);
    answer[6..12].copy_from_slice(&super::GUEST_MAC);
    answer.copy_within(22..32, 32);
    answer[22..28].copy_from_slice(&super::GUEST_MAC);
    answer[28..32].copy_from_slice(&GUEST.octets());
    net.send(&answer, 0);
    let frame = await_frame(&mut net, |frame| (frame[12..14] == [8, 0]).then(|| frame.to_vec()));
    assert_eq!(frame[..6], super::GUEST_MAC);
    assert!(frame.ends_with(b"knock"));
}
