/// A word of a configuration and where it stands.
struct Word: Sendable, Hashable {
    var text: String
    var place: Place
    /// Whether it stood in quotes, where blanks and signs mean nothing.
    var isQuoted = false
}

/// A place in a file; lines and columns from 1.
struct Place: Sendable, Hashable {
    var file: String
    var line: Int
    var column: Int
}

/// A line of words and, behind some, a block in braces.
struct Statement: Sendable, Hashable {
    /// At least one.
    var words: [Word]
    var block: [Statement]?

    var keyword: Word { words[0] }
    var arguments: ArraySlice<Word> { words.dropFirst() }
}

/// From characters to words, braces and line ends. Comments begin at `#` or `!` wherever they stand outside quotes.
struct Lexer {
    enum Token: Sendable, Hashable {
        case word(Word)
        case open(Place)
        case close(Place)
        case lineEnd
    }

    private let characters: [Character]
    private let file: String
    private var position = 0
    private var line = 1
    private var column = 1
    private(set) var faults: [ConfigurationDiagnostic] = []

    init(_ source: ConfigurationReader.Source) {
        characters = Array(source.text)
        file = source.file
    }

    private var place: Place { Place(file: file, line: line, column: column) }
    private var next: Character? { position < characters.count ? characters[position] : nil }

    private mutating func advance() {
        if characters[position].endsLine { (line, column) = (line + 1, 1) } else { column += 1 }
        position += 1
    }

    /// The next token; nil at the end of the text.
    mutating func token() -> Token? {
        while let character = next {
            switch character {
            case _ where character.endsLine:
                advance()
                return .lineEnd
            case "#", "!":
                while let other = next, !other.endsLine { advance() }
            case "{":
                defer { advance() }
                return .open(place)
            case "}":
                defer { advance() }
                return .close(place)
            case _ where character.isBlank: advance()
            default: return .word(word())
            }
        }
        return nil
    }

    private mutating func word() -> Word {
        var word = Word(text: "", place: place)
        while let character = next {
            if character == "\"" {
                word.isQuoted = true
                quoted(into: &word)
            } else if character == "\\", position + 1 < characters.count, !characters[position + 1].endsLine {
                advance()
                word.text.append(characters[position])
                advance()
            } else if character.isBlank || "{}#!".contains(character) {
                break
            } else {
                word.text.append(character)
                advance()
            }
        }
        return word
    }

    private mutating func quoted(into word: inout Word) {
        let start = place
        advance()
        while let character = next, !character.endsLine {
            if character == "\"" { return advance() }
            if character == "\\", position + 1 < characters.count, "\"\\".contains(characters[position + 1]) {
                advance()
            }
            word.text.append(characters[position])
            advance()
        }
        faults.append(
            ConfigurationDiagnostic(
                severity: .error, file: file, line: start.line, column: start.column,
                message: "the quote is not closed on this line; add \" at its end"))
    }
}
