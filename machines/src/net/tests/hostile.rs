//! Guests that mean no good: nothing they send may cause a panic or grow a
//! table without bound.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream, UdpSocket};

use bus::NetPeer;
use proptest::prelude::*;
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetProtocol, IpProtocol, TcpControl, TcpRepr,
    TcpSeqNumber,
};

use super::super::packet::Ipv4;
use super::wire::{await_frame, drain, ethernet, ipv4, tcp, udp};
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

/// A move of a guest that has lost its mind, or of the host's peer.
#[derive(Clone, Debug)]
enum Move {
    /// Sequence and acknowledgement numbers count from what would be in order.
    Segment {
        control: TcpControl,
        seq: i32,
        ack: Option<i32>,
        window: u16,
        length: usize,
    },
    HostWrites,
    HostFinishes,
    TimePasses(u64),
}

fn wild_move() -> impl Strategy<Value = Move> {
    use TcpControl::{Fin, None as Plain, Psh, Rst, Syn};
    let control =
        prop_oneof![8 => Just(Plain), 2 => Just(Psh), 4 => Just(Fin), 1 => Just(Rst), 1 => Just(Syn)];
    let number = prop_oneof![8 => Just(0), 2 => -3000..3000i32, 1 => any::<i32>()];
    let length = prop_oneof![2 => Just(0), 1 => 0..3000usize];
    let segment = (control, number.clone(), prop::option::weighted(0.95, number), any::<u16>(), length)
        .prop_map(|(control, seq, ack, window, length)| Move::Segment { control, seq, ack, window, length });
    prop_oneof![
        12 => segment,
        2 => Just(Move::HostWrites),
        1 => Just(Move::HostFinishes),
        2 => (0..20_000_000_000u64).prop_map(Move::TimePasses),
    ]
}

/// The guest's side of one connection, kept just well enough to go astray.
struct WildGuest {
    net: UserNet,
    port: u16,
    now_ns: u64,
    next_seq: TcpSeqNumber,
    next_ack: TcpSeqNumber,
}

impl WildGuest {
    /// Completes a handshake with `server` and passes it a byte.
    fn connect(server: &TcpListener) -> (WildGuest, TcpStream) {
        let port = server.local_addr().expect("the server has an address").port();
        let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
        net.send(&tcp(GUEST, GATEWAY, &syn(port)), 0);
        let next_ack = await_frame(&mut net, tcp_end);
        let next_seq = TcpSeqNumber(1001);
        let mut guest = WildGuest { net, port, now_ns: 0, next_seq, next_ack };
        guest.segment(TcpControl::None, 0, Some(0), 65535, 1);
        let (mut host, _) = server.accept().expect("a connection comes");
        host.read_exact(&mut [0]).expect("the connection is open");
        host.set_nonblocking(true).expect("the stream takes the option");
        (guest, host)
    }

    fn segment(&mut self, control: TcpControl, seq: i32, ack: Option<i32>, window_len: u16, length: usize) {
        let repr = TcpRepr {
            control,
            seq_number: TcpSeqNumber(self.next_seq.0.wrapping_add(seq)),
            ack_number: ack.map(|ack| TcpSeqNumber(self.next_ack.0.wrapping_add(ack))),
            window_len,
            payload: &[0x5a; 3000][..length],
            window_scale: None,
            max_seg_size: None,
            sack_permitted: false,
            ..syn(self.port)
        };
        self.net.send(&tcp(GUEST, GATEWAY, &repr), self.now_ns);
        if seq == 0 && control != TcpControl::Syn {
            self.next_seq = repr.seq_number + repr.segment_len();
        }
        self.listen();
    }

    fn listen(&mut self) {
        for frame in drain(&mut self.net, self.now_ns) {
            self.next_ack = tcp_end(&frame).map_or(self.next_ack, |end| end.max(self.next_ack));
        }
    }

    fn play(&mut self, step: Move, host: &mut TcpStream) {
        match step {
            Move::Segment { control, seq, ack, window, length } => {
                self.segment(control, seq, ack, window, length)
            }
            // The connection may be gone, which is the guest's own doing.
            Move::HostWrites => _ = host.write(&[1; 5000]),
            Move::HostFinishes => _ = host.shutdown(Shutdown::Write),
            Move::TimePasses(ns) => self.now_ns += ns,
        }
        self.listen();
    }
}

/// The sequence number after a frame's TCP segment.
fn tcp_end(frame: &[u8]) -> Option<TcpSeqNumber> {
    let (_, _, segment) = Ipv4::parse(frame.get(14..)?)?.tcp()?;
    Some(segment.seq_number + segment.segment_len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn wild_segments_do_no_harm(moves in prop::collection::vec(wild_move(), 1..40)) {
        let server = TcpListener::bind(LOOPBACK).expect("loopback has a free port");
        let (mut guest, mut host) = WildGuest::connect(&server);
        for step in moves {
            guest.play(step, &mut host);
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
