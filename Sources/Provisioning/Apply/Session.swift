import Errors
import Glibc
import Inventory
import Planning
import SSH

/// One command's work with a cluster: what it needs to know, and the way from facts to a plan.
package struct Session: Sendable {
    package var cluster: Cluster
    package var playbooks: PlaybookFolder
    package var recipes: Recipes
    package var cache: ArtifactCache
    package var connector: Connector
    package var events: EventSink
    /// haprov's own programs for hosts, by name.
    package var programs: [String: StaticProgram] = [:]
    /// haprov-vrrpd, which hears who else speaks VRRP; looked for when it is needed.
    package var listener: @Sendable () -> StaticProgram? = { nil }
    /// haprov-prober, which also talks to HAProxy on hosts; looked for when it is needed.
    package var client: @Sendable () -> StaticProgram? = { nil }
    /// The VRRP passwords as the protocol carries them, at most 8 characters, by virtual router ID.
    package var passwords: [UInt8: String]
    /// Of the inventory's `secrets`, by name.
    package var secretValues: [String: String] = [:]
    /// The balancers to work on, by name; nil for all.
    package var chosen: Set<String>?
    /// Those that are left out although their part would be due.
    package var without: [String] = []
    /// Asked between hosts: whether to stop where nothing is half done.
    package var isInterrupted: @Sendable () -> Bool = { false }
    /// Until when a lock of somebody else's is waited for; nil where that is an error at once.
    package var patience: ContinuousClock.Instant?
    /// What hosts may be.
    package var platforms = Platforms.all

    /// What must not appear in output.
    package var secrets: [String] { (Array(passwords.values) + Array(secretValues.values)).sorted() }

    /// The balancers that are connected to.
    package var targets: [Host] { cluster.balancers.filter { chosen?.contains($0.name) ?? true } }

    package init(
        cluster: Cluster, playbooks: PlaybookFolder, recipes: Recipes, cache: ArtifactCache, passwords: [UInt8: String],
        connector: @escaping Connector, events: @escaping EventSink
    ) {
        self.cluster = cluster
        self.playbooks = playbooks
        self.recipes = recipes
        self.cache = cache
        self.passwords = passwords
        self.connector = connector
        self.events = events
    }

    /// Connects to the balancers, does the work and closes every connection.
    ///
    /// - Throws: where any balancer cannot be reached: all such are named.
    package func withFleet<T: Sendable>(_ body: (Fleet) async throws -> T) async throws -> T {
        let fleet = try await connect()
        do {
            let value = try await body(fleet)
            await fleet.close()
            return value
        } catch {
            await fleet.close()
            throw error
        }
    }

    private func connect() async throws(Failures) -> Fleet {
        events(.stage("Connect"))
        let fleet = await Fleet.connect(to: targets, by: connector, events: events)
        for host in targets where fleet.connections[host.name] != nil { events(.connected(host: host.name)) }
        guard fleet.failures.isEmpty else {
            await fleet.close()
            throw Failures(fleet.failures)
        }
        return fleet
    }

    package static func facts(
        _ script: RemoteScript, on host: String, fleet: Fleet, deadline: Deadline = Deadline(idle: 60, total: 180)
    ) async throws(Failure) -> Facts {
        let asked = Self.milliseconds()
        let result = try await fleet.run(script, on: host, deadline: deadline)
        let answered = Self.milliseconds()
        guard result.exitStatus == 0, String(decoding: result.standardOutput.suffix(5), as: UTF8.self) == "@end\n"
        else {
            throw Failure(
                .preflight, host: host, step: "probe", summary: "the host did not answer every question",
                remedy: "Put right what the host's own words below complain of, then run haprov again.",
                cause: String(decoding: result.standardError.suffix(2000), as: UTF8.self))
        }
        var facts = FactsReader.read(result.standardOutput)
        facts.clock?.asked = asked
        facts.clock?.answered = answered
        facts.settleLock()
        return facts
    }

    /// The controller's time, in milliseconds since 1970.
    private static func milliseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }

    /// What makes plans of what hosts are like.
    func planner(
        resources: [String: HostResources], facts: [String: Facts], transactions: [String: PackageTransaction] = [:]
    ) -> Planner {
        var planner = Planner(
            cluster: cluster, resources: resources, facts: facts, products: recipes.products(cache: cache),
            programs: programs, transactions: transactions, secrets: secrets)
        planner.platforms = platforms
        planner.without = without
        return planner
    }

    /// Facts, preflight, package transactions and the plan that follows from them.
    ///
    /// - Parameter run: the run that is to follow: what dead ones still do is awaited then.
    package func survey(_ fleet: Fleet, for run: RunIdentity? = nil) async throws -> Survey {
        let examination = try await examine(fleet, for: run)
        let remarks = examination.preflight.remarks()
        guard examination.problems.isEmpty else {
            for remark in remarks { events(.note(host: remark.host, text: remark.text)) }
            throw Failures(examination.problems)
        }
        var (plan, transactions) = try await draft(examination, fleet)
        if !plan.isEmpty {
            let changing = Set(plan.hosts.filter { $0.changeCount > 0 }.map(\.host))
            plan.notes += remarks.filter { $0.host.map(changing.contains) ?? true }.map(\.description)
        }
        var survey = Survey(
            facts: examination.preflight.facts, transactions: transactions, plan: plan,
            former: examination.former.compactMap { $0.note(in: cluster) }, platforms: platforms)
        survey.unfinished = unfinished(survey.facts)
        return survey
    }

    /// What hosts are like, and whether they are fit.
    ///
    /// - Parameter listens: whether to listen for other VRRP speakers in any case; else it is done where a balancer is about to
    ///   join in.
    func examine(
        _ fleet: Fleet, listens: Bool = false, for run: RunIdentity? = nil
    ) async throws -> Examination {
        try await awaitOthers(fleet)
        events(.stage("Look at the hosts"))
        let (facts, resources) = try await look(fleet, for: run)
        let former = await FormerHostState.look(
            at: FormerHost.known(to: facts, cluster: cluster), cluster: cluster, by: connector)
        var preflight = Preflight(cluster: cluster, facts: facts, platforms: platforms)
        preflight.resources = resources
        if listens || preflight.isNewOnTheSegment { try await listen(fleet, for: &preflight) }
        var planner = planner(resources: resources, facts: facts)
        planner.former = former
        preflight.hindrances = obstacles(planner, preflight)
        return Examination(
            preflight: preflight, planner: planner, former: former,
            problems: preflight.failures()
                + former.filter(\.holdsVIP).compactMap { $0.failure(.preflight, in: cluster) })
    }

    /// What is to be done, and which packages it takes.
    func draft(
        _ examination: Examination, _ fleet: Fleet
    ) async throws -> (plan: Plan, transactions: [String: PackageTransaction]) {
        var planner = examination.planner
        let facts = examination.preflight.facts
        let missing = planner.missingPackages()
        let resolver = PackageResolver(
            cluster: cluster, fleet: fleet, cache: cache.folder, platforms: platforms)
        planner.transactions = try await fleet.onEach(Array(missing.keys)) { host throws(Failure) in
            try await resolver.resolve(missing[host] ?? [], on: host, facts: facts[host] ?? Facts())
        }.successes()
        let plan = try planner.plan()
        for product in Set(plan.builds.map(\.product)).sorted() { try recipes.refuseFlawed(product) }
        return (plan, planner.transactions)
    }

    /// The run to go on with; nil also where somebody is at work, who is met when the locks are taken.
    func unfinished(_ facts: [String: Facts]) -> UnfinishedRun? {
        guard facts.values.allSatisfy({ $0.lock?.isAbandoned ?? true }) else { return nil }
        return UnfinishedRun(Rollbacker.history(facts, cluster: cluster))
    }

    private func obstacles(_ planner: Planner, _ preflight: Preflight) -> [String: [Failure]] {
        let compilers = Set(planner.neededBuilds().map(\.host))
        return Dictionary(
            planner.rolloutOrder.map { host in
                let steps = planner.outlook(host).steps
                let obstacles = preflight.obstacles(
                    to: steps, on: host, room: planner.room(for: steps, on: host),
                    compiles: compilers.contains(host.name))
                return (host.name, obstacles)
            }, uniquingKeysWith: { $1 })
    }
}

/// What the hosts are like, and what is to be done.
package struct Survey: Sendable {
    package var facts: [String: Facts]
    package var transactions: [String: PackageTransaction]
    package var plan: Plan
    /// What is to be known of hosts that the inventory no longer has.
    package var former: [String] = []
    package var platforms = Platforms.all
    /// The run that this one goes on with.
    package var unfinished: UnfinishedRun?

    /// What a host is.
    package func platform(of host: String) -> any Platform { platforms.working(facts[host]?.system) }
}
