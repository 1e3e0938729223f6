/// `user`: a system user that nobody logs in as, with a group of the same name.
package struct UserResource: Resource {
    package static let kind = "user"
    package static let script: [UInt8]? = PackageResources.user_sh
    package static let changes: [any Change.Type] = [AddUser.self]
    package var name: String
    package var home: String
    package var shell: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = try fields.text("name")
        home = try fields.text("home", default: "/")
        shell = try fields.text("shell", default: "/sbin/nologin")
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_user", name)] }

    /// How a user of this name that is there differs from the one that haprov would add; nil where it does not, or where
    /// there is none.
    package func difference(in facts: Facts) -> String? {
        guard let found = facts.accounts[name] else { return nil }
        var words: [String] = []
        // System users stay below 1000 (SYS_UID_MAX of login.defs(5)); 0 is root by another name.
        if found.userID == 0 || found.userID >= 1000 { words.append("user ID \(found.userID), not a system user's") }
        if found.home != home { words.append("home \(found.home), not \(home)") }
        if found.shell != shell { words.append("shell \(found.shell), not \(shell)") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) -> [Step] {
        if facts.users.contains(name), facts.groups.contains(name) { return [] }
        return [.change(AddUser(name: name, home: home, shell: shell))]
    }
}
