import ArgumentParser
import Provisioning

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the runs that the hosts have recorded, or show one of them.",
        discussion: """
            Newest first, whoever made them. A result is ok, failed, interrupted or rolled-back; times are UTC. \
            `haprov rollback --to RUN` takes a run's name.

              haprov history
              haprov history 20260131T094500Z-3f2a   every change of that run: when, how long, what it did to files
            """)

    @Argument(help: ArgumentHelp("The run to show; otherwise all are listed.", valueName: "run"))
    var wanted: String?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if let wanted, options.inventory != nil, !RunIdentity.isName(wanted) {
            throw ValidationError("'\(wanted)' is no run's name, such as 20260131T094500Z-3f2a.")
        }
    }

    func run() async throws {
        var options = options
        let name = wanted.flatMap { RunIdentity.isName($0) ? $0 : nil }
        // A single word that is no run's name is the inventory, as for every other command.
        if name == nil, let wanted { options.inventory = wanted }
        try await Runner.run("history", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let rollbacker = Rollbacker(session, fleet: fleet)
                if let name {
                    let (run, facts) = try await rollbacker.record(of: name)
                    console.show(run, facts)
                    return Outcome(changes: run.changes, run: run.id)
                }
                let runs = Rollbacker.history(try await rollbacker.journals(), cluster: workspace.cluster)
                console.show(runs)
                return Outcome(fields: ["runs": .number(runs.count)])
            }
        }
    }
}
