import HostShell

/// Puts files that belong together below a folder, all or none.
package struct WriteTree: Change {
    package static let functions = ["tree_write"]
    package var function: String { "tree_write" }
    package var name: String
    package var path: String
    package var group: String
    /// The SHA-256 of the content, in hexadecimal digits.
    package var digest: String
    /// A command that must end 0 where the folder is as it is going to be.
    package var check: String
    /// Whether files of installed packages may be among those that are replaced.
    package var isPackaged: Bool
    /// Whether files that are replaced keep mode, owner and group.
    package var keepsOwners = false
    /// Paths of files that go.
    package var removed: [String]
    /// Paths of files that are put there only where there is none.
    package var initial: [String]
    package var content: Content
    package var diff: String?
    package var summary: String

    package var arguments: [String] {
        [name, path, group, digest, check, isPackaged ? "packaged" : "own"] + (keepsOwners ? ["+owners"] : [])
            + removed.map { "-\($0)" } + initial.map { "=\($0)" }
    }
    package var subject: Subject { Subject(TreeResource.kind, name) }
    package var writes: [String] { [path, "/var/lib"] }
    package var bringsManyFiles: Bool { true }

    /// `tree_write_fold` takes over what only the later one replaced.
    package func covers(_ later: any Change) -> Bool {
        guard let later = later as? WriteTree else { return false }
        return later.name == name && later.path == path
    }
}

extension WriteTree {
    package init?(function: String, arguments: [String]) {
        guard arguments.count >= 6 else { return nil }
        func paths(_ sign: String) -> [String] {
            arguments.dropFirst(6).filter { $0.hasPrefix(sign) }.map { String($0.dropFirst()) }
        }
        self.init(
            name: arguments[0], path: arguments[1], group: arguments[2], digest: arguments[3], check: arguments[4],
            isPackaged: arguments[5] == "packaged", keepsOwners: arguments.dropFirst(6).first == "+owners",
            removed: paths("-"), initial: paths("="), content: .none,
            summary: "change files below \(arguments[1])")
    }
}
