import Errors
import HostShell
import Inventory
import Planning
import SSH

/// From playbooks to questions, and from the answers to what hosts should have.
extension Session {
    /// What hosts should have, by host: each as what it says that it is.
    ///
    /// - Throws: everything that is wrong with the playbook, for whichever host.
    package func resources(facts: [String: Facts]) throws(PlaybookError) -> [String: HostResources] {
        try resources { platforms.working(facts[$0.name]?.system) }
    }

    /// What hosts should have where nothing is known of them yet: once as each platform.
    package func resourcesByPlatform() throws(PlaybookError) -> [[String: HostResources]] {
        var all: [[String: HostResources]] = []
        for type in platforms.known { all.append(try resources { _ in type.init() }) }
        return all
    }

    private func resources(
        _ platform: (Host) -> any Platform
    ) throws(PlaybookError) -> [String: HostResources] {
        try playbooks.resources(
            of: cluster, passwords: passwords, secretValues: secretValues, packages: recipes.runtimePackages,
            platform: platform)
    }

    /// Asks every balancer everything at once, and says what each should have as what it says that it is.
    package func look(
        _ fleet: Fleet, preflight: Bool
    ) async throws -> (facts: [String: Facts], resources: [String: HostResources]) {
        let guesses = try resourcesByPlatform()
        let hosts = targets.map(\.name).filter { fleet.connections[$0] != nil }
        let facts = try await fleet.onEach(hosts) { host throws(Failure) in
            try await look(at: host, fleet, guesses: guesses, preflight: preflight)
        }.successes()
        return (facts, try resources(facts: facts))
    }

    /// What a host is is known only once it has answered, and a question of its own for that would be one more channel in
    /// every run. So it is asked at once what the playbooks ask of every platform: where they ask nothing that follows from
    /// this very host, such as from its major version, that covers all. Else it is asked once more.
    ///
    /// - Parameters:
    ///   - guesses: ``resourcesByPlatform()``.
    ///   - more: what is asked beside.
    func look(
        at host: String, _ fleet: Fleet, guesses: [[String: HostResources]], preflight: Bool,
        besides more: [ProbeQuery] = []
    ) async throws(Failure) -> Facts {
        var asked = Questions()
        for resources in guesses { asked.add(resources[host]?.all ?? []) }
        for type in platforms.known { asked.add(packages: type.init().packages(recipes.buildPackages)) }
        let facts = try await Self.facts(
            script(asked, for: host, preflight: preflight, besides: more), on: host, fleet: fleet)
        let wanted = questions(for: host, as: platforms.working(facts.system))
        if asked.cover(wanted) { return facts }
        return try await Self.facts(
            script(wanted, for: host, preflight: preflight, besides: more), on: host, fleet: fleet)
    }

    /// What playbooks ask of a host that is known. A playbook that cannot be rendered for it asks nothing, and is told of by whoever
    /// goes by it.
    func questions(for host: String, as platform: any Platform) -> Questions {
        var wanted = Questions()
        guard let resources = try? resources({ _ in platform })[host] else { return wanted }
        wanted.add(resources.all)
        wanted.add(packages: platform.packages(recipes.buildPackages))
        return wanted
    }

    private func script(
        _ questions: Questions, for name: String, preflight: Bool, besides more: [ProbeQuery]
    ) -> RemoteScript {
        var queries = questions.queries + more
        if preflight, let host = cluster.balancers.first(where: { $0.name == name }) {
            let targets = targets
            queries += Preflight(cluster: cluster, facts: [:])
                .queries(for: host, absent: cluster.balancers.filter { !targets.contains($0) })
            queries.append(Preflight.writingQuery(Array(questions.written)))
            queries += Preflight.programQuery(Array(questions.programFolders))
        }
        return Probe.script(queries, clock: preflight)
    }
}
