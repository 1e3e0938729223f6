import Inventory
import VRRP

/// How long a takeover takes by the protocol's own arithmetic, with what the health check adds. Milliseconds.
package struct TakeoverEstimate: Sendable, Equatable {
    /// How a balancer learns of HAProxy's death.
    package struct HealthCheckTiming: Sendable, Equatable {
        /// Between two runs of the check.
        package var interval: Int
        /// What the check itself may take: with `restart-first`, a start of HAProxy that fails.
        package var duration: Int

        /// A check that runs at this interval and takes that long.
        package init(interval: Int, duration: Int) {
            self.interval = interval
            self.duration = duration
        }

        /// From HAProxy's death until the check has seen it.
        var range: ClosedRange<Int> { 0...(interval + duration) }

        /// A start that a drill refuses fails at once; one that succeeds seldom takes three seconds.
        package init(_ cluster: Cluster) {
            self.init(interval: cluster.worstDetection, duration: cluster.healthCheck == .restartFirst ? 3000 : 200)
        }

        /// How long it takes to see that HAProxy hangs, where the check sees that. The engine ends a check that does not even get a
        /// connection a second after its answer is due.
        init(hangOf cluster: Cluster) {
            let check = cluster.healthCheck
            self.init(interval: check.interval, duration: check.patience + (check.patience > 0 ? 1000 : 200))
        }
    }

    /// From the deed until its balancer gives the VIP up.
    package var detection: ClosedRange<Int>
    /// The successor's skew time: its wait after the master has resigned (priority 0).
    package var skew: Int
    /// The successor's wait when the resignation is lost.
    package var downInterval: Int
    /// From the victim's return until its balancer is master again, at most.
    package var comeback: Int

    /// The estimate for a balancer of one priority that takes over from one of another.
    ///
    /// - Parameter detection: until the other gives the VIP up; by its health check where nothing is said.
    package init(
        _ version: ProtocolVersion, interval: Duration, from: UInt8, to: UInt8, check: HealthCheckTiming,
        detection: ClosedRange<Int>? = nil
    ) {
        self.detection = detection ?? check.range
        skew = version.skewTime(priority: to, masterInterval: interval).wholeMilliseconds
        downInterval = version.masterDownInterval(priority: to, masterInterval: interval).wholeMilliseconds
        comeback =
            check.interval + check.duration
            + version.masterDownInterval(priority: from, masterInterval: interval).wholeMilliseconds
    }

    /// The estimate for an instance that moves from one of a cluster's balancers to another.
    package init(
        _ instance: VRRPInstance, in cluster: Cluster, from: Host, to: Host, detection: ClosedRange<Int>? = nil
    ) {
        self.init(
            instance.version, interval: instance.advertisementInterval, from: instance.priority(of: from.name) ?? 100,
            to: instance.priority(of: to.name) ?? 100, check: HealthCheckTiming(cluster), detection: detection)
    }

    /// How long others wait for a master that ends without a word, before skew: two intervals to three, of the slowest VIP's.
    static let silence: @Sendable (Cluster) -> ClosedRange<Int> = { cluster in
        let interval = cluster.instances.map(\.advertisementInterval.wholeMilliseconds).max() ?? 1000
        return 2 * interval...3 * interval
    }

    /// From the end of a master until the slowest of the others takes over, where nobody resigns.
    static func unannounced(in cluster: Cluster) -> ClosedRange<Int> {
        let waits = cluster.instances.flatMap { instance in
            instance.members.map {
                instance.version.masterDownInterval(
                    priority: $0.priority, masterInterval: instance.advertisementInterval
                ).wholeMilliseconds
            }
        }
        return 0...(waits.max() ?? 4000)
    }

    /// What to expect when the master resigns as it should.
    package var expected: ClosedRange<Int> { (detection.lowerBound + skew)...(detection.upperBound + skew) }

    /// When the resignation is lost too.
    package var worst: Int { detection.upperBound + downInterval }

    /// Skew times that differ by less are decided by chance: both hosts' timers elapse before either has heard the other.
    static let tie = 100

    /// Who may take over although another has a higher priority. With preemption the higher one gets its way in the end.
    static func rivals(of successor: Host, from: Host, for instance: VRRPInstance, in cluster: Cluster) -> Set<String> {
        guard !instance.preempt else { return [] }
        let first = TakeoverEstimate(instance, in: cluster, from: from, to: successor).skew
        let near = cluster.balancers(of: instance).filter { host in
            host.name != from.name && host.name != successor.name
                && TakeoverEstimate(instance, in: cluster, from: from, to: host).skew - first < tie
        }
        return Set(near.map(\.name))
    }
}
