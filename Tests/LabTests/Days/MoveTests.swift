import Foundation
import Testing

extension DaysTests {
    /// The VIP is moved on purpose.
    @Suite(.serialized) struct MoveTests {
        private let lab = EndToEndLab.days
        private let balancers = EndToEndLab.balancers

        private func move(_ arguments: String..., inventory: String? = nil) throws -> JSON {
            let told = try lab.haprov(["move"] + arguments + ["--yes"], inventory: inventory)
            #expect(told.status == 0, "\(told)")
            return told.summary["moves"][0]
        }

        /// Who says in `status` that it was moved to him.
        private func moved(_ inventory: String? = nil) throws -> [String] {
            let told = try lab.haprov("status", inventory: inventory)
            #expect(told.status == 0, "\(told)")
            return told.all("host").filter { $0["moved"][0].text != nil }.compactMap { $0["host"].text }
        }

        private func processes(_ unit: String) throws -> [Int] {
            try balancers.map { try lab.mainProcess(unit, on: $0) }
        }

        /// There, over an apply, on to the next one, and home; then the move ends because its balancer fails.
        private func thereAndBack(_ unit: String, _ inventory: String?) throws {
            try lab.converged(inventory)
            let before = try lab.snapshots()
            let engines = try processes(unit)
            let seen = try DaysTests.watched("move with \(unit)") { client in
                try client.mark("there")
                let there = try move("haproxy2", inventory: inventory)
                #expect(there["from"].text == "haproxy1" && there["to"].text == "haproxy2", "\(there)")
                #expect(there["client_gap_ms"].number != nil && there["vip_moved_ms"].number != nil, "\(there)")
                try lab.settled(on: "haproxy2")
                #expect(try moved(inventory) == ["haproxy2"])
                try client.mark("apply")
                let plan = try lab.haprov("plan", inventory: inventory)
                #expect(plan.status == 0, "a move is no difference: \(plan)")
                let playbooks = try lab.playbooks(
                    "interval-\(unit)", "keepalived.conf.mustache", ("    interval 2\n", "    interval 3\n"))
                let apply = try lab.haprov(
                    ["apply", "--yes", "--playbooks", playbooks], inventory: inventory)
                #expect(apply.status == 0, "\(apply)")
                #expect(apply.all("finished").filter { $0["step"].text == "reload \(unit)" }.count == 3, "\(apply)")
                let back = try lab.haprov("rollback", "--yes", inventory: inventory)
                #expect(back.status == 0, "\(back)")
                try lab.settled(on: "haproxy2")
                try client.mark("on")
                let on = try move("haproxy3", inventory: inventory)
                #expect(on["from"].text == "haproxy2" && on["to"].text == "haproxy3", "\(on)")
                #expect(try moved(inventory) == ["haproxy3"])
                try client.mark("home")
                let home = try move("--home", inventory: inventory)
                #expect(home["from"].text == "haproxy3" && home["to"].text == "haproxy1", "\(home)")
                #expect(try moved(inventory) == [])
            }
            #expect(try processes(unit) == engines, "no engine was started anew")
            for phase in seen.phases { #expect(phase.good > 0 && phase.longestGap < OpenLoopClient.room, "\(phase)") }
            try lab.expectUnchanged(since: before)
            try lab.settled()
            _ = try move("haproxy2", inventory: inventory)
            try lab.ask("haproxy2", "systemctl kill -s KILL haproxy")
            try lab.settled()
            try lab.wait("HAProxy to run again on haproxy2") {
                try lab.on("haproxy2", "systemctl -q is-active haproxy && test ! -e /run/haprov/moved-51").status == 0
            }
            try lab.settled()
            #expect(try moved(inventory) == [])
            try lab.hasNoLocks()
        }

        @Test(.long) func withKeepalived() throws { try thereAndBack("keepalived", nil) }

        @Test(.long) func withHaprovVRRPD() throws { try thereAndBack("haprov-vrrpd", try lab.vrrpdInventory()) }

        /// Whoever holds it keeps it: the others let go of it for a moment.
        @Test(.long, arguments: ["keepalived", "haprov-vrrpd"])
        func whereNobodyPreempts(unit: String) throws {
            try lab.up()
            let changes = unit == "keepalived" ? [] : [EndToEndLab.engineVRRPD, EndToEndLab.withoutKeepalived]
            let inventory = try lab.inventory(
                "nopreempt-\(unit)", changes + [("  preempt: true\n", "  preempt: false\n")])
            let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: inventory)
            #expect(told.status == 0, "\(told)")
            lab.disturbed()
            let holder = try #require(try lab.holders().first)
            let target = holder == "haproxy3" ? "haproxy2" : "haproxy3"
            let engines = try processes(unit)
            let seen = try DaysTests.watched("move with \(unit), nobody preempts") { client in
                try client.mark("there")
                let there = try move(target, inventory: inventory)
                #expect(there["from"].text == holder && there["to"].text == target, "\(there)")
                try lab.settled(on: target)
                try client.mark("home")
                let home = try move("--home", inventory: inventory)
                #expect(home["to"].text == "haproxy1", "\(home)")
            }
            try lab.settled()
            #expect(try processes(unit) == engines, "no engine was started anew")
            for phase in seen.phases { #expect(phase.good > 0 && phase.longestGap < OpenLoopClient.room, "\(phase)") }
            for host in balancers { #expect(try lab.on(host, "test ! -e /run/haprov/leave-51").status == 0) }
        }

        @Test func whatCannotBeMovedIsSaid() throws {
            try lab.converged()
            let unknown = try lab.haprov("move", "haproxy9", "--yes")
            #expect(unknown.status == 1)
            #expect(unknown.failures.first?.contains("haproxy1, haproxy2, haproxy3") == true, "\(unknown)")
            let none = try lab.haprov("move", "--home", "--yes")
            #expect(none.status == 0 && none.summary["changes"].number == 0, "\(none)")
            try lab.ask("haproxy2", "systemctl stop haproxy")
            defer { _ = try? lab.on("haproxy2", "systemctl start haproxy") }
            let unfit = try lab.haprov("move", "haproxy2", "--yes")
            #expect(unfit.status == 1)
            #expect(unfit.failures.first?.contains("haproxy2 | move | this balancer does not run") == true, "\(unfit)")
            try lab.settled()
        }
    }
}
