import CLinux
import VRRP

/// How it is learned that a process has died.
enum SentinelKind: String, CaseIterable {
    /// pidfd_open(2), since Linux 5.3: at once, for every process.
    case pidfd
    /// The proc connector, long before: at once, but only in the machine's first namespaces.
    case connector
    /// A look every ``ProcessSentinel/pollInterval``.
    case poll
}

/// Watches processes and tells when any of them may have died, or others may have come.
final class ProcessSentinel {
    /// Between two looks at the known processes, where the kernel tells nothing by itself.
    static let pollInterval: Duration = .milliseconds(100)
    /// Between two searches of all processes for those that have come: while all is well, and while something is missing. A
    /// search reads a file for each process of the machine.
    static let searchInterval: (whenUp: Duration, whenDown: Duration) = (.seconds(1), .milliseconds(300))

    let kind: SentinelKind
    /// Called when the processes have to be looked at again.
    var onHint: () -> Void = {}

    /// What tracked programs are called.
    var names: Set<String> = []

    private let loop: EventLoop
    /// Those that count now.
    private var processes: Set<pid_t> = []
    private let connector: ProcessConnector?
    private var watched: [pid_t: (descriptor: Int32, token: EventLoop.Token)] = [:]
    private var isUp = false
    private var search: EventLoop.Token?
    private var poll: EventLoop.Token?

    /// Takes the best kind that works here, or the one that is asked for where it works.
    init(loop: EventLoop, log: Log, wanted: SentinelKind? = nil) {
        self.loop = loop
        var connector: ProcessConnector?
        if (wanted ?? .pidfd) == .pidfd, Self.hasPIDFD {
            kind = .pidfd
        } else if wanted != .poll, let found = ProcessConnector() {
            kind = .connector
            connector = found
        } else {
            kind = .poll
        }
        self.connector = connector
        log(.info, "deaths of processes are learned of by \(kind.rawValue)")
        if let connector {
            loop.watch(connector.descriptor) { [self] _ in
                let isHint = connector.drain(watched: processes) { process in
                    ProcessTable.entry(process).map { names.contains($0.name) } ?? false
                }
                if isHint { onHint() }
            }
        }
        searchLater()
        if kind == .poll { pollLater() }
    }

    private static var hasPIDFD: Bool {
        let descriptor = linux_pidfd_open(getpid())
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }

    /// These are the processes that count now.
    ///
    /// - Parameter isUp: whether all is well: what is gone is looked for more often.
    func watch(_ processes: Set<pid_t>, isUp: Bool) {
        self.processes = processes
        if isUp != self.isUp {
            self.isUp = isUp
            searchLater()
        }
        guard kind == .pidfd else { return }
        for (process, entry) in watched where !processes.contains(process) {
            loop.cancel(entry.token)
            close(entry.descriptor)
            watched[process] = nil
        }
        for process in processes where watched[process] == nil {
            let descriptor = linux_pidfd_open(process)
            guard descriptor >= 0 else {
                // It has died meanwhile.
                loop.schedule(after: .zero) { [self] in onHint() }
                continue
            }
            let token = loop.watch(descriptor) { [self] _ in
                if let entry = watched.removeValue(forKey: process) {
                    loop.cancel(entry.token)
                    close(entry.descriptor)
                }
                onHint()
            }
            watched[process] = (descriptor, token)
        }
    }

    /// Forgets everything.
    func stop() {
        watch([], isUp: false)
        for token in [search, poll] { if let token { loop.cancel(token) } }
    }

    private func searchLater() {
        if let search { loop.cancel(search) }
        let interval = isUp ? Self.searchInterval.whenUp : Self.searchInterval.whenDown
        search = loop.schedule(after: interval) { [self] in
            searchLater()
            onHint()
        }
    }

    private func pollLater() {
        poll = loop.schedule(after: Self.pollInterval) { [self] in
            pollLater()
            if processes.contains(where: { ProcessTable.entry($0)?.isDead ?? true }) { onHint() }
        }
    }
}
