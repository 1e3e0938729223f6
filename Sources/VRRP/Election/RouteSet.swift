/// Routes and rules that a router has while it is master: `virtual_routes` and `virtual_rules` of keepalived.conf(5).
public struct RouteSet: Sendable, Hashable {
    /// In the order of the configuration.
    public var routes: [VirtualRoute]
    /// In the order of the configuration.
    public var rules: [VirtualRule]

    /// From its parts.
    public init(routes: [VirtualRoute] = [], rules: [VirtualRule] = []) {
        self.routes = routes
        self.rules = rules
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { routes.isEmpty && rules.isEmpty }

    /// What another one does not have.
    func subtracting(_ other: RouteSet) -> RouteSet {
        RouteSet(
            routes: routes.filter { !other.routes.contains($0) }, rules: rules.filter { !other.rules.contains($0) })
    }
}

/// Addresses that begin with the same bits.
public struct AddressPrefix: Sendable, Hashable {
    /// The first of them, or any.
    public var address: IPAddress
    /// How many bits: 0…32 or 0…128.
    public var length: UInt8

    /// From its parts.
    public init(address: IPAddress, length: UInt8) {
        self.address = address
        self.length = length
    }
}

/// A line of `virtual_routes`.
public struct VirtualRoute: Sendable, Hashable {
    /// What becomes of packets.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case unicast
        case blackhole
        case unreachable
        case prohibit
        case `throw`
    }

    /// Where the packets go that it is for.
    public var destination: AddressPrefix
    /// What becomes of them.
    public var kind: Kind
    /// `via`: who takes them on.
    public var gateway: IPAddress?
    /// `dev`; by default the one that leads to the gateway.
    public var interface: String?
    /// `src`: what they are sent from.
    public var source: IPAddress?
    /// `table`, by number.
    public var table: UInt32
    /// `metric`.
    public var metric: UInt32?
    /// `scope`, by number.
    public var scope: UInt8?
    /// `onlink`: the gateway is reached although no address says so.
    public var isOnLink: Bool

    /// The number of the table that is looked at without rules.
    public static let mainTable: UInt32 = 254

    /// From its parts.
    public init(
        destination: AddressPrefix, kind: Kind = .unicast, gateway: IPAddress? = nil, interface: String? = nil,
        source: IPAddress? = nil, table: UInt32 = mainTable, metric: UInt32? = nil, scope: UInt8? = nil,
        isOnLink: Bool = false
    ) {
        self.destination = destination
        self.kind = kind
        self.gateway = gateway
        self.interface = interface
        self.source = source
        self.table = table
        self.metric = metric
        self.scope = scope
        self.isOnLink = isOnLink
    }
}

/// A line of `virtual_rules`.
public struct VirtualRule: Sendable, Hashable {
    /// What becomes of packets.
    public enum Action: Sendable, Hashable {
        /// The table of that number says it.
        case lookUp(UInt32)
        case blackhole
        case unreachable
        case prohibit
    }

    /// That of the packets.
    public var family: AddressFamily
    /// What becomes of them.
    public var action: Action
    /// `from`; nil for whatever they come from.
    public var source: AddressPrefix?
    /// `to`; nil for wherever they go.
    public var destination: AddressPrefix?
    /// `preference`: rules of lower numbers are looked at first.
    public var preference: UInt32?
    /// `iif`: where they came in.
    public var incoming: String?
    /// `oif`: where they are to go out.
    public var outgoing: String?
    /// `fwmark`.
    public var mark: UInt32?
    /// The bits of ``mark`` that count; nil for all.
    public var markMask: UInt32?

    /// From its parts.
    public init(family: AddressFamily, action: Action) {
        self.family = family
        self.action = action
    }
}
