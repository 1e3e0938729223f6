import HostShell

/// Whether a host is in good order.
package struct FitnessFacts: Fact {
    package var clock: ClockFact?
    package var memory: MemoryFact?
    package var reboot: String?
    package var agents: [String] = []
    package var compilers: [String] = []

    package init() {}

    package static let words: Set = ["clock", "memory", "reboot", "agent", "compiler"]

    package mutating func take(_ record: Record) {
        switch record.word {
        case "clock":
            let now = record.number(1)
            clock = ClockFact(first: clock?.first ?? now, last: now)
        case "memory": memory = MemoryFact(total: record.number(1), available: Int(record[2]))
        case "reboot": reboot = record[1]
        case "agent": agents.append(record[1])
        default: compilers.append(record[1])
        }
    }
}

extension Facts {
    /// Nil where the host was not asked, or cannot tell.
    package var clock: ClockFact? {
        get { self[FitnessFacts.self].clock }
        set { self[FitnessFacts.self].clock = newValue }
    }

    package var memory: MemoryFact? {
        get { self[FitnessFacts.self].memory }
        set { self[FitnessFacts.self].memory = newValue }
    }

    /// Why the host waits for a reboot, which may be empty; nil where it does not.
    package var reboot: String? {
        get { self[FitnessFacts.self].reboot }
        set { self[FitnessFacts.self].reboot = newValue }
    }

    /// A cloud's services, of those that may set NICs up.
    package var agents: [String] {
        get { self[FitnessFacts.self].agents }
        set { self[FitnessFacts.self].agents = newValue }
    }

    /// Of the programs that compile, those that are there.
    package var compilers: [String] {
        get { self[FitnessFacts.self].compilers }
        set { self[FitnessFacts.self].compilers = newValue }
    }
}

/// A host's time beside the controller's, in milliseconds since 1970.
package struct ClockFact: Sendable, Equatable {
    /// The host's, as it began to answer.
    package var first: Int
    /// The host's, as it had answered all.
    package var last: Int
    /// The controller's before it asked; nil where it did not look.
    package var asked: Int?
    /// The controller's once it had the answer.
    package var answered: Int?

    package init(first: Int, last: Int, asked: Int? = nil, answered: Int? = nil) {
        self.first = first
        self.last = last
        self.asked = asked
        self.answered = answered
    }

    /// How far the host's clock is ahead of the controller's: what it may be, in milliseconds. No wider than the ways there
    /// and back took, however long the host thought.
    package var offset: ClosedRange<Int>? {
        guard let asked, let answered else { return nil }
        let (least, most) = (last - answered, first - asked)
        return min(least, most)...max(least, most)
    }
}

/// In KiB.
package struct MemoryFact: Sendable, Equatable {
    package var total: Int
    /// Before anything is swapped out; nil where the kernel does not tell.
    package var available: Int?

    package init(total: Int, available: Int?) {
        self.total = total
        self.available = available
    }
}
