/// Makes a directory, with the parents that are missing.
package struct MakeDirectory: Change {
    package static let functions = ["directory_make"]
    package var function: String { "directory_make" }
    package var path: String
    package var mode: String
    package var owner: String
    package var group: String

    package var arguments: [String] { [path, mode, owner, group] }
    package var subject: Subject { Subject(DirectoryResource.kind, path) }
    package var summary: String { "create directory \(path) (\(mode) \(owner):\(group))" }
    package var writes: [String] { [path, "/var/lib"] }
}

extension MakeDirectory {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 4 else { return nil }
        self.init(path: arguments[0], mode: arguments[1], owner: arguments[2], group: arguments[3])
    }
}
