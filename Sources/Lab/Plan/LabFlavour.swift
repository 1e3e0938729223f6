/// What a lab's hosts are, and what they find when they ask for packages.
package enum LabFlavour: String, Sendable, Codable, CaseIterable {
    /// Dressed as CentOS 7.7, with a local repository that works.
    case standard
    /// The same with the repositories that CentOS 7.7 was shipped with, which nobody answers for any more.
    case deadRepositories = "dead-repositories"
    /// Debian as it is, with a local archive.
    case debian12, debian13

    var system: LabSystem {
        switch self {
        case .standard, .deadRepositories: .centos7
        case .debian12: .debian(suite: "bookworm")
        case .debian13: .debian(suite: "trixie")
        }
    }

    /// Whether the image's packages are there for its balancers to install.
    var hasRepository: Bool { self != .deadRepositories }
}

/// What a lab's hosts are made from.
enum LabSystem: Equatable {
    /// Debian 12, dressed as CentOS 7.7: its release files, yum, rpm, firewalld.
    case centos7
    case debian(suite: String)

    /// The release of Debian beneath.
    var suite: String {
        switch self {
        case .centos7: "bookworm"
        case .debian(let suite): suite
        }
    }

    /// Its name among the recipes.
    var recipe: String {
        switch self {
        case .centos7: "centos7"
        case .debian: "debian"
        }
    }

    /// The folder of packages in its image.
    var repository: String {
        switch self {
        case .centos7: "rpms"
        case .debian: "debs"
        }
    }
}
