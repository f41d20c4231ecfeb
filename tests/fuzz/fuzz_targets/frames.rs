//! Any frames into the user-mode network: raw ones while it is cut off from
//! the outside, and TCP segments with sound checksums to a server of our own.

#![no_main]

use std::cell::RefCell;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use bus::NetPeer;
use libfuzzer_sys::fuzz_target;
use machines::net::{Config, UserNet};
use mynah_fuzz::Script;

const GUEST: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 15);
const GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);
const GATEWAY_MAC: [u8; 6] = [0x52, 0x55, 10, 0, 2, 2];
const GUEST_MAC: [u8; 6] = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
/// More frames than this are never waiting.
const FRAMES_MAX: usize = 4096;

thread_local! {
    static SERVER: RefCell<TcpListener> = RefCell::new({
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        server.set_nonblocking(true).expect("the listener takes the option");
        server
    });
}

/// The ones' complement sum of RFC 1071.
fn checksum(parts: &[&[u8]]) -> u16 {
    let bytes: Vec<u8> = parts.concat();
    let words =
        bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low)));
    let mut sum = words.fold(0_u32, u32::wrapping_add);
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// An Ethernet frame with an IPv4 packet from the guest (RFC 791, §3.1).
fn ipv4(to: Ipv4Addr, protocol: u8, flags: u16, payload: &[u8]) -> Vec<u8> {
    let mut header = vec![0x45, 0];
    header.extend((20 + payload.len() as u16).to_be_bytes());
    header.extend([0, 1]);
    header.extend(flags.to_be_bytes());
    header.extend([64, protocol, 0, 0]);
    header.extend(GUEST.octets());
    header.extend(to.octets());
    let sum = checksum(&[&header]).to_be_bytes();
    header[10..12].copy_from_slice(&sum);
    [&GATEWAY_MAC[..], &GUEST_MAC, &[8, 0], &header, payload].concat()
}

/// The pseudo header before a segment or datagram (RFC 9293, §3.1).
fn pseudo(to: Ipv4Addr, protocol: u8, bytes: usize) -> Vec<u8> {
    [&GUEST.octets()[..], &to.octets(), &[0, protocol], &(bytes as u16).to_be_bytes()].concat()
}

/// A frame the fuzzer chose all of, or the contents of one of the protocols.
fn frame(script: &mut Script<'_>) -> Vec<u8> {
    let (kind, bytes, flags) = (script.byte() % 8, script.below(600), script.half());
    let body = script.take(bytes);
    match kind {
        0 | 1 => body.to_vec(),
        2 => [&GATEWAY_MAC[..], &GUEST_MAC, &[8, 6], body].concat(),
        3 => ipv4(GATEWAY, 1, 0, body),
        4 => {
            let mut dhcp = vec![0; 240];
            dhcp[..3].copy_from_slice(&[1, 1, 6]);
            dhcp[28..34].copy_from_slice(&GUEST_MAC);
            dhcp[236..240].copy_from_slice(&[0x63, 0x82, 0x53, 0x63]);
            dhcp.extend(body);
            udp(Ipv4Addr::BROADCAST, 68, 67, &dhcp)
        }
        5 => udp(GATEWAY, flags, script.half(), body),
        6 => ipv4(GATEWAY, 6, 0, body),
        _ => ipv4(GATEWAY, script.pick(&[1, 6, 17, 99]), flags, body),
    }
}

fn udp(to: Ipv4Addr, from_port: u16, to_port: u16, data: &[u8]) -> Vec<u8> {
    let mut datagram =
        [from_port.to_be_bytes(), to_port.to_be_bytes(), (8 + data.len() as u16).to_be_bytes()].concat();
    datagram.extend([0, 0]);
    datagram.extend(data);
    let sum = checksum(&[&pseudo(to, 17, datagram.len()), &datagram]).to_be_bytes();
    datagram[6..8].copy_from_slice(&sum);
    ipv4(to, 17, 0, &datagram)
}

/// What the guest thinks of its one connection.
struct Tcp {
    port: u16,
    seq: u32,
    ack: u32,
}

