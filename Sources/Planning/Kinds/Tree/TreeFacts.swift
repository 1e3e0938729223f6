import HostShell
import Texts

/// The trees that were asked about, by name.
package struct TreeFacts: Fact {
    package var trees: [String: TreeFact] = [:]

    package init() {}

    package static let words: Set = ["treerecord", "treefile", "treedigest", "treecontent"]

    package mutating func take(_ record: Record) {
        let (name, path) = (record[1], record[2])
        switch record.word {
        case "treerecord": trees[name, default: TreeFact()].record.insert(path)
        case "treefile": trees[name, default: TreeFact()].files[path] = FileFact(ofTree: record)
        case "treedigest": trees[name, default: TreeFact()].files[path]?.digest = record[3]
        default: trees[name, default: TreeFact()].files[path]?.content = Base64.decode(record[3].utf8)
        }
    }
}

extension Facts {
    /// By name.
    package var trees: [String: TreeFact] {
        get { self[TreeFacts.self].trees }
        set { self[TreeFacts.self].trees = newValue }
    }
}

/// What is below a tree's folder.
package struct TreeFact: Sendable, Equatable, Codable {
    /// Files and links by path below it. Digests are known of those that haprov has put or is to put there, contents of those that
    /// are about to be changed.
    package var files: [String: FileFact] = [:]
    /// What haprov put there.
    package var record: Set<String> = []

    package init() {}
}

extension FileFact {
    /// From what `find` prints.
    fileprivate init(ofTree record: Record) {
        let mode = String(repeating: "0", count: max(0, 4 - record[4].count)) + record[4]
        self.init(
            kind: record[3] == "f" ? .file : .link, mode: mode, owner: record[5], group: record[6],
            size: record.number(7), digest: record[8])
    }
}
