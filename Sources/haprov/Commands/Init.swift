import ArgumentParser
import Errors
import Foundation
import Inventory
import Provisioning

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented inventory.yml: three balancers, three applications, one virtual IP.",
        discussion: """
            Never over a file that is there.

              haprov init
              haprov init --language zh cluster.yml
            """)

    @Argument(help: "The file to write.", completion: .file())
    var file = "inventory.yml"

    @Option(help: ArgumentHelp("The language of the comments: en or zh; otherwise by $LANG.", valueName: "en|zh"))
    var language: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let language, InventoryTemplate.Language(rawValue: language) == nil {
            throw ValidationError("--language is en or zh, not \(language).")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let locale = environment["LC_ALL"] ?? environment["LANG"] ?? ""
        let chosen = language.flatMap(InventoryTemplate.Language.init) ?? (locale.hasPrefix("zh") ? .chinese : .english)
        try await Runner.run("init", output) { [file] console, _ in
            // Never over a file that is there: it may be somebody's only copy.
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o644)
            guard descriptor >= 0 else {
                let isThere = errno == EEXIST
                throw Failure(
                    .input, step: "init",
                    summary: isThere
                        ? "\(file) is there already" : "cannot write \(file): \(String(cString: strerror(errno)))",
                    remedy: "\(isThere ? "Move it away, or name" : "Name") another file: `haprov init FILE`.")
            }
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
                .write(contentsOf: Data(InventoryTemplate.text(chosen).utf8))
            console.say("Wrote \(file). Edit it, then `haprov check`.")
            return Outcome(fields: ["file": .text(file)])
        }
    }
}
