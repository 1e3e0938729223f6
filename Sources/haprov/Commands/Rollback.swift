import ArgumentParser
import Provisioning

struct Rollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the last run back, byte for byte.",
        discussion: """
            The hosts' own journals say what to undo, so any machine that can reach them can do it. One balancer at a \
            time, whoever holds the virtual IP last.
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var consent: ConsentOptions

    @Option(help: ArgumentHelp("Back to the state right after this run: all later runs go.", valueName: "run"))
    var to: String?

    @Flag(help: "Take back every run: the hosts as they were before haprov.")
    var all = false

    func validate() throws {
        if all, to != nil { throw ValidationError("--all and --to exclude each other.") }
    }

    func run() async throws {
        try await Runner.run("rollback", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console, needs: .journal)
            let session = try workspace.session(events: console.show, interrupt: interrupt)
            return try await session.withFleet { fleet in
                let rollbacker = Rollbacker(session, fleet: fleet)
                let journals = try await rollbacker.journals()
                let runs = try rollbacker.runs(in: journals, to: to, all: all)
                guard !runs.isEmpty else {
                    console.say("Nothing to take back: no run of haprov stands on these hosts.")
                    return Outcome()
                }
                let plan = try await rollbacker.plan(undoing: runs)
                console.say("Takes back \(runs.joined(separator: ", ")):")
                console.show(plan)
                try Consent.ask("Go on?", yes: consent.yes, console: console)
                let run = RunIdentity.new("rollback")
                console.begin(run: run.id)
                interrupt.setCritical(true)
                try await rollbacker.roll(back: plan, undoing: runs, run: run, clock: Clock.now)
                interrupt.setCritical(false)
                console.say("\(plan.changeCount) changes taken back.")
                return Outcome(
                    changes: plan.changeCount, run: run.id, fields: ["undone": .list(runs.map(JSONValue.text))])
            }
        }
    }
}
