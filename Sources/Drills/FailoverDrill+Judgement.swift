import Errors
import Inventory
import Prober
import Provisioning

/// What was measured, and what it says.
extension FailoverDrill {
    /// The program that speaks VRRP.
    var engine: String { around.cluster.engine.program }

    func measure(_ summary: ProbeSummary) {
        report.requests = summary.requests
        report.failed = summary.failed
        // Pages that differ with every answer tell nothing about servers.
        let applications = around.cluster.applications.count
        report.servers = summary.servers.count <= applications ? summary.servers : [:]
        for (outcome, count) in summary.outcomes { report.outcomes[outcome.name] = count }
        report.clientGapMilliseconds = summary["failover"]?.longestGap.map { ($0 + 500) / 1000 }
        report.returnGapMilliseconds = summary["return"]?.longestGap.map { ($0 + 500) / 1000 }
    }

    func recordTimeline() {
        guard let brokenAt else { return }
        let timeline = around.watcher.timeline
        let from = from.name
        let end = givenBackAt ?? around.watcher.now
        let gain = timeline.takeover(by: { $0 != from }, from: brokenAt, to: end)
        report.to = gain?.host
        report.vipMovedMilliseconds = gain.map { ($0.time - brokenAt).milliseconds }
        report.moveUnheldMilliseconds = unheld(from: brokenAt, to: end)
        if let givenBackAt {
            let back =
                scenario.expectation.movesVIP
                ? timeline.firstGain(by: { $0 == from }, from: givenBackAt).map(\.time) : nil
            report.vipReturnedMilliseconds = back.map { ($0 - givenBackAt).milliseconds }
            report.returnUnheldMilliseconds = unheld(from: givenBackAt, to: around.watcher.now)
        }
        report.timeline = timeline.changes.filter { $0.time >= brokenAt }.map { change in
            DrillReport.HolderChange(
                ms: (change.time - brokenAt).milliseconds, host: change.host, change: change.held ? .gained : .lost)
        }
        for (host, reason) in around.watcher.deaths.sorted(by: { $0.key < $1.key }) {
            failures.append(
                failure(
                    "The watch on \(host) was lost: \(reason).",
                    "What it held from then on is not in the timeline."))
        }
    }

    /// Who serves clients while no balancer can is none of ours, however well it does.
    func judge(_ record: ServiceRecord) {
        guard let brokenAt, around.watcher.losses.isEmpty else { return }
        let back = givenBackAt ?? around.watcher.now
        let (from, isDown) = (from.name, !scenario.leavesServing)
        let spans = around.watcher.timeline.unserved(
            initial: [from], from: brokenAt, to: around.watcher.now, changing: [back]
        ) { host, time in !(isDown && host == from && time < back) }
        for span in spans {
            guard let good = record.served(from: span.start, to: span.end) else { continue }
            failures.append(
                failure(
                    "Clients had \(good) good answers from \((span.start - brokenAt).milliseconds) ms to"
                        + " \((span.end - brokenAt).milliseconds) ms after the \(scenario.deed.noun), while no balancer that runs HAProxy held"
                        + " the VIP: another machine serves them.",
                    "Find who else answers for the VIP, and take it from there."))
            return
        }
    }

    /// Two masters at once, other than for the moment of the handover; not judged where a host could not be watched.
    func noteOverlap(since broken: Duration) {
        guard around.watcher.losses.isEmpty else { return }
        let overlap = around.watcher.timeline.longestOverlap(
            initial: [from.name], from: broken, to: around.watcher.now
        ).milliseconds
        guard overlap > 1000 else { return }
        failures.append(
            failure(
                "Two balancers held the VIP at once for \(overlap) ms.",
                "See journalctl -u \(engine) on both; they must hear each other's advertisements."))
    }

    /// The longest time in a span for which nobody held the VIP, milliseconds.
    private func unheld(from start: Duration, to end: Duration) -> Int {
        let timeline = around.watcher.timeline
        let spans = timeline.unserved(initial: timeline.holders(at: start, before: [from.name]), from: start, to: end)
        return spans.map { ($0.end - $0.start).milliseconds }.max() ?? 0
    }

    /// Why the VIP did not move, as far as the hosts can tell.
    func unmoved() async -> Failure {
        let surveys = await around.diagnose()
        let holders = around.watcher.timeline.holders.sorted()
        var causes: [String] = []
        if holders.contains(from.name) {
            causes.append(scenario.victim.keepsVIP(from, around.cluster))
        }
        for host in around.cluster.balancers where host.name != from.name {
            guard let survey = surveys[host.name] else { continue }
            if !survey.engine.isActive { causes.append("\(engine) does not run on \(host.name)") }
            if !survey.haproxy.isActive { causes.append("HAProxy does not run on \(host.name)") }
        }
        if let survey = surveys[from.name], let cause = scenario.victim.leftovers(from, survey) {
            causes.append(cause)
        }
        if causes.isEmpty { causes.append("no standby took it; see what their \(engine) says") }
        return failure(
            "Expected the VIP to move to \(successor.name) within \(waits.move) ms, found it"
                + (holders.isEmpty ? " nowhere" : " on \(holders.joined(separator: ", "))")
                + ": \(causes.joined(separator: "; ")).",
            "See journalctl -u \(engine) on \(from.name) and \(successor.name).",
            cause: surveys[from.name]?.log.last)
    }

    func judge() {
        guard let brokenAt else { return }
        noteOverlap(since: brokenAt)
        let moves = scenario.expectation.movesVIP
        let rivals =
            moves
            ? TakeoverEstimate.rivals(
                of: successor, from: from, for: around.instance, in: around.cluster) : []
        let problems = Judge.problems(
            report, successor: successor.name, accepted: rivals, for: around.instance, in: around.cluster)
        failures += problems.map { failure($0.summary, $0.remedy) }
        if let to = report.to, rivals.contains(to) {
            note(
                "\(to) took the VIP although \(successor.name) has a higher priority: their skew times differ by less than"
                    + " \(TakeoverEstimate.tie) ms and nobody preempts. Space the priorities out to have an order.")
        }
        let backend = around.cluster.haproxy.backends.first
        let servers = report.servers.count
        if let backend, servers > 1, servers < backend.servers.count {
            note("Answers came from \(servers) of \(backend.servers.count) servers.")
        }
    }

    func note(_ text: String) {
        report.notes.append(text)
        around.event(.note(text))
    }

    func unrestored() async -> Failure {
        guard let deadline = await hold.deadline else {
            return failure(
                "It is not known whether the way back on \(from.name) was armed; \(subject) was not \(scenario.deed.participle).",
                "Look for haprov-drill-restore.timer there; it removes itself when it elapses.")
        }
        let left = max(0, (deadline - .now).milliseconds / 1000)
        return failure(
            "\(subject) on \(from.name) was not given back by haprov.",
            "The host itself \(fault.evidence.isEmpty ? "gives it back" : "starts it again") "
                + (left > 0 ? "\(left) s from now" : "about now") + ", by haprov-drill-restore.timer"
                + (fault.evidence.first.map { "; see \($0) there after that." } ?? "."))
    }
}
