//! What the user network looks like to the guest, and which host addresses it
//! opens.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// An IPv4 network: an address and the length of its prefix in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// First address of the network.
    pub address: Ipv4Addr,
    /// Bits of the prefix, 8 to 29.
    pub prefix_bits: u8,
}

impl Network {
    /// The netmask, such as 255.255.255.0.
    pub fn mask(self) -> Ipv4Addr {
        let host_bits = 32 - u32::from(self.prefix_bits.min(32));
        Ipv4Addr::from(u32::MAX.checked_shl(host_bits).unwrap_or(0))
    }

    /// The last address, which means every host of the network.
    pub fn broadcast(self) -> Ipv4Addr {
        self.address | !self.mask()
    }

    /// Whether `address` has this network's prefix.
    pub fn contains(self, address: Ipv4Addr) -> bool {
        address & self.mask() == self.address & self.mask()
    }

    /// Whether `address` may belong to one host of this network.
    pub fn has_host(self, address: Ipv4Addr) -> bool {
        self.contains(address) && address != self.address && address != self.broadcast()
    }

    /// The `n`th address of the network.
    pub(super) fn nth(self, n: u32) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.address).wrapping_add(n))
    }
}

/// The transport a port forward carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Transmission control protocol.
    Tcp,
    /// User datagram protocol.
    Udp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        })
    }
}

/// A host port whose connections or datagrams are passed into the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostForward {
    /// Transport on both sides.
    pub protocol: Protocol,
    /// Where the host listens. Port 0 lets the host choose; see
    /// [`UserNet::forward_addr`](super::UserNet::forward_addr).
    pub host_addr: SocketAddr,
    /// The guest's address; `None` for the first one DHCP leases.
    pub guest_addr: Option<Ipv4Addr>,
    /// The guest's port, 1 to 65535.
    pub guest_port: u16,
}

/// Everything [`UserNet`](super::UserNet) needs to know. The default is QEMU's
/// network, with no forwards and no DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The network the guest is on.
    pub network: Network,
    /// The router, which is also the host's loopback for TCP and UDP.
    pub gateway: Ipv4Addr,
    /// Where the guest finds a name server.
    pub dns: Ipv4Addr,
    /// First address DHCP leases.
    pub guest: Ipv4Addr,
    /// Ethernet address of gateway and name server.
    pub gateway_mac: [u8; 6],
    /// Host name told by DHCP.
    pub hostname: Option<String>,
    /// Domain name told by DHCP.
    pub domain_name: Option<String>,
    /// Ports of the host passed into the guest.
    pub host_forwards: Vec<HostForward>,
    /// Cuts the guest off: only DHCP, ARP, pings of the gateway and host
    /// forwards work.
    pub restrict: bool,
    /// The host's resolver, usually [`nameserver`] of `/etc/resolv.conf`.
    /// Without one DNS queries go unanswered.
    pub dns_server: Option<SocketAddr>,
    /// Largest IP packet sent to the guest in bytes, 576 to 65521.
    pub mtu_bytes: u16,
}

impl Default for Config {
    fn default() -> Config {
        Config::on_network(Network { address: Ipv4Addr::new(10, 0, 2, 0), prefix_bits: 24 })
    }
}

impl Config {
    /// The default configuration moved to `network`: gateway is its 2nd
    /// address, DNS its 3rd, the guest its 15th, clipped to the last one of a
    /// small network.
    pub fn on_network(network: Network) -> Config {
        let last_host =
            u32::from(network.broadcast()).wrapping_sub(u32::from(network.address)).saturating_sub(1);
        let gateway = network.nth(2);
        let [a, b, c, d] = gateway.octets();
        Config {
            network,
            gateway,
            dns: network.nth(3),
            guest: network.nth(last_host.min(15)),
            gateway_mac: [0x52, 0x55, a, b, c, d],
            hostname: None,
            domain_name: None,
            host_forwards: Vec::new(),
            restrict: false,
            dns_server: None,
            mtu_bytes: 1500,
        }
    }

