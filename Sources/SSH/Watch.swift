import Glibc

/// The limits of one piece of work with a host: how long it may take, and whether it was cancelled meanwhile.
final class Watch {
    let stage: SSHError.Stage
    /// Seconds without ``touch()``; nil for any number.
    private(set) var idle: Double?
    /// What ``idle`` was at the beginning.
    let allowedIdle: Double?
    private let total: Double
    private let waker: Waker
    private let cancellation: Cancellation
    private let clock = ContinuousClock()
    private var idleEnd: ContinuousClock.Instant?
    private var end: ContinuousClock.Instant

    /// - Parameters:
    ///   - idle: seconds without ``touch()``, or nil.
    ///   - total: seconds in all.
    init(_ stage: SSHError.Stage, idle: Double? = nil, total: Double, waker: Waker, cancellation: Cancellation) {
        self.stage = stage
        self.idle = idle
        allowedIdle = idle
        self.total = total
        self.waker = waker
        self.cancellation = cancellation
        end = clock.now + .seconds(total)
        idleEnd = idle.map { clock.now + .seconds($0) }
    }

    /// From now on, that many seconds may pass without ``touch()``.
    func limitIdle(to seconds: Double?) {
        idle = seconds
        touch()
    }

    /// Whether the idle time is up.
    var isSilent: Bool { idleEnd.map { clock.now >= $0 } ?? false }

    var isCancelled: Bool { cancellation.isCancelled }

    /// Lets time pass; throws as ``check()`` does.
    func pause(_ seconds: Double) throws(SSHError) {
        let end = clock.now + .seconds(seconds)
        while clock.now < end { try wait(-1, 0, atMost: seconds) }
    }

    /// Something moved: the idle time starts anew.
    func touch() { idleEnd = idle.map { clock.now + .seconds($0) } }

    /// Does work whose time does not count, such as asking a person.
    func pausing<T>(_ work: () -> T) -> T {
        let start = clock.now
        let result = work()
        let pause = clock.now - start
        end += pause
        idleEnd = idleEnd.map { $0 + pause }
        return result
    }

    /// Waits for what happens elsewhere until a descriptor can be read; this time does not count either.
    func waitAside(_ descriptor: Int32) throws(SSHError) {
        try pausing {
            Result { () throws(SSHError) in
                while true {
                    if cancellation.isCancelled { throw .cancelled(stage) }
                    var descriptors = [descriptor, waker.descriptor].map {
                        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
                    }
                    guard poll(&descriptors, 2, -1) > 0 else { continue }
                    if descriptors[1].revents != 0 { waker.drain() }
                    if descriptors[0].revents != 0 { return }
                }
            }
        }.get()
    }

    /// Throws where the time is up or the task was cancelled.
    func check() throws(SSHError) {
        if cancellation.isCancelled { throw .cancelled(stage) }
        let now = clock.now
        if now >= end { throw .timedOut(stage, seconds: total, idle: false) }
        if let idle, let idleEnd, now >= idleEnd { throw .timedOut(stage, seconds: idle, idle: true) }
    }

    /// Waits until a descriptor is ready (poll(2) events), the time is up or the task is cancelled.
    ///
    /// - Parameter atMost: seconds after which to return although nothing happened.
    func wait(_ descriptor: Int32, _ events: Int32, atMost: Double? = nil) throws(SSHError) {
        while true {
            try check()
            var limit = clock.now.duration(to: min(end, idleEnd ?? end))
            if let atMost { limit = min(limit, .seconds(atMost)) }
            let milliseconds =
                limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000 + 1
            var descriptors = [
                pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0),
                pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&descriptors, 2, Int32(clamping: max(0, milliseconds)))
            if ready > 0, descriptors[1].revents != 0 {
                // It may have been meant for a call that waits behind this one; that one sees its own flag.
                waker.drain()
                try check()
            }
            if ready > 0, descriptors[0].revents != 0 { return }
            if ready == 0, atMost != nil {
                try check()
                return
            }
        }
    }
}
