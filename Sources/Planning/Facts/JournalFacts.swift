import HostShell
import Texts

/// What the host's journal knows of runs.
package struct JournalFacts: Fact {
    package var runs: [RunFact] = []
    package var members: [MemberFact] = []
    package var left: [LeftChange] = []
    package var entries: [String: [EntryFact]] = [:]
    package var diffs: [String: [String: String]] = [:]
    package var edited: [String: [String: [EditedFile]]] = [:]

    package init() {}

    package static let words: Set = ["run", "member", "left", "entry", "diff", "edited"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "run":
            // One host's words become a path on the others.
            guard !record[1].contains("/"), !record[1].hasPrefix(".") else { return }
            runs.append(
                RunFact(
                    id: record[1], cluster: record[2], command: record[3], operatorName: record[4],
                    started: record[5], result: record[6], finished: record[7], changes: record.number(8),
                    undone: record.number(9), format: max(1, record.number(10)), functions: record.number(11),
                    reason: record[12], folded: record[13], wanted: record[14],
                    without: record[15].split(separator: ",").map(String.init)))
        case "member":
            members.append(
                MemberFact(
                    run: record[1], name: record[2], address: record[3], port: record.number(4), user: record[5]))
        case "left": left.append(LeftChange(run: record[1], function: record[2], subject: Subject(record[3])))
        case "diff":
            let bytes = Base64.decode(record[3].utf8) ?? []
            diffs[record[1], default: [:]][record[2]] = String(decoding: bytes, as: UTF8.self)
        case "edited":
            func bytes(_ field: Int) -> [UInt8] { Base64.decode(record[field].utf8) ?? [] }
            edited[record[1], default: [:]][record[2], default: []].append(
                EditedFile(path: record[6], isSecret: record.flag(3), found: bytes(4), before: bytes(5)))
        default:
            var arguments = record[7].split(separator: "\u{1E}", omittingEmptySubsequences: false).map(String.init)
            // Each argument ends with a separator.
            if arguments.last == "" { arguments.removeLast() }
            entries[record[1], default: []].append(
                EntryFact(
                    number: record[2], state: record[3], function: record[4], subject: Subject(record[5]),
                    summary: record[6], arguments: arguments, began: Int(record[8]), ended: Int(record[9])))
        }
    }
}

extension Facts {
    package var runs: [RunFact] {
        get { self[JournalFacts.self].runs }
        set { self[JournalFacts.self].runs = newValue }
    }

    /// The balancers of the runs that say them.
    package var members: [MemberFact] {
        get { self[JournalFacts.self].members }
        set { self[JournalFacts.self].members = newValue }
    }

    /// What runs that did not end well have made, in order.
    package var left: [LeftChange] {
        get { self[JournalFacts.self].left }
        set { self[JournalFacts.self].left = newValue }
    }

    /// The changes of the runs that were asked about, in the order in which they were made.
    package var entries: [String: [EntryFact]] {
        get { self[JournalFacts.self].entries }
        set { self[JournalFacts.self].entries = newValue }
    }

    /// Files that somebody changed after a run had written them, by run and number; of the runs that were asked about.
    package var edited: [String: [String: [EditedFile]]] {
        get { self[JournalFacts.self].edited }
        set { self[JournalFacts.self].edited = newValue }
    }

    /// What changes did to files, as their plans showed it, by run and number; of the runs that were asked about.
    package var diffs: [String: [String: String]] { self[JournalFacts.self].diffs }
}

/// A run in a host's journal.
package struct RunFact: Sendable, Equatable, Codable {
    package var id: String
    package var cluster: String
    package var command: String
    package var operatorName: String
    package var started: String
    /// `ok`, `failed`, `rolled-back`, or empty where it did not come to an end.
    package var result: String
    package var finished: String
    package var changes: Int
    package var undone: Int
    /// See ``JournalFormat``.
    package var format = 1
    /// The revision of the functions that it brought along.
    package var functions = 0
    /// Why it was made, in the operator's words; empty where he gave none.
    package var reason = ""
    /// The newest of the runs that it was folded into one with; empty where it stands for itself. See ``JournalFold``.
    package var folded = ""
    /// What it was made from: see ``PlanInputs/digest``; empty in runs of earlier times.
    package var wanted = ""
    /// Balancers that it left out.
    package var without: [String] = []
}

/// A balancer of the inventory by which a run was made.
package struct MemberFact: Sendable, Hashable {
    package var run: String
    package var name: String
    package var address: String
    package var port: Int
    package var user: String
}

/// A file that somebody has changed since a run wrote it.
package struct EditedFile: Sendable, Equatable {
    package var path: String
    /// Whether it is not to be shown; both contents are empty then.
    package var isSecret: Bool
    /// What stands there.
    package var found: [UInt8]
    /// What is put back; empty where there was no file.
    package var before: [UInt8]

    /// From the one to the other, as a unified diff; a word where that cannot be shown.
    package func diff(mask: SecretMask) -> String {
        guard !isSecret, ![found, before].contains(where: SecretMask.holdsPrivateKey) else {
            return "\(path): (secret, or large: it is not shown)\n"
        }
        func text(_ bytes: [UInt8]) -> String { mask.masked(String(decoding: bytes, as: UTF8.self)) }
        return TextDiff.unified(from: text(found), to: text(before), path: path) ?? "(only secrets differ)\n"
    }
}

/// A change in a host's journal.
package struct EntryFact: Sendable, Equatable {
    package var number: String
    package var state: String
    package var function: String
    package var subject: Subject
    package var summary: String
    package var arguments: [String]
    /// When it was begun, in seconds since 1970; nil where it was not, and in runs of earlier formats.
    package var began: Int?
    /// When it came to its state, likewise.
    package var ended: Int?

    /// Whether there is anything of it to take back.
    package var isStanding: Bool { !["undone", ""].contains(state) }
    /// Nil for one that this haprov does not know.
    package var change: (any Change)? { ResourceKinds.change(function, arguments) }
}
