import Errors
import Inventory
import Prober
import Provisioning
import Synchronization

/// What is done, and what is waited for, in order.
extension FailoverDrill {
    /// From arming until everything is as it was.
    func course() async throws(Failure) {
        if scenario.expectation == .vipReturns { return try await returnCourse() }
        let isChain = reach == .oneAfterTheOther
        if !isChain { for hold in holds { try await arm(hold) } }
        try await mark("failover")
        if isChain { try await fall() } else { try await strike() }
        if scenario.expectation.isServed {
            around.event(.served)
            try await mark("return")
        }
        let held = struck.map { around.watcher.timeline(of: $0.instance).holders }
        try await giveBack()
        for (passage, holders) in zip(struck, held) { try await awaitComeback(of: passage, holders: holders) }
        try await awaitService("after \(subject) was given back", milliseconds: waits.serve)
        settledAt = around.watcher.now
    }

    /// Everything at once, and what must be seen of it.
    private func strike() async throws(Failure) {
        for hold in holds { brokenAt = try await breakIt(hold) }
        guard let broken = brokenAt else { return }
        let moment = "after \(subject) was \(scenario.deed.participle)"
        switch scenario.expectation {
        case .vipMoves, .vipReturns:
            for passage in struck { try await awaitMove(of: passage, from: [passage.holder.name], since: broken) }
            try await awaitService("after the VIP moved", milliseconds: waits.serve)
        case .comesBackByItself, .vipStays:
            try await awaitService(moment, milliseconds: waits.move + waits.serve)
        case .nobodyServes:
            for passage in passages { try await awaitSilence(of: passage) }
        case .twoHolders:
            for passage in struck { try await awaitSecondHolder(of: passage) }
            try await awaitService(moment, milliseconds: waits.serve)
        }
    }

    /// One balancer after the other, whoever holds the first VIP then, until one is left.
    private func fall() async throws(Failure) {
        let instance = passages[0].instance
        while broken.count < holds.count {
            let holders = around.watcher.timeline(of: instance).holders
            guard let hold = holds.first(where: { holders.contains($0.host.name) && broken[$0.host.name] == nil })
            else {
                return
            }
            try await arm(hold)
            let affected = passages.filter {
                around.watcher.timeline(of: $0.instance).holders.contains(hold.host.name)
            }
            let time = try await breakIt(hold)
            brokenAt = brokenAt ?? time
            for passage in affected { try await awaitMove(of: passage, from: Set(broken.keys), since: time) }
            try await awaitService("after the VIP moved away from \(hold.host.name)", milliseconds: waits.serve)
        }
    }

    /// The VIP goes away first, and it is its return that is measured.
    private func returnCourse() async throws(Failure) {
        for hold in holds { try await arm(hold) }
        for hold in holds { brokenAt = try await breakIt(hold) }
        for passage in struck {
            try await awaitMove(of: passage, from: [passage.holder.name], since: brokenAt ?? .zero)
        }
        try await awaitService("after the VIP moved", milliseconds: waits.serve)
        let held = struck.map { around.watcher.timeline(of: $0.instance).holders }
        moves = [:]
        brokenAt = around.watcher.now
        try await mark("failover")
        try await giveBack()
        for (passage, holders) in zip(struck, held) { try await awaitComeback(of: passage, holders: holders) }
        try await awaitService("after the VIP returned", milliseconds: waits.serve)
        around.event(.served)
        settledAt = around.watcher.now
    }

    private func arm(_ hold: HoldDown) async throws(Failure) {
        // Those that fall first have to lie until the last one has.
        let seconds = scenario.armedSeconds(waits, on: around.cluster)
        try await hold.arm(seconds: seconds)
        report.armedSeconds = max(report.armedSeconds ?? 0, seconds)
        around.event(.armed(host: hold.host.name, subject: subject, seconds: seconds))
    }

