import HostShell

/// The users and groups that were asked about and are there.
package struct UserFacts: Fact {
    package var accounts: [String: AccountFact] = [:]
    package var groups: Set<String> = []

    package init() {}

    package static let words: Set = ["user", "group"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "user":
            accounts[record[1]] = AccountFact(userID: record.number(2), home: record[4], shell: record[5])
        default: groups.insert(record[1])
        }
    }
}

extension Facts {
    /// Users by name.
    package var accounts: [String: AccountFact] {
        get { self[UserFacts.self].accounts }
        set { self[UserFacts.self].accounts = newValue }
    }

    package var groups: Set<String> {
        get { self[UserFacts.self].groups }
        set { self[UserFacts.self].groups = newValue }
    }
}

/// A user that is there.
package struct AccountFact: Sendable, Equatable {
    package var userID: Int
    package var home: String
    package var shell: String
}
