import VRRP

/// A virtual router: addresses that move together, how VRRP moves them, and the balancers that share them.
package struct VRRPInstance: Sendable, Equatable {
    /// A balancer that shares it.
    package struct Member: Sendable, Equatable {
        /// The host's name.
        package var host: String
        /// 1…254; the highest one that is well holds the addresses.
        package var priority: UInt8

        /// From its parts.
        package init(host: String, priority: UInt8) {
            self.host = host
            self.priority = priority
        }
    }

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
        addresses: [InterfaceAddress], interface: String, virtualRouterID: UInt8, version: ProtocolVersion,
        advertisementInterval: Duration, preempt: Bool, unicast: Bool, password: Secret?, members: [Member]
    ) {
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
