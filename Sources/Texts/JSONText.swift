/// A JSON value, RFC 8259.
package indirect enum JSONText: Sendable {
    case text(String)
    case number(UInt64)
    case flag(Bool)
    case null
    case list([JSONText])
    /// In this order.
    case object([(String, JSONText)])

    /// On one line.
    package var description: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        case .list(let items): "[" + items.map { $0.description }.joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { Self.quoted($0) + ":" + $1.description }.joined(separator: ",") + "}"
        }
    }

    /// On a line an entry, two spaces deeper each time.
    package var indented: String { indented(by: "") }

    private func indented(by margin: String) -> String {
        func block(_ open: String, _ entries: [String], _ close: String) -> String {
            entries.isEmpty
                ? open + close
                : open + "\n" + entries.map { "\(margin)  \($0)" }.joined(separator: ",\n") + "\n\(margin)\(close)"
        }
        return switch self {
        case .list(let items): block("[", items.map { $0.indented(by: margin + "  ") }, "]")
        case .object(let fields):
            block("{", fields.map { Self.quoted($0) + ": " + $1.indented(by: margin + "  ") }, "}")
        default: description
        }
    }

    /// A string of JSON, which YAML 1.2 reads as the same text.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            // Those from DEL on are allowed in JSON, and not in YAML.
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
