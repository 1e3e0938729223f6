/// From words and braces to statements, with every `include` brought in.
struct StatementParser {
    /// Files that may include each other in a row.
    private static let deepestInclude = 16
    /// Blocks inside blocks; keepalived knows none deeper than two.
    private static let deepestBlock = 8

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
        let lexer = Lexer(source)
        faults += lexer.faults
        var open: [(statement: Statement?, earlier: [Statement])] = []
        var current: [Statement] = []
        // A brace belongs to the statement right before it, on the same line or on one above.
        var mayOpen = false

        for token in lexer.tokens {
            switch token {
            case .statement(let statement):
                mayOpen = !isSpecial(statement)
                if mayOpen {
                    current.append(statement)
                } else if statement.keyword.text == "include" {
                    current += included(statement, from: source.file, path: files + [source.file])
                }
            case .open(let place):
                if mayOpen, open.count < Self.deepestBlock {
                    open.append((current.removeLast(), current))
                } else {
                    fault(
                        place,
                        mayOpen
                            ? "blocks are nested too deep" : "this brace belongs to no keyword; put its name before it")
                    open.append((nil, current))
                }
                current = []
                mayOpen = false
            case .close(let place):
                mayOpen = false
                guard !open.isEmpty else {
                    fault(place, "this closing brace closes nothing; remove it, or add the { that it belongs to")
                    continue
                }
                close(&open, &current)
            }
        }
        while let last = open.last {
            if let keyword = last.statement?.keyword {
                fault(
                    keyword.place, "the block of `\(keyword.shown)` that begins here is not closed; add the missing }")
            }
            close(&open, &current)
        }
        return current
    }

    private func close(_ open: inout [(statement: Statement?, earlier: [Statement])], _ current: inout [Statement]) {
        guard let (statement, earlier) = open.popLast() else { return }
        let block = current
        current = earlier
        guard var statement else { return }
        statement.block = block
        current.append(statement)
    }

    /// What is not for a block's table: `include`, and what keepalived would replace or leave out before it looks.
    private mutating func isSpecial(_ statement: Statement) -> Bool {
        let text = statement.keyword.text
        if text == "include" { return true }
        if ["includer", "includem", "includew", "includeb", "includea"].contains(text) {
            fault(statement.keyword.place, "`\(text)` is not supported: use `include`", .notDoneHere)
            return true
        }
        let isDefinition = text.hasPrefix("$") && statement.text.contains("=")
        if isDefinition || text.hasPrefix("@") || text.hasPrefix("~") {
            fault(
                statement.keyword.place,
                "definitions and conditions (`$`, `@`, `~`) are not supported: write the text out", .notDoneHere)
            return true
        }
        if let word = statement.words.first(where: { $0.namesDefinition }) {
            fault(
                word.place, "keepalived's own definitions (`$_…`) are not supported: write the text out", .notDoneHere)
        }
        return false
    }

    private mutating func included(_ statement: Statement, from file: String, path: [String]) -> [Statement] {
        guard let pattern = statement.arguments.first, statement.words.count == 2 else {
            fault(statement.keyword.place, "`include` takes one file or pattern")
            return []
        }
        guard path.count < Self.deepestInclude else {
            fault(pattern.place, "files include each other more than \(Self.deepestInclude) deep")
            return []
        }
        let sources = include(pattern.text, file)
        if sources.isEmpty {
            faults.append(
                ConfigurationDiagnostic(
                    severity: .warning, pattern.place, "no file that can be read is named `\(pattern.shown)`"))
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

    private mutating func fault(
        _ place: Place, _ message: String, _ topic: ConfigurationDiagnostic.Topic = .other
    ) {
        faults.append(ConfigurationDiagnostic(severity: .error, place, message, topic))
    }
}

extension Word {
    /// Whether `$_` or `${_` stands in it.
    fileprivate var namesDefinition: Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).dropFirst()
        return parts.contains { $0.starts(with: "_".utf8) || $0.starts(with: "{_".utf8) }
    }
}
