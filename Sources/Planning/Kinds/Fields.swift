import Texts
import YAMLReading

/// The fields of a playbook's step, rendered. Collects what is wrong with them, so that every fault is found at once, and
/// knows which were asked for, so that a misspelt one is found.
package final class Fields {
    /// A field as it was written.
    package struct Entry: Sendable {
        package var name: String
        /// Nil where it has a fault that was reported.
        package var text: String?
        /// Where its name stands.
        package var place: SourcePlace
        /// Where a fault of its value is shown.
        package var valuePlace: SourcePlace

        package init(name: String, text: String?, place: SourcePlace, valuePlace: SourcePlace) {
            self.name = name
            self.text = text
            self.place = place
            self.valuePlace = valuePlace
        }
    }

    private let entries: [Entry]
    private let kind: String
    private let stepPlace: SourcePlace
    private let faults: Faults
    private var asked: [String] = []
    private var missing: [String] = []
    /// Fields of which no more is said.
    private var faulty: Set<String>
    private let isSpoilt: Bool

    /// - Parameters:
    ///   - file: the playbook, as faults name it.
    ///   - place: where the step stands.
    package init(_ entries: [Entry], kind: String, file: String, place: SourcePlace) {
        self.entries = entries
        self.kind = kind
        stepPlace = place
        faults = Faults(file: file, document: "the playbook")
        faulty = Set(entries.filter { $0.text == nil }.map(\.name))
        isSpoilt = !faulty.isEmpty
    }

    /// Where the step stands.
    package var place: PlaybookPlace {
        PlaybookPlace(file: faults.file, line: stepPlace.line, column: stepPlace.column)
    }

    /// Reports a fault of a field's value; further ones of the same field are not worth saying.
    package func fault(_ name: String, _ message: String, _ remedy: String) {
        guard faulty.insert(name).inserted else { return }
        faults.error(entry(name)?.valuePlace ?? stepPlace, message, remedy)
    }

    /// Reports a fault of the step as a whole, unless its fields have faults of which it may be no more than a consequence.
    package func fault(_ message: String, _ remedy: String) {
        if faulty.isEmpty { faults.error(stepPlace, message, remedy) }
    }

    /// What was reported so far.
    var found: [Diagnostic] { faults.diagnostics }

    private func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    private func value(_ name: String) -> String {
        if !asked.contains(name) { asked.append(name) }
        return entry(name)?.text ?? ""
    }

    /// A single line. Required, unless there is a value for where it is missing or empty.
    package func text(_ name: String, default fallback: String? = nil) throws(PlaybookError) -> String {
        let value = value(name)
        if value.contains(where: { $0.isNewline || $0 == "\t" }) {
            fault(
                name, "`\(name)` must be a single line without tabs",
                "Write it in one line; a list, and a text after `|`, has several.")
            return fallback ?? ""
        }
        if !value.isEmpty { return value }
        if fallback == nil, !missing.contains(name), !faulty.contains(name) { missing.append(name) }
        return fallback ?? ""
    }

    /// Parted by blanks.
    package func words(_ name: String) -> [String] {
        value(name).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// As it stands, newlines and all; empty where it is missing.
    package func rawText(_ name: String) -> String { value(name) }

    /// Values that hold blanks, parted by newlines.
    package func lines(_ name: String) -> [String] {
        value(name).split(separator: "\n").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    package func flag(_ name: String, default fallback: Bool) throws(PlaybookError) -> Bool {
        switch try text(name, default: fallback ? "true" : "false") {
        case "true", "yes": return true
        case "false", "no": return false
        case let other:
            fault(
                name, "`\(name)` must be true or false, not `\(other)`", "Write `\(name): true` or `\(name): false`.")
            return fallback
        }
    }

    package func path(_ name: String = "path") throws(PlaybookError) -> String {
        let path = try text(name)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if !path.isEmpty,
            !path.hasPrefix("/") || path == "/" || parts.contains(".") || parts.contains("..")
                || parts.dropFirst().contains("") || path.contains("'")
        {
            fault(
                name, "`\(name)` must be an absolute path without `.`, `..`, `//` or quotes, not `\(path)`",
                "Write it from `/` on, such as `/etc/haproxy/haproxy.cfg`, and without a `/` at its end.")
        }
        return path
    }

    package func mode(default fallback: String) throws(PlaybookError) -> String {
        let mode = try text("mode", default: fallback)
        if mode.count != 4 || !mode.allSatisfy({ ("0"..."7").contains($0) }) {
            fault(
                "mode", "`mode` must be four octal digits in quotes, such as \"0644\", not `\(mode)`",
                "Write `mode: \"\(fallback)\"`.")
        }
        return mode
    }

    /// Called once all known fields have been read.
    ///
    /// - Throws: all that was found wrong.
    package func finish() throws(PlaybookError) {
        let given = entries.map(\.name)
        for entry in entries where !asked.contains(entry.name) {
            let meant = NearestName.of(entry.name, among: asked.filter { !given.contains($0) })
            missing.removeAll { $0 == meant }
            faults.error(
                entry.place, "unknown field `\(entry.name)` of `\(kind)`",
                meant.map { "Did you mean `\($0)`?" } ?? "Its fields are \(asked.joined(separator: ", ")).")
        }
        for name in missing {
            faults.error(
                entry(name)?.valuePlace ?? stepPlace,
                "`\(name)` of `\(kind)` is \(given.contains(name) ? "empty" : "missing")",
                "Write `\(name): …` among the fields of `\(kind)`.")
        }
        missing = []
        guard !faults.hasErrors, !isSpoilt else { throw PlaybookError(faults.diagnostics) }
    }
}
