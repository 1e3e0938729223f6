import Prober

/// How many good answers clients had by when; tells whether they were served while nobody could have. Pure, but for
/// ``follow(_:clock:)``.
struct ServiceRecord: Sendable, Equatable {
    /// What stands between an event on a host and its being known here, generously; answers that were on their way count too.
    static let margin = Duration.milliseconds(500)
    /// Good answers that are no chance.
    static let enough = 20

    struct Sample: Sendable, Equatable {
        var time: Duration
        var good: Int
    }

    private(set) var samples: [Sample] = []
    /// When the prober started; nil before its first progress. The least of what its progress says, since words take time.
    private(set) var start: Duration?

    mutating func take(_ good: Int, at time: Duration) {
        if samples.last?.good != good { samples.append(Sample(time: time, good: good)) }
    }

    mutating func note(start: Duration) { self.start = min(start, self.start ?? start) }

    /// Good answers well within a span; nil where there were none to speak of.
    func served(from start: Duration, to end: Duration) -> Int? {
        let (start, end) = (start + Self.margin, end - Self.margin)
        guard start < end, let before = samples.last(where: { $0.time <= start })?.good,
            let after = samples.last(where: { $0.time <= end })?.good, after - before >= Self.enough
        else { return nil }
        return after - before
    }

    /// Follows a prober until the task is cancelled.
    static func follow(_ probe: any ClientProbe, clock: VIPWatcher) async -> ServiceRecord {
        var record = ServiceRecord()
        while !Task.isCancelled {
            let progress = probe.progress
            record.take(progress.good, at: clock.now)
            if progress.elapsed > 0 { record.note(start: clock.now - .microseconds(progress.elapsed)) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return record
    }
}
