/// Where what a keepalived.conf says stands, for whoever judges it.
package struct ConfigurationOutline: Sendable, Hashable {
    private var statements: [Statement] = []

    /// Of nothing.
    package init() {}

    init(_ statements: [Statement]) { self.statements = statements }

    /// A line of a file, from 1.
    package struct Place: Sendable, Hashable {
        package var file: String
        package var line: Int
    }

    /// Where a keyword stands in a block of a name, else where that block begins; nil where there is none.
    ///
    /// - Parameters:
    ///   - block: its keyword, such as `vrrp_instance`.
    ///   - name: behind it; nil for a block that has none.
    ///   - keyword: of a line or a block inside it.
    ///   - word: behind or below that keyword.
    package func place(
        in block: String, _ name: String?, of keyword: String? = nil, _ word: String? = nil
    ) -> Place? {
        guard let found = statement(block, name) else { return nil }
        let inner = keyword.flatMap { keyword in
            found.block?.last { statement in
                statement.keyword.text == keyword && (word.map { Self.words(statement).contains($0) } ?? true)
            }
        }
        let line = inner?.block?.first { line in line.words.contains { $0.text == word } }
        return Place(line?.keyword ?? inner?.keyword ?? found.keyword)
    }

    /// Whether a block has a keyword, understood or not.
    package func has(_ keyword: String, in block: String, _ name: String?) -> Bool {
        statement(block, name)?.has(keyword) ?? false
    }

    /// The words behind a keyword.
    package func words(of keyword: String, in block: String, _ name: String?) -> [String] {
        statement(block, name)?.block?.last { $0.keyword.text == keyword }.map { $0.arguments.map { $0.text } } ?? []
    }

    private func statement(_ block: String, _ name: String?) -> Statement? {
        statements.last { $0.keyword.text == block && (name == nil || $0.arguments.first?.text == name) }
    }

    private static func words(_ statement: Statement) -> [String] {
        statement.arguments.map { $0.text } + (statement.block ?? []).flatMap { $0.words.map { $0.text } }
    }
}

extension ConfigurationOutline.Place {
    fileprivate init(_ word: Word) { self.init(file: word.place.file, line: word.place.line) }
}
