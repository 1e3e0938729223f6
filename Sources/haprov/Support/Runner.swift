import ArgumentParser
import Inventory
import Provisioning
import SSH

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
    static func run(
        _ command: String, _ options: OutputOptions,
        body: @escaping @Sendable (Console, Interrupt) async throws -> Outcome
    ) async throws {
        let console = options.console()
        let interrupt = Interrupt()
        let task = Task { try await body(console, interrupt) }
        interrupt.watch(console: console) { task.cancel() }
        var outcome = Outcome()
        do {
            outcome = try await task.value
        } catch {
            outcome.code = report(error, console: console, interrupted: interrupt.isPressed)
        }
        var summary: [String: JSONValue] = [
            "type": "summary", "command": .text(command), "ok": .flag(outcome.code == .success),
            "changes": .number(outcome.changes), "run": (outcome.run ?? console.run).map(JSONValue.text) ?? .null,
            "seconds": .fraction(console.seconds), "exit": .number(Int(outcome.code.rawValue)),
        ]
        summary.merge(outcome.fields) { $1 }
        if command == "plan" { summary["ok"] = .flag([.success, .changesFound].contains(outcome.code)) }
        console.emit(summary)
        throw outcome.code
    }

    private static func report(_ error: any Error, console: Console, interrupted: Bool) -> ExitCode {
        switch error {
        case let code as ExitCode: return code
        case let failures as Failures:
            for failure in failures.all { console.show(failure) }
            return interrupted ? .interrupted : ExitCode(failures.all)
        case let failure as Failure:
            console.show(failure)
            return interrupted ? .interrupted : ExitCode([failure])
        case let faults as InventoryFaults:
            for diagnostic in faults.diagnostics { console.show(diagnostic) }
            return .failure
        case let error as PlaybookError:
            console.show(
                Failure(.input, step: "playbook", summary: error.description, remedy: "Mend the playbook."))
            return .failure
        case is CancellationError:
            console.show(
                Failure(
                    .cancelled, step: "stop", summary: "interrupted",
                    remedy: "`haprov status` shows where the hosts are; `haprov rollback` takes the run back."))
            return .interrupted
        default:
            console.show(
                Failure(.change, step: "haprov", summary: "\(error)", remedy: "Report this: it is a fault in haprov."))
            return .failure
        }
    }
}
