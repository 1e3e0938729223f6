/// One question to a host: a probe function and its arguments.
package struct ProbeQuery: Sendable, Hashable {
    package var function: String
    package var arguments: [String]
    /// Whether one call answers all of its kind: the arguments of all, each once.
    package var isJoined = false

    package init(_ function: String, _ arguments: String...) { self.init(function, arguments: arguments) }

    /// - Parameter arguments: in this order.
    package init(_ function: String, arguments: [String]) {
        self.function = function
        self.arguments = arguments
    }

    /// One that is asked in one call with others of its function.
    package init(joined function: String, _ arguments: [String]) {
        self.function = function
        self.arguments = arguments
        isJoined = true
    }
}

/// The calls that answer every query at once.
package enum Probe {
    /// Each query once; those that are joined come last, one call a function.
    ///
    /// - Parameter clock: whether the host tells its time too, first and last.
    package static func calls(_ queries: [ProbeQuery], clock: Bool = false) -> [[String]] {
        var seen = Set<ProbeQuery>()
        let time = clock ? [["probe_clock"]] : []
        var calls = time + [["probe_host"] + Platforms.all.tools, ["probe_journal"], ["probe_duty"]]
        var joined: [(function: String, arguments: Set<String>)] = []
        for query in queries where seen.insert(query).inserted {
            if !query.isJoined {
                calls.append([query.function] + query.arguments)
            } else if let index = joined.firstIndex(where: { $0.function == query.function }) {
                joined[index].arguments.formUnion(query.arguments)
            } else {
                joined.append((query.function, Set(query.arguments)))
            }
        }
        calls += joined.filter { !$0.arguments.isEmpty }.map { [$0.function] + $0.arguments.sorted() }
        return calls + time + [["hp_say", "end"]]
    }
}
