import ArgumentParser
import Errors
import Foundation

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the page of a proof again, from what `haprov verify --json` printed.",
        discussion: """
              haprov verify --json >proof.json
              haprov report proof.json --report proof.html --lang zh
            """)

    @Argument(help: "What verify printed, or apply with drills.", completion: .file(extensions: ["json"]))
    var file: String

    @OptionGroup var files: ReportFiles
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !files.isWanted { throw ValidationError("Name the page by --report, or a file by --junit.") }
    }

    func run() async throws {
        try await Runner.run("report", output) { [self] console, _ in
            try files.check()
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw Failure(
                    .input, step: "report", summary: "\(file) cannot be read",
                    remedy: "Name a file that has what `haprov verify --json` printed.")
            }
            try files.write(
                ReportFiles.proof(in: text.split(whereSeparator: \.isNewline).map(String.init), of: file),
                console: console)
            return Outcome()
        }
    }
}
