import VRRP

/// What a seed stands for before anything happens: the hosts, their settings and the quality of the network.
struct Scenario {
    /// A host before it starts.
    struct Member {
        var settings: ElectionSettings
        /// Every NIC and its own addresses.
        var interfaces: [(name: String, addresses: [IPAddress])]
        /// The scripts that its routers depend on.
        var scripts: [TrackTarget]
    }

    /// What becomes of packets.
    struct Weather {
        var lossPercent = 0
        var duplicatePercent = 0
        var delay: ClosedRange<Int64>
    }

    var members: [Member] = []
    var calm: Weather
    /// By how much a timer may be late, at most.
    var lateness: Int64
    /// Whether advertisements are encoded and decoded on their way.
    var encodes: Bool
    /// How often something happens and is mended.
    var rounds: Int
    private(set) var shortestInterval: Int64
    private(set) var longestInterval: Int64
    private(set) var longestPreemptDelay: Int64 = 0

    /// How long it takes at most until there is a master again: three intervals and a skew, and what the network and the
    /// timers add.
    var settlingTime: Int64 { downInterval(longestInterval, priority: 1) + 2 * handover }
    /// How long two routers may be master after one has taken over from the other.
    var handover: Int64 { 2 * (calm.delay.upperBound + lateness) + 1 }

    init(using generator: inout SplitMix) {
        let version: ProtocolVersion = generator.chance(40) ? .v2 : .v3
        let family: AddressFamily = version == .v3 && generator.chance(30) ? .ipv6 : .ipv4
        let interval = Self.interval(of: version, using: &generator)
        shortestInterval = interval
        longestInterval = interval
        calm = Weather(
            duplicatePercent: generator.pick([0, 0, 5]),
            delay: generator.number(0...interval / 200)...generator.number(interval / 100...interval / 12))
        lateness = generator.pick([0, interval / 1000, interval / 50])
        encodes = generator.chance(15)
        rounds = generator.pick([2, 3, 5, 8])

        var draft = Draft(
            version: version, family: family, hosts: generator.pick([2, 2, 3, 3, 3, 4, 5]), using: &generator)
        for host in 0..<draft.hosts {
            members.append(draft.member(host, interval: interval, using: &generator))
        }
        for router in members.flatMap(\.settings.routers) {
            shortestInterval = min(shortestInterval, router.advertisementInterval.wholeNanoseconds)
            longestInterval = max(longestInterval, router.advertisementInterval.wholeNanoseconds)
            longestPreemptDelay = max(longestPreemptDelay, router.preemptDelay.wholeNanoseconds)
        }
    }

    private static func interval(of version: ProtocolVersion, using generator: inout SplitMix) -> Int64 {
        let milliseconds: Int64 =
            version == .v2
            ? generator.pick([1000, 1000, 1000, 2000, 5000]) : generator.pick([10, 50, 100, 100, 330, 1000, 3000])
        return milliseconds * 1_000_000
    }
}

/// RFC 3768 and RFC 5798 section 6.1, computed here once more: what is checked does not check itself.
func skew(_ interval: Int64, version: ProtocolVersion = .v3, priority: UInt8) -> Int64 {
    (256 - Int64(priority)) * (version == .v2 ? 1_000_000_000 : interval) / 256
}

/// Likewise. Version 3's skew is the larger one where the interval is a second or more.
func downInterval(_ interval: Int64, version: ProtocolVersion = .v3, priority: UInt8) -> Int64 {
    3 * interval + skew(interval, version: version, priority: priority)
}
