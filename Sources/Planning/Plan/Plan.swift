/// What a run will do: a value, made without touching anything, shown to the user and then carried out as it stands.
package struct Plan: Sendable, Equatable, Codable {
    package enum Purpose: String, Sendable, Codable { case apply, rollback }

    package var purpose: Purpose
    package var cluster: String
    /// Compiled once each, before anything on the balancers that serve is touched.
    package var builds: [Build]
    /// In the order of the rollout: the standbys first, whoever holds the VIP last.
    package var hosts: [HostPlan]
    /// What the user should know before agreeing.
    package var notes: [String]
    /// Whether the failover drill has to show again that the VIP moves.
    package var needsDrill: Bool

    /// How many changes the hosts' journals will have of it. Checks change nothing, and compilations leave nothing behind where
    /// they are made.
    package var changeCount: Int { hosts.reduce(0) { $0 + $1.changeCount } }
    package var isEmpty: Bool { builds.isEmpty && changeCount == 0 }
}

/// What is done to one host.
package struct HostPlan: Sendable, Equatable, Codable {
    package var host: String
    /// Needed before anything is compiled here; empty on all hosts but the one that compiles.
    package var beforeBuild: [Step]
    /// Touches nothing that serves: all hosts at once.
    package var prepare: [Step]
    /// One host at a time.
    package var rollout: [Step]
    /// All hosts at the same moment, after the rollout: what would let them fall apart one by one.
    package var together: [Step] = []
    /// What clients may notice of it; nil where that is not told.
    package var impact: Impact?

    package var steps: [Step] { beforeBuild + prepare + rollout + together }
    package var changeCount: Int { steps.filter { !$0.isCheck }.count }
}

/// A compilation.
package struct Build: Sendable, Equatable, Codable {
    package var id: BuildID
    package var product: String
    package var version: String
    /// The host that compiles.
    package var host: String
    /// The tarball on the controller.
    package var tarball: String
    package var prefix: String

    package var summary: String { "compile \(product) \(version) from \(tarball)" }
}

/// Identifies what a compilation gives: equal identities mean interchangeable trees.
package struct BuildID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Hexadecimal digits.
    package var value: String
    package init(_ value: String) { self.value = value }
    /// The digits.
    package var description: String { value }
}
