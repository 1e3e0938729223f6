import VRRP

/// A virtual router: addresses that move together, how VRRP moves them, and the balancers that share them.
package struct VRRPInstance: Sendable, Equatable {
    /// A balancer that shares it.
    package struct Member: Sendable, Equatable {
        /// The host's name.
        package var host: String
        /// 1…254; the highest one that is well holds the addresses.
        package var priority: UInt8
        /// The NIC that carries the addresses there; nil where it is the host's usual one.
        package var interface: String?

        /// From its parts.
        package init(host: String, priority: UInt8, interface: String? = nil) {
            self.host = host
            self.priority = priority
            self.interface = interface
        }
    }

    /// The VIP's name in the inventory, of whose addresses these are those of one family.
    package var vip: String
    /// What the VIP of an inventory that has one is called, and always was in keepalived.conf.
    package static let onlyVIP = "VI_1"
    /// Those that share it are held by one host, all of them; nil where it moves by itself.
    package var syncGroup: String?
    /// Whether a person may choose who holds it: to instances that move together keepalived lets no script add a weight.
    package var isMovable: Bool { syncGroup == nil }
    /// One at least, all of one family.
    package var addresses: [InterfaceAddress]
    /// The NIC of the balancers that carries them, unless a host names its own.
    package var interface: String
    /// 1…255, RFC 3768 section 5.3.2.
    package var virtualRouterID: UInt8
    /// Of the protocol.
    package var version: ProtocolVersion
    /// Between two advertisements; whole seconds with version 2.
    package var advertisementInterval: Duration
    /// Whether the addresses return to the highest priority once that host is well again.
    package var preempt: Bool
    /// Advertise to each peer by address where multicast does not pass.
    package var unicast: Bool
    /// Sent in clear by version 2; absent with version 3.
    package var password: Secret?
    /// In the order of the inventory.
    package var members: [Member]

    /// From its parts.
    package init(
        vip: String = Self.onlyVIP, syncGroup: String? = nil, addresses: [InterfaceAddress], interface: String,
        virtualRouterID: UInt8, version: ProtocolVersion,
        advertisementInterval: Duration, preempt: Bool, unicast: Bool, password: Secret?, members: [Member]
    ) {
        self.vip = vip
        self.syncGroup = syncGroup
        self.addresses = addresses
        self.interface = interface
        self.virtualRouterID = virtualRouterID
        self.version = version
        self.advertisementInterval = advertisementInterval
        self.preempt = preempt
        self.unicast = unicast
        self.password = password
        self.members = members
    }

    /// What it is called in keepalived.conf and in reports. It follows from the VIP's name and the family alone, so that no other
    /// VIP that comes or goes changes it: engines know by it what they held before.
    package var name: String { Self.name(of: vip, addresses[0].address.family) }

    static func name(of vip: String, _ family: AddressFamily) -> String { family == .ipv4 ? vip : "\(vip)_6" }

    /// Where a key of its VIP's stands in the inventory, for remedies: `vip.interface`.
    package func path(of key: String) -> String {
        vip == Self.onlyVIP ? "vip.\(key)" : "vips.\(vip).\(key == "address" ? "addresses" : key)"
    }

    /// The NIC that carries its addresses on a host.
    package func interface(on host: Host) -> String {
        members.first { $0.host == host.name }?.interface ?? host.interface
    }

    /// Its members, highest priority first.
    package var preference: [Member] { members.sorted { $0.priority > $1.priority } }

    /// The address that stands for all where one is looked for: they move together.
    package var representative: IPAddress { addresses[0].address }

    /// The priority of a host; nil where it is none of the members.
    package func priority(of host: String) -> UInt8? { members.first { $0.host == host }?.priority }

    /// Whether an address lies in the subnet of one of its own.
    package func reaches(_ address: IPAddress) -> Bool { addresses.contains { $0.contains(address) } }
}

extension VRRPInstance: CustomStringConvertible {
    /// Its addresses, which is how people know it.
    package var description: String { addresses.map { "\($0.address)" }.joined(separator: ", ") }
}
