import Foundation
import Testing

extension EndToEndTests {
    /// Runs that do not come to their end: what they leave is named, and can be completed or taken back.
    @Suite(.serialized) struct InterruptionTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        /// Applies on hosts that are not done yet, with something that happens when a step begins.
        private func apply(
            until step: String, on host: String, _ happens: (_ haprov: pid_t) throws -> Void
        ) throws -> Told {
            lab.disturbed()
            return try lab.haprov("apply", "--yes", "--no-verify") { event, process in
                guard event["type"].text == "started", event["host"].text == host, event["step"].text == step else {
                    return
                }
                try happens(process)
            }
        }

        private func hosts(_ status: Told) -> [String: JSON] {
            Dictionary(uniqueKeysWithValues: status.all("host").map { ($0["host"].text ?? "", $0) })
        }

        /// Ctrl-C, a host that dies, haprov that dies: each run goes on where the one before it stopped, and the one that
        /// comes to the end is taken back together with them.
        @Test(.long) func whatIsInterruptedIsCompletedByTheNext() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            let stopped = try apply(until: "start haproxy", on: "haproxy3") { kill($0, SIGINT) }
            #expect(stopped.status == 130, "\(stopped)")
            #expect(stopped.errors.contains("Stopping once the host being changed is in a known state"))
            #expect(stopped.summary["run"].text != nil)
            // haproxy3 was completed, haproxy2 not begun with.
            #expect(try lab.on("haproxy3", "systemctl -q is-active keepalived").status == 0)
            #expect(try lab.on("haproxy2", "systemctl cat haproxy").status != 0)

            defer { _ = try? lab.lab("power", "haproxy2", "on") }
            let lost = try apply(until: "start haproxy", on: "haproxy2") { _ in
                try lab.lab("power", "haproxy2", "off")
            }
            #expect(lost.status == 4, "\(lost)")
            #expect(lost.failures.contains { $0.hasPrefix("unreachable | haproxy2 | ") }, "\(lost)")
            #expect(!lost.all("stage").contains { $0["name"].text == "Roll out to haproxy1" })
            let without = try lab.haprov("status")
            #expect(without.status == 4)
            #expect(hosts(without)["haproxy2"]?["error"].text?.isEmpty == false)
            #expect(hosts(without)["haproxy3"]?["drift"] == .list([]))
            #expect((hosts(without)["haproxy1"]?["drift"].list.count ?? 0) > 5)
            #expect(try lab.lab("power", "haproxy2", "on").status == 0)
            let half = try lab.haprov("status")
            #expect(half.status == 0, "\(half)")
            #expect(hosts(half)["haproxy2"]?["drift"].list.isEmpty == false)

            let killed = try apply(until: "start haproxy", on: "haproxy1") { kill($0, SIGKILL) }
            #expect(killed.status == -SIGKILL)
            let history = try lab.haprov("history")
            #expect(history.all("run").first?["result"].text == "interrupted", "\(history)")

            let last = try lab.haprov("apply", "--yes", "--no-verify")
            #expect(last.status == 0, "\(last)")
            #expect(try lab.haprov("plan").status == 0)
            try lab.settled()
            // What haprov had sent before it was killed, the host may have done by itself: then the last run had nothing to do.
            try takeBack(last.summary["changes"].number == 0 ? 3 : 4, leaving: bare)
        }

        @Test(.long) func anApplyThatIsKilledIsTakenBack() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            let killed = try apply(until: "start haproxy", on: "haproxy2") { kill($0, SIGKILL) }
            #expect(killed.status == -SIGKILL)
            let status = try lab.haprov("status")
            for host in balancers {
                let lock = hosts(status)[host]?["lock"]
                #expect(lock?["owner"].text?.hasSuffix(", haprov apply") == true, "\(status)")
                #expect(lock?["abandoned"].flag == true)
            }
            // As if it had died on another machine.
            for host in balancers { try lab.ask(host, "echo elsewhere:1:1:1 >/var/lib/haprov/lock/holder") }
            let locked = try lab.haprov("rollback", "--yes")
            #expect(locked.status == 1 && locked.failures.first?.hasPrefix("locked | haproxy1 | ") == true, "\(locked)")
            let asked = try lab.haprov("unlock")
            #expect(asked.status == 130 && asked.all("note").count == balancers.count, "\(asked)")
            let unlocked = try lab.haprov("unlock", "--yes", "--reason", "its laptop is lost")
            #expect(unlocked.status == 0 && unlocked.summary["unlocked"].list.count == balancers.count, "\(unlocked)")
            for host in balancers { #expect(try lab.on(host, "test -e /var/lib/haprov/lock").status == 1) }
            try takeBack(1, leaving: bare)
        }

        /// haprov is killed while a host's packets get lost, so that nothing tells its script to end: the rollback waits for it,
        /// takes back what it still did, and leaves no lock behind, also where the run changed nothing.
        @Test(.long) func whatADeadRunWentOnToDoIsTakenBackToo() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            defer { _ = try? lab.on("haproxy3", "nft delete table ip deaf") }
            let killed = try apply(until: "start haproxy", on: "haproxy3") { process in
                try lab.ask("haproxy3", Self.deaf)
                kill(process, SIGKILL)
            }
            #expect(killed.status == -SIGKILL)
            try takeBack(1, leaving: bare)
            for host in balancers { #expect(try lab.on(host, "test -e /var/lib/haprov/lock").status == 1) }
            #expect(try lab.holders() == [])
        }

        /// The SSH connections of now get no packets any more, in either direction.
        private static let deaf = """
            set -e
            nft 'add table ip deaf; add chain ip deaf i { type filter hook input priority -300; };
                add chain ip deaf o { type filter hook output priority -300; }'
            for port in $(ss -tn state established | awk '$3 ~ /:22$/ { sub(/.*:/, "", $4); print $4 }'); do
                nft "add rule ip deaf i tcp sport $port drop; add rule ip deaf o tcp dport $port drop"
            done
            """

        /// A number of runs is taken back as one, and the hosts are bare again.
        private func takeBack(_ runs: Int, leaving bare: Snapshots) throws {
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(back.summary["undone"].list.count == runs, "\(back)")
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })
        }
    }
}
