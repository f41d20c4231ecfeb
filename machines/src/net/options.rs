//! QEMU's option grammar for its user network (qemu(1), "-netdev user"), as far
//! as this network goes:
//!
//! ```text
//! user[,net=addr[/bits]][,host=addr][,dns=addr][,dhcpstart=addr][,hostname=name][,domainname=name]
//!     [,restrict=on|off][,hostfwd=(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport]...
//! ```
//!
//! `host` and `dns` are the guest's view: the gateway's and the name server's
//! address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use super::config::{Config, Error, HostForward, Network, Protocol};

const FORWARD_FORM: &str =
    "write hostfwd=tcp:[hostaddr]:hostport-[guestaddr]:guestport, as in hostfwd=tcp::2222-:22";
const KEYS: &str = "net, host, dns, dhcpstart, hostname, domainname, restrict, hostfwd";

impl FromStr for Config {
    type Err = Error;

    /// Reads `user` and its options, as after QEMU's `-netdev`. The result
    /// still lacks [`dns_server`](Config::dns_server), which is the host's
    /// business.
    fn from_str(text: &str) -> Result<Config, Error> {
        let mut parts = text.split(',');
        let kind = parts.next().unwrap_or_default();
        if kind != "user" {
            return Err(Error::invalid(
                kind,
                "is not a user network",
                "begin with user, as in user,hostfwd=tcp::2222-:22",
            ));
        }
        let options = parts.map(|part| Ok((part, split_option(part)?))).collect::<Result<Vec<_>, Error>>()?;
        // The network first, wherever it stands: it moves the defaults of all
        // the others.
        let mut config = Config::default();
        for (part, (_, value)) in options.iter().filter(|(_, (key, _))| *key == "net") {
            config = Config::on_network(network(part, value)?);
        }
        for (part, (key, value)) in options {
            set(&mut config, part, key, value)?;
        }
        config.check()?;
        Ok(config)
    }
}

fn split_option(part: &str) -> Result<(&str, &str), Error> {
    match part.split_once('=') {
        Some(option) => Ok(option),
        None => Err(Error::invalid(part, "has no value", format!("write key=value with one of {KEYS}"))),
    }
}

fn set(config: &mut Config, part: &str, key: &str, value: &str) -> Result<(), Error> {
    match key {
        "net" => (),
        "host" => config.gateway = ipv4(part, value)?,
        "dns" => config.dns = ipv4(part, value)?,
        "dhcpstart" => config.guest = ipv4(part, value)?,
        "hostname" => config.hostname = Some(value.to_owned()),
        "domainname" => config.domain_name = Some(value.to_owned()),
        "restrict" => config.restrict = switch(part, value)?,
        "hostfwd" => config.host_forwards.push(host_forward(part, value)?),
        _ => {
            return Err(Error::invalid(
                part,
                "is not an option of the user network",
                format!("use one of {KEYS}"),
            ));
        }
    }
    Ok(())
}

fn switch(part: &str, value: &str) -> Result<bool, Error> {
    match value {
        "on" | "yes" | "y" => Ok(true),
        "off" | "no" | "n" => Ok(false),
        _ => Err(Error::invalid(part, "is neither on nor off", "write on or off")),
    }
}

fn ipv4(part: &str, value: &str) -> Result<Ipv4Addr, Error> {
    value.parse().map_err(|_| {
        Error::invalid(part, "does not give an IPv4 address", "write four numbers, as in 10.0.2.2")
    })
}

/// `addr`, `addr/bits` or `addr/mask`; host bits of the address are ignored.
fn network(part: &str, value: &str) -> Result<Network, Error> {
    let bad =
        || Error::invalid(part, "is not a network", "write an address and a prefix, as in net=10.0.2.0/24");
    let (address, prefix) = value.split_once('/').unwrap_or((value, "24"));
    let address = ipv4(part, address)?;
    let prefix_bits = match prefix.parse::<u8>() {
        Ok(bits @ 8..=29) => bits,
        Ok(_) => {
            return Err(Error::invalid(part, "has an unusable prefix", "choose a prefix of 8 to 29 bits"));
        }
        Err(_) => mask_bits(prefix.parse().map_err(|_| bad())?).ok_or_else(bad)?,
    };
    let network = Network { address, prefix_bits };
    Ok(Network { address: address & network.mask(), prefix_bits })
}

fn mask_bits(mask: Ipv4Addr) -> Option<u8> {
    let bits = u32::from(mask);
    let ones = bits.leading_ones();
    (bits.count_ones() == ones).then_some(ones as u8)
}

