import Foundation
import Testing

@testable import Planning

@Suite("Tables of the documentation")
struct ReferenceTableTests {
    @Test(
        "They say what the code reads",
        arguments: [
            ("Playbooks/README.md", ReferenceTables.Language.english), ("Playbooks/README.zh-CN.md", .chinese),
        ])
    func playbooks(page: String, language: ReferenceTables.Language) throws {
        let text = try String(contentsOfFile: "\(Samples.repository)/\(page)", encoding: .utf8)
        for table in [ReferenceTables.kinds(language), ReferenceTables.values(language)] {
            #expect(text.contains("\n\n" + table), "\(page) should hold this table:\n\n\(table)")
        }
    }
}
