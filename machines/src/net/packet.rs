//! Packets in and out of bytes: Ethernet II, IPv4 (RFC 791), UDP (RFC 768), and
//! TCP's reset (RFC 9293).

use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    ETHERNET_HEADER_LEN, EthernetAddress, EthernetFrame, EthernetProtocol, IPV4_HEADER_LEN, IpAddress,
    IpProtocol, Ipv4Packet, Ipv4Repr, TcpControl, TcpPacket, TcpRepr, TcpSeqNumber, UDP_HEADER_LEN,
    UdpPacket, UdpRepr,
};

/// Largest payload of an IPv4 packet with the header we write, in bytes.
pub(super) const MAX_PAYLOAD_BYTES: usize = u16::MAX as usize - IPV4_HEADER_LEN;

/// Largest payload of a UDP datagram, in bytes.
pub(super) const MAX_UDP_BYTES: usize = MAX_PAYLOAD_BYTES - UDP_HEADER_LEN;

const HOP_LIMIT: u8 = 64;

/// One whole IPv4 packet whose header has been checked.
#[derive(Clone, Copy)]
pub(super) struct Ipv4<'a> {
    pub src: Ipv4Addr,
    pub dst: Ipv4Addr,
    pub protocol: IpProtocol,
    /// What follows the header.
    pub payload: &'a [u8],
    /// Header and payload, without the padding of a short Ethernet frame.
    pub bytes: &'a [u8],
}

impl<'a> Ipv4<'a> {
    /// Reads a packet that is not a fragment; `None` if it is malformed.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Ipv4<'a>> {
        let packet = Ipv4Packet::new_checked(bytes).ok()?;
        let repr = Ipv4Repr::parse(&packet, &ChecksumCapabilities::default()).ok()?;
        Some(Ipv4 {
            src: repr.src_addr,
            dst: repr.dst_addr,
            protocol: repr.next_header,
            payload: bytes.get(usize::from(packet.header_len())..usize::from(packet.total_len()))?,
            bytes: bytes.get(..usize::from(packet.total_len()))?,
        })
    }

    /// The TCP segment inside, checksum verified, with its endpoints.
    pub(super) fn tcp(&self) -> Option<(SocketAddrV4, SocketAddrV4, TcpRepr<'a>)> {
        let packet = TcpPacket::new_checked(self.payload).ok()?;
        let (src, dst) = (IpAddress::Ipv4(self.src), IpAddress::Ipv4(self.dst));
        let repr = TcpRepr::parse(&packet, &src, &dst, &ChecksumCapabilities::default()).ok()?;
        Some((SocketAddrV4::new(self.src, repr.src_port), SocketAddrV4::new(self.dst, repr.dst_port), repr))
    }

    /// The UDP datagram inside, checksum verified, with its endpoints.
    pub(super) fn udp(&self) -> Option<(SocketAddrV4, SocketAddrV4, &'a [u8])> {
        let packet = UdpPacket::new_checked(self.payload).ok()?;
        let (src, dst) = (IpAddress::Ipv4(self.src), IpAddress::Ipv4(self.dst));
        let repr = UdpRepr::parse(&packet, &src, &dst, &ChecksumCapabilities::default()).ok()?;
        let data = self.payload.get(UDP_HEADER_LEN..usize::from(packet.len()))?;
        Some((SocketAddrV4::new(self.src, repr.src_port), SocketAddrV4::new(self.dst, repr.dst_port), data))
    }
}

/// Where a packet comes from and goes to, and the size its carrier allows.
#[derive(Clone, Copy)]
pub(super) struct Route {
    pub src: Ipv4Addr,
    pub dst: Ipv4Addr,
    /// Largest IP packet in bytes.
    pub mtu_bytes: usize,
}

