/// What a rule has to say of one place.
package struct Finding: Sendable, Hashable {
    /// How bad it is.
    package enum Severity: String, Sendable, CaseIterable {
        /// It fails when it matters, or at once.
        case error
        /// It may, or costs more than its author may think.
        case warning
    }

    /// A line of a file, from 1.
    package struct Place: Sendable, Hashable, Comparable {
        package var file: String
        package var line: Int

        package init(file: String, line: Int) {
            self.file = file
            self.line = line
        }

        package static func < (one: Place, other: Place) -> Bool { (one.file, one.line) < (other.file, other.line) }
    }

    /// Of its rule, such as `HV101`.
    package var code: String
    package var severity: Severity
    package var place: Place
    /// What stands there, and what will happen.
    package var message: String
    /// What to do about it.
    package var remedy: String
}
