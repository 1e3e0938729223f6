/// From words and braces to statements, with every `include` brought in.
struct StatementParser {
    /// Files that may include each other in a row.
    private static let deepestInclude = 16

    private let include: (_ pattern: String, _ from: String) -> [ConfigurationReader.Source]
    private(set) var faults: [ConfigurationDiagnostic] = []

    init(include: @escaping (_ pattern: String, _ from: String) -> [ConfigurationReader.Source]) {
        self.include = include
    }

    /// The statements of a file and of those that it includes.
    mutating func statements(of source: ConfigurationReader.Source) -> [Statement] {
        statements(of: source, includedBy: [])
    }

    private mutating func statements(of source: ConfigurationReader.Source, includedBy files: [String]) -> [Statement] {
        var lexer = Lexer(source)
        var open: [(statement: Statement?, earlier: [Statement])] = []
        var current: [Statement] = []
        var words: [Word] = []
        let path = files + [source.file]

        func finish(_ parser: inout StatementParser) {
            guard let first = words.first else { return }
            if first.text == "include" {
                current += parser.included(words, from: source.file, path: path)
            } else {
                current.append(Statement(words: words))
            }
            words = []
        }

        while let token = lexer.token() {
            switch token {
            case .word(let word): words.append(word)
            case .lineEnd: finish(&self)
            case .open(let place):
                finish(&self)
                // The brace may stand on a line of its own, below the words that it belongs to.
                if let last = current.last, last.block == nil {
                    current.removeLast()
                    open.append((last, current))
                } else {
                    fault(place, "this brace belongs to no keyword; put the block's name before it")
                    open.append((nil, current))
                }
                current = []
            case .close(let place):
                finish(&self)
                guard let (statement, earlier) = open.popLast() else {
                    fault(place, "this closing brace closes nothing; remove it, or add the { that it belongs to")
                    continue
                }
                let block = current
                current = earlier
                if var statement {
                    statement.block = block
                    current.append(statement)
                }
            }
        }
        finish(&self)
        while let (statement, earlier) = open.popLast() {
            let block = current
            current = earlier
            guard var statement else { continue }
            fault(
                statement.keyword.place,
                "the block of `\(statement.keyword.text)` that begins here is not closed; add the missing }")
            statement.block = block
            current.append(statement)
        }
        faults += lexer.faults
        return current
    }

    private mutating func included(_ words: [Word], from file: String, path: [String]) -> [Statement] {
        guard words.count == 2 else {
            fault(words[0].place, "`include` takes one file or pattern")
            return []
        }
        let pattern = words[1]
        guard path.count < Self.deepestInclude else {
            fault(pattern.place, "files include each other more than \(Self.deepestInclude) deep")
            return []
        }
        let sources = include(pattern.text, file)
        if sources.isEmpty {
            faults.append(
                ConfigurationDiagnostic(
                    severity: .warning, pattern.place, "no file that can be read is named `\(pattern.text)`"))
        }
        var statements: [Statement] = []
        for source in sources {
            if path.contains(source.file) {
                fault(pattern.place, "\(source.file) includes itself")
            } else {
                statements += self.statements(of: source, includedBy: path)
            }
        }
        return statements
    }

    private mutating func fault(_ place: Place, _ message: String) {
        faults.append(ConfigurationDiagnostic(severity: .error, place, message))
    }
}

extension ConfigurationDiagnostic {
    init(severity: Severity, _ place: Place, _ message: String) {
        self.init(severity: severity, file: place.file, line: place.line, column: place.column, message: message)
    }
}
