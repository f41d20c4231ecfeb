//! Frames made and read by hand, for what a well-behaved stack would never send
//! or show.

use bus::NetPeer;
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    EthernetAddress, EthernetFrame, EthernetProtocol, EthernetRepr, IpAddress, IpProtocol, Ipv4Address,
    Ipv4Packet, Ipv4Repr, TcpPacket, TcpRepr, UdpPacket, UdpRepr,
};

use super::{GATEWAY_MAC, GUEST_MAC, UserNet};

pub(super) fn ethernet(protocol: EthernetProtocol, payload: &[u8]) -> Vec<u8> {
    let repr = EthernetRepr {
        src_addr: EthernetAddress(GUEST_MAC),
        dst_addr: EthernetAddress(GATEWAY_MAC),
        ethertype: protocol,
    };
    let mut frame = vec![0; repr.buffer_len() + payload.len()];
    repr.emit(&mut EthernetFrame::new_unchecked(&mut frame[..]));
    frame[repr.buffer_len()..].copy_from_slice(payload);
    frame
}

pub(super) fn ipv4(src: Ipv4Address, dst: Ipv4Address, next_header: IpProtocol, payload: &[u8]) -> Vec<u8> {
    let repr =
        Ipv4Repr { src_addr: src, dst_addr: dst, next_header, payload_len: payload.len(), hop_limit: 64 };
    let mut packet = vec![0; repr.buffer_len() + payload.len()];
    repr.emit(&mut Ipv4Packet::new_unchecked(&mut packet[..]), &ChecksumCapabilities::default());
    packet[repr.buffer_len()..].copy_from_slice(payload);
    ethernet(EthernetProtocol::Ipv4, &packet)
}

pub(super) fn udp(src: (Ipv4Address, u16), dst: (Ipv4Address, u16), data: &[u8]) -> Vec<u8> {
    let repr = UdpRepr { src_port: src.1, dst_port: dst.1 };
    let mut datagram = vec![0; repr.header_len() + data.len()];
    repr.emit(
        &mut UdpPacket::new_unchecked(&mut datagram[..]),
        &IpAddress::Ipv4(src.0),
        &IpAddress::Ipv4(dst.0),
        data.len(),
        |payload| payload.copy_from_slice(data),
        &ChecksumCapabilities::default(),
    );
    ipv4(src.0, dst.0, IpProtocol::Udp, &datagram)
}

pub(super) fn tcp(src: Ipv4Address, dst: Ipv4Address, segment: &TcpRepr<'_>) -> Vec<u8> {
    let mut bytes = vec![0; segment.buffer_len()];
    segment.emit(
        &mut TcpPacket::new_unchecked(&mut bytes[..]),
        &IpAddress::Ipv4(src),
        &IpAddress::Ipv4(dst),
        &ChecksumCapabilities::default(),
    );
    ipv4(src, dst, IpProtocol::Tcp, &bytes)
}

/// Everything the network has for the guest at this moment.
pub(super) fn drain(net: &mut UserNet, now_ns: u64) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| net.receive(now_ns)).collect()
}

/// Polls until the network has a frame that `pick` takes.
pub(super) fn await_frame<T>(net: &mut UserNet, mut pick: impl FnMut(&[u8]) -> Option<T>) -> T {
    for _ in 0..super::MAX_ROUNDS {
        match net.receive(0) {
            Some(frame) => {
                if let Some(found) = pick(&frame) {
                    return found;
                }
            }
            None => std::thread::yield_now(),
        }
    }
    panic!("no such frame came");
}
