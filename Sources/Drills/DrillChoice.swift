import Errors
import Inventory

/// Which drills a command line asks for, and which of them a cluster gets.
package struct DrillChoice: Sendable {
    /// One that is not run, and why.
    package struct Skipped: Sendable, Equatable, Encodable {
        package var name: String
        package var reason: String
    }

    /// In the order in which they are run; one at least.
    package var scenarios: [Scenario]
    package var skipped: [Skipped] = []

    /// The drills that are named, in that order.
    ///
    /// - Throws: where one of them cannot be run there, or may not.
    package static func named(_ scenarios: [Scenario], on cluster: Cluster) throws(Failure) -> DrillChoice {
        for scenario in scenarios {
            if let obstacle = scenario.obstacle(on: cluster) { throw obstacle }
            if !scenario.isAllowed(on: cluster) { throw notAllowed(scenario, on: cluster) }
        }
        return DrillChoice(scenarios: scenarios)
    }

    /// Those that run where none is named.
    package static func usual(on cluster: Cluster) throws(Failure) -> DrillChoice {
        let scenarios = Scenario.usual(for: cluster)
        guard scenarios.isEmpty else { return DrillChoice(scenarios: scenarios) }
        throw notAllowed(.haproxyKilled, on: cluster)
    }

    /// Every drill that may run there and tells something; the others are told with the reason.
    package static func all(on cluster: Cluster) throws(Failure) -> DrillChoice {
        var choice = DrillChoice(scenarios: [])
        for scenario in Scenario.all {
            let reason: String? =
                if !scenario.isAllowed(on: cluster) {
                    "drill.allow does not have it"
                } else if let requirement = scenario.requirement, !requirement.holds(cluster) {
                    "it is for clusters with `\(requirement.words)`"
                } else {
                    scenario.blindSpot(cluster)
                }
            if let reason {
                choice.skipped.append(Skipped(name: scenario.name, reason: reason))
            } else {
                choice.scenarios.append(scenario)
            }
        }
        guard choice.scenarios.isEmpty else { return choice }
        throw notAllowed(.haproxyKilled, on: cluster)
    }

    private static func notAllowed(_ scenario: Scenario, on cluster: Cluster) -> Failure {
        let names = (cluster.drill.allowed + [scenario.name]).joined(separator: ", ")
        return Failure(
            .input, step: "choosing the drills",
            summary: "`drill.allow` does not let \(scenario.name) run on cluster \(cluster.name).",
            remedy: "Where it may, write `drill: { allow: [\(names)] }` in the inventory.")
    }
}
