import Texts

/// `user`: a system user that nobody logs in as, with a group of the same name.
package struct UserResource: Resource {
    package static let kind = "user"
    package static let meaning = Explanation(
        "A system user that nobody logs in as, and a group of the same name",
        "不能登录的系统用户,以及同名的组")
    package static let fields: [FieldDeclaration] = [
        .required("name", "Of both", "用户和组的名字"), .standard("home", "/", "The home folder", "主目录"),
        .standard("shell", "/sbin/nologin", "The login shell", "登录 shell"),
    ]
    package static let script: [UInt8]? = PackageResources.user_sh
    package static let changes: [any Change.Type] = [AddUser.self]
    package static let facts: [any Fact.Type] = [UserFacts.self]
    package var name: String
    package var home: String
    package var shell: String

    package init(_ fields: Fields, context: ResourceContext) throws(PlaybookError) {
        name = fields.text("name")
        home = fields.text("home")
        shell = fields.text("shell")
        try fields.finish()
    }

    package var queries: [ProbeQuery] { [ProbeQuery("probe_user", name)] }

    /// How a user of this name that is there differs from the one that haprov would add.
    package func remarks(facts: Facts) -> [String] {
        guard let found = facts.accounts[name] else { return [] }
        var words: [String] = []
        // System users stay below 1000 (SYS_UID_MAX of login.defs(5)); 0 is root by another name.
        if found.userID == 0 || found.userID >= 1000 { words.append("user ID \(found.userID), not a system user's") }
        if found.home != home { words.append("home \(found.home), not \(home)") }
        if found.shell != shell { words.append("shell \(found.shell), not \(shell)") }
        guard !words.isEmpty else { return [] }
        return ["user \(name) is there already and is left as it is: \(words.joined(separator: "; "))"]
    }

    package func steps(facts: Facts, earlier: [Step], context: PlanContext) -> [Step] {
        if facts.accounts[name] != nil, facts.groups.contains(name) { return [] }
        return [.change(AddUser(name: name, home: home, shell: shell))]
    }
}
