import HostShell

/// What the package manager knows.
package struct PackageFacts: Fact {
    package var packages: [String: String] = [:]
    package var owners: [String: String] = [:]
    package var repositories: [RepositoryFact] = []

    package init() {}

    package static let words: Set = ["package", "owner", "repository"]

    package mutating func take(_ record: Record) {
        switch record.word {
        // Of several package managers on a host, one that knows nothing of a package has no say.
        case "package": if packages[record[1]]?.isEmpty != false { packages[record[1]] = record[2] }
        case "owner": owners[record[1]] = record[2]
        default:
            repositories.append(RepositoryFact(id: record[1], url: record[2], isReachable: record.flag(3)))
        }
    }
}

extension Facts {
    /// What provides a package, by the name asked for; empty where nothing does.
    package var packages: [String: String] {
        get { self[PackageFacts.self].packages }
        set { self[PackageFacts.self].packages = newValue }
    }

    /// The package that a file belongs to, by path.
    package var owners: [String: String] {
        get { self[PackageFacts.self].owners }
        set { self[PackageFacts.self].owners = newValue }
    }

    package var repositories: [RepositoryFact] {
        get { self[PackageFacts.self].repositories }
        set { self[PackageFacts.self].repositories = newValue }
    }
}

/// A repository that the package manager would ask.
package struct RepositoryFact: Sendable, Equatable {
    package var id: String
    package var url: String
    /// Whether the name resolves, or the directory is there.
    package var isReachable: Bool
}

extension ProbeQuery {
    /// What provides these packages.
    package static func packages(_ names: [String]) -> ProbeQuery { ProbeQuery(joined: "probe_packages", names) }

    /// The package that a file belongs to.
    package static func owner(of path: String) -> ProbeQuery { ProbeQuery(joined: "probe_owners", [path]) }
}
