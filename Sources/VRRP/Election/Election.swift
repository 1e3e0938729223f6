/// The virtual routers of one host: a value that takes events and returns effects, without clock, socket or thread.
public struct Election: Sendable {
    /// What it goes by at the moment.
    public private(set) var settings: ElectionSettings

    /// Routers that have not started.
    public init(_ settings: ElectionSettings) { self.settings = settings }

    /// When ``Event/timer`` is wanted next; nil while nothing is waited for.
    public var deadline: Instant? { nil }

    /// Takes an event in and says what has to be done.
    public mutating func handle(_ event: Event, at now: Instant) -> [Effect] { [] }

    /// What is to be known of a router.
    public func status(of router: String) -> RouterStatus? { nil }

    /// What is to be known of every router, in the order of the settings.
    public var statuses: [RouterStatus] { [] }
}

/// What is to be known of a router.
public struct RouterStatus: Sendable, Hashable {
    /// The instance's name.
    public var name: String
    public var state: RouterState
    /// With weights added.
    public var priority: UInt8
    /// Since when it is in this state; nil before the start.
    public var since: Instant?
    /// Who is master, as far as it knows; itself by its own address.
    public var master: IPAddress?
    /// That master's priority.
    public var masterPriority: UInt8?
    /// Peers that said lately that they are master too.
    public var rivals: [IPAddress]
    /// What keeps it in FAULT.
    public var down: [TrackTarget]
    /// Since the start.
    public var counters: RouterCounters
}

/// What has happened to a router since the start.
public struct RouterCounters: Sendable, Hashable {
    public var becameMaster: UInt64 = 0
    public var releasedMaster: UInt64 = 0
    public var advertisementsSent: UInt64 = 0
    public var advertisementsReceived: UInt64 = 0
    public var priorityZeroSent: UInt64 = 0
    public var priorityZeroReceived: UInt64 = 0
    public var splitBrains: UInt64 = 0
    public var authenticationFailures: UInt64 = 0
    public var intervalMismatches: UInt64 = 0
    public var addressMismatches: UInt64 = 0
    public var versionMismatches: UInt64 = 0
    public var hopLimitErrors: UInt64 = 0
    public var foreignAdvertisements: UInt64 = 0
    public var addressesRestored: UInt64 = 0

    /// All zero.
    public init() {}
}
