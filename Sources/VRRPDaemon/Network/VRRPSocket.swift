import CLinux
import VRRP

/// Protocol 112 on one NIC in one family, for all routers there: raw(7), tied to the NIC.
final class VRRPSocket {
    let interface: String
    let index: UInt32
    let family: AddressFamily
    /// What one wake-up fetches at most is that often a full batch.
    private static let mostBatches = 16

    let descriptor: Int32
    private var outgoing = OutgoingMessages()
    private var joined: Set<IPAddress> = []
    /// Who sent the messages that wait, for naming one that is refused.
    private var senders: [String] = []

    init(interface: String, index: UInt32, family: AddressFamily) throws(SystemError) {
        self.interface = interface
        self.index = index
        self.family = family
        descriptor = socket(
            family == .ipv4 ? AF_INET : AF_INET6,
            Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
            Int32(Advertisement.protocolNumber))
        guard descriptor >= 0 else { throw SystemError("opening a raw socket") }
        // Nothing may come in before it is tied to its NIC.
        let name = Array(interface.utf8.prefix(15)) + [0]
        guard setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.count)) == 0 else {
            let error = SystemError("tying a socket to \(interface)")
            close(descriptor)
            throw error
        }
        switch family {
        case .ipv4:
            let level = Int32(IPPROTO_IP)
            set(level, IP_TTL, 255)
            set(level, IP_MULTICAST_TTL, 255)
            set(level, IP_TOS, 0xC0)
            set(level, IP_MULTICAST_LOOP, 0)
            // Only the groups that this socket joined, not those that others on this host did.
            set(level, IP_MULTICAST_ALL, 0)
        case .ipv6:
            let level = Int32(IPPROTO_IPV6)
            set(level, IPV6_UNICAST_HOPS, 255)
            set(level, IPV6_MULTICAST_HOPS, 255)
            set(level, IPV6_TCLASS, 0xC0)
            set(level, IPV6_MULTICAST_LOOP, 0)
            set(level, IPV6_RECVPKTINFO, 1)
            set(level, IPV6_RECVHOPLIMIT, 1)
        }
    }

    deinit { close(descriptor) }

    /// Lets through what concerns these virtual routers and goes to these groups or to this host.
    func accept(virtualRouterIDs: Set<UInt8>, groups: Set<IPAddress>) throws(SystemError) {
        try attach(PacketFilter.instructions(family: family, virtualRouterIDs: virtualRouterIDs), to: descriptor)
        for group in groups.subtracting(joined) { try join(group) }
    }

    private func join(_ group: IPAddress) throws(SystemError) {
        var result: Int32 = 0
        switch group {
        case .v4(let word):
            var membership = ip_mreqn()
            membership.imr_multiaddr.s_addr = word.bigEndian
            membership.imr_ifindex = Int32(bitPattern: index)
            result = setsockopt(
                descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, &membership,
                socklen_t(MemoryLayout<ip_mreqn>.size))
        case .v6:
            var membership = ipv6_mreq()
            withUnsafeMutableBytes(of: &membership.ipv6mr_multiaddr) { $0.copyBytes(from: group.octets) }
            membership.ipv6mr_interface = index
            result = setsockopt(
                descriptor, Int32(IPPROTO_IPV6), IPV6_JOIN_GROUP, &membership,
                socklen_t(MemoryLayout<ipv6_mreq>.size))
        }
        guard result == 0 else { throw SystemError("joining \(group) on \(interface)") }
        joined.insert(group)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Gathers a message; ``flush(refused:)`` sends it.
    func send(_ octets: [UInt8], from source: IPAddress, to destination: IPAddress, sender: String) {
        outgoing.append(
            octets, to: SocketAddresses.internet(destination, interface: index),
            control: SocketAddresses.packetInformation(source: source, interface: index))
        senders.append(sender)
    }

    /// Sends what was gathered.
    ///
    /// - Parameter refused: told whose message it was, and `errno`.
    func flush(refused: (String, Int32) -> Void) {
        outgoing.send(by: descriptor) { refused(senders[$0], $1) }
        senders.removeAll(keepingCapacity: true)
    }

    /// Reads what has come in, as much as one wake-up deals with.
    func receive(with incoming: IncomingMessages, _ body: (Event) -> Void) {
        // All routers' masters may have spoken during a pause; a flood holds up no timer for long.
        for _ in 0..<Self.mostBatches {
            let isMore = incoming.receive(from: descriptor) { message in
                guard let event = family == .ipv4 ? eventFromIPv4(message) : eventFromIPv6(message) else { return }
                body(event)
            }
            if !isMore { return }
        }
    }

    /// The message begins with the IP header (RFC 791 section 3.1).
    private func eventFromIPv4(_ message: IncomingMessages.Message) -> Event? {
        let packet = message.payload
        guard packet.count >= 20 else { return nil }
        let headerLength = Int(packet[0] & 0x0F) * 4
        guard headerLength >= 20, packet.count >= headerLength,
            let source = IPAddress(family: .ipv4, octets: packet.bytes, at: 12),
            let destination = IPAddress(family: .ipv4, octets: packet.bytes, at: 16)
        else { return nil }
        return event(
            UnsafeRawBufferPointer(rebasing: packet[headerLength...]), from: source, to: destination,
            hopLimit: packet[8])
    }

    private func eventFromIPv6(_ message: IncomingMessages.Message) -> Event? {
        let level = Int32(IPPROTO_IPV6)
        guard let source = IPAddress(family: .ipv6, octets: message.name.bytes, at: 8),
            let information = message.control(level: level, type: Int32(IPV6_PKTINFO)),
            let destination = IPAddress(family: .ipv6, octets: information.bytes, at: 0),
            let hopLimit = message.control(level: level, type: Int32(IPV6_HOPLIMIT))?.host(Int32.self, at: 0)
        else { return nil }
        return event(message.payload, from: source, to: destination, hopLimit: UInt8(clamping: hopLimit))
    }

    private func event(
        _ octets: UnsafeRawBufferPointer, from source: IPAddress, to destination: IPAddress, hopLimit: UInt8
    ) -> Event {
        var reception = Reception(interface: interface, source: source, destination: destination, hopLimit: hopLimit)
        do throws(DecodeError) {
            let decoded = try Advertisement.decode(octets.bytes, from: source, to: destination)
            reception.checksum = decoded.checksum
            return .received(decoded.advertisement, reception)
        } catch {
            return .malformed(error, reception)
        }
    }
}
