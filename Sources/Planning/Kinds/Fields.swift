import Texts

/// The fields of a playbook's step, rendered. Knows which were read, so that a misspelt one is found.
package final class Fields {
    private let values: [String: String]
    private var unread: Set<String>
    package let place: PlaybookPlace

    package init(_ values: [String: String], place: PlaybookPlace) {
        self.values = values
        self.unread = Set(values.keys)
        self.place = place
    }

    package func text(_ name: String, default fallback: String? = nil) throws(PlaybookError) -> String {
        unread.remove(name)
        if let value = values[name] {
            guard !value.contains(where: { $0.isNewline || $0 == "\t" }) else {
                throw PlaybookError(place, "`\(name)` must be a single line without tabs")
            }
            if !value.isEmpty { return value }
        }
        guard let fallback else { throw PlaybookError(place, "`\(name)` is missing or empty") }
        return fallback
    }

    package func words(_ name: String) -> [String] {
        unread.remove(name)
        return (values[name] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// As it stands, newlines and all; empty where it is missing.
    package func rawText(_ name: String) -> String {
        unread.remove(name)
        return values[name] ?? ""
    }

    /// Values that hold blanks, parted by newlines.
    package func lines(_ name: String) -> [String] {
        unread.remove(name)
        return (values[name] ?? "").split(separator: "\n").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    package func flag(_ name: String, default fallback: Bool) throws(PlaybookError) -> Bool {
        switch try text(name, default: fallback ? "true" : "false") {
        case "true", "yes": return true
        case "false", "no": return false
        case let other: throw PlaybookError(place, "`\(name)` must be true or false, not `\(other)`")
        }
    }

    package func path(_ name: String = "path") throws(PlaybookError) -> String {
        let path = try text(name)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), path != "/", !parts.contains("."), !parts.contains(".."),
            !parts.dropFirst().contains(""), !path.contains("'")
        else {
            throw PlaybookError(
                place, "`\(name)` must be an absolute path without `.`, `..`, `//` or quotes, not `\(path)`")
        }
        return path
    }

    package func mode(default fallback: String) throws(PlaybookError) -> String {
        let mode = try text("mode", default: fallback)
        guard mode.count == 4, mode.allSatisfy({ ("0"..."7").contains($0) }) else {
            throw PlaybookError(place, "`mode` must be four octal digits in quotes, such as \"0644\", not `\(mode)`")
        }
        return mode
    }

    /// Called once all known fields have been read.
    package func finish() throws(PlaybookError) {
        if let name = unread.sorted().first { throw PlaybookError(place, "unknown field `\(name)`") }
    }
}
