/// `user`: a system user that nobody logs in as, with a group of the same name.
struct UserResource: Resource {
    static let kind = "user"
    var name: String
    var home: String
    var shell: String

    init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = try fields.text("name")
        home = try fields.text("home", default: "/")
        shell = try fields.text("shell", default: "/sbin/nologin")
        try fields.finish()
    }

    var queries: [ProbeQuery] { [ProbeQuery("probe_user", name)] }

    func steps(facts: Facts, earlier: [Step], context: PlanContext) -> [Step] {
        if facts.users.contains(name), facts.groups.contains(name) { return [] }
        return [
            .change(
                Change(
                    "user_add", [name, home, shell], resource: "user \(name)",
                    summary: "add system user and group \(name) (home \(home), shell \(shell))", isBarrier: true))
        ]
    }
}
