import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Takes runs back: reads the journals and makes the plan.
package struct Rollbacker: Sendable {
    package var session: Session
    package var fleet: Fleet
    /// Whether hosts shall speak VRRP no more, whatever ran before.
    package var retires = false
    private let checks: [VIPCheck]
    fileprivate var cluster: Cluster { session.cluster }

    /// Works on the hosts that the fleet is connected to.
    ///
    /// - Parameter patience: how long the VIP may be on its way; what is usual where nil.
    package init(_ session: Session, fleet: Fleet, patience: Duration? = nil) {
        checks = VIPCheck.all(of: session.cluster, by: fleet, patience: patience)
        self.session = session
        self.fleet = fleet
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
        if let run = Self.history(facts, cluster: cluster).first(where: { runs.contains($0.id) && $0.isOfLaterFormat })
        {
            throw Failure(
                .input, step: "rollback",
                summary: "run \(run.id) was made by a newer haprov: its journal has format "
                    + "\(run.fact.format), and this one knows formats up to \(JournalFormat.folded)",
                remedy: "Take it back with that haprov.")
        }
        return runs
    }

    private func applied(in facts: [String: Facts], to wanted: String?, all: Bool) throws(Failure) -> [String] {
        let history = Self.history(facts, cluster: cluster)
        let folded = FoldedRuns(in: history)
        let applied = history.filter { $0.command == "apply" && ($0.isStanding || folded?.contains($0) == true) }
        if all { return applied.map(\.id) }
        guard let wanted else {
            if let folded, applied.first.map(folded.contains) == true { return folded.runs.map(\.id) }
            // One that was folded ends with a run that came to its end.
            let unfinished = applied.dropFirst().prefix { ["failed", "interrupted"].contains($0.result) }
            return (applied.prefix(1) + unfinished).map(\.id)
        }
        guard history.contains(where: { $0.id == wanted }) else { throw Self.unknown(step: "rollback --to \(wanted)") }
        if let folded, folded.isCut(by: wanted) {
            throw Failure(
                .input, step: "rollback --to \(wanted)",
                summary:
                    "that would be in the middle of \(folded.runs.count) older runs that were folded into one, up to "
                    + "\(folded.newest): what is left of them takes back all of them at once",
                remedy: "`--to \(folded.newest)` or any later run can be gone back to, and `--all` to before haprov.")
        }
        return applied.map(\.id).filter { $0 > wanted }
    }

    private static func unknown(step: String) -> Failure {
        Failure(
            .input, step: step, summary: "no host knows a run of that name", remedy: "`haprov history` lists the runs.")
    }

    /// One run with all that the hosts' journals say of it.
    ///
    /// - Returns: the run, and its changes with what they did to files, by host.
    package func record(of run: String) async throws -> (run: RecordedRun, facts: [String: Facts]) {
        let script = Probe.script([ProbeQuery("probe_run", run), ProbeQuery("probe_diffs", run)])
        let facts = try await fleet.onEach(hosts) { host throws(Failure) in
            try await Session.facts(script, on: host, fleet: fleet)
        }.successes()
        guard let recorded = Self.history(facts, cluster: cluster).first(where: { $0.id == run }) else {
            throw Self.unknown(step: "history \(run)")
        }
        return (recorded, facts)
    }

    /// Reads the runs' changes and makes the plan that takes them back, as things stand.
    package func plan(undoing runs: [String]) async throws -> Plan { try await planner(undoing: runs).plan() }

    fileprivate func planner(undoing runs: [String]) async throws(Failures) -> RollbackPlanner {
        let script = Probe.script(
            runs.map { ProbeQuery("probe_run", $0) } + [ProbeQuery("probe_edited", arguments: runs)]
                + ([HAProxy.unit] + Engine.units).map { ProbeQuery("probe_unit", $0) })
        let facts = try await fleet.onEach(hosts) { host throws(Failure) in
            try await Session.facts(script, on: host, fleet: fleet)
        }.successes()
        var planner = RollbackPlanner(cluster: cluster, facts: facts, runs: runs, secrets: session.secrets)
        planner.retires = retires
        return planner
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
        back agreed: [String], to: String? = nil, all: Bool = false, run: RunIdentity,
        clock: @escaping @Sendable () -> String
    ) async throws -> Undone {
        let taking = TakingBack(rollbacker: self, agreed: agreed, to: to, all: all)
        let orders = try await Executor(session: session, fleet: fleet, run: run, checks: checks, clock: clock)
            .carryOut(taking).orders
        let planner = RollbackPlanner(cluster: cluster, facts: orders.facts, runs: orders.takenBack)
        return Undone(plan: orders.plan, engines: planner.enginesAfterwards())
    }

    /// Waits for the end that follows from what runs after a rollback: what was broken before is broken again, and that must
    /// not end as if all were well.
    package func settle(_ undone: Undone) async throws(Failure) {
        for check in checks { try await check.settle(hosts: hosts, engines: undone.engines) }
    }
}

/// One taking back of the runs that a user agreed to.
private struct TakingBack: Undertaking {
    var rollbacker: Rollbacker
    var agreed: [String]
    var to: String?
    var all: Bool

    func lookAgain() async throws -> Orders {
        let runs = try rollbacker.runs(in: try await rollbacker.journals(), to: to, all: all)
        guard Set(runs) == Set(agreed) else { throw Self.moved(to: runs, from: agreed) }
        let planner = try await rollbacker.planner(undoing: runs)
        return Orders(
            plan: planner.plan(), turn: "Roll back", watches: watches(planner.facts), facts: planner.facts,
            takenBack: runs)
    }

    /// A service that is broken already is no reason to stop: it may be what the rollback is for. After the last host nobody need
    /// hold the VIP: services may not have run before.
    private func watches(_ facts: [String: Facts]) -> [Orders.Watch?] {
        let isWhole = facts.count == rollbacker.cluster.balancers.count
        return rollbacker.cluster.instances.map { instance in
            let holders = facts.values.filter { $0.holds(instance) }.count
            guard holders < 2 else { return nil }
            return Orders.Watch(
                mayBeFree: holders == 0 || !isWhole, toTheEnd: false,
                remedy: " `haprov rollback` again goes on with the other balancers as things stand.")
        }
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
}