    /// Refuses configurations that cannot work, naming the setting and the
    /// remedy.
    pub(super) fn check(&self) -> Result<(), Error> {
        let net = self.network;
        if !(8..=29).contains(&net.prefix_bits)
            || !net.contains(net.address)
            || net.address & net.mask() != net.address
        {
            return Err(Error::invalid(
                format!("net={}/{}", net.address, net.prefix_bits),
                "is not a usable network",
                "give a network address and a prefix of 8 to 29 bits, as in net=10.0.2.0/24",
            ));
        }
        for (name, address) in [("host", self.gateway), ("dns", self.dns), ("dhcpstart", self.guest)] {
            if !net.has_host(address) {
                return Err(Error::invalid(
                    format!("{name}={address}"),
                    format!("is no host address of {}/{}", net.address, net.prefix_bits),
                    format!(
                        "choose one between {} and {}",
                        net.nth(1),
                        Ipv4Addr::from(u32::from(net.broadcast()) - 1)
                    ),
                ));
            }
        }
        if self.gateway == self.dns || self.guest == self.gateway || self.guest == self.dns {
            return Err(Error::invalid(
                format!("host={},dns={},dhcpstart={}", self.gateway, self.dns, self.guest),
                "uses one address twice",
                "give gateway, name server and guest different addresses",
            ));
        }
        if !(576..=65521).contains(&self.mtu_bytes) {
            return Err(Error::invalid(
                format!("mtu={}", self.mtu_bytes),
                "is out of range",
                "choose 576 to 65521 bytes",
            ));
        }
        self.check_names()?;
        self.host_forwards.iter().try_for_each(|forward| self.check_forward(forward))
    }

    fn check_names(&self) -> Result<(), Error> {
        for (name, value) in [("hostname", &self.hostname), ("domainname", &self.domain_name)] {
            let Some(value) = value else { continue };
            if value.is_empty() || value.len() > 255 || !value.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Error::invalid(
                    format!("{name}={value}"),
                    "is not a name DHCP can carry",
                    "use 1 to 255 printable ASCII characters",
                ));
            }
        }
        Ok(())
    }

    fn check_forward(&self, forward: &HostForward) -> Result<(), Error> {
        let guest = self.forward_guest(forward);
        if forward.guest_port == 0
            || !self.network.has_host(guest)
            || guest == self.gateway
            || guest == self.dns
        {
            return Err(Error::invalid(
                format!("hostfwd={}:{}-{guest}:{}", forward.protocol, forward.host_addr, forward.guest_port),
                "leads to no guest",
                format!("forward to port 1 to 65535 of an address such as {}", self.guest),
            ));
        }
        Ok(())
    }

    /// The guest address `forward` leads to.
    pub(super) fn forward_guest(&self, forward: &HostForward) -> Ipv4Addr {
        forward.guest_addr.unwrap_or(self.guest)
    }

    /// Whether `address` is one this network answers for itself.
    pub(super) fn is_own(&self, address: Ipv4Addr) -> bool {
        address == self.gateway || address == self.dns
    }

    /// Whether `address` may be the source of a guest's packet: a host of the
    /// network other than ourselves.
    pub(super) fn is_guest(&self, address: Ipv4Addr) -> bool {
        self.network.has_host(address) && !self.is_own(address)
    }

    /// The host address behind what the guest calls `address`, if it may go
    /// there at all.
    pub(super) fn host_destination(&self, address: Ipv4Addr, port: u16) -> Option<SocketAddr> {
        if self.restrict || port == 0 {
            return None;
        }
        if address == self.dns {
            return self.dns_server.filter(|_| port == DNS_PORT);
        }
        if address == self.gateway {
            return Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        }
        self.is_outside(address).then(|| SocketAddr::from((address, port)))
    }

    /// Whether `address` is a unicast address beyond the gateway. 0.0.0.0/8 is
    /// not: hosts take it for their loopback.
    pub(super) fn is_outside(&self, address: Ipv4Addr) -> bool {
        let [first, ..] = address.octets();
        !self.network.contains(address) && !matches!(first, 0 | 127 | 224..)
    }

    /// What a host peer is called towards the guest: loopback, and what IPv4
    /// cannot name, is the gateway.
    pub(super) fn guest_view(&self, peer: IpAddr) -> Ipv4Addr {
        match peer.to_canonical() {
            IpAddr::V4(address) if self.is_outside(address) => address,
            _ => self.gateway,
        }
    }
}

