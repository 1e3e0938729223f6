import ArgumentParser
import Foundation
import Inventory
import Provisioning

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do what plan shows: compile, install, configure, roll out, and prove the failover.",
        discussion: """
            The standbys come first and whoever holds the virtual IP last; the first failure stops the rollout with the \
            service still up. Everything is recorded on the hosts, and `haprov rollback` takes it back.
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var consent: ConsentOptions

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Run the failover drill at the end.",
            discussion: "Otherwise only on the first run, or where VRRP, the health check or HAProxy itself changed."))
    var verify: Bool?

    func run() async throws {
        try await Runner.run("apply", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console)
            let session = try workspace.session(events: console.show, interrupt: interrupt)
            return try await session.withFleet { fleet in
                let survey = try await session.survey(fleet)
                let drills = verify ?? survey.plan.needsDrill
                var outcome = Outcome(changes: survey.plan.changeCount)
                if !survey.plan.isEmpty {
                    console.showPlan(survey, cluster: workspace.cluster)
                    if drills { console.say(VerifyWork.announcement(workspace.cluster)) }
                    try Consent.ask("Go on?", yes: consent.yes, console: console)
                    let run = RunIdentity.new("apply")
                    outcome.run = run.id
                    console.begin(run: run.id)
                    interrupt.setCritical(true)
                    try await Applier(session: session, fleet: fleet, survey: survey, run: run, clock: Clock.now)
                        .apply()
                    interrupt.setCritical(false)
                }
                try await VIPCheck(cluster: workspace.cluster, fleet: fleet)
                    .settle(hosts: Array(fleet.connections.keys), atMostOne: workspace.isLimited)
                if survey.plan.isEmpty {
                    console.say("Nothing to do: every balancer is as the inventory says.")
                } else {
                    console.say("\(survey.plan.changeCount) changes made, run \(outcome.run ?? "").")
                }
                if drills {
                    let drilled = try await VerifyWork(workspace: workspace, console: console).run()
                    outcome.code = drilled.code
                    outcome.fields = drilled.fields
                }
                return outcome
            }
        }
    }
}
