import HostShell
import Planning
import Texts

/// Reads what a balancer says over and over: round by round, each ended by its record.
struct RoundReader {
    private var cutter = LineCutter()
    private var output: [UInt8] = []

    /// - Returns: the rounds that these bytes complete.
    mutating func take(_ bytes: [UInt8]) -> [BalancerRound] {
        var rounds: [BalancerRound] = []
        for line in cutter.take(bytes) {
            if line == "@round" {
                rounds.append(BalancerRound(output))
                output.removeAll()
            } else {
                output += Array(line.utf8) + [UInt8(ascii: "\n")]
            }
        }
        return rounds
    }
}

/// What a balancer says of itself at one moment.
struct BalancerRound: Sendable {
    var facts: Facts
    /// Whether it answered all that status asks, and not only what changes from one moment to the next.
    var isFull: Bool
    /// Of HAProxy; nil where it did not answer, or was not asked.
    var servers: [BalancedServer]?

    init(_ output: [UInt8]) {
        facts = FactsReader.read(output)
        let records = Record.all(in: output)
        isFull = records.contains { $0.word == "end" }
        let found = records.compactMap { BalancedServer($0) }
        servers = found.isEmpty ? nil : found
    }
}

extension Facts {
    /// What a later round says: all, or what changes from one moment to the next.
    mutating func take(_ round: BalancerRound) {
        let now = round.facts
        if round.isFull {
            self = now
        } else {
            addresses = now.addresses
            units.merge(now.units) { $1 }
            self[DutyFacts.self] = now[DutyFacts.self]
            routers = now.routers
            self[LockFacts.self] = now[LockFacts.self]
        }
        settleLock()
    }

    /// Whether the lock's holder lives is known here alone, if anywhere.
    mutating func settleLock() {
        if let holder = lock?.holder { lock?.isHolderDead = LockHolder.isGone(holder) }
    }
}
