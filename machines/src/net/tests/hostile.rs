//! Guests that mean no good: nothing they send may cause a panic or grow a
//! table without bound.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use bus::NetPeer;
use proptest::prelude::*;
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetProtocol, IpProtocol, TcpControl, TcpRepr,
    TcpSeqNumber,
};

use super::wire::{drain, ethernet, ipv4, tcp, udp};
use super::{Config, GATEWAY, GUEST, GUEST_MAC, LOOPBACK, UserNet};

/// A network whose guest may not open anything, so that random addresses stay
/// unvisited.
fn closed_net() -> UserNet {
    UserNet::new(Config { restrict: true, ..Config::default() }).expect("the configuration is sound")
}

fn syn(port: u16) -> TcpRepr<'static> {
    TcpRepr {
        src_port: 40000,
        dst_port: port,
        control: TcpControl::Syn,
        seq_number: TcpSeqNumber(1000),
        ack_number: None,
        window_len: 65535,
        window_scale: Some(14),
        max_seg_size: Some(1460),
        sack_permitted: true,
        sack_ranges: [None; 3],
        timestamp: None,
        payload: &[],
    }
}

fn arp_request() -> Vec<u8> {
    let request = ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Request,
        source_hardware_addr: EthernetAddress(GUEST_MAC),
        source_protocol_addr: GUEST,
        target_hardware_addr: EthernetAddress([0; 6]),
        target_protocol_addr: GATEWAY,
    };
    let mut bytes = vec![0; request.buffer_len()];
    request.emit(&mut ArpPacket::new_unchecked(&mut bytes[..]));
    ethernet(EthernetProtocol::Arp, &bytes)
}

fn valid_frames() -> Vec<Vec<u8>> {
    let mut dhcp = vec![0; 300];
    dhcp[..4].copy_from_slice(&[1, 1, 6, 0]);
    dhcp[28..34].copy_from_slice(&GUEST_MAC);
    dhcp[236..243].copy_from_slice(&[0x63, 0x82, 0x53, 0x63, 53, 1, 1]);
    dhcp[243] = 255;
    vec![
        arp_request(),
        udp((Ipv4Addr::UNSPECIFIED, 68), (Ipv4Addr::BROADCAST, 67), &dhcp),
        udp((GUEST, 5000), (GATEWAY, 5000), b"data"),
        tcp(GUEST, GATEWAY, &syn(80)),
        ipv4(GUEST, GATEWAY, IpProtocol::Icmp, &[8, 0, 0xf7, 0xfd, 0, 1, 0, 1]),
        ethernet(EthernetProtocol::Ipv6, &[0x60; 48]),
    ]
}

proptest! {
    #[test]
    fn random_frames_do_no_harm(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20)) {
        let mut net = closed_net();
        for frame in &frames {
            net.send(frame, 0);
        }
        drain(&mut net, 0);
    }

    #[test]
    fn spoiled_frames_do_no_harm(
        which in any::<prop::sample::Index>(),
        spoils in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        length in any::<prop::sample::Index>(),
        padding in prop_oneof![Just(0), 0..100usize, Just(70_000)],
    ) {
        let frames = valid_frames();
        let mut frame = which.get(&frames).clone();
        for (place, value) in spoils {
            let place = place.index(frame.len());
            frame[place] = value;
        }
        let mut net = closed_net();
        net.send(&frame[..length.index(frame.len() + 1)], 0);
        frame.resize(frame.len() + padding, 0xa5);
        net.send(&frame, 0);
        drain(&mut net, u64::MAX);
    }

    /// DHCP, ping and UDP contents under a correct checksum, which spoiling
    /// whole frames seldom gets past.
    #[test]
    fn random_contents_do_no_harm(
        contents in prop::collection::vec(any::<u8>(), 0..400),
        magic in any::<bool>(),
    ) {
        let mut dhcp = contents.clone();
        if magic && dhcp.len() >= 240 {
            dhcp[..4].copy_from_slice(&[1, 1, 6, 0]);
            dhcp[236..240].copy_from_slice(&[0x63, 0x82, 0x53, 0x63]);
        }
        let mut net = closed_net();
        net.send(&udp((Ipv4Addr::UNSPECIFIED, 68), (Ipv4Addr::BROADCAST, 67), &dhcp), 0);
        net.send(&ipv4(GUEST, GATEWAY, IpProtocol::Icmp, &contents), 0);
        net.send(&ipv4(GUEST, GATEWAY, IpProtocol::Tcp, &contents), 0);
        net.send(&ethernet(EthernetProtocol::Arp, &contents), 0);
        drain(&mut net, 0);
    }
}

