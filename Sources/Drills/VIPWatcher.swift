import Inventory
import Provisioning
import SSH
import Synchronization
import VRRP

/// Follows who holds the VIPs, by a connection of its own to each balancer. Times are the controller's.
final class VIPWatcher: Sendable {
    /// A host gained or lost a VIP.
    struct Change: Sendable {
        var vip: IPAddress
        var change: HolderTimeline.Change
    }

    private struct State {
        var timelines: [IPAddress: HolderTimeline]
        /// Of each host one a VIP.
        var readers: [String: [IPAddress: WatchReader]]
        var losses: Set<String> = []
        var deaths: [String: String] = [:]
        /// Hosts that a drill has cut off: that they are silent is no loss.
        var cut: Set<String> = []
        /// When each was last heard.
        var heard: [String: Duration] = [:]
        /// When the connection over which each is heard said its first word.
        var resumed: [String: Duration] = [:]
        var stopping = false
    }

    private let vips: [IPAddress]
    private let hosts: [Host]
    private let connect: Connector
    private let script: String
    private let seconds: Int
    private let start = ContinuousClock.now
    private let state: Mutex<State>
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let onChange: @Sendable (Change) -> Void

    /// - Parameters:
    ///   - seconds: after which the hosts stop watching by themselves.
    ///   - onChange: called as hosts gain and lose VIPs.
    init(
        _ instances: [VRRPInstance], hosts: [Host], seconds: Int, connect: @escaping Connector,
        onChange: @escaping @Sendable (Change) -> Void
    ) {
        let vips = instances.map(\.representative)
        self.vips = vips
        self.hosts = hosts
        self.connect = connect
        self.seconds = seconds
        self.onChange = onChange
        script = HostScript.watch(vips.map(\.description), seconds: seconds)
        let readers = Dictionary(vips.map { ($0, WatchReader(vip: $0.description)) }) { first, _ in first }
        state = Mutex(
            State(
                timelines: Dictionary(vips.map { ($0, HolderTimeline()) }) { first, _ in first },
                readers: Dictionary(hosts.map { ($0.name, readers) }) { first, _ in first }))
    }

    /// The watcher's time, as in its timelines.
    var now: Duration { ContinuousClock.now - start }
    /// Who holds an instance when.
    func timeline(of instance: VRRPInstance) -> HolderTimeline {
        state.withLock { $0.timelines[instance.representative] ?? HolderTimeline() }
    }
    /// Whether every host has said how it stands with every VIP.
    var isComplete: Bool {
        state.withLock { state in
            state.timelines.values.allSatisfy { timeline in hosts.allSatisfy { timeline.known.contains($0.name) } }
        }
    }
    /// Hosts that were not watched for a while, or no longer are.
    var losses: Set<String> { state.withLock(\.losses) }
    /// Hosts that are no longer watched, and why.
    var deaths: [String: String] { state.withLock(\.deaths) }

    /// A host will not be heard for a while, since a drill cuts it off; what it held when it was last heard stands until then.
    func expectSilence(of host: String) { state.withLock { _ = $0.cut.insert(host) } }

    /// Whether a host was heard after a time.
    func hasHeard(_ host: String, since time: Duration) -> Bool {
        state.withLock { $0.heard[host].map { $0 > time } ?? false }
    }

    /// Since when a host is heard without a break; nil where it has not been yet.
    func watchedSince(_ host: String) -> Duration? { state.withLock { $0.resumed[host] } }

    /// It is to be heard from now on.
    func endSilence(of host: String) { state.withLock { _ = $0.cut.remove(host) } }

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
        var losses = 0
        while losses < 2 {
            let reason = await follow(host)
            if Task.isCancelled || state.withLock(\.stopping) { return }
            if state.withLock({ $0.cut.contains(host.name) }) {
                try? await Task.sleep(for: .milliseconds(300))
                continue
            }
            losses += 1
            state.withLock { state in
                state.losses.insert(host.name)
                if losses == 2 { state.deaths[host.name] = reason }
            }
        }
    }

    private func follow(_ host: Host) async -> String {
        do {
            let connection = try await connect(host)
            state.withLock { $0.resumed[host.name] = nil }
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
        let changes = state.withLock { state -> [Change] in
            state.heard[host] = time
            state.resumed[host] = state.resumed[host] ?? time
            return vips.flatMap { vip -> [Change] in
                let count = state.timelines[vip]?.changes.count ?? 0
                for change in state.readers[host]?[vip]?.read(bytes, at: time) ?? [] {
                    state.timelines[vip]?.record(host, held: change.held, at: change.at)
                }
                return state.timelines[vip]?.changes.dropFirst(count).map { Change(vip: vip, change: $0) } ?? []
            }
        }
        for change in changes { onChange(change) }
    }
}
