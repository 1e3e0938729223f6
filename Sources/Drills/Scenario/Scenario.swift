import Errors
import Inventory

/// Something that is broken on purpose: where, what is done, how it is undone, what must be seen, and what clients may notice. A
/// value a file in `Scenarios`; drills, their judge and their words are made from it.
package struct Scenario: Sendable {
    /// As users, reports, `--drill` and `drill.allow` name it: one of ``DrillSettings/names``.
    package let name: String
    /// What a cluster must be like; nil where every cluster will do.
    var requirement: Requirement?
    /// Whether it is run where no drill is named.
    var isUsual = false
    /// What is broken.
    let victim: Victim
    /// What is done to it, and what undoes that.
    let deed: Deed
    /// Whether the victim is kept from being started until the way back is taken.
    let isHeldDown: Bool
    /// What is done to a victim besides, for a sentence that tells apart scenarios of the same deed: "held down".
    let manner: String
    /// What must be seen.
    package let expectation: Expectation
    /// Milliseconds from the deed until the balancer gives the VIP up.
    let detection: @Sendable (Cluster) -> ClosedRange<Int>
    /// Which balancers are struck.
    var reach: @Sendable (Cluster) -> Reach = { _ in .holder }
    /// What the deed and the way back are called with besides the target, for each balancer that is struck.
    var arguments: @Sendable (Fault.Place) -> [String] = { _ in [] }
    /// Whether the struck balancer may keep the address of a VIP that is served elsewhere, since nobody there is able to take it away or
    /// knows that it should.
    var leavesAddress = false
    /// Whether the struck balancer goes on as a master where it could not be heard, so that priorities decide at the end, as they do
    /// between any two masters.
    var staysMaster = false
    /// Microseconds between two requests, at least: where nobody answers, each of them holds a connection of HAProxy's for as long as it
    /// waits, and HAProxy that is full of them is not what is to be seen.
    var leastInterval = 0
    /// Why it is known beforehand that a cluster does not pass; nil where that is not known.
    var blindSpot: @Sendable (Cluster) -> String? = { _ in nil }
    /// What is to be shown, in a sentence: said before it is done, and in reports.
    let hypothesis: @Sendable (Cluster) -> String
    /// Whom it may touch, likewise.
    let blastRadius: @Sendable (Cluster) -> String

    /// What only some clusters have.
    struct Requirement: Sendable {
        /// As an inventory says it.
        var words: String
        var holds: @Sendable (Cluster) -> Bool
    }

    /// What clients may notice, where an instance moves from one balancer to another.
    func estimate(_ instance: VRRPInstance, in cluster: Cluster, from: Host, to: Host) -> TakeoverEstimate {
        TakeoverEstimate(instance, in: cluster, from: from, to: to, detection: detection(cluster))
    }

    /// Seconds after which a host gives back by itself what is broken there.
    func armedSeconds(_ waits: DrillWaits, on cluster: Cluster) -> Int {
        if let cut = deed.cut { return waits.cutSeconds + cut.seconds }
        // Those that fall first have to lie until the last one has.
        return waits.armedSeconds * (reach(cluster) == .oneAfterTheOther ? max(1, cluster.balancers.count - 1) : 1)
    }

    /// Seconds that a drill takes at the most.
    func longestSeconds(_ waits: DrillWaits, on cluster: Cluster) -> Int {
        let others = waits.steady + waits.comeback + waits.stay + 2 * waits.serve
        return max(armedSeconds(waits, on: cluster), waits.armedSeconds) + (deed.cut?.grace ?? 0) + others / 1000 + 60
    }

    /// Whether a balancer can serve clients while its victim is held down.
    var leavesServing: Bool { !(isHeldDown && victim.isNeededToServe) }
}

extension Scenario {
    /// Every drill there is, in the order in which they are run: those that take more along come later.
    package static let all = [
        haproxyRestarted, haproxyKilled, haproxyHung, daemonStopped, daemonKilled, move, failback, applicationDown,
        applicationsDown, splitBrain, linkFlap, hostIsolated, hostRebooted, cascade,
    ]

    /// The drill of a name.
    package static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }

    /// Why a cluster cannot be drilled so; nil where it can.
    package func obstacle(on cluster: Cluster) -> Failure? {
        guard let requirement, !requirement.holds(cluster) else { return nil }
        return Failure(
            .input, step: "choosing the drills", summary: "\(name) is for clusters with `\(requirement.words)`.",
            remedy: "Leave it out, or set it in the inventory.")
    }

    /// Whether the inventory says that it may run there. Who may kill HAProxy may also see it started again.
    package func isAllowed(on cluster: Cluster) -> Bool {
        let allowed = cluster.drill.allowed
        return allowed.contains(name)
            || (name == Self.haproxyRestarted.name && allowed.contains(Self.haproxyKilled.name))
    }

    /// The drills that a cluster gets where none is named.
    package static func usual(for cluster: Cluster) -> [Scenario] {
        all.filter { $0.isUsual && $0.obstacle(on: cluster) == nil && $0.isAllowed(on: cluster) }
    }
}

/// Names are unique.
extension Scenario: Equatable {
    package static func == (one: Scenario, other: Scenario) -> Bool { one.name == other.name }
}
