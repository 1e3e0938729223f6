import ArgumentParser
import Drills
import Foundation
import Inventory
import Provisioning

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do what plan shows: compile, install, configure, roll out, and prove the failover.",
        discussion: """
            The standbys come first and whoever holds the virtual IP last; the first failure stops the rollout with the \
            service still up. Everything is recorded on the hosts, and `haprov rollback` takes it back. The first Ctrl-C \
            lets the host that is being changed finish, the second stops at once; the next apply completes the run.

              haprov apply
              haprov apply --limit haproxy3          one balancer alone; no failover drill
              haprov apply --yes --json              for programs
            """)

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            """
            Run the failover drill at the end, or leave it out; otherwise it is run where VRRP, the health check or \
            HAProxy itself changed.
            """))
    var verify: Bool?

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if verify == true, options.limit != nil {
            throw ValidationError("--verify and --limit exclude each other: the failover drill needs every balancer.")
        }
    }

    func run() async throws {
        try await Runner.run("apply", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await session.withFleet { [session] fleet in
                let survey = try await session.survey(fleet)
                let drills = verify ?? (survey.plan.needsDrill && !workspace.isLimited)
                var outcome = Outcome()
                let settle = {
                    for instance in workspace.cluster.instances {
                        try await VIPCheck(cluster: workspace.cluster, instance: instance, fleet: fleet)
                            .settle(hosts: Array(fleet.connections.keys), atMostOne: workspace.isLimited)
                    }
                }
                let run = RunIdentity.new("apply", reason: consent.reason)
                let applier = Applier(session: session, fleet: fleet, survey: survey, run: run, clock: Clock.now)
                if survey.plan.isEmpty {
                    // A run that died has left its lock, and may not have come to its end yet.
                    if survey.facts.values.contains(where: { $0.lock?.isAbandoned == true }) {
                        _ = try await RunFailure.naming(run, interrupt) { try await applier.apply() }
                    }
                    try await settle()
                    console.showFormer(survey)
                    console.say("Nothing to do: every balancer is as the inventory says.")
                } else {
                    console.showPlan(survey, drills: drills, workspace: workspace)
                    try Consent.ask(survey.plan.question, yes: consent.yes, console: console)
                    outcome.run = run.id
                    outcome.changes = try await RunFailure.naming(run, interrupt) {
                        let changes = try await applier.apply()
                        try await settle()
                        return changes
                    }
                    console.say("\(Layout.count(outcome.changes, "change")) made, run \(run.id).")
                }
                // A drill looks itself who answers for the VIP.
                if !drills, outcome.changes > 0 {
                    outcome.code = try await lookAround(workspace, survey: survey, fleet: fleet, console: console)
                }
                if drills {
                    let drilled = try await VerifyWork(usualFor: workspace, console: console, consent: consent).run()
                    outcome.code = drilled.code
                    outcome.fields = drilled.fields
                }
                return outcome
            }
        }
    }

    /// Who answers for the VIP after a change, beside the balancers.
    private func lookAround(
        _ workspace: Workspace, survey: Survey, fleet: Fleet, console: Console
    ) async throws -> ExitCode {
        // Whoever no longer hears the balancers takes the VIP once it takes them for dead.
        if survey.plan.hosts.contains(where: { !$0.together.isEmpty }) {
            let longest = workspace.cluster.instances.map(\.worstTakeoverAfterHostDeath).max() ?? 0
            try await Task.sleep(for: .milliseconds(longest + 500))
        }
        let view = await WireLook(workspace.cluster, connect: workspace.connector).look(by: fleet.connections)
        return console.show(view, failing: view.strangers)
    }
}
