/// One question to a host: a probe function and its arguments.
package struct ProbeQuery: Sendable, Hashable {
    package var function: String
    package var arguments: [String]

    package init(_ function: String, _ arguments: String...) {
        self.function = function
        self.arguments = arguments
    }

    /// A file's state, and its content too where a diff may have to be shown.
    package static func file(_ path: String, content: Bool = false) -> ProbeQuery {
        ProbeQuery("probe_file", path, content ? "content" : "state")
    }
}

/// The calls that answer every query at once.
package enum Probe {
    /// - Parameter owned: paths of which it matters whether an RPM owns them.
    package static func calls(_ queries: [ProbeQuery], packages: [String] = [], owned: [String] = []) -> [[String]] {
        var seen = Set<ProbeQuery>()
        var calls = [["probe_host"], ["probe_journal"]]
        for query in queries where seen.insert(query).inserted { calls.append([query.function] + query.arguments) }
        if !packages.isEmpty { calls.append(["probe_packages"] + Set(packages).sorted()) }
        if !owned.isEmpty { calls.append(["probe_owners"] + Set(owned).sorted()) }
        return calls + [["hp_say", "end"]]
    }
}
