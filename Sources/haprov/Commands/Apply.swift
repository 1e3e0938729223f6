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

            Several inventories are several clusters: one after the other, or --parallel N at a time, which takes --yes. All \
            are read before anything is begun, and what two of them share is refused, such as a balancer or a virtual IP. \
            After the first that fails no further one is begun, unless by --keep-going. In the end each has a line, and the \
            exit code is that of the worst: 130, 4, 3, 1, 0.

              haprov apply clusters/*.yml            the first that fails ends it
              haprov apply clusters/*.yml --yes --parallel 3 --keep-going
              haprov apply clusters/*.yml --yes --shard 2/4 --keep-going
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
    @OptionGroup var options: ClustersOptions

    func validate() throws {
        try leaving.refuse(options)
        if options.width > 1, !consent.yes {
            throw ValidationError(
                "--parallel asks nothing in the midst of others' output: give --yes once you have read `haprov plan`.")
        }
        let limit = options.workspace.limit
        let choice = limit != nil ? "--limit" : "--without"
        if verify == true, limit ?? leaving.without != nil {
            throw ValidationError("--verify and \(choice) exclude each other: the failover drill needs every balancer.")
        }
    }

    func run() async throws {
        guard !options.areSeveral else {
            return try await ClustersRun(command: "apply", options: options) { [options] inventory, console in
                try Workspace(inventory, options.workspace, console: console)
            } work: { [self] workspace, console, interrupt in
                try await apply(workspace, console, interrupt)
            }.run()
        }
        try await Runner.run("apply", options.workspace.output) { [self] console, interrupt in
            var (inventory, options, leaving) = (options.inventories.first, options.workspace, leaving)
            let agreed = try PlanFile.read(&inventory, for: &options, &leaving)
            let workspace = try Workspace(inventory, options, console: console, without: leaving.without)
            try agreed?.refuse(workspace.inputs)
            return try await apply(workspace, agreed: agreed, console, interrupt)
        }
    }

    private func apply(
        _ workspace: Workspace, agreed: PlanFile? = nil, _ console: Console, _ interrupt: Interrupt
    ) async throws -> Outcome {
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
