/// Adds a system user with a group of its own name.
package struct AddUser: Change {
    /// The files that useradd(8) writes.
    package static let files = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow"]

    package static let functions = ["user_add"]
    package var function: String { "user_add" }
    package var name: String
    package var home: String
    package var shell: String

    package var arguments: [String] { [name, home, shell] }
    package var subject: Subject { Subject(UserResource.kind, name) }
    package var summary: String { "add system user and group \(name) (home \(home), shell \(shell))" }
    package var isBarrier: Bool { true }
    package var writes: [String] { Self.files }
}

extension AddUser {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 3 else { return nil }
        self.init(name: arguments[0], home: arguments[1], shell: arguments[2])
    }
}
