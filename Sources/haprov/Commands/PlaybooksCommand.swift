import ArgumentParser
import Errors
import Foundation

struct PlaybooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "playbooks", abstract: "Get at the playbooks that haprov works by.",
        subcommands: [Export.self])
}

extension PlaybooksCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the playbooks into a new folder, to be changed and named with --playbooks.",
            discussion: """
                Never into a folder that is there.

                  haprov playbooks export mine
                  haprov check --playbooks mine
                """)

        @Argument(help: "The folder to make.", completion: .directory)
        var folder: String

        @OptionGroup var output: OutputOptions

        func run() async throws {
            try await Runner.run("playbooks export", output) { [folder] console, _ in
                let texts = try ShippedFolder.playbooks().texts
                do {
                    let url = URL(fileURLWithPath: folder)
                    let manager = FileManager.default
                    try manager.createDirectory(
                        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try manager.createDirectory(at: url, withIntermediateDirectories: false)
                    for (name, text) in texts {
                        try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .withoutOverwriting)
                    }
                } catch CocoaError.fileWriteFileExists {
                    throw Failure(
                        .input, step: "playbooks export", summary: "\(folder) is there already",
                        remedy: "Name a folder that is not there yet.")
                } catch {
                    throw Failure(
                        .input, step: "playbooks export", summary: "cannot write to \(folder): \(error)",
                        remedy: "Name another folder.")
                }
                console.say("Wrote \(folder). Change it, then `haprov check --playbooks \(folder)`.")
                return Outcome(fields: ["folder": .text(folder)])
            }
        }
    }
}
