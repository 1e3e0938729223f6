import ArgumentParser
import Errors
import Foundation
import Inventory
import Provisioning

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented inventory.yml: three balancers, three applications, one virtual IP.",
        discussion: """
            Never over a file that is there. Beside it comes \(InventorySchema.fileName), by which editors with a YAML \
            language server complete and check its keys.

              haprov init
              haprov init --language zh cluster.yml
            """)

    @Argument(help: "The file to write.", completion: .file())
    var file = "inventory.yml"

    @OptionGroup var language: LanguageOption

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let chosen = language.chosen
        try await Runner.run("init", output) { [file] console, _ in
            guard try write(InventoryTemplate.text(chosen), to: file) else {
                throw Failure(
                    .input, step: "init", summary: "\(file) is there already",
                    remedy: "Move it away, or name another file: `haprov init FILE`.")
            }
            // The inventories of a folder share it.
            let schema = URL(fileURLWithPath: file).deletingLastPathComponent()
                .appendingPathComponent(InventorySchema.fileName).path
            let isNew = try write(InventorySchema.text(chosen), to: schema)
            let companion = isNew ? ", and \(InventorySchema.fileName) for editors" : ""
            console.say("Wrote \(file)\(companion). Edit it, then `haprov check`.")
            return Outcome(fields: ["file": .text(file)])
        }
    }

    /// Writes a new file, never over one that is there: it may be somebody's only copy.
    ///
    /// - Returns: whether there was none.
    private func write(_ text: String, to path: String) throws -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw Failure(
                .input, step: "init", summary: "cannot write \(path): \(String(cString: strerror(errno)))",
                remedy: "Name another file: `haprov init FILE`.")
        }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
        return true
    }
}
