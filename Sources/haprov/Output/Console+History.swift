import Foundation
import Planning
import Provisioning
import Texts

extension Console {
    /// All runs, newest first.
    func show(_ runs: [RecordedRun]) {
        if runs.isEmpty {
            say("No runs are recorded on these hosts: haprov has changed nothing here.")
        } else {
            let folded = FoldedRuns(in: runs)
            let shown = runs.filter { folded?.contains($0) != true || $0.id == folded?.newest }
            let head = ["RUN", "BEGAN (UTC)", "COMMAND", "RESULT", "CHANGES", "HOSTS", "BY"]
            let rows = shown.map { (folded?.contains($0) == true ? folded?.asOne : $0) ?? $0 }
            let lines = Layout.table([head] + rows.map(\.row))
            say(dim(lines[0]))
            for (run, line) in zip(rows, lines.dropFirst()) {
                say(line)
                if !run.fact.reason.isEmpty { say("  " + run.fact.reason.printable) }
                var fields = run.json
                if let folded, folded.newest == run.id {
                    let count = folded.runs.count
                    say(dim("  \(count) runs since \(folded.began.asColumn), folded into one"))
                    fields["folded"] = .number(count)
                    fields["since"] = .text(folded.began)
                }
                emit(fields)
            }
        }
    }

    /// One run, with every change on every host: when it was begun, how long it took, how it stands, what it did to files.
    func show(_ run: RecordedRun, _ facts: [String: Facts]) {
        let end = run.fact.finished.isEmpty ? "" : ", ended \(run.fact.finished.asColumn)"
        say("\(run.command) of \(run.fact.operatorName), began \(run.fact.started.asColumn) UTC\(end): \(run.result)")
        if !run.fact.reason.isEmpty { say("Reason: \(run.fact.reason.printable)") }
        if !run.folded.isEmpty {
            say("Folded into one with others, up to \(run.folded): what older ones keep need not be kept here.")
        }
        emit(run.json)
        for host in run.hosts.keys.sorted() {
            let (entries, diffs) = (facts[host]?.entries[run.id] ?? [], facts[host]?.diffs[run.id] ?? [:])
            say(bold(host))
            let rows = Layout.table(
                entries.map { entry in
                    [
                        entry.began.map { Clock.stamp("%H:%M:%S", at: $0) } ?? "-", entry.took.map { "\($0) s" } ?? "-",
                        entry.state.isEmpty ? "not begun" : entry.state, entry.summary,
                    ]
                })
            for (entry, row) in zip(entries, rows) {
                say("  " + row)
                say(diff: diffs[entry.number])
                emit([
                    "type": "change", "host": .text(host), "number": .text(entry.number), "state": .text(entry.state),
                    "resource": .text("\(entry.subject)"), "summary": .text(entry.summary),
                    "began": entry.began.map { .text(Clock.stamp("%Y-%m-%dT%H:%M:%SZ", at: $0)) } ?? .null,
                    "seconds": entry.took.map(JSONValue.number) ?? .null,
                    "diff": diffs[entry.number].map(JSONValue.text) ?? .null,
                ])
            }
        }
    }
}

extension EntryFact {
    /// How long it took, in seconds; nil where the journal does not say, and where it was taken back since.
    fileprivate var took: Int? {
        guard ["done", "failed"].contains(state), let began, let ended else { return nil }
        return ended - began
    }
}

extension RecordedRun {
    fileprivate var row: [String] {
        let some = undone == 0 || undone == changes ? "" : " (\(undone) undone)"
        return [
            id, fact.started.asColumn, command, result, command == "apply" ? "\(changes)\(some)" : "-",
            hosts.keys.sorted().joined(separator: " "), fact.operatorName,
        ]
    }

    fileprivate var json: [String: JSONValue] {
        [
            "type": "run", "run": .text(id), "command": .text(command), "result": .text(result),
            "started": .text(fact.started), "operator": .text(fact.operatorName),
            "reason": fact.reason.isEmpty ? .null : .text(fact.reason), "changes": .number(changes),
            "undone": .number(undone), "hosts": .list(hosts.keys.sorted().map(JSONValue.text)),
        ]
    }
}

extension String {
    /// `2026-01-31 09:45:00` of the journal's `2026-01-31T09:45:00Z`.
    var asColumn: String { replacing("T", with: " ").replacing("Z", with: "") }
}
