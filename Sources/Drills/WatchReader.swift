import HostShell
import Texts

/// Reads the stream of a host's `watch_vip` and says when the host gained or lost the VIP.
struct WatchReader {
    let vip: String
    /// Nil until the first line.
    private(set) var isHeld: Bool?
    /// How the state is learnt: `ip monitor`'s events, or a look every 20 ms.
    private(set) var isPolled = false
    /// When a beat first contradicted the events. A beat and an event may cross on their way through the pipe; only
    /// a second beat that says the same is believed, at the time of the first.
    private var contradictedAt: Duration?
    private var lines = LineCutter()

    init(vip: String) { self.vip = vip }

    /// What a piece of output changes, in order.
    mutating func read(_ bytes: [UInt8], at time: Duration) -> [(held: Bool, at: Duration)] {
        var changes: [(held: Bool, at: Duration)] = []
        for line in lines.take(bytes) {
            if let change = take(line, at: time) { changes.append(change) }
        }
        return changes
    }

    private mutating func take(_ line: String, at time: Duration) -> (held: Bool, at: Duration)? {
        switch Record(line: line) {
        case let record? where record.word == "watching":
            isPolled = record[1] == "polls"
            return nil
        case let record?:
            guard let holding = Holding(record), holding.address == vip else { return nil }
            let held = holding.interface != nil
            if isHeld == held {
                contradictedAt = nil
                return nil
            }
            if isHeld == nil || isPolled { return change(to: held, at: time) }
            guard let first = contradictedAt else {
                contradictedAt = time
                return nil
            }
            return change(to: held, at: first)
        case nil:
            guard let event = AddressEvent(line), event.address == vip else { return nil }
            contradictedAt = nil
            return isHeld == !event.isDeleted ? nil : change(to: !event.isDeleted, at: time)
        }
    }

    private mutating func change(to held: Bool, at time: Duration) -> (held: Bool, at: Duration) {
        isHeld = held
        contradictedAt = nil
        return (held, time)
    }
}
