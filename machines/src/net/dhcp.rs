//! DHCP server (RFC 2131, options RFC 2132): leases a handful of addresses, the
//! first one to the first who asks.

use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::wire::{
    DHCP_CLIENT_PORT, DHCP_SERVER_PORT, DhcpMessageType, DhcpOption, DhcpPacket, DhcpRepr, EthernetAddress,
    IpProtocol,
};

use super::config::Config;
use super::link::Link;
use super::packet;

/// Most addresses leased at once. A guest has several when it bridges virtual
/// machines of its own.
const MAX_LEASES: u32 = 16;
const LEASE_SECONDS: u32 = 24 * 60 * 60;
/// Relays and old clients drop anything shorter than a BOOTP message (RFC 1542,
/// section 2.1).
const MIN_MESSAGE_BYTES: usize = 300;
const OPTION_HOST_NAME: u8 = 12;
const OPTION_DOMAIN_NAME: u8 = 15;

/// The addresses of the pool and who holds them.
pub(super) struct DhcpServer {
    pool: Vec<(Ipv4Addr, Holder)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Nobody,
    Client(EthernetAddress),
    /// A client found another station at this address.
    Declined,
}

impl DhcpServer {
    pub(super) fn new(config: &Config) -> DhcpServer {
        let first = u32::from(config.guest);
        let pool = (first..=first.saturating_add(MAX_LEASES - 1))
            .map(Ipv4Addr::from)
            .filter(|address| config.is_guest(*address))
            .map(|address| (address, Holder::Nobody))
            .collect();
        DhcpServer { pool }
    }

    /// Answers the message in a UDP datagram's `data`, if it deserves an
    /// answer.
    pub(super) fn handle(&mut self, data: &[u8], config: &Config, link: &mut Link, now_ns: u64) {
        let Ok(message) = DhcpPacket::new_checked(data) else { return };
        let Ok(request) = DhcpRepr::parse(&message) else { return };
        let client = request.client_hardware_address;
        if !client.is_unicast() || !request.relay_agent_ip.is_unspecified() {
            return;
        }
        if let Some((kind, address)) = self.decide(&request, config) {
            if kind == DhcpMessageType::Ack {
                link.learn(address, client.0, now_ns);
            }
            reply(&request, kind, address, config, link);
        }
    }

    /// The kind of the answer and the client's address (RFC 2131, section 4.3).
    fn decide(&mut self, request: &DhcpRepr<'_>, config: &Config) -> Option<(DhcpMessageType, Ipv4Addr)> {
        let client = request.client_hardware_address;
        match request.message_type {
            DhcpMessageType::Discover => Some((DhcpMessageType::Offer, self.lease(client)?)),
            DhcpMessageType::Request
                if request.server_identifier.is_some_and(|server| server != config.gateway) =>
            {
                self.release(client, Holder::Nobody);
                None
            }
            DhcpMessageType::Request => {
                let wanted = request.requested_ip.unwrap_or(request.client_ip);
                match self.claim(client, wanted) {
                    true => Some((DhcpMessageType::Ack, wanted)),
                    false => Some((DhcpMessageType::Nak, Ipv4Addr::UNSPECIFIED)),
                }
            }
            DhcpMessageType::Inform if config.is_guest(request.client_ip) => {
                Some((DhcpMessageType::Ack, request.client_ip))
            }
            DhcpMessageType::Release => {
                self.release(client, Holder::Nobody);
                None
            }
            DhcpMessageType::Decline => {
                self.release(client, Holder::Declined);
                None
            }
            _ => None,
        }
    }

    /// The client's address, or a free one; `None` if the pool is exhausted.
    fn lease(&mut self, client: EthernetAddress) -> Option<Ipv4Addr> {
        let of = |wanted: Holder| self.pool.iter().position(|(_, holder)| *holder == wanted);
        let place = of(Holder::Client(client)).or_else(|| of(Holder::Nobody))?;
        let (address, holder) = self.pool.get_mut(place)?;
        *holder = Holder::Client(client);
        Some(*address)
    }

