import Inventory
import Provisioning
import SSH
import Synchronization
import VRRP

/// Follows who holds the VIP, by a connection of its own to each balancer. Times are the controller's.
final class VIPWatcher: Sendable {
    private struct State {
        var timeline = HolderTimeline()
        var readers: [String: WatchReader]
        var losses: Set<String> = []
        var deaths: [String: String] = [:]
        var stopping = false
    }

    private let hosts: [Host]
    private let connect: Connector
    private let script: String
    private let seconds: Int
    private let start = ContinuousClock.now
    private let state: Mutex<State>
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let onChange: @Sendable (HolderTimeline.Change) -> Void

    /// - Parameters:
    ///   - seconds: after which the hosts stop watching by themselves.
    ///   - onChange: called as hosts gain and lose the VIP.
    init(
        vip: IPAddress, hosts: [Host], seconds: Int, connect: @escaping Connector,
        onChange: @escaping @Sendable (HolderTimeline.Change) -> Void
    ) {
        self.hosts = hosts
        self.connect = connect
        self.seconds = seconds
        self.onChange = onChange
        script = HostScript.watch(vip: vip.description, seconds: seconds)
        let readers = hosts.map { ($0.name, WatchReader(vip: vip.description)) }
        state = Mutex(State(readers: Dictionary(readers) { first, _ in first }))
    }

    /// The watcher's time, as in its timeline.
    var now: Duration { ContinuousClock.now - start }
    var timeline: HolderTimeline { state.withLock(\.timeline) }
    /// Whether every host has said how it stands.
    var isComplete: Bool { state.withLock { state in hosts.allSatisfy { state.timeline.known.contains($0.name) } } }
    /// Hosts that were not watched for a while, or no longer are.
    var losses: Set<String> { state.withLock(\.losses) }
    /// Hosts that are no longer watched, and why.
    var deaths: [String: String] { state.withLock(\.deaths) }

    func begin() {
        tasks.withLock { tasks in
            tasks = hosts.map { host in Task { await self.watch(host) } }
        }
    }

    /// Ends the watching; the scripts on the hosts end with their connections.
    func stop() async {
        state.withLock { $0.stopping = true }
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
    }

    private func watch(_ host: Host) async {
        // One loss is made up for; a second one is a death.
        for attempt in 1...2 {
            let reason = await follow(host)
            if Task.isCancelled || state.withLock(\.stopping) { return }
            state.withLock { state in
                state.losses.insert(host.name)
                if attempt == 2 { state.deaths[host.name] = reason }
            }
        }
    }

    private func follow(_ host: Host) async -> String {
        do {
            let connection = try await connect(host)
            let result: Result<RemoteResult, SSHError>
            do {
                // A beat comes twice a second; a host that is silent for as long as this is lost.
                let deadline = Deadline(idle: 8, total: Double(seconds + 30))
                result = .success(
                    try await connection.run(RemoteScript(script, asRoot: false), deadline: deadline) { chunk in
                        self.take(chunk, from: host.name)
                    })
            } catch {
                result = .failure(error)
            }
            await connection.close()
            let ended = try result.get()
            return "its watcher ended\(ended.lastWords.map { ": \($0)" } ?? "")"
        } catch {
            return error.message
        }
    }

    private func take(_ chunk: OutputChunk, from host: String) {
        guard case .standardOutput(let bytes) = chunk else { return }
        let time = now
        let changes = state.withLock { state -> [HolderTimeline.Change] in
            let count = state.timeline.changes.count
            for change in state.readers[host]?.read(bytes, at: time) ?? [] {
                state.timeline.record(host, held: change.held, at: change.at)
            }
            return Array(state.timeline.changes.dropFirst(count))
        }
        for change in changes { onChange(change) }
    }
}
