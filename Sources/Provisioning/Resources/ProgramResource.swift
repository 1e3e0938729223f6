import Errors

/// `program`: a program of haprov's own, brought from the controller. It is one static file; one that runs keeps its inode
/// when it is replaced.
struct ProgramResource: Resource {
    static let kind = "program"
    var name: String
    var target: FileTarget

    init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = try fields.text("name")
        target = try FileTarget(fields, mode: "0755", resource: "program", secrets: [])
        try fields.finish()
    }

    var queries: [ProbeQuery] { [.file(target.path)] }
    var ownedPaths: [String] { [target.path] }

    func steps(facts: Facts, earlier: [Step], context: PlanContext) throws(Failure) -> [Step] {
        guard let program = context.programs[name] else {
            throw Failure(
                .input, host: context.host.name, step: "program \(name)",
                summary: "haprov ships no program of this name, or its file cannot be found",
                remedy: "Install haprov with `make install`, which puts its programs where it finds them.")
        }
        return try target.steps(.program(program), digest: program.sha256, facts: facts, host: context.host.name)
    }
}
