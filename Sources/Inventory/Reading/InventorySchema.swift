import Texts

/// The inventory's keys as a JSON schema (draft 7), by which editors complete and check them while they are written.
package enum InventorySchema {
    /// As `haprov init` names the file beside an inventory.
    package static let fileName = "haprov.schema.json"

    /// The comment by which yaml-language-server, and the editors that run it, find the schema.
    package static let modeline = "# yaml-language-server: $schema=\(fileName)"

    /// The schema, with the keys' meanings in a language.
    package static func text(_ language: Explanation.Language) -> String {
        let sections = Set(InventoryKeys.all.map(\.section)).subtracting([""]).sorted()
        let root = object("", language) + conditions
        return JSONText.object(
            [
                ("$schema", .text("http://json-schema.org/draft-07/schema#")),
                ("title", .text("haprov inventory")),
            ] + root + [
                (
                    "definitions",
                    .object(sections.map { ($0, .object(object($0, language))) } + [("secret", secret)])
                )
            ]
        ).indented + "\n"
    }

    /// A section's keys.
    private static func object(_ section: String, _ language: Explanation.Language) -> [(String, JSONText)] {
        let keys = InventoryKeys.all.filter { $0.section == section }
        var fields: [(String, JSONText)] = [
            ("type", .text("object")),
            ("additionalProperties", .flag(false)),
            ("properties", .object(keys.map { ($0.name, .object(described($0, language))) })),
        ]
        let required = keys.filter { if case .required = $0.fallback { true } else { false } }
        if !required.isEmpty { fields.append(("required", .list(required.map { .text($0.name) }))) }
        for key in keys {
            guard case .requiredOr(let other) = key.fallback else { continue }
            fields.append(("anyOf", .list([key.name, other].map { .object([("required", .list([.text($0)]))]) })))
        }
        return fields
    }

    /// What a key's being required depends on at the top level.
    private static var conditions: [(String, JSONText)] {
        var fields: [(String, JSONText)] = []
        for key in InventoryKeys.all {
            guard case .requiredWhere(let other, let value, let root) = key.fallback,
                let group = key.section.split(separator: ".").first
            else { continue }
            let condition = JSONText.object([(other, .object([("const", .text(value))]))])
            let part: [(String, JSONText)] = [
                ("if", .object([("properties", condition)])),
                ("then", .object([("required", .list([.text(key.name)]))])),
            ]
            let named = JSONText.object([(String(group), .object([("additionalProperties", .object(part))]))])
            fields += [
                ("if", .object([("required", .list([.text(root)]))])),
                ("then", .object([("properties", named)])),
            ]
        }
        return fields
    }

    private static func described(
        _ key: InventoryKey, _ language: Explanation.Language
    ) -> [(String, JSONText)] {
        var fields = shape(key.shape)
        if let meaning = key.meaning { fields.append(("description", .text(plain(meaning.text(language))))) }
        switch key.fallback {
        case .value(let value): fields.append(("default", literal(value, key.shape)))
        case .required, .requiredOr, .requiredWhere, .nothing, .words: break
        }
        return fields
    }

    private static func shape(_ shape: InventoryShape) -> [(String, JSONText)] {
        switch shape {
        case .text: [("type", .list([.text("string"), .text("number")]))]
        case .texts: self.shape(.either([.text, .list(.text)]))
        case .flag: [("type", .text("boolean"))]
        case .integer(let range):
            [
                ("type", .text("integer")), ("minimum", .number(UInt64(range.lowerBound))),
                ("maximum", .number(UInt64(range.upperBound))),
            ]
        case .values(let shape):
            [("type", .text("object")), ("additionalProperties", .object(self.shape(shape)))]
        case .choice(let words): [("enum", .list(words.map(JSONText.text)))]
        case .duration: [("type", .list([.text("string"), .text("integer")]))]
        case .secret: reference("secret")
        case .section(let name): reference(name)
        case .named(let name): [("type", .text("object")), ("additionalProperties", .object(reference(name)))]
        case .list(let element): [("type", .text("array")), ("items", .object(self.shape(element)))]
        case .either(let shapes): [("anyOf", .list(shapes.map { .object(self.shape($0)) }))]
        }
    }

    /// In a list, since what stands beside a reference itself is not read.
    private static func reference(_ name: String) -> [(String, JSONText)] {
        [("allOf", .list([.object([("$ref", .text("#/definitions/\(name)"))])]))]
    }

    private static let secret: JSONText = {
        let sources = [("env", InventoryShape.text), ("file", .text), ("command", .list(.text))].map { name, value in
            JSONText.object([
                ("type", .text("object")), ("additionalProperties", .flag(false)),
                ("properties", .object([(name, .object(shape(value)))])), ("required", .list([.text(name)])),
            ])
        }
        return .object([("anyOf", .list([.object(shape(.text))] + sources))])
    }()

    /// As it would be read.
    private static func literal(_ value: String, _ shape: InventoryShape) -> JSONText {
        switch shape {
        case .flag: .flag(value == "true")
        case .integer: UInt64(value).map(JSONText.number) ?? .text(value)
        default: .text(value)
        }
    }

    /// Without what Markdown alone can show: links are their words.
    private static func plain(_ text: String) -> String {
        var plain = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "["), let middle = rest[open...].firstRange(of: "]("),
            let close = rest[middle.upperBound...].firstIndex(of: ")")
        {
            plain += rest[..<open] + rest[rest.index(after: open)..<middle.lowerBound]
            rest = rest[rest.index(after: close)...]
        }
        return plain + rest
    }
}
