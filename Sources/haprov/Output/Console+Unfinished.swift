import Planning
import Provisioning
import Texts

extension Console {
    /// A run that did not come to its end: whose it was, when and why, what was under way, what stands of it.
    ///
    /// - Parameter facts: with the run's entries.
    func show(_ unfinished: UnfinishedRun, _ facts: [String: Facts]) {
        let (run, fact) = (unfinished.run, unfinished.run.fact)
        let steps = run.lastSteps(facts)
        let end = unfinished.isInterrupted ? "did not come to its end" : "has failed"
        var text = "the \(run.command) of \(fact.operatorName), run \(run.id), \(end)"
        text += "; it began \(fact.started.asColumn) UTC"
        if !fact.reason.isEmpty { text += ": \(fact.reason.printable)" }
        say("\(yellow("!")) " + Layout.wrap(text, width: width, indent: 2))
        for (host, entry) in steps {
            let verb = ["failed": "failed", "done": "was done last"][entry.state] ?? "was under way"
            let time = entry.began.map { ", begun \(Clock.stamp("%H:%M:%S", at: $0))" } ?? ""
            say("    " + Layout.wrap("\(host): \(entry.summary) \(verb)\(time)", width: width, indent: 6))
        }
        if run.command == "apply" {
            let hosts = run.hosts.filter { $0.value.changes > $0.value.undone }.keys.sorted()
            let (count, on) = (Layout.count(run.changes - run.undone, "change"), hosts.joined(separator: ", "))
            say("    " + Layout.wrap("what stands of it: \(count) on \(on)", width: width, indent: 6))
        }
        emit([
            "type": "unfinished", "run": .text(run.id), "command": .text(run.command), "result": .text(run.result),
            "operator": .text(fact.operatorName), "started": .text(fact.started),
            "reason": fact.reason.isEmpty ? .null : .text(fact.reason), "changes": .number(run.changes - run.undone),
            "steps": .list(
                steps.map { host, entry in
                    ["host": .text(host), "step": .text(entry.summary), "state": .text(entry.state)]
                }),
        ])
    }
}
