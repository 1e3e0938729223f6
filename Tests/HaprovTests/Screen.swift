/// A terminal of a few rows, as far as moving lines need one.
struct Screen {
    private(set) var lines: [String] = [""]
    private var row = 0
    private var column = 0

    mutating func write(_ text: String) {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\r": column = 0
            case "\n":
                row += 1
                column = 0
                if row == lines.count { lines.append("") }
            case "\u{1B}":
                let code = rest.dropFirst().prefix { $0.isNumber }
                rest = rest.dropFirst(1 + code.count)
                obey(rest.popFirst(), Int(code) ?? 0)
            default:
                var line = Array(lines[row])
                while line.count <= column { line.append(" ") }
                line[column] = character
                lines[row] = String(line)
                column += 1
            }
        }
    }

    private mutating func obey(_ letter: Character?, _ count: Int) {
        switch letter {
        case "A": row = max(0, row - max(1, count))
        case "K": lines[row] = String(lines[row].prefix(column))
        case "J":
            lines[row] = String(lines[row].prefix(column))
            lines.removeSubrange((row + 1)...)
        default: break
        }
    }
}