impl Tcp {
    /// A segment (RFC 9293, §3.1) that is in order, or off by what the script
    /// says.
    fn segment(&mut self, flags: u8, script: &mut Script<'_>) -> Vec<u8> {
        let off = if script.byte() < 64 { script.word() as i8 as i32 * 37 } else { 0 };
        let (window, bytes) = (script.half(), script.below(300));
        let (data, options) = (script.take(bytes), script.take(usize::from(bytes % 5) * 4));
        let mut segment = [40000_u16.to_be_bytes(), self.port.to_be_bytes()].concat();
        segment.extend(self.seq.wrapping_add_signed(off).to_be_bytes());
        segment.extend(self.ack.wrapping_add_signed(off / 3).to_be_bytes());
        segment.extend([(5 + options.len() as u8 / 4) << 4, flags]);
        segment.extend(window.to_be_bytes());
        segment.extend([0; 4]);
        segment.extend(&options[..options.len() / 4 * 4]);
        segment.extend(data);
        let sum = checksum(&[&pseudo(GATEWAY, 6, segment.len()), &segment]).to_be_bytes();
        segment[16..18].copy_from_slice(&sum);
        if off == 0 {
            let takes_number = u32::from(flags & 1 != 0) + u32::from(flags & 2 != 0);
            self.seq = self.seq.wrapping_add(data.len() as u32 + takes_number);
        }
        ipv4(GATEWAY, 6, 0, &segment)
    }

    /// Follows what the network sends.
    fn hear(&mut self, frame: &[u8]) {
        let is_tcp = frame.len() >= 54 && frame[12..14] == [8, 0] && frame[23] == 6;
        if let Some(segment) = frame.get(34..).filter(|_| is_tcp) {
            let seq = u32::from_be_bytes([segment[4], segment[5], segment[6], segment[7]]);
            let header = usize::from(segment[12] >> 4) * 4;
            let counted = u32::from(segment[13] & 1) + u32::from(segment[13] >> 1 & 1);
            self.ack = seq.wrapping_add(segment.len().saturating_sub(header) as u32 + counted);
        }
    }
}

fn drain(net: &mut UserNet, now_ns: u64, tcp: &mut Tcp) {
    let mut frames = 0;
    while let Some(frame) = net.receive(now_ns) {
        tcp.hear(&frame);
        frames += 1;
        assert!(frames <= FRAMES_MAX, "the network sends without end");
    }
}

/// Connections that were accepted; closing them resets them, which leaves no
/// port behind.
fn accept(server: &TcpListener, streams: &mut Vec<TcpStream>) {
    while let Ok((stream, _)) = server.accept() {
        let at_once = Some(std::time::Duration::ZERO);
        rustix::net::sockopt::set_socket_linger(&stream, at_once).expect("the stream takes the option");
        stream.set_nonblocking(true).expect("the stream takes the option");
        streams.push(stream);
    }
}

fn connection(server: &TcpListener, script: &mut Script<'_>) {
    use std::io::{Read, Write};
    let port = server.local_addr().expect("the server has an address").port();
    let mut tcp = Tcp { port, seq: 1000, ack: 0 };
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    let (mut streams, mut now_ns) = (Vec::new(), 0_u64);
    net.send(&tcp.segment(2, &mut Script::new(&[255])), now_ns);
    while !script.is_over() {
        accept(server, &mut streams);
        drain(&mut net, now_ns, &mut tcp);
        match script.byte() % 8 {
            0..=4 => {
                let any = script.byte();
                let flags = script.pick(&[0x10, 0x18, 0x11, 0x10, 0x12, 0x14, 0x02, 0x04, any]);
                net.send(&tcp.segment(flags, script), now_ns);
            }
            5 => now_ns += u64::from(script.word()) * 16,
            6 => streams.iter_mut().for_each(|stream| _ = stream.write(&[7; 3000])),
            _ => streams.iter_mut().for_each(|stream| _ = stream.read(&mut [0; 2000])),
        }
        let mut fds = Vec::new();
        net.poll_fds(&mut fds);
        let _ = net.deadline();
    }
    drain(&mut net, now_ns, &mut tcp);
    accept(server, &mut streams);
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    if script.byte() % 4 == 0 {
        return SERVER.with_borrow(|server| connection(server, &mut script));
    }
    let config = Config { restrict: true, ..Config::default() };
    let mut net = UserNet::new(config).expect("the configuration is sound");
    let (mut now_ns, mut tcp) = (0, Tcp { port: 0, seq: 0, ack: 0 });
    while !script.is_over() {
        net.send(&frame(&mut script), now_ns);
        now_ns += u64::from(script.byte()) << 26;
        drain(&mut net, now_ns, &mut tcp);
    }
});
