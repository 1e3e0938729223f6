import HostShell

/// The SELinux booleans that were asked about.
package struct SELinuxFacts: Fact {
    package var booleans: [String: BooleanFact] = [:]

    package init() {}

    package static let words: Set = ["selinux-boolean"]

    package mutating func take(_ record: Record) {
        booleans[record[1]] = BooleanFact(active: record[2], kept: record[3])
    }
}

extension Facts {
    /// SELinux booleans by name; none where SELinux is not in use.
    package var booleans: [String: BooleanFact] {
        get { self[SELinuxFacts.self].booleans }
        set { self[SELinuxFacts.self].booleans = newValue }
    }
}

/// An SELinux boolean.
package struct BooleanFact: Sendable, Equatable, Codable {
    /// `on` or `off`, at run time; empty where the policy has none of this name.
    package var active: String
    /// `on` or `off`, as it was set permanently; empty where the policy's own value stands.
    package var kept: String

    /// In words.
    package var description: String {
        kept.isEmpty || kept == active ? active : "\(active), and \(kept) after a restart"
    }
}
