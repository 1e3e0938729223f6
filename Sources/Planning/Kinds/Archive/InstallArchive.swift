/// Puts a compiled tree below its prefix.
package struct InstallArchive: Change {
    package static let functions = ["archive_install"]
    package var function: String { "archive_install" }
    package var product: String
    package var prefix: String
    package var build: BuildID
    /// What is there before; nil where a journal tells of it.
    package var expected: ArchiveFact?

    package var arguments: [String] { [product, prefix, build.value] }
    package var subject: Subject { Subject(ArchiveResource.kind, product) }
    package var content: Content { .artifact(build) }
    package var isBarrier: Bool { true }
    package var writes: [String] { [prefix, "/var/lib"] }
    package var programFolders: [String] { Self.programFolders(below: prefix) }
    package var bringsManyFiles: Bool { true }
    package var bearing: FailoverBearing { .product(product) }

    package var summary: String {
        let found = expected ?? ArchiveFact()
        let verb =
            found.build.isEmpty ? "install" : found.build == build.value ? "put back the changed files of" : "replace"
        return "\(verb) \(product) below \(prefix)"
    }

    /// `archive_install_fold` takes over what only the later one replaced.
    package func covers(_ later: any Change) -> Bool {
        guard let later = later as? InstallArchive else { return false }
        return later.product == product && later.prefix == prefix
    }
}

extension InstallArchive {
    static func programFolders(below prefix: String) -> [String] { ["\(prefix)/sbin"] }

    package init?(function: String, arguments: [String]) {
        guard arguments.count == 3 else { return nil }
        self.init(product: arguments[0], prefix: arguments[1], build: BuildID(arguments[2]), expected: nil)
    }
}
