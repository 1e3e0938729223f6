import YAMLReading

/// A text that is gone through once, with the place of where one is.
struct TemplateScanner {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// Where `current` stands.
    private(set) var place = SourcePlace.start

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// Nil at the end.
    var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func advance(_ count: Int) {
        for _ in 0..<count {
            guard let scalar = current else { return }
            place = scalar == "\n" ? SourcePlace(line: place.line + 1, column: 1) : place.right
            index += 1
        }
    }

    /// Goes to the next `word`; false where there is none.
    mutating func skip(to word: String) -> Bool {
        let word = Array(word.unicodeScalars)
        while current != nil {
            if isAt(word) { return true }
            advance(1)
        }
        return false
    }

    /// What stands before the next `end`, which is passed over too; nil, and one stays where one is, where the text ends or
    /// `other` comes before.
    mutating func take(until end: String, before other: String?) -> String? {
        var ahead = self
        let end = Array(end.unicodeScalars)
        let other = other.map { Array($0.unicodeScalars) }
        var taken = String.UnicodeScalarView()
        while let scalar = ahead.current {
            if ahead.isAt(end) {
                ahead.advance(end.count)
                self = ahead
                return String(taken)
            }
            if let other, other != end, ahead.isAt(other) { return nil }
            taken.append(scalar)
            ahead.advance(1)
        }
        return nil
    }

    private func isAt(_ word: [Unicode.Scalar]) -> Bool {
        index + word.count <= scalars.count && scalars[index..<index + word.count].elementsEqual(word)
    }
}

extension SourcePlace {
    fileprivate var right: SourcePlace { SourcePlace(line: line, column: column + 1) }
}
