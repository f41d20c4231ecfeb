//! Puts IPv4 fragments together again (RFC 791, section 3.2), within bounds.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{IPV4_HEADER_LEN, Ipv4Packet, Ipv4Repr};

use super::packet::MAX_PAYLOAD_BYTES;
use super::table::Table;

/// Most packets under construction; the longest idle one makes room.
const MAX_PACKETS: usize = 16;
/// Most fragments of one packet: 64 KiB in pieces of 576 bytes.
const MAX_FRAGMENTS: usize = 128;
/// How long a packet waits for its next fragment.
const TIMEOUT_NS: u64 = 15_000_000_000;

type Key = (Ipv4Addr, Ipv4Addr, u8, u16);

/// Packets of which some fragments have arrived.
pub(super) struct Reassembly {
    packets: Table<Key, Partial>,
}

#[derive(Default)]
struct Partial {
    /// Payloads by their offset in bytes; they never overlap.
    pieces: BTreeMap<usize, Vec<u8>>,
    /// Length of the whole payload, known from the last fragment.
    total_bytes: Option<usize>,
}

impl Reassembly {
    pub(super) fn new() -> Reassembly {
        Reassembly { packets: Table::new(MAX_PACKETS) }
    }

    /// Takes a packet that may be a fragment. Gives back the whole packet if
    /// this one completes it.
    ///
    /// Fragments that overlap, contradict each other or exceed 64 KiB condemn
    /// their packet, as no honest sender makes them and guessing which to
    /// believe has been an attack (RFC 1858).
    pub(super) fn add(&mut self, bytes: &[u8], now_ns: u64) -> Option<Vec<u8>> {
        self.packets.expire(now_ns, |_| TIMEOUT_NS);
        let packet = Ipv4Packet::new_checked(bytes).ok()?;
        if packet.version() != 4 || !packet.verify_checksum() {
            return None;
        }
        let key = (packet.src_addr(), packet.dst_addr(), packet.next_header().into(), packet.ident());
        if !self.packets.contains(&key) {
            self.packets.insert(key, Partial::default(), now_ns);
        }
        let partial = self.packets.touch(&key, now_ns)?;
        let payload = bytes.get(usize::from(packet.header_len())..usize::from(packet.total_len()))?;
        if !partial.add(usize::from(packet.frag_offset()), payload, packet.more_frags()) {
            self.packets.remove(&key);
            return None;
        }
        let payload = partial.complete()?;
        self.packets.remove(&key);
        Some(whole(&packet, &payload))
    }
}

/// Whether `bytes` is an IPv4 packet that belongs to a larger one.
pub(super) fn is_fragment(bytes: &[u8]) -> bool {
    Ipv4Packet::new_checked(bytes).is_ok_and(|packet| packet.more_frags() || packet.frag_offset() != 0)
}

impl Partial {
    /// Adds a piece; false if it does not fit the others.
    fn add(&mut self, offset: usize, payload: &[u8], more: bool) -> bool {
        let end = offset + payload.len();
        let misaligned = more && !payload.len().is_multiple_of(8);
        if payload.is_empty() || misaligned || end > MAX_PAYLOAD_BYTES || self.pieces.len() >= MAX_FRAGMENTS {
            return false;
        }
        if self.pieces.get(&offset).is_some_and(|known| known == payload) {
            return true;
        }
        let before = self.pieces.range(..=offset).next_back().map_or(0, |(at, piece)| at + piece.len());
        let after = self.pieces.range(offset..).next().map_or(usize::MAX, |(at, _)| *at);
        if before > offset || end > after {
            return false;
        }
        if !more && self.total_bytes.replace(end).is_some_and(|known| known != end) {
            return false;
        }
        self.pieces.insert(offset, payload.to_vec());
        let last_end = self.pieces.last_key_value().map_or(0, |(at, piece)| at + piece.len());
        self.total_bytes.is_none_or(|total| last_end <= total)
    }

    fn complete(&self) -> Option<Vec<u8>> {
        let total = self.total_bytes?;
        let present: usize = self.pieces.values().map(Vec::len).sum();
        (present == total).then(|| self.pieces.values().flatten().copied().collect())
    }
}

fn whole(fragment: &Ipv4Packet<&[u8]>, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; IPV4_HEADER_LEN + payload.len()];
    bytes[IPV4_HEADER_LEN..].copy_from_slice(payload);
    let repr = Ipv4Repr {
        src_addr: fragment.src_addr(),
        dst_addr: fragment.dst_addr(),
        next_header: fragment.next_header(),
        payload_len: payload.len(),
        hop_limit: fragment.hop_limit(),
    };
    repr.emit(&mut Ipv4Packet::new_unchecked(&mut bytes[..]), &ChecksumCapabilities::default());
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use smoltcp::wire::IpProtocol;

    use super::super::packet::{Ipv4, Route, ipv4_frames};
    use super::*;

    fn fragments(payload: &[u8], ident: u16) -> Vec<Vec<u8>> {
        let route =
            Route { src: Ipv4Addr::new(10, 0, 2, 15), dst: Ipv4Addr::new(10, 0, 2, 2), mtu_bytes: 576 };
        let frames = ipv4_frames(route, IpProtocol::Udp, ident, payload);
        frames.into_iter().map(|frame| frame[14..].to_vec()).collect()
    }

    proptest! {
        #[test]
        fn fragments_in_any_order_give_the_payload(
            payload in prop::collection::vec(any::<u8>(), 557..20_000),
            order in any::<prop::sample::Index>(),
            repeat in any::<bool>(),
        ) {
            let mut parts = fragments(&payload, 7);
            let first = order.index(parts.len());
            parts.rotate_left(first);
            parts.reverse();
            if repeat {
                parts.insert(1, parts[0].clone());
            }
            let mut reassembly = Reassembly::new();
            let (last, others) = parts.split_last().expect("there are fragments");
            for part in others {
                prop_assert!(is_fragment(part));
                prop_assert!(reassembly.add(part, 0).is_none());
            }
            let whole = reassembly.add(last, 0).expect("the last fragment completes the packet");
            let packet = Ipv4::parse(&whole).expect("the packet is well formed");
            prop_assert_eq!(packet.payload, &payload[..]);
        }
    }

    #[test]
    fn overlapping_fragments_condemn_the_packet() {
        let payload = vec![1; 2000];
        let parts = fragments(&payload, 7);
        // The same place with other contents.
        let other = fragments(&vec![2; 2000], 7);
        let mut reassembly = Reassembly::new();
        assert!(reassembly.add(&parts[0], 0).is_none());
        assert!(reassembly.add(&other[0], 0).is_none());
        for part in &parts[1..] {
            assert!(reassembly.add(part, 0).is_none());
        }
    }

    #[test]
    fn unfinished_packets_are_forgotten() {
        let mut reassembly = Reassembly::new();
        for ident in 0..1000 {
            assert!(reassembly.add(&fragments(&[0; 1000], ident)[0], 0).is_none());
        }
        assert_eq!(reassembly.packets.len(), MAX_PACKETS);
        let parts = fragments(&[0; 1000], 999);
        assert!(reassembly.add(&parts[1], TIMEOUT_NS).is_none(), "its first half has expired");
    }
}
