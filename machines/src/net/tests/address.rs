//! ARP, DHCP and ping.

use std::net::Ipv4Addr;

use bus::NetPeer;
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::socket::{dhcpv4, icmp};
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, DhcpMessageType, DhcpPacket, DhcpRepr, EthernetAddress, EthernetFrame,
    EthernetProtocol, Icmpv4Packet, Icmpv4Repr, Ipv4Packet, UdpPacket,
};

use super::wire::{drain, ethernet, udp};
use super::{Config, DNS, GATEWAY, GATEWAY_MAC, GUEST, GUEST_MAC, Guest, UserNet};

#[test]
fn dhcp_gives_address_router_and_name_server() {
    let mut guest = Guest::without_address(Config::default());
    let socket = guest.sockets.add(dhcpv4::Socket::new());
    let (address, router, dns) =
        guest.run(|guest| match guest.sockets.get_mut::<dhcpv4::Socket<'_>>(socket).poll() {
            Some(dhcpv4::Event::Configured(config)) => {
                Some((config.address, config.router, config.dns_servers[0]))
            }
            _ => None,
        });
    assert_eq!((address.address(), address.prefix_len()), (GUEST, 24));
    assert_eq!((router, dns), (Some(GATEWAY), DNS));
}

fn request(kind: DhcpMessageType, mac: u8) -> DhcpRepr<'static> {
    DhcpRepr {
        message_type: kind,
        transaction_id: 0x1234_5678,
        secs: 0,
        client_hardware_address: EthernetAddress([2, 0, 0, 0, 0, mac]),
        client_ip: Ipv4Addr::UNSPECIFIED,
        your_ip: Ipv4Addr::UNSPECIFIED,
        server_ip: Ipv4Addr::UNSPECIFIED,
        router: None,
        subnet_mask: None,
        relay_agent_ip: Ipv4Addr::UNSPECIFIED,
        broadcast: false,
        requested_ip: None,
        client_identifier: None,
        server_identifier: None,
        parameter_request_list: None,
        dns_servers: None,
        max_size: None,
        lease_duration: None,
        renew_duration: None,
        rebind_duration: None,
        additional_options: &[],
    }
}

/// The kind of the server's answer, the address in it, and its option 12.
fn ask(net: &mut UserNet, request: &DhcpRepr<'_>) -> Option<(DhcpMessageType, Ipv4Addr, Option<Vec<u8>>)> {
    let mut message = vec![0; request.buffer_len()];
    request.emit(&mut DhcpPacket::new_unchecked(&mut message[..])).expect("the message fits");
    net.send(&udp((Ipv4Addr::UNSPECIFIED, 68), (Ipv4Addr::BROADCAST, 67), &message), 0);
    let frames = drain(net, 0);
    let frame = frames.first()?;
    let ip = Ipv4Packet::new_checked(&frame[14..]).expect("an IPv4 packet");
    let datagram = UdpPacket::new_checked(ip.payload()).expect("a UDP datagram");
    let packet = DhcpPacket::new_checked(datagram.payload()).expect("a DHCP message");
    let name = packet.options().find(|option| option.kind == 12).map(|option| option.data.to_vec());
    let reply = DhcpRepr::parse(&packet).expect("a well-formed DHCP message");
    assert_eq!(reply.transaction_id, request.transaction_id);
    assert_eq!(reply.server_identifier, Some(GATEWAY));
    Some((reply.message_type, reply.your_ip, name))
}

#[test]
fn dhcp_follows_rfc_2131() {
    use DhcpMessageType::*;
    let config = Config { hostname: Some("mynah".into()), ..Config::default() };
    let mut net = UserNet::new(config).expect("the configuration is sound");
    let name = Some(b"mynah".to_vec());
    let (first, second) = (GUEST, Ipv4Addr::new(10, 0, 2, 16));
    let wants = |mac, address| DhcpRepr { requested_ip: Some(address), ..request(Request, mac) };

    assert_eq!(ask(&mut net, &request(Discover, 1)), Some((Offer, first, name.clone())));
    assert_eq!(ask(&mut net, &request(Discover, 2)), Some((Offer, second, name.clone())));
    assert_eq!(ask(&mut net, &wants(1, first)), Some((Ack, first, name.clone())));
    // Another client's address, and one outside the pool.
    assert_eq!(ask(&mut net, &wants(2, first)), Some((Nak, Ipv4Addr::UNSPECIFIED, None)));
    assert_eq!(ask(&mut net, &wants(2, GATEWAY)), Some((Nak, Ipv4Addr::UNSPECIFIED, None)));
    // A client that has an address already wants the rest only.
    let inform = DhcpRepr { client_ip: first, ..request(Inform, 1) };
    assert_eq!(ask(&mut net, &inform), Some((Ack, Ipv4Addr::UNSPECIFIED, name.clone())));
    // Choosing another server is no business of ours.
    let other = DhcpRepr { server_identifier: Some(Ipv4Addr::new(10, 0, 2, 200)), ..wants(2, second) };
    assert_eq!(ask(&mut net, &other), None);
    // What is released goes to the next, what is declined to nobody.
    assert_eq!(ask(&mut net, &request(Release, 1)), None);
    assert_eq!(ask(&mut net, &request(Discover, 3)), Some((Offer, first, name.clone())));
    assert_eq!(ask(&mut net, &request(Decline, 3)), None);
    assert_eq!(ask(&mut net, &request(Discover, 3)), Some((Offer, second, name)));
}

