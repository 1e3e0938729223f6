import Foundation
import Testing

extension DaysTests {
    /// A balancer leaves the cluster for good.
    @Suite(.serialized) struct RemoveTests {
        private let lab = EndToEndLab.days

        private func inventory(_ name: String) throws -> String { try lab.inventory(name) }

        private func role(of host: String, in inventory: String) throws -> Bool {
            let text = try String(contentsOfFile: inventory, encoding: .utf8)
            return text.split(separator: "\n").contains { $0.contains("\(host):") && $0.contains("role: retired") }
        }

        @Test func theHolderLeavesAndHasNothingOfHaprovs() throws {
            try lab.bare()
            let bare = try lab.snapshots()
            try lab.converged()
            let own = try inventory("remove")
            let seen = try DaysTests.watched("remove the holder") { client in
                try client.mark("remove")
                let told = try lab.haprov("remove", "haproxy1", "--yes", inventory: own)
                #expect(told.status == 0, "\(told)")
                #expect(told.summary["moves"][0]["to"].text == "haproxy2", "\(told)")
                try lab.settled(on: "haproxy2")
                try client.mark("afterwards")
                #expect(try role(of: "haproxy1", in: own))
                let script = """
                    for u in keepalived haprov-vrrpd; do systemctl is-active $u; systemctl is-enabled $u; done 2>&1
                    pgrep -l 'keepalived|haprov'; ls -d /var/lib/haprov /run/haprov /etc/keepalived 2>&1
                    """
                let left = try lab.on("haproxy1", script).lines
                #expect(!left.contains("active") && !left.contains("enabled"), "\(left)")
                #expect(!left.contains { $0.hasPrefix("/") || $0.contains("keepalived ") }, "\(left)")
                try lab.expectUnchanged(since: bare.filter { $0.key == "haproxy1" })
                let status = try lab.haprov("status", inventory: own)
                #expect(status.status == 0, "\(status)")
                #expect(status.all("host").compactMap { $0["host"].text } == ["haproxy2", "haproxy3"])
                let plan = try lab.haprov("plan", inventory: own)
                #expect(plan.status == 0, "\(plan)")
            }
            lab.disturbed()
            for phase in seen.phases { #expect(phase.good > 0 && phase.longestGap < OpenLoopClient.room, "\(phase)") }
            #expect(seen.phases.last?.failed == 0)
            // Once more is nothing to do; back as a balancer, it is one.
            let again = try lab.haprov("remove", "haproxy1", "--yes", inventory: own)
            #expect(again.status == 0, "\(again)")
            try lab.converged()
            try lab.hasNoLocks()
        }

        @Test(.long) func oneThatIsDeadIsForgottenByTheOthers() throws {
            try lab.converged()
            let own = try inventory("remove-dead")
            #expect(try lab.lab("power", "haproxy3", "off").status == 0)
            defer { _ = try? lab.lab("power", "haproxy3", "on") }
            let refused = try lab.haprov("remove", "haproxy3", "--yes", inventory: own)
            #expect(refused.status == 4, "\(refused)")
            #expect(refused.failures.first?.contains("haprov remove haproxy3 --dead") == true, "\(refused)")
            #expect(try !role(of: "haproxy3", in: own))
            let told = try lab.haprov("remove", "haproxy3", "--dead", "--yes", inventory: own)
            #expect(told.status == 0, "\(told)")
            #expect(try role(of: "haproxy3", in: own))
            #expect(try lab.holders().isEmpty == false)
            #expect(try lab.lab("power", "haproxy3", "on").status == 0)
            lab.disturbed()
            try lab.wait("haproxy3 to let us in") { try lab.haprov("status").status == 0 }
            try lab.converged()
        }
    }
}
