/// What is to be known of a router.
public struct RouterStatus: Sendable, Hashable {
    /// The instance's name.
    public var name: String
    /// Which of them it is in now.
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
    /// Times that it became master.
    public var becameMaster: UInt64 = 0
    /// Times that it gave that up.
    public var releasedMaster: UInt64 = 0
    /// Advertisements sent, resignations included.
    public var advertisementsSent: UInt64 = 0
    /// Advertisements received that count, resignations included.
    public var advertisementsReceived: UInt64 = 0
    /// Resignations sent.
    public var priorityZeroSent: UInt64 = 0
    /// Resignations received.
    public var priorityZeroReceived: UInt64 = 0
    /// Times that a peer was found to be master too.
    public var splitBrains: UInt64 = 0
    /// Advertisements dropped for another password or kind of authentication.
    public var authenticationFailures: UInt64 = 0
    /// Advertisements with another interval.
    public var intervalMismatches: UInt64 = 0
    /// Advertisements with other addresses.
    public var addressMismatches: UInt64 = 0
    /// Advertisements dropped for another version.
    public var versionMismatches: UInt64 = 0
    /// Advertisements dropped because they came from another network.
    public var hopLimitErrors: UInt64 = 0
    /// Advertisements dropped because they came from a stranger, and those of another owner.
    public var foreignAdvertisements: UInt64 = 0
    /// Addresses put back that somebody else had removed.
    public var addressesRestored: UInt64 = 0

    /// All zero.
    public init() {}
}
