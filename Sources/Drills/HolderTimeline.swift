/// Who held the VIP when, as the balancers themselves said.
struct HolderTimeline: Sendable, Equatable {
    /// A host gained or lost the VIP.
    struct Change: Sendable, Equatable {
        var time: Duration
        var host: String
        var held: Bool
    }

    /// In the order of their times.
    private(set) var changes: [Change] = []
    /// Hosts whose state is known.
    private(set) var known: Set<String> = []
    private(set) var holders: Set<String> = []

    /// Takes a host's state; the first one is where it stands, not a change.
    mutating func record(_ host: String, held: Bool, at time: Duration) {
        let isFirst = known.insert(host).inserted
        let changed = held ? holders.insert(host).inserted : holders.remove(host) != nil
        guard !isFirst, changed else { return }
        let place = changes.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        changes.insert(Change(time: time, host: host, held: held), at: place)
    }

    /// The first gain from `start` on by a host that is wanted.
    func firstGain(by isWanted: (String) -> Bool, from start: Duration) -> Change? {
        changes.first { $0.held && $0.time >= start && isWanted($0.host) }
    }

    /// Who held it at a time.
    ///
    /// - Parameter before: who did before the first change.
    func holders(at time: Duration, before: Set<String>) -> Set<String> {
        changes.filter { $0.time <= time }.reduce(into: before) { holders, change in
            if change.held { holders.insert(change.host) } else { holders.remove(change.host) }
        }
    }

    /// Who took over: several may try at once where their skew times are close, and then agree on one, who still holds the
    /// VIP at the end. Where nobody does, the last one that had it.
    func takeover(by isWanted: (String) -> Bool, from start: Duration, to end: Duration) -> Change? {
        let span = changes.filter { $0.time >= start && $0.time <= end && isWanted($0.host) }
        let gains = span.filter(\.held)
        return gains.last { gain in span.last { $0.host == gain.host }?.held == true } ?? gains.last
    }

    /// The spans from `start` to `end` in which nobody held the VIP that was able to serve.
    ///
    /// - Parameters:
    ///   - initial: who held it at `start`.
    ///   - isAble: whether a holder can serve at a time.
    ///   - moments: when that changes.
    func unserved(
        initial: Set<String>, from start: Duration, to end: Duration, changing moments: [Duration] = [],
        isAble: (_ host: String, _ at: Duration) -> Bool = { _, _ in true }
    ) -> [(start: Duration, end: Duration)] {
        var spans: [(start: Duration, end: Duration)] = []
        var holders = initial
        var since: Duration?
        func look(at time: Duration) {
            let isServed = holders.contains { isAble($0, time) }
            if !isServed {
                since = since ?? time
            } else if let begin = since {
                spans.append((begin, time))
                since = nil
            }
        }
        var times = moments.filter { $0 >= start && $0 <= end }.map { (time: $0, change: Change?.none) }
        times += changes.filter { $0.time >= start && $0.time <= end }.map { ($0.time, $0) }
        look(at: start)
        for (time, change) in times.sorted(by: { $0.time < $1.time }) {
            if let change, change.held {
                holders.insert(change.host)
            } else if let change {
                holders.remove(change.host)
            }
            look(at: time)
        }
        if let since { spans.append((since, end)) }
        return spans
    }

    /// The longest time from `start` to `end` for which more than one host held the VIP.
    ///
    /// - Parameter initial: who held it at `start`.
    func longestOverlap(initial: Set<String>, from start: Duration, to end: Duration) -> Duration {
        var holders = initial
        var since: Duration? = holders.count > 1 ? start : nil
        var longest = Duration.zero
        for change in changes where change.time >= start && change.time <= end {
            if change.held { holders.insert(change.host) } else { holders.remove(change.host) }
            if holders.count > 1 {
                since = since ?? change.time
            } else if let begin = since {
                longest = max(longest, change.time - begin)
                since = nil
            }
        }
        if let since { longest = max(longest, end - since) }
        return longest
    }
}

extension Duration {
    /// Whole milliseconds, rounded.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int((attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000)
    }
}
