import ArgumentParser
import Foundation
import Provisioning

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the runs that the hosts have recorded.",
        discussion: """
            Newest first, whoever made them. A result is ok, failed, interrupted or rolled-back; times are UTC. \
            `haprov rollback --to RUN` takes a run's name.
            """)

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("history", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let journals = try await Rollbacker(session, fleet: fleet).journals()
                let runs = Rollbacker.history(journals, cluster: workspace.cluster)
                if runs.isEmpty {
                    console.say("No runs are recorded on these hosts: haprov has changed nothing here.")
                } else {
                    let head = ["RUN", "BEGAN (UTC)", "COMMAND", "RESULT", "CHANGES", "HOSTS", "BY"]
                    let lines = Layout.table([head] + runs.map(Self.row))
                    for (index, line) in lines.enumerated() { console.say(index == 0 ? console.dim(line) : line) }
                }
                for run in runs {
                    console.emit([
                        "type": "run", "run": .text(run.id), "command": .text(run.command), "result": .text(run.result),
                        "started": .text(run.fact.started), "operator": .text(run.fact.operatorName),
                        "changes": .number(run.changes), "undone": .number(run.undone),
                        "hosts": .list(run.hosts.keys.sorted().map(JSONValue.text)),
                    ])
                }
                return Outcome(fields: ["runs": .number(runs.count)])
            }
        }
    }

    private static func row(_ run: RecordedRun) -> [String] {
        // 2026-01-31T09:45:00Z, as the journal has it.
        let began = run.fact.started.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: "")
        let undone = run.undone == 0 || run.undone == run.changes ? "" : " (\(run.undone) undone)"
        return [
            run.id, began, run.command, run.result, run.command == "apply" ? "\(run.changes)\(undone)" : "-",
            run.hosts.keys.sorted().joined(separator: " "),
            run.fact.operatorName,
        ]
    }
}
