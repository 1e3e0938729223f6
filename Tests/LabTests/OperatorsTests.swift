import Foundation
import Testing

extension EndToEndTests {
    /// Several people, and runs that do not go as they should.
    @Suite(.serialized) struct OperatorsTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        private func leastconn(_ changes: (String, String)...) throws -> String {
            var text = try String(contentsOfFile: lab.inventory, encoding: .utf8)
            for (old, new) in [("balance: roundrobin", "balance: leastconn")] + changes {
                try #require(text.contains(old))
                text = text.replacingOccurrences(of: old, with: new)
            }
            let path = "\(lab.folder)/operators.yml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        private func apply(
            as user: String, _ inventory: String, _ flags: String...,
            until step: (host: String, summary: String)? = nil, _ signal: Int32 = 0
        ) throws -> Told {
            lab.disturbed()
            return try lab.haprov(
                ["apply", "--yes", "--no-verify"] + flags, inventory: inventory, environment: ["SUDO_USER": user]
            ) { event, process in
                guard let step, event["type"].text == "started", event["host"].text == step.host,
                    event["step"].text == step.summary
                else { return }
                kill(process, signal)
            }
        }

        /// haprov at a terminal of its own, at which somebody types.
        private func onTerminal(
            as user: String, _ arguments: [String], _ inventory: String, typing keys: String
        ) throws -> Program.Outcome {
            let words =
                [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", EndToEndLab.program] + arguments + [
                    "--assets", try EndToEndLab.tarballs(), inventory,
                ]
            let command = words.map { "'\($0)'" }.joined(separator: " ")
            return try Program.run(
                ["env", "HAPROV_CACHE=\(lab.cache)", "SUDO_USER=\(user)", "script", "-qec", command, "/dev/null"],
                input: keys)
        }

        private func balances() throws -> [String] {
            try balancers.map { try lab.ask($0, "grep balance /usr/local/haproxy/conf/haproxy.cfg | tr -s ' '") }
        }

        private func noLocks() throws {
            for host in balancers { #expect(try lab.on(host, "test -e /var/lib/haprov/lock").status == 1) }
        }

        @Test func anUnfinishedRunIsGoneOnWithByWhoeverBeganIt() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let one = try leastconn()
            let killed = try apply(
                as: "ann", one, "--reason", "ticket 7", until: ("haproxy2", "reload haproxy"), SIGKILL)
            #expect(killed.status == -SIGKILL)
            let theirs = try apply(as: "bob", one)
            #expect(theirs.status == 1, "\(theirs)")
            let told = try #require(theirs.all("unfinished").first)
            #expect(told["operator"].text?.hasPrefix("ann@") == true && told["reason"].text == "ticket 7")
            #expect(told["result"].text == "interrupted" && (told["changes"].number ?? 0) > 0)
            #expect(told["steps"].list.contains { $0["host"].text == "haproxy2" }, "\(told)")
            let failure = try #require(theirs.failures.first)
            #expect(failure.contains("of ann@") && failure.contains("did not come to its end, and you are bob@"))
            #expect(failure.contains("haprov rollback"))
            // Hers, but another inventory by now.
            let other = try leastconn(("port: 10900", "port: 10900 "))
            let changed = try apply(as: "ann", other)
            #expect(changed.status == 1, "\(changed)")
            #expect(changed.failures.first?.contains("the inventory, a playbook or a tarball has changed") == true)
            // Asked at a terminal, he takes it back.
            let undone = try onTerminal(as: "bob", ["apply"], try leastconn(), typing: "u\ny\n")
            #expect(undone.status == 0, "\(undone)")
            #expect(undone.output.contains("Go on with it, undo that run, or neither? [g/u/N]"), "\(undone)")
            #expect(undone.output.contains("haproxy2: reload haproxy was "), "\(undone)")
            try lab.expectUnchanged(since: before)
            #expect(try lab.haprov("plan").status == 0)
            try noLocks()

            let again = try apply(as: "ann", one, until: ("haproxy2", "reload haproxy"), SIGKILL)
            #expect(again.status == -SIGKILL)
            let gone = try onTerminal(as: "bob", ["apply", "--no-verify"], one, typing: "g\n")
            #expect(gone.status == 0, "\(gone)")
            #expect(try lab.haprov("plan", inventory: one).status == 0)
            // What came to a good end since is in nobody's way.
            let third = try apply(as: "eve", lab.inventory)
            #expect(third.status == 0, "\(third)")
            try lab.settled()
        }

