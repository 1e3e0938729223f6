import Inventory

/// What clients may notice of drills, to be said before the user is asked.
package enum Announcement {
    /// One sentence each; none for a VIP that has nowhere to go.
    package static func sentences(_ scenarios: [Scenario], on cluster: Cluster) -> [String] {
        cluster.instancesByVIP.flatMap { sentences(scenarios, for: $0, on: cluster) }
    }

    /// What each drill is for, whom it touches, and what it may cost; lines with a word each in front.
    package static func plan(_ scenario: Scenario, on cluster: Cluster) -> [(word: String, text: String)] {
        let waits = DrillWaits.longest(of: [scenario], on: cluster)
        let limits = cluster.limits
        let limit =
            switch scenario.expectation {
            case .nobodyServes: "clients are served again within \(seconds(waits.serve)) of its end"
            case .vipStays: "\(seconds(limits.clientGap)) without a good answer"
            default:
                "\(seconds(limits.vipMoved)) for the VIP to move, \(seconds(limits.clientGap)) without a good answer"
            }
        let armed = scenario.armedSeconds(waits, on: cluster)
        return [
            ("hypothesis", scenario.hypothesis(cluster)), ("blast radius", scenario.blastRadius(cluster)),
            ("limit", limit),
            (
                "way back",
                scenario.deed.cut == nil
                    ? "haprov, Ctrl-C too, and the host itself within \(armed) s"
                    : "the host itself within \(armed) s"
            ),
        ]
    }

    private static func sentences(
        _ scenarios: [Scenario], for vip: [VRRPInstance], on cluster: Cluster
    ) -> [String] {
        guard cluster.balancers(of: vip[0]).count > 1 else { return [] }
        var groups: [[Scenario]] = []
        for scenario in scenarios {
            let place = groups.firstIndex {
                $0[0].victim.title(cluster) == scenario.victim.title(cluster) && $0[0].deed == scenario.deed
            }
            if let place { groups[place].append(scenario) } else { groups.append([scenario]) }
        }
        return groups.flatMap { sentences(alike: $0, for: vip, on: cluster) }
    }

    /// - Parameter scenarios: of one deed on one victim; what the costliest of them costs is said.
    private static func sentences(
        alike scenarios: [Scenario], for vip: [VRRPInstance], on cluster: Cluster
    ) -> [String] {
        let instance = vip[0]
        let addresses = vip.map(\.description).joined(separator: ", ")
        let balancers = cluster.balancers(of: instance)
        let (from, to) = (balancers[0], balancers[1])
        let (subject, done) = (scenarios[0].victim.title(cluster), scenarios[0].deed.participle)
        var sentences = [
            "\(subject) is \(done) on the balancer that holds \(addresses) (\(from.name), as a rule);"
                + " connections through it are cut."
        ]
        if scenarios.count > 1 {
            let times = scenarios.count == 2 ? "twice" : "\(scenarios.count) times"
            let manners = scenarios.map { "once \($0.manner)" }.joined(separator: ", ")
            sentences.append("It is \(done) \(times): \(manners).")
        }
        let estimates = scenarios.map { $0.estimate(instance, in: cluster, from: from, to: to) }
        if let cost = estimates.max(by: { $0.worst < $1.worst }) {
            sentences.append(
                "New connections may fail for \(seconds(cost.expected.lowerBound)) to"
                    + " \(seconds(cost.expected.upperBound)), for \(seconds(cost.worst)) at the worst"
                    + (instance.preempt ? ", and \(returning(instance, in: cluster)) when the VIP returns." : "."))
        }
        let waits = DrillWaits.longest(of: scenarios, on: cluster)
        sentences.append(
            "\(subject) is given back afterwards; should haprov be killed meanwhile, the host does so by itself within"
                + " \(waits.armedSeconds) s.")
        return sentences
    }

    private static func returning(_ instance: VRRPInstance, in cluster: Cluster) -> String {
        let milliseconds = cluster.returnWithoutHolder(of: instance)
        guard milliseconds > 0 else { return "for a moment" }
        return "for about \(seconds(milliseconds)), as keepalived \(cluster.keepalived?.version ?? "") does it,"
    }

    private static func seconds(_ milliseconds: Int) -> String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
