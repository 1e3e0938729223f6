/// What the outside tells the ``Election``.
package enum Event: Sendable, Hashable {
    /// The routers begin. Sent once, after the first ``interface(_:_:)`` and ``tracked(_:isUp:)`` events: whatever was not
    /// named until then counts as down.
    case start
    /// The moment of ``Election/deadline`` has come, or some later one.
    case timer
    /// An advertisement has arrived whose checksum and length are right.
    case received(Advertisement, Reception)
    /// A message of protocol 112 has arrived that is no advertisement.
    case malformed(DecodeError, Reception)
    /// A NIC is as told now.
    case interface(String, InterfaceState)
    /// A script or a process has come up or gone down.
    case tracked(TrackTarget, isUp: Bool)
    /// The number in a file is another one.
    case measured(TrackTarget, Int)
    /// One of a router's addresses was taken from the NIC by somebody else.
    case addressLost(VirtualAddress)
    /// Other settings, from now on. Routers that are the same but for what may change in flight keep their state.
    case reconfigure(ElectionSettings)
    /// Give up every address in favour of the others, then stay backup until this long has passed (`resign`).
    case resign(router: String?, stayAway: Duration)
    /// The daemon ends: resign and remove every address. Nothing may follow.
    case shutdown
}

/// How a message came in.
package struct Reception: Sendable, Hashable {
    /// The NIC that it came by.
    package var interface: String
    /// Who says that he sent it.
    package var source: IPAddress
    /// The address that it was sent to.
    package var destination: IPAddress
    /// IPv4's TTL, IPv6's hop limit. 255 is required of multicast (RFC 5798 sections 5.1.1.3 and 5.1.2.3).
    package var hopLimit: UInt8
    /// Which checksum was found right; counts for version 3 over IPv4.
    package var checksum: IPv4Checksum

    /// From its parts.
    package init(
        interface: String, source: IPAddress, destination: IPAddress, hopLimit: UInt8 = 255,
        checksum: IPv4Checksum = .withPseudoHeader
    ) {
        self.interface = interface
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.checksum = checksum
    }
}

/// What the election needs to know of a NIC.
package struct InterfaceState: Sendable, Hashable {
    /// Administratively up, and with a carrier.
    package var isUp: Bool
    /// Its own addresses, in the kernel's order, without virtual ones.
    package var addresses: [IPAddress]

    /// From its parts.
    package init(isUp: Bool, addresses: [IPAddress]) {
        self.isUp = isUp
        self.addresses = addresses
    }
}

/// Everything that the election has to know.
package struct ElectionSettings: Sendable, Hashable {
    /// In the order of the configuration.
    package var routers: [RouterSettings]
    /// In the order of the configuration.
    package var groups: [SyncGroupSettings]

    /// From its parts.
    package init(routers: [RouterSettings], groups: [SyncGroupSettings] = []) {
        self.routers = routers
        self.groups = groups
    }
}
