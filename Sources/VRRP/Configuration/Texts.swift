/// The nearest known word to one that is misspelt.
enum NearestWord {
    /// Longer words are no misspelt keywords.
    private static let longest = 40

    static func to(_ word: String, among known: some Sequence<String>) -> String? {
        let limit = max(1, word.utf8.count / 3)
        guard word.utf8.count <= longest else { return nil }
        return known.filter { abs($0.utf8.count - word.utf8.count) <= limit }
            .map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
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
    init?(inSeconds text: some StringProtocol) {
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

extension String {
    /// Whether a sign behind it would be one that a backslash stands before.
    var endsInOddBackslash: Bool { utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count % 2 == 1 }
}
