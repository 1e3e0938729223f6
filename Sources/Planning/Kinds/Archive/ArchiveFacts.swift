import HostShell

/// The trees that were asked about, by product.
package struct ArchiveFacts: Fact {
    package var archives: [String: ArchiveFact] = [:]

    package init() {}

    package static let words: Set = ["archive"]

    package mutating func take(_ record: Record) {
        archives[record[1]] = ArchiveFact(
            build: record[2], isIntact: record[3] == "intact", foreignFiles: record.number(4))
    }
}

extension Facts {
    /// By product.
    package var archives: [String: ArchiveFact] {
        get { self[ArchiveFacts.self].archives }
        set { self[ArchiveFacts.self].archives = newValue }
    }
}

/// A tree that haprov installed.
package struct ArchiveFact: Sendable, Equatable, Codable {
    /// The ``BuildID`` that it came from; empty where it is not installed.
    package var build = ""
    /// Whether every file is as it was installed.
    package var isIntact = false
    /// Below the prefix of a tree that haprov did not install; no more than 1000 are counted.
    package var foreignFiles = 0
}
