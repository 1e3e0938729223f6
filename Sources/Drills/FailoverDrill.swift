import Errors
import Inventory
import Prober
import Provisioning
import Synchronization

/// One drill on a cluster that is fit for it: break something on a balancer that holds VIPs, see what becomes of all VIPs
/// and of their clients, put everything back. Used once.
actor FailoverDrill {
    /// What the drill works with, all of it shared with the other drills of a run.
    struct Surroundings: Sendable {
        var cluster: Cluster
        var options: DrillOptions
        var watcher: VIPWatcher
        var link: HostLink
        /// Finds out how the balancers stand; the explanation of a VIP that does not move.
        var diagnose: @Sendable () async -> [String: BalancerSurvey]
        /// Finds out who answers for the VIPs besides the balancers.
        var strangers: @Sendable () async -> [Failure]
        var event: @Sendable (DrillEvent) -> Void
    }

    let scenario: Scenario
    let fault: Fault
    let from: Host
    let around: Surroundings
    let waits: DrillWaits
    let hold: HoldDown
    /// Those first whose holder is struck; one of them at least.
    var passages: [Passage]
    var report: DrillReport
    var failures: [Failure] = []
    var brokenAt: Duration?
    var givenBackAt: Duration?

    /// - Parameter passages: of all VIPs, one of them at least held by `from`.
    init(_ scenario: Scenario, from: Host, passages: [Passage], in surroundings: Surroundings) {
        let cluster = surroundings.cluster
        self.scenario = scenario
        fault = Fault(scenario, on: from, in: cluster)
        self.from = from
        self.passages = passages.filter(\.isStruck) + passages.filter { !$0.isStruck }
        around = surroundings
        waits = DrillWaits.longest(
            of: passages.map { scenario.estimate($0.instance, in: cluster, from: $0.holder, to: $0.successor) },
            limits: cluster.limits)
        hold = HoldDown(
            scenario, on: cluster, link: surroundings.link, owner: surroundings.options.run.operatorName)
        report = DrillReport(scenario, on: cluster)
        report.from = from.name
        let sites = passages.compactMap(\.site)
        report.prober = sites.first?.location.name
        report.resolutionMilliseconds = sites.map(\.resolutionMilliseconds).max()
    }

    /// What is broken, as users call it.
    var subject: String { fault.subject }

    /// Whether what the struck balancer holds goes elsewhere.
    private var movesVIPs: Bool { scenario.expectation.movesVIP }

    var struck: [Passage] { passages.filter(\.isStruck) }

    /// Runs the drill to its end. Whatever happens in between, what was broken is given back before this returns, or the
    /// report says when the host does it.
    func run() async -> (report: DrillReport, failures: [Failure]) {
        let successors = struck.reduce(into: [String]()) {
            if !$0.contains($1.successor.name) { $0.append($1.successor.name) }
        }
        around.event(
            .began(
                scenario, from: from.name, holding: struck.map(\.title).joined(separator: ", "),
                expected: movesVIPs ? successors.joined(separator: " and ") : nil))
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
        try await startProbes()
        try await awaitService("before the \(scenario.deed.noun)", milliseconds: waits.steady)
        try await hold.arm(seconds: waits.armedSeconds)
        report.armedSeconds = waits.armedSeconds
        around.event(.armed(host: from.name, subject: subject, seconds: waits.armedSeconds))
        try await mark("failover")
        let broken = try await breakIt()
        if movesVIPs {
            for passage in struck { try await awaitMove(of: passage, since: broken) }
            try await awaitService("after the VIP moved", milliseconds: waits.serve)
        } else {
            let moment = "after \(subject) was \(scenario.deed.participle)"
            try await awaitService(moment, milliseconds: waits.move + waits.serve)
        }
        around.event(.served)
        try await mark("return")
        let moved = struck.map { around.watcher.timeline(of: $0.instance).holders }
        try await giveBack()
        for (passage, holders) in zip(struck, moved) { try await awaitComeback(of: passage, holders: holders) }
        try await awaitService("after \(subject) was given back", milliseconds: waits.serve)
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

    private func mark(_ phase: String) async throws(Failure) {
        for passage in passages { try await passage.probe?.mark(phase) }
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

    private func awaitMove(of passage: Passage, since broken: Duration) async throws(Failure) {
        let watcher = around.watcher
        let from = from.name
        let moved = try await wait(waits.move) {
            watcher.timeline(of: passage.instance).firstGain(by: { $0 != from }, from: broken) != nil
        }
        if !moved { throw await unmoved(passage) }
    }

    private func awaitComeback(of passage: Passage, holders: Set<String>) async throws(Failure) {
        let watcher = around.watcher
        let from = from.name
        if scenario.expectation.returnsVIP(of: passage.instance) {
            let isBack = try await wait(waits.comeback) { watcher.timeline(of: passage.instance).holders == [from] }
            if isBack { return }
            let found = watcher.timeline(of: passage.instance).holders.sorted().joined(separator: ", ")
            throw failure(
                "Expected \(passage.title) to return to \(from), which preempts, within \(waits.comeback) ms of \(subject)'s return;"
                    + " found it on \(found).",
                "See journalctl -u \(engine) on \(from)" + (scenario.victim.returning.map { ": \($0)." } ?? "."))
        }
        let changed = try await wait(waits.stay) { watcher.timeline(of: passage.instance).holders != holders }
        if changed {
            let found = watcher.timeline(of: passage.instance).holders.sorted().joined(separator: ", ")
            throw failure(
                "Expected \(passage.title) to stay on \(holders.sorted().joined(separator: ", ")), found it on"
                    + " \(found).",
                scenario.expectation.unsettled(from: from, subject: subject, engine: engine))
        }
    }

    private func awaitService(_ moment: String, milliseconds: Int) async throws(Failure) {
        for passage in passages { try await awaitService(of: passage, moment, milliseconds: milliseconds) }
    }

    private func awaitService(of passage: Passage, _ moment: String, milliseconds: Int) async throws(Failure) {
        guard let probe = passage.probe, let site = passage.site else { return }
        let state = Mutex(SteadyState(interval: site.interval))
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
        let whose = passages.count > 1 ? " of \(passage.title)" : ""
        throw failure(
            "Expected clients\(whose) to be served steadily \(moment), found \(failed) of \(requests) requests failed within"
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
                cluster: around.cluster, instance: passages[0].instance, scenarios: [scenario], surveys: surveys
            ).startFault(scenario.victim, on: from) {
                explained.summary += " \(fault.what)."
                explained.remedy = fault.remedy
            }
            throw explained
        }
        report.restored = true
        around.event(.restored(host: from.name, subject: subject))
    }

    /// Ends the probers, gives the victim back where that has not been done, and completes the report.
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
        for index in passages.indices {
            guard let probe = passages[index].probe else { continue }
            do { measure(try await probe.stop(), of: index) } catch { failures.append(error) }
        }
        recordTimelines()
        for passage in passages {
            passage.samples?.cancel()
            if let record = await passage.samples?.value { judge(record, of: passage) }
        }
        judge()
        if !failures.contains(where: { $0.kind == .cancelled }) { failures += await around.strangers() }
        complete()
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
