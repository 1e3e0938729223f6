/// Collects what is wrong in one file, so that every fault is reported at once.
package final class Faults {
    package let file: String
    /// What the file is, for messages: `the inventory`.
    package let document: String
    private var found: [Diagnostic] = []
    /// Where values stand, by path.
    package var places: [String: SourcePlace] = [:]

    package init(file: String, document: String) {
        self.file = file
        self.document = document
    }

    package func error(_ place: SourcePlace, _ message: String, _ remedy: String) {
        add(.error, place, message, remedy)
    }

    /// - Parameter code: by which it can be asked about.
    package func warning(_ place: SourcePlace, _ message: String, _ remedy: String, code: String? = nil) {
        add(.warning, place, message, remedy, code)
    }

    /// Drops what was found so far.
    package func forget() { found = [] }

    package var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// In the order of the file; a value that aliases bring in several times is reported once.
    package var diagnostics: [Diagnostic] {
        var seen: [Diagnostic] = []
        for one in found where !seen.contains(one) { seen.append(one) }
        return seen.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset)
                < (right.element.line, right.element.column, right.offset)
        }.map(\.element)
    }

    /// The place of a path, or else of the nearest enclosing one that is known, or else the file's beginning.
    package func place(_ path: String) -> SourcePlace { SourcePlace.nearest(to: path, in: places) }

    private func add(
        _ severity: Diagnostic.Severity, _ place: SourcePlace, _ message: String, _ remedy: String,
        _ code: String? = nil
    ) {
        found.append(
            Diagnostic(
                severity: severity, file: file, line: place.line, column: place.column, message: message,
                remedy: remedy, code: code))
    }
}