/// An IPv4 packet with `payload` in one frame, or in fragments where it is
/// longer than the route allows. The Ethernet headers are left blank. Fragments
/// of one packet share `ident`. A payload beyond [`MAX_PAYLOAD_BYTES`] gives
/// none.
pub(super) fn ipv4_frames(route: Route, protocol: IpProtocol, ident: u16, payload: &[u8]) -> Vec<Vec<u8>> {
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Vec::new();
    }
    let room = route.mtu_bytes.saturating_sub(IPV4_HEADER_LEN);
    if payload.len() <= room {
        return vec![ipv4_frame(route, protocol, payload, None)];
    }
    // Offsets of fragments count units of 8 bytes.
    let piece_bytes = (room & !7).max(8);
    let last = payload.len().div_ceil(piece_bytes) - 1;
    let fragment = |(n, piece): (usize, &[u8])| {
        let place = Fragment { ident, offset_bytes: (n * piece_bytes) as u16, more: n != last };
        ipv4_frame(route, protocol, piece, Some(place))
    };
    payload.chunks(piece_bytes).enumerate().map(fragment).collect()
}

struct Fragment {
    ident: u16,
    offset_bytes: u16,
    more: bool,
}

fn ipv4_frame(route: Route, protocol: IpProtocol, payload: &[u8], fragment: Option<Fragment>) -> Vec<u8> {
    let mut frame = vec![0; ETHERNET_HEADER_LEN + IPV4_HEADER_LEN + payload.len()];
    let (header, body) = frame[ETHERNET_HEADER_LEN..].split_at_mut(IPV4_HEADER_LEN);
    body.copy_from_slice(payload);
    let repr = Ipv4Repr {
        src_addr: route.src,
        dst_addr: route.dst,
        next_header: protocol,
        payload_len: payload.len(),
        hop_limit: HOP_LIMIT,
    };
    let mut packet = Ipv4Packet::new_unchecked(header);
    repr.emit(&mut packet, &ChecksumCapabilities::default());
    if let Some(fragment) = fragment {
        packet.set_ident(fragment.ident);
        packet.set_dont_frag(false);
        packet.set_more_frags(fragment.more);
        packet.set_frag_offset(fragment.offset_bytes);
        packet.fill_checksum();
    }
    frame
}

/// The bytes of a UDP datagram, header included. `data` is at most
/// [`MAX_UDP_BYTES`] long.
pub(super) fn udp_datagram(src: SocketAddrV4, dst: SocketAddrV4, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; UDP_HEADER_LEN + data.len()];
    let repr = UdpRepr { src_port: src.port(), dst_port: dst.port() };
    repr.emit(
        &mut UdpPacket::new_unchecked(&mut bytes[..]),
        &IpAddress::Ipv4(*src.ip()),
        &IpAddress::Ipv4(*dst.ip()),
        data.len(),
        |payload| payload.copy_from_slice(data),
        &ChecksumCapabilities::default(),
    );
    bytes
}

/// The reset that answers `segment`, which came from `guest` for `remote` (RFC
/// 9293, 3.10.7.1). A reset gets none.
pub(super) fn tcp_reset(guest: SocketAddrV4, remote: SocketAddrV4, segment: &TcpRepr<'_>) -> Option<Vec<u8>> {
    if segment.control == TcpControl::Rst {
        return None;
    }
    let (seq_number, ack_number) = match segment.ack_number {
        Some(acknowledged) => (acknowledged, None),
        None => (TcpSeqNumber(0), Some(segment.seq_number + segment.segment_len())),
    };
    let reset = TcpRepr {
        src_port: remote.port(),
        dst_port: guest.port(),
        control: TcpControl::Rst,
        seq_number,
        ack_number,
        window_len: 0,
        window_scale: None,
        max_seg_size: None,
        sack_permitted: false,
        sack_ranges: [None; 3],
        timestamp: None,
        payload: &[],
    };
    let mut bytes = vec![0; reset.buffer_len()];
    reset.emit(
        &mut TcpPacket::new_unchecked(&mut bytes[..]),
        &IpAddress::Ipv4(*remote.ip()),
        &IpAddress::Ipv4(*guest.ip()),
        &ChecksumCapabilities::default(),
    );
    Some(bytes)
}

/// Fills the Ethernet header of a frame that carries `protocol`.
pub(super) fn set_ethernet(frame: &mut [u8], src: [u8; 6], dst: [u8; 6], protocol: EthernetProtocol) {
    let mut frame = EthernetFrame::new_unchecked(frame);
    frame.set_src_addr(EthernetAddress(src));
    frame.set_dst_addr(EthernetAddress(dst));
    frame.set_ethertype(protocol);
}
