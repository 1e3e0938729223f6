/// A step of a run on one host.
package enum Step: Sendable, Equatable, Codable {
    case change(any Change)
    case check(Check)
    /// Takes back one change of an earlier run.
    case undo(Undo)

    package var summary: String {
        switch self {
        case .change(let change): change.summary
        case .check(let check): check.summary
        case .undo(let undo): undo.summary
        }
    }

    package var isCheck: Bool {
        if case .check = self { return true }
        return false
    }

    /// The change that it makes.
    package var change: (any Change)? {
        if case .change(let change) = self { return change }
        return nil
    }

    /// What it does to a unit, or takes back of what was done to one.
    package var unitChange: UnitChange? {
        switch self {
        case .change(let change): change as? UnitChange
        case .undo(let undo): undo.change as? UnitChange
        case .check: nil
        }
    }

    package static func == (left: Step, right: Step) -> Bool {
        switch (left, right) {
        case (.change(let one), .change(let other)): one.isEqual(to: other)
        case (.check(let one), .check(let other)): one == other
        case (.undo(let one), .undo(let other)): one == other
        default: false
        }
    }
}

/// Taking one change back.
package struct Undo: Sendable, Equatable, Codable {
    package var run: String
    package var number: String
    package var subject: Subject
    package var summary: String
    /// What is taken back; nil where this haprov does not know such changes.
    package var change: (any Change)?
    /// Whose functions do it.
    package var owner: UndoOwner
    /// The journal is told, but nothing is done: another step takes care of it.
    package var marksOnly = false
    /// What somebody has changed by hand since, and comes to be as it was before the run: a unified diff, secrets masked. What
    /// stood there is kept as ``kept``.
    package var edit: String?
    /// Where on the host.
    package var kept: String { "/var/lib/haprov/runs/\(run)/\(number)/found" }

    package init(
        run: String, number: String, subject: Subject, summary: String, change: (any Change)?, owner: UndoOwner = .own,
        marksOnly: Bool = false
    ) {
        self.run = run
        self.number = number
        self.subject = subject
        self.summary = summary
        self.change = change
        self.owner = owner
        self.marksOnly = marksOnly
    }

    package static func == (left: Undo, right: Undo) -> Bool {
        let isSameChange =
            switch (left.change, right.change) {
            case (nil, nil): true
            case (let one?, let other?): one.isEqual(to: other)
            default: false
            }
        return isSameChange && left.run == right.run && left.number == right.number && left.subject == right.subject
            && left.summary == right.summary && left.owner == right.owner && left.marksOnly == right.marksOnly
            && left.edit == right.edit
    }
}
