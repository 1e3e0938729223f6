import HostShell
import Texts

/// What is at the paths that were asked about.
package struct FileFacts: Fact {
    package var files: [String: FileFact] = [:]

    package init() {}

    package static let words: Set = ["file", "content"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "file": files[record[1]] = FileFact(record)
        default: files[record[1]]?.content = Base64.decode(record[2].utf8)
        }
    }
}

extension Facts {
    /// By path.
    package var files: [String: FileFact] {
        get { self[FileFacts.self].files }
        set { self[FileFacts.self].files = newValue }
    }
}

/// What is at a path.
package struct FileFact: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable { case file, directory, link, absent }
    package var kind: Kind
    /// As `stat -c %a` prints it, with four digits.
    package var mode = ""
    package var owner = ""
    package var group = ""
    package var size = 0
    /// The SHA-256 of a file's content, or a link's target.
    package var digest = ""
    /// Where it was asked for and is no larger than 256 KiB.
    package var content: [UInt8]?

    /// Without what is in it.
    package var withoutContent: FileFact {
        var fact = self
        fact.content = nil
        return fact
    }
}

extension FileFact {
    fileprivate init(_ record: Record) {
        guard let kind = Kind(rawValue: record[2]), kind != .absent else {
            self.init(kind: .absent)
            return
        }
        let mode = String(repeating: "0", count: max(0, 4 - record[3].count)) + record[3]
        self.init(
            kind: kind, mode: mode, owner: record[4], group: record[5], size: record.number(6), digest: record[7])
    }
}

extension ProbeQuery {
    /// A file's state, and its content too where a diff may have to be shown.
    package static func file(_ path: String, content: Bool = false) -> ProbeQuery {
        ProbeQuery("probe_file", path, content ? "content" : "state")
    }
}
