import ProbeHistory

/// What the prober saw in one phase of a run. All times are microseconds from the prober's start.
package struct ProbePhase: Sendable, Equatable {
    /// The phase's name: `start`, or what ``OpenLoopProber/mark(_:)`` was given.
    package var name: String
    /// Requests whose outcome became known in this phase.
    package var requests: Int
    /// How many of them ended how.
    package var outcomes: [ProbeOutcome: Int]
    /// Longest time between two consecutive good answers of which the later one came in this phase; the time from the
    /// last good answer to the end of the run counts too. Nil before the first good answer.
    package var longestGap: Int?
    /// When the longest gap began.
    package var longestGapStart: Int
    /// When the first failure became known.
    package var firstFailure: Int?
    /// When the last failure became known.
    package var lastFailure: Int?
    /// Requests that were due but not sent because too many were open.
    package var suppressed: Int
    /// Good answers by the first line of their body.
    package var servers: [String: Int]

    /// A phase in which nothing has happened yet.
    package init(name: String) {
        self.name = name
        requests = 0
        outcomes = [:]
        longestGap = nil
        longestGapStart = 0
        firstFailure = nil
        lastFailure = nil
        suppressed = 0
        servers = [:]
    }

    /// Good answers.
    package var good: Int { outcomes[.good, default: 0] }
    /// Requests that ended in any other way.
    package var failed: Int { requests - good }
}

/// What the prober saw, phase by phase.
package struct ProbeSummary: Sendable, Equatable {
    /// In the order of the run; the first is named `start`.
    package var phases: [ProbePhase]
    /// How requests ended, by when they were due, in spans of ``ProbeSummary/width``.
    package var history: RequestHistory

    /// Microseconds of one span of the history.
    package static let width = 10_000

    /// A summary of these phases.
    package init(phases: [ProbePhase], history: RequestHistory = RequestHistory()) {
        self.phases = phases
        self.history = history
    }

    /// Requests over all phases.
    package var requests: Int { phases.reduce(0) { $0 + $1.requests } }
    /// Failures over all phases.
    package var failed: Int { phases.reduce(0) { $0 + $1.failed } }
    /// The longest gap of all phases, microseconds.
    package var longestGap: Int? { phases.compactMap(\.longestGap).max() }
    /// Good answers by the first line of their body, over all phases.
    package var servers: [String: Int] {
        phases.reduce(into: [:]) { sum, phase in sum.merge(phase.servers, uniquingKeysWith: +) }
    }
    /// How requests ended, over all phases.
    package var outcomes: [ProbeOutcome: Int] {
        phases.reduce(into: [:]) { sum, phase in sum.merge(phase.outcomes, uniquingKeysWith: +) }
    }

    /// The phase of this name.
    package subscript(name: String) -> ProbePhase? { phases.first { $0.name == name } }
}

/// Where a running prober stands. Microseconds and counts from its start.
package struct ProbeProgress: Sendable, Equatable {
    /// Time since the start.
    package var elapsed: Int
    /// Requests whose outcome is known.
    package var requests: Int
    /// Good answers among them.
    package var good: Int
    /// Requests that are open.
    package var inFlight: Int
    /// When the last good answer was complete; nil before the first.
    package var lastGood: Int?
    /// When the last failure became known; nil before the first.
    package var lastFailure: Int?

    /// The state of a prober, by default of one that has just started.
    package init(
        elapsed: Int = 0, requests: Int = 0, good: Int = 0, inFlight: Int = 0, lastGood: Int? = nil,
        lastFailure: Int? = nil
    ) {
        self.elapsed = elapsed
        self.requests = requests
        self.good = good
        self.inFlight = inFlight
        self.lastGood = lastGood
        self.lastFailure = lastFailure
    }

    /// Requests that ended in any other way than well.
    package var failed: Int { requests - good }
}