        @Test(.long) func aClosedTerminalLetsTheStepInHandFinish() throws {
            try lab.converged()
            let one = try leastconn()
            let stopped = try apply(as: "ann", one, until: ("haproxy3", "reload haproxy"), SIGHUP)
            #expect(stopped.status == 130, "\(stopped)")
            let failure = try #require(stopped.failures.last)
            #expect(failure.contains("stopped as asked") && failure.contains("`haprov apply` again"), "\(failure)")
            #expect(stopped.all("finished").contains { $0["step"].text == "reload haproxy" })
            #expect(!stopped.all("stage").contains { $0["name"].text == "Roll out to haproxy2" })
            try noLocks()
            #expect(try lab.haprov("history").all("run").first?["result"].text == "failed")
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")

            // The terminal itself goes away.
            let log = "\(lab.folder)/terminal"
            try? FileManager.default.removeItem(atPath: log)
            let words =
                [EndToEndLab.program, "lab", "run", "--name", lab.name, "--", EndToEndLab.program] + [
                    "apply", "--yes", "--no-verify", "--assets", try EndToEndLab.tarballs(), one,
                ]
            let terminal = try Program(
                ["script", "-qfc", words.map { "'\($0)'" }.joined(separator: " "), log],
                environment: ["HAPROV_CACHE": lab.cache])
            try lab.wait("the rollout to begin") {
                let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                return text.contains("Roll out to haproxy3")
            }
            kill(terminal.id, SIGKILL)
            _ = try? terminal.finish()
            try lab.wait("the locks to be given back") {
                try balancers.allSatisfy { try lab.on($0, "test -e /var/lib/haprov/lock").status == 1 }
            }
            let run = try #require(try lab.haprov("history").all("run").first)
            #expect(run["result"].text == "failed" && run["command"].text == "apply", "\(run)")
            let rest = try lab.haprov("apply", "--yes", "--no-verify", inventory: one)
            #expect(rest.status == 0, "\(rest)")
            #expect(try lab.haprov("rollback", "--yes").status == 0)
        }

