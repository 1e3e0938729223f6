import Errors
import Texts

/// `link`: a symbolic link.
package struct LinkResource: Resource {
    package static let kind = "link"
    package static let meaning = Explanation(
        "A symbolic link",
        "符号链接")
    package static let fields: [FieldDeclaration] = [
        .required("path", "Where it stands", "链接所在的路径"), .required("target", "Where it leads", "链接指向的路径"),
    ]
    package static let script: [UInt8]? = PackageResources.link_sh
    package static let changes: [any Change.Type] = [MakeLink.self]
    package var path: String
    package var target: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        path = fields.path()
        target = fields.text("target")
        try fields.finish()
    }

    package var writtenPaths: [String] { [path] }
    package var queries: [ProbeQuery] { [.file(path), .owner(of: path)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        let found = facts.files[path] ?? FileFact(kind: .absent)
        if found.kind == .link, found.digest == target { return [] }
        let resource = "link \(path)"
        if let package = facts.owners[path] {
            throw Failure(
                .preflight, host: context.host.name, step: resource,
                summary: "\(path) belongs to the installed package \(package) and is not replaced",
                remedy: "Remove that package first: two versions of one program would be mixed.")
        }
        if found.kind == .directory {
            throw Failure(
                .preflight, host: context.host.name, step: resource, summary: "\(path) is a directory",
                remedy: "Move it away, then run haprov again.")
        }
        return [.change(MakeLink(path: path, target: target, expected: found.withoutContent))]
    }
}
