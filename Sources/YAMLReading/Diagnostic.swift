/// Something wrong, or doubtful, at one place of a file that people write.
package struct Diagnostic: Sendable, Equatable, Error {
    /// Whether it stops everything.
    package enum Severity: String, Sendable { case error, warning }

    /// Whether it stops everything.
    package var severity: Severity
    /// As it was named to the reader.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int
    /// What was found, and what was expected.
    package var message: String
    /// What to do about it.
    package var remedy: String
    /// By which `haprov explain` says more of it; nil where there is no more to say.
    package var code: String?

    /// From its parts.
    package init(
        severity: Severity, file: String, line: Int, column: Int, message: String, remedy: String,
        code: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
        self.code = code
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line of where and what, and one of what to do.
    package var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)\n    \(remedy)" }
}