fn host_forward(part: &str, value: &str) -> Result<HostForward, Error> {
    let bad = |problem: &str| Error::invalid(part, problem, FORWARD_FORM);
    let (protocol, rest) = value.split_once(':').ok_or_else(|| bad("names no protocol"))?;
    let protocol = match protocol {
        "tcp" | "" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return Err(bad("names neither tcp nor udp")),
    };
    let (host, guest) = rest.rsplit_once('-').ok_or_else(|| bad("has no guest side after a '-'"))?;
    let (host_addr, host_port) = host.rsplit_once(':').ok_or_else(|| bad("has no host port"))?;
    let (guest_addr, guest_port) = guest.rsplit_once(':').ok_or_else(|| bad("has no guest port"))?;
    Ok(HostForward {
        protocol,
        host_addr: SocketAddr::new(
            listen_address(host_addr).ok_or_else(|| bad("has a bad host address"))?,
            host_port.parse().map_err(|_| bad("has a bad host port"))?,
        ),
        guest_addr: match guest_addr {
            "" => None,
            text => Some(text.parse().map_err(|_| bad("has a bad guest address"))?),
        },
        guest_port: guest_port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| bad("has a bad guest port"))?,
    })
}

/// Empty means every IPv4 address of the host; IPv6 stands in brackets.
fn listen_address(text: &str) -> Option<IpAddr> {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(v6) => v6.parse().ok().map(IpAddr::V6),
        None if text.is_empty() => Some(Ipv4Addr::UNSPECIFIED.into()),
        None => text.parse().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        text.parse().map_err(|error: Error| error.to_string())
    }

    #[test]
    fn user_alone_is_the_default_network() {
        assert_eq!(parse("user"), Ok(Config::default()));
    }

    #[test]
    fn every_option_is_read() {
        let text = "user,hostfwd=tcp::2222-:22,hostfwd=udp:127.0.0.1:5353-192.168.7.20:53,net=192.168.7.0/24,\
                    dhcpstart=192.168.7.9,dns=192.168.7.1,hostname=box,domainname=lan,restrict=on,\
                    hostfwd=tcp:[::1]:0-:80";
        let config = parse(text).expect("the options are sound");
        let expected = Config {
            network: Network { address: Ipv4Addr::new(192, 168, 7, 0), prefix_bits: 24 },
            gateway: Ipv4Addr::new(192, 168, 7, 2),
            dns: Ipv4Addr::new(192, 168, 7, 1),
            guest: Ipv4Addr::new(192, 168, 7, 9),
            gateway_mac: [0x52, 0x55, 192, 168, 7, 2],
            hostname: Some("box".into()),
            domain_name: Some("lan".into()),
            host_forwards: vec![
                forward(Protocol::Tcp, "0.0.0.0:2222", None, 22),
                forward(Protocol::Udp, "127.0.0.1:5353", Some(Ipv4Addr::new(192, 168, 7, 20)), 53),
                forward(Protocol::Tcp, "[::1]:0", None, 80),
            ],
            restrict: true,
            ..Config::default()
        };
        assert_eq!(config, expected);
    }

    fn forward(protocol: Protocol, host: &str, guest_addr: Option<Ipv4Addr>, guest_port: u16) -> HostForward {
        HostForward { protocol, host_addr: host.parse().expect("an address"), guest_addr, guest_port }
    }

    #[test]
    fn networks_have_three_forms() {
        for text in ["user,net=10.9.0.77/16", "user,net=10.9.0.0/255.255.0.0"] {
            let config = parse(text).expect("the network is sound");
            assert_eq!(config.network, Network { address: Ipv4Addr::new(10, 9, 0, 0), prefix_bits: 16 });
        }
        assert_eq!(parse("user,net=10.9.1.0").map(|config| config.network.prefix_bits), Ok(24));
    }

    #[test]
    fn errors_name_the_bad_part_and_the_remedy() {
        for (text, part, remedy) in [
            ("tap", "`tap`", "begin with user"),
            ("user,hostfwd", "`hostfwd`", "key=value"),
            ("user,smb=/tmp", "`smb=/tmp`", "use one of net"),
            ("user,restrict=maybe", "`restrict=maybe`", "on or off"),
            ("user,net=10.0.2.0/31", "`net=10.0.2.0/31`", "8 to 29"),
            ("user,net=10.0.2.0/255.0.255.0", "`net=10.0.2.0/255.0.255.0`", "net=10.0.2.0/24"),
            ("user,dns=1.2.3.4", "`dns=1.2.3.4`", "between 10.0.2.1 and 10.0.2.254"),
            ("user,dns=10.0.2.2", "dns=10.0.2.2", "different addresses"),
            ("user,hostfwd=sctp::1-:1", "`hostfwd=sctp::1-:1`", "hostfwd=tcp::2222-:22"),
            ("user,hostfwd=tcp::70000-:1", "bad host port", "hostfwd=tcp::2222-:22"),
            ("user,hostfwd=tcp::1-:0", "bad guest port", "hostfwd=tcp::2222-:22"),
            ("user,hostfwd=tcp:host:1-:1", "bad host address", "hostfwd=tcp::2222-:22"),
            ("user,hostfwd=tcp::1-1.2.3.4:1", "1.2.3.4:1", "10.0.2.15"),
            ("user,hostname=", "`hostname=`", "printable"),
        ] {
            let message = parse(text).expect_err(text);
            assert!(message.contains(part) && message.contains(remedy), "{text}: {message}");
        }
    }
}
