import CLinux
import VRRP

/// Requests of rtnetlink(7) for addresses, gathered to be written at once.
///
///     struct nlmsghdr   length 4, type 2, flags 2, sequence 4, port 4
///     struct ifaddrmsg  family 1, prefix length 1, flags 1, scope 1, interface index 4
///     struct rtattr     length 2, type 2, data, filled up to 4
///
/// All numbers stand in the host's byte order, addresses in the network's.
struct NetlinkRequests {
    private(set) var octets: [UInt8] = []
    /// Where each request begins, for writing no more at a time than a socket takes.
    private(set) var offsets: [Int] = []

    var isEmpty: Bool { offsets.isEmpty }

    /// None.
    init() {}

    /// Requests that were made before, whole.
    init(octets: [UInt8]) {
        self.octets = octets
        var offset = 0
        while offset + 16 <= octets.count {
            offsets.append(offset)
            let length = octets.withUnsafeBytes { $0.host(UInt32.self, at: offset) } ?? 0
            offset += (Int(max(length, 16)) + 3) & ~3
        }
    }

    /// Puts an address on a NIC, or gives the one that is there a new lifetime (`NLM_F_REPLACE`).
    ///
    /// - Parameters:
    ///   - lifetime: seconds until the kernel takes it away by itself.
    ///   - sequence: comes back with a refusal.
    mutating func add(_ address: VirtualAddress, to index: UInt32, lifetime: UInt32, sequence: UInt32) {
        request(
            UInt16(RTM_NEWADDR), flags: UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE), sequence: sequence,
            address, index
        ) { octets in
            if case .v4 = address.address, let label = address.label {
                octets.attribute(UInt16(IFA_LABEL), Array(label.utf8.prefix(15)) + [0])
            }
            // A host address of IPv6 is to answer, not to be what connections are made from: as with keepalived.
            let isHostIPv6 = address.address.family == .ipv6 && address.prefixLength == 128
            // struct ifa_cacheinfo: preferred lifetime, valid lifetime, created, updated.
            var lifetimes: [UInt8] = []
            for word in [isHostIPv6 ? 0 : lifetime, lifetime, 0, 0] { lifetimes.append(host: word) }
            octets.attribute(UInt16(IFA_CACHEINFO), lifetimes)
        }
    }

    /// Takes an address from a NIC. The kernel answers with whatever it takes away because of that (`NLM_F_ECHO`).
    mutating func remove(_ address: IPAddress, prefixLength: UInt8, from index: UInt32, sequence: UInt32) {
        request(
            UInt16(RTM_DELADDR), flags: UInt16(NLM_F_REQUEST | NLM_F_ECHO), sequence: sequence,
            VirtualAddress(address: address, prefixLength: prefixLength, interface: ""), index
        ) { _ in }
    }

    /// Puts an address back as it was, with its broadcast address, label, lifetime and the rest.
    mutating func putBack(_ address: NetlinkMessage.Address, sequence: UInt32) {
        header(
            UInt16(RTM_NEWADDR), flags: UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE), sequence: sequence
        ) { octets in octets.append(contentsOf: address.whole) }
    }

    /// Which addresses they would take away.
    var removals: Set<NetlinkMessage.Address.Identity> {
        var removals: Set<NetlinkMessage.Address.Identity> = []
        octets.withUnsafeBytes { octets in
            NetlinkMessage.read(octets) { message in
                if case .address(let address, isGone: true) = message { removals.insert(address.identity) }
            }
        }
        return removals
    }

    /// Asks for everything of a kind: `RTM_GETLINK` or `RTM_GETADDR`.
    mutating func dump(_ type: UInt16, sequence: UInt32) {
        header(type, flags: UInt16(NLM_F_REQUEST | 0x300), sequence: sequence) { octets in
            octets.append(contentsOf: repeatElement(0, count: Int(type) == Int(RTM_GETLINK) ? 16 : 8))
        }
    }

    /// Begins anew and keeps the memory.
    mutating func removeAll() {
        octets.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
    }

    /// Adds requests that were made before.
    mutating func append(_ others: NetlinkRequests) {
        let start = octets.count
        octets.append(contentsOf: others.octets)
        for offset in others.offsets { offsets.append(start + offset) }
    }

    private mutating func request(
        _ type: UInt16, flags: UInt16, sequence: UInt32, _ address: VirtualAddress, _ index: UInt32,
        attributes: (inout [UInt8]) -> Void
    ) {
        header(type, flags: flags, sequence: sequence) { octets in
            let isIPv6 = address.address.family == .ipv6
            octets.append(isIPv6 ? UInt8(AF_INET6) : UInt8(AF_INET))
            octets.append(address.prefixLength)
            // Without duplicate address detection (RFC 5798 section 6.4.2 sends no such probes), it works at once.
            octets.append(isIPv6 ? UInt8(IFA_F_NODAD) : 0)
            octets.append(0)
            octets.append(host: index)
            octets.attribute(UInt16(IFA_LOCAL), address.address.octets)
            if !isIPv6 { octets.attribute(UInt16(IFA_ADDRESS), address.address.octets) }
            attributes(&octets)
        }
    }

    mutating func header(
        _ type: UInt16, flags: UInt16, sequence: UInt32, body: (inout [UInt8]) -> Void
    ) {
        let start = octets.count
        offsets.append(start)
        octets.append(host: UInt32(0))
        octets.append(host: type)
        octets.append(host: flags)
        octets.append(host: sequence)
        octets.append(host: UInt32(0))
        body(&octets)
        octets.replace(host: UInt32(octets.count - start), at: start)
    }
}
