import CLinux
import Glibc
import VRRP

/// The process that does the work.
enum Worker {
    /// Runs to the end; gives the exit status.
    static func run(_ options: RunOptions, will: LastWill, log: Log) -> Int32 {
        do throws(SystemError) {
            let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXCPU, SIGCHLD])
            guard let configuration = try read(options.configuration, log) else {
                return Supervisor.unusableConfiguration
            }
            let loop = try EventLoop()
            let scheduling = Scheduling(configuration.global, loop: loop, log: log)
            let daemon = try Daemon(configuration, will: will, loop: loop, log: log)
            let children = ChildProcesses()
            let health = HealthMonitor(loop: loop, log: log, children: children, sentinel: options.sentinel)
            health.onChange = { daemon.trackedChanged($0, isUp: $1) }
            loop.watch(signals.descriptor) { _ in
                signals.read { signal in
                    switch signal {
                    case SIGTERM, SIGINT:
                        daemon.stop()
                        health.stop()
                    case SIGHUP: reload(daemon, health, options, log)
                    case SIGCHLD: children.reap()
                    case SIGUSR1: daemon.logStatuses()
                    case SIGXCPU: scheduling.yieldForAWhile()
                    default: break
                    }
                }
            }
            try daemon.start()
            health.configure(configuration)
            loop.run()
            return 0
        } catch {
            log(.error, "\(error)")
            return 1
        }
    }

    private static func reload(_ daemon: Daemon, _ health: HealthMonitor, _ options: RunOptions, _ log: Log) {
        do throws(SystemError) {
            guard let configuration = try read(options.configuration, log) else {
                return log(.error, "\(options.configuration) cannot be run: the old configuration stays")
            }
            health.configure(configuration)
            daemon.reconfigure(configuration)
            log(.notice, "\(options.configuration) was read again")
        } catch {
            log(.error, "\(error): the old configuration stays")
        }
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
