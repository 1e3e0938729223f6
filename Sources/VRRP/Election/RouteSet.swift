/// Routes and rules that a router has while it is master: `virtual_routes` and `virtual_rules` of keepalived.conf(5).
package struct RouteSet: Sendable, Hashable {
    /// In the order of the configuration.
    package var routes: [VirtualRoute]
    /// In the order of the configuration.
    package var rules: [VirtualRule]

    /// From its parts.
    package init(routes: [VirtualRoute] = [], rules: [VirtualRule] = []) {
        self.routes = routes
        self.rules = rules
    }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { routes.isEmpty && rules.isEmpty }

    /// What another one does not have.
    func subtracting(_ other: RouteSet) -> RouteSet {
        RouteSet(
            routes: routes.filter { !other.routes.contains($0) }, rules: rules.filter { !other.rules.contains($0) })
    }
}

/// Addresses that begin with the same bits.
package struct AddressPrefix: Sendable, Hashable {
    /// The first of them, or any.
    package var address: IPAddress
    /// How many bits: 0…32 or 0…128.
    package var length: UInt8

    /// From its parts.
    package init(address: IPAddress, length: UInt8) {
        self.address = address
        self.length = length
    }
}

/// A line of `virtual_routes`.
package struct VirtualRoute: Sendable, Hashable {
    /// What becomes of packets.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case unicast
        case blackhole
        case unreachable
        case prohibit
        case `throw`
    }

    /// Where the packets go that it is for.
    package var destination: AddressPrefix
    /// What becomes of them.
    package var kind: Kind
    /// `via`: who takes them on.
    package var gateway: IPAddress?
    /// `dev`; by default the one that leads to the gateway.
    package var interface: String?
    /// `src`: what they are sent from.
    package var source: IPAddress?
    /// `table`, by number.
    package var table: UInt32
    /// `metric`.
    package var metric: UInt32?
    /// `scope`, by number.
    package var scope: UInt8?
    /// `onlink`: the gateway is reached although no address says so.
    package var isOnLink: Bool

    /// The number of the table that is looked at without rules.
    package static let mainTable: UInt32 = 254

    /// From its parts.
    package init(
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
package struct VirtualRule: Sendable, Hashable {
    /// What becomes of packets.
    package enum Action: Sendable, Hashable {
        /// The table of that number says it.
        case lookUp(UInt32)
        case blackhole
        case unreachable
        case prohibit
    }

    /// That of the packets.
    package var family: AddressFamily
    /// What becomes of them.
    package var action: Action
    /// `from`; nil for whatever they come from.
    package var source: AddressPrefix?
    /// `to`; nil for wherever they go.
    package var destination: AddressPrefix?
    /// `preference`: rules of lower numbers are looked at first.
    package var preference: UInt32?
    /// `iif`: where they came in.
    package var incoming: String?
    /// `oif`: where they are to go out.
    package var outgoing: String?
    /// `fwmark`.
    package var mark: UInt32?
    /// The bits of ``mark`` that count; nil for all.
    package var markMask: UInt32?

    /// From its parts.
    package init(family: AddressFamily, action: Action) {
        self.family = family
        self.action = action
    }
}
