/// What is to be known of a router.
package struct RouterStatus: Sendable, Hashable {
    /// The instance's name.
    package var name: String
    /// Which of them it is in now.
    package var state: RouterState
    /// With weights added.
    package var priority: UInt8
    /// Since when it is in this state; nil before the start.
    package var since: Instant?
    /// Who is master, as far as it knows; itself by its own address.
    package var master: IPAddress?
    /// That master's priority.
    package var masterPriority: UInt8?
    /// Peers that said lately that they are master too.
    package var rivals: [IPAddress]
    /// What keeps it in FAULT.
    package var down: [TrackTarget]
    /// Since the start.
    package var counters: RouterCounters
}

/// What has happened to a router since the start.
package struct RouterCounters: Sendable, Hashable {
    /// Times that it became master.
    package var becameMaster: UInt64 = 0
    /// Times that it gave that up.
    package var releasedMaster: UInt64 = 0
    /// Advertisements sent, resignations included.
    package var advertisementsSent: UInt64 = 0
    /// Advertisements received that count, resignations included.
    package var advertisementsReceived: UInt64 = 0
    /// Resignations sent.
    package var priorityZeroSent: UInt64 = 0
    /// Resignations received.
    package var priorityZeroReceived: UInt64 = 0
    /// Times that a peer was found to be master too.
    package var splitBrains: UInt64 = 0
    /// Advertisements dropped for another password or kind of authentication.
    package var authenticationFailures: UInt64 = 0
    /// Advertisements with another interval.
    package var intervalMismatches: UInt64 = 0
    /// Advertisements with other addresses.
    package var addressMismatches: UInt64 = 0
    /// Advertisements dropped for another version.
    package var versionMismatches: UInt64 = 0
    /// Advertisements dropped because they came from another network.
    package var hopLimitErrors: UInt64 = 0
    /// Advertisements dropped because they came from a stranger, and those of another owner.
    package var foreignAdvertisements: UInt64 = 0
    /// Addresses put back that somebody else had removed.
    package var addressesRestored: UInt64 = 0

    /// All zero.
    package init() {}
}
