import Texts

/// A value that playbooks and templates can use: its name, what it means, and what it is read from.
///
/// What templates are checked against, what they are given and what the documentation lists all come from here.
struct TemplateValue<Source>: Sendable {
    var name: String
    var shape: TemplateShape
    /// What the documentation says of it and of its parts.
    var rows: [ReferenceTables.ValueRow]
    var read: @Sendable (Source) -> TemplateData

    /// - Parameters:
    ///   - english: what it means, for the documentation in English.
    ///   - chinese: the same in Chinese.
    static func text(
        _ name: String, _ english: String, _ chinese: String, _ read: @escaping @Sendable (Source) -> String
    ) -> Self {
        let row = ReferenceTables.ValueRow(name: name, form: .text, meaning: Explanation(english, chinese))
        return Self(name: name, shape: .text, rows: [row]) { .text(read($0)) }
    }

    /// Yes or no: a section over it is rendered, or left out.
    static func flag(
        _ name: String, _ english: String, _ chinese: String, _ read: @escaping @Sendable (Source) -> Bool
    ) -> Self {
        let row = ReferenceTables.ValueRow(name: name, form: .flag, meaning: Explanation(english, chinese))
        return Self(name: name, shape: .flag, rows: [row]) { .flag(read($0)) }
    }

    /// Values that are read from the same, under a common name.
    static func group(_ name: String, _ members: [Self]) -> Self {
        Self(name: name, shape: shape(of: members), rows: rows(of: members, below: "\(name).")) { data(members, $0) }
    }

    /// What a section is repeated for.
    static func list<Element>(
        _ name: String, _ english: String, _ chinese: String, of members: [TemplateValue<Element>],
        _ read: @escaping @Sendable (Source) -> [Element]
    ) -> Self {
        typealias Part = TemplateValue<Element>
        let row = ReferenceTables.ValueRow(name: name, form: .list, meaning: Explanation(english, chinese))
        return Self(
            name: name, shape: .list(Part.shape(of: members)),
            rows: [row] + Part.rows(of: members, below: "\(name): ")
        ) { .list(read($0).map { Part.data(members, $0) }) }
    }

    /// The same value, read from what it is a part of.
    func reading<Whole>(_ part: @escaping @Sendable (Whole) -> Source) -> TemplateValue<Whole> {
        TemplateValue<Whole>(name: name, shape: shape, rows: rows) { read(part($0)) }
    }

    static func shape(of values: [Self]) -> TemplateShape {
        .group(values.map { TemplateMember(name: $0.name, shape: $0.shape) })
    }

    static func data(_ values: [Self], _ source: Source) -> TemplateData {
        .group(Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.read(source)) }))
    }

    private static func rows(of values: [Self], below path: String) -> [ReferenceTables.ValueRow] {
        values.flatMap(\.rows).map { row in
            var row = row
            row.name = path + row.name
            return row
        }
    }
}

/// A tree of plain values: what Mustache sees.
indirect enum TemplateData: Sendable {
    case text(String)
    case flag(Bool)
    case list([TemplateData])
    case group([String: TemplateData])

    var plain: Any {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag
        case .list(let items): items.map(\.plain)
        case .group(let members): members.mapValues(\.plain)
        }
    }

    /// With more members.
    func adding(_ more: [String: TemplateData]) -> TemplateData {
        guard case .group(let members) = self else { return self }
        return .group(members.merging(more) { $1 })
    }
}
