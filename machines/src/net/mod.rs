//! User-mode network: what the far end of a network card's cable is plugged
//! into when the host grants no privileges.
//!
//! [`UserNet`] plays a small office router for one guest. It answers ARP (RFC
//! 826), leases addresses by DHCP (RFC 2131), answers pings, relays DNS, and
//! translates the guest's UDP flows and TCP connections into ordinary host
//! sockets, as QEMU's `-netdev user` does, with the same addresses: guest
//! 10.0.2.15, gateway 10.0.2.2 (which is also the host's loopback), DNS
//! 10.0.2.3. IPv6 frames are dropped.
//!
//! ```text
//!   guest ── send() ──► user ─► arp, dhcp, icmp, udp, tcp ─► host sockets
//!         ◄─ receive() ── link ◄────────────────────────────┘
//! ```
//!
//! Three properties hold throughout. Guest frames are hostile: every table is
//! bounded and evicts its longest idle entry, and no frame can cause a panic.
//! Time is the `now_ns` handed in, never the host's clock. Bytes from the host
//! reach the guest through [`bus::NetPeer::receive`] only, so that is the place
//! to record them.

mod config;
mod dhcp;
mod flow;
mod icmp;
mod link;
mod options;
mod packet;
mod reassembly;
mod table;
mod tcp;
mod udp;
mod user;

#[cfg(test)]
mod tests;

pub use config::{Config, Error, HostForward, Network, Protocol, nameserver};
pub use user::UserNet;
