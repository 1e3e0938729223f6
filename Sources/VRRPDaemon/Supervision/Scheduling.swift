import CLinux
import VRRP

/// How the worker is scheduled: ahead of what else runs, so that a busy host does not lose its addresses, but never so that
/// it could take a processor away for good.
final class Scheduling {
    /// Of CPU time without a wait; then SIGXCPU comes.
    private static let softLimit: UInt = 500_000
    /// Likewise; then the kernel kills, and the supervisor takes over.
    private static let hardLimit: UInt = 5_000_000
    /// RLIMIT_RTTIME of setrlimit(2), in microseconds.
    private static let realtimeLimit: Int32 = 15
    /// How long it stays an ordinary process after SIGXCPU.
    private static let relief: Duration = .seconds(10)

    private let loop: EventLoop
    private let log: Log
    private let priority: Int32
    private let locksMemory: Bool
    private var hasRealtime = false

    /// Takes realtime priority, as far as the settings want it and the system allows it.
    init(_ settings: GlobalDefinitions, loop: EventLoop, log: Log) {
        self.loop = loop
        self.log = log
        priority = Int32(settings.realtimePriority ?? 1)
        locksMemory = settings.locksMemory ?? true
        if settings.niceness != nil && settings.realtimePriority == nil {
            beNice(settings.niceness ?? 0)
        } else {
            var limit = rlimit(rlim_cur: Self.softLimit, rlim_max: Self.hardLimit)
            setrlimit(__rlimit_resource_t(UInt32(Self.realtimeLimit)), &limit)
            if !takeRealtime() {
                log(.notice, "no realtime priority (\(String(cString: strerror(linux_errno())))): nice takes its place")
                beNice(settings.niceness ?? -20)
            }
        }
    }

    /// Locks what has been used and whatever will be, as it is used; before kernel 4.4 the whole program at once. What only
    /// the start needed of the program is given back before.
    func lockMemory() {
        linux_release_program()
        guard locksMemory else { return }
        let all = Int32(MCL_CURRENT | MCL_FUTURE)
        if mlockall(all | Int32(LINUX_MCL_ONFAULT)) == 0 || mlockall(all) == 0 { return }
        log(.notice, "memory could not be locked (\(String(cString: strerror(linux_errno()))))")
    }

    /// What SIGXCPU asks for: a flood keeps it busy, and others have to have their turn.
    func yieldForAWhile() {
        guard hasRealtime else { return }
        hasRealtime = false
        linux_set_scheduler(SCHED_OTHER, 0)
        log(.warning, "busy for longer than a realtime process may be: an ordinary process for a while")
        loop.schedule(after: Self.relief) { [self] in _ = takeRealtime() }
    }

    private func takeRealtime() -> Bool {
        hasRealtime = linux_set_scheduler(SCHED_RR, priority) == 0
        return hasRealtime
    }

    private func beNice(_ value: Int) {
        linux_set_scheduler(SCHED_OTHER, 0)
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(value))
    }
}