#[derive(Clone, Debug)]
struct Segment {
    control: TcpControl,
    seq: i32,
    ack: Option<i32>,
    window: u16,
    length: usize,
    wait_ns: u64,
}

/// Segments near and far from what the connection expects.
fn segment() -> impl Strategy<Value = Segment> {
    use TcpControl::{Fin, None as Plain, Psh, Rst, Syn};
    let control =
        prop_oneof![4 => Just(Plain), 2 => Just(Psh), 2 => Just(Fin), 1 => Just(Rst), 1 => Just(Syn)];
    let number = prop_oneof![4 => -3..3000i32, 1 => any::<i32>()];
    let wait_ns = prop_oneof![Just(0), 0..20_000_000_000u64];
    (control, number.clone(), prop::option::weighted(0.9, number), any::<u16>(), 0..3000usize, wait_ns)
        .prop_map(|(control, seq, ack, window, length, wait_ns)| Segment {
            control,
            seq,
            ack,
            window,
            length,
            wait_ns,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// A connection that really is open, with a guest that has lost its mind.
    /// Numbers count from what is in order.
    #[test]
    fn wild_segments_do_no_harm(segments in prop::collection::vec(segment(), 1..40)) {
        let server = TcpListener::bind(LOOPBACK).expect("loopback has a free port");
        let port = server.local_addr().expect("the server has an address").port();
        let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
        net.send(&tcp(GUEST, GATEWAY, &syn(port)), 0);
        let theirs = super::wire::await_frame(&mut net, |frame| {
            (frame[23] == 6).then(|| i32::from_be_bytes([frame[38], frame[39], frame[40], frame[41]]))
        });
        let (mut host, _) = server.accept().expect("a connection comes");
        std::io::Write::write_all(&mut host, &[1; 2000]).expect("loopback takes a little data");
        let payload = [0x5a; 3000];
        let mut now_ns = 0;
        for segment in segments {
            now_ns += segment.wait_ns;
            let repr = TcpRepr {
                control: segment.control,
                seq_number: TcpSeqNumber(1001i32.wrapping_add(segment.seq)),
                ack_number: segment.ack.map(|ack| TcpSeqNumber(theirs.wrapping_add(1).wrapping_add(ack))),
                window_len: segment.window,
                payload: &payload[..segment.length],
                window_scale: None,
                max_seg_size: None,
                sack_permitted: false,
                ..syn(port)
            };
            net.send(&tcp(GUEST, GATEWAY, &repr), now_ns);
            drain(&mut net, now_ns);
        }
    }
}

#[test]
fn a_flood_of_syns_fills_a_table_and_no_more() {
    let server = TcpListener::bind(LOOPBACK).expect("loopback has a free port");
    let port = server.local_addr().expect("the server has an address").port();
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    for n in 1..2000u16 {
        net.send(&tcp(GUEST, GATEWAY, &TcpRepr { src_port: n, ..syn(port) }), u64::from(n));
        assert!(net.flow_counts().0 <= 384);
    }
    assert_eq!(net.flow_counts().0, 384);
}

#[test]
fn a_flood_of_datagrams_fills_a_table_and_no_more() {
    let server = UdpSocket::bind(LOOPBACK).expect("loopback has a free port");
    let port = server.local_addr().expect("the server has an address").port();
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    for n in 1..2000u16 {
        net.send(&udp((GUEST, n), (GATEWAY, port), b"x"), u64::from(n));
    }
    assert_eq!(net.flow_counts().1, 256);
}

#[test]
fn a_guest_that_takes_nothing_makes_nothing_grow() {
    let mut net = closed_net();
    for _ in 0..10_000 {
        net.send(&arp_request(), 0);
    }
    assert!(drain(&mut net, 0).len() <= 1024);
}

#[test]
fn frames_for_other_stations_are_ignored() {
    let mut net = closed_net();
    let mut frame = arp_request();
    frame[..6].copy_from_slice(&[2, 0, 0, 0, 0, 9]);
    net.send(&frame, 0);
    assert_eq!(net.receive(0), None);
    // The same frame for us is answered, so it was the address.
    net.send(&arp_request(), 0);
    assert!(net.receive(0).is_some());
}
