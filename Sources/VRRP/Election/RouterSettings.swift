/// What the election has to know of one virtual router: a `vrrp_instance` of keepalived.conf, every default filled in.
package struct RouterSettings: Sendable, Hashable {
    /// The instance's name, unique in a configuration.
    package var name: String
    /// The NIC that VRRP is spoken on.
    package var interface: String
    /// 2 or 3.
    package var version: ProtocolVersion
    /// The family of the advertisements and of ``addresses``.
    package var family: AddressFamily
    /// 1…255.
    package var virtualRouterID: UInt8
    /// 1…255 before any weight is added; 255 owns the addresses.
    package var priority: UInt8
    /// Between two advertisements.
    package var advertisementInterval: Duration
    /// Whether a backup of higher priority takes over from a master that is well.
    package var preempt: Bool
    /// How long a backup that may preempt lets a lower master be, once it has heard it; then the master down interval runs
    /// out, counted from the last advertisement within the delay.
    package var preemptDelay: Duration
    /// `state MASTER`: at the start it waits for one interval and 1/256 (of a second with version 2, of the interval with
    /// version 3) instead of the master down interval, as keepalived does. ``preempt`` counts as true and ``preemptDelay``
    /// as zero.
    package var startsAsMaster: Bool
    /// What advertisements carry, in order; of one family. None, with version 2 alone, where scripts move what clients ask for.
    package var addresses: [VirtualAddress]
    /// Addresses that move with the router but are not advertised; of either family.
    package var excludedAddresses: [VirtualAddress]
    /// Routes and rules that move with the router.
    package var routes = RouteSet()
    /// Version 2's password.
    package var authentication: Authentication
    /// How version 3's checksums over IPv4 are made; both are accepted.
    package var checksum: IPv4Checksum
    /// The address that advertisements come from; nil for the interface's first of the family.
    package var sourceAddress: IPAddress?
    /// Where advertisements go instead of the multicast group; empty for multicast.
    package var unicastPeers: [IPAddress]
    /// Whether unicast from others than ``unicastPeers`` is dropped (`check_unicast_src`); otherwise it counts, with a notice.
    package var checksUnicastSource = false
    /// The hop limits that unicast may have, of peers that may not have every one (`min_ttl`, `max_ttl`).
    package var peerHopLimits: [IPAddress: ClosedRange<UInt8>] = [:]
    /// The group that is spoken to; nil for the family's own.
    package var multicastGroup: IPAddress?
    /// How gratuitous ARP and neighbour advertisements are sent.
    package var announcements: AnnouncementSettings
    /// Whether ``interface`` has to be up; false for `dont_track_primary`.
    package var tracksInterface: Bool
    /// What else its state or its priority depends on.
    package var tracked: [TrackedItem]

    /// From its parts, with keepalived's defaults.
    package init(
        name: String, interface: String, virtualRouterID: UInt8, addresses: [VirtualAddress],
        version: ProtocolVersion = .v2, family: AddressFamily = .ipv4, priority: UInt8 = 100,
        advertisementInterval: Duration = .seconds(1), preempt: Bool = true, preemptDelay: Duration = .zero,
        startsAsMaster: Bool = false, excludedAddresses: [VirtualAddress] = [],
        authentication: Authentication = .none, checksum: IPv4Checksum = .withPseudoHeader,
        sourceAddress: IPAddress? = nil, unicastPeers: [IPAddress] = [], multicastGroup: IPAddress? = nil,
        announcements: AnnouncementSettings = AnnouncementSettings(), tracksInterface: Bool = true,
        tracked: [TrackedItem] = []
    ) {
        self.name = name
        self.interface = interface
        self.version = version
        self.family = family
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.advertisementInterval = advertisementInterval
        self.preempt = preempt
        self.preemptDelay = preemptDelay
        self.startsAsMaster = startsAsMaster
        self.addresses = addresses
        self.excludedAddresses = excludedAddresses
        self.authentication = authentication
        self.checksum = checksum
        self.sourceAddress = sourceAddress
        self.unicastPeers = unicastPeers
        self.multicastGroup = multicastGroup
        self.announcements = announcements
        self.tracksInterface = tracksInterface
        self.tracked = tracked
    }

    /// The group that advertisements go to and come from where there are no peers.
    package var group: IPAddress { multicastGroup ?? family.multicastGroup }

    /// All addresses that move.
    package var movingAddresses: [VirtualAddress] { addresses + excludedAddresses }
}

/// An address that moves, and where it is put.
package struct VirtualAddress: Sendable, Hashable {
    /// The address itself.
    package var address: IPAddress
    /// 0…32 or 0…128.
    package var prefixLength: UInt8
    /// The NIC that gets it.
    package var interface: String
    /// The label that `ip addr` shows, such as `eth0:1`; IPv4 only.
    package var label: String?

    /// From its parts.
    package init(address: IPAddress, prefixLength: UInt8, interface: String, label: String? = nil) {
        self.address = address
        self.prefixLength = prefixLength
        self.interface = interface
        self.label = label
    }
}

/// `garp_master_*` of keepalived.conf(5).
package struct AnnouncementSettings: Sendable, Hashable {
    /// How many at once when a router becomes master.
    package var count: Int = 5
    /// After how long they are sent once more; zero: not.
    package var delay: Duration = .seconds(5)
    /// How many at once then.
    package var countAfterDelay: Int = 5
    /// How often a master repeats them; zero: never.
    package var refresh: Duration = .zero
    /// How many at once at each refresh.
    package var refreshCount: Int = 1
    /// How many at once when a lower-priority advertisement has been heard; by default ``count``.
    package var countAfterLowerPriority: Int?
    /// How long after that they are sent once more; by default ``delay``.
    package var delayAfterLowerPriority: Duration?

    /// keepalived's defaults.
    package init() {}
}

/// Something outside VRRP that a router depends on.
package struct TrackedItem: Sendable, Hashable {
    /// What it is.
    package var target: TrackTarget
    /// 0: the router is in FAULT while the item is down. Positive: added to the priority while it is up. Negative: added
    /// (that is, subtracted) while it is down.
    package var weight: Int
    /// With weight 0: the router is in FAULT while the item is up. Otherwise: what would be added is subtracted, and what
    /// would be subtracted is added.
    package var isReversed: Bool

    /// From its parts.
    package init(target: TrackTarget, weight: Int = 0, isReversed: Bool = false) {
        self.target = target
        self.weight = weight
        self.isReversed = isReversed
    }
}

/// What can be tracked.
package enum TrackTarget: Sendable, Hashable {
    /// A `vrrp_script` by name.
    case script(String)
    /// A `vrrp_track_process` by name.
    case process(String)
    /// A `track_file` by name: not up or down, but a number. With weight 0 the router is in FAULT while it is not 0 (reversed:
    /// while it is 0); otherwise it is multiplied by the weight and added to the priority, and below -253 that is FAULT.
    case file(String)
    /// A NIC by name. The NIC of the router itself (see ``RouterSettings/tracksInterface``) and those of its addresses count
    /// without being named, with weight 0.
    case interface(String)
}

/// A `vrrp_sync_group`: its routers are master together, or none of them.
package struct SyncGroupSettings: Sendable, Hashable {
    /// Unique in a configuration.
    package var name: String
    /// The names of its routers.
    package var routers: [String]
    /// What all of them depend on.
    package var tracked: [TrackedItem]

    /// From its parts.
    package init(name: String, routers: [String], tracked: [TrackedItem] = []) {
        self.name = name
        self.routers = routers
        self.tracked = tracked
    }
}
