import ArgumentParser
import Drills
import Errors
import Inventory
import Provisioning

/// What `apply` does.
struct ApplyWork {
    var workspace: Workspace
    var session: Session
    var console: Console
    var interrupt: Interrupt
    var consent: ConsentOptions
    /// What has to be done, where that was agreed to before.
    var agreed: PlanFile?
    /// Whether the failover drill is run at the end; where it matters, if nil.
    var verify: Bool?
    /// Whether a run that fails is taken back.
    var takesBack = false
    /// The balancers in maintenance, which are left out.
    private var resting: [String] = []

    init(
        workspace: Workspace, session: Session, console: Console, interrupt: Interrupt, consent: ConsentOptions,
        agreed: PlanFile? = nil, verify: Bool? = nil, takesBack: Bool = false
    ) {
        self.workspace = workspace
        self.session = session
        self.console = console
        self.interrupt = interrupt
        self.consent = consent
        self.agreed = agreed
        self.verify = verify
        self.takesBack = takesBack
    }

    private var isLimited: Bool { workspace.isLimited || !resting.isEmpty }

    func run() async throws -> Outcome {
        var (outcome, resting) = try await made()
        let left = workspace.without + resting
        guard !left.isEmpty else { return outcome }
        outcome.fields["without"] = .list(left.map(JSONValue.text))
        if outcome.code == .success, outcome.fields["undone"] == nil {
            let names = left.joined(separator: ", ")
            let end = workspace.without.isEmpty ? "maintenance is over" : "it can be reached"
            console.say(
                "\(console.yellow("!")) Without \(names): `haprov apply` once \(end) makes up for that, and until "
                    + "then `haprov status` tells of it.")
            outcome.code = .unreachable
        }
        return outcome
    }

    /// - Returns: with those in maintenance, which were left out.
    private func made() async throws -> (Outcome, resting: [String]) {
        var run = RunIdentity.new("apply", reason: consent.reason)
        run.wanted = workspace.inputs.digest
        run.without = workspace.without
        let made: (outcome: Outcome, resting: [String])
        do {
            made = try await session.withFleet { [run, session] fleet in
                let resting = try await session.resting(fleet)
                for host in resting { console.showResting(host) }
                var (work, run) = (self, run)
                work.session = try session.sparing(resting)
                work.resting = resting
                run.without += resting
                return (try await work.apply(run, fleet), resting)
            }
        } catch let failure as RunFailure where takesBack && failure.run == run.id && !interrupt.isPressed {
            let code = console.show(failure.cause, interrupted: false)
            console.say("Run \(run.id) did not come to its end.")
            return (try await takeBack(run, after: Outcome(code: code, run: run.id)), [])
        }
        guard takesBack, made.outcome.run == run.id, made.outcome.code != .success, !interrupt.isPressed else {
            return made
        }
        return (try await takeBack(run, after: made.outcome), made.resting)
    }

    /// Takes this run back, and no other; it ends as it would have.
    private func takeBack(_ run: RunIdentity, after failed: Outcome) async throws -> Outcome {
        console.show(.stage("Take run \(run.id) back"))
        var outcome = failed
        outcome.fields["rolled_back"] = false
        do {
            // Connections may be what failed.
            outcome.fields["rolled_back"] = .flag(
                try await session.withFleet { fleet in try await takeBack(run, by: fleet) })
        } catch {
            _ = console.show((error as? RunFailure)?.cause ?? error, interrupted: interrupt.isPressed)
            console.say("Run \(run.id) is not taken back: `haprov rollback` does it.")
        }
        return outcome
    }

    /// - Returns: whether it was taken back.
    private func takeBack(_ run: RunIdentity, by fleet: Fleet) async throws -> Bool {
        let rollbacker = Rollbacker(session, fleet: fleet)
        let journals = try await rollbacker.journals()
        let before = Rollbacker.history(journals, cluster: workspace.cluster).map(\.id).first { $0 < run.id }
        let runs = try rollbacker.runs(in: journals, to: before, all: before == nil)
        guard runs == [run.id] else {
            let text =
                runs.contains(run.id)
                ? "others have been made since" : "it has changed nothing"
            console.show(.note(host: nil, text: "run \(run.id) is not taken back: \(text)"))
            return false
        }
        var consent = consent
        consent.yes = true
        _ = try await RollbackWork(
            session: session, fleet: fleet, console: console, interrupt: interrupt, consent: consent, to: before,
            all: before == nil
        ).run()
        return true
    }

