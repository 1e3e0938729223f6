/// Sets an SELinux boolean, now and permanently.
package struct SetBoolean: Change {
    package static let functions = ["selinux_set"]
    package var function: String { "selinux_set" }
    package var name: String
    /// `on` or `off`.
    package var value: String
    /// What it is before; nil where a journal tells of it.
    package var expected: BooleanFact?

    package var arguments: [String] { [name, value] }
    package var subject: Subject { Subject(SELinuxResource.kind, name) }
    package var writes: [String] { ["/etc", "/var/lib"] }

    package var summary: String {
        let was = expected.map { " (was \($0.description))" } ?? ""
        return "set SELinux's boolean \(name) to \(value), now and permanently\(was)"
    }
}

extension SetBoolean {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 2 else { return nil }
        self.init(name: arguments[0], value: arguments[1], expected: nil)
    }
}
