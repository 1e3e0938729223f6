import CLinux
import VRRP

/// Does what a ``LastWill`` asks for, by sockets opened beforehand: when they are needed, nothing may be left to go wrong.
final class Executor {
    private let netlink: NetlinkSocket
    private let ipv4: Int32
    /// −1 where the kernel has no IPv6.
    private let ipv6: Int32

    init() throws(SystemError) {
        netlink = try NetlinkSocket()
        let kind = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        ipv4 = socket(AF_INET, kind, Int32(Advertisement.protocolNumber))
        guard ipv4 >= 0 else { throw SystemError("opening a raw socket") }
        ipv6 = socket(AF_INET6, kind, Int32(Advertisement.protocolNumber))
        // They only send.
        for descriptor in [ipv4, ipv6] where descriptor >= 0 {
            try attach([.init(UInt16(BPF_RET | BPF_K), 0)], to: descriptor)
        }
        Self.set(
            ipv4, Int32(IPPROTO_IP), [(IP_TTL, 255), (IP_MULTICAST_TTL, 255), (IP_TOS, 0xC0), (IP_MULTICAST_LOOP, 0)])
        Self.set(
            ipv6, Int32(IPPROTO_IPV6),
            [
                (IPV6_UNICAST_HOPS, 255), (IPV6_MULTICAST_HOPS, 255), (IPV6_TCLASS, 0xC0), (IPV6_MULTICAST_LOOP, 0),
            ])
    }

    deinit {
        close(ipv4)
        if ipv6 >= 0 { close(ipv6) }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ options: [(Int32, Int32)]) {
        for (option, value) in options {
            var value = value
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    /// The host's own addresses that went along with virtual ones.
    private func putBack(_ lost: [NetlinkMessage.Address]) {
        guard !lost.isEmpty else { return }
        var requests = NetlinkRequests()
        for address in lost { requests.putBack(address, sequence: 0) }
        _ = try? netlink.carryOut(requests)
    }

    /// Lets the addresses go, then tells the others.
    ///
    /// - Returns: how many advertisements went out.
    func execute(_ will: LastWill.Contents) -> Int {
        if !will.removals.isEmpty {
            putBack((try? netlink.carryOut(NetlinkRequests(octets: will.removals))) ?? [])
        }
        var refused = 0
        for (family, descriptor) in [(AddressFamily.ipv4, ipv4), (.ipv6, ipv6)] {
            var messages = OutgoingMessages()
            for message in will.messages where message.family == family {
                messages.append(message.payload, to: message.name, control: message.control)
            }
            messages.send(by: descriptor) { _, _ in refused += 1 }
        }
        return will.messages.count - refused
    }
}