    private func apply(_ run: RunIdentity, _ fleet: Fleet) async throws -> Outcome {
        let survey = try await session.survey(fleet, for: run)
        try agreed?.refuse(workspace.agreed(survey))
        let applier = Applier(session: session, fleet: fleet, survey: survey, run: run, clock: Clock.now)
        if let unfinished = survey.unfinished {
            console.show(unfinished, try await Rollbacker(session, fleet: fleet).record(of: unfinished.id).facts)
        }
        if survey.plan.isEmpty {
            // A run that died has left its lock, and may not have come to its end yet.
            if survey.unfinished != nil || survey.facts.values.contains(where: { $0.lock?.isAbandoned == true }) {
                _ = try await RunFailure.naming(run, interrupt) { try await applier.apply() }
            }
            try await settle(fleet)
            console.showFormer(survey)
            console.sayNothingToDo(workspace)
            return Outcome()
        }
        let isDue = survey.plan.needsDrill && !isLimited
        let moved = survey.facts.filter { !$0.value.moves.isEmpty }.keys.sorted()
        let ending = DrillEnding(
            verify: verify, isDue: isDue && moved.isEmpty, isAttended: !consent.yes, workspace.cluster.drill)
        console.showPlan(survey, ending: ending, workspace: workspace)
        if isDue, !moved.isEmpty, verify == nil {
            let text =
                "the virtual IP was moved to \(moved.joined(separator: ", ")): a drill would end that, so none is made. "
                + "`haprov move --home`, then `haprov verify`"
            console.show(.note(host: nil, text: text))
        }
        if try choice(survey, run) == .undo {
            return try await RollbackWork(
                session: session, fleet: fleet, console: console, interrupt: interrupt, consent: consent
            ).run()
        }
        var outcome = Outcome(run: run.id)
        outcome.changes = try await RunFailure.naming(run, interrupt) {
            let changes = try await applier.apply()
            try await settle(fleet)
            return changes
        }
        console.say("\(Layout.count(outcome.changes, "change")) made, run \(run.id).")
        // A drill looks itself who answers for the VIP.
        if isDrillWanted(ending) {
            guard !interrupt.isPressed else { throw Self.stoppedBeforeDrill }
            let drilled = try await VerifyWork(usualFor: workspace, console: console, consent: consent).run()
            outcome.code = drilled.code
            outcome.fields = drilled.fields
        } else if outcome.changes > 0 {
            outcome.code = try await lookAround(survey, fleet)
        }
        switch ending {
        case .offered where outcome.fields["drills"] == nil, .omitted: sayNotProven(in: &outcome)
        case .made, .offered, .none: break
        }
        return outcome
    }

    private func isDrillWanted(_ ending: DrillEnding) -> Bool {
        switch ending {
        case .made: true
        case .offered:
            !interrupt.isPressed && Consent.offer("The failover drill now?", console: console)
        case .omitted, .none: false
        }
    }

    private func sayNotProven(in outcome: inout Outcome) {
        outcome.fields["proven"] = .flag(false)
        console.show(.note(host: nil, text: "the failover is not proven: `haprov verify` proves it"))
    }

    private func choice(_ survey: Survey, _ run: RunIdentity) throws(Failure) -> Consent.Choice {
        guard let unfinished = survey.unfinished else {
            try Consent.ask(survey.plan.question, yes: consent.yes, console: console)
            return .goOn
        }
        return try Consent.ask(
            survey.plan.question, about: unfinished, for: run, yes: consent.yes, console: console)
    }

    private func settle(_ fleet: Fleet) async throws {
        for instance in workspace.cluster.instances {
            try await VIPCheck(cluster: workspace.cluster, instance: instance, fleet: fleet)
                .settle(hosts: Array(fleet.connections.keys), atMostOne: workspace.isLimited)
        }
    }

    private static let stoppedBeforeDrill = Failure(
        .cancelled, step: "stop", summary: "stopped as asked: all changes are made, and the failover drill is left out",
        remedy: "`haprov verify` makes it.")

    /// Who answers for the VIP after a change, beside the balancers.
    private func lookAround(_ survey: Survey, _ fleet: Fleet) async throws -> ExitCode {
        // Whoever no longer hears the balancers takes the VIP once it takes them for dead.
        if survey.plan.hosts.contains(where: { !$0.together.isEmpty }) {
            let longest = workspace.cluster.instances.map(\.worstTakeoverAfterHostDeath).max() ?? 0
            try await Task.sleep(for: .milliseconds(longest + 500))
        }
        let view = await WireLook(workspace.cluster, connect: workspace.connector).look(by: fleet.connections)
        return console.show(view, failing: view.strangers)
    }
}

extension Console {
    /// A balancer is left out because it is in maintenance.
    func showResting(_ host: String) {
        show(.note(host: host, text: "in maintenance, so it is left out: `haprov maintenance \(host) off` ends that"))
    }
}
