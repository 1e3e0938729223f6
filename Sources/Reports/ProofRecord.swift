/// What `haprov verify --json` says at its end: the proof that a cluster fails over, or that it does not.
package struct ProofRecord: Sendable, Decodable {
    /// One of those that share the VIPs.
    package struct Balancer: Sendable, Decodable {
        package var name: String
        package var address: String
        /// Versions of the programs that run there; nil where they could not be asked.
        package var haproxy: String?
        package var vrrp: String?
    }

    /// A drill that was not run.
    package struct Skipped: Sendable, Decodable {
        package var name: String
        package var reason: String
    }

    package var ok: Bool
    package var cluster: String?
    package var engine: String?
    /// When it ended, ISO 8601, UTC.
    package var time: String?
    package var seconds: Double?
    /// Who had it run.
    package var `operator`: String?
    /// Of haprov.
    package var version: String?
    /// Of all files that say how the balancers serve.
    package var fingerprint: String?
    package var balancers: [Balancer]?
    package var drills: [DrillRecord]
    package var skipped: [Skipped]?
    /// What was wrong apart from the drills, each with what to do about it.
    package var problems: [String]?

    /// What was wrong and no drill says.
    var general: [String] {
        let said = drills.flatMap(\.problems)
        return (problems ?? []).filter { problem in !said.contains { $0.contains(problem) || problem.contains($0) } }
    }
}
