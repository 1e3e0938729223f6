import ArgumentParser
import Errors
import Foundation
import Inventory
import Provisioning
import SSH
import Synchronization
import Texts

/// What `logs` does: the balancers' journals in one stream.
struct LogsWork {
    var cluster: Cluster
    var connect: Connector
    var console: Console
    /// As journalctl takes it.
    var since: String
    var isFollowing: Bool

    /// An entry with its time by this machine's clock.
    private struct Line: Sendable {
        var time: Int
        var host: String
        var entry: LogEntry
    }

    /// What hosts have said and is not shown yet.
    private final class Stream: Sendable {
        private struct State {
            var lines: [Line] = []
            var failures: [Failure] = []
            var atWork: Int
        }

        private let state: Mutex<State>

        init(hosts: Int) { state = Mutex(State(atWork: hosts)) }

        var failures: [Failure] { state.withLock(\.failures) }
        var isDone: Bool { state.withLock { $0.atWork == 0 } }
        func add(_ lines: [Line]) { state.withLock { $0.lines += lines } }
        func end(_ failure: Failure?) {
            state.withLock { state in
                state.atWork -= 1
                if let failure { state.failures.append(failure) }
            }
        }

        /// The lines up to a time, in order.
        func take(until limit: Int) -> [Line] {
            state.withLock { state in
                defer { state.lines.removeAll { $0.time <= limit } }
                return state.lines.filter { $0.time <= limit }.sorted { $0.time < $1.time }
            }
        }
    }

    /// One host's journal as it comes in.
    private final class Reading: Sendable {
        private let host: String
        private let state = Mutex((reader: LogReader(), offset: Int?.none))

        init(_ host: String) { self.host = host }

        var complaint: String? { state.withLock { $0.reader.complaint } }

        func take(_ bytes: [UInt8]) -> [Line] {
            state.withLock { state in
                let entries = state.reader.take(bytes)
                if state.offset == nil, let clock = state.reader.clock { state.offset = clock - LogsWork.now }
                return entries.map { Line(time: $0.time - (state.offset ?? 0), host: host, entry: $0) }
            }
        }
    }

    /// Microseconds for which a line waits for earlier ones of other hosts.
    private static let patience = 700_000

    func run() async -> Outcome {
        let hosts = cluster.balancers
        let stream = Stream(hosts: hosts.count)
        await withTaskGroup(of: Void.self) { group in
            for host in hosts { group.addTask { stream.end(await read(host, into: stream)) } }
            group.addTask { await show(stream) }
        }
        let failures = stream.failures
        for failure in failures { console.show(failure) }
        return Outcome(code: failures.isEmpty ? .success : ExitCode(failures))
    }

    private static var now: Int { Int(Date().timeIntervalSince1970 * 1_000_000) }

    /// - Returns: why it could not be read to its end.
    private func read(_ host: Inventory.Host, into stream: Stream) async -> Failure? {
        let reading = Reading(host.name)
        do throws(SSHError) {
            let connection = try await connect(host)
            let outcome: Result<RemoteResult, SSHError>
            do throws(SSHError) {
                // A host that follows gives a sign of life every two seconds.
                let deadline = Deadline(idle: 30, total: isFollowing ? 1e9 : 600)
                let script = HostLogs.script(of: cluster, since: since, following: isFollowing)
                outcome = .success(
                    try await connection.run(script, deadline: deadline) { chunk in
                        if case .standardOutput(let bytes) = chunk { stream.add(reading.take(bytes)) }
                    })
            } catch {
                outcome = .failure(error)
            }
            await connection.close()
            _ = try outcome.get()
        } catch {
            return Task.isCancelled ? nil : Failure(error, host: host.name)
        }
        return reading.complaint.map { Self.failure($0, host) }
    }

    private static func failure(_ complaint: String, _ host: Inventory.Host) -> Failure {
        Failure(
            .input, host: host.name, step: "reading its journal", summary: complaint,
            remedy: "See the files in /var/log there; haprov reads systemd's journal.")
    }

    /// Shows lines in the order of their times, until all hosts are done.
    private func show(_ stream: Stream) async {
        while true {
            let isDone = stream.isDone
            let limit = isDone ? Int.max : isFollowing ? Self.now - Self.patience : Int.min
            for line in stream.take(until: limit) { show(line) }
            if isDone { return }
            // Cancelled, it goes on until the hosts are done, which are cancelled too.
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func show(_ line: Line) {
        let width = cluster.balancers.map(\.name.count).max() ?? 0
        let name = line.host + String(repeating: " ", count: width - line.host.count)
        let time =
            Clock.local("%Y-%m-%d %H:%M:%S", at: line.time / 1_000_000) + "." + Self.padded(line.time / 1000 % 1000)
        console.say("\(time)  \(name)  \(line.entry.source.printable): \(line.entry.text.printable)")
        let stamp = Clock.stamp("%Y-%m-%dT%H:%M:%S", at: line.time / 1_000_000)
        console.emit([
            "type": "log", "time": .text(stamp + "." + Self.padded(line.time / 1000 % 1000) + "Z"),
            "host": .text(line.host), "source": .text(line.entry.source), "text": .text(line.entry.text),
        ])
    }

    private static func padded(_ milliseconds: Int) -> String { String(String(1000 + milliseconds).dropFirst()) }
}
