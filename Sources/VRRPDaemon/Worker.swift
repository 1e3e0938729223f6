import CLinux
import VRRP

/// The process that does the work.
final class Worker {
    /// Scripts may still run that long after the end.
    private static let farewell: Duration = .seconds(5)
    /// Until the control socket is tried again.
    private static let controlPause: Duration = .seconds(5)

    private let options: RunOptions
    private let log: Log
    private let loop: EventLoop
    private let startedAt = EventLoop.read()
    private let scheduling: Scheduling
    private let daemon: Daemon
    private let health: HealthMonitor
    private let notify: NotifyRunner
    private let fifos: NotifyFIFOs
    private let systemd: SystemdNotifier
    private let children = ChildProcesses()
    private var control: ControlServer?
    /// Nil where the control socket is there.
    private var controlRetry: EventLoop.Token?
    private var isControlMissed = false

    /// Runs to the end; gives the exit status.
    static func run(_ options: RunOptions, will: LastWill, log: Log) -> Int32 {
        do throws(SystemError) {
            let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXCPU, SIGCHLD])
            guard let configuration = try read(options.configuration, log) else {
                return Supervisor.unusableConfiguration
            }
            let worker = try Worker(configuration, options, will: will, log: log)
            try worker.work(configuration, signals)
            return 0
        } catch {
            log(.error, "\(error)")
            return 1
        }
    }

    private init(
        _ configuration: KeepalivedConfiguration, _ options: RunOptions, will: LastWill, log: Log
    ) throws(SystemError) {
        self.options = options
        self.log = log
        loop = try EventLoop()
        scheduling = Scheduling(configuration.global, loop: loop, log: log)
        daemon = try Daemon(configuration, will: will, loop: loop, log: log)
        health = HealthMonitor(loop: loop, log: log, children: children, sentinel: options.sentinel)
        notify = NotifyRunner(loop: loop, log: log, children: children)
        fifos = NotifyFIFOs(loop: loop, log: log, children: children, will: will)
        systemd = SystemdNotifier(loop: loop)
    }

    private func work(_ configuration: KeepalivedConfiguration, _ signals: SignalDescriptor) throws(SystemError) {
        loop.watch(signals.descriptor) { [self] _ in signals.read { arrived($0) } }
        health.onRead = { [self] in daemon.fileRead($0, $1) }
        health.onChange = { [self] in daemon.trackedChanged($0, isUp: $1) }
        daemon.onRouterChange = { [self] name, transition in
            notify.routerChanged(name, transition)
            fifos.routerChanged(name, transition)
            systemd.status(daemon.statuses.map { "\($0.name) \($0.state.text)" }.joined(separator: ", "))
        }
        daemon.onGroupChange = { [self] name, transition in
            notify.groupChanged(name, transition)
            fifos.groupChanged(name, transition)
        }
        daemon.onTurnEnd = { [self] in notify.start() }
        openControl()
        notify.configure(configuration)
        fifos.configure(configuration.global)
        try daemon.start()
        health.configure(configuration)
        systemd.ready("started")
        scheduling.lockMemory()
        loop.run()
        control?.stop()
        if let controlRetry { loop.cancel(controlRetry) }
        fifos.close()
        if !notify.isIdle || !fifos.isIdle {
            notify.onIdle = { [self] in if fifos.isIdle { loop.stop() } }
            fifos.onIdle = { [self] in if notify.isIdle { loop.stop() } }
            loop.schedule(after: Self.farewell) { [loop] in loop.stop() }
            loop.run()
        }
    }

    /// Addresses are worth more than answers: without the socket it goes on, and tries again.
    private func openControl() {
        do throws(SystemError) {
            control = try ControlServer(path: options.socket, loop: loop) { [self] in answer($0) }
            if isControlMissed { log(.notice, "\(options.socket) is there now") }
        } catch {
            if !isControlMissed {
                log(.warning, "\(error): nobody can ask the daemon until that works; it is tried again")
            }
            isControlMissed = true
            controlRetry = loop.schedule(after: Self.controlPause) { [self] in openControl() }
        }
    }

    private func arrived(_ signal: Int32) {
        switch signal {
        case SIGTERM, SIGINT:
            systemd.stopping()
            daemon.stop()
            health.stop()
        case SIGHUP: reload()
        case SIGCHLD: children.reap()
        case SIGUSR1: daemon.logStatuses()
        case SIGXCPU: scheduling.yieldForAWhile()
        default: break
        }
    }

    private func reload() {
        systemd.reloading()
        defer { systemd.ready("configuration read") }
        do throws(SystemError) {
            guard let configuration = try Self.read(options.configuration, log) else {
                return log(.error, "\(options.configuration) cannot be run: the old configuration stays")
            }
            notify.configure(configuration)
            fifos.configure(configuration.global)
            health.configure(configuration)
            daemon.reconfigure(configuration)
            log(.notice, "\(options.configuration) was read again")
        } catch {
            log(.error, "\(error): the old configuration stays")
        }
    }

    private func answer(_ question: ControlQuestion) -> String {
        switch question {
        case .status(let asJSON): return asJSON ? report.json : report.text
        case .statistics: return report.statistics
        case .metrics: return report.metrics
        case .resign(let router, let seconds):
            if let router, !daemon.statuses.contains(where: { $0.name == router }) {
                let names = daemon.statuses.map { $0.name }.joined(separator: ", ")
                return "error: there is no router \(router); there is \(names)\n"
            }
            daemon.resign(router: router, stayAway: .seconds(seconds))
            return "\(router ?? "every router") has resigned and stays backup for \(seconds) s\n"
        case .logLevel(let level):
            log.level = level
            return "the log level is \(level.name)\n"
        }
    }

    private var report: StatusReport {
        StatusReport(
            version: VRRPDaemon.version, process: getpid(), uptime: startedAt.duration(to: loop.now), now: loop.now,
            routers: daemon.statuses,
            checks: health.states.map { StatusReport.Check(target: $0.target, isUp: $0.isUp) },
            sentinel: health.sentinelKind)
    }

    /// - Returns: nil where the configuration has faults, which are logged.
    private static func read(_ file: String, _ log: Log) throws(SystemError) -> KeepalivedConfiguration? {
        let result = try ConfigurationFile.read(file)
        for diagnostic in result.diagnostics {
            log(diagnostic.severity == .error ? .error : .warning, "\(diagnostic)")
        }
        return result.isUsable ? result.configuration : nil
    }
}
