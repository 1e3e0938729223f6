/// What a keyword means within one kind of block.
enum Keyword<Target>: Sendable {
    typealias Read = @Sendable (inout Interpreter, Statement, inout Target) -> Void
    /// A line of words; where it stands twice, the last one counts.
    case setting(Read)
    /// A line of words or a block that keepalived takes only once.
    case once(Read)
    /// A block in braces; where it stands twice, both count.
    case block(Read)
    /// A word that stands alone and sets something.
    case flag(@Sendable (inout Target) -> Void)
    /// Means nothing for VRRP, so it is left out with a warning that says why.
    case ignored(String)
    /// Cannot be left out without changing what the author meant.
    case refused(String)
    /// Refused too, since it cuts the addresses off that it should make available.
    case strict(String)
}

/// Interprets statements by tables, gathering everything that is wrong.
struct Interpreter {
    var diagnostics: [ConfigurationDiagnostic] = []

    mutating func error(_ word: Word, _ message: String, _ topic: ConfigurationDiagnostic.Topic = .other) {
        diagnostics.append(ConfigurationDiagnostic(severity: .error, word.place, message, topic))
    }

    mutating func warn(_ word: Word, _ message: String, _ topic: ConfigurationDiagnostic.Topic = .other) {
        diagnostics.append(ConfigurationDiagnostic(severity: .warning, word.place, message, topic))
    }

    /// Reads a block's statements into the target.
    mutating func read<Target>(
        _ statements: [Statement], into target: inout Target, by table: [String: Keyword<Target>], in block: String
    ) {
        var seen = Set<String>()
        for statement in statements {
            let keyword = statement.keyword
            guard let meaning = table[keyword.text] else {
                unknown(keyword, among: table.keys, in: block)
                continue
            }
            let isFirst = seen.insert(keyword.text).inserted
            switch meaning {
            case .setting(let read):
                guard isLine(statement) else { continue }
                if !isFirst { warn(keyword, "`\(keyword.text)` stands here twice: this one counts") }
                read(&self, statement, &target)
            case .once(let read):
                guard isFirst else {
                    error(keyword, "`\(keyword.text)` stands here twice; remove one")
                    continue
                }
                read(&self, statement, &target)
            case .block(let read): read(&self, statement, &target)
            case .flag(let set):
                guard isLine(statement) else { continue }
                standsAlone(statement)
                set(&target)
            case .ignored(let why): warn(keyword, "`\(keyword.text)` is ignored: \(why)", .notDoneHere)
            case .refused(let why): error(keyword, "`\(keyword.text)` is not supported: \(why)", .notDoneHere)
            case .strict(let why): error(keyword, "`\(keyword.text)` is not supported: \(why)", .strict)
            }
        }
    }

    /// A word that no table has.
    mutating func unknown(_ keyword: Word, among known: some Sequence<String>, in block: String) {
        let nearest = NearestWord.to(keyword.text, among: known)
        error(
            keyword,
            "unknown keyword `\(keyword.shown)` in \(block)" + (nearest.map { "; did you mean `\($0)`?" } ?? ""),
            .unknownKeyword)
    }

    // MARK: shapes

    mutating func isLine(_ statement: Statement) -> Bool {
        guard statement.block == nil else {
            error(statement.keyword, "`\(statement.keyword.shown)` takes no block; remove its braces")
            return false
        }
        return true
    }

    /// The block behind a keyword, and nothing between the two.
    mutating func block(_ statement: Statement, behind words: Int = 1) -> [Statement] {
        guard let block = statement.block else {
            error(statement.keyword, "`\(statement.keyword.text)` needs a block in braces")
            return []
        }
        if statement.words.count > words {
            error(statement.words[words], "between `\(statement.keyword.text)` and its block nothing may stand")
        }
        return block
    }

    /// The lines of a block that has no keywords.
    mutating func lines(_ statement: Statement) -> [Statement] {
        block(statement).filter { line in
            if line.block != nil {
                error(
                    line.keyword,
                    "inside `\(statement.keyword.text)` no block begins; close the one before with }, or remove this one"
                )
            }
            return line.block == nil
        }
    }

