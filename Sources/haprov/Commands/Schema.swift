import ArgumentParser
import Foundation
import Inventory

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON schema of inventories, by which editors complete and check them.",
        discussion: """
            `haprov init` writes it beside the inventory, whose first line names it. Where the one beside yours is of an \
            earlier haprov:

              haprov schema >\(InventorySchema.fileName)
            """)

    @OptionGroup var language: LanguageOption

    func run() throws {
        try FileHandle.standardOutput.write(contentsOf: Data(InventorySchema.text(language.chosen).utf8))
    }
}
