/// Which journals this haprov writes and reads. What a journal holds is told in `journal.sh`.
package enum JournalFormat {
    /// The number that runs of today carry: it covers what stands in a journal and how its functions are called. Runs of the
    /// first format say none, and bring no functions along: those of the haprov that takes them back are used.
    package static let current = 3

    /// The number that runs get which were folded into one: a haprov that knows none but those before would go back to a state
    /// between them. The last one that this haprov knows.
    package static let folded = 4

    /// The revision of the functions that runs of today bring along. One more whenever the undoing of any change is mended.
    package static let functions = 4

    /// Revisions that are known to undo something wrongly: this haprov's own functions take their place.
    package static let recalled: Set<Int> = []
}

/// Whose functions take a change back.
package enum UndoOwner: String, Sendable, Codable {
    /// Those that the run left in its journal.
    case journal
    /// Those of the haprov that is at work.
    case own

    package init(_ run: RunFact, recalled: Set<Int> = JournalFormat.recalled) {
        // Runs of the first format left none, nor do they say a revision.
        self = run.functions > 0 && !recalled.contains(run.functions) ? .journal : .own
    }
}
