import ArgumentParser
import Errors
import Foundation
import Inventory
import Linting
import Planning
import Provisioning
import YAMLReading

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate and lint the inventory, or hand-written configurations; offline.",
        discussion: """
            Of an inventory: the file itself, the playbooks, the tarballs, and what would stand on the balancers. Every fault is \
            listed at once, with its line and column and what to do about it. Ends 1 where there are errors, with --strict also \
            where there are warnings. `haprov explain CODE` says more of a finding. With --verbose: after how long clients are \
            served again by what fails, how each host is logged in to, and whether the inventory, OpenSSH's configuration or \
            nobody says so.

            Of files that were written by hand, of one balancer or of all that share addresses:

              haprov check --files keepalived.conf haproxy.cfg
              haprov check --files lb1/keepalived.conf lb1/haproxy.cfg lb2/keepalived.conf lb2/haproxy.cfg

            What a file is, its content says: keepalived.conf has `vrrp_instance`; haproxy.cfg has `frontend`, `backend`, \
            `listen`, `defaults` or `global`; a sysctl file has ip_nonlocal_bind. Each keepalived.conf is a balancer; the others \
            belong to the one in their folder, or else to the one whose number in order they have, or else to all. Check scripts \
            are read beside keepalived.conf, or at their path.
            """
    )

    @OptionGroup var options: CommonOptions

    @Option(
        name: .customLong("files"), parsing: .upToNextOption,
        help: ArgumentHelp("Configurations to judge instead of an inventory.", valueName: "file"),
        completion: .file(extensions: ["conf", "cfg"]))
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --files: within what time clients are to be served again after a failure; otherwise 10s.",
            valueName: "duration"))
    var promise: String?

    @Flag(help: "End 1 where there are warnings, too.") var strict = false

    func validate() throws {
        if !files.isEmpty, options.inventory != nil {
            throw ValidationError("--files judges configurations, and no inventory: name the one or the others.")
        }
        guard let promise else { return }
        if files.isEmpty { throw ValidationError("--promise goes with --files; an inventory has `limits`.") }
        if Notation.milliseconds(promise, plainUnit: 1000) == nil {
            throw ValidationError("--promise takes a duration such as 5s or 1m; '\(promise)' is none.")
        }
    }

    func run() async throws {
        let now = Int(Date().timeIntervalSince1970)
        try await Runner.run("check", options.output) { [self] console, _ in
            files.isEmpty ? try checkInventory(console, now) : try checkFiles(console, now)
        }
    }

    private func checkFiles(_ console: Console, _ now: Int) throws -> Outcome {
        let promise = promise.flatMap { Notation.milliseconds($0, plainUnit: 1000) } ?? 10_000
        let subject = try LintFiles(files).subject(promise: promise, now: now)
        let findings = Lint.findings(in: subject)
        for finding in findings { console.show(finding) }
        if findings.isEmpty { console.say("Nothing was found in \(Layout.count(files.count, "file")).") }
        console.show(WorstCase.all(of: subject))
        return outcome(findings, fields: ["files": .number(files.count)])
    }

    private func checkInventory(_ console: Console, _ now: Int) throws -> Outcome {
        let workspace = try Workspace(options, console: console, needs: .tarballs)
        for product in workspace.cluster.compiledProducts { try workspace.recipes.refuseFlawed(product.name) }
        let cluster = workspace.cluster
        let hosts = cluster.balancers.map(\.name)
        // Offline it is not known which of the platforms a host is.
        let all = try workspace.session(events: console.show).resourcesByPlatform()
        var failures: [Failure] = []
        var notes: [String] = []
        var findings: [Finding] = []
        var cases: [WorstCase] = []
        for resources in all {
            let reading = ConfigurationReading(cluster: cluster, resources: resources)
            failures += reading.failures(on: hosts).filter { !failures.contains($0) }
            // The rest of what the reader says is among the findings.
            notes += reading.notes(on: hosts) { $0.topic == .notDoneHere }.filter { !notes.contains($0) }
            var subject = LintSubject(cluster, resources: resources, now: now)
            if options.workspace.playbooks ?? cluster.playbooks == nil {
                // The inventory's own lint has judged these.
                subject.detection = cluster.worstDetection
            } else {
                subject.promise = min(cluster.limits.clientGap, cluster.limits.vipMoved)
            }
            findings += Lint.findings(in: subject).filter { !findings.contains($0) }
            cases = WorstCase.all(of: subject)
        }
        guard failures.isEmpty else { throw Failures(failures) }
        for note in notes { console.show(.note(host: nil, text: note)) }
        for finding in findings { console.show(finding) }
        let outcome = outcome(
            findings, warnings: workspace.warnings, fields: ["inventory": .text(workspace.file.path)])
        if !findings.contains(where: { $0.severity == .error }) {
            console.say(
                "\(workspace.file.path) is sound: \(cluster.balancers.count) balancers and "
                    + "\(cluster.applications.count) applications share "
                    + "\(cluster.instances.map(\.description).joined(separator: " and ")).")
        }
        if console.isVerbose || console.isJSON { console.show(cases) }
        return outcome
    }

    /// - Parameter warnings: beside those among the findings.
    private func outcome(_ findings: [Finding], warnings: Int = 0, fields: [String: JSONValue]) -> Outcome {
        let errors = findings.count { $0.severity == .error }
        let warnings = warnings + findings.count - errors
        let isFailure = errors > 0 || strict && warnings > 0
        return Outcome(
            code: isFailure ? .failure : .success,
            fields: fields.merging(["errors": .number(errors), "warnings": .number(warnings)]) { $1 })
    }
}
