/// A place in a file; lines and columns from 1.
struct Place: Sendable, Hashable {
    var file: String
    var line: Int
    var column: Int
}

/// A word of a configuration and where it stands.
struct Word: Sendable, Hashable {
    var text: String
    var place: Place

    /// A number in quotes may have them.
    var withoutLeadingBlanks: Substring { text.drop { $0 == " " } }

    /// For a message: neither long nor with signs that a terminal would obey.
    var shown: String {
        let most = 40
        let scalars = text.unicodeScalars.prefix(most).map { $0.isControl ? "?" : String($0) }
        return scalars.joined() + (text.unicodeScalars.count > most ? "…" : "")
    }
}

extension Unicode.Scalar {
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

/// A line of words and, behind some, a block in braces.
struct Statement: Sendable, Hashable {
    /// At least one.
    var words: [Word]
    /// All of them as they were written: a command has rules of its own for quotes.
    var text: String
    var block: [Statement]?

    var keyword: Word { words[0] }
    var arguments: ArraySlice<Word> { words.dropFirst() }
}

extension ConfigurationDiagnostic {
    init(severity: Severity, _ place: Place, _ message: String, _ topic: Topic = .other) {
        self.init(
            severity: severity, file: place.file, line: place.line, column: place.column, message: message, topic: topic
        )
    }
}
