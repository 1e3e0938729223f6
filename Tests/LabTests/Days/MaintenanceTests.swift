import Foundation
import Testing

extension DaysTests {
    /// A balancer takes no part for a while.
    @Suite(.serialized) struct MaintenanceTests {
        private let lab = EndToEndLab.days
        private let units = "keepalived haprov-vrrpd"

        private func maintenance(_ arguments: String...) throws -> Told {
            try lab.haprov(["maintenance"] + arguments + ["--yes"])
        }

        private func status(_ host: String) throws -> JSON {
            let told = try lab.haprov("status")
            #expect(told.status == 0, "\(told)")
            return told.all("host").first { $0["host"].text == host } ?? .null
        }

        private func restart(_ host: String) throws {
            for power in ["off", "on"] {
                let told = try lab.lab("power", host, power)
                guard told.status == 0 else { throw Trouble("power \(power): \(told)") }
            }
        }

        @Test func givesItsVIPAwayStaysOutOverARebootAndIsLeftOut() throws {
            try lab.converged()
            // What a first boot leaves is none of haprov's.
            try restart("haproxy1")
            try lab.settled()
            let before = try lab.snapshots()
            let seen = try DaysTests.watched("maintenance on, a reboot, an apply, off") { client in
                try client.mark("on")
                let on = try maintenance("haproxy1", "on", "--for", "1s", "--reason", "new memory")
                #expect(on.status == 0, "\(on)")
                #expect(on.summary["moves"][0]["to"].text == "haproxy2", "\(on)")
                try lab.settled(on: "haproxy2")
                try client.mark("in-maintenance")
                let row = try status("haproxy1")["maintenance"]
                #expect(row["reason"].text == "new memory", "\(row)")
                try lab.wait("status to warn") { try status("haproxy1")["maintenance"]["over"].flag == true }
                // By hand, and at the next boot.
                try lab.ask("haproxy1", "systemctl start keepalived")
                #expect(try lab.on("haproxy1", "systemctl -q is-active keepalived").status != 0)
                try restart("haproxy1")
                try lab.wait("HAProxy on haproxy1") {
                    try lab.on("haproxy1", "systemctl -q is-active haproxy").status == 0
                }
                #expect(try lab.on("haproxy1", "systemctl -q is-active \(units)").status != 0)
                #expect(try lab.holders() == ["haproxy2"])
                try client.mark("apply")
                let other = try lab.inventory(
                    "backend",
                    (
                        "  backends:\n",
                        "  backends:\n    other: { servers: application, port: 10900, balance: leastconn }\n"
                    ))
                let apply = try lab.haprov("apply", "--yes", inventory: other)
                #expect(apply.status == 4, "\(apply)")
                #expect(apply.summary["without"][0].text == "haproxy1")
                let reloaded = apply.all("finished").filter { $0["step"].text == "reload haproxy" }
                #expect(reloaded.compactMap { $0["host"].text }.sorted() == ["haproxy2", "haproxy3"], "\(apply)")
                #expect(try status("haproxy1")["left_out"]["run"].text == apply.summary["run"].text)
                let wire = try lab.inventory("wire", ("virtual_router_id: 51", "virtual_router_id: 52"))
                let refused = try lab.haprov("apply", "--yes", inventory: wire)
                #expect(refused.status == 1 && refused.failures.first?.contains("haproxy1") == true, "\(refused)")
                let rollback = try lab.haprov("rollback", "--yes")
                #expect(rollback.status == 1, "\(rollback)")
                #expect(rollback.failures.first?.contains("haprov maintenance haproxy1 off") == true, "\(rollback)")
                try client.mark("off")
                let off = try maintenance("haproxy1", "off")
                #expect(off.status == 0, "\(off)")
                #expect(off.summary["moves"][0]["to"].text == "haproxy1", "\(off)")
                try lab.settled()
                let back = try lab.haprov("rollback", "--yes")
                #expect(back.status == 0, "\(back)")
            }
            for phase in seen.phases where ["in-maintenance", "apply"].contains(phase.name) {
                #expect(phase.failed == 0 && phase.good > 0, "\(phase)")
            }
            for phase in seen.phases { #expect(phase.good > 0 && phase.longestGap < OpenLoopClient.room, "\(phase)") }
            try lab.expectUnchanged(since: before)
            try lab.hasNoLocks()
        }

        @Test func isRefusedWhereNoOtherBalancerIsWell() throws {
            try lab.converged()
            #expect(try maintenance("haproxy2", "on").status == 0)
            try lab.ask("haproxy3", "systemctl stop haproxy")
            defer { _ = try? lab.on("haproxy3", "systemctl start haproxy") }
            let refused = try maintenance("haproxy1", "on")
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.failures.first?.contains("no other balancer that is well could have") == true, "\(refused)")
            #expect(try lab.holders() == ["haproxy1"])
            let verify = try lab.haprov("verify", "--yes")
            #expect(verify.failures.contains { $0.contains("haprov maintenance haproxy2 off") }, "\(verify)")
            #expect(try maintenance("haproxy2", "off").status == 0)
            let again = try maintenance("haproxy2", "off")
            #expect(again.status == 0 && again.summary["changes"].number == 0)
            try lab.ask("haproxy3", "systemctl start haproxy")
            try lab.settled()
        }
    }
}
