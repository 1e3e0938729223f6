import Errors
import Texts

/// `directory`: a directory, with parents where they are missing.
package struct DirectoryResource: Resource {
    package static let kind = "directory"
    package static let meaning = Explanation(
        "A directory, with parents where they are missing",
        "目录,缺少的上级一并建立")
    package static let fields: [FieldDeclaration] = [
        .required("path", "Absolute", "绝对路径"), .mode("0755"), .owner, .group,
    ]
    package static let script: [UInt8]? = PackageResources.directory_sh
    package static let changes: [any Change.Type] = [MakeDirectory.self]
    package var path: String
    package var mode: String
    package var owner: String
    package var group: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        path = fields.path()
        mode = fields.mode()
        owner = fields.text("owner")
        group = fields.text("group")
        try fields.finish()
    }

    package var writtenPaths: [String] { [path] }
    package var queries: [ProbeQuery] { [.file(path)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let resource = "directory \(path)"
        let found = facts.files[path] ?? FileFact(kind: .absent)
        switch found.kind {
        case .directory:
            guard found.mode != mode || found.owner != owner || found.group != group else { return [] }
            return [
                .change(
                    SetMode(kind: Self.kind, path: path, mode: mode, owner: owner, group: group, expected: found))
            ]
        case .absent:
            return [.change(MakeDirectory(path: path, mode: mode, owner: owner, group: group))]
        case .file, .link:
            throw Failure(
                .preflight, host: context.host.name, step: resource,
                summary: "\(path) is a \(found.kind.rawValue) where a directory should be",
                remedy: "Move it away, then run haprov again.")
        }
    }
}