    private func breakIt(_ hold: HoldDown) async throws(Failure) -> Duration {
        let watcher = around.watcher
        let moment = Mutex<Duration?>(nil)
        let (event, deed, name) = (around.event, scenario.deed, hold.host.name)
        let broken = DrillEvent.broken(
            host: name, word: deed.participle,
            text: "\(deed.parts)\(subject) on \(name) is \(deed.participle)")
        if deed.cut != nil { watcher.expectSilence(of: name) }
        // Also where the answer gets lost.
        self.broken[name] = watcher.now
        try await hold.breakIt {
            moment.withLock { $0 = watcher.now }
            event(broken)
        }
        let time = (moment.withLock { $0 } ?? watcher.now) + .milliseconds(deed.cut?.delay ?? 0)
        self.broken[name] = time
        return time
    }

    /// - Parameter others: who has it no more.
    private func awaitMove(
        of passage: Passage, from others: Set<String>, since broken: Duration
    ) async throws(Failure) {
        let watcher = around.watcher
        let moved = try await wait(waits.move) {
            watcher.timeline(of: passage.instance).firstGain(by: { !others.contains($0) }, from: broken) != nil
        }
        guard moved,
            let gain = watcher.timeline(of: passage.instance).firstGain(
                by: { !others.contains($0) }, from: broken)
        else { throw await unmoved(passage) }
        moves[passage.instance.name] = max(
            moves[passage.instance.name] ?? 0, (gain.time - broken).milliseconds)
    }

    private func awaitSecondHolder(of passage: Passage) async throws(Failure) {
        let watcher = around.watcher
        let isSplit = try await wait(waits.move) { watcher.timeline(of: passage.instance).holders.count > 1 }
        guard isSplit else { throw await unmoved(passage) }
        let holders = watcher.timeline(of: passage.instance).holders.sorted().joined(separator: " and ")
        note("\(holders) hold \(passage.title) at once, as they should without each other's advertisements")
    }

    /// Until no client has had a good answer for a while.
    private func awaitSilence(of passage: Passage) async throws(Failure) {
        guard let probe = passage.probe, let site = passage.site,
            ProbeTarget(of: passage.instance, in: around.cluster)?.kind == .http
        else { return }
        let window = Duration.microseconds(max(1_000_000, 5 * site.interval))
        let last = Mutex((good: probe.progress.good, since: ContinuousClock.now))
        let isSilent = try await wait(waits.serve) {
            let good = probe.progress.good
            return last.withLock { last in
                if good != last.good { last = (good, .now) }
                return .now - last.since >= window
            }
        }
        guard !isSilent else { return }
        throw failure(
            "Expected no good answer for clients of \(passage.title) while \(subject) is \(scenario.deed.participle) on every"
                + " balancer; found that they are served all the same.",
            "What answers them is no server of the inventory's backends: HAProxy itself, or one that haprov does not know."
        )
    }

    func awaitComeback(of passage: Passage, holders: Set<String>) async throws(Failure) {
        let watcher = around.watcher
        let home = home(of: passage, among: holders)
        let stays = home == nil
        let wanted =
            home.map { [$0] } ?? (scenario.leavesAddress ? holders.subtracting([passage.holder.name]) : holders)
        if !stays || wanted != holders {
            let isBack = try await wait(waits.comeback) { watcher.timeline(of: passage.instance).holders == wanted }
            if !isBack {
                let found = watcher.timeline(of: passage.instance).holders.sorted().joined(separator: ", ")
                let name = wanted.sorted().joined(separator: ", ")
                throw failure(
                    "Expected \(passage.title) to return to \(name), which "
                        + (passage.instance.preempt ? "preempts" : "has the higher priority")
                        + ", within \(waits.comeback) ms of \(subject)'s return; found it on \(found).",
                    "See journalctl -u \(engine) on \(name)"
                        + (scenario.victim.returning.map { ": \($0)." } ?? "."))
            }
        }
        guard stays else { return }
        let changed = try await wait(waits.stay) { watcher.timeline(of: passage.instance).holders != wanted }
        if changed {
            let found = watcher.timeline(of: passage.instance).holders.sorted().joined(separator: ", ")
            throw failure(
                "Expected \(passage.title) to stay on \(wanted.sorted().joined(separator: ", ")), found it on"
                    + " \(found).",
                scenario.expectation.unsettled(from: from.name, subject: subject, engine: engine))
        }
    }

