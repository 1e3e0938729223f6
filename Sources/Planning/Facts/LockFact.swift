import HostShell

/// The lock, where there is one.
package struct LockFacts: Fact {
    package var lock: LockFact?

    package init() {}

    package static let words: Set = ["lock"]

    package mutating func take(_ record: Record) { lock = LockFact(record) }
}

extension Facts {
    /// Who is at work there, where anybody is.
    package var lock: LockFact? {
        get { self[LockFacts.self].lock }
        set { self[LockFacts.self].lock = newValue }
    }
}

/// Who is at work on a host.
package struct LockFact: Sendable, Equatable {
    /// Who, and by which command: `ann@here, haprov apply`.
    package var owner: String
    package var run: String
    /// Seconds since the last sign of life.
    package var age: Int
    /// The process: see ``LockHolder``.
    package var holder = ""
    /// Whether that process is known to be dead, as far as the machine that looks can tell.
    package var isHolderDead = false
    /// Seconds since the lock was taken.
    package var held = 0
    /// What is under way on the host; empty between two steps.
    package var step = ""
    /// Seconds since that began.
    package var stepAge = 0
    /// The process of a script that goes on although its haprov is dead; empty where none does.
    package var script = ""

    /// Whether it keeps nobody off any more: its holder has been silent for too long, or found no room to write its name.
    package var isStale: Bool { age >= 900 || (run.isEmpty && age >= 10) }

    /// Whether it keeps nobody off any more, or its holder is dead.
    package var isAbandoned: Bool { isStale || isHolderDead }

    /// Who is at work, and at what.
    package var text: String {
        guard !run.isEmpty else {
            return "a lock without a name stands in /var/lib/haprov/lock (last sign of life \(age) s ago)"
        }
        let work = step.isEmpty ? "" : ": \(step), for \(stepAge) s"
        guard script.isEmpty else {
            return "the haprov of \(owner) (run \(run)) is dead, but what it began on this host goes on: process "
                + "\(script)\(work)"
        }
        let times = "began \(held) s ago, last sign of life \(age) s ago"
        return "\(owner) is at work on this host (run \(run), \(times))\(work)"
    }

    /// What to do about it.
    package var remedy: String {
        script.isEmpty
            ? "Wait for that run to end; `--wait 10m` does. A run that has been silent for 15 minutes no longer holds the lock; "
                + "where you know that its haprov is dead, `haprov unlock` gives it back."
            : "It begins no other change: run haprov again once that process has ended."
    }
}

extension LockFact {
    /// From the record of the shell library's `hp_say_lock`.
    package init(_ record: Record) {
        self.init(
            owner: record[1], run: record[2], age: record.number(3), holder: record[4], held: record.number(5),
            step: record[6], stepAge: record.number(7), script: record[8])
    }
}
