/// Counts outcomes as they become known. Pure: it is told the time.
struct ProbeStatistics {
    /// Distinct servers that are told apart; the answers of further ones are counted under ``otherServers``.
    static let maximumServers = 64
    static let otherServers = "(others)"

    private struct Tally {
        var name: String
        var requests = 0
        var counts = [Int](repeating: 0, count: ProbeOutcome.allCases.count)
        var longestGap: Int?
        var longestGapStart = 0
        var firstFailure: Int?
        var lastFailure: Int?
        var suppressed = 0
        var servers: [Int]
    }

    private var finished: [Tally] = []
    private var current: Tally
    private var labels: [[UInt8]] = []
    private(set) var progress = ProbeProgress()

    init() {
        current = Tally(name: "start", servers: Array(repeating: 0, count: Self.maximumServers + 1))
    }

    /// A request's outcome became known.
    ///
    /// - Parameters:
    ///   - time: microseconds from the start.
    ///   - label: the first line of a good answer's body.
    mutating func finish(_ outcome: ProbeOutcome, at time: Int, label: [UInt8]) {
        current.requests += 1
        current.counts[Int(outcome.rawValue)] += 1
        progress.requests += 1
        guard outcome == .good else {
            current.firstFailure = current.firstFailure ?? time
            current.lastFailure = time
            progress.lastFailure = time
            return
        }
        progress.good += 1
        closeGap(at: time)
        progress.lastGood = time
        current.servers[serverIndex(label)] += 1
    }

    mutating func suppress(_ count: Int) { current.suppressed += count }

    mutating func update(elapsed: Int, inFlight: Int) {
        progress.elapsed = elapsed
        progress.inFlight = inFlight
    }

    /// Ends the current phase and begins another.
    mutating func mark(_ name: String) {
        finished.append(current)
        current = Tally(name: name, servers: Array(repeating: 0, count: Self.maximumServers + 1))
    }

    /// The phases of a run that ended at this time; a gap that is still open ends there.
    func phases(at time: Int) -> [ProbePhase] {
        var last = self
        last.closeGap(at: time)
        return (last.finished + [last.current]).map(phase)
    }

    private mutating func closeGap(at time: Int) {
        guard let lastGood = progress.lastGood, time - lastGood > current.longestGap ?? -1 else { return }
        current.longestGap = time - lastGood
        current.longestGapStart = lastGood
    }

    private mutating func serverIndex(_ label: [UInt8]) -> Int {
        if let known = labels.firstIndex(of: label) { return known }
        guard labels.count < Self.maximumServers else { return Self.maximumServers }
        labels.append(label)
        return labels.count - 1
    }

    private func phase(_ tally: Tally) -> ProbePhase {
        var phase = ProbePhase(name: tally.name)
        phase.requests = tally.requests
        for outcome in ProbeOutcome.allCases where tally.counts[Int(outcome.rawValue)] > 0 {
            phase.outcomes[outcome] = tally.counts[Int(outcome.rawValue)]
        }
        phase.longestGap = tally.longestGap
        phase.longestGapStart = tally.longestGapStart
        phase.firstFailure = tally.firstFailure
        phase.lastFailure = tally.lastFailure
        phase.suppressed = tally.suppressed
        for (index, count) in tally.servers.enumerated() where count > 0 {
            let name = index < labels.count ? String(decoding: labels[index], as: UTF8.self) : Self.otherServers
            phase.servers[name, default: 0] += count
        }
        return phase
    }
}
