import Foundation
import Synchronization
import Testing

extension OutageTests {
    /// Two operators who start at the same moment, some of whom are killed at work.
    @Suite(.serialized) struct ContentionTests {
        private let lab = EndToEndLab.outage
        private let balancers = EndToEndLab.balancers

        /// $HAPROV_CONTENTION_ROUNDS: as many as were asked for.
        private static let asked = ProcessInfo.processInfo.environment["HAPROV_CONTENTION_ROUNDS"].flatMap { Int($0) }
        private static let rounds = asked ?? 3
        private static let isAsked = asked != nil || EndToEndTrait.areLongAsked

        /// What becomes of whoever gets to work in a round.
        private enum Fate: CaseIterable {
            case lives
            /// haprov is killed while it reloads HAProxy on the first host.
            case killed
            /// So is its script there.
            case killedWithItsScript
            /// haprov is killed, and was on another machine: nobody can tell that it is dead.
            case killedElsewhere
        }

        @Test(.enabled(if: isAsked, "set HAPROV_CONTENTION_ROUNDS or HAPROV_LONG_TESTS=1"))
        func oneIsAtWorkAndTheOtherIsToldWhoEveryTime() throws {
            try lab.converged()
            let inventories = try ["roundrobin", "leastconn"].map {
                try lab.inventory("contention-\($0)", ("balance: roundrobin", "balance: \($0)"))
            }
            let machine = "\(lab.folder)/other-machine"
            try Data("0123456789abcdef0123456789abcdef\n".utf8).write(to: URL(fileURLWithPath: machine))
            var told = (refused: 0, killed: 0, unlocked: 0, later: 0)
            for round in 1...Self.rounds {
                // Every third one ends badly, each in another way.
                let fates = Fate.allCases
                let fate = round % 3 == 0 ? fates[1 + round / 3 % (fates.count - 1)] : .lives
                let inventory = inventories[round % 2]
                let known = try runs()
                let contest = try contend(inventory, fate, machine)
                let outcomes = contest.map(\.told)
                for outcome in outcomes where outcome.status != -SIGKILL && outcome.status != 0 {
                    #expect(outcome.status == 1, "round \(round): \(outcome)")
                    switch outcome.failures.first {
                    case .some(let text) where text.hasPrefix("locked | "):
                        #expect(text.contains(#/, haprov apply is at work on this host \(run [^ ]+,/#), "\(text)")
                        told.refused += 1
                    // It came to the lock when the other was through.
                    case .some(let text) where text.contains("the hosts have changed since the plan was made"):
                        told.later += 1
                    default: Issue.record("round \(round): \(outcome)")
                    }
                }
                let victims = contest.filter { $0.told.status == -SIGKILL }
                told.killed += victims.count
                #expect(!victims.isEmpty || outcomes.contains { $0.status == 0 }, "round \(round): \(outcomes)")
                if !victims.isEmpty, victims.allSatisfy(\.isElsewhere) {
                    let held = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
                    #expect(
                        held.status == 1 && held.failures.first?.hasPrefix("locked | ") == true, "\(round): \(held)")
                    let unlocked = try lab.haprov("unlock", "--yes")
                    #expect(unlocked.status == 0, "round \(round): \(unlocked)")
                    told.unlocked += 1
                }
                let last = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
                #expect(last.status == 0, "round \(round), \(fate): \(last)\nafter \(outcomes)")
                try lab.hasNoLocks()
                try expectNoOverlap(of: try runs().subtracting(known), round)
            }
            lab.disturbed()
            FileHandle.standardOutput.write(Data("contention: \(Self.rounds) rounds, \(told)\n".utf8))
            // Else nothing was proven.
            #expect(told.refused > 0)
            if Self.rounds >= 9 { #expect(told.killed > 0) }
            try lab.settled()
        }

        /// Two at once, of which the second thinks itself on another machine; whoever gets to its first reload meets its fate.
        private func contend(
            _ inventory: String, _ fate: Fate, _ machine: String
        ) throws -> [(told: Told, isElsewhere: Bool)] {
            let lab = lab
            let outcomes = Mutex<[Result<(told: Told, isElsewhere: Bool), any Error>]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { number in
                let isElsewhere = fate == .killedElsewhere || number == 1
                let outcome = Result {
                    let told = try lab.haprov(
                        ["apply", "--yes", "--no-verify"], inventory: inventory, machine: isElsewhere ? machine : nil
                    ) { event, process in
                        guard fate != .lives, event["type"].text == "started", event["host"].text == "haproxy3",
                            event["step"].text == "reload haproxy"
                        else { return }
                        kill(process, SIGKILL)
                        if fate == .killedWithItsScript { try Self.killScript(on: "haproxy3", of: lab) }
                    }
                    return (told: told, isElsewhere: isElsewhere)
                }
                outcomes.withLock { $0.append(outcome) }
            }
            return try outcomes.withLock { $0 }.map { try $0.get() }
        }

        /// Ends the script that the lock's holder runs there, with what it started.
        private static func killScript(on host: String, of lab: EndToEndLab) throws {
            try lab.on(
                host,
                """
                read -r script _ </var/lib/haprov/lock/script || exit 0
                kill -9 "$script" $(pgrep -P "$script") 2>/dev/null
                """)
        }

        /// Every host's runs.
        private func runs() throws -> Set<String> {
            Set(try balancers.flatMap { try lab.on($0, "ls /var/lib/haprov/runs").lines })
        }

        /// By what the hosts' journals say, with the time, no two runs were at work at once, whichever hosts they were at.
        private func expectNoOverlap(of runs: Set<String>, _ round: Int) throws {
            var spans: [(run: String, first: Int, last: Int)] = []
            for run in runs.sorted() {
                let times = try balancers.flatMap { host in
                    try lab.on(host, "cat /var/lib/haprov/runs/\(run)/[0-9]*/state 2>/dev/null").lines
                        .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
                }
                if let first = times.min(), let last = times.max() { spans.append((run, first, last)) }
            }
            spans.sort { ($0.first, $0.last) < ($1.first, $1.last) }
            #expect(!spans.isEmpty, "round \(round): somebody was at work")
            for (one, next) in zip(spans, spans.dropFirst()) {
                #expect(one.last <= next.first, "round \(round): \(one) and \(next) at the same time")
            }
        }
    }
}
