import Inventory
import Provisioning
import SSH
import Synchronization

extension DrillReport {
    /// What a balancer's journal said while a drill was on.
    package struct LogLine: Sendable, Equatable, Encodable {
        /// Milliseconds from the deed, by the controller's clock.
        package var ms: Int
        package var host: String
        package var text: String
    }
}

/// Looks what the balancers' journals say of a drill.
struct DrillLogs: Sendable {
    let cluster: Cluster
    let links: [HostLink]
    let watcher: VIPWatcher

    /// Before the deed, and of one host: more is what `haprov logs` is for.
    private static let (lead, most) = (1000, 300)

    /// The lines of all balancers in the order of their times; none of those that cannot be asked.
    ///
    /// - Parameter broken: the deed's time, as the watcher's.
    func lines(since broken: Duration) async -> [DrillReport.LogLine] {
        let all = await withTaskGroup(of: [DrillReport.LogLine].self) { group in
            for link in links { group.addTask { await lines(of: link, since: broken) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        return all.sorted { $0.ms < $1.ms }
    }

    private func lines(of link: HostLink, since broken: Duration) async -> [DrillReport.LogLine] {
        let age = (watcher.now - broken).milliseconds / 1000 + 3
        let reading = Mutex((reader: LogReader(), entries: [LogEntry](), answered: Duration?.none))
        let script = HostLogs.script(of: cluster, since: "-\(age)s", following: false)
        let result = try? await link.run(script, deadline: Deadline(idle: 10, total: 20)) { [watcher] chunk in
            guard case .standardOutput(let bytes) = chunk else { return }
            let now = watcher.now
            reading.withLock { state in
                state.entries += state.reader.take(bytes)
                if state.answered == nil, state.reader.clock != nil { state.answered = now }
            }
        }
        let (entries, clock, answered) = reading.withLock { ($0.entries, $0.reader.clock, $0.answered) }
        guard result != nil, let clock, let answered else { return [] }
        // A host's clock may be off; how old an entry is it knows all the same.
        let lines = entries.map { entry in
            DrillReport.LogLine(
                ms: (answered - broken).milliseconds - (clock - entry.time) / 1000, host: link.host.name,
                text: "\(entry.source): \(entry.text)")
        }
        return Array(lines.filter { $0.ms >= -Self.lead }.suffix(Self.most))
    }
}