        @Test(.long) func whatFailsIsTakenBackWhereThatIsAskedFor() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let two = try leastconn((#"    web: { bind: "*:80", backend: app }"#, Self.twoFrontends))
            // Who has the port and does not listen cannot be seen before.
            let bind =
                "import socket,time; s=socket.socket(); s.bind((\"0.0.0.0\",8080)); print(1,flush=True); time.sleep(1e6)"
            try lab.ask("haproxy2", "systemd-run --quiet --unit=squatter python3 -c '\(bind)'")
            defer { _ = try? lab.on("haproxy2", "systemctl stop squatter") }
            try lab.wait("the port to be taken") {
                try lab.on("haproxy2", "journalctl -u squatter -o cat | grep -qx 1").status == 0
            }
            let told = try apply(as: "ann", two, "--rollback-on-failure")
            #expect(told.status == 1, "\(told)")
            #expect(told.failures.first?.hasPrefix("change | haproxy2 | reload haproxy | it failed") == true, "\(told)")
            #expect(told.all("stage").contains { $0["name"].text == "Roll back haproxy3" }, "\(told)")
            #expect(told.summary["rolled_back"].flag == true)
            try lab.ask("haproxy2", "systemctl stop squatter")
            try lab.expectUnchanged(since: before)
            let run = try lab.haprov("history").all("run").first { $0["run"] == told.summary["run"] }
            #expect(run?["result"].text == "rolled-back")
            #expect(try lab.haprov("plan").status == 0)
            try noLocks()

            // Likewise where all went well but for the drill.
            let strict = try leastconn(("vip_moved: 12s", "vip_moved: 1ms"))
            let drilled = try lab.haprov("apply", "--yes", "--verify", "--rollback-on-failure", inventory: strict)
            #expect(drilled.status == 3 && drilled.summary["drills"][0]["ok"].flag == false, "\(drilled)")
            #expect(drilled.summary["rolled_back"].flag == true, "\(drilled)")
            #expect(try lab.haprov("plan").status == 0)
            try noLocks()
            try lab.settled()
        }

        private static let twoFrontends = """
                web: { bind: "*:80", backend: app }
                more: { bind: "*:8080", backend: app }
            """

        @Test func aDeadBalancerDoesNotBlockTheOthers() throws {
            try lab.converged()
            let one = try leastconn()
            #expect(try lab.lab("power", "haproxy3", "off").status == 0)
            defer { _ = try? lab.lab("power", "haproxy3", "on") }
            lab.disturbed()
            let blocked = try apply(as: "ann", one)
            #expect(blocked.status == 4 && blocked.summary["run"] == .null, "\(blocked)")
            let wire = try leastconn(("virtual_router_id: 51", "virtual_router_id: 52"))
            let refused = try apply(as: "ann", wire, "--without", "haproxy3")
            #expect(refused.status == 1 && refused.summary["run"] == .null, "\(refused)")
            #expect(refused.failures.first?.contains("would speak VRRP differently") == true, "\(refused)")
            _ = try leastconn()
            let plan = try lab.haprov("plan", "--without", "haproxy3", inventory: one)
            #expect(plan.status == 2, "\(plan)")
            let told = try apply(as: "ann", one, "--without", "haproxy3", "--reason", "its disk is dead")
            #expect(told.status == 4, "\(told)")
            #expect(told.failures.isEmpty && told.summary["changes"].number ?? 0 > 0, "\(told)")
            #expect(told.summary["without"] == .list([.text("haproxy3")]))
            #expect(try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app"))
            let dead = try leftOut(one)
            #expect(dead["run"] == told.summary["run"] && dead["reason"].text == "its disk is dead")
            #expect(try lab.lab("power", "haproxy3", "on").status == 0)
            #expect(try leftOut(one)["run"] == told.summary["run"], "it has not what the others have")
            let rest = try lab.haprov("apply", "--yes", "--no-verify", inventory: one)
            #expect(rest.status == 0, "\(rest)")
            #expect(try leftOut(one) == .null)
            try lab.settled()
        }

        /// What status says of haproxy3.
        private func leftOut(_ inventory: String) throws -> JSON {
            let status = try lab.haprov("status", inventory: inventory)
            let host = try #require(status.all("host").first { $0["host"].text == "haproxy3" }, "\(status)")
            return host["left_out"]
        }

        @Test func aPlanIsCarriedOutAsItWasAgreedTo() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let one = try leastconn(("advert_int: 1s", "advert_int: 2s"))
            let file = "\(lab.folder)/agreed.plan"
            let made = try lab.haprov("plan", "--out", file, inventory: one)
            #expect(made.status == 2 && made.summary["out"].text == file, "\(made)")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("/etc/keepalived/keepalived.conf"))
            #expect(text.contains("+    balance leastconn"), "\(text)")
            let secret = "4gjfethT"
            #expect(!text.contains(secret))
            let digest = try lab.ask("haproxy1", "sha256sum </etc/keepalived/keepalived.conf | cut -d' ' -f1")
            #expect(!text.contains(digest))
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
            #expect(mode as? Int == 0o600)

            // Somebody's hand in between.
            try lab.ask("haproxy2", "echo '# by hand' >>/usr/local/haproxy/conf/haproxy.cfg")
            let moved = try apply(as: "ann", file)
            #expect(moved.status == 1 && moved.summary["run"] == .null, "\(moved)")
            #expect(moved.failures.count == 1, "\(moved)")
            #expect(
                moved.failures.first?.hasPrefix("preflight | haproxy2 | agreed plan | `change /usr/local/haproxy/conf")
                    == true, "\(moved)")
            try lab.ask("haproxy2", "sed -i '$d' /usr/local/haproxy/conf/haproxy.cfg")
            try lab.ask("haproxy1", "chmod 0604 /etc/sysconfig/keepalived")
            let more = try apply(as: "ann", file)
            #expect(more.status == 1, "\(more)")
            #expect(more.failures.allSatisfy { $0.contains("| haproxy1 |") }, "\(more)")
            #expect(more.failures.first?.contains("(was 0604 root:root)` is new since the plan was made") == true)
            try lab.ask("haproxy1", "chmod 0644 /etc/sysconfig/keepalived")
            try lab.expectUnchanged(since: before)

            let other = try leastconn(("advert_int: 1s", "advert_int: 3s"))
            #expect(other == one)
            let changed = try apply(as: "ann", file)
            #expect(changed.status == 1 && changed.failures.count == 1, "\(changed)")
            #expect(changed.failures.first?.contains("the inventory has changed since the plan was made") == true)
            _ = try leastconn(("advert_int: 1s", "advert_int: 2s"))
            let done = try apply(as: "ann", file)
            #expect(done.status == 0 && done.summary["changes"] == made.summary["changes"], "\(done)")
            #expect(try lab.haprov("plan", inventory: one).status == 0)
            #expect(try lab.haprov("rollback", "--yes").status == 0)
            try lab.settled()
        }
    }
}
