import ArgumentParser
import Errors
import Foundation
import Inventory
import Provisioning
import SSH
import Synchronization

/// What a command gives back for its summary.
struct Outcome: Sendable {
    var code: ExitCode = .success
    /// How many changes were made or found.
    var changes = 0
    var run: String?
    /// More fields for the summary of `--json`.
    var fields: [String: JSONValue] = [:]
}

extension Outcome {
    /// How work ended; what it failed by is shown.
    init(_ result: Result<Outcome, any Error>, shownOn console: Console, interrupted: Bool) {
        switch result {
        case .success(let value): self = value
        case .failure(let error as RunFailure):
            self.init(code: console.show(error.cause, interrupted: interrupted), run: error.run)
            console.say("Run \(error.run) did not come to its end.")
        case .failure(let error): self.init(code: console.show(error, interrupted: interrupted))
        }
    }

    /// The last object of `--json`.
    func summary(of command: String, seconds: Double) -> [String: JSONValue] {
        let summary: [String: JSONValue] = [
            "type": "summary", "command": .text(command), "ok": .flag([.success, .changesFound].contains(code)),
            "changes": .number(changes), "run": run.map(JSONValue.text) ?? .null, "seconds": .fraction(seconds),
            "exit": .number(Int(code.rawValue)),
        ]
        return summary.merging(fields) { $1 }
    }
}

/// The frame around every command: Ctrl-C, errors in their one form, the summary, the exit code.
enum Runner {
    /// What the first Ctrl-C does.
    enum Interruption {
        /// It cancels the work, which says itself how far it came.
        case cancels
        /// It ends the process: the work blocks, and whoever comes next clears up. The text says how.
        case ends(remedy: String)
    }

    static func run(
        _ command: String, _ options: OutputOptions, interruption: Interruption = .cancels,
        body: @escaping @Sendable (Console, Interrupt) async throws -> Outcome
    ) async throws {
        let console = options.console()
        let interrupt = Interrupt()
        let ending = Ending(command: command, console: console)
        let task = Task { try await body(console, interrupt) }
        interrupt.watch(console: console) {
            switch interruption {
            case .cancels: task.cancel()
            case .ends(let remedy):
                let failure = Failure(.cancelled, step: command, summary: "interrupted", remedy: remedy)
                Foundation.exit(ending.tell(.failure(failure), interrupted: true).rawValue)
            }
        }
        throw ending.tell(await task.result, interrupted: interrupt.isPressed)
    }

    /// For commands whose output is another program's: nothing is said but what keeps that program from running.
    static func become(_ work: () throws -> Never) throws -> Never {
        do { try work() } catch {
            let console = Console(json: false, verbose: false, noColour: false)
            throw console.show(error, interrupted: false)
        }
    }
}

/// The end of a command, told once, by whoever comes first.
private final class Ending: Sendable {
    private let command: String
    private let console: Console
    private let told = Mutex<ExitCode?>(nil)

    init(command: String, console: Console) {
        self.command = command
        self.console = console
    }

    func tell(_ result: Result<Outcome, any Error>, interrupted: Bool) -> ExitCode {
        told.withLock { told in
            if let told { return told }
            console.endProgress()
            let outcome = Outcome(result, shownOn: console, interrupted: interrupted)
            console.emit(outcome.summary(of: command, seconds: console.seconds))
            told = outcome.code
            return outcome.code
        }
    }
}
