import Inventory

/// How long a takeover takes by the protocol's own arithmetic, ``Takeover``, with what the health check adds. Milliseconds.
public struct TakeoverEstimate: Sendable, Equatable {
    /// How a balancer learns of HAProxy's death.
    public struct HealthCheckTiming: Sendable, Equatable {
        /// Between two runs of the check.
        public var interval: Int
        /// What the check itself may take: with `restart-first`, a start of HAProxy that fails.
        public var duration: Int

        /// A check that runs at this interval and takes that long.
        public init(interval: Int, duration: Int) {
            self.interval = interval
            self.duration = duration
        }

        /// A start that a drill refuses fails at once; one that succeeds seldom takes three seconds.
        public init(_ cluster: Cluster) {
            self.init(interval: cluster.worstDetection, duration: cluster.healthCheck == .restartFirst ? 3000 : 200)
        }
    }

    /// From HAProxy's death until its balancer knows.
    public var detection: ClosedRange<Int>
    /// The successor's skew time: its wait after the master has resigned (priority 0).
    public var skew: Int
    /// The successor's wait when the resignation is lost.
    public var downInterval: Int
    /// From a recovered HAProxy until its balancer is master again, at most.
    public var comeback: Int

    /// The estimate for a balancer of one priority that takes over from one of another.
    public init(_ takeover: Takeover, from: Int, to: Int, check: HealthCheckTiming) {
        detection = 0...(check.interval + check.duration)
        skew = Int(takeover.skew(priority: to))
        downInterval = Int(takeover.masterDown(priority: to))
        comeback = check.interval + check.duration + Int(takeover.masterDown(priority: from))
    }

    /// The estimate for a cluster whose VIP moves from one of its balancers to another.
    public init(_ cluster: Cluster, from: Host, to: Host) {
        self.init(
            cluster.takeover, from: from.role.priority ?? 100, to: to.role.priority ?? 100,
            check: HealthCheckTiming(cluster))
    }

    /// What to expect when the master resigns as it should.
    public var expected: ClosedRange<Int> { (detection.lowerBound + skew)...(detection.upperBound + skew) }

    /// When the resignation is lost too.
    public var worst: Int { detection.upperBound + downInterval }

    /// Skew times that differ by less are decided by chance: both hosts' timers elapse before either has heard the other.
    static let tie = 100

    /// Who may take over although another has a higher priority. With preemption the higher one gets its way in the end.
    static func rivals(of successor: Host, from: Host, in cluster: Cluster) -> Set<String> {
        guard !cluster.vip.preempt else { return [] }
        let first = TakeoverEstimate(cluster, from: from, to: successor).skew
        let near = cluster.balancers.filter { host in
            host.name != from.name && host.name != successor.name
                && TakeoverEstimate(cluster, from: from, to: host).skew - first < tie
        }
        return Set(near.map(\.name))
    }
}