#[test]
fn dhcp_stays_silent_when_the_pool_is_exhausted() {
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    let offers = (0..=255).filter(|mac| ask(&mut net, &request(DhcpMessageType::Discover, *mac)).is_some());
    assert_eq!(offers.count(), 16);
}

#[test]
fn arp_answers_for_gateway_and_name_server_only() {
    let mut net = UserNet::new(Config::default()).expect("the configuration is sound");
    for (address, answers) in
        [(GATEWAY, true), (DNS, true), (GUEST, false), (Ipv4Addr::new(10, 0, 2, 4), false)]
    {
        let request = ArpRepr::EthernetIpv4 {
            operation: ArpOperation::Request,
            source_hardware_addr: EthernetAddress(GUEST_MAC),
            source_protocol_addr: GUEST,
            target_hardware_addr: EthernetAddress([0; 6]),
            target_protocol_addr: address,
        };
        let mut bytes = vec![0; request.buffer_len()];
        request.emit(&mut ArpPacket::new_unchecked(&mut bytes[..]));
        let mut frame = ethernet(EthernetProtocol::Arp, &bytes);
        frame[..6].fill(0xff);
        net.send(&frame, 0);
        let frames = drain(&mut net, 0);
        assert_eq!(frames.len(), usize::from(answers), "{address}");
        let Some(frame) = frames.first() else { continue };
        let header = EthernetFrame::new_checked(&frame[..]).expect("a frame");
        assert_eq!((header.dst_addr().0, header.src_addr().0), (GUEST_MAC, GATEWAY_MAC));
        let packet = ArpPacket::new_checked(header.payload()).expect("an ARP packet");
        let reply = ArpRepr::EthernetIpv4 {
            operation: ArpOperation::Reply,
            source_hardware_addr: EthernetAddress(GATEWAY_MAC),
            source_protocol_addr: address,
            target_hardware_addr: EthernetAddress(GUEST_MAC),
            target_protocol_addr: GUEST,
        };
        assert_eq!(ArpRepr::parse(&packet), Ok(reply));
    }
}

#[test]
fn the_gateway_answers_pings() {
    let mut guest = Guest::new(Config { restrict: true, ..Config::default() });
    let buffer = || icmp::PacketBuffer::new(vec![icmp::PacketMetadata::EMPTY; 4], vec![0; 4096]);
    let mut socket = icmp::Socket::new(buffer(), buffer());
    socket.bind(icmp::Endpoint::Ident(0x77)).expect("the socket is unbound");
    let request = Icmpv4Repr::EchoRequest { ident: 0x77, seq_no: 3, data: b"are you there" };
    let mut bytes = vec![0; request.buffer_len()];
    request.emit(&mut Icmpv4Packet::new_unchecked(&mut bytes[..]), &ChecksumCapabilities::default());
    socket.send_slice(&bytes, GATEWAY.into()).expect("there is room");
    let socket = guest.sockets.add(socket);
    let (reply, from) = guest.run(|guest| {
        let socket = guest.sockets.get_mut::<icmp::Socket<'_>>(socket);
        socket
            .can_recv()
            .then(|| socket.recv().map(|(data, from)| (data.to_vec(), from)).expect("a reply waits"))
    });
    let packet = Icmpv4Packet::new_checked(&reply[..]).expect("an ICMP message");
    let expected = Icmpv4Repr::EchoReply { ident: 0x77, seq_no: 3, data: b"are you there" };
    assert_eq!(Icmpv4Repr::parse(&packet, &ChecksumCapabilities::default()), Ok(expected));
    assert_eq!(from, GATEWAY.into());
}
