/// Numbers and durations as people write them.
package enum Notation {
    /// A whole number: digits and perhaps a minus; no leading zero, which YAML 1.1 reads as octal.
    package static func integer(_ text: some StringProtocol) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits == "0" || !digits.hasPrefix("0")
        else { return nil }
        return Int(text)
    }

    /// Milliseconds from `500ms`, `5s`, `1.5s` or `2m`; a plain number counts in `plainUnit` milliseconds where one is given.
    /// Nil for anything else, and for what is no whole number of milliseconds.
    package static func milliseconds(_ text: String, plainUnit: Int? = nil) -> Int? {
        let units = [("ms", 1), ("s", 1000), ("m", 60_000)]
        let unit = units.first { text.hasSuffix($0.0) }
        guard let factor = unit?.1 ?? plainUnit else { return nil }
        let number = text.dropLast(unit?.0.count ?? 0)
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = integer(first), whole >= 0, whole < 1_000_000_000,
            !first.hasPrefix("-")
        else { return nil }
        guard parts.count == 2 else { return whole * factor }
        let digits = parts[1]
        guard (1...6).contains(digits.count), digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let fraction = Int(digits)
        else { return nil }
        let scale = (0..<digits.count).reduce(1) { product, _ in product * 10 }
        guard fraction * factor % scale == 0 else { return nil }
        return whole * factor + fraction * factor / scale
    }

    /// `1s`, `1.5s`, `100ms`.
    package static func duration(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
        var fraction = String(String(1000 + milliseconds % 1000).dropFirst())
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(milliseconds / 1000).\(fraction)s"
    }
}
