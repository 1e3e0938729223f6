import ArgumentParser

/// What became of one cluster among several.
struct ClusterResult: Sendable {
    var inventory: String
    var cluster: String?
    /// nil where it was not begun.
    var outcome: Outcome?
    var seconds = 0.0

    /// In a word, for people and programs.
    enum Verdict: String, CaseIterable {
        case changed, unchanged, failed
        case changesFound = "changes found"
        case notBegun = "not begun"
    }

    var verdict: Verdict {
        guard let outcome else { return .notBegun }
        return switch outcome.code {
        case .success: outcome.changes > 0 ? .changed : .unchanged
        case .changesFound: .changesFound
        default: .failed
        }
    }

    /// Whether no further cluster is to be begun after it.
    var isFailure: Bool { verdict == .failed }

    /// What `--json` says of it: what the command would say of it alone, and which it is.
    func json(of command: String) -> [String: JSONValue] {
        var fields =
            outcome?.summary(of: command, seconds: seconds)
            ?? ["command": .text(command), "ok": false, "changes": 0, "run": .null, "seconds": 0, "exit": .null]
        fields["type"] = "cluster"
        fields["inventory"] = .text(inventory)
        fields["cluster"] = cluster.map(JSONValue.text) ?? .null
        fields["result"] = .text(verdict.rawValue)
        return fields
    }
}

extension [ClusterResult] {
    /// Of all: their changes together, and the exit code that says most.
    func outcome(of command: String, interrupted: Bool) -> Outcome {
        Outcome(
            code: interrupted ? .interrupted : .worst(of: compactMap(\.outcome?.code)),
            changes: map { $0.outcome?.changes ?? 0 }.reduce(0, +),
            fields: ["clusters": .list(map { .object($0.json(of: command)) })])
    }
}
