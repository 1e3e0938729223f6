import Errors
import Inventory
import Prober
import Provisioning

/// What was measured, and what it says.
extension FailoverDrill {
    /// The program that speaks VRRP.
    var engine: String { around.cluster.engine.program }

    func measure(_ summary: ProbeSummary, of index: Int) {
        var seen = passages[index].report
        seen.requests = summary.requests
        seen.failed = summary.failed
        // Pages that differ with every answer tell nothing about servers.
        let applications = around.cluster.applications.count
        seen.servers = summary.servers.count <= applications ? summary.servers : [:]
        for (outcome, count) in summary.outcomes { seen.outcomes[outcome.name] = count }
        seen.clientGapMilliseconds = summary["failover"]?.longestGap.map { ($0 + 500) / 1000 }
        seen.returnGapMilliseconds = summary["return"]?.longestGap.map { ($0 + 500) / 1000 }
        passages[index].report = seen
    }

    /// - Parameter start: when the prober began.
    func chart(_ summary: ProbeSummary, from start: Duration, of index: Int) {
        guard let brokenAt else { return }
        passages[index].report.history = RequestTimeline(
            summary.history, start: (start - brokenAt).milliseconds, width: ProbeSummary.width / 1000)
    }

    func recordTimelines() {
        guard let brokenAt else { return }
        for index in passages.indices { recordTimeline(of: index, since: brokenAt) }
        for (host, reason) in around.watcher.deaths.sorted(by: { $0.key < $1.key }) {
            failures.append(
                failure(
                    "The watch on \(host) was lost: \(reason).",
                    "What it held from then on is not in the timeline."))
        }
    }

    private func recordTimeline(of index: Int, since brokenAt: Duration) {
        let passage = passages[index]
        let timeline = around.watcher.timeline(of: passage.instance)
        let isReturn = scenario.expectation == .vipReturns
        // What is measured of a return is the way home.
        let holder =
            isReturn
            ? timeline.holders(at: brokenAt, before: [passage.holder.name]).sorted().first ?? passage.holder.name
            : passage.holder.name
        let end = isReturn ? around.watcher.now : givenBackAt ?? around.watcher.now
        let gain = timeline.takeover(by: { $0 != holder }, from: brokenAt, to: end)
        var seen = passage.report
        seen.from = holder
        seen.to = gain?.host
        seen.vipMovedMilliseconds = gain.map { gain in
            let chained = reach == .oneAfterTheOther ? moves[passage.instance.name] : nil
            return chained ?? (gain.time - brokenAt).milliseconds
        }
        seen.moveUnheldMilliseconds = unheld(passage, from: brokenAt, to: end)
        if let givenBackAt, !isReturn {
            let back =
                passage.isStruck && scenario.expectation.movesVIP
                ? timeline.firstGain(by: { $0 == holder }, from: givenBackAt).map(\.time) : nil
            seen.vipReturnedMilliseconds = back.map { ($0 - givenBackAt).milliseconds }
            seen.returnUnheldMilliseconds = unheld(passage, from: givenBackAt, to: around.watcher.now)
        }
        seen.timeline = timeline.changes.filter { $0.time >= brokenAt }.map { change in
            DrillReport.HolderChange(
                ms: (change.time - brokenAt).milliseconds, host: change.host, change: change.held ? .gained : .lost)
        }
        passages[index].report = seen
    }

