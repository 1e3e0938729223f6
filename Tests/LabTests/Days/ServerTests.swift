import Foundation
import Testing

extension DaysTests {
    /// Servers that are taken out of HAProxy's backends, and put back.
    @Suite(.serialized) struct ServerTests {
        private let lab = EndToEndLab.days
        private let balancers = EndToEndLab.balancers

        /// Who answers each balancer's own HAProxy, asked often enough that every server has its turn.
        private func answering() throws -> [Set<String>] {
            try balancers.map { host in
                let script = "for i in 1 2 3 4 5 6 7 8 9; do curl -s -m 5 http://127.0.0.1/; done"
                return Set(try lab.ask(host, script).split(separator: "\n").map(String.init))
            }
        }

        private func states(_ told: Told) -> [String] {
            told.all("server").compactMap { event in
                let words = ["host", "server", "was", "state"].compactMap { event[$0].text }
                return words.isEmpty ? nil : words.joined(separator: " ")
            }
        }

        /// What `status` says of app2 on each balancer, where it is kept out of service.
        private func takenOut() throws -> [String?] {
            let told = try lab.haprov("status")
            #expect(told.status == 0, "\(told)")
            return told.all("host").map { $0["taken_out"]["app/app2"].text }
        }

        /// The same as HAProxy itself says it, by the first round in which it has on all.
        private func watched() throws -> [String] {
            var found: [String] = []
            let told = try lab.haprov("status", "--watch", "--interval", "1s") { event, process in
                guard event["type"].text == "round" else { return }
                found = balancers.compactMap { event["hosts"][$0]["servers"]["app/app2"].text }
                if found.count == balancers.count { kill(process, SIGINT) }
            }
            #expect(told.status == 0, "\(told)")
            return found
        }

        @Test func outOfEveryBalancerOverReloadsAndRestartsAndInAgain() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let all: Set = ["app1", "app2", "app3"], rest: Set = ["app1", "app3"]
            #expect(try answering() == [all, all, all])
            let seen = try DaysTests.watched("server drain, reloads, a restart, ready") { client in
                try client.mark("drain")
                let told = try lab.haprov("server", "app2", "drain", "--wait", "--yes", "--reason", "a new kernel")
                #expect(told.status == 0, "\(told)")
                #expect(states(told) == balancers.map { "\($0) app/app2 ready drain" }, "\(told)")
                #expect(told.all("server").allSatisfy { $0["kept"].flag == true })
                #expect(told.summary["changes"].number == 3)
                #expect(try answering() == [rest, rest, rest])
                #expect(try takenOut() == ["drain", "drain", "drain"])
                #expect(try watched() == ["drain", "drain", "drain"])
                try client.mark("reload")
                for host in balancers { try lab.ask(host, "systemctl reload haproxy") }
                #expect(try answering() == [rest, rest, rest])
                // On a standby: on the holder it would move the VIP.
                try lab.ask("haproxy3", "systemctl restart haproxy")
                #expect(try answering() == [rest, rest, rest])
                let plan = try lab.haprov("plan")
                #expect(plan.status == 0, "it is no difference from the inventory: \(plan)")
                try client.mark("maint")
                let maint = try lab.haprov("server", "app/app2", "maint", "--yes")
                #expect(states(maint) == balancers.map { "\($0) app/app2 drain maint" }, "\(maint)")
                for host in balancers { try lab.ask(host, "systemctl reload haproxy") }
                #expect(try answering() == [rest, rest, rest])
                #expect(try takenOut() == ["maint", "maint", "maint"])
                try client.mark("ready")
                let ready = try lab.haprov("server", "app2", "ready", "--yes")
                #expect(states(ready) == balancers.map { "\($0) app/app2 maint ready" }, "\(ready)")
                try lab.wait("app2 to take part everywhere") { try answering() == [all, all, all] }
                #expect(try takenOut() == [nil, nil, nil])
            }
            for phase in seen.phases { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
            try lab.expectUnchanged(since: before)
            let history = try lab.haprov("history").all("run")
            let drained = history.first { $0["command"].text == "server app2 drain" }
            #expect(drained?["reason"].text == "a new kernel" && drained?["result"].text == "ok", "\(history)")
            try lab.hasNoLocks()
        }

        @Test func whatCannotBeDoneIsSaidBeforeAnythingIs() throws {
            try lab.converged()
            let unknown = try lab.haprov("server", "app9", "drain", "--yes")
            #expect(unknown.status == 1)
            #expect(
                unknown.failures.first?.contains("Its servers are app/app1, app/app2, app/app3.") == true, "\(unknown)")
            let unasked = try lab.haprov("server", "app2", "drain")
            #expect(unasked.status == 130, "\(unasked)")
            try lab.ask("haproxy3", "systemctl stop haproxy")
            defer { _ = try? lab.on("haproxy3", "systemctl start haproxy") }
            let one = try lab.haprov("server", "app2", "drain", "--yes")
            #expect(one.status == 1)
            #expect(one.failures.first?.contains("haproxy3") == true, "\(one)")
            try lab.ask("haproxy3", "systemctl start haproxy")
            let all: Set = ["app1", "app2", "app3"]
            try lab.wait("HAProxy on haproxy3") { try answering() == [all, all, all] }
        }
    }
}
