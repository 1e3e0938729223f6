import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Takes runs back: reads the journals, makes the plan, carries it out one host at a time.
package struct Rollbacker: Sendable {
    package var cluster: Cluster
    package var fleet: Fleet
    package var events: EventSink
    /// Asked between hosts: whether to stop where nothing is half done.
    package var isInterrupted: @Sendable () -> Bool
    private let vip: VIPCheck

    /// Works on the hosts that the fleet is connected to.
    ///
    /// - Parameter patience: how long the VIP may be on its way; what is usual where nil.
    package init(_ session: Session, fleet: Fleet, patience: Duration? = nil) {
        var vip = VIPCheck(cluster: session.cluster, fleet: fleet)
        if let patience { vip.patience = patience }
        self.vip = vip
        cluster = session.cluster
        self.fleet = fleet
        events = session.events
        isInterrupted = session.isInterrupted
    }

    /// The balancers that are connected to.
    private var hosts: [String] { cluster.balancers.map(\.name).filter { fleet.connections[$0] != nil } }

    /// The runs that any of these hosts knows, newest first, merged.
    package static func history(_ facts: [String: Facts], cluster: Cluster) -> [RecordedRun] {
        var runs: [String: RecordedRun] = [:]
        for host in cluster.balancers {
            for fact in facts[host.name]?.runs ?? [] where fact.cluster == cluster.name {
                runs[fact.id, default: RecordedRun(fact: fact, hosts: [:])].hosts[host.name] = fact
            }
        }
        return runs.values.sorted { $0.id > $1.id }
    }

    /// What the hosts' journals say, with nothing else asked.
    package func journals() async throws(Failures) -> [String: Facts] {
        try await fleet.onEach(hosts) { host throws(Failure) in
            try await Session.facts(Probe.script([]), on: host, fleet: fleet)
        }.successes()
    }

    /// - Parameter to: the run whose state is to come back: it stays, all later ones go. Nil takes back the last run
    ///   that changed anything, and the unfinished ones right before it, which it completed.
    package func runs(in facts: [String: Facts], to wanted: String?, all: Bool) throws(Failure) -> [String] {
        let runs = try applied(in: facts, to: wanted, all: all)
        if let run = Self.history(facts, cluster: cluster).first(where: { runs.contains($0.id) && $0.isOfLaterFormat }) {
            throw Failure(
                .input, step: "rollback", summary: "run \(run.id) was made by a newer haprov: its journal has format "
                    + "\(run.fact.format), and this one knows formats up to \(JournalFormat.current)",
                remedy: "Take it back with that haprov.")
        }
        return runs
    }

    private func applied(in facts: [String: Facts], to wanted: String?, all: Bool) throws(Failure) -> [String] {
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

    /// Reads the runs' changes and makes the plan that takes them back, as things stand.
    package func plan(undoing runs: [String]) async throws -> Plan { try await planner(undoing: runs).plan() }

    private func planner(undoing runs: [String]) async throws(Failures) -> RollbackPlanner {
        let script = Probe.script(
            runs.map { ProbeQuery("probe_run", $0) } + Engine.units.map { ProbeQuery("probe_unit", $0) })
        let facts = try await fleet.onEach(hosts) { host throws(Failure) in
            try await Session.facts(script, on: host, fleet: fleet)
        }.successes()
        return RollbackPlanner(cluster: cluster, facts: facts, runs: runs)
    }

    /// What a rollback came to.
    package struct Undone: Sendable {
        /// The plan that was carried out.
        package var plan: Plan
        /// Where a VRRP engine runs from now on.
        package var engines: Set<String>
    }

    /// Takes runs back, by a plan that is made under the lock: a run that died may have gone on until then, and the VIP may have
    /// moved.
    ///
    /// - Parameters:
    ///   - agreed: the runs that were shown; where others are to be taken back by now, nothing is done.
    ///   - to: as in ``runs(in:to:all:)``.
    @discardableResult
    package func roll(
        back agreed: [String], to: String? = nil, all: Bool = false, run: RunIdentity, clock: @Sendable () -> String
    ) async throws -> Undone {
        // Also those on which nothing is to be undone: a dead run's lock may stand there.
        let locks = HostLock(fleet: fleet, run: run, events: events)
        try await locks.take(hosts)
        let undone: Undone
        do {
            undone = try await locks.keeping(hosts) {
                let runs = try self.runs(in: try await journals(), to: to, all: all)
                guard Set(runs) == Set(agreed) else { throw Self.moved(to: runs, from: agreed) }
                let planner = try await planner(undoing: runs)
                try await carryOut(planner.plan(), planner.facts, run: run)
                return Undone(plan: planner.plan(), engines: planner.enginesAfterwards())
            }
        } catch {
            await locks.release(hosts, closing: ("failed", clock(), cluster.name))
            throw error
        }
        await close(agreed, time: clock())
        await locks.release(hosts, closing: ("ok", clock(), cluster.name))
        return undone
    }

    private static func moved(to runs: [String], from agreed: [String]) -> Failures {
        func list(_ runs: [String]) -> String { runs.isEmpty ? "nothing" : runs.joined(separator: ", ") }
        return Failures([
            Failure(
                .preflight, step: "rollback",
                summary: "\(list(runs)) is to be taken back by now, and \(list(agreed)) was shown",
                remedy: "Nothing was done. `haprov rollback` again shows how things stand.")
        ])
    }

    // Swift 6.3.1's optimizer crashes over it ("While splitting coroutine"), and it waits for hosts most of the time.
    @_optimize(none)
    private func carryOut(_ plan: Plan, _ facts: [String: Facts], run: RunIdentity) async throws {
        var waiting = plan.hosts.filter { !$0.rollout.isEmpty }
        let isComplete = hosts.count == cluster.balancers.count
        let before = facts.filter { $0.value.holds(cluster.vip.address.address) }.count
        while !waiting.isEmpty {
            guard !isInterrupted() else { throw CancellationError() }
            // A service that is broken already is no reason to stop: it may be what the rollback is for.
            let isWatched = waiting.count > 1 && before < 2
            let mayBeFree = isWatched ? before == 0 || !isComplete : nil
            switch await rollBackOne(of: waiting, run: run, mayBeFree: mayBeFree) {
            case .success(let done): waiting.remove(at: done)
            case .failure(let failure): throw Failures([failure])
            }
        }
        try await changeOver(plan, run: run)
    }

    /// What all hosts have to take back at the same moment.
    private func changeOver(_ plan: Plan, run: RunIdentity) async throws(Failures) {
        _ = try await fleet.onEach(plan.hosts.map(\.host)) { host throws(Failure) in
            guard let hostPlan = plan.hosts.first(where: { $0.host == host }) else { return }
            try await perform(hostPlan.together, on: host, run: run)
        }.successes()
    }

    /// Whoever holds the VIP comes last, so until then it stays held; it may move at any time.
    ///
    /// - Parameter mayBeFree: whether nobody need hold it then; nil where that is not looked at. After the last host nobody
    ///   need: services may not have run before.
    /// - Returns: the place of the host that was rolled back.
    private func rollBackOne(
        of waiting: [HostPlan], run: RunIdentity, mayBeFree: Bool?
    ) async -> Result<Int, Failure> {
        do throws(Failure) {
            let holders = try await vip.holders(among: hosts)
            let next = waiting.firstIndex { !holders.contains($0.host) } ?? 0
            events(.stage("Roll back \(waiting[next].host)"))
            try await perform(waiting[next].rollout, on: waiting[next].host, run: run)
            if let mayBeFree { try await look(atMostOne: mayBeFree) }
            return .success(next)
        } catch {
            return .failure(error)
        }
    }

    /// A look at the VIP between two hosts.
    private func look(atMostOne: Bool) async throws(Failure) {
        do throws(Failure) {
            try await vip.settle(hosts: hosts, atMostOne: atMostOne)
        } catch {
            var failure = error
            failure.remedy += " `haprov rollback` again goes on with the other balancers as things stand."
            throw failure
        }
    }

    /// Waits for the end that follows from what runs after a rollback: what was broken before is broken again, and that must
    /// not end as if all were well.
    package func settle(_ undone: Undone) async throws(Failure) {
        try await vip.settle(hosts: hosts, engines: undone.engines)
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

    private func close(_ runs: [String], time: String) async {
        let calls = runs.map { ["hp_close", $0, "rolled-back", time] }
        _ = await fleet.onEach(hosts) { host throws(Failure) in
            let script = RemoteScript(ShellLibrary.host.script(calls: calls))
            _ = try await fleet.run(script, on: host, deadline: Deadline(idle: 30, total: 30))
        }
    }
}
