import Errors
import Planning
import Provisioning

/// Taking runs back, for `rollback`, and for `apply` where it is asked to.
struct RollbackWork {
    var session: Session
    var fleet: Fleet
    var console: Console
    var interrupt: Interrupt
    var consent: ConsentOptions
    /// The run whose state is to come back; see ``Rollbacker/runs(in:to:all:)``.
    var to: String?
    var all = false

    /// - Parameter showsOnly: whether nothing is to be done.
    func run(showsOnly: Bool = false) async throws -> Outcome {
        let rollbacker = Rollbacker(session, fleet: fleet)
        let journals = try await rollbacker.journals()
        if let host = journals.keys.sorted().first(where: { journals[$0]?.maintenance != nil }) {
            throw Failure(
                .preflight, host: host, step: "rollback",
                summary: "this balancer is in maintenance: what a rollback starts again would not start",
                remedy: "`haprov maintenance \(host) off` first; --limit does without this balancer.")
        }
        let runs = try rollbacker.runs(in: journals, to: to, all: all)
        let run = RunIdentity.new("rollback", reason: consent.reason)
        func undo() async throws -> Rollbacker.Undone {
            try await RunFailure.naming(run, interrupt) {
                try await rollbacker.roll(back: runs, to: to, all: all, run: run, clock: Clock.now)
            }
        }
        guard !runs.isEmpty else {
            // It may have died before its first change, or be about to make it.
            if !showsOnly, journals.values.contains(where: { $0.lock?.isAbandoned == true }) {
                _ = try await undo()
            }
            console.say("Nothing to take back: no run of haprov stands on these hosts.")
            return Outcome()
        }
        let plan = try await rollbacker.plan(undoing: runs)
        let folded = FoldedRuns(in: Rollbacker.history(journals, cluster: session.cluster))
        console.say("Takes back \(folded?.names(runs) ?? runs.joined(separator: ", ")):")
        console.show(plan)
        if showsOnly { return Outcome(code: .changesFound, changes: plan.changeCount) }
        try Consent.ask(plan.question, yes: consent.yes, console: console)
        let undone = try await undo()
        let count = undone.plan.changeCount
        if count != plan.changeCount {
            let text = "\(count) changes instead of \(plan.changeCount)"
            console.show(.note(host: nil, text: "these runs went on after they were shown: \(text)"))
        }
        console.say("\(Layout.count(count, "change")) taken back, run \(run.id).")
        try await rollbacker.settle(undone)
        return Outcome(changes: count, run: run.id, fields: ["undone": .list(runs.map(JSONValue.text))])
    }
}