    /// To whom a VIP returns; nil where it stays with whom it is.
    private func home(of passage: Passage, among holders: Set<String>) -> String? {
        let instance = passage.instance
        if scenario.expectation == .vipReturns || scenario.expectation.returnsVIP(of: instance) {
            return passage.holder.name
        }
        guard scenario.staysMaster else { return nil }
        if instance.preempt { return passage.holder.name }
        let masters = holders.union([passage.holder.name])
        return around.cluster.balancers(of: instance).first { masters.contains($0.name) }?.name
    }

    func awaitService(_ moment: String, milliseconds: Int) async throws(Failure) {
        for passage in passages { try await awaitService(of: passage, moment, milliseconds: milliseconds) }
    }

    private func awaitService(of passage: Passage, _ moment: String, milliseconds: Int) async throws(Failure) {
        guard let probe = passage.probe, let site = passage.site else { return }
        let state = Mutex(SteadyState(interval: site.interval))
        let before = probe.progress
        let look = Task { await self.lookWhoIsAsked(of: passage, at: site.location) }
        defer { look.cancel() }
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
        await look.value
        if let reason = misled[passage.instance.name] {
            throw failure(
                "Expected clients\(whose) to be served steadily \(moment), found \(failed) of \(requests) requests failed within"
                    + " \(milliseconds) ms: \(reason)",
                Self.announcementRemedy)
        }
        throw failure(
            "Expected clients\(whose) to be served steadily \(moment), found \(failed) of \(requests) requests failed within"
                + " \(milliseconds) ms.",
            "Ask the VIP yourself (curl -v) and see HAProxy's log: is every application reachable from the balancer?")
    }

    /// What to do about it.
    static let announcementRemedy =
        "See what drops ARP, or does not believe it, between them: switches (dynamic ARP inspection, port security), and"
        + " filters of the clients' host (`nft list ruleset`, arptables)."

    /// Clients that are not served for a while may ask the balancer that had the VIP before: nobody told them where it is now.
    private func lookWhoIsAsked(of passage: Passage, at place: ProberLocation) async {
        guard (try? await Task.sleep(for: .seconds(2))) != nil, brokenAt != nil else { return }
        let holders = around.watcher.timeline(of: passage.instance).holders
        guard holders.count == 1, let holder = holders.first,
            let hardware = await around.neighbour(place, passage.instance)
        else { return }
        let other = await around.diagnose().first { $0.key != holder && $0.value.hardware.contains(hardware) }?.key
        guard let other else { return }
        misled[passage.instance.name] =
            "\(holder) holds \(passage.title), and \(place.name) still takes \(hardware), \(other)'s, for it: the announcement of"
            + " \(holder) (gratuitous ARP) did not arrive there."
    }

    /// Gives back what has not been.
    func giveBack() async throws(Failure) {
        var first: Failure?
        for hold in holds where await hold.mayBeArmed {
            givenBackAt = givenBackAt ?? around.watcher.now
            do { try await giveBack(hold) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    private func giveBack(_ hold: HoldDown) async throws(Failure) {
        let (name, watcher) = (hold.host.name, around.watcher)
        around.event(.givingBack(host: name, subject: subject))
        do {
            try await hold.giveBack()
        } catch {
            guard error.kind == .verification else { throw error }
            // It was fit to be started before; something has come in between.
            let surveys = await around.diagnose()
            var explained = error
            if let fault = Preconditions(
                cluster: around.cluster, instance: passages[0].instance, scenarios: [scenario], surveys: surveys
            ).startFault(scenario.victim, on: hold.host) {
                explained.summary += " \(fault.what)."
                explained.remedy = fault.remedy
            }
            throw explained
        }
        if scenario.deed.cut != nil {
            let back = watcher.now
            _ = try await wait(30_000) { watcher.hasHeard(name, since: back) }
            watcher.endSilence(of: name)
        }
        around.event(.restored(host: name, subject: subject, runs: scenario.victim.service(around.cluster) != nil))
    }
}
