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
            var outcome = Outcome()
            switch result {
            case .success(let value): outcome = value
            case .failure(let error as RunFailure):
                outcome.run = error.run
                outcome.code = console.show(error.cause, interrupted: interrupted)
                console.say("Run \(error.run) did not come to its end.")
            case .failure(let error): outcome.code = console.show(error, interrupted: interrupted)
            }
            var summary: [String: JSONValue] = [
                "type": "summary", "command": .text(command),
                "ok": .flag([.success, .changesFound].contains(outcome.code)),
                "changes": .number(outcome.changes), "run": outcome.run.map(JSONValue.text) ?? .null,
                "seconds": .fraction(console.seconds), "exit": .number(Int(outcome.code.rawValue)),
            ]
            summary.merge(outcome.fields) { $1 }
            console.emit(summary)
            told = outcome.code
            return outcome.code
        }
    }
}
