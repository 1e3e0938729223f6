import Errors
import HostShell
import Inventory
import Planning
import SSH

/// Carries out a plan on its hosts, whichever way it goes: what applying and taking back have to decide is an ``Undertaking``.
///
/// A run is: the lock of every host, ``Undertaking/lookAgain()``, the phases below one after the other, the end of the run in
/// the hosts' journals, the locks given back.
struct Executor: Sendable {
    let session: Session
    let fleet: Fleet
    let run: RunIdentity
    /// How VIPs are looked at between hosts: one check for each instance.
    let checks: [VIPCheck]
    /// ISO 8601, UTC, now.
    let clock: @Sendable () -> String

    /// The phases of a run under the lock, in order.
    private static let phases: [@Sendable (Executor) -> (Orders, Numbers) async throws -> Void] = [
        // What touches nothing that serves, compilations too: all hosts at once.
        { $0.prepare },
        // One host at a time; whoever holds most VIPs comes last.
        { $0.rollOut },
        // What would let the hosts fall apart one by one: all of them at the same moment.
        { $0.changeOver },
    ]

    /// The balancers that are connected to, also those that have nothing to do: they may hold the VIP, and the lock of a run
    /// that died.
    var hosts: [String] { session.cluster.balancers.map(\.name).filter { fleet.connections[$0] != nil } }

    /// - Returns: what was carried out, and how many changes the hosts' journals have of it.
    /// - Throws: `Failures`; what was done until then stays in the hosts' journals.
    func carryOut(_ undertaking: some Undertaking) async throws -> (orders: Orders, changes: Int) {
        let locks = HostLock(fleet: fleet, run: run, patience: session.patience, events: session.events)
        try await locks.take(hosts)
        let numbers = Numbers()
        let orders: Orders
        do {
            orders = try await locks.keeping(hosts) { try await work(undertaking, numbers) }
        } catch {
            await locks.releaseAfterFault(hosts, closing: [end("failed")])
            throw error
        }
        let closed = [(orders.takenBack, "rolled-back"), (orders.completed, "ok")].flatMap { runs, result in
            runs.map { RunEnd(run: $0, result: result, time: clock()) }
        }
        let ends = closed + [end("ok")]
        let folder = JournalFolder(session: session, fleet: fleet, run: run)
        if orders.plan.purpose == .apply, folder.isDue(orders.facts) {
            // The run has ended, whatever becomes of this.
            await locks.close(hosts, ends)
            await locks.keeping(hosts) { await folder.fold() }
            await locks.release(hosts)
        } else {
            await locks.release(hosts, closing: ends)
        }
        return (orders, await numbers.taken)
    }

    private func work(_ undertaking: some Undertaking, _ numbers: Numbers) async throws -> Orders {
        let orders = try await undertaking.lookAgain()
        for phase in Self.phases {
            try goOn()
            try await phase(self)(orders, numbers)
        }
        return orders
    }

    /// - Throws: where haprov was asked to end. Nothing is half done here.
    private func goOn() throws(Failure) {
        guard session.isInterrupted() else { return }
        throw Failure(
            .cancelled, step: "stop", summary: "stopped as asked: what was begun is finished, the rest was not begun",
            remedy: run.command == "rollback"
                ? "`haprov rollback` again goes on from here."
                : "`haprov apply` again goes on from here; `haprov rollback` takes back what was made.")
    }

    private func end(_ result: String) -> RunEnd { RunEnd(run: run.id, result: result, time: clock()) }
}

/// What a run does, as far as applying and taking back differ.
protocol Undertaking: Sendable {
    /// Under the lock: what is to be done as things stand by now.
    ///
    /// - Throws: where that is not what the user agreed to. Nothing was done then.
    func lookAgain() async throws -> Orders
}

/// What is to be done, made under the lock.
struct Orders: Sendable {
    var plan: Plan
    /// What is said when a host's turn comes, such as `Roll out to`.
    var turn: String
    /// For each instance, how its VIP has to stand after each host; nil where that is not looked at.
    var watches: [Watch?]
    /// What the hosts were like, and what their package managers say of the packages that they lack.
    var facts: [String: Facts]
    var transactions: [String: PackageTransaction] = [:]
    /// Runs that stand no more once it is done.
    var takenBack: [String] = []
    /// Runs that had not come to their end, of which nothing is left to do.
    var completed: [String] = []

    /// A look at the VIP between hosts.
    struct Watch: Sendable {
        /// Whether nobody need hold it.
        var mayBeFree: Bool
        /// Whether also after the last host.
        var toTheEnd: Bool
        /// What can be done besides where it does not stand so.
        var remedy = ""
    }
}

extension Executor {
    private func prepare(_ orders: Orders, _ numbers: Numbers) async throws {
        let plan = orders.plan
        let busy = plan.hosts.filter { !($0.beforeBuild + $0.prepare).isEmpty }.map(\.host) + plan.builds.map(\.host)
        guard !busy.isEmpty else { return }
        session.events(.stage("Prepare"))
        _ = try await fleet.onEach(Set(busy).sorted()) { host throws(Failure) in
            guard let hostPlan = plan.hosts.first(where: { $0.host == host }) else { return }
            try await perform(hostPlan.beforeBuild, on: host, orders, numbers)
            for build in plan.builds where build.host == host {
                try goOn()
                try await Builder(session: session, fleet: fleet, run: run).build(
                    build, facts: orders.facts[host] ?? Facts()
                ) { steps, transaction throws(Failure) in
                    try await perform(steps, on: host, orders, numbers, packages: transaction)
                }
            }
            try goOn()
            try await perform(hostPlan.prepare, on: host, orders, numbers)
        }.successes()
    }

