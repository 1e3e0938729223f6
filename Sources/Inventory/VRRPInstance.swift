import VRRP

/// A virtual router: addresses that move together, how VRRP moves them, and the balancers that share them.
public struct VRRPInstance: Sendable, Equatable {
    /// A balancer that shares it.
    public struct Member: Sendable, Equatable {
        /// The host's name.
        public var host: String
        /// 1…254; the highest one that is well holds the addresses.
        public var priority: UInt8

        /// From its parts.
        public init(host: String, priority: UInt8) {
            self.host = host
            self.priority = priority
        }
    }

    /// One at least, all of one family.
    public var addresses: [InterfaceAddress]
    /// The NIC of the balancers that carries them, unless a host names its own.
    public var interface: String
    /// 1…255, RFC 3768 section 5.3.2.
    public var virtualRouterID: UInt8
    /// Of the protocol.
    public var version: ProtocolVersion
    /// Between two advertisements; whole seconds with version 2.
    public var advertisementInterval: Duration
    /// Whether the addresses return to the highest priority once that host is well again.
    public var preempt: Bool
    /// Advertise to each peer by address where multicast does not pass.
    public var unicast: Bool
    /// Sent in clear by version 2; absent with version 3.
    public var password: Secret?
    /// In the order of the inventory.
    public var members: [Member]

    /// From its parts.
    public init(
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
    public var preference: [Member] { members.sorted { $0.priority > $1.priority } }

    /// The address that stands for all where one is looked for: they move together.
    public var representative: IPAddress { addresses[0].address }

    /// The priority of a host; nil where it is none of the members.
    public func priority(of host: String) -> UInt8? { members.first { $0.host == host }?.priority }

    /// Whether an address lies in the subnet of one of its own.
    public func reaches(_ address: IPAddress) -> Bool { addresses.contains { $0.contains(address) } }
}

extension VRRPInstance: CustomStringConvertible {
    /// Its addresses, which is how people know it.
    public var description: String { addresses.map { "\($0.address)" }.joined(separator: ", ") }
}
