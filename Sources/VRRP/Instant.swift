/// A moment on a clock that only goes forward and has no relation to the time of day.
package struct Instant: Sendable, Hashable, InstantProtocol {
    /// Since an arbitrary beginning.
    package var nanoseconds: Int64

    /// From nanoseconds since that beginning.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment that much later, the last or the first one there is where that would be beyond it.
    package func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        guard overflow else { return Instant(nanoseconds: sum) }
        return Instant(nanoseconds: nanoseconds < 0 ? .min : .max)
    }

    /// From this moment to another.
    package func duration(to other: Instant) -> Duration { .nanoseconds(other.nanoseconds - nanoseconds) }

    /// Which one comes first.
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
    /// Nanoseconds, what is left of one cut off; 292 years at most.
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooMuch) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooMuch || overflow ? (seconds < 0 ? .min : .max) : sum
    }
}
