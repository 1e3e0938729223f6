import Errors
import Texts

/// `program`: a program of haprov's own, brought from the controller. It is one static file; one that runs keeps its inode
/// when it is replaced.
package struct ProgramResource: Resource {
    package static let kind = "program"
    package static let meaning = Explanation(
        "A program of haprov's own, such as `haprov-vrrpd`",
        "haprov 自带的程序,例如 `haprov-vrrpd`")
    package static let fields = [.required("name", "The program", "程序名")] + FileTarget.fields(mode: "0755")
    package static let script: [UInt8]? = nil
    package var name: String
    package var target: FileTarget

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = fields.text("name")
        target = FileTarget(fields, kind: Self.kind, secrets: [])
        try fields.finish()
    }

    package var writtenPaths: [String] { [target.path] }
    package var programFolders: [String] { [Self.folder(of: target.path)] }

    /// The folder that a file is in.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
    package var queries: [ProbeQuery] { [.file(target.path), .owner(of: target.path)] }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        guard let program = context.programs[name] else {
            throw Failure(
                .input, host: context.host.name, step: "program \(name)",
                summary: "haprov ships no program of this name, or its file cannot be found",
                remedy: "Take the haprov that `make dist` makes, which has its programs inside.")
        }
        return try target.steps(.program(program), digest: program.sha256, facts: facts, host: context.host.name)
    }
}
