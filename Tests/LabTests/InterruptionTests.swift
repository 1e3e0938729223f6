import Foundation
import Testing

extension EndToEndTests {
    /// Runs that do not come to their end: what they leave is named, and can be completed or taken back.
    @Suite(.serialized) struct InterruptionTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        /// Whether an event is the beginning of a step on a host.
        private func begins(_ event: JSON, _ step: String, on host: String) -> Bool {
            event["type"].text == "started" && event["host"].text == host && event["step"].text == step
        }

        @Test func anApplyThatIsKilledIsCompletedByTheNext() throws {
            try lab.bare()
            let killed = try lab.haprov("apply", "--yes", "--no-verify") { event, process in
                if begins(event, "start keepalived", on: "haproxy3") { kill(process, SIGKILL) }
            }
            lab.disturbed()
            #expect(killed.status == -SIGKILL)
            let status = try lab.haprov("status")
            #expect(status.status == 0, "\(status)")
            let drift = status.all("host").map { ($0["host"].text ?? "", $0["drift"].list.count) }
            #expect(drift.first { $0.0 == "haproxy2" }.map { $0.1 > 5 } == true, "\(status)")
            let history = try lab.haprov("history")
            #expect(history.all("run").first?["result"].text == "interrupted", "\(history)")
            let again = try lab.haprov("apply", "--yes", "--no-verify")
            #expect(again.status == 0, "\(again)")
            #expect(try lab.haprov("plan").status == 0)
            try lab.settled()
            try takeBack()
        }

        @Test func anApplyThatIsKilledIsTakenBack() throws {
            try lab.bare()
            let killed = try lab.haprov("apply", "--yes", "--no-verify") { event, process in
                if begins(event, "start haproxy", on: "haproxy2") { kill(process, SIGKILL) }
            }
            lab.disturbed()
            #expect(killed.status == -SIGKILL)
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            if let bare = lab.bareSnapshots {
                #expect(try lab.snapshots().difference(from: bare.filter { balancers.contains($0.key) }) == [])
            }
        }

        @Test func ctrlCStopsBetweenHosts() throws {
            try lab.bare()
            let told = try lab.haprov("apply", "--yes", "--no-verify") { event, process in
                if begins(event, "start haproxy", on: "haproxy3") { kill(process, SIGINT) }
            }
            lab.disturbed()
            #expect(told.status == 130, "\(told)")
            #expect(told.errors.contains("Stopping once the host being changed is in a known state"))
            #expect(told.summary["run"].text != nil)
            // haproxy3 was completed, haproxy2 not begun with.
            #expect(
                told.all("finished").contains {
                    $0["host"].text == "haproxy3" && $0["step"].text == "see that keepalived stays up"
                })
            #expect(try lab.on("haproxy2", "systemctl cat haproxy").status != 0)
            let again = try lab.haprov("apply", "--yes", "--no-verify")
            #expect(again.status == 0, "\(again)")
            try lab.settled()
            try takeBack()
        }

        @Test func aHostThatDiesInTheMiddleIsNamedAndCompletedLater() throws {
            try lab.bare()
            defer { _ = try? lab.lab("power", "haproxy2", "on") }
            var died = Date()
            let told = try lab.haprov("apply", "--yes", "--no-verify") { event, _ in
                if begins(event, "start haproxy", on: "haproxy2") {
                    try lab.lab("power", "haproxy2", "off")
                    died = Date()
                }
            }
            let seconds = Date().timeIntervalSince(died)
            lab.disturbed()
            #expect(told.status == 4, "\(told)")
            #expect(seconds < 100, "\(seconds) s until the host was given up")
            #expect(told.failures.contains { $0.hasPrefix("unreachable | haproxy2 | ") }, "\(told)")
            #expect(!told.all("stage").contains { $0["name"].text == "Roll out to haproxy1" })
            let status = try lab.haprov("status")
            #expect(status.status == 4)
            let hosts = Dictionary(uniqueKeysWithValues: status.all("host").map { ($0["host"].text ?? "", $0) })
            #expect(hosts["haproxy2"]?["error"].text?.isEmpty == false)
            #expect(hosts["haproxy3"]?["drift"] == .list([]))
            #expect((hosts["haproxy1"]?["drift"].list.count ?? 0) > 5)
            #expect(try lab.lab("power", "haproxy2", "on").status == 0)
            let half = try lab.haprov("status")
            #expect(half.status == 0, "\(half)")
            #expect(half.all("host").first { $0["host"].text == "haproxy2" }?["drift"].list.isEmpty == false)
            let again = try lab.haprov("apply", "--yes", "--no-verify")
            #expect(again.status == 0, "\(again)")
            try lab.settled()
            try takeBack()
        }

        /// The runs so far are taken back, and the hosts are bare again.
        private func takeBack() throws {
            let back = try lab.haprov("rollback", "--yes", "--all")
            #expect(back.status == 0, "\(back)")
            if let bare = lab.bareSnapshots {
                #expect(try lab.snapshots().difference(from: bare.filter { balancers.contains($0.key) }) == [])
            }
        }
    }
}
