import Errors
import Inventory
import Planning
import SSH

/// Carries out a plan: locks, compiles, prepares all hosts at once, then rolls out one host at a time.
package struct Applier: Sendable {
    package var session: Session
    package var fleet: Fleet
    package var survey: Survey
    package var run: RunIdentity
    /// ISO 8601, UTC, now.
    package var clock: @Sendable () -> String

    package init(
        session: Session, fleet: Fleet, survey: Survey, run: RunIdentity, clock: @escaping @Sendable () -> String
    ) {
        self.session = session
        self.fleet = fleet
        self.survey = survey
        self.run = run
        self.clock = clock
    }

    private var plan: Plan { survey.plan }
    /// Also those that have nothing to do: they may hold the VIP, and the lock of a run that died.
    private var hosts: [String] { session.targets.map(\.name).filter { fleet.connections[$0] != nil } }

    /// - Returns: how many changes the hosts' journals have of it: those of the plan, and packages that a build was found to need.
    /// - Throws: `Failures`; what was done until then stays in the hosts' journals.
    @discardableResult
    package func apply() async throws -> Int {
        let numbers = Numbers()
        let locks = HostLock(fleet: fleet, run: run, events: session.events)
        try await locks.take(hosts)
        do {
            try await locks.keeping(hosts) { try await work(numbers) }
        } catch {
            await finish("failed", locks: locks)
            throw error
        }
        await finish("ok", locks: locks)
        return await numbers.taken
    }

    private func work(_ numbers: Numbers) async throws {
        let (order, wasServed) = try await refuseIfMoved()
        // A VIP that somebody held has to be held again before the next balancer is touched.
        let mayBeFree = !(wasServed && session.targets.count == session.cluster.balancers.count)
        let busy = plan.hosts.filter { !($0.beforeBuild + $0.prepare).isEmpty }.map(\.host) + plan.builds.map(\.host)
        if !busy.isEmpty {
            session.events(.stage("Prepare"))
            let names = Array(Set(busy)).sorted()
            _ = try await fleet.onEach(names) { host throws(Failure) in
                guard let hostPlan = plan.hosts.first(where: { $0.host == host }) else { return }
                try await perform(hostPlan.beforeBuild, on: host, numbers: numbers)
                for build in plan.builds where build.host == host {
                    try await Builder(session: session, fleet: fleet, run: run).build(
                        build, facts: survey.facts[host] ?? Facts()
                    ) { steps, transaction throws(Failure) in
                        try await perform(steps, on: host, numbers: numbers, packages: transaction)
                    }
                }
                try await perform(hostPlan.prepare, on: host, numbers: numbers)
            }.successes()
        }
        for hostPlan in order where !hostPlan.rollout.isEmpty {
            guard !session.isInterrupted() else { throw CancellationError() }
            session.events(.stage("Roll out to \(hostPlan.host)"))
            do throws(Failure) {
                try await perform(hostPlan.rollout, on: hostPlan.host, numbers: numbers)
                try await VIPCheck(cluster: session.cluster, fleet: fleet).settle(
                    hosts: Array(fleet.connections.keys), atMostOne: mayBeFree)
            } catch {
                throw Failures([error])
            }
        }
        try await finishTogether(numbers)
    }

    /// What all hosts have to do at the same moment.
    private func finishTogether(_ numbers: Numbers) async throws {
        let waiting = plan.hosts.filter { !$0.together.isEmpty }
        guard !waiting.isEmpty else { return }
        session.events(.stage("Change over \(waiting.map(\.host).joined(separator: ", "))"))
        _ = try await fleet.onEach(waiting.map(\.host)) { host throws(Failure) in
            guard let hostPlan = waiting.first(where: { $0.host == host }) else { return }
            try await perform(hostPlan.together, on: host, numbers: numbers)
        }.successes()
        do throws(Failure) {
            try await VIPCheck(cluster: session.cluster, fleet: fleet).settle(
                hosts: Array(fleet.connections.keys), atMostOne: true)
        } catch {
            throw Failures([error])
        }
    }

    /// Makes steps on one host, in one script.
    ///
    /// - Parameter packages: what yum says of the steps' packages, where it was asked after the plan was made.
    private func perform(
        _ steps: [Step], on host: String, numbers: Numbers, packages: PackageTransaction? = nil
    ) async throws(Failure) {
        guard !steps.isEmpty else { return }
        let count = steps.filter { if case .change = $0 { true } else { false } }.count
        var batch = try Batch(
            steps: steps, first: await numbers.take(count, on: host), run: run, cluster: session.cluster.name,
            members: session.cluster.balancers,
            artifact: { id throws(Failure) in
                let path = session.cache.path(id)
                return (path, LocalFile.size(path))
            })
        var temporary: [String] = []
        defer { temporary.forEach { LocalFile.remove($0) } }
        if steps.contains(where: Self.installsPackages), let transaction = packages ?? survey.transactions[host] {
            let resolver = PackageResolver(
                cluster: session.cluster, fleet: fleet, cache: session.cache.folder)
            let prelude = try await resolver.prelude(
                for: transaction, facts: survey.facts[host] ?? Facts(), run: run.id, host: host)
            batch.insert(prelude: prelude.calls, payload: prelude.payload)
            temporary = prelude.temporary
        }
        let events = session.events
        var script = batch.script
        script.progress = { sent, total in
            if total > 1 << 20 { events(.uploading(host: host, sent: sent, total: total)) }
        }
        let mask = SecretMask(session.password.map { [$0] } ?? [], hiding: steps)
        let reader = BatchReader(host: host, summaries: batch.summaries, mask: mask, events: events)
        let result = try await fleet.run(
            script, on: host, deadline: Deadline(idle: 60, total: 3600), output: { reader.take($0) })
        try reader.finish(result, command: run.command)
    }

    private static func installsPackages(_ step: Step) -> Bool {
        step.change is InstallPackages
    }

    /// A plan holds only for the hosts that it was made from: under the lock they are looked at once more.
    ///
    /// - Returns: the hosts in the order of the rollout: whoever holds the VIP by now comes last; and whether anybody does.
    private func refuseIfMoved() async throws -> (order: [HostPlan], wasServed: Bool) {
        let resources = try session.resources()
        var facts = try await session.probe(fleet, resources: resources, preflight: false)
        let vip = session.cluster.vip.address.address
        let holders = Set(facts.filter { $0.value.holds(vip) }.keys)
        // The VIP may move at any time; that changes nothing of what is to be done.
        for (host, old) in survey.facts { facts[host]?.addresses = old.addresses }
        let now = try session.planner(resources: resources, facts: facts, transactions: survey.transactions).plan()
        guard now.hosts == plan.hosts, now.builds == plan.builds else {
            let moved = plan.hosts.first { !now.hosts.contains($0) }?.host
            throw Failures([
                Failure(
                    .preflight, host: moved, step: "plan", summary: "the hosts have changed since the plan was made",
                    remedy: "Run `haprov plan` again and look at what is different.")
            ])
        }
        let order = plan.hosts.filter { !holders.contains($0.host) } + plan.hosts.filter { holders.contains($0.host) }
        return (order, !holders.isEmpty)
    }

    private func finish(_ result: String, locks: HostLock) async {
        let time = clock()
        await locks.release(hosts, closing: (result, time, session.cluster.name))
    }
}

/// Numbers the changes of a run, host by host.
actor Numbers {
    private var next: [String: Int] = [:]

    /// All that were handed out.
    var taken: Int { next.values.reduce(0) { $0 + $1 - 1 } }

    func take(_ count: Int, on host: String) -> Int {
        let first = next[host] ?? 1
        next[host] = first + count
        return first
    }
}
