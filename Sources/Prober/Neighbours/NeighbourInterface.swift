import CLinux
import Glibc

/// The Ethernet NIC by which an address is on the same link as this host.
struct NeighbourInterface {
    var index: UInt32
    /// Six octets.
    var hardware: [UInt8]
    /// The host's own there.
    var address: UInt32

    /// Nil where the address is this host's own, or on none of its links.
    static func towards(_ address: UInt32) -> NeighbourInterface? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        var own: [(name: String, address: UInt32, mask: UInt32)] = []
        var hardware: [String: [UInt8]] = [:]
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let entry = entry?.pointee, let name = entry.ifa_addr else { continue }
            let nic = String(cString: entry.ifa_name)
            switch Int32(name.pointee.sa_family) {
            case AF_INET:
                own.append((nic, internet(name), entry.ifa_netmask.map(internet) ?? .max))
            case AF_PACKET:
                let link = UnsafeRawPointer(name).loadUnaligned(as: sockaddr_ll.self)
                // ARPHRD_ETHER
                guard link.sll_hatype == 1, link.sll_halen == 6 else { continue }
                let octets = link.sll_addr
                hardware[nic] = [octets.0, octets.1, octets.2, octets.3, octets.4, octets.5]
            default: break
            }
        }
        guard !own.contains(where: { $0.address == address }) else { return nil }
        for nic in own where nic.mask != .max && nic.address & nic.mask == address & nic.mask {
            if let octets = hardware[nic.name] {
                return NeighbourInterface(index: if_nametoindex(nic.name), hardware: octets, address: nic.address)
            }
        }
        return nil
    }

    /// Dotted decimal, read; in host byte order.
    static func address(_ text: String) -> UInt32? {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1 ? UInt32(bigEndian: address.s_addr) : nil
    }

    static func text(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { String(address >> $0 & 255) }.joined(separator: ".")
    }

    private static func internet(_ name: UnsafePointer<sockaddr>) -> UInt32 {
        UInt32(bigEndian: UnsafeRawPointer(name).loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr)
    }

    private static func internet(_ name: UnsafeMutablePointer<sockaddr>) -> UInt32 {
        internet(UnsafePointer(name))
    }
}
