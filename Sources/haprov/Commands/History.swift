import ArgumentParser
import Provisioning

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs that the hosts have recorded.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("history", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let journals = try await Rollbacker(session, fleet: fleet).journals()
                let runs = Rollbacker.history(journals, cluster: workspace.cluster)
                if runs.isEmpty { console.say("No runs are recorded on these hosts.") }
                for run in runs {
                    let undone = run.undone > 0 ? ", \(run.undone) taken back" : ""
                    console.say(
                        "\(run.id)  \(run.command)  \(run.result)  \(run.changes) changes\(undone) on "
                            + "\(run.hosts.keys.sorted().joined(separator: " "))  by \(run.fact.operatorName)")
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
}
