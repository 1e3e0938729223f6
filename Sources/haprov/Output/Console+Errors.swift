import ArgumentParser
import Errors
import Inventory
import Planning
import Provisioning
import YAMLReading

extension Console {
    /// Shows what ended a command, whatever it is, in the one form of errors.
    ///
    /// - Returns: the exit code that it means.
    func show(_ error: any Error, interrupted: Bool) -> ExitCode {
        switch error {
        case let code as ExitCode: return code
        case let failures as Failures:
            for failure in failures.all { show(failure) }
            return interrupted ? .interrupted : ExitCode(failures.all)
        case let failure as Failure:
            show(failure)
            return interrupted ? .interrupted : ExitCode([failure])
        case let faults as InputFaults:
            for diagnostic in faults.inventory { show(diagnostic, of: "inventory") }
            for diagnostic in faults.playbook { show(diagnostic, of: "playbook") }
            return .failure
        case let error as PlaybookError:
            for fault in error.faults { show(fault, of: "playbook") }
            return .failure
        case is CancellationError:
            show(
                Failure(
                    .cancelled, step: "stop", summary: "interrupted",
                    remedy: "`haprov status` shows where the hosts are; `haprov apply` again goes on, and "
                        + "`haprov rollback` takes the run back."))
            return .interrupted
        default:
            show(
                Failure(
                    .change, step: "haprov", summary: "\(error)",
                    remedy:
                        "It is a fault in haprov itself. `haprov history` shows what this run has done, and `haprov rollback` takes it back."
                ))
            return .failure
        }
    }

    /// - Parameter step: what was read: `inventory` or `playbook`.
    func show(_ diagnostic: Diagnostic, of step: String) {
        let colour = diagnostic.severity == .error ? red : yellow
        let place = "\(diagnostic.file):\(diagnostic.line):\(diagnostic.column)"
        if !isJSON {
            let code = diagnostic.code.map { " [\($0)]" } ?? ""
            complain(
                "\(place): \(colour(diagnostic.severity.rawValue)): \(diagnostic.message)\(code)\n    \(diagnostic.remedy)"
            )
        }
        emit([
            "type": .text(diagnostic.severity.rawValue), "kind": "input", "host": .null, "step": .text(step),
            "cause": .null, "file": .text(diagnostic.file),
            "line": .number(diagnostic.line), "column": .number(diagnostic.column),
            "message": .text(diagnostic.message), "remedy": .text(diagnostic.remedy),
            "severity": .text(diagnostic.severity.rawValue), "code": diagnostic.code.map(JSONValue.text) ?? .null,
        ])
    }

    func show(_ failure: Failure) {
        if !isJSON {
            var text = "\(red("error"))\(failure.host.map { " \($0)" } ?? ""): \(failure.step): \(failure.summary)"
            if let cause = failure.cause, !cause.isEmpty {
                text += "\n" + cause.split(separator: "\n").map { "    | \($0)" }.joined(separator: "\n")
            }
            complain(text + "\n    \(failure.remedy)")
        }
        emit([
            "type": "error", "kind": .text(failure.kind.rawValue), "host": failure.host.map(JSONValue.text) ?? .null,
            "step": .text(failure.step), "message": .text(failure.summary), "remedy": .text(failure.remedy),
            "cause": failure.cause.map(JSONValue.text) ?? .null,
        ])
    }
}
