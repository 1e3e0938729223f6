import CLinux
import Glibc

/// The prober's thread: a timer that never waits for anything, and the sockets.
final class TickLoop: @unchecked Sendable {
    /// Ticks that are made up for at once after the machine kept this thread waiting.
    private static let maximumBurst = 256
    /// Where more requests than these wait for their answers, the service cannot keep up, and only one of ``slowdown`` due ones is sent: a
    /// prober must not be what keeps a slow service down. Those that nobody has accepted do not count, so that an address without
    /// a host is asked as often as ever.
    private static let crowd = 100
    private static let slowdown = 10
    private static let timerToken = UInt64.max
    private static let wakeToken = UInt64.max - 1

    private let configuration: ProbeConfiguration
    private let shared: Locked<OpenLoopProber.Shared>
    private let requests: RequestTable
    private let wakeDescriptor: Int32
    /// Readable from the end of the run on.
    private let endDescriptor: Int32
    private let timer: Int32
    private var ticks = 0
    private var running = true

    init(_ configuration: ProbeConfiguration, shared: Locked<OpenLoopProber.Shared>) throws(ProbeError) {
        self.configuration = configuration
        self.shared = shared
        requests = try RequestTable(configuration, address: try configuration.validated())
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        endDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        guard wakeDescriptor >= 0, endDescriptor >= 0, timer >= 0 else {
            throw ProbeError(errno: errno, doing: "creating the prober's descriptors")
        }
        watch(timer, as: Self.timerToken)
        watch(wakeDescriptor, as: Self.wakeToken)
    }

    deinit {
        for descriptor in [wakeDescriptor, endDescriptor, timer] where descriptor >= 0 { close(descriptor) }
    }

    /// Has the thread look at what is asked of it.
    func wake() { eventfd_write(wakeDescriptor, 1) }

    func waitForEnd() {
        var entry = pollfd(fd: endDescriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, -1) < 1 {}
    }

    func run() {
        Self.ignoreBrokenPipes()
        let start = MonotonicClock.now()
        let interval = configuration.interval
        var time = itimerspec()
        time.it_interval = timespec(tv_sec: interval / 1_000_000, tv_nsec: interval % 1_000_000 * 1000)
        time.it_value = timespec(tv_sec: 0, tv_nsec: 1)
        timerfd_settime(timer, 0, &time, nil)
        var events = Array(repeating: epoll_event(), count: 256)
        while running {
            let count = epoll_wait(requests.epoll, &events, Int32(events.count), -1)
            let now = Int(MonotonicClock.now() - start)
            for event in events.prefix(max(0, Int(count))) {
                switch event.data.u64 {
                case Self.timerToken: tick(now: now)
                case Self.wakeToken: obey()
                default: requests.handle(token: event.data.u64, events: event.events, now: now)
                }
            }
        }
        let end = Int(MonotonicClock.now() - start)
        shared.withLock { shared in
            shared.progress = requests.statistics.progress
            shared.summary = ProbeSummary(
                phases: requests.statistics.phases(at: end), history: requests.history)
            shared.records = requests.records
        }
        eventfd_write(endDescriptor, 1)
    }

    /// OpenSSL writes to sockets without the flag that keeps that signal away; it comes to the thread that wrote.
    private static func ignoreBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func tick(now: Int) {
        var expirations: UInt64 = 0
        guard read(timer, &expirations, 8) == 8 else { return }
        var due = Int(expirations)
        if due > Self.maximumBurst {
            requests.suppress(due - Self.maximumBurst)
            ticks += due - Self.maximumBurst
            due = Self.maximumBurst
        }
        requests.expire(now: now)
        for _ in 0..<due {
            if requests.waiting <= Self.crowd || ticks % Self.slowdown == 0 {
                requests.launch(dueAt: ticks * configuration.interval, now: now)
            }
            ticks += 1
        }
        requests.update(elapsed: now)
        shared.withLock { $0.progress = requests.statistics.progress }
        if now >= configuration.maximumSeconds * 1_000_000 { running = false }
    }

    private func obey() {
        var count: UInt64 = 0
        eventfd_read(wakeDescriptor, &count)
        let stopping = shared.withLock { shared in
            for name in shared.marks { requests.mark(name) }
            shared.marks.removeAll()
            return shared.stopping
        }
        if stopping { running = false }
    }

    private func watch(_ descriptor: Int32, as token: UInt64) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = token
        epoll_ctl(requests.epoll, EPOLL_CTL_ADD, descriptor, &event)
    }
}
