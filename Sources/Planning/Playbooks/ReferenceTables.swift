import Texts

/// The tables of the documentation that say what playbooks may hold, made from what reads them.
package enum ReferenceTables {
    /// A value that playbooks and templates can use.
    struct ValueRow: Sendable {
        enum Form: Sendable { case text, flag, list }
        var name: String
        var form: Form
        var meaning: Explanation
    }

    /// Every kind with its fields, in Markdown.
    package static func kinds(_ language: Explanation.Language) -> String {
        var lines =
            language == .english
            ? ["| Kind, fields | Left out | What it makes sure of |"] : ["| 种类、字段 | 不写时 | 保证什么 |"]
        lines.append("| --- | --- | --- |")
        for kind in ResourceKinds.all {
            lines.append("| **`\(kind.kind)`** | | \(kind.meaning.text(language)) |")
            lines += kind.fields.map { "| `\($0.name)` | \(need($0.need, language)) | \($0.meaning.text(language)) |" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every value for fields and templates, in Markdown.
    package static func values(_ language: Explanation.Language) -> String {
        let head = language == .english ? "| Value | | Meaning |" : "| 值 | | 含义 |"
        let rows = TemplateContext.catalogue.flatMap(\.rows).map {
            "| `\($0.name)` | \(form($0.form, language)) | \($0.meaning.text(language)) |"
        }
        return ([head, "| --- | --- | --- |"] + rows).joined(separator: "\n") + "\n"
    }

    private static func need(_ need: FieldDeclaration.Need, _ language: Explanation.Language) -> String {
        switch (need, language) {
        case (.required, .english): "required"
        case (.required, .chinese): "必填"
        case (.optional, _): ""
        case (.standard(let value), _): "`\(value)`"
        }
    }

    private static func form(_ form: ValueRow.Form, _ language: Explanation.Language) -> String {
        switch (form, language) {
        case (.text, .english): "text"
        case (.flag, .english): "yes or no"
        case (.list, .english): "list"
        case (.text, .chinese): "文本"
        case (.flag, .chinese): "是或否"
        case (.list, .chinese): "列表"
        }
    }
}
