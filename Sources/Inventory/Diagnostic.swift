/// Something wrong, or doubtful, at one place of the inventory.
public struct Diagnostic: Sendable, Equatable, Error {
    /// Whether it stops everything.
    public enum Severity: String, Sendable { case error, warning }

    /// Whether it stops everything.
    public var severity: Severity
    /// As it was named to the reader.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int
    /// What was found, and what was expected.
    public var message: String
    /// What to do about it.
    public var remedy: String

    /// From its parts.
    public init(severity: Severity, file: String, line: Int, column: Int, message: String, remedy: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line of where and what, and one of what to do.
    public var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)\n    \(remedy)" }
}
