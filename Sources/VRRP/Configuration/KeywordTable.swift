/// What a keyword means within one kind of block.
enum Keyword<Target>: Sendable {
    /// Read into the target.
    case setting(@Sendable (inout Interpreter, Statement, inout Target) -> Void)
    /// A flag: `true`, `on`, `yes` or nothing set it; `false`, `off` and `no` clear it.
    case flag(WritableKeyPath<Target, Bool> & Sendable)
    /// Means nothing for VRRP, so it is left out with a warning that says why.
    case ignored(String)
    /// Cannot be left out without changing what the author meant.
    case refused(String)
}

/// Interprets statements by tables, gathering everything that is wrong.
struct Interpreter {
    var diagnostics: [ConfigurationDiagnostic] = []

    mutating func error(_ word: Word, _ message: String) {
        diagnostics.append(ConfigurationDiagnostic(severity: .error, word.place, message))
    }

    mutating func warn(_ word: Word, _ message: String) {
        diagnostics.append(ConfigurationDiagnostic(severity: .warning, word.place, message))
    }

    /// Reads a block's statements into the target.
    mutating func read<Target>(
        _ statements: [Statement], into target: inout Target, by table: [String: Keyword<Target>], in block: String
    ) {
        for statement in statements {
            let keyword = statement.keyword
            guard let meaning = table[keyword.text] else {
                unknown(keyword, among: table.keys, in: block)
                continue
            }
            switch meaning {
            case .setting(let read): read(&self, statement, &target)
            case .flag(let path): if let value = flag(statement) { target[keyPath: path] = value }
            case .ignored(let why): warn(keyword, "`\(keyword.text)` is ignored: \(why)")
            case .refused(let why): error(keyword, "`\(keyword.text)` is not supported: \(why)")
            }
        }
    }

    /// A word that no table has.
    mutating func unknown(_ keyword: Word, among known: some Sequence<String>, in block: String) {
        if keyword.text.hasPrefix("$") || keyword.text.hasPrefix("@") || keyword.text.hasPrefix("~") {
            return error(keyword, "definitions and conditions (`$`, `@`, `~`) are not supported: write the text out")
        }
        let nearest = NearestWord.to(keyword.text, among: known)
        error(
            keyword,
            "unknown keyword `\(keyword.text)` in \(block)" + (nearest.map { "; did you mean `\($0)`?" } ?? ""))
    }

    // MARK: values

    /// The only argument.
    mutating func argument(_ statement: Statement, _ what: String) -> Word? {
        guard let word = statement.arguments.first, statement.arguments.count == 1 else {
            error(statement.keyword, "`\(statement.keyword.text)` takes \(what)")
            return nil
        }
        return word
    }

    mutating func flag(_ statement: Statement) -> Bool? {
        guard let word = statement.arguments.first else { return true }
        switch word.text {
        case "true", "on", "yes": return true
        case "false", "off", "no": return false
        default:
            error(word, "`\(statement.keyword.text)` is on or off, not `\(word.text)`")
            return nil
        }
    }

    mutating func integer(_ statement: Statement, _ range: ClosedRange<Int>) -> Int? {
        let what = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let word = argument(statement, what) else { return nil }
        return integer(word, range, what: "`\(statement.keyword.text)`")
    }

    mutating func integer(_ word: Word, _ range: ClosedRange<Int>, what: String) -> Int? {
        guard let value = Int(word.text), range.contains(value) else {
            error(word, "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound), not `\(word.text)`")
            return nil
        }
        return value
    }

    /// Seconds, with a fraction of up to six digits.
    mutating func seconds(_ statement: Statement, _ range: ClosedRange<Duration>) -> Duration? {
        let what =
            "`\(statement.keyword.text)` takes seconds from \(range.lowerBound.inSeconds) to \(range.upperBound.inSeconds)"
        guard let word = statement.arguments.first, statement.arguments.count == 1 else {
            error(statement.keyword, what)
            return nil
        }
        guard let value = Duration(inSeconds: word.text), range.contains(value) else {
            error(word, "\(what), not `\(word.text)`")
            return nil
        }
        return value
    }

    mutating func address(_ word: Word) -> IPAddress? {
        guard let address = IPAddress(word.text) else {
            error(word, "`\(word.text)` is not an IP address")
            return nil
        }
        return address
    }

    mutating func block(_ statement: Statement) -> [Statement] {
        guard let block = statement.block else {
            error(statement.keyword, "`\(statement.keyword.text)` needs a block in braces")
            return []
        }
        return block
    }

    /// The words of a command line: one quoted text is split as a shell would split it, without its other signs.
    mutating func command(_ words: ArraySlice<Word>, of keyword: Word) -> [String] {
        let split =
            words.count == 1 && words.first?.isQuoted == true
            ? CommandWords.split(words.first?.text ?? "") : words.map(\.text)
        if split.isEmpty { error(keyword, "`\(keyword.text)` needs a command") }
        return split
    }

    mutating func user(_ words: ArraySlice<Word>, of keyword: Word) -> ScriptUser? {
        guard let user = words.first, words.count <= 2 else {
            error(keyword, "`\(keyword.text)` takes a user and perhaps a group")
            return nil
        }
        return ScriptUser(user: user.text, group: words.dropFirst().first?.text)
    }
}
