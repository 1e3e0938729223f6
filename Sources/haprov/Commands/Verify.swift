import ArgumentParser
import Drills
import Errors
import Inventory
import Planning
import Provisioning
import YAMLReading

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove the failover by drills: break something, watch the VIP and its clients, put it back.",
        discussion: """
            Without more, while a client asks the virtual IP over and over, every process of HAProxy on its holder is killed and \
            held down. Other drills are named, or all of those that `drill.allow` in the inventory lets run. A host is armed \
            beforehand to give back what is broken there, so it comes back even where haprov is killed meanwhile. Ends 3 \
            where the service does not stand it.

              haprov verify --drill daemon-killed,move
              haprov verify --all
              haprov verify --soak 30m --seed 7      drawn by chance; the same seed, the same drills
            """)

    @Option(
        name: .customLong("drill"),
        help: ArgumentHelp(
            "Drills to run instead of the usual ones, with commas or given several times: \(Self.names).",
            valueName: "name"))
    var drills: [String] = []

    @Flag(help: "Every drill that the inventory allows; the others are told with the reason.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Drills drawn by chance until so much time is over, such as 30m: of those that are named, else of all.",
            valueName: "duration"))
    var soak: String?

    @Option(help: ArgumentHelp("What decides on --soak's chance: a number, to repeat it.", valueName: "number"))
    var seed: UInt64?

    @OptionGroup var files: ReportFiles
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    private static var names: String { Scenario.all.map(\.name).joined(separator: ", ") }

    /// As they were written.
    private var named: [String] { drills.flatMap { $0.split(separator: ",").map(String.init) } }

    func validate() throws {
        for name in named where Scenario.named(name) == nil {
            throw ValidationError("There is no drill '\(name)'. There are \(Self.names).")
        }
        if all, !drills.isEmpty { throw ValidationError("--all and --drill exclude each other.") }
        if let soak, Notation.milliseconds(soak, plainUnit: 1000) == nil {
            throw ValidationError("--soak takes a duration such as 90s or 30m; '\(soak)' is none.")
        }
        if seed != nil, soak == nil { throw ValidationError("--seed is for --soak.") }
        if options.limit != nil { throw ValidationError("verify needs every balancer: leave --limit out.") }
    }

    func run() async throws {
        try await Runner.run("verify", options.output) { [self] console, _ in
            try files.check()
            let workspace = try Workspace(options, console: console, needs: .journal)
            let choice = try choice(on: workspace.cluster)
            let work = VerifyWork(
                workspace: workspace, console: console, choice: choice, soak: chance, consent: consent)
            if named.isEmpty, !all, soak == nil {
                let text = "The failover drill: \(VerifyWork.announcement(of: choice.scenarios, in: workspace))"
                console.say(Layout.wrap(text, width: console.width, indent: 0))
            }
            console.show(choice, on: workspace.cluster)
            if let chance = work.soak { console.say("  Drawn by chance, with --seed \(chance.seed).") }
            let balancers = Layout.count(workspace.cluster.balancers.count, "balancer")
            let what = choice.scenarios.count == 1 ? "A drill" : "\(choice.scenarios.count) drills"
            try Consent.ask(
                "\(what) on \(balancers) in cluster \(workspace.cluster.name).", yes: consent.yes, console: console)
            let outcome = try await work.run()
            if files.isWanted {
                let lines = [JSONValue.object(outcome.summary(of: "verify", seconds: console.seconds)).line]
                try files.write(ReportFiles.proof(in: lines, of: "verify"), console: console)
            }
            return outcome
        }
    }

    private func choice(on cluster: Cluster) throws(Failure) -> DrillChoice {
        let scenarios = named.compactMap { Scenario.named($0) }
        if !scenarios.isEmpty { return try DrillChoice.named(scenarios, on: cluster) }
        return all || soak != nil ? try DrillChoice.all(on: cluster) : try DrillChoice.usual(on: cluster)
    }

    private var chance: Soak? {
        soak.flatMap { Notation.milliseconds($0, plainUnit: 1000) }.map {
            Soak(duration: .milliseconds($0), seed: seed ?? UInt64.random(in: 0...999_999))
        }
    }
}

/// The drills, as `verify` and `apply` run and show them.
struct VerifyWork {
    var workspace: Workspace
    var console: Console
    var choice: DrillChoice
    /// Nil where each drill is run once.
    var soak: Soak?
    /// Why, and how long to wait for others.
    var consent: ConsentOptions

    /// What clients may notice.
    static func announcement(of scenarios: [Scenario], in workspace: Workspace) -> String {
        Announcement.sentences(scenarios, on: workspace.cluster).joined(separator: " ")
    }

    func run() async throws -> Outcome {
        console.show(.stage("Failover drill"))
        var options = try workspace.drillOptions(.new(RecordedRun.verification, reason: consent.reason))
        options.patience = consent.patience
        let report = await Verification(
            workspace.cluster, scenarios: choice.scenarios, soak: soak, options: options, connect: workspace.connector,
            event: { [console] in console.show($0) }
        ).run()
        for drill in report.drills { console.show(drill) }
        for failure in report.failures { console.show(failure) }
        let subject = await ProofSubject.look(at: workspace.cluster, by: workspace.connector)
        var outcome = Outcome(fields: fields(of: report, with: subject))
        if !choice.skipped.isEmpty { outcome.fields["skipped"] = .list(choice.skipped.map { JSONValue(encoding: $0) }) }
        if let soak { outcome.fields["seed"] = JSONValue(encoding: soak.seed) }
        if !report.ok { outcome.code = report.failures.isEmpty ? .verificationFailed : ExitCode(report.failures) }
        return outcome
    }
}

extension VerifyWork {
    /// What a proof says of itself.
    private func fields(of report: VerifyReport, with subject: ProofSubject) -> [String: JSONValue] {
        [
            "drills": .list(report.drills.map { JSONValue(encoding: $0) }), "cluster": .text(workspace.cluster.name),
            "engine": .text(workspace.cluster.engine.program), "time": .text(Clock.now()),
            "operator": .text(RunIdentity.person), "version": .text(Version.text),
            "fingerprint": subject.fingerprint.map(JSONValue.text) ?? .null,
            "problems": .list(report.failures.map { .text(($0.host.map { "\($0): " } ?? "") + $0.sentences) }),
            "balancers": .list(
                subject.balancers.map { balancer in
                    [
                        "name": .text(balancer.name), "address": .text(balancer.address),
                        "haproxy": balancer.haproxy.map(JSONValue.text) ?? .null,
                        "vrrp": balancer.engine.map(JSONValue.text) ?? .null,
                    ]
                }),
        ]
    }

    /// The drills that the cluster gets where none is named.
    ///
    /// - Throws: where the inventory allows none of them.
    init(usualFor workspace: Workspace, console: Console, consent: ConsentOptions) throws(Failure) {
        self.init(
            workspace: workspace, console: console, choice: try .usual(on: workspace.cluster), consent: consent)
    }
}
