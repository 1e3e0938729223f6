import VRRP

/// Watches when a backup takes over: not before it may, and not later than it has to. By the host's own clock.
struct Witness {
    /// Before this moment it must not take over.
    private(set) var earliest = Int64.min
    /// At this moment it takes over, as long as nothing else is heard; nil where that is not known.
    private(set) var exact: Int64?
    private var lowerSince: Int64?
    private var shortestInterval = Int64.max
    private var priority: UInt8 = 0

    /// It has become backup, by the advertisement that it hears next or for another reason.
    mutating func enteredBackup(priority: UInt8) { self = Witness(priority: priority) }

    init(priority: UInt8 = 0) { self.priority = priority }

    /// With another priority nothing that was computed holds.
    mutating func priorityChanged(to priority: UInt8) {
        guard priority != self.priority else { return }
        self = Witness(priority: priority)
    }

    /// It heard an advertisement while it was backup.
    mutating func heard(_ advertisement: Advertisement, by router: RouterSettings, mayPreempt: Bool, at now: Int64) {
        let interval = (router.version == .v2 ? router.advertisementInterval : advertisement.interval).wholeNanoseconds
        let down = now + downInterval(interval, version: router.version, priority: priority)
        if advertisement.priority == 0 {
            // The interval that counts is one of those that were heard of.
            let shortest = min(interval, shortestInterval, router.advertisementInterval.wholeNanoseconds)
            earliest = min(earliest, now + skew(shortest, version: router.version, priority: priority))
            exact = nil
        } else if advertisement.priority >= priority || !mayPreempt {
            earliest = down
            exact = down
            shortestInterval = min(shortestInterval, interval)
            lowerSince = nil
        } else if router.preemptDelay > .zero, !router.startsAsMaster {
            // `state MASTER` does away with the delay, as in keepalived.
            let since = lowerSince ?? now
            lowerSince = since
            earliest = min(since + router.preemptDelay.wholeNanoseconds, down)
            exact = nil
        } else {
            earliest = .min
            exact = nil
        }
    }
}
