import CLinux
import VRRP

/// One thread's wait for descriptors and moments: epoll(7) with one timerfd. Nothing in it may block.
final class EventLoop {
    /// Names a wait, for taking it back.
    struct Token: Hashable {
        fileprivate var value: UInt64
    }

    private struct Timer {
        var due: Instant
        var token: Token
    }

    private let epoll: Int32
    private let clock: Int32
    private var handlers: [Token: (UInt32) -> Void] = [:]
    private var descriptors: [Token: Int32] = [:]
    /// Sorted by the moment, latest first: the next one is taken from the end.
    private var timers: [Timer] = []
    private var moments: [Token: () -> Void] = [:]
    private var armed: Instant?
    private var lastToken: UInt64 = 0
    private var running = false
    /// Done before each wait, once everything that was due has been: where work is gathered and sent at once.
    var beforeWait: (() -> Void)?

    /// The monotonic clock's reading when the events at hand were fetched: all of them happened by then.
    private(set) var now: Instant

    /// - Throws: `errno` where the kernel has no descriptor to give.
    init() throws(SystemError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        clock = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        now = Self.read()
        guard epoll >= 0, clock >= 0 else { throw SystemError("creating the event loop") }
        // Edge-triggered, its expirations need not be read.
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLET.rawValue
        event.data.u64 = 0
        epoll_ctl(epoll, EPOLL_CTL_ADD, clock, &event)
    }

    deinit {
        close(epoll)
        close(clock)
    }

    /// CLOCK_MONOTONIC.
    static func read() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Calls the handler with epoll's events whenever there are any, until ``cancel(_:)``. The descriptor stays the caller's.
    @discardableResult
    func watch(_ descriptor: Int32, for events: UInt32 = EPOLLIN.rawValue, _ handler: @escaping (UInt32) -> Void)
        -> Token
    {
        let token = next()
        handlers[token] = handler
        descriptors[token] = descriptor
        var event = epoll_event()
        event.events = events
        event.data.u64 = token.value
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
        return token
    }

    /// Waits for other events than before.
    func change(_ token: Token, to events: UInt32) {
        guard let descriptor = descriptors[token] else { return }
        var event = epoll_event()
        event.events = events
        event.data.u64 = token.value
        epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Calls the handler once, at that moment or soon after.
    @discardableResult
    func schedule(at due: Instant, _ handler: @escaping () -> Void) -> Token {
        let token = next()
        moments[token] = handler
        let place = timers.partitioningIndex { $0.due < due }
        timers.insert(Timer(due: due, token: token), at: place)
        return token
    }

    /// Calls the handler once, that much later than ``now``.
    @discardableResult
    func schedule(after delay: Duration, _ handler: @escaping () -> Void) -> Token {
        schedule(at: now.advanced(by: delay), handler)
    }

    /// Forgets a wait; one that is over or was never there is no fault.
    func cancel(_ token: Token) {
        if let descriptor = descriptors.removeValue(forKey: token) {
            handlers[token] = nil
            var unused = epoll_event()
            epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
        } else if moments.removeValue(forKey: token) != nil {
            timers.removeAll { $0.token == token }
        }
    }

    /// Until ``stop()``.
    func run() {
        running = true
        var events = Array(repeating: epoll_event(), count: 64)
        while running {
            beforeWait?()
            if !running { break }
            arm()
            let count = epoll_wait(epoll, &events, Int32(events.count), -1)
            // Interrupted, after a pause perhaps: what has come in meanwhile is looked at before any timer.
            if count < 0 { continue }
            now = Self.read()
            for event in events.prefix(max(0, Int(count))) {
                if event.data.u64 == 0 {
                    armed = nil
                } else {
                    // Looked up anew for each: a handler may have cancelled a later one.
                    handlers[Token(value: event.data.u64)]?(event.events)
                }
            }
            fire()
        }
    }

    /// Returns from ``run()`` once the events at hand are dealt with.
    func stop() { running = false }

    private func fire() {
        while let timer = timers.last, timer.due <= now {
            timers.removeLast()
            moments.removeValue(forKey: timer.token)?()
        }
    }

    /// Tells the kernel only what it does not know yet.
    private func arm() {
        let due = timers.last?.due
        guard due != armed else { return }
        armed = due
        var time = itimerspec()
        if let due {
            time.it_value.tv_sec = Int(max(due.nanoseconds, 1) / 1_000_000_000)
            time.it_value.tv_nsec = Int(max(due.nanoseconds, 1) % 1_000_000_000)
        }
        timerfd_settime(clock, Int32(TFD_TIMER_ABSTIME), &time, nil)
    }

    private func next() -> Token {
        lastToken += 1
        return Token(value: lastToken)
    }
}

extension Array {
    /// The first index whose element answers true, where all that do stand behind all that do not.
    fileprivate func partitioningIndex(_ belongsInSecond: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongsInSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
