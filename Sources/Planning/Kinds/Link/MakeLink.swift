/// Makes a symbolic link.
package struct MakeLink: Change {
    package static let functions = ["link_make"]
    package var function: String { "link_make" }
    package var path: String
    package var target: String
    /// What is there before; nil where a journal tells of it.
    package var expected: FileFact?

    package var arguments: [String] { [path, target] }
    package var subject: Subject { Subject(LinkResource.kind, path) }
    package var writes: [String] { [path, "/var/lib"] }
    package var bearing: FailoverBearing { .path(path) }

    package var summary: String {
        let was = expected.map { $0.kind == .absent ? "" : " (replaces a \($0.kind.rawValue))" } ?? ""
        return "link \(path) to \(target)\(was)"
    }

    package func covers(_ later: any Change) -> Bool { (later as? MakeLink)?.path == path }
}

extension MakeLink {
    package init?(function: String, arguments: [String]) {
        guard arguments.count == 2 else { return nil }
        self.init(path: arguments[0], target: arguments[1], expected: nil)
    }
}
