import CLinux
import VRRP

/// The parent of the process that does the work. When that one dies by whatever cause, its addresses are removed and
/// priority 0 is sent at once, and it is started again. It stays small and does nothing else.
final class Supervisor {
    /// What the worker ends with when its configuration cannot be run (`EX_CONFIG` of sysexits.h): trying again does not help.
    static let unusableConfiguration: Int32 = 78
    /// Seconds without a pulse after which a worker counts as dead.
    private static let patience = 4
    /// A worker that lived at least so long is started again without delay.
    private static let goodLife: Duration = .seconds(10)
    private static let longestDelay: Duration = .seconds(30)

    private let will: LastWill
    private let executor: Executor
    private let log: Log
    private let signals: SignalDescriptor
    private let work: (LastWill) -> Int32

    private var worker: pid_t = 0
    private var startedAt = EventLoop.read()
    private var isFirst = true
    private var isEnding = false
    private var delay: Duration = .zero
    private var restartAt: Instant?
    private var lastPulse: UInt = 0
    private var silentSeconds = 0
    private var nextCheck = EventLoop.read()

    /// - Parameter work: what the worker does; gives its exit status.
    init(log: Log, work: @escaping (LastWill) -> Int32) throws(SystemError) {
        self.log = log
        self.work = work
        signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD])
        will = try LastWill()
        executor = try Executor()
    }

    /// Until the worker ends by itself or is told to; gives the exit status.
    func run() -> Int32 {
        linux_set_name("haprov-vrrpd")
        // What it has to do is short and urgent.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
        restartAt = EventLoop.read()
        while true {
            let now = EventLoop.read()
            if let restartAt, restartAt <= now {
                self.restartAt = nil
                start()
            }
            wait(from: now)
            var arrived: [Int32] = []
            signals.read { arrived.append($0) }
            for signal in arrived where signal != SIGCHLD { forward(signal) }
            if let status = buryDead() { return status }
            if isEnding, worker == 0 { return 0 }
            checkPulse()
        }
    }

    /// For a signal, or for the next moment at which something is to be done.
    private func wait(from now: Instant) {
        let due = min(restartAt ?? nextCheck, nextCheck)
        let milliseconds = max(0, now.duration(to: due).wholeNanoseconds + 999_999) / 1_000_000
        var entry = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, Int32(clamping: milliseconds))
    }

    private func start() {
        startedAt = EventLoop.read()
        lastPulse = will.pulse
        silentSeconds = 0
        let parent = getpid()
        worker = linux_fork()
        if worker == 0 {
            // If the supervisor dies, the worker ends in good order.
            linux_set_parent_death_signal(SIGTERM)
            if getppid() != parent { exit(0) }
            exit(work(will))
        }
        linux_release_program()
        if worker < 0 {
            log(.error, "\(SystemError("starting the worker"))")
            worker = 0
            restartAt = startedAt.advanced(by: .seconds(1))
        }
    }

    private func forward(_ signal: Int32) {
        if signal == SIGTERM || signal == SIGINT { isEnding = true }
        if worker > 0 { kill(worker, signal) }
    }

    /// - Returns: the exit status, where that was the end.
    private func buryDead() -> Int32? {
        var status: Int32 = 0
        guard worker > 0, waitpid(worker, &status, WNOHANG) == worker else { return nil }
        worker = 0
        let signal = status & 0x7F, code = status >> 8 & 0xFF
        if signal == 0, code == 0 { return 0 }
        let sent = executor.execute(will.take())
        if isFirst, signal == 0, code == Self.unusableConfiguration { return 1 }
        isFirst = false
        log(
            .error,
            "the worker " + (signal == 0 ? "ended with status \(code)" : "was ended by signal \(signal)")
                + ": its addresses are removed, priority 0 was sent \(sent) times")
        if isEnding { return 1 }
        let now = EventLoop.read()
        if startedAt.duration(to: now) >= Self.goodLife { delay = .zero }
        restartAt = now.advanced(by: delay)
        delay = min(max(delay * 2, .seconds(1)), Self.longestDelay)
        return nil
    }

    /// A worker that lives but does nothing is as bad as a dead one. Only seconds in which the supervisor itself ran count.
    private func checkPulse() {
        let now = EventLoop.read()
        guard now >= nextCheck else { return }
        nextCheck = now.advanced(by: .seconds(1))
        guard worker > 0 else { return }
        let pulse = will.pulse
        silentSeconds = pulse == lastPulse ? silentSeconds + 1 : 0
        lastPulse = pulse
        if silentSeconds >= Self.patience {
            kill(worker, SIGKILL)
            silentSeconds = 0
            log(.error, "the worker has not moved for \(Self.patience) s: it is killed")
        }
    }
}
