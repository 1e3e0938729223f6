import Inventory
import SSH

/// Takes runs back: reads the journals, makes the plan, carries it out one host at a time.
public struct Rollbacker: Sendable {
    package var cluster: Cluster
    package var fleet: Fleet
    package var events: EventSink
    /// Asked between hosts: whether to stop where nothing is half done.
    public var isInterrupted: @Sendable () -> Bool
    private let vip: VIPCheck

    /// Works on the hosts that the fleet is connected to.
    ///
    /// - Parameter patience: how long the VIP may be on its way; what is usual where nil.
    public init(_ session: Session, fleet: Fleet, patience: Duration? = nil) {
        var vip = VIPCheck(cluster: session.cluster, fleet: fleet)
        if let patience { vip.patience = patience }
        self.vip = vip
        cluster = session.cluster
        self.fleet = fleet
        events = session.events
        isInterrupted = session.isInterrupted
    }

    /// The runs that any of these hosts knows, newest first, merged.
    public static func history(_ facts: [String: Facts], cluster: Cluster) -> [RecordedRun] {
        var runs: [String: RecordedRun] = [:]
        for host in cluster.balancers {
            for fact in facts[host.name]?.runs ?? [] where fact.cluster == cluster.name {
                runs[fact.id, default: RecordedRun(fact: fact, hosts: [:])].hosts[host.name] = fact
            }
        }
        return runs.values.sorted { $0.id > $1.id }
    }

    /// What the hosts' journals say, with nothing else asked.
    public func journals() async throws(Failures) -> [String: Facts] {
        try await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await Session.facts(Probe.script([]), on: host, fleet: fleet)
        }.successes()
    }

    /// - Parameter to: the run whose state is to come back: it stays, all later ones go. Nil takes back the last run
    ///   that changed anything, and the unfinished ones right before it, which it completed.
    public func runs(in facts: [String: Facts], to wanted: String?, all: Bool) throws(Failure) -> [String] {
        let applied = Self.history(facts, cluster: cluster).filter { $0.command == "apply" && $0.isStanding }
        if all { return applied.map(\.id) }
        guard let wanted else {
            let unfinished = applied.dropFirst().prefix { ["failed", "interrupted"].contains($0.result) }
            return (applied.prefix(1) + unfinished).map(\.id)
        }
        guard Self.history(facts, cluster: cluster).contains(where: { $0.id == wanted }) else {
            throw Failure(
                .input, step: "rollback --to \(wanted)", summary: "no host knows a run of that name",
                remedy: "`haprov history` lists the runs.")
        }
        return applied.map(\.id).filter { $0 > wanted }
    }

    /// Reads the runs' changes and makes the plan that takes them back.
    public func plan(undoing runs: [String]) async throws -> Plan {
        let vip = Probe.script(runs.map { ProbeQuery("probe_run", $0) })
        let facts = try await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await Session.facts(vip, on: host, fleet: fleet)
        }.successes()
        return RollbackPlanner(cluster: cluster, facts: facts, runs: runs).plan()
    }

    /// Carries out a plan of ``plan(undoing:)``.
    public func roll(back plan: Plan, undoing runs: [String], run: RunIdentity, clock: @Sendable () -> String)
        async throws
    {
        let hosts = plan.hosts.map(\.host)
        let locks = HostLock(fleet: fleet, run: run)
        try await locks.take(hosts)
        do {
            try await locks.keeping(hosts) {
                let rollout = plan.hosts.filter { !$0.rollout.isEmpty }
                let look = try await lookBetween()
                for hostPlan in rollout {
                    guard !isInterrupted() else { throw CancellationError() }
                    events(.stage("Roll back \(hostPlan.host)"))
                    do throws(Failure) {
                        try await perform(hostPlan.rollout, on: hostPlan.host, run: run)
                        // After the last, nobody need hold it: services may not have run before.
                        if hostPlan.host != rollout.last?.host { try await look() }
                    } catch {
                        throw Failures([error])
                    }
                }
                _ = try await fleet.onEach(hosts) { host throws(Failure) in
                    guard let hostPlan = plan.hosts.first(where: { $0.host == host }) else { return }
                    try await perform(hostPlan.together, on: host, run: run)
                }.successes()
                // Where keepalived goes on, somebody has to hold the VIP again.
                if plan.hosts.contains(where: { !$0.together.isEmpty }) {
                    do throws(Failure) {
                        try await vip.settle(hosts: Array(fleet.connections.keys), atMostOne: false)
                    } catch {
                        throw Failures([error])
                    }
                }
            }
        } catch {
            await locks.release(hosts, closing: ("failed", clock(), cluster.name))
            throw error
        }
        await close(runs, on: hosts, time: clock())
        await locks.release(hosts, closing: ("ok", clock(), cluster.name))
    }

    /// A look at the VIP between two hosts: whoever holds it is rolled back last, so until then it stays held where it was. A
    /// service that is broken already is no reason to stop: it may be what the rollback is for.
    private func lookBetween() async throws(Failures) -> @Sendable () async throws(Failure) -> Void {
        let hosts = Array(fleet.connections.keys)
        let before: [String]
        do throws(Failure) { before = try await vip.holders(among: hosts) } catch { throw Failures([error]) }
        let isComplete = hosts.count == cluster.balancers.count
        return { () throws(Failure) in
            guard before.count < 2 else { return }
            do throws(Failure) {
                try await vip.settle(hosts: hosts, atMostOne: before.isEmpty || !isComplete)
            } catch {
                var failure = error
                failure.remedy += " `haprov rollback` again goes on with the other balancers as things stand."
                throw failure
            }
        }
    }

    private func perform(_ steps: [Step], on host: String, run: RunIdentity) async throws(Failure) {
        guard !steps.isEmpty else { return }
        let batch = try Batch(
            steps: steps, first: 1, run: run, cluster: cluster.name,
            artifact: { _ throws(Failure) in
                throw Failure(.input, step: "rollback", summary: "a rollback installs nothing", remedy: "Report this.")
            })
        let reader = BatchReader(host: host, summaries: batch.summaries, events: events)
        let result = try await fleet.run(
            batch.script, on: host, deadline: Deadline(idle: 60, total: 1800), output: { reader.take($0) })
        try reader.finish(result, command: run.command)
    }

    private func close(_ runs: [String], on hosts: [String], time: String) async {
        let lines = runs.map { run in
            "hp_dir=$hp_home/runs/\(Shell.quote(run))\n[ ! -d \"$hp_dir\" ] || "
                + Shell.join(["hp_close", "rolled-back", time])
        }
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            let script = RemoteScript(HostScript.library + lines.joined(separator: "\n") + "\n")
            _ = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 30))
        }
    }
}

/// A run as the hosts' journals tell it together.
public struct RecordedRun: Sendable {
    package var fact: RunFact
    package var hosts: [String: RunFact]

    package var id: String { fact.id }
    package var command: String { fact.command }
    package var changes: Int { hosts.values.reduce(0) { $0 + $1.changes } }
    package var undone: Int { hosts.values.reduce(0) { $0 + $1.undone } }
    /// Whether some of it is still in place.
    public var isStanding: Bool { changes > undone }
    /// The worst that any host says; `interrupted` where one never came to an end.
    public var result: String {
        let results = Set(hosts.values.map { $0.result.isEmpty ? "interrupted" : $0.result })
        return ["interrupted", "failed", "ok", "rolled-back"].first(where: results.contains) ?? "interrupted"
    }
}