    /// Who serves clients while no balancer can is none of ours, however well it does.
    func judge(_ record: ServiceRecord, of passage: Passage) {
        guard let brokenAt, around.watcher.losses.isEmpty else { return }
        let back = givenBackAt ?? around.watcher.now
        let down = scenario.leavesServing ? [:] : broken
        let spans = around.watcher.timeline(of: passage.instance).unserved(
            initial: [passage.holder.name], from: brokenAt, to: around.watcher.now,
            changing: [back] + down.values
        ) { host, time in !(down[host].map { $0 <= time } ?? false && time < back) }
        // A host that could not be asked for a while may have held the VIP all the same.
        let unseen =
            scenario.deed.cut == nil ? [] : broken.keys.map { around.watcher.watchedSince($0) ?? around.watcher.now }
        for span in spans where unseen.allSatisfy({ $0 <= span.start }) {
            guard let good = record.served(from: span.start, to: span.end) else { continue }
            failures.append(
                failure(
                    "Clients had \(good) good answers from \((span.start - brokenAt).milliseconds) ms to"
                        + " \((span.end - brokenAt).milliseconds) ms after the \(scenario.deed.noun), while no balancer that runs HAProxy held"
                        + " \(passage.title): another machine serves them.",
                    "Find who else answers for the VIP, and take it from there."))
            return
        }
    }

    /// Two masters at once, other than for the moment of the handover; not judged where a host could not be watched.
    private func noteOverlap(of passage: Passage, since broken: Duration) {
        guard around.watcher.losses.isEmpty else { return }
        // An address that nobody was able to take away, or two masters on purpose, are judged once all is over.
        guard let start = scenario.leavesAddress ? settledAt : broken else { return }
        let timeline = around.watcher.timeline(of: passage.instance)
        let overlap = timeline.longestOverlap(
            initial: timeline.holders(at: start, before: [passage.holder.name]), from: start, to: around.watcher.now
        ).milliseconds
        guard overlap > 1000 else { return }
        failures.append(
            failure(
                "Two balancers held \(passage.title) at once for \(overlap) ms.",
                "See journalctl -u \(engine) on both; they must hear each other's advertisements."))
    }

    /// The longest time in a span for which nobody held a VIP, milliseconds.
    private func unheld(_ passage: Passage, from start: Duration, to end: Duration) -> Int {
        let timeline = around.watcher.timeline(of: passage.instance)
        let spans = timeline.unserved(
            initial: timeline.holders(at: start, before: [passage.holder.name]), from: start, to: end)
        return spans.map { ($0.end - $0.start).milliseconds }.max() ?? 0
    }

