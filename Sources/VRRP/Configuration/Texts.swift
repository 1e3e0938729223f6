/// Splits a command line at blanks; quotes of both kinds keep blanks together.
enum CommandWords {
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isBlank {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return words
    }
}

/// The nearest known word to one that is misspelt.
enum NearestWord {
    static func to(_ word: String, among known: some Sequence<String>) -> String? {
        let limit = max(1, word.count / 3)
        return known.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
            .filter { $0.1 <= limit }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// How many characters have to be added, removed or changed.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = a == b ? diagonal : 1 + min(diagonal, above, row[j])
                diagonal = above
            }
        }
        return row[right.count]
    }
}

extension Duration {
    /// Decimal seconds with at most six digits behind the point; nil for anything else.
    init?(inSeconds text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let seconds = Int64(whole.isEmpty && parts.count == 2 ? "0" : whole),
            (0...1_000_000).contains(seconds), !text.hasPrefix("+"), !text.hasPrefix("-")
        else { return nil }
        var microseconds: Int64 = 0
        if parts.count == 2 {
            guard (1...6).contains(parts[1].count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let fraction = Int64(parts[1] + String(repeating: "0", count: 6 - parts[1].count))
            else { return nil }
            microseconds = fraction
        }
        self = .seconds(seconds) + .microseconds(microseconds)
    }

    /// Decimal seconds without needless zeros.
    var inSeconds: String {
        let microseconds = wholeNanoseconds / 1000
        var fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(microseconds / 1_000_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
