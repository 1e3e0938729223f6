/// From characters to words and braces, by the rules of keepalived 2.2.7: a comment begins at `#` or `!` anywhere outside
/// double quotes; a brace outside double quotes ends a word; between double quotes every sign stands for itself, a
/// backslash too; a quote begins a word of its own. Where its versions or its passes over the text differ, which is all
/// about backslashes, nothing is read.
struct Lexer {
    enum Token: Sendable, Hashable {
        case statement(Statement)
        case open(Place)
        case close(Place)
    }

    /// A character and the column that it stands in.
    private struct Sign {
        var scalar: Unicode.Scalar
        var column: Int
    }

    private let file: String
    private var line = 0
    private(set) var tokens: [Token] = []
    private(set) var faults: [ConfigurationDiagnostic] = []

    init(_ source: ConfigurationReader.Source) {
        file = source.file
        for text in source.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            read(Array(text))
        }
    }

    private mutating func read(_ scalars: [Unicode.Scalar]) {
        let (signs, comment) = withoutComment(scalars)
        let first = tokens.count
        split(signs)
        guard let comment, comment > 1, !Self.isBlank(scalars[comment - 2]) else { return }
        for case .statement(let statement) in tokens[first...] where statement.keyword.text == "auth_pass" {
            tell(
                .warning, comment,
                "the password ends here, where a comment begins; put it in quotes if this sign belongs to it")
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { " \t\u{B}\u{C}\r".unicodeScalars.contains(scalar) }

    private mutating func tell(_ severity: ConfigurationDiagnostic.Severity, _ column: Int, _ message: String) {
        faults.append(
            ConfigurationDiagnostic(severity: severity, Place(file: file, line: line, column: column), message))
    }

    /// The line up to a comment, and the column of that.
    private mutating func withoutComment(_ scalars: [Unicode.Scalar]) -> (signs: [Sign], comment: Int?) {
        var signs: [Sign] = []
        var quote: Int?
        var index = 0
        while index < scalars.count {
            let sign = Sign(scalar: scalars[index], column: index + 1)
            switch sign.scalar {
            case "\"": quote = quote == nil ? sign.column : nil
            case "\\":
                let isLast = scalars[(index + 1)...].allSatisfy { $0 == "\r" }
                if isLast {
                    tell(.error, sign.column, "no line goes on in the next; remove the \\ and write it as one line")
                    return (signs, nil)
                }
                let next = Sign(scalar: scalars[index + 1], column: index + 2)
                if quote == nil, next.scalar == "#" || next.scalar == "!" {
                    tell(
                        .error, sign.column,
                        "not every keepalived knows \\\(next.scalar); put the word in quotes instead")
                    return (signs, nil)
                }
                signs += [sign, next]
                index += 2
                continue
            case "#" where quote == nil, "!" where quote == nil:
                // keepalived looks for this even behind the sign of a comment.
                let backslashes = scalars.reversed().drop { $0 == "\r" }.prefix { $0 == "\\" }.count
                if backslashes % 2 == 1 {
                    tell(.error, sign.column, "keepalived takes the \\ that ends this comment for a word; remove it")
                }
                return (signs, sign.column)
            default: break
            }
            signs.append(sign)
            index += 1
        }
        if let quote {
            unclosed(quote)
            // The block that begins here is read all the same: its own faults are told too.
            let last = signs.last { !Self.isBlank($0.scalar) }
            signs = signs.prefix { $0.column < quote } + [last].compactMap { $0?.scalar == "{" ? $0 : nil }
        }
        return (signs, nil)
    }

    private mutating func unclosed(_ column: Int) {
        tell(.error, column, "the quote is not closed on this line; add \" at its end")
    }

    /// Cuts a line at its braces.
    private mutating func split(_ signs: [Sign]) {
        var piece = signs[0..<0]
        var rest = signs[...]
        while let sign = rest.first {
            if sign.scalar == "{" || sign.scalar == "}" {
                let isGlued = piece.last.map { !Self.isBlank($0.scalar) } ?? false
                let isPassword = finish(piece)
                if isPassword, !Self.isRight(rest, behindPassword: isGlued) {
                    // What follows may be a part of the password, so nothing of it may reach a message.
                    return tell(.error, sign.column, "a password with a brace in it has to stand in quotes")
                }
                let place = Place(file: file, line: line, column: sign.column)
                tokens.append(sign.scalar == "{" ? .open(place) : .close(place))
                rest = rest.dropFirst()
                piece = rest.prefix(0)
            } else {
                var length = 1
                if sign.scalar == "\"" {
                    length =
                        (rest.dropFirst().firstIndex { $0.scalar == "\"" } ?? rest.endIndex - 1) - rest.startIndex + 1
                }
                rest = rest.dropFirst(length)
                piece = signs[piece.startIndex..<rest.startIndex]
            }
        }
        _ = finish(piece)
    }

    /// Whether these can be braces behind a password rather than a part of it: those that close, or one that opens.
    private static func isRight(_ signs: ArraySlice<Sign>, behindPassword isGlued: Bool) -> Bool {
        signs.allSatisfy { $0.scalar == "}" || isBlank($0.scalar) }
            || !isGlued && signs.dropFirst().allSatisfy { isBlank($0.scalar) }
    }

    /// Makes a statement of a line or of a part of it; tells whether it is a password's.
    private mutating func finish(_ piece: ArraySlice<Sign>) -> Bool {
        var words: [Word] = []
        var rest = piece
        while true {
            rest = rest.drop { Self.isBlank($0.scalar) }
            guard let first = rest.first else { break }
            var inside: ArraySlice<Sign>
            if first.scalar == "\"" {
                inside = rest.dropFirst().prefix { $0.scalar != "\"" }
                guard inside.endIndex < rest.endIndex else {
                    unclosed(first.column)
                    return false
                }
                rest = rest[(inside.endIndex + 1)...]
            } else {
                inside = rest.prefix { !Self.isBlank($0.scalar) && $0.scalar != "\"" }
                rest = rest[inside.endIndex...]
            }
            let isCommand = Self.isCommand(words.first)
            if let odd = inside.first(where: { $0.scalar == "\u{FFFD}" || Self.isOdd($0.scalar, inCommand: isCommand) })
            {
                tell(.error, odd.column, "only text in UTF-8 may stand here, without control characters")
                return false
            }
            let word = Self.text(inside)
            if word.endsInOddBackslash, !isCommand {
                tell(.error, first.column, "keepalived joins the \\ that ends this word to what stands behind it")
                return false
            }
            words.append(
                Word(text: word, place: Place(file: file, line: line, column: first.column)))
        }
        guard let keyword = words.first else { return false }
        tokens.append(.statement(Statement(words: words, text: Self.text(piece))))
        return keyword.text == "auth_pass"
    }

    /// Whether the quotes of a line are those of a command, which ``CommandLine`` reads.
    private static func isCommand(_ keyword: Word?) -> Bool {
        [
            "script", "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify_fifo_script",
            "vrrp_notify_fifo_script",
        ].contains(keyword?.text)
    }

    private static func isOdd(_ scalar: Unicode.Scalar, inCommand isCommand: Bool) -> Bool {
        scalar.isControl && !(isCommand && scalar == "\t")
    }

    private static func text(_ signs: ArraySlice<Sign>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: signs.lazy.map { $0.scalar })
        return String(text)
    }
}
