import HostShell

/// Puts a file in place, as a whole.
package struct WriteFile: Change {
    package static let functions = ["file_write"]
    package var function: String { "file_write" }
    package var kind: String
    package var path: String
    package var mode: String
    package var owner: String
    package var group: String
    /// The SHA-256 of the content, in hexadecimal digits.
    package var digest: String
    /// A command in which `{}` stands for the new file; it must end 0 before the file is put in place.
    package var check: String
    package var content: Content
    package var diff: String?
    package var isSecret = false
    /// What is there before, without its content; nil where a journal tells of it.
    package var expected: FileFact?

    package var arguments: [String] { [path, mode, owner, group, digest, check] }
    package var subject: Subject { Subject(kind, path) }
    package var writes: [String] { [path, "/var/lib"] }
    package var bearing: FailoverBearing { .path(path) }
    package var programFolders: [String] {
        guard case .program = content else { return [] }
        return [ProgramResource.folder(of: path)]
    }

    package var summary: String {
        let checker = String(check.prefix { $0 != " " })
        let checked = check.isEmpty ? "" : checker == "{}" ? ", tried out first" : ", checked by \(checker)"
        return "\(expected?.kind == .absent ? "create" : "change") \(path) (\(mode) \(owner):\(group)\(checked))"
    }

    /// What was there before comes back as a whole, or there is nothing.
    package func covers(_ later: any Change) -> Bool {
        (later as? WriteFile)?.path == path || (later as? SetMode)?.path == path
    }
}

extension WriteFile {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 6 else { return nil }
        self.init(
            kind: FileResource.kind, path: arguments[0], mode: arguments[1], owner: arguments[2], group: arguments[3],
            digest: arguments[4], check: arguments[5], content: .none, expected: nil)
    }
}

/// Gives a file or directory whose content is right already its mode and owners.
package struct SetMode: Change {
    package static let functions = ["file_mode"]
    package var function: String { "file_mode" }
    package var kind: String
    package var path: String
    package var mode: String
    package var owner: String
    package var group: String
    /// What is there before; nil where a journal tells of it.
    package var expected: FileFact?

    package var arguments: [String] { [path, mode, owner, group] }
    package var subject: Subject { Subject(kind, path) }
    package var writes: [String] { [path, "/var/lib"] }
    package var bearing: FailoverBearing { .path(path) }

    package var summary: String {
        let was = expected.map { $0.kind == .directory ? "" : " (was \($0.mode) \($0.owner):\($0.group))" } ?? ""
        return "set \(path) to \(mode) \(owner):\(group)\(was)"
    }

    package func covers(_ later: any Change) -> Bool { (later as? SetMode)?.path == path }
}

extension SetMode {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 4 else { return nil }
        self.init(
            kind: FileResource.kind, path: arguments[0], mode: arguments[1], owner: arguments[2], group: arguments[3],
            expected: nil)
    }
}
