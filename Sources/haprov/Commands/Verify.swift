import ArgumentParser
import Drills
import Inventory
import Provisioning

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove the failover: kill HAProxy on the master, watch the VIP move, put it back.",
        discussion: """
            While a client asks the virtual IP every millisecond, every process of HAProxy on its holder is killed and \
            held down. The host itself is armed beforehand to give HAProxy back, so it comes back even where haprov is \
            killed meanwhile. Ends 3 where the service does not fail over as it should.
            """)

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if options.limit != nil { throw ValidationError("verify needs every balancer: leave --limit out.") }
    }

    func run() async throws {
        try await Runner.run("verify", options.output) { [self] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let text = "The failover drill: \(VerifyWork.announcement(workspace.cluster))"
            console.say(Layout.wrap(text, width: console.width, indent: 0))
            let balancers = Layout.count(workspace.cluster.balancers.count, "balancer")
            try Consent.ask(
                "A drill on \(balancers) in cluster \(workspace.cluster.name).", yes: consent.yes, console: console)
            return try await VerifyWork(workspace: workspace, console: console).run()
        }
    }
}

/// The drills, as `verify` and `apply` run and show them.
struct VerifyWork {
    var workspace: Workspace
    var console: Console

    static func announcement(_ cluster: Cluster) -> String {
        Announcement.sentences(Scenario.usual(for: cluster), on: cluster).joined(separator: " ")
    }

    func run() async throws -> Outcome {
        console.show(.stage("Failover drill"))
        let report = await Verification(
            workspace.cluster, scenarios: Scenario.usual(for: workspace.cluster), options: DrillOptions(.new("verify")),
            connect: workspace.connector,
            event: { [console] in console.show($0) }
        ).run()
        for drill in report.drills { console.show(drill) }
        for failure in report.failures { console.show(failure) }
        var outcome = Outcome(fields: ["drills": .list(report.drills.map { JSONValue(encoding: $0) })])
        if !report.ok { outcome.code = report.failures.isEmpty ? .verificationFailed : ExitCode(report.failures) }
        return outcome
    }
}
