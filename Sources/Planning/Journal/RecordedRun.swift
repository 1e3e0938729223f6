/// A run as the hosts' journals tell it together.
package struct RecordedRun: Sendable {
    package var fact: RunFact
    package var hosts: [String: RunFact]

    package init(fact: RunFact, hosts: [String: RunFact]) {
        self.fact = fact
        self.hosts = hosts
    }

    /// The command whose runs are drills.
    package static let verification = "verify"

    package var id: String { fact.id }
    package var command: String { fact.command }
    package var changes: Int { hosts.values.reduce(0) { $0 + $1.changes } }
    package var undone: Int { hosts.values.reduce(0) { $0 + $1.undone } }
    /// Whether some of it is still in place.
    package var isStanding: Bool { changes > undone }
    /// Whether this haprov does not know what stands in its journal.
    package var isOfLaterFormat: Bool { hosts.values.contains { $0.format > JournalFormat.folded } }
    /// The newest of the runs that any host has folded it into one with; empty where it stands for itself.
    package var folded: String { hosts.values.map(\.folded).max() ?? "" }
    /// The worst that any host says; `interrupted` where one never came to an end.
    package var result: String {
        let results = Set(hosts.values.map { $0.result.isEmpty ? "interrupted" : $0.result })
        return ["interrupted", "failed", "ok", "rolled-back"].first(where: results.contains) ?? "interrupted"
    }
}