    /// keepalived does not look at what stands behind a word that is set by being there.
    mutating func standsAlone(_ statement: Statement) {
        guard let word = statement.arguments.first, !["1", "true", "yes", "on"].contains(word.text.lowercased()) else {
            return
        }
        warn(
            word,
            "`\(statement.keyword.text)` counts whatever stands behind it; remove the line where it is not meant")
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

    /// `true`, `on`, `yes` or nothing; `false`, `off` or `no`.
    mutating func isOn(_ statement: Statement) -> Bool? {
        guard let word = statement.arguments.first else { return true }
        switch (word.text, statement.arguments.count) {
        case ("true", 1), ("on", 1), ("yes", 1): return true
        case ("false", 1), ("off", 1), ("no", 1): return false
        default:
            error(word, "`\(statement.keyword.text)` is on or off, not `\(word.shown)`")
            return nil
        }
    }

    mutating func integer(_ statement: Statement, _ range: ClosedRange<Int>) -> Int? {
        let what = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let word = argument(statement, what) else { return nil }
        return integer(word, range, what: "`\(statement.keyword.text)`")
    }

    mutating func integer(_ word: Word, _ range: ClosedRange<Int>, what: String) -> Int? {
        guard let value = Int(word.withoutLeadingBlanks), range.contains(value) else {
            error(
                word, "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound), not `\(word.shown)`")
            return nil
        }
        return value
    }

    /// Seconds, with a fraction of up to six digits or without.
    mutating func seconds(_ statement: Statement, _ range: ClosedRange<Duration>, whole: Bool = false) -> Duration? {
        let what =
            "`\(statement.keyword.text)` takes \(whole ? "whole " : "")seconds from \(range.lowerBound.inSeconds) to "
            + range.upperBound.inSeconds
        guard let word = statement.arguments.first, statement.arguments.count == 1 else {
            error(statement.keyword, what)
            return nil
        }
        let number = word.withoutLeadingBlanks
        guard let value = Duration(inSeconds: number.hasPrefix("+") ? number.dropFirst() : number),
            range.contains(value), !(whole && number.contains("."))
        else {
            error(word, "\(what), not `\(word.shown)`")
            return nil
        }
        return value
    }

    mutating func address(_ word: Word) -> IPAddress? {
        guard let address = IPAddress(word.text) else {
            error(word, "`\(word.shown)` is not an IP address")
            return nil
        }
        return address
    }

    /// A command, which is one word or stands in quotes, and what stands behind it.
    mutating func command(_ statement: Statement) -> (words: [String], rest: ArraySlice<String>)? {
        guard let parts = CommandLine.split(statement.text) else {
            error(
                statement.keyword,
                "the quotes or backslashes in the command of `\(statement.keyword.text)` do not match")
            return nil
        }
        guard parts.count > 1, let words = CommandLine.split(parts[1]), words.first?.isEmpty == false else {
            error(statement.keyword, "`\(statement.keyword.text)` needs a command")
            return nil
        }
        return (words, parts.dropFirst(2))
    }

    /// A name alone is looked up in the PATH when the daemon reads the file, as keepalived does.
    mutating func checkPath(_ program: String, _ statement: Statement) {
        guard !program.hasPrefix("/"), let word = statement.arguments.first else { return }
        let shown = Word(text: program, place: word.place).shown
        let advice = "name the program by its whole path: /usr/bin/\(shown) rather than `\(shown)`, or where it is"
        if program.contains("/") {
            error(word, advice)
        } else {
            warn(word, "what `\(shown)` is depends on the daemon's PATH; " + advice)
        }
    }

    mutating func user(_ words: some Collection<String>, of keyword: Word) -> ScriptUser? {
        guard let user = words.first, words.count <= 2 else {
            error(keyword, "`\(keyword.text)` takes a user and perhaps a group")
            return nil
        }
        return ScriptUser(user: user, group: words.dropFirst().first)
    }
}
