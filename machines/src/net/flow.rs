//! What names a flow of UDP datagrams or a TCP connection.

use std::net::{Ipv4Addr, SocketAddrV4};

/// Ports given to forwarded peers whose own port is taken (RFC 6335, dynamic
/// ports).
const DYNAMIC_PORTS: std::ops::RangeInclusive<u16> = 49152..=65535;

/// The two ends of a flow, as the guest sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FlowKey {
    pub guest: SocketAddrV4,
    pub remote: SocketAddrV4,
}

impl FlowKey {
    /// A flow from the remote `address`, with the remote's own `port` unless
    /// that flow is `taken`.
    pub(super) fn unused(
        guest: SocketAddrV4,
        address: Ipv4Addr,
        port: u16,
        taken: impl Fn(&FlowKey) -> bool,
    ) -> Option<FlowKey> {
        std::iter::once(port)
            .filter(|port| *port != 0)
            .chain(DYNAMIC_PORTS)
            .map(|port| FlowKey { guest, remote: SocketAddrV4::new(address, port) })
            .find(|key| !taken(key))
    }
}
