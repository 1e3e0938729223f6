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
              haprov apply --without haproxy3        all but one that is dead
              haprov apply FILE                      exactly what `haprov plan --out FILE` has kept, or nothing
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

    @Flag(help: "Where the run or its drill fails, take this run back, and end as the failure does.")
    var rollbackOnFailure = false

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var leaving: WithoutOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        try leaving.refuse(options.limit)
        let choice = options.limit != nil ? "--limit" : "--without"
        if verify == true, options.limit ?? leaving.without != nil {
            throw ValidationError("--verify and \(choice) exclude each other: the failover drill needs every balancer.")
        }
    }

    func run() async throws {
        try await Runner.run("apply", options.output) { [self] console, interrupt in
            var (options, leaving) = (options, leaving)
            let agreed = try options.inventory.flatMap { try PlanFile.read($0, for: &options, &leaving) }
            let workspace = try Workspace(options, console: console, without: leaving.without)
            try agreed?.refuse(workspace.inputs)
            var session = try workspace.session(events: console.show, interrupt: interrupt)
            session.patience = consent.patience
            // Who holds the VIP decides who compiles; what was agreed to does.
            if let builder = agreed?.plan.builder { session.cluster.buildHost = builder }
            return try await ApplyWork(
                workspace: workspace, session: session, console: console, interrupt: interrupt, consent: consent,
                agreed: agreed, verify: verify, takesBack: rollbackOnFailure
            ).run()
        }
    }
}
