/// A version number that can be compared: `1.8.25`, `2.0-dev3`. Suffixes stand before the number that they end in.
package struct Version: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The numbers between the dots.
    package var numbers: [Int]
    /// What follows the numbers, without a leading `-`; empty for a release.
    package var suffix: String
    /// As it was written.
    package let description: String

    /// Reads digits with at least one dot between them, and perhaps a suffix; nil for anything else.
    package init?(_ text: String) {
        guard Words.isVersion(text) else { return nil }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        var numbers: [Int] = []
        for part in digits.split(separator: ".") {
            guard let number = Int(part) else { return nil }
            numbers.append(number)
        }
        self.numbers = numbers
        self.suffix = String(text.dropFirst(digits.count).drop { $0 == "-" })
        self.description = text
    }

    /// `2.0` equals `2.0.0`.
    package static func == (left: Version, right: Version) -> Bool { !(left < right) && !(right < left) }

    /// Equal versions hash alike.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(Array(numbers.reversed().drop { $0 == 0 }))
        hasher.combine(suffix)
    }

    /// Number by number; a suffix, as in `2.0-dev3`, comes before the release.
    package static func < (left: Version, right: Version) -> Bool {
        for index in 0..<max(left.numbers.count, right.numbers.count) {
            let one = index < left.numbers.count ? left.numbers[index] : 0
            let other = index < right.numbers.count ? right.numbers[index] : 0
            if one != other { return one < other }
        }
        if left.suffix == right.suffix { return false }
        if left.suffix.isEmpty != right.suffix.isEmpty { return right.suffix.isEmpty }
        return left.suffix < right.suffix
    }
}
