import ArgumentParser
import Planning
import Provisioning

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the last run back, byte for byte.",
        discussion: """
            The hosts' own journals say what to undo, so any machine that can reach them can do it. One balancer at a \
            time, whoever holds the virtual IP last. Where nothing is to be taken back it says so and ends 0. What is shown \
            is looked at again once the hosts are locked; where other runs are to be taken back by then, nothing is done.

              haprov rollback                              the last run
              haprov rollback --to 20260131T094500Z-3f2a   see `haprov history`
              haprov rollback --all                        as before haprov
              haprov rollback --plan                       show it, and do nothing
            """)

    @Option(help: ArgumentHelp("Back to the state right after this run: all later runs go.", valueName: "run"))
    var to: String?

    @Flag(help: "Take back every run: the hosts as they were before haprov.")
    var all = false

    @Flag(help: "Show what would be taken back, with what somebody changed by hand since, and end 2; nothing is done.")
    var plan = false

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if all, to != nil { throw ValidationError("--all and --to exclude each other.") }
    }

    func run() async throws {
        let showsOnly = plan
        try await Runner.run("rollback", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console, needs: .journal)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await session.withFleet { [session] fleet in
                try await RollbackWork(
                    session: session, fleet: fleet, console: console, interrupt: interrupt, consent: consent, to: to,
                    all: all
                ).run(showsOnly: showsOnly)
            }
        }
    }
}
