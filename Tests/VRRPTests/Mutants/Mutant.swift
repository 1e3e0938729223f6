import Foundation

/// A bug to be planted: texts of a source file, and what to put in their places.
///
///     What is wrong with it, in one line.
///     file: Election/….swift
///     <<<<
///     what stands there
///     ====
///     what is to stand there
///     >>>>
///
/// From `file:` on it may be repeated.
struct Mutant: Sendable, CustomStringConvertible {
    struct Replacement: Sendable {
        /// Below Sources/VRRP.
        var file: String
        var old: String
        var new: String
    }

    enum Failure: Error { case unreadable(String), doesNotApply(mutant: String, file: String, occurrences: Int) }

    let name: String
    let summary: String
    private(set) var replacements: [Replacement] = []

    var description: String { name }

    init(contentsOf file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first else { throw Failure.unreadable(name) }
        summary = String(first)
        var rest = lines.dropFirst()[...]
        while let line = rest.popFirst() {
            if line.isEmpty { continue }
            guard line.hasPrefix("file: "), rest.popFirst() == "<<<<", let middle = rest.firstIndex(of: "===="),
                let end = rest.firstIndex(of: ">>>>"), middle < end
            else { throw Failure.unreadable(name) }
            replacements.append(
                Replacement(
                    file: String(line.dropFirst(6)), old: rest[..<middle].joined(separator: "\n"),
                    new: rest[(middle + 1)..<end].joined(separator: "\n")))
            rest = rest[(end + 1)...]
        }
        if replacements.isEmpty { throw Failure.unreadable(name) }
    }

    /// Changes a copy of Sources/VRRP.
    func plant(in directory: URL) throws {
        for replacement in replacements {
            let file = directory.appending(path: replacement.file)
            let text = try String(contentsOf: file, encoding: .utf8)
            let parts = text.components(separatedBy: replacement.old)
            guard parts.count == 2 else {
                throw Failure.doesNotApply(mutant: name, file: replacement.file, occurrences: parts.count - 1)
            }
            try parts.joined(separator: replacement.new).write(to: file, atomically: true, encoding: .utf8)
        }
    }
}
