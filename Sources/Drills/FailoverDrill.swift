import Errors
import Inventory
import Prober
import Provisioning
import Synchronization

/// One drill on a cluster that is fit for it: break something on balancers, the one that holds VIPs as a rule, see what becomes of
/// all VIPs and of their clients, put everything back. Used once.
actor FailoverDrill {
    /// What the drill works with, all of it shared with the other drills of a run.
    struct Surroundings: Sendable {
        var cluster: Cluster
        var options: DrillOptions
        var watcher: VIPWatcher
        var links: [HostLink]
        /// Finds out how the balancers stand; the explanation of a VIP that does not move.
        var diagnose: @Sendable () async -> [String: BalancerSurvey]
        /// Finds out who answers for the VIPs besides the balancers.
        var strangers: @Sendable () async -> [Failure]
        /// The hardware address that the kernel at a prober's place takes for a VIP's.
        var neighbour: @Sendable (ProberLocation, VRRPInstance) async -> String?
        var logs: DrillLogs
        var event: @Sendable (DrillEvent) -> Void
    }

    let scenario: Scenario
    let subject: String
    let from: Host
    let around: Surroundings
    let waits: DrillWaits
    /// What is broken, or may be, in the order in which it is.
    let holds: [HoldDown]
    let reach: Reach
    /// Those first whose holder is struck, or that it is about; one of them at least.
    var passages: [Passage]
    var report: DrillReport
    var failures: [Failure] = []
    /// Since when what is measured is measured.
    var brokenAt: Duration? {
        didSet { if oldValue == nil { report.time = around.options.clock() } }
    }
    /// When each host was struck.
    var broken: [String: Duration] = [:]
    var givenBackAt: Duration?
    /// Since when everything is as it should be at the end.
    var settledAt: Duration?
    /// Why clients of a VIP were not served although a balancer held it, by instance.
    var misled: [String: String] = [:]
    /// What each VIP took to move, the longest time where it did so several times; milliseconds, by instance.
    var moves: [String: Int] = [:]

    /// - Parameter passages: of all VIPs, one of them at least held by `from`.
    init(_ scenario: Scenario, from: Host, passages: [Passage], in surroundings: Surroundings) {
        let cluster = surroundings.cluster
        self.scenario = scenario
        subject = scenario.victim.title(cluster)
        self.from = from
        self.passages = passages.filter(\.isStruck) + passages.filter { !$0.isStruck }
        around = surroundings
        waits = DrillWaits.longest(
            of: passages.map { scenario.estimate($0.instance, in: cluster, from: $0.holder, to: $0.successor) },
            limits: cluster.limits)
        let reach = scenario.reach(cluster)
        self.reach = reach
        let held = passages.filter { $0.holder.name == from.name }
        let first = held.first ?? passages[0]
        let hosts = reach.hosts(from: from, to: first.successor, sharing: first.instance, in: cluster)
        holds = hosts.compactMap { host in
            surroundings.links.first { $0.host.name == host.name }.map { link in
                HoldDown(
                    scenario, on: cluster, for: held.map(\.instance), link: link,
                    owner: surroundings.options.run.operatorName)
            }
        }
        report = DrillReport(scenario, on: cluster)
        report.from = from.name
        let sites = passages.compactMap(\.site)
        report.prober = sites.first?.location.name
        report.resolutionMilliseconds = sites.map(\.resolutionMilliseconds).max()
    }

    var struck: [Passage] { passages.filter(\.isStruck) }

    /// Runs the drill to its end. Whatever happens in between, what was broken is given back before this returns, or the
    /// report says when the host does it.
    func run() async -> (report: DrillReport, failures: [Failure]) {
        let held = passages.filter { $0.holder.name == from.name }
        let successors = held.reduce(into: [String]()) {
            if !$0.contains($1.successor.name) { $0.append($1.successor.name) }
        }
        around.event(
            .began(
                scenario, from: from.name, holding: held.map(\.title).joined(separator: ", "),
                expected: scenario.expectation.movesVIP ? successors.joined(separator: " and ") : nil))
        do {
            try await startProbes()
            try await awaitService("before the \(scenario.deed.noun)", milliseconds: waits.steady)
            try await course()
        } catch {
            // A connection that broke because of Ctrl-C is no fault of the host's.
            failures.append(Task.isCancelled ? interrupted : error)
        }
        // Not cancelled with the rest: Ctrl-C must not leave a balancer down.
        await Task { await self.finish() }.value
        around.event(.finished(report))
        return (report, failures)
    }

    private func startProbes() async throws(Failure) {
        for index in passages.indices {
            guard let site = passages[index].site else { continue }
            let probe = try await site.start()
            passages[index].probe = probe
            passages[index].samples = Task { [watcher = around.watcher] in
                await ServiceRecord.follow(probe, clock: watcher)
            }
        }
    }

    func mark(_ phase: String) async throws(Failure) {
        for passage in passages { try await passage.probe?.mark(phase) }
    }

    /// Ends the probers, gives the victim back where that has not been done, and completes the report.
    private func finish() async {
        do { try await giveBack() } catch {
            let isSaid = failures.contains { $0.kind == error.kind && $0.step == error.step }
            if !isSaid { failures.append(error) }
        }
        var isArmed = false
        for hold in holds where await hold.mayBeArmed {
            isArmed = true
            failures.append(await unrestored(hold))
        }
        report.restored = !isArmed
        for hold in holds where scenario.deed.cut != nil { around.watcher.endSilence(of: hold.host.name) }
        for index in passages.indices {
            guard let probe = passages[index].probe else { continue }
            do {
                let summary = try await probe.stop()
                measure(summary, of: index)
                passages[index].samples?.cancel()
                if let start = await passages[index].samples?.value.start { chart(summary, from: start, of: index) }
            } catch { failures.append(error) }
        }
        recordTimelines()
        for passage in passages {
            passage.samples?.cancel()
            if let record = await passage.samples?.value { judge(record, of: passage) }
        }
        if let brokenAt {
            report.endMilliseconds = (around.watcher.now - brokenAt).milliseconds
            report.givenBackMilliseconds = givenBackAt.map { ($0 - brokenAt).milliseconds }
            report.logs = await around.logs.lines(since: brokenAt)
        }
        judge()
        if !failures.contains(where: { $0.kind == .cancelled }) { failures += await around.strangers() }
        complete()
    }

    func wait(_ milliseconds: Int, _ condition: @Sendable () -> Bool) async throws(Failure) -> Bool {
        do { return try await Waiting.until(milliseconds: milliseconds, condition) } catch { throw interrupted }
    }

    private var interrupted: Failure {
        Failure(
            .cancelled, host: from.name, step: scenario.name, summary: "The drill was interrupted.",
            remedy: "Run haprov verify again.")
    }

    func failure(_ summary: String, _ remedy: String, cause: String? = nil) -> Failure {
        Failure(.verification, host: from.name, step: scenario.name, summary: summary, remedy: remedy, cause: cause)
    }
}