/// Port of the domain name system.
pub(super) const DNS_PORT: u16 = 53;

/// The first name server that the text of a `resolv.conf` names, with the DNS
/// port (resolv.conf(5)).
pub fn nameserver(resolv_conf: &str) -> Option<SocketAddr> {
    resolv_conf.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        if words.next() != Some("nameserver") {
            return None;
        }
        let word = words.next()?;
        let address = word.split_once('%').map_or(word, |(address, _scope)| address);
        let address: IpAddr = address.parse().ok()?;
        // A link-local server needs a scope that only the interface's number
        // expresses.
        let link_local = matches!(address, IpAddr::V6(v6) if Ipv6Addr::is_unicast_link_local(&v6));
        (!link_local).then(|| SocketAddr::new(address, DNS_PORT))
    })
}

/// Why a user network could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting is malformed or contradicts another.
    #[error("network option `{part}` {problem}; {remedy}")]
    Invalid {
        /// The offending part, as written.
        part: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        remedy: String,
    },
    /// The host refused the listening socket of a forward.
    #[error("cannot listen on {} port {}: {source}; {remedy}", .forward.protocol, .forward.host_addr)]
    Listen {
        /// The forward that asked for it.
        forward: HostForward,
        /// What the host said.
        source: std::io::Error,
        /// What to do about it.
        remedy: &'static str,
    },
}

impl Error {
    pub(super) fn invalid(
        part: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Error {
        Error::Invalid { part: part.into(), problem: problem.into(), remedy: remedy.into() }
    }

    pub(super) fn listen(forward: &HostForward, source: std::io::Error) -> Error {
        use std::io::ErrorKind;
        let remedy = match source.kind() {
            ErrorKind::AddrInUse => "another program has it: choose another host port in hostfwd",
            ErrorKind::PermissionDenied => {
                "ports below 1024 need privileges: choose a higher host port in hostfwd"
            }
            ErrorKind::AddrNotAvailable => {
                "the host has no such address: use 127.0.0.1 or leave it empty in hostfwd"
            }
            _ => "choose another host address or port in hostfwd",
        };
        Error::Listen { forward: *forward, source, remedy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_usable_name_server_is_taken() {
        let text = "# nameserver 1.1.1.1\nsearch lan\nnameserver fe80::1%eth0\n nameserver  192.0.2.7 \nnameserver 9.9.9.9\n";
        assert_eq!(nameserver(text), Some(SocketAddr::from(([192, 0, 2, 7], 53))));
        assert_eq!(nameserver("nameserver\noptions rotate\n"), None);
        assert_eq!(
            nameserver("nameserver 2001:db8::5"),
            Some("[2001:db8::5]:53".parse().expect("an address"))
        );
    }

    #[test]
    fn the_hosts_own_addresses_are_not_the_outside() {
        let config = Config::default();
        for inside in ["0.0.0.0", "127.0.0.1", "10.0.2.99", "224.0.0.1", "255.255.255.255"] {
            assert!(!config.is_outside(inside.parse().expect("an address")), "{inside}");
        }
        assert_eq!(config.guest_view(IpAddr::V4(Ipv4Addr::LOCALHOST)), config.gateway);
        assert_eq!(config.guest_view(IpAddr::V6(Ipv6Addr::LOCALHOST)), config.gateway);
        assert_eq!(
            config.guest_view("::ffff:192.0.2.1".parse().expect("an address")),
            Ipv4Addr::new(192, 0, 2, 1)
        );
    }

    #[test]
    fn a_taken_port_is_reported_with_a_remedy() {
        let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let host_addr = taken.local_addr().expect("the listener has an address");
        let forward = HostForward { protocol: Protocol::Tcp, host_addr, guest_addr: None, guest_port: 22 };
        let config = Config { host_forwards: vec![forward], ..Config::default() };
        let Err(error) = super::super::UserNet::new(config) else { panic!("the port is taken") };
        let message = error.to_string();
        assert!(
            message.contains(&host_addr.to_string()) && message.contains("choose another host port"),
            "{message}"
        );
    }
}
