/// Sets a kernel setting at run time.
package struct SetSysctl: Change {
    package static let functions = ["sysctl_set"]
    package var function: String { "sysctl_set" }
    package var key: String
    package var value: String
    /// What it is before; nil where a journal tells of it.
    package var expected: String?

    package var arguments: [String] { [key, value] }
    package var subject: Subject { Subject(SysctlResource.kind, key) }
    package var summary: String { "set \(key) to \(value)\(expected.map { " (was \($0))" } ?? "")" }
    package var writes: [String] { ["/var/lib"] }

    package func covers(_ later: any Change) -> Bool { (later as? SetSysctl)?.key == key }
}

extension SetSysctl {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 2 else { return nil }
        self.init(key: arguments[0], value: arguments[1], expected: nil)
    }
}
