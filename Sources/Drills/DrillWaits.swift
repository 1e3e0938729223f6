import Inventory

/// How long a drill waits for what, milliseconds. Generous: a slow takeover shall be measured, not cut off.
struct DrillWaits: Sendable, Equatable {
    /// For one holder of the VIP, before anything is done.
    var settle: Int
    /// For steady good answers.
    var steady: Int
    /// For the VIP to move.
    var move: Int
    /// For good answers after it has moved.
    var serve: Int
    /// For the VIP to come back, and to be sure that it stays.
    var comeback: Int
    var stay: Int
    /// For the hosts' own scripts: arming, killing.
    static let scripts = 15_000

    init(_ estimate: TakeoverEstimate, limits: Limits) {
        settle = max(3 * estimate.comeback, 15_000)
        steady = 20_000
        move = max(3 * estimate.worst, 2 * limits.vipMoved, 15_000)
        serve = max(2 * limits.clientGap, 15_000)
        comeback = max(3 * estimate.comeback, 20_000)
        stay = estimate.comeback + 500
    }

    /// What covers every one of these drills between the two balancers that each instance prefers.
    static func longest(of scenarios: [Scenario], on cluster: Cluster) -> DrillWaits {
        longest(
            of: cluster.instances.flatMap { instance in
                let balancers = cluster.balancers(of: instance)
                let (from, to) = (balancers[0], balancers[1])
                return [TakeoverEstimate(instance, in: cluster, from: from, to: to)]
                    + scenarios.map { $0.estimate(instance, in: cluster, from: from, to: to) }
            }, limits: cluster.limits)
    }

    /// What covers every one of these.
    ///
    /// - Parameter estimates: one at least.
    static func longest(of estimates: [TakeoverEstimate], limits: Limits) -> DrillWaits {
        let all = estimates.map { DrillWaits($0, limits: limits) }
        return all.dropFirst().reduce(all[0]) { $1.armedSeconds > $0.armedSeconds ? $1 : $0 }
    }

    /// The same after a deed that takes the connection to its host along: that host is the only one who can end it, once a takeover has
    /// been seen and clients are served.
    var cutSeconds: Int { (min(move, serve) + 5000 + 999) / 1000 }

    /// Seconds after which the host gives the victim back by itself: never before the drill would have.
    var armedSeconds: Int { (Self.scripts + move + serve + 5000 + 999) / 1000 }
}
