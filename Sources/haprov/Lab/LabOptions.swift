import ArgumentParser
import Errors
import Foundation
import Lab

/// Which lab.
struct LabNameOption: ParsableArguments {
    @Option(
        help: "The lab's name; otherwise $HAPROV_LAB, or else \"default\". Several live side by side.",
        completion: .custom { _, _, _ in Laboratory.all().map(\.description) })
    var name: String?

    func validate() throws {
        do throws(Failure) { _ = try chosen } catch {
            throw ValidationError("The lab's name: \(error.summary). \(error.remedy)")
        }
    }

    private var chosen: LabName {
        get throws(Failure) {
            guard let given = name ?? ProcessInfo.processInfo.environment["HAPROV_LAB"] else { return .standard }
            return try LabName(given)
        }
    }

    /// - Parameter console: told what is being done.
    func laboratory(_ console: Console? = nil) throws(Failure) -> Laboratory {
        Laboratory(try chosen) { line in console?.tell(lab: line) }
    }
}

/// Which lab, and how to tell about it.
struct LabOptions: ParsableArguments {
    @OptionGroup var which: LabNameOption
    @OptionGroup var output: OutputOptions

    /// Runs work in the frame that every command has.
    func run(_ command: String, _ body: @escaping @Sendable (Laboratory, Console) async throws -> Outcome) async throws
    {
        let remedy = "Run it again: what is unfinished is cleared away or mended first. `haprov lab status` shows it."
        try await Runner.run(command, output, interruption: .ends(remedy: remedy)) { [which] console, _ in
            try await body(try which.laboratory(console), console)
        }
    }
}
