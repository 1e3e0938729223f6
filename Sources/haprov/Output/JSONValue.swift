import Foundation

/// What `--json` prints: one object a line, keys sorted.
indirect enum JSONValue: Encodable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral
{
    case text(String)
    case number(Int)
    case fraction(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])
    case null

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(floatLiteral value: Double) { self = .fraction(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }

    /// Any encodable value, by way of its JSON.
    init(encoding value: some Encodable) {
        guard let data = try? JSONEncoder().encode(value),
            let plain = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        else {
            self = .null
            return
        }
        self.init(plain: plain)
    }

    private init(plain: Any) {
        switch plain {
        case let text as String: self = .text(text)
        case let number as NSNumber where number.objCType.pointee == CChar(bitPattern: UInt8(ascii: "c")):
            self = .flag(number.boolValue)
        case let number as NSNumber:
            self =
                number.doubleValue == number.doubleValue.rounded()
                ? .number(number.intValue)
                : .fraction(number.doubleValue)
        case let items as [Any]: self = .list(items.map(JSONValue.init(plain:)))
        case let fields as [String: Any]: self = .object(fields.mapValues(JSONValue.init(plain:)))
        default: self = .null
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .fraction(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }

    /// An object's fields; none of anything else.
    var fields: [String: JSONValue] {
        if case .object(let fields) = self { return fields }
        return [:]
    }

    /// One line, without its end.
    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
