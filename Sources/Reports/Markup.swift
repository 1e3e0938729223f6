/// Text in HTML and XML.
enum Markup {
    /// Safe between tags and in quoted attributes. What XML 1.0 cannot have is left out.
    static func escape(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            default:
                let isAllowed =
                    (0x20...0xD7FF).contains(scalar.value) || (0xE000...0xFFFD).contains(scalar.value)
                    || scalar.value >= 0x10000
                if isAllowed { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// A share of a whole in per cent, with two digits.
    static func percent(_ part: Int, of whole: Int) -> String {
        let hundredths = whole > 0 ? min(10000, max(0, part * 10000 / whole)) : 0
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
