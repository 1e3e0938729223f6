import HostShell

/// How the conditions of commands end.
package struct CommandFacts: Fact {
    package var conditions: [String: Int] = [:]

    package init() {}

    package static let words: Set = ["condition"]

    package mutating func take(_ record: Record) { conditions[record[1]] = record.number(2) }
}

extension Facts {
    /// Exit statuses by condition: 124 where it did not end, 126 and 127 where it cannot be run.
    package var conditions: [String: Int] {
        get { self[CommandFacts.self].conditions }
        set { self[CommandFacts.self].conditions = newValue }
    }
}

/// A command that says whether another is needed. It changes nothing.
package struct CommandCondition: Sendable, Equatable, Codable {
    /// Words parted by blanks.
    package var command: String
    /// How it ends where the other command is needed.
    package var succeeds: Bool

    /// As it was found.
    package var reason: String { "`\(command)` \(Self.word(succeeds))" }

    static func word(_ succeeds: Bool) -> String { succeeds ? "succeeds" : "fails" }
}
