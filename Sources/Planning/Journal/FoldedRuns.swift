/// The oldest runs that stand, where they were folded into one: they are taken back together, or not at all.
package struct FoldedRuns: Sendable {
    /// Newest first.
    package var runs: [RecordedRun]

    /// - Parameter history: newest first. Where hosts disagree, as after a fold that was cut off, the widest counts.
    package init?(in history: [RecordedRun]) {
        let standing = history.filter { $0.command == "apply" && $0.result != "rolled-back" }
        guard let newest = standing.map(\.folded).max(), !newest.isEmpty else { return nil }
        runs = standing.filter { $0.id <= newest && ($0.isStanding || !$0.folded.isEmpty) }
        guard runs.contains(where: \.isStanding) else { return nil }
    }

    /// The one right after which hosts can be put back.
    package var newest: String { runs[0].id }
    /// When the oldest of them began: ISO 8601, UTC.
    package var began: String { runs[runs.count - 1].fact.started }

    package func contains(_ run: RecordedRun) -> Bool { runs.contains { $0.id == run.id } }

    /// These as one, with the changes that are left of them.
    package var asOne: RecordedRun {
        var one = runs[0]
        for run in runs.dropFirst() {
            for (host, fact) in run.hosts {
                one.hosts[host]?.changes += fact.changes
                one.hosts[host]?.undone += fact.undone
                if one.hosts[host] == nil { one.hosts[host] = fact }
            }
        }
        return one
    }

    /// Runs in words, these as the one that they are.
    package func names(_ ids: [String]) -> String {
        let others = ids.filter { id in !runs.contains { $0.id == id } }
        let own =
            others.count == ids.count
            ? [] : ["\(newest) with the older ones that were folded into it, \(runs.count) in all"]
        return (others + own).joined(separator: ", ")
    }

    /// Whether going back to right after a run would take back some of them and leave others.
    package func isCut(by run: String) -> Bool { runs[0].id > run && runs[runs.count - 1].id <= run }
}
