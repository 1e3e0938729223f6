/// A text that can be looked up, and changed, by line and column as libyaml counts them: in Unicode scalars.
package struct SourceLines: Sendable {
    private var scalars: [Unicode.Scalar]

    package init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Puts a stand-in of the same length, and unlike any other, in the place of a key, and returns it; nil where the key is
    /// not spelt there as it reads (an escape, an alias).
    mutating func mask(_ key: String, at place: SourcePlace, number: Int) -> String? {
        guard var index = index(of: place), !key.isEmpty else { return nil }
        if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        let spelling = Array(key.unicodeScalars)
        guard index + spelling.count <= scalars.count, Array(scalars[index..<index + spelling.count]) == spelling,
            let first = Unicode.Scalar(0xE000 + number)
        else { return nil }
        let mask = [first] + Array(repeating: Unicode.Scalar("_"), count: spelling.count - 1)
        scalars.replaceSubrange(index..<index + spelling.count, with: mask)
        return String(String.UnicodeScalarView(mask))
    }

    /// The place of the nth character.
    func place(ofCharacter offset: Int) -> SourcePlace {
        var place = SourcePlace(line: 1, column: 1)
        for character in text.prefix(offset) {
            if character.isNewline {
                place = .init(line: place.line + 1, column: 1)
            } else {
                place.column += character.unicodeScalars.count
            }
        }
        return place
    }

    /// Where a place within a value stands in the text: to the point where the value stands there as it reads, be it a plain or a
    /// quoted scalar or a block after `|`; else the value's own place.
    package func place(_ inner: SourcePlace, of value: String, at place: SourcePlace) -> SourcePlace {
        let rows = value.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard inner.line <= rows.count, let index = index(of: place) else { return place }
        let row = Array(rows[inner.line - 1])
        if scalars[index] == "|" {
            let line = line(place.line + inner.line)
            guard line.suffix(row.count).elementsEqual(row) else { return place }
            return SourcePlace(line: place.line + inner.line, column: line.count - row.count + inner.column)
        }
        let quotes = scalars[index] == "\"" || scalars[index] == "'" ? 1 : 0
        guard inner.line == 1, scalars[(index + quotes)...].starts(with: row) else { return place }
        return SourcePlace(line: place.line, column: place.column + quotes + inner.column - 1)
    }

    /// A line's scalars, without its end.
    private func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
        guard let start = index(of: SourcePlace(line: number, column: 1)) else { return [] }
        return scalars[start...].prefix { !"\r\n\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) }
    }

    private func index(of place: SourcePlace) -> Int? {
        var line = 1
        var index = 0
        while line < place.line {
            guard index < scalars.count else { return nil }
            switch scalars[index] {
            case "\r":
                line += 1
                if index + 1 < scalars.count, scalars[index + 1] == "\n" { index += 1 }
            case "\n", "\u{85}", "\u{2028}", "\u{2029}": line += 1
            default: break
            }
            index += 1
        }
        let found = index + place.column - 1
        return found < scalars.count ? found : nil
    }
}
