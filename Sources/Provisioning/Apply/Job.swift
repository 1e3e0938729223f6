import HostShell
import Planning
import SSH
import Synchronization

/// A script that changes a host and goes on without the connection: see `job.sh`.
struct Job: Sendable {
    enum Kind: String, Sendable {
        /// Whoever takes over from a dead haprov waits for its end.
        case change
        /// It may be ended at any moment.
        case build
    }

    /// Tells it from all others on that host: who finds one of that name there takes it for this one.
    var name: String
    var script: RemoteScript

    /// - Parameters:
    ///   - opening: what begins the run on the host; it may be made twice.
    ///   - receiving: calls that take the payload.
    ///   - doing: what goes on by itself; nothing of the shell that received is left then but what stands in files.
    ///   - roots: functions that are called without being named.
    init(
        _ name: String, _ kind: Kind, run: String, opening: [String], receiving: [[String]] = [], doing: [[String]],
        calling roots: [String] = [], payload: [RemoteScript.Payload] = []
    ) {
        self.name = name
        let first = [opening, ["hp_claim", name]] + receiving + [["hp_detach", name, kind.rawValue]]
        let second = [["hp_job", run, name, kind.rawValue]] + doing + [["hp_say", "end"]]
        let lines = ["if [ $# -eq 0 ]; then"] + first.map(Shell.join) + ["fi"] + second.map(Shell.join)
        script = RemoteScript(
            ShellLibrary.host.script(lines.joined(separator: "\n"), calling: roots), payload: payload)
    }

    /// The script that says again what the job has said from there on.
    ///
    /// - Parameter offset: bytes.
    func following(from offset: Int) -> RemoteScript {
        RemoteScript(ShellLibrary.host.script(calls: [["hp_follow", name, "\(offset)"]]))
    }
}

/// What a job says, whole, over several connections.
final class JobStream: Sendable {
    private struct State {
        /// Where the job's own words have come to; nil before they began on any connection.
        var offset: Int?
        /// What this connection has brought before them.
        var head: [UInt8]? = []
    }

    private let mark: [UInt8]
    private let output: @Sendable (OutputChunk) -> Void
    private let state = Mutex(State())

    init(_ name: String, _ output: @escaping @Sendable (OutputChunk) -> Void) {
        mark = Array("@job\t\(name)\n".utf8)
        self.output = output
    }

    /// How many bytes the job is known to have said; nil where it is not known to have begun.
    var offset: Int? { state.withLock(\.offset) }

    /// The connection is lost; what comes next is another's.
    func cut() { state.withLock { $0.head = [] } }

    func take(_ chunk: OutputChunk) {
        guard case .standardOutput(let bytes) = chunk else { return output(chunk) }
        let new: [UInt8] = state.withLock { state in
            var new = bytes
            if var head = state.head {
                head += bytes
                guard let range = head.firstRange(of: mark) else {
                    // Words before the job, such as why there is none.
                    let end = head.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
                    state.head = Array(head[end...])
                    return Array(head[..<end])
                }
                state.head = nil
                state.offset = state.offset ?? 0
                output(.standardOutput(Array(head[..<range.lowerBound])))
                new = Array(head[range.upperBound...])
            }
            state.offset = (state.offset ?? 0) + new.count
            return new
        }
        if !new.isEmpty { output(.standardOutput(new)) }
    }
}