    private func rollOut(_ orders: Orders, _ numbers: Numbers) async throws {
        var waiting = orders.plan.hosts.filter { !$0.rollout.isEmpty }
        while !waiting.isEmpty {
            try goOn()
            switch await rollOutOne(of: waiting, orders, numbers) {
            case .success(let done): waiting.remove(at: done)
            case .failure(let failure): throw Failures([failure])
            }
        }
    }

    /// The VIP may move at any time: who holds it is asked anew each time.
    ///
    /// - Returns: the place of the host whose turn it was.
    private func rollOutOne(
        of waiting: [HostPlan], _ orders: Orders, _ numbers: Numbers
    ) async -> Result<Int, Failure> {
        do throws(Failure) {
            let holders = try await holders()
            func held(_ plan: HostPlan) -> Int { holders.filter { $0.contains(plan.host) }.count }
            let next = waiting.indices.min { held(waiting[$0]) < held(waiting[$1]) } ?? 0
            session.events(.stage("\(orders.turn) \(waiting[next].host)"))
            let own = zip(checks, holders).filter { $1.contains(waiting[next].host) }.map(\.0)
            let standby = try await standby(for: waiting[next], in: orders.plan, holding: own)
            try await perform(waiting[next].rollout, on: waiting[next].host, orders, numbers, first: standby)
            for (check, watch) in zip(checks, orders.watches) {
                if let watch, watch.toTheEnd || waiting.count > 1 { try await look(check, watch) }
            }
            return .success(next)
        } catch {
            return .failure(error)
        }
    }

    /// Who holds the VIPs now, one after the other.
    private func holders() async throws(Failure) -> [[String]] {
        var holders: [[String]] = []
        for check in checks { holders.append(try await check.holders(among: hosts)) }
        return holders
    }

    private func look(_ check: VIPCheck, _ watch: Orders.Watch) async throws(Failure) {
        do throws(Failure) {
            try await check.settle(hosts: hosts, atMostOne: watch.mayBeFree)
        } catch {
            var failure = error
            failure.remedy += watch.remedy
            throw failure
        }
    }

    private func changeOver(_ orders: Orders, _ numbers: Numbers) async throws {
        let waiting = orders.plan.hosts.filter { !$0.together.isEmpty }
        guard !waiting.isEmpty else { return }
        session.events(.stage("Change over \(waiting.map(\.host).joined(separator: ", "))"))
        _ = try await fleet.onEach(waiting.map(\.host)) { host throws(Failure) in
            guard let hostPlan = waiting.first(where: { $0.host == host }) else { return }
            try await perform(hostPlan.together, on: host, orders, numbers)
        }.successes()
        for (check, watch) in zip(checks, orders.watches) where watch?.toTheEnd == true {
            try await settleAfterChangeOver(check)
        }
    }

    private func settleAfterChangeOver(_ check: VIPCheck) async throws(Failures) {
        do throws(Failure) {
            try await check.settle(hosts: hosts, atMostOne: true)
        } catch {
            throw Failures([error])
        }
    }

    /// Makes steps on one host, in one script.
    ///
    /// - Parameters:
    ///   - first: what its script calls before the steps.
    ///   - packages: what the package manager says of the steps' packages, where it was asked after the plan was made.
    private func perform(
        _ steps: [Step], on host: String, _ orders: Orders, _ numbers: Numbers, first: [[String]] = [],
        packages: PackageTransaction? = nil
    ) async throws(Failure) {
        guard !steps.isEmpty else { return }
        var batch = try Batch(
            steps: steps, sequence: await numbers.batch(on: host),
            first: await numbers.take(steps.compactMap(\.change).count, on: host), run: run,
            cluster: session.cluster.name, members: orders.plan.purpose == .apply ? session.cluster.balancers : [],
            artifact: { id throws(Failure) in
                let path = session.cache.path(id)
                return (path, LocalFile.size(path))
            })
        batch.begin(with: first)
        var temporary: [String] = []
        defer { temporary.forEach { LocalFile.remove($0) } }
        if steps.contains(where: { $0.change?.installsPackages == true }),
            let transaction = packages ?? orders.transactions[host]
        {
            let resolver = PackageResolver(
                cluster: session.cluster, fleet: fleet, cache: session.cache.folder, platforms: session.platforms)
            let prelude = try await resolver.prelude(
                for: transaction, facts: orders.facts[host] ?? Facts(), run: run.id, host: host)
            batch.insert(prelude: prelude.calls, payload: prelude.payload)
            temporary = prelude.temporary
        }
        let events = session.events
        var job = batch.job
        job.script.progress = { sent, total in
            if total > 1 << 20 { events(.uploading(host: host, sent: sent, total: total)) }
        }
        let mask = SecretMask(session.secrets, hiding: steps)
        let reader = BatchReader(host: host, summaries: batch.summaries, mask: mask, events: events)
        let result = try await fleet.finish(job, on: host) { reader.take($0) }
        try reader.finish(result, command: run.command)
    }
}

/// Numbers the changes of a run, host by host, and the batches in which they are made.
actor Numbers {
    private var next: [String: Int] = [:]
    private var batches: [String: Int] = [:]

    /// All that were handed out.
    var taken: Int { next.values.reduce(0) { $0 + $1 - 1 } }

    func batch(on host: String) -> Int {
        batches[host, default: 0] += 1
        return batches[host, default: 0]
    }

    func take(_ count: Int, on host: String) -> Int {
        let first = next[host] ?? 1
        next[host] = first + count
        return first
    }
}
