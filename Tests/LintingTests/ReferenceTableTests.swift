import Foundation
import Testing
import Texts

@testable import Linting

@Suite("The table of codes in the documentation") struct ReferenceTableTests {
    @Test(
        "It says what the rules are",
        arguments: [("docs/lint.md", Explanation.Language.english), ("docs/lint.zh-CN.md", .chinese)])
    func codes(page: String, language: Explanation.Language) throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let text = try String(contentsOfFile: "\(repository)/\(page)", encoding: .utf8)
        let head =
            language == .english
            ? "| Code | Severity | What |" : "| 代码 | 级别 | 内容 |"
        let severities =
            language == .english
            ? [Finding.Severity.error: "error", .warning: "warning"] : [.error: "错误", .warning: "警告"]
        let rows = Rule.all.map { "| \($0.code) | \(severities[$0.severity] ?? "") | \($0.title.text(language)) |" }
        let table = ([head, "| --- | --- | --- |"] + rows).joined(separator: "\n") + "\n"
        #expect(text.contains("\n\n" + table), "\(page) should hold this table:\n\n\(table)")
    }
}
