import Foundation
import PlanningSamples
import Testing
import Texts

@testable import Inventory
@testable import Planning

@Suite("Tables of the documentation")
struct ReferenceTableTests {
    @Test(
        "They say what the code reads",
        arguments: [
            ("Playbooks/README.md", Explanation.Language.english), ("Playbooks/README.zh-CN.md", .chinese),
        ])
    func playbooks(page: String, language: Explanation.Language) throws {
        let text = try String(contentsOfFile: "\(Samples.repository)/\(page)", encoding: .utf8)
        for table in [ReferenceTables.kinds(language), ReferenceTables.values(language)] {
            #expect(text.contains("\n\n" + table), "\(page) should hold this table:\n\n\(table)")
        }
    }

    @Test(
        "They say what the reader of inventories knows",
        arguments: [
            ("docs/inventory.md", Explanation.Language.english), ("docs/inventory.zh-CN.md", .chinese),
        ])
    func inventory(page: String, language: Explanation.Language) throws {
        let text = try String(contentsOfFile: "\(Samples.repository)/\(page)", encoding: .utf8)
        let table = InventoryTable.markdown(language)
        #expect(text.contains("\n\n" + table), "\(page) should hold this table:\n\n\(table)")
    }
}
