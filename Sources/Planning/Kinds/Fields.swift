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
    private let declared: [FieldDeclaration]
    private let stepPlace: SourcePlace
    private let faults: Faults
    /// What was read so far, in order.
    private(set) var asked: [String] = []
    /// Of the template that was asked for.
    private var templateFaults: [Diagnostic] = []
    private var missing: [String] = []
    /// Fields of which no more is said.
    private var faulty: Set<String>
    private let isSpoilt: Bool

    /// - Parameters:
    ///   - file: the playbook, as faults name it.
    ///   - place: where the step stands.
    package init(_ entries: [Entry], of kind: any Resource.Type, file: String, place: SourcePlace) {
        self.entries = entries
        self.kind = kind.kind
        declared = kind.fields
        stepPlace = place
        faults = Faults(file: file, document: "the playbook")
        faulty = Set(entries.filter { $0.text == nil }.map(\.name))
        isSpoilt = !faulty.isEmpty
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

    private func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    private func value(_ name: String) -> String {
        if !asked.contains(name) { asked.append(name) }
        return entry(name)?.text ?? ""
    }

    /// A single line.
    package func text(_ name: String) -> String {
        let value = value(name)
        if value.contains(where: { $0.isNewline || $0 == "\t" }) {
            fault(
                name, "`\(name)` must be a single line without tabs",
                "Write it in one line; a list, and a text after `|`, has several.")
            return ""
        }
        if !value.isEmpty { return value }
        switch declared.first(where: { $0.name == name })?.need {
        case .standard(let standard): return standard
        case .required: if !missing.contains(name), !faulty.contains(name) { missing.append(name) }
        case .optional, nil: break
        }
        return ""
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

    package func flag(_ name: String) -> Bool {
        switch text(name) {
        case "true", "yes": return true
        case "false", "no": return false
        case let other:
            fault(
                name, "`\(name)` must be true or false, not `\(other)`", "Write `\(name): true` or `\(name): false`.")
            return false
        }
    }

    package func path(_ name: String = "path") -> String {
        let path = text(name)
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

    package func mode() -> String {
        let mode = text("mode")
        if mode.count != 4 || !mode.allSatisfy({ ("0"..."7").contains($0) }) {
            fault(
                "mode", "`mode` must be four octal digits in quotes, such as \"0644\", not `\(mode)`",
                "Write `mode: \"0644\"`, or `\"0755\"` for what is run or entered.")
        }
        return mode
    }

    /// A template, rendered; its faults are this step's too.
    package func template(_ name: String, _ context: ResourceContext) -> String {
        let file = text(name)
        guard !file.isEmpty else { return "" }
        guard let template = context.templates[file] else {
            let meant = NearestName.of(file, among: context.templates.keys.sorted()).map { "Did you mean `\($0)`?" }
            fault(
                name, "there is no template `\(file)`",
                meant ?? "Put it beside balancer.yml, under a name that ends in .mustache.")
            return ""
        }
        templateFaults = context.values.faults(in: template).map {
            $0.diagnostic(file: context.places[file] ?? file, at: $0.place)
        }
        return templateFaults.isEmpty ? context.values.render(template) : ""
    }

    /// Called once all fields have been read.
    ///
    /// - Throws: all that was found wrong.
    package func finish() throws(PlaybookError) {
        let given = entries.map(\.name)
        let known = declared.map(\.name)
        for entry in entries where !known.contains(entry.name) {
            let meant = NearestName.of(entry.name, among: known.filter { !given.contains($0) })
            missing.removeAll { $0 == meant }
            faults.error(
                entry.place, "unknown field `\(entry.name)` of `\(kind)`",
                meant.map { "Did you mean `\($0)`?" } ?? "Its fields are \(known.joined(separator: ", ")).")
        }
        for name in missing {
            faults.error(
                entry(name)?.valuePlace ?? stepPlace,
                "`\(name)` of `\(kind)` is \(given.contains(name) ? "empty" : "missing")",
                "Write `\(name): …` among the fields of `\(kind)`.")
        }
        missing = []
        guard !faults.hasErrors, templateFaults.isEmpty, !isSpoilt else {
            throw PlaybookError(faults.diagnostics + templateFaults)
        }
    }
}
