/// What a lab's hosts are, and what they find when they ask for packages.
package enum LabFlavour: String, Sendable, Codable, CaseIterable {
    /// Dressed as CentOS 7.7, with a local repository that works.
    case standard
    /// The same with the repositories that CentOS 7.7 was shipped with, which nobody answers for any more.
    case deadRepositories = "dead-repositories"
    /// Dressed as Rocky Linux 9.4, with a local repository that has HAProxy and keepalived too.
    case el9
    /// Debian as it is, with a local archive.
    case debian12, debian13

    var system: LabSystem {
        switch self {
        case .standard, .deadRepositories: .centos7
        case .el9: .el9
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
    /// Debian 12, dressed as Rocky Linux 9.4: the same, with dnf alone.
    case el9
    case debian(suite: String)

    /// The release of Debian beneath.
    var suite: String {
        switch self {
        case .centos7, .el9: "bookworm"
        case .debian(let suite): suite
        }
    }

    /// Its name among the recipes.
    var recipe: String {
        switch self {
        case .centos7: "centos7"
        case .el9: "el9"
        case .debian: "debian"
        }
    }

    /// Whether it is dressed as Enterprise Linux.
    var isDressed: Bool {
        switch self {
        case .centos7, .el9: true
        case .debian: false
        }
    }

    /// The folder of packages in its image.
    var repository: String { isDressed ? "rpms" : "debs" }
}
