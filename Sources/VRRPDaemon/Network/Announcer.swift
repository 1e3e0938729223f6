import CLinux
import VRRP

/// Tells the neighbours where an address is now.
final class Announcer {
    private let packets: Int32
    private let neighbours: Int32
    private var arp = OutgoingMessages()
    private var advertisements = OutgoingMessages()
    private static let broadcast = [UInt8](repeating: 0xFF, count: 6)
    /// ff02::1
    private static let allNodes = IPAddress.v6(0xFF02_0000_0000_0000, 1)

    init() throws(SystemError) {
        // Protocol 0: it sends, and nothing comes in.
        packets = socket(
            AF_PACKET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard packets >= 0 else { throw SystemError("opening a packet socket") }
        // Absent where the kernel has no IPv6.
        neighbours = socket(
            AF_INET6, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
            Int32(IPPROTO_ICMPV6))
        if neighbours >= 0 {
            // RFC 4861 section 7.1.2: any other hop limit is not believed.
            var limit: Int32 = 255
            setsockopt(neighbours, Int32(IPPROTO_IPV6), IPV6_MULTICAST_HOPS, &limit, 4)
            var loop: Int32 = 0
            setsockopt(neighbours, Int32(IPPROTO_IPV6), IPV6_MULTICAST_LOOP, &loop, 4)
            // Nothing that comes in is wanted.
            try? attach([.init(UInt16(BPF_RET | BPF_K), 0)], to: neighbours)
        }
    }

    deinit {
        close(packets)
        if neighbours >= 0 { close(neighbours) }
    }

    /// Gathers an announcement; ``flush()`` sends it. Only Ethernet has it.
    ///
    /// - Parameter isRouter: see ``isRouter(_:)``; of IPv6 only.
    func announce(
        _ address: IPAddress, interface index: UInt32, hardwareAddress: [UInt8], isRouter: Bool, count: Int
    ) {
        guard hardwareAddress.count == 6 else { return }
        switch address {
        case .v4:
            let name = SocketAddresses.link(protocol: 0x0806, interface: index, to: Self.broadcast)
            let message = Self.gratuitousARP(address, hardwareAddress: hardwareAddress)
            for _ in 0..<count { arp.append(message, to: name) }
        case .v6:
            let name = SocketAddresses.internet(Self.allNodes, interface: index)
            let control = SocketAddresses.packetInformation(source: address, interface: index)
            let message = Self.neighbourAdvertisement(
                address, hardwareAddress: hardwareAddress, isRouter: isRouter)
            for _ in 0..<count { advertisements.append(message, to: name, control: control) }
        }
    }

    /// Sends what was gathered. What is refused is lost, as it may be on the wire; that is why they are repeated.
    func flush() {
        arp.send(by: packets) { _, _ in }
        advertisements.send(by: neighbours) { _, _ in }
    }

    /// An ARP request (RFC 826) for the sender's own address, which every listener updates its cache from (RFC 5227
    /// section 3).
    static func gratuitousARP(_ address: IPAddress, hardwareAddress: [UInt8]) -> [UInt8] {
        // Ethernet, IPv4, lengths 6 and 4, request.
        var octets: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1]
        octets += hardwareAddress
        address.append(to: &octets)
        octets += broadcast
        address.append(to: &octets)
        return octets
    }

    /// Whether the host forwards what comes in by a NIC. Whoever has it as a router would drop it otherwise (RFC 4861 section
    /// 7.2.5), and the kernel's own answers say the same.
    static func isRouter(_ interface: String) -> Bool {
        (KernelSetting.read("/proc/sys/net/ipv6/conf/\(interface)/forwarding") ?? 0) != 0
    }

    /// RFC 4861 section 4.4, with the override flag, on a router the router flag (RFC 5798 section 6.4.2), and the target's
    /// link-layer address; the kernel adds the checksum.
    static func neighbourAdvertisement(_ address: IPAddress, hardwareAddress: [UInt8], isRouter: Bool) -> [UInt8] {
        var octets: [UInt8] = [136, 0, 0, 0, isRouter ? 0xA0 : 0x20, 0, 0, 0]
        address.append(to: &octets)
        octets += [2, 1] + hardwareAddress
        return octets
    }
}
