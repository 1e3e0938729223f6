import Errors
import HostShell
import Planning
import SSH
import Synchronization
import Texts

/// Follows a batch's output as it arrives.
final class BatchReader: Sendable {
    private let host: String
    private let summaries: [String: String]
    private let mask: SecretMask
    private let events: EventSink
    private let state = Mutex(State())
    private let lines = Mutex(LineCutter())

    struct State {
        var ended = false
        var running: String?
        var failed: (number: String, log: String)?
        var lastLines: [String] = []
        var locked: LockFact?
        var isWaiting = false
        var death: String?
        var done = 0
    }

    init(
        host: String, summaries: [String: String], mask: SecretMask = SecretMask([]), events: @escaping EventSink
    ) {
        self.host = host
        self.summaries = summaries
        self.mask = mask
        self.events = events
    }

    func take(_ chunk: OutputChunk) {
        guard case .standardOutput(let bytes) = chunk else { return }
        for line in lines.withLock({ $0.take(bytes) }) {
            if let record = Record(line: line) { take(record) }
        }
    }

    private func take(_ record: Record) {
        let summary = summaries[record[1]] ?? record[1]
        switch record.word {
        case "started":
            state.withLock { $0.running = summary }
            events(.started(host: host, summary: summary))
        case "done", "undone":
            state.withLock {
                $0.running = nil
                $0.done += 1
            }
            events(.finished(host: host, summary: summary))
        case "failed":
            state.withLock { $0.failed = (record[1], record[3]) }
            events(.failed(host: host, summary: summary))
        case "log":
            // A program that refuses a file may quote it.
            state.withLock { $0.lastLines.append(mask.masked(record[1])) }
        case "note": events(.note(host: host, text: record[2]))
        case "locked": state.withLock { $0.locked = LockFact(record) }
        case "waiting":
            let isFirst = state.withLock { state in
                defer { state.isWaiting = true }
                return !state.isWaiting
            }
            let step = record[1].isEmpty ? "" : ": \(record[1])"
            if isFirst { events(.note(host: host, text: "waits for what a dead run began here to end\(step)")) }
        case "die": state.withLock { $0.death = $0.death ?? record[1] }
        case "end": state.withLock { $0.ended = true }
        default: break
        }
    }

    /// How many steps were made.
    var done: Int { state.withLock { $0.done } }

    /// - Throws: what the host said went wrong.
    func finish(_ result: RemoteResult, command: String) throws(Failure) {
        let state = state.withLock { $0 }
        if let locked = state.locked {
            var failure = Failure(
                .locked, host: host, step: "lock", summary: locked.text, remedy: locked.remedy)
            failure.lockHolder = locked.holder
            throw failure
        }
        if let failed = state.failed {
            let log = failed.log.isEmpty ? "" : " The whole log is \(failed.log) on \(host)."
            throw Failure(
                .change, host: host, step: summaries[failed.number] ?? failed.number,
                summary: "it failed: \(state.lastLines.last ?? "without a word")",
                remedy: command == "rollback"
                    ? "`haprov rollback` again goes on from here: what is undone already is passed over.\(log)"
                    : "`haprov apply` again goes on from here; `haprov rollback` takes this run back.\(log)",
                cause: state.lastLines.suffix(12).joined(separator: "\n"))
        }
        if let death = state.death {
            throw Failure(
                .change, host: host, step: state.running ?? "start", summary: death,
                remedy: "Put that right on \(host), then run haprov again: it goes on from there.")
        }
        guard state.ended, result.exitStatus == 0 else {
            throw Failure(
                .change, host: host, step: state.running ?? "script",
                summary: "the host's shell ended early with status \(result.exitStatus.map(String.init) ?? "unknown")",
                remedy: "Run haprov again.",
                cause: String(decoding: result.standardError.suffix(2000), as: UTF8.self))
        }
    }
}
