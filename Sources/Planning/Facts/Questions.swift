/// What a host is asked, so that what it should have can be compared with what it has.
package struct Questions: Sendable, Equatable {
    package private(set) var queries: [ProbeQuery] = []
    /// Where may be written.
    package private(set) var written: Set<String> = []
    /// Where programs of haprov's are going to run.
    package private(set) var programFolders: Set<String> = []

    package init() {}

    package mutating func add(_ resources: [any Resource]) {
        for resource in resources {
            queries += resource.queries
            written.formUnion(resource.writtenPaths)
            programFolders.formUnion(resource.programFolders)
        }
    }

    package mutating func add(packages names: [String]) { queries.append(.packages(names)) }

    /// Whether answers to these are answers to the others too.
    package func cover(_ others: Questions) -> Bool {
        let asked = Set(queries)
        return written.isSuperset(of: others.written) && programFolders.isSuperset(of: others.programFolders)
            && others.queries.allSatisfy { query in
                query.isJoined ? joined(query.function).isSuperset(of: query.arguments) : asked.contains(query)
            }
    }

    /// All that a function is asked about in one call.
    private func joined(_ function: String) -> Set<String> {
        Set(queries.filter { $0.isJoined && $0.function == function }.flatMap(\.arguments))
    }
}
