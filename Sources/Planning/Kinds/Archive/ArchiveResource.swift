import Errors
import Texts

/// `archive`: a compiled tree below its prefix.
package struct ArchiveResource: Resource {
    package static let kind = "archive"
    package static let meaning = Explanation(
        "What was compiled",
        "编译成品")
    package static let fields: [FieldDeclaration] = [
        .required("product", "`haproxy` or `keepalived`", "`haproxy` 或 `keepalived`"),
        .required("prefix", "The folder that it is installed below", "安装目录"),
    ]
    package static let script: [UInt8]? = PackageResources.archive_sh
    package static let changes: [any Change.Type] = [InstallArchive.self]
    package static let facts: [any Fact.Type] = [ArchiveFacts.self]
    package var product: String
    package var prefix: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        product = fields.text("product")
        prefix = fields.path("prefix")
        try fields.finish()
    }

    package var writtenPaths: [String] { [prefix] }
    package var programFolders: [String] { InstallArchive.programFolders(below: prefix) }
    package var queries: [ProbeQuery] { [ProbeQuery("probe_archive", product, prefix)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        guard let wanted = context.builds[product] else {
            throw Failure(
                .input, host: context.host.name, step: "archive \(product)",
                summary: "nothing is known of how to compile \(product)",
                remedy: "Add \(product) to Assets/manifest.yml, or take the step out of the playbook.")
        }
        guard missingProduct(facts: facts, builds: context.builds) != nil else { return [] }
        return [
            .change(InstallArchive(product: product, prefix: prefix, build: wanted, expected: found(in: facts)))
        ]
    }

    private func found(in facts: Facts) -> ArchiveFact { facts.archives[product] ?? ArchiveFact() }

    package func missingProduct(facts: Facts, builds: [String: BuildID]) -> String? {
        let found = found(in: facts)
        return found.build == builds[product]?.value && found.isIntact ? nil : product
    }

    /// What stands below the prefix of a tree that haprov did not install.
    package func remarks(facts: Facts) -> [String] {
        let found = found(in: facts)
        guard found.build.isEmpty, found.foreignFiles > 0 else { return [] }
        let count =
            switch found.foreignFiles {
            case 1: "1 file"
            case ..<1000: "\(found.foreignFiles) files"
            default: "1000 files and more"
            }
        return [
            "\(count) of another origin below \(prefix): those that \(product) has too are replaced, "
                + "and come back by rollback"
        ]
    }
}
