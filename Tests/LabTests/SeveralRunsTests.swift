import Foundation
import Testing

extension EndToEndTests {
    /// Many runs, each of another kind: hosts are put back to right after any of them, and to before all of them; journals do
    /// not grow for ever.
    @Suite(.serialized) struct SeveralRunsTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        /// An inventory, and who holds the VIP by it.
        private struct Wish {
            var inventory: String
            var holder: String
        }

        /// A run that stands, and the hosts right after it.
        private struct Standing {
            var run: String
            var holder: String
            var hosts: Snapshots
        }

        /// Each differs from the one before it in another kind of thing.
        private func wishes(keep: Int) throws -> [Wish] {
            try lab.up()
            let kept = ("engine: keepalived\n", "journal: { keep: \(keep) }\nengine: keepalived\n")
            let port = (
                #"    web: { bind: "*:80", backend: app }"#,
                #"""
                    web: { bind: "*:80", backend: app }
                    more: { bind: "*:8080", backend: app }
                """#
            )
            let balance = ("balance: roundrobin", "balance: leastconn")
            let servers = ("servers: application", "servers: [app1, app2]")
            let priority = ("priority: 100", "priority: 110")
            func wish(_ name: String, _ holder: String, _ changes: [(String, String)]) throws -> Wish {
                Wish(inventory: try lab.inventory("several-\(keep)-\(name)", [kept] + changes), holder: holder)
            }
            return [
                try wish("first", "haproxy1", []), try wish("port", "haproxy1", [port]),
                try wish("balance", "haproxy1", [port, balance, servers]),
                try wish("priority", "haproxy2", [port, balance, servers, priority]),
                try wish(
                    "engine", "haproxy2",
                    [port, balance, servers, priority, EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived]),
            ]
        }

        private func apply(_ wish: Wish) throws -> Standing {
            lab.disturbed()
            let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: wish.inventory)
            #expect(told.status == 0 && told.summary["changes"].number ?? 0 > 0, "\(told)")
            try lab.settled(on: wish.holder)
            return Standing(
                run: try #require(told.summary["run"].text), holder: wish.holder, hosts: try lab.snapshots())
        }

        private func isBack(_ standing: Standing) throws {
            try lab.settled(on: standing.holder)
            try lab.expectUnchanged(since: standing.hosts)
        }

        private func rollback(_ arguments: String...) throws {
            let told = try lab.haprov(["rollback", "--yes"] + arguments)
            #expect(told.status == 0, "\(arguments): \(told)")
        }

        /// What older runs keep is removed where a still older one keeps it too.
        private func images() throws -> [Int] {
            try balancers.map { host in
                let text = try lab.ask(
                    host,
                    "find /var/lib/haprov/runs -path '*/before/image' | wc -l; ls -d /var/lib/haprov/runs/*/gone.* 2>&-;:"
                )
                return try #require(Int(text), "\(host): \(text)")
            }
        }

        @Test(.long)
        func hostsArePutBackToRightAfterAnyRunAndToBeforeAll() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            let wishes = try wishes(keep: 10)
            let runs = try wishes.map(apply)
            for standing in runs.dropLast().reversed() {
                try rollback("--to", standing.run)
                try isBack(standing)
            }
            // In jumps, over runs that were taken back in between.
            _ = try apply(wishes[2])
            _ = try apply(wishes[4])
            try rollback("--to", runs[0].run)
            try isBack(runs[0])
            try fold(onto: runs[0])
            try mix()
            try rollback("--all")
            try lab.expectUnchanged(since: bare)
            let nothing = try lab.haprov("rollback", "--yes", "--all")
            #expect(nothing.status == 0 && nothing.summary["changes"].number == 0, "\(nothing)")
        }

        /// One run is to stay on its own: a third is one more than twice as many, and the two before it become one.
        private func fold(onto first: Standing) throws {
            let wishes = try wishes(keep: 1)
            let second = try apply(wishes[1])
            let before = try images()
            let third = try apply(wishes[2])
            try isFolded(2, upTo: second.run)
            let after = try images()
            #expect(zip(after, before).allSatisfy { $0 <= $1 }, "\(before) before-images, and \(after) one run later")
            let refused = try lab.haprov("rollback", "--yes", "--to", first.run)
            #expect(
                refused.status == 1 && refused.failures.first?.contains("folded into one, up to \(second.run)") == true)
            try isBack(third)
        }

        /// As one line of the history.
        private func isFolded(_ count: Double, upTo run: String? = nil) throws {
            let listed = try lab.haprov("history").all("run").filter { $0["folded"] != .null }
            #expect(listed.count == 1 && listed.first?["folded"].number == count, "\(listed)")
            #expect(run == nil || listed.first?["run"].text == run, "\(listed)")
        }

        /// Runs that are taken back on one host alone, killed and completed; two steps, or $HAPROV_RUN_MIX of them.
        private func mix() throws {
            let wishes = try wishes(keep: 1)
            let count = ProcessInfo.processInfo.environment["HAPROV_RUN_MIX"].flatMap { Int($0) } ?? 2
            for step in 0..<count {
                let cycle = step / 5
                // What was killed is completed as it was begun.
                let killed = wishes[(cycle + 1) % wishes.count]
                switch step % 5 {
                // One balancer alone goes back, and is brought up to date again by what follows.
                case 0: try rollback("--limit", "haproxy3")
                case 1: _ = try apply(wishes[(cycle + 3) % wishes.count])
                case 2:
                    let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: killed.inventory) {
                        if $0["type"].text == "finished", $0["host"].text == "haproxy2" { kill($1, SIGKILL) }
                    }
                    #expect(told.status == -SIGKILL, "\(told)")
                case 3: _ = try apply(killed)
                default: try rollback()
                }
            }
        }
    }
}