    /// Lets the client have the address it asks for, if nobody else holds it. A
    /// client may remember an address from before this server started.
    fn claim(&mut self, client: EthernetAddress, wanted: Ipv4Addr) -> bool {
        let Some(place) = self.pool.iter().position(|(address, _)| *address == wanted) else { return false };
        if !matches!(self.pool[place].1, Holder::Nobody) && self.pool[place].1 != Holder::Client(client) {
            return false;
        }
        self.release(client, Holder::Nobody);
        self.pool[place].1 = Holder::Client(client);
        true
    }

    fn release(&mut self, client: EthernetAddress, now: Holder) {
        for (_, holder) in &mut self.pool {
            if *holder == Holder::Client(client) {
                *holder = now;
            }
        }
    }
}

fn reply(request: &DhcpRepr<'_>, kind: DhcpMessageType, address: Ipv4Addr, config: &Config, link: &mut Link) {
    let message = message(request, kind, address, config);
    let (dst, mac) = destination(request, kind, address);
    let src = SocketAddrV4::new(config.gateway, DHCP_SERVER_PORT);
    let datagram = packet::udp_datagram(src, SocketAddrV4::new(dst, DHCP_CLIENT_PORT), &message);
    link.send_ipv4_to(mac, config.gateway, dst, IpProtocol::Udp, &datagram);
}

/// Where the answer goes (RFC 2131, section 4.1).
fn destination(request: &DhcpRepr<'_>, kind: DhcpMessageType, address: Ipv4Addr) -> (Ipv4Addr, [u8; 6]) {
    let client = request.client_hardware_address.0;
    if kind == DhcpMessageType::Nak {
        (Ipv4Addr::BROADCAST, [0xff; 6])
    } else if !request.client_ip.is_unspecified() {
        (request.client_ip, client)
    } else if request.broadcast {
        (Ipv4Addr::BROADCAST, [0xff; 6])
    } else {
        (address, client)
    }
}

fn message(request: &DhcpRepr<'_>, kind: DhcpMessageType, address: Ipv4Addr, config: &Config) -> Vec<u8> {
    let grants = kind != DhcpMessageType::Nak;
    let informs = request.message_type == DhcpMessageType::Inform;
    let names = [(OPTION_HOST_NAME, &config.hostname), (OPTION_DOMAIN_NAME, &config.domain_name)];
    let options: Vec<DhcpOption<'_>> = names
        .iter()
        .filter_map(|(kind, name)| Some(DhcpOption { kind: *kind, data: name.as_ref()?.as_bytes() }))
        .collect();
    let reply = DhcpRepr {
        message_type: kind,
        transaction_id: request.transaction_id,
        secs: 0,
        client_hardware_address: request.client_hardware_address,
        client_ip: if grants { request.client_ip } else { Ipv4Addr::UNSPECIFIED },
        your_ip: if informs { Ipv4Addr::UNSPECIFIED } else { address },
        server_ip: if grants { config.gateway } else { Ipv4Addr::UNSPECIFIED },
        router: grants.then_some(config.gateway),
        subnet_mask: grants.then(|| config.network.mask()),
        relay_agent_ip: Ipv4Addr::UNSPECIFIED,
        broadcast: request.broadcast,
        requested_ip: None,
        client_identifier: None,
        server_identifier: Some(config.gateway),
        parameter_request_list: None,
        dns_servers: grants.then(|| std::iter::once(config.dns).collect()),
        max_size: None,
        lease_duration: (grants && !informs).then_some(LEASE_SECONDS),
        renew_duration: None,
        rebind_duration: None,
        additional_options: if grants { &options } else { &[] },
    };
    let mut bytes = vec![0; reply.buffer_len().max(MIN_MESSAGE_BYTES)];
    // The buffer has the length the message said it needs, so this cannot run
    // out of room.
    let _ = reply.emit(&mut DhcpPacket::new_unchecked(&mut bytes[..]));
    bytes
}
