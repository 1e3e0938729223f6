import CLinux
import VRRP

/// Addresses and control messages as the kernel has them.
enum SocketAddresses {
    /// `struct sockaddr_in` or `struct sockaddr_in6`, the latter with the NIC that a link-local address is on.
    static func internet(_ address: IPAddress, interface index: UInt32) -> [UInt8] {
        var octets: [UInt8] = []
        switch address {
        case .v4:
            octets.append(host: UInt16(AF_INET))
            octets.append(host: UInt16(0))
            address.append(to: &octets)
            octets.append(host: UInt64(0))
        case .v6(let high, _):
            octets.append(host: UInt16(AF_INET6))
            octets.append(host: UInt16(0))
            octets.append(host: UInt32(0))
            address.append(to: &octets)
            // Link-local, unicast or multicast.
            let isLocal = address.isLinkLocal || high >> 48 == 0xFF02
            octets.append(host: isLocal ? index : 0)
        }
        return octets
    }

    /// `struct sockaddr_ll` for sending to a hardware address.
    static func link(protocol number: UInt16, interface index: UInt32, to hardwareAddress: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(host: UInt16(AF_PACKET))
        octets.append(host: number.bigEndian)
        octets.append(host: index)
        octets.append(host: UInt16(0))
        octets.append(0)
        octets.append(UInt8(hardwareAddress.count))
        octets.append(contentsOf: hardwareAddress.prefix(8))
        while octets.count < 20 { octets.append(0) }
        return octets
    }

    /// `IP_PKTINFO` or `IPV6_PKTINFO`: from that address by that NIC.
    static func packetInformation(source: IPAddress, interface index: UInt32) -> [UInt8] {
        var data: [UInt8] = []
        switch source {
        case .v4:
            data.append(host: index)
            source.append(to: &data)
            data.append(host: UInt32(0))
            return control(level: Int32(IPPROTO_IP), type: Int32(IP_PKTINFO), data)
        case .v6:
            source.append(to: &data)
            data.append(host: index)
            return control(level: Int32(IPPROTO_IPV6), type: Int32(IPV6_PKTINFO), data)
        }
    }

    /// `struct cmsghdr` and its data.
    private static func control(level: Int32, type: Int32, _ data: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(host: UInt64(16 + data.count))
        octets.append(host: level)
        octets.append(host: type)
        octets.append(contentsOf: data)
        while octets.count % 8 != 0 { octets.append(0) }
        return octets
    }
}
