/// The words of a command as keepalived reads them: quotes of both kinds keep blanks together, and a backslash stands
/// before a sign or for one, as in C, inside quotes too.
enum CommandLine {
    /// nil where a quote is not closed, nothing stands behind the last backslash, or the words are no UTF-8.
    static func split(_ text: String) -> [String]? {
        var words: [[UInt8]] = []
        var word: [UInt8]?
        var quote: UInt8?
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "\\"):
                guard let value = escaped(&rest) else { return nil }
                word = (word ?? []) + [value]
            case _ where octet == quote: quote = nil
            case _ where quote != nil: word?.append(octet)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                quote = octet
                word = word ?? []
            case UInt8(ascii: " "), 0x09...0x0D:
                if let done = word { words.append(done) }
                word = nil
            default:
                if word == nil { word = [] }
                word?.append(octet)
            }
        }
        guard quote == nil else { return nil }
        if let done = word { words.append(done) }
        return decoded(words)
    }

    private static func decoded(_ words: [[UInt8]]) -> [String]? {
        var texts: [String] = []
        for word in words {
            guard let text = String(validating: word, as: UTF8.self), !word.contains(0) else { return nil }
            texts.append(text)
        }
        return texts
    }

    /// What stands behind a backslash: `\xHH`, `\cX`, up to three octal digits, a letter of C, or the sign itself.
    private static func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let octet = rest.popFirst() else { return nil }
        switch octet {
        case UInt8(ascii: "x") where rest.first.flatMap(hexadecimal) != nil:
            var value: UInt8 = 0
            while let digit = rest.first.flatMap(hexadecimal) {
                value = value << 4 | digit
                rest.removeFirst()
            }
            return value
        case UInt8(ascii: "c"): return rest.popFirst().map { $0 & 0x1F } ?? octet
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value = octet - UInt8(ascii: "0")
            for _ in 0..<2 {
                guard let next = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(next) else { break }
                value = value << 3 | (next - UInt8(ascii: "0"))
                rest.removeFirst()
            }
            return value
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "E"): return 0x1B
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "v"): return 0x0B
        default: return octet
        }
    }

    private static func hexadecimal(_ octet: UInt8) -> UInt8? {
        Character(Unicode.Scalar(octet)).hexDigitValue.map(UInt8.init)
    }

    /// A line in double quotes that keepalived reads as these words: it takes the quotes and the backslashes off twice.
    static func quoted(_ words: [String]) -> String {
        "\"" + words.map(written).joined(separator: " ") + "\""
    }

    private static func written(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0 > 0x20 && !"'\"\\\u{7F}".utf8.contains($0) }
        if isPlain, !word.isEmpty { return word }
        let signs = word.unicodeScalars.map { scalar in
            guard scalar.value < 0x20 || "'\"\\\u{7F}".unicodeScalars.contains(scalar) else { return String(scalar) }
            let digits = String(scalar.value, radix: 8)
            return #"\\"# + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return "'" + signs.joined() + "'"
    }
}
