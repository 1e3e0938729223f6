import Errors
import Inventory

/// Something that is broken on purpose on the balancer that holds the VIP: what is done, how it is undone, what must be
/// seen, and what clients may notice. A value a file in `Scenarios`; drills, their judge and their words are made from it.
package struct Scenario: Sendable {
    /// As users, reports and `--drill` name it.
    package let name: String
    /// What a cluster must be like; nil where every cluster will do.
    var requirement: Requirement?
    /// Whether it is run where no drill is named.
    var isUsual = true
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

    /// Whether a balancer can serve clients while its victim is held down.
    var leavesServing: Bool { !(isHeldDown && victim.isNeededToServe) }
}

extension Scenario {
    /// Every drill there is, in the order in which they are run.
    package static let all = [haproxyRestarted, haproxyKilled, daemonStopped]

    /// The drill of a name.
    package static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }

    /// Why a cluster cannot be drilled so; nil where it can.
    package func obstacle(on cluster: Cluster) -> Failure? {
        guard let requirement, !requirement.holds(cluster) else { return nil }
        return Failure(
            .input, step: "choosing the drills", summary: "\(name) is for clusters with `\(requirement.words)`.",
            remedy: "Leave it out, or set it in the inventory.")
    }

    /// The drills that a cluster gets where none is named.
    package static func usual(for cluster: Cluster) -> [Scenario] {
        all.filter { $0.isUsual && $0.obstacle(on: cluster) == nil }
    }
}

/// Names are unique.
extension Scenario: Equatable {
    package static func == (one: Scenario, other: Scenario) -> Bool { one.name == other.name }
}
