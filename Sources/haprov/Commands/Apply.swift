import ArgumentParser

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do what plan shows: compile, install, configure, roll out, and prove the failover.",
        discussion: """
            The standbys come first and whoever holds the virtual IP last; the first failure stops the rollout with the \
            service still up. Everything is recorded on the hosts, and `haprov rollback` takes it back. The first Ctrl-C \
            lets the step in hand finish, the second stops at once. The next apply shows what was left unfinished, whose \
            it was, and asks whether to go on or to undo it; with --yes it goes on with one's own run, unless the inventory \
            has changed since.

              haprov apply
              haprov apply --limit haproxy3          one balancer alone; no failover drill
              haprov apply --yes --json              for programs
            """)

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            """
            Run the failover drill at the end, or leave it out; otherwise it is run where VRRP, the health check or \
            HAProxy itself changed.
            """))
    var verify: Bool?

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if verify == true, options.limit != nil {
            throw ValidationError("--verify and --limit exclude each other: the failover drill needs every balancer.")
        }
    }

    func run() async throws {
        try await Runner.run("apply", options.output) { [self] console, interrupt in
            let workspace = try Workspace(options, console: console)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            return try await ApplyWork(
                workspace: workspace, session: session, console: console, interrupt: interrupt, consent: consent,
                verify: verify
            ).run()
        }
    }
}
