/// How words are laid out on a page of fixed-width letters.
enum Layout {
    /// A number with its noun: `1 change`, `3 changes`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Breaks a text between words so that no line is wider than the page.
    ///
    /// - Parameters:
    ///   - width: of the page; nil leaves the text in one line, for programs that read lines.
    ///   - indent: columns in front of every line; those of the first are taken already.
    static func wrap(_ text: String, width: Int?, indent: Int) -> String {
        guard let width, width > indent + 20, indent + text.count > width else { return text }
        let room = width - indent
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    /// Rows of a table, each column as wide as its widest cell. The last is as wide as it likes.
    static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            row.indices.map { column in
                column == row.count - 1
                    ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }.joined(separator: "  ")
        }
    }
}
