import ArgumentParser
import Provisioning

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would do, resource by resource, with diffs. Changes nothing.",
        discussion: "Ends 0 where nothing is to be done and 2 where there are changes.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Runner.run("plan", options.output) { [options] console, _ in
            let workspace = try Workspace(options, console: console)
            let session = try workspace.session(events: console.show)
            return try await session.withFleet { fleet in
                let survey = try await session.survey(fleet)
                console.showPlan(
                    survey, drills: survey.plan.needsDrill && !workspace.isLimited, workspace: workspace)
                return Outcome(
                    code: survey.plan.isEmpty ? .success : .changesFound, changes: survey.plan.changeCount)
            }
        }
    }
}
