import CLinux
import VRRP

/// Hears who speaks VRRP on a NIC, this host itself too, and sends nothing: the NIC is told of the groups, the network
/// is not (no IGMP, no MLD).
enum Listener {
    /// Listens for that long, then prints who was heard.
    ///
    /// - Returns: the exit status.
    static func run(interface: String, seconds: Int) throws(SystemError) -> Int32 {
        let socket = try open(on: interface)
        defer { close(socket) }
        let incoming = IncomingMessages()
        var speakers = Speakers()
        let end = EventLoop.read().advanced(by: .seconds(seconds))
        while true {
            let left = EventLoop.read().duration(to: end)
            guard left > .zero else { break }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            // Rounded up: the last millisecond is waited for too.
            guard poll(&waiting, 1, Int32(left.wholeNanoseconds / 1_000_000 + 1)) > 0 else { continue }
            _ = incoming.receive(from: socket) { message in
                // struct sockaddr_ll: the packet's type at 10, the hardware address's length at 11, itself from 12 on.
                let length = min(Int(message.name.host(UInt8.self, at: 11) ?? 0), 8, max(message.name.count - 12, 0))
                speakers.hear(
                    message.payload, from: Array(message.name.dropFirst(12).prefix(length)),
                    isThisHost: message.name.host(UInt8.self, at: 10) == UInt8(PACKET_OUTGOING))
            }
        }
        for line in speakers.lines { print(line) }
        return 0
    }

    /// A packet socket (packet(7)) that has protocol 112 of one NIC, whoever it is for and whoever it is from.
    private static func open(on interface: String) throws(SystemError) -> Int32 {
        let index = if_nametoindex(interface)
        guard index > 0 else { throw SystemError("looking for \(interface)") }
        // Protocol 0: nothing comes in before it is filtered and tied to its NIC.
        let descriptor = socket(
            AF_PACKET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("opening a packet socket") }
        do throws(SystemError) {
            try attach(filter, to: descriptor)
            for group in groups {
                // struct packet_mreq
                var membership: [UInt8] = []
                membership.append(host: index)
                membership.append(host: UInt16(PACKET_MR_MULTICAST))
                membership.append(host: UInt16(group.count))
                membership += group + [0, 0]
                // A NIC that knows no groups hears all of them.
                setsockopt(
                    descriptor, SOL_PACKET, Int32(PACKET_ADD_MEMBERSHIP), membership, socklen_t(membership.count))
            }
            let name = SocketAddresses.link(protocol: Self.everyProtocol, interface: index, to: [])
            let isTied = name.withUnsafeBytes { name in
                bind(descriptor, name.bindMemory(to: sockaddr.self).baseAddress, socklen_t(name.count))
            }
            guard isTied == 0 else { throw SystemError("listening on \(interface)") }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// ETH_P_ALL: with the protocol alone, what this host sends would not be heard.
    private static let everyProtocol: UInt16 = 3

    /// Ethernet's forms of 224.0.0.18 (RFC 1112 section 6.4) and ff02::12 (RFC 2464 section 7).
    private static let groups: [[UInt8]] = [[0x01, 0, 0x5E, 0, 0, 0x12], [0x33, 0x33, 0, 0, 0, 0x12]]

    /// Lets IPv4 and IPv6 of protocol 112 pass; what a NIC carries for its VLANs is another network's.
    static let filter: [FilterInstruction] = {
        let loadOctet = UInt16(BPF_LD | BPF_B | BPF_ABS), jumpIfEqual = UInt16(BPF_JMP | BPF_JEQ | BPF_K)
        let vlan = UInt32(bitPattern: SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT)
        return [
            .init(loadOctet, vlan),
            .init(jumpIfEqual, 0, else: 8),
            .init(loadOctet, 0),
            .init(UInt16(BPF_ALU | BPF_RSH | BPF_K), 4),
            .init(jumpIfEqual, 4, else: 2),
            .init(loadOctet, 9),
            .init(jumpIfEqual, 112, then: 4, else: 3),
            .init(jumpIfEqual, 6, else: 2),
            .init(loadOctet, 6),
            .init(jumpIfEqual, 112, then: 1),
            .init(UInt16(BPF_RET | BPF_K), 0),
            .init(UInt16(BPF_RET | BPF_K), .max),
        ]
    }()
}
