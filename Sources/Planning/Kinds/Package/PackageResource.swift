import Errors
import Texts

/// `package`: packages by name, and what they need.
package struct PackageResource: Resource {
    package static let kind = "package"
    package static let meaning = Explanation(
        "Packages by name, and what they require",
        "软件包及其依赖")
    package static let fields: [FieldDeclaration] = [
        .optional("names", "One or several, parted by blanks", "一个或多个,以空格分隔")
    ]
    /// What the platforms' package managers share; their own are theirs.
    package static let script: [UInt8]? = PackageResources.package_sh
    package static let changes: [any Change.Type] = [InstallPackages.self]
    package static let facts: [any Fact.Type] = [PackageFacts.self]
    package var names: [String]

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        var seen = Set<String>()
        names = fields.words("names").filter { seen.insert($0).inserted }
        for name in names where name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._+-]*/) == nil {
            fields.fault(
                "names", "`\(name)` is not a package's name",
                "Write names as the package manager knows them, parted by blanks.")
        }
        try fields.finish()
    }

    package init(names: [String]) { self.names = names }

    package var queries: [ProbeQuery] { [.packages(names)] }
    package var packages: [String] { names }

    package func missing(in facts: Facts) -> [String] { names.filter { (facts.packages[$0] ?? "").isEmpty } }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let missing = missing(in: facts)
        guard !missing.isEmpty else { return [] }
        let upgrades = context.cluster.allowUpgrades
        let manager = context.platform.packageManager
        switch context.packages {
        case .assumed:
            return [.change(InstallPackages(by: manager, names: missing, source: "host", mayUpgrade: upgrades))]
        case .transaction(let transaction):
            try transaction.refuseUnlessFit(for: missing, context: context)
            return [
                .change(
                    InstallPackages(by: manager, names: missing, source: transaction.source, mayUpgrade: upgrades))
            ]
        case nil:
            throw Failure(
                .preflight, host: context.host.name, step: "package \(missing.joined(separator: " "))",
                summary: "the package manager was not asked what it would do",
                remedy: "Run haprov again: packages went away while it looked at the host.")
        }
    }
}

/// What is known of packages that a host lacks.
package enum PackageAnswer: Sendable {
    /// Nothing yet: that they can be had is taken for granted.
    case assumed
    /// What the host's package manager says it would do.
    case transaction(PackageTransaction)
}
