import Errors
import Inventory
import Prober
import Provisioning
import Synchronization

/// One drill on a cluster that is fit for it: break something on the balancer that holds the VIP, see what becomes of the
/// VIP and of the clients, put everything back. Used once.
actor FailoverDrill {
    /// What the drill works with, all of it shared with the other drills of a run.
    struct Surroundings: Sendable {
        var cluster: Cluster
        /// What moves.
        var instance: VRRPInstance
        var options: DrillOptions
        var watcher: VIPWatcher
        var site: ProberSite
        var link: HostLink
        /// Finds out how the balancers stand; the explanation of a VIP that does not move.
        var diagnose: @Sendable () async -> [String: BalancerSurvey]
        /// Finds out who answers for the VIP besides the balancers.
        var strangers: @Sendable () async -> [Failure]
        var event: @Sendable (DrillEvent) -> Void
    }

    let scenario: Scenario
    let fault: Fault
    let from: Host
    let successor: Host
    let around: Surroundings
    let waits: DrillWaits
    let hold: HoldDown
    var report: DrillReport
    var failures: [Failure] = []
    private var probe: (any ClientProbe)?
    private var samples: Task<ServiceRecord, Never>?
    var brokenAt: Duration?
    var givenBackAt: Duration?

    init(_ scenario: Scenario, from: Host, successor: Host, in surroundings: Surroundings) {
        let cluster = surroundings.cluster
        self.scenario = scenario
        fault = Fault(scenario, on: from, in: cluster)
        self.from = from
        self.successor = successor
        around = surroundings
        let estimate = scenario.estimate(surroundings.instance, in: cluster, from: from, to: successor)
        waits = DrillWaits(estimate, limits: cluster.limits)
        hold = HoldDown(
            scenario, on: cluster, link: surroundings.link, owner: surroundings.options.run.operatorName)
        report = DrillReport(scenario, on: cluster)
        report.from = from.name
        report.prober = surroundings.site.location.name
    }

    /// What is broken, as users call it.
    var subject: String { fault.subject }

    /// Runs the drill to its end. Whatever happens in between, what was broken is given back before this returns, or the
    /// report says when the host does it.
    func run() async -> (report: DrillReport, failures: [Failure]) {
        around.event(.began(scenario, from: from.name, expected: scenario.expectation.movesVIP ? successor.name : nil))
        do {
            try await rehearse()
        } catch {
            // A connection that broke because of Ctrl-C is no fault of the host's.
            failures.append(Task.isCancelled ? interrupted : error)
        }
        // Not cancelled with the rest: Ctrl-C must not leave a balancer down.
        await Task { await self.finish() }.value
        around.event(.finished(report))
        return (report, failures)
    }

    private func rehearse() async throws(Failure) {
        let probe = try await around.site.start()
        self.probe = probe
        samples = Task { [watcher = around.watcher] in await ServiceRecord.follow(probe, clock: watcher) }
        try await awaitService("before the \(scenario.deed.noun)", milliseconds: waits.steady)
        try await hold.arm(seconds: waits.armedSeconds)
        report.armedSeconds = waits.armedSeconds
        around.event(.armed(host: from.name, subject: subject, seconds: waits.armedSeconds))
        try await probe.mark("failover")
        let broken = try await breakIt()
        if scenario.expectation.movesVIP {
            try await awaitMove(since: broken)
            try await awaitService("after the VIP moved", milliseconds: waits.serve)
        } else {
            let moment = "after \(subject) was \(scenario.deed.participle)"
            try await awaitService(moment, milliseconds: waits.move + waits.serve)
        }
        around.event(.served)
        try await probe.mark("return")
        let moved = around.watcher.timeline.holders
        try await giveBack()
        try await awaitComeback(since: around.watcher.now, holders: moved)
        try await awaitService("after \(subject) was given back", milliseconds: waits.serve)
    }

    private func breakIt() async throws(Failure) -> Duration {
        let watcher = around.watcher
        let moment = Mutex<Duration?>(nil)
        let event = around.event
        let deed = scenario.deed
        let broken = DrillEvent.broken(
            host: from.name, word: deed.participle,
            text: "\(deed.parts)\(subject) on \(from.name) is \(deed.participle)")
        try await hold.breakIt {
            moment.withLock { $0 = watcher.now }
            event(broken)
        }
        let time = moment.withLock { $0 } ?? watcher.now
        brokenAt = time
        return time
    }

    private func awaitMove(since broken: Duration) async throws(Failure) {
        let watcher = around.watcher
        let from = from.name
        let moved = try await wait(waits.move) {
            watcher.timeline.firstGain(by: { $0 != from }, from: broken) != nil
        }
        if !moved { throw await unmoved() }
    }

    private func awaitComeback(since start: Duration, holders: Set<String>) async throws(Failure) {
        let watcher = around.watcher
        let from = from.name
        if scenario.expectation.returnsVIP(of: around.instance) {
            let isBack = try await wait(waits.comeback) { watcher.timeline.holders == [from] }
            if isBack { return }
            throw failure(
                "Expected the VIP to return to \(from), which preempts, within \(waits.comeback) ms of \(subject)'s return;"
                    + " found it on \(watcher.timeline.holders.sorted().joined(separator: ", ")).",
                "See journalctl -u \(engine) on \(from)" + (scenario.victim.returning.map { ": \($0)." } ?? "."))
        }
        let changed = try await wait(waits.stay) { watcher.timeline.holders != holders }
        if changed {
            throw failure(
                "Expected the VIP to stay on \(holders.sorted().joined(separator: ", ")), found it on"
                    + " \(watcher.timeline.holders.sorted().joined(separator: ", ")).",
                scenario.expectation.unsettled(from: from, subject: subject, engine: engine))
        }
    }

    private func awaitService(_ moment: String, milliseconds: Int) async throws(Failure) {
        guard let probe else { return }
        let state = Mutex(SteadyState())
        let before = probe.progress
        let served = try await wait(milliseconds) {
            probe.fault != nil || state.withLock { $0.take(probe.progress) }
        }
        if let fault = probe.fault {
            throw failure("The prober on \(report.prober ?? "") ended: \(fault).", "Run haprov verify again.")
        }
        if served { return }
        let requests = probe.progress.requests - before.requests
        let failed = probe.progress.failed - before.failed
        throw failure(
            "Expected clients to be served steadily \(moment), found \(failed) of \(requests) requests failed within"
                + " \(milliseconds) ms.",
            "Ask the VIP yourself (curl -v) and see HAProxy's log: is every application reachable from the balancer?")
    }

    private func giveBack() async throws(Failure) {
        givenBackAt = givenBackAt ?? around.watcher.now
        around.event(.givingBack(host: from.name, subject: subject))
        do {
            try await hold.giveBack()
        } catch {
            guard error.kind == .verification else { throw error }
            // It was fit to be started before; something has come in between.
            let surveys = await around.diagnose()
            var explained = error
            if let fault = Preconditions(
                cluster: around.cluster, instance: around.instance, scenarios: [scenario], surveys: surveys
            ).startFault(scenario.victim, on: from) {
                explained.summary += " \(fault.what)."
                explained.remedy = fault.remedy
            }
            throw explained
        }
        report.restored = true
        around.event(.restored(host: from.name, subject: subject))
    }

    /// Ends the prober, gives the victim back where that has not been done, and completes the report.
    private func finish() async {
        let mayBeArmed = await hold.mayBeArmed
        if mayBeArmed {
            do { try await giveBack() } catch {
                let isSaid = failures.contains { $0.kind == error.kind && $0.step == error.step }
                if !isSaid { failures.append(error) }
            }
        }
        let neverBroken = brokenAt == nil
        let isArmed = await hold.mayBeArmed
        report.restored = !isArmed && (report.restored || neverBroken)
        if isArmed { failures.append(await unrestored()) }
        if let probe {
            do { measure(try await probe.stop()) } catch { failures.append(error) }
        }
        recordTimeline()
        samples?.cancel()
        if let record = await samples?.value { judge(record) }
        judge()
        if !failures.contains(where: { $0.kind == .cancelled }) { failures += await around.strangers() }
        report.problems = failures.map(\.sentences)
        report.ok = failures.isEmpty && report.restored
    }

    private func wait(_ milliseconds: Int, _ condition: @Sendable () -> Bool) async throws(Failure) -> Bool {
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