    /// Why a VIP did not move, as far as the hosts can tell.
    func unmoved(_ passage: Passage) async -> Failure {
        let surveys = await around.diagnose()
        let (title, successor) = (passage.title, passage.successor)
        let holders = around.watcher.timeline(of: passage.instance).holders.sorted()
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
            "Expected \(title) to "
                + (scenario.expectation == .twoHolders
                    ? "be on \(successor.name) too" : "move to \(successor.name)")
                + " within \(waits.move) ms, found it"
                + (holders.isEmpty ? " nowhere" : " on \(holders.joined(separator: ", "))")
                + ": \(causes.joined(separator: "; ")).",
            "See journalctl -u \(engine) on \(from.name) and \(successor.name).",
            cause: surveys[from.name]?.log.last)
    }

    func judge() {
        guard let brokenAt else { return }
        for passage in passages {
            noteOverlap(of: passage, since: brokenAt)
            if passage.isStruck { judge(passage) } else { judgeBystander(passage) }
        }
        let backend = around.cluster.haproxy.backends.first
        let servers = passages[0].report.servers.count
        if let backend, servers > 1, servers < backend.servers.count {
            note("Answers came from \(servers) of \(backend.servers.count) servers.")
        }
    }

    private func judge(_ passage: Passage) {
        let (seen, successor) = (passage.report, passage.successor.name)
        let rivals =
            scenario.expectation.movesVIP
            ? TakeoverEstimate.rivals(
                of: passage.successor, from: from, for: passage.instance, in: around.cluster) : []
        // Where all but one fall, the last one has it in the end, and it is no matter in which order.
        let others = around.cluster.balancers(of: passage.instance).map(\.name)
        let isAnyRight =
            reach == .oneAfterTheOther
            || (scenario.expectation == .twoHolders && passage.holder.name != from.name)
        let accepted = isAnyRight ? rivals.union(others) : rivals
        let wanted = scenario.expectation == .vipReturns ? passage.holder.name : successor
        let problems = Judge.problems(
            seen, successor: wanted, accepted: accepted, for: passage.instance, in: around.cluster)
        failures += problems.map { failure(told(of: passage) + $0.summary, $0.remedy) }
        if let reason = misled[passage.instance.name], !failures.isEmpty {
            note("\(reason) \(Self.announcementRemedy)")
        }
        if let to = seen.to, rivals.contains(to), reach != .oneAfterTheOther {
            note(
                "\(to) took \(passage.title) although \(successor) has a higher priority: their skew times differ by less than"
                    + " \(TakeoverEstimate.tie) ms and nobody preempts. Space the priorities out to have an order.")
        }
    }

    /// A VIP whose holder nothing was done to stays with it.
    private func judgeBystander(_ passage: Passage) {
        let (holder, seen) = (passage.holder.name, passage.report)
        if !seen.timeline.isEmpty, around.watcher.losses.isEmpty {
            let changes = seen.timeline.map { "\($0.host) \($0.change.rawValue) it after \($0.ms) ms" }
            failures.append(
                failure(
                    "Expected \(passage.title) to stay on \(holder), to which nothing was done; found that"
                        + " \(changes.joined(separator: ", ")).",
                    "See journalctl -u \(engine) on \(holder); VIPs that are to move together need one sync_group."))
        }
        let problems = Judge.gaps(seen, for: passage.instance, in: around.cluster)
        failures += problems.map { failure(told(of: passage) + $0.summary, $0.remedy) }
    }

    /// What comes before a sentence that speaks of the VIP, where there are several.
    private func told(of passage: Passage) -> String { passages.count > 1 ? "\(passage.title): " : "" }

    /// Puts together what the VIPs showed. What a report says of one VIP is that of the first that was struck.
    func complete() {
        let (first, ok) = (passages[0].report, failures.isEmpty && report.restored)
        var whole = first
        (whole.armedSeconds, whole.prober) = (report.armedSeconds, report.prober)
        whole.resolutionMilliseconds = report.resolutionMilliseconds
        (whole.restored, whole.notes) = (report.restored, report.notes)
        if scenario.expectation != .vipReturns { whole.from = from.name }
        (whole.time, whole.logs) = (report.time, report.logs)
        (whole.givenBackMilliseconds, whole.endMilliseconds) = (report.givenBackMilliseconds, report.endMilliseconds)
        for passage in passages.dropFirst() {
            whole.requests += passage.report.requests
            whole.failed += passage.report.failed
            whole.outcomes.merge(passage.report.outcomes, uniquingKeysWith: +)
            whole.servers.merge(passage.report.servers, uniquingKeysWith: +)
        }
        whole.vips = passages.map { VIPReport($0, isAsked: $0.probe != nil) }
        whole.problems = failures.map(\.sentences)
        whole.ok = ok
        report = whole
    }

    func note(_ text: String) {
        report.notes.append(text)
        around.event(.note(text))
    }

    func unrestored(_ hold: HoldDown) async -> Failure {
        let (name, evidence) = (hold.host.name, hold.fault.evidence)
        guard let deadline = await hold.deadline else {
            return failure(
                "It is not known whether the way back on \(name) was armed; \(subject) was not \(scenario.deed.participle).",
                "Look for haprov-drill-restore.timer there; it removes itself when it elapses.")
        }
        let left = max(0, (deadline - .now).milliseconds / 1000)
        return failure(
            "\(subject) on \(name) was not given back by haprov.",
            "The host itself \(evidence.isEmpty ? "gives it back" : "starts it again") "
                + (left > 0 ? "\(left) s from now" : "about now") + ", by haprov-drill-restore.timer"
                + (evidence.first.map { "; see \($0) there after that." } ?? "."))
    }
}
