/// Older runs on their way to become one, which keeps of everything what was there before the oldest of them: journals do not
/// grow for ever, and all can be taken back nevertheless. Pure.
package struct JournalFold: Sendable, Equatable {
    /// Oldest first.
    package var runs: [String]
    /// The last of them, which came to its end: hosts can be put back to right after it.
    package var newest: String { runs[runs.count - 1] }

    /// - Parameters:
    ///   - history: newest first, of all balancers.
    ///   - kept: how many of the latest runs stay on their own. They are left alone until there are twice as many.
    /// - Returns: nil where there is nothing to fold.
    package init?(_ history: [RecordedRun], keeping kept: Int) {
        let (single, folded) = Self.parts(history)
        guard single.count > 2 * kept else { return nil }
        // What somebody may still want to complete or to take back alone stays as it is.
        let older = single.dropFirst(kept).drop { $0.result != "ok" }
        let all = older + (folded?.runs ?? [])
        guard !older.isEmpty, all.count > 1, !all.contains(where: \.isOfLaterFormat) else { return nil }
        runs = all.map(\.id).reversed()
    }

    /// Whether there may be something to fold once one run more stands.
    package static func isDue(after history: [RecordedRun], keeping kept: Int) -> Bool {
        parts(history).single.count >= 2 * kept
    }

    private static func parts(_ history: [RecordedRun]) -> (single: [RecordedRun], folded: FoldedRuns?) {
        let folded = FoldedRuns(in: history)
        return (history.filter { $0.command == "apply" && $0.isStanding && folded?.contains($0) != true }, folded)
    }

    /// An entry of a host's journal that need not be kept.
    package struct Needless: Sendable, Equatable {
        /// `RUN/NUMBER`.
        package var entry: String
        /// The older one that covers it; nil where it was taken back.
        package var older: String?
        /// The host function of both that puts together what undoes them; nil where they are of several kinds.
        package var function: String?
    }

    /// Of each thing the oldest entry stays, and what comes after one that does not cover it.
    ///
    /// - Parameter entries: those of one host, by run.
    package func needless(_ entries: [String: [EntryFact]]) -> [Needless] {
        var found: [Needless] = []
        var oldest: [Subject: (name: String, entry: EntryFact)] = [:]
        for run in runs {
            for entry in entries[run] ?? [] {
                let name = "\(run)/\(entry.number)"
                if entry.state == "undone" {
                    found.append(Needless(entry: name))
                } else if entry.isStanding, let change = entry.change {
                    if let older = oldest[entry.subject], older.entry.change?.covers(change) == true {
                        let isSame = older.entry.function == entry.function
                        found.append(
                            Needless(entry: name, older: older.name, function: isSame ? entry.function : nil))
                    } else {
                        oldest[entry.subject] = (name, entry)
                    }
                } else if entry.isStanding {
                    // What this haprov does not know may have done anything to it.
                    oldest[entry.subject] = nil
                }
            }
        }
        return found
    }

    /// What folds the runs on a host, and removes these entries there.
    package func call(_ needless: [Needless]) -> [String] {
        ["hp_fold", "\(JournalFormat.folded)", newest, "\(runs.count)"] + runs
            + needless.flatMap { [$0.entry, $0.older ?? "-"] }
    }

    /// The host functions that this calls by names which it finds in entries.
    package func functions(_ needless: [Needless]) -> [String] {
        Set(needless.compactMap(\.function)).sorted().map { "\($0)_fold" }
    }
}
