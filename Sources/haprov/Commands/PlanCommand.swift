import ArgumentParser
import Provisioning

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would do, resource by resource, with diffs. Changes nothing.",
        discussion: """
            Ends 0 where nothing is to be done and 2 where there are changes. --out keeps the plan in a file, without any \
            secret, for somebody else to look at: `haprov apply FILE` carries out exactly that or nothing. Several \
            inventories are several clusters, as for apply: each is planned, and the exit code is that of the worst.
            """)

    @Option(
        help: ArgumentHelp("Keep the plan in this file too, for apply to carry out.", valueName: "file"),
        completion: .file())
    var out: String?

    @OptionGroup var leaving: WithoutOptions
    @OptionGroup var options: ClustersOptions

    func validate() throws {
        try leaving.refuse(options)
        if out != nil, options.areSeveral {
            throw ValidationError(
                "--out keeps the plan of one cluster: name one inventory, without options for several.")
        }
    }

    func run() async throws {
        guard !options.areSeveral else {
            return try await ClustersRun(command: "plan", options: options) { [options] inventory, console in
                try Workspace(inventory, options.workspace, console: console)
            } work: { [self] workspace, console, _ in
                try await plan(workspace, console)
            }.run()
        }
        try await Runner.run("plan", options.workspace.output) { [self] console, _ in
            if let out { try PlanFile.refuseOther(at: out) }
            let workspace = try Workspace(
                options.inventories.first, options.workspace, console: console, without: leaving.without)
            return try await plan(workspace, console)
        }
    }

    private func plan(_ workspace: Workspace, _ console: Console) async throws -> Outcome {
        let session = try workspace.session(events: console.show)
        return try await session.withFleet { fleet in
            let resting = try await session.resting(fleet)
            for host in resting { console.showResting(host) }
            let survey = try await session.sparing(resting).survey(fleet)
            let isDue = survey.plan.needsDrill && !workspace.isLimited && resting.isEmpty
            console.showPlan(
                survey, ending: DrillEnding(verify: nil, isDue: isDue, workspace.cluster.drill), workspace: workspace)
            var outcome = Outcome(
                code: survey.plan.isEmpty ? .success : .changesFound, changes: survey.plan.changeCount)
            guard let out else { return outcome }
            try PlanFile(
                survey, workspace: workspace, limit: options.workspace.limit, without: leaving.without, path: out
            ).write(to: out)
            console.say("`haprov apply \(out)` carries out exactly this, or nothing.")
            outcome.fields["out"] = .text(out)
            return outcome
        }
    }
}
