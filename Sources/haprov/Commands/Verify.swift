import ArgumentParser
import Drills
import Inventory
import Provisioning

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove the failover: kill HAProxy on the master, watch the VIP move, put it back.",
        discussion: """
            While a client asks the virtual IP over and over, every process of HAProxy on its holder is killed and \
            held down. The host itself is armed beforehand to give HAProxy back, so it comes back even where haprov is \
            killed meanwhile. Ends 3 where the service does not fail over as it should.
            """)

    @Option(
        name: .customLong("drill"),
        help: ArgumentHelp(
            "A drill to run instead of the usual ones; may be given several times: \(Self.names).",
            valueName: "name"))
    var drills: [String] = []

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    private static var names: String { Scenario.all.map(\.name).joined(separator: ", ") }

    func validate() throws {
        for name in drills where Scenario.named(name) == nil {
            throw ValidationError("There is no drill '\(name)'. There are \(Self.names).")
        }
        if options.limit != nil { throw ValidationError("verify needs every balancer: leave --limit out.") }
    }

    func run() async throws {
        try await Runner.run("verify", options.output) { [self] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let named = drills.compactMap { Scenario.named($0) }
            if let obstacle = named.lazy.compactMap({ $0.obstacle(on: workspace.cluster) }).first { throw obstacle }
            let scenarios = named.isEmpty ? Scenario.usual(for: workspace.cluster) : named
            let work = VerifyWork(workspace: workspace, console: console, scenarios: scenarios, consent: consent)
            let text = "The failover drill: \(VerifyWork.announcement(of: scenarios, in: workspace))"
            console.say(Layout.wrap(text, width: console.width, indent: 0))
            let balancers = Layout.count(workspace.cluster.balancers.count, "balancer")
            try Consent.ask(
                "A drill on \(balancers) in cluster \(workspace.cluster.name).", yes: consent.yes, console: console)
            return try await work.run()
        }
    }
}

/// The drills, as `verify` and `apply` run and show them.
struct VerifyWork {
    var workspace: Workspace
    var console: Console
    /// In the order in which they are run.
    var scenarios: [Scenario]
    /// Why, and how long to wait for others.
    var consent: ConsentOptions

    /// What clients may notice.
    static func announcement(of scenarios: [Scenario], in workspace: Workspace) -> String {
        Announcement.sentences(scenarios, on: workspace.cluster).joined(separator: " ")
    }

    func run() async throws -> Outcome {
        console.show(.stage("Failover drill"))
        var options = try workspace.drillOptions(.new("verify", reason: consent.reason))
        options.patience = consent.patience
        let report = await Verification(
            workspace.cluster, scenarios: scenarios, options: options, connect: workspace.connector,
            event: { [console] in console.show($0) }
        ).run()
        for drill in report.drills { console.show(drill) }
        for failure in report.failures { console.show(failure) }
        var outcome = Outcome(fields: ["drills": .list(report.drills.map { JSONValue(encoding: $0) })])
        if !report.ok { outcome.code = report.failures.isEmpty ? .verificationFailed : ExitCode(report.failures) }
        return outcome
    }
}

extension VerifyWork {
    /// The drills that the cluster gets where none is named.
    init(usualFor workspace: Workspace, console: Console, consent: ConsentOptions) {
        self.init(
            workspace: workspace, console: console, scenarios: Scenario.usual(for: workspace.cluster), consent: consent)
    }
}
