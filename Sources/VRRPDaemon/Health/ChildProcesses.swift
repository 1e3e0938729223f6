import CLinux

/// Programs that the worker starts: scripts of all kinds. Each is a process group of its own.
final class ChildProcesses {
    /// How a program ended.
    enum Ending: Hashable {
        case status(Int32)
        case signal(Int32)

        var isSuccess: Bool { self == .status(0) }
    }

    private var handlers: [pid_t: (Ending) -> Void] = [:]

    /// Starts a program as that user, with nothing on its standard input and output.
    ///
    /// - Parameter endsWithParent: it gets SIGTERM when this process ends, in whatever way.
    /// - Returns: its number.
    func start(
        _ words: [String], as account: Account, endsWithParent: Bool = false, onEnd: @escaping (Ending) -> Void
    ) throws(SystemError) -> pid_t {
        // All memory is had before the fork: behind it there is only what is safe there.
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(account.home)",
            "USER=\(account.name)", "LOGNAME=\(account.name)",
        ]
        let environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        let own = getuid(), parent = getpid()
        let child = linux_fork()
        if child == 0 {
            setpgid(0, 0)
            var none = sigset_t()
            sigemptyset(&none)
            sigprocmask(SIG_SETMASK, &none, nil)
            linux_default_signal(SIGPIPE)
            linux_set_scheduler(SCHED_OTHER, 0)
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 0)
            // Every descriptor of this program's own closes itself at the exec.
            let null = linux_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
            for descriptor in Int32(0)...2 { dup2(null, descriptor) }
            if own == 0 {
                let isDone = account.groups.withUnsafeBufferPointer {
                    linux_set_groups(UInt($0.count), $0.baseAddress) == 0
                }
                guard isDone, setgid(account.group) == 0, setuid(account.user) == 0 else { _exit(126) }
            }
            if endsWithParent {
                // Not before: another user takes it off.
                linux_set_parent_death_signal(SIGTERM)
                if getppid() != parent { _exit(126) }
            }
            if let program = arguments[0] { execve(program, arguments, environment) }
            _exit(127)
        }
        guard child > 0 else { throw SystemError("starting \(words.first ?? "")") }
        handlers[child] = onEnd
        return child
    }

    /// Ends a program and all that it has started.
    func signal(_ child: pid_t, _ number: Int32) { kill(-child, number) }

    /// Takes note of every child that has ended: to be called when SIGCHLD comes.
    func reap() {
        var status: Int32 = 0
        while case let child = waitpid(-1, &status, WNOHANG), child > 0 {
            let signal = status & 0x7F
            handlers.removeValue(forKey: child)?(signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal))
        }
    }
}
