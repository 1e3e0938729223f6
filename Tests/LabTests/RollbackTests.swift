import Foundation
import Testing

extension EndToEndTests {
    /// What a run changed is taken back, byte for byte, on hosts of every past.
    @Suite(.serialized) struct RollbackTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        @Test func aChangeOfFrontendsIsAReloadAndCanBeTakenBackAlone() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let processes = try balancers.map { try haproxy(on: $0) }
            let keepalived = try balancers.map { try lab.mainProcess("keepalived", on: $0) }
            let two = try lab.inventory(
                "two-frontends", (#"    web: { bind: "*:80", backend: app }"#, Self.twoFrontends))
            let client = try Client(lab)
            let told = try lab.haprov("apply", "--yes", "--reason", Self.reason, inventory: two)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            try isRecorded(told)
            // Of what HAProxy serves, not of whether it runs: no drill.
            #expect(told.summary["drills"] == .null)
            let steps = told.all("finished").compactMap { $0["step"].text }
            #expect(steps.filter { $0 == "reload haproxy" }.count == 3)
            #expect(!steps.contains { $0.hasPrefix("restart") || $0.hasPrefix("start ") })
            for (host, old) in zip(balancers, processes) {
                let new = try haproxy(on: host)
                #expect(new.main == old.main)
                #expect(new.workers.isDisjoint(with: old.workers) && !new.workers.isEmpty, "\(host): \(old) \(new)")
            }
            #expect(try balancers.map { try lab.mainProcess("keepalived", on: $0) } == keepalived)
            #expect(try lab.get("http://\(EndToEndLab.vip):8080/").hasPrefix("app"))
            for host in balancers { #expect(try lab.get("http://\(address(host)):8080/").hasPrefix("app")) }

            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(back.summary["undone"] == .list([told.summary["run"]]))
            #expect(try client.failures() == [])
            try lab.expectUnchanged(since: before)
            for (host, old) in zip(balancers, processes) { #expect(try haproxy(on: host).main == old.main) }
            #expect(try lab.get("http://\(EndToEndLab.vip):8080/") == "")
            #expect(try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app"))
            let plan = try lab.haprov("plan")
            #expect(plan.status == 0, "\(plan)")
        }

        private static let reason = "ticket=42; it's \"due\""

        /// Why it was done, by whom, what it changed: in the journals and in the hosts' own logs.
        private func isRecorded(_ told: Told) throws {
            let run = try #require(told.summary["run"].text)
            let listed = try lab.haprov("history").all("run").first
            #expect(listed?["run"].text == run && listed?["reason"].text == Self.reason)
            let shown = try lab.haprov("history", run)
            #expect(shown.status == 0, "\(shown)")
            let changes = shown.all("change")
            #expect(Double(changes.count) == told.summary["changes"].number)
            let file = changes.filter { $0["resource"].text?.hasSuffix("haproxy.cfg") == true }
            #expect(file.count == balancers.count)
            for change in file {
                #expect(change["state"].text == "done" && (change["seconds"].number ?? -1) >= 0, "\(change)")
                #expect(change["diff"].text?.contains("\n+    bind *:8080") == true, "\(change)")
            }
            for host in balancers {
                let log = try lab.ask(host, "journalctl -t haprov -o cat").split(separator: "\n")
                #expect(log.contains { $0.contains(", run \(run), begins: \(Self.reason)") }, "\(host): \(log)")
                #expect(log.contains("haprov's run \(run) has ended: ok"), "\(host): \(log)")
            }
        }

        private static let twoFrontends = """
                web: { bind: "*:80", backend: app }
                more: { bind: "*:8080", backend: app }
            """

        @Test(.long) func aReloadThatCannotBindStopsTheRolloutAndHurtsNobody() throws {
            try lab.converged()
            let two = try lab.inventory("occupied", (#"    web: { bind: "*:80", backend: app }"#, Self.twoFrontends))
            try lab.ask("haproxy3", "systemd-run --quiet --unit=squatter python3 -m http.server 8080")
            defer { _ = try? lab.on("haproxy3", "systemctl stop squatter") }
            try lab.wait("the port to be taken") {
                try lab.on("haproxy3", "ss -ltn | grep -q ':8080 '").status == 0
            }
            // Who can be seen is named before anything is touched.
            let seen = try lab.haprov("apply", "--yes", inventory: two)
            let taken = try #require(seen.failures.first, "\(seen)")
            #expect(taken.hasPrefix("preflight | haproxy3 | port 8080 | frontend more wants it, and python3 (process "))
            #expect(taken.contains("in squatter.service) listens there, on 0.0.0.0:8080"))
            // One that has the port and does not listen cannot be seen.
            let bind =
                "import socket,time; s=socket.socket(); s.bind((\"0.0.0.0\",8080)); print(1,flush=True); time.sleep(1e6)"
            try lab.ask(
                "haproxy3",
                "systemctl stop squatter; systemd-run --quiet --unit=squatter python3 -c '\(bind)'")
            try lab.wait("the port to be taken again") {
                try lab.on("haproxy3", "journalctl -u squatter -o cat | grep -qx 1").status == 0
            }
            let processes = try balancers.map { try haproxy(on: $0) }
            let told = try lab.haprov("apply", "--yes", inventory: two)
            lab.disturbed()
            #expect(told.status == 1, "\(told)")
            let failure = try #require(told.failures.first, "\(told)")
            let reason = "it failed: haproxy.service was told to reload but goes on with the old configuration"
            #expect(failure.contains("haproxy3 | reload haproxy | \(reason)"))
            #expect(failure.contains("cannot bind socket (Address already in use) for [0.0.0.0:8080]"))
            #expect(failure.contains("haprov rollback"))
            // The others were not begun with, and all still serve.
            #expect(!told.all("stage").contains { $0["name"].text == "Roll out to haproxy2" })
            for (host, old) in zip(balancers, processes) {
                #expect(try haproxy(on: host).main == old.main)
                #expect(try lab.get("http://\(address(host))/").hasPrefix("app"))
            }
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            let plan = try lab.haprov("plan")
            #expect(plan.status == 0, "\(plan)")
        }

        @Test(.long) func limitLeavesTheOthersAlone() throws {
            try lab.converged()
            let other = try lab.inventory("leastconn", ("balance: roundrobin", "balance: leastconn"))
            let plan = try lab.haprov("plan", "--limit", "haproxy3", inventory: other)
            #expect(plan.status == 2)
            #expect(plan.all("change").allSatisfy { $0["host"].text == "haproxy3" })
            let told = try lab.haprov("apply", "--yes", "--limit", "haproxy3", inventory: other)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            func balance(_ host: String) throws -> String {
                try lab.ask(host, "grep balance /usr/local/haproxy/conf/haproxy.cfg | tr -d ' '")
            }
            #expect(try balancers.map(balance) == ["balanceroundrobin", "balanceroundrobin", "balanceleastconn"])
            // What somebody changed by hand since is shown, and kept.
            try lab.ask("haproxy3", "echo '# by hand' >>/usr/local/haproxy/conf/haproxy.cfg")
            let shown = try lab.haprov("rollback", "--plan", "--limit", "haproxy3")
            #expect(shown.status == 2 && shown.summary["changes"].number ?? 0 > 0, "\(shown)")
            let edits = shown.all("undo").filter { $0["diff"] != .null }
            #expect(edits.count == 1 && edits.first?["diff"].text?.contains("\n-# by hand\n") == true, "\(edits)")
            #expect(try balance("haproxy3") == "balanceleastconn", "nothing was done")
            let back = try lab.haprov("rollback", "--yes", "--limit", "haproxy3")
            #expect(back.status == 0, "\(back)")
            #expect(try lab.ask("haproxy3", "tail -n 1 '\(edits.first?["kept"].text ?? "")'") == "# by hand")
            #expect(try balancers.map(balance) == Array(repeating: "balanceroundrobin", count: 3))
            let unknown = try lab.haprov("plan", "--limit", "haproxy9")
            #expect(unknown.status == 1)
            #expect(unknown.all("error").contains { $0["message"].text == "--limit names no host `haproxy9`" })
        }

        @Test func everyRunIsTakenBackToTheBareHosts() throws {
            let bare = try lab.bareHosts()
            try lab.converged()
            // Another router id: keepalived takes it on all balancers at once.
            let other = try lab.inventory(
                "leastconn", ("balance: roundrobin", "balance: leastconn"),
                ("virtual_router_id: 51", "virtual_router_id: 52"))
            let first = try #require(
                try lab.haprov("history").all("run").last { $0["changes"] != $0["undone"] }?["run"].text)
            let told = try lab.haprov("apply", "--yes", inventory: other)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            // Back to a run keeps that run.
            let to = try lab.haprov("rollback", "--yes", "--to", first)
            #expect(to.status == 0, "\(to)")
            #expect(try lab.on("haproxy1", "systemctl -q is-active haproxy").status == 0)
            let again = try lab.haprov("apply", "--yes", "--no-verify", inventory: other)
            #expect(again.status == 0, "\(again)")
            let one = try lab.haprov("rollback", "--yes", "--all", "--limit", "haproxy3")
            #expect(one.status == 0, "\(one)")
            #expect(try lab.holders() == ["haproxy1"])
            let all = try lab.haprov("rollback", "--yes", "--all")
            #expect(all.status == 0, "\(all)")
            try lab.expectUnchanged(since: bare)
            let nothing = try lab.haprov("rollback", "--yes")
            #expect(nothing.status == 0)
            #expect(nothing.summary["changes"].number == 0)
        }

        /// Hosts that had a life before haprov: files of their own where haprov writes, users, rules, a service.
        @Test func whatWasThereBeforeComesBack() throws {
            try lab.bare()
            for (host, script) in Self.past { try lab.ask(host, "set -e; " + script) }
            defer { for (host, script) in Self.forgotten { _ = try? lab.on(host, script) } }
            let before = try lab.snapshots()
            // The VIP bound by HAProxy itself brings the sysctl and its file in.
            let bound = try lab.inventory("bound", (#"bind: "*:80""#, #"bind: "172.16.122.100:80""#))
            let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: bound)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            for host in balancers {
                #expect(
                    try lab.ask(host, "cat /proc/sys/net/ipv4/ip_nonlocal_bind; systemctl is-active haproxy")
                        == "1\nactive")
                #expect(
                    try lab.ask(host, "readlink /proc/$(systemctl show -p MainPID haproxy | cut -d= -f2)/exe")
                        == "/usr/local/haproxy/sbin/haproxy")
            }
            #expect(try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app"))
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            try lab.expectUnchanged(since: before)
            #expect(
                try lab.ask("haproxy3", "ps -o args= -p $(systemctl show -p MainPID haproxy | cut -d= -f2)")
                    == "/bin/sleep infinity")
        }

        private static let past = [
            "haproxy1": """
            mkdir -p -m 0750 /etc/keepalived; echo '! ours' > /etc/keepalived/keepalived.conf
            chown games:games /etc/keepalived/keepalived.conf; chmod 0640 /etc/keepalived/keepalived.conf
            echo 'net.ipv4.ip_nonlocal_bind = 0' > /etc/sysctl.d/90-haprov.conf
            echo 'net.ipv4.ip_forward = 0' > /etc/sysctl.d/50-ours.conf
            firewall-cmd --permanent --add-rich-rule='rule protocol value="vrrp" accept'
            firewall-cmd --permanent --add-port=8443/tcp; firewall-cmd --add-port=8443/tcp
            firewall-cmd --permanent --add-port=80/tcp
            """,
            "haproxy2": """
            groupadd haproxy; useradd -g haproxy -d /home/ha -s /bin/sh haproxy
            mkdir -p /usr/local/haproxy/conf /usr/local/haproxy/errors; chown haproxy /usr/local/haproxy/conf
            printf 'global\\n  maxconn 5\\n' > /usr/local/haproxy/conf/haproxy.cfg
            echo sorry > /usr/local/haproxy/errors/503.http
            ln -s /opt/elsewhere/keepalived /usr/sbin/keepalived
            mkdir -p /etc/sysconfig; echo 'KEEPALIVED_OPTIONS="-D -d"' > /etc/sysconfig/keepalived
            chmod 0604 /etc/sysconfig/keepalived
            mkdir -p /var/lib/haproxy; chmod 0711 /var/lib/haproxy; chown haproxy /var/lib/haproxy
            """,
            "haproxy3": """
            yum -y -q install psmisc
            printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' \
            > /etc/systemd/system/haproxy.service
            systemctl daemon-reload; systemctl enable --now haproxy
            firewall-cmd --add-port=80/tcp; sysctl -q -w net.ipv4.ip_nonlocal_bind=1
            """,
        ]

        /// Undoes ``past``, for the tests that follow.
        private static let forgotten = [
            "haproxy1": """
            rm -rf /etc/keepalived /etc/sysctl.d/90-haprov.conf /etc/sysctl.d/50-ours.conf
            firewall-cmd --permanent --remove-rich-rule='rule protocol value="vrrp" accept'
            firewall-cmd --permanent --remove-port=8443/tcp; firewall-cmd --remove-port=8443/tcp
            firewall-cmd --permanent --remove-port=80/tcp
            """,
            "haproxy2": """
            userdel haproxy; rm -rf /usr/local/haproxy /usr/sbin/keepalived /etc/sysconfig/keepalived /var/lib/haproxy
            """,
            "haproxy3": """
            systemctl disable --now haproxy; rm /etc/systemd/system/haproxy.service; systemctl daemon-reload
            firewall-cmd --remove-port=80/tcp; sysctl -q -w net.ipv4.ip_nonlocal_bind=0; rpm -e psmisc
            """,
        ]

        /// HAProxy's processes: the one that systemd knows, and those that it started.
        private func haproxy(on host: String) throws -> (main: Int, workers: Set<Int>) {
            let main = try lab.mainProcess("haproxy", on: host)
            let workers = try lab.ask(host, "pgrep -P \(main) -x haproxy").split(separator: "\n").compactMap { Int($0) }
            return (main, Set(workers))
        }

        private func address(_ host: String) -> String { "172.16.122.10\(host.last.map(String.init) ?? "")" }

        /// A client that asks the VIP over and over while hosts are changed.
        private struct Client {
            let program: Program

            init(_ lab: EndToEndLab) throws {
                let loop = """
                    for i in $(seq 100000); do curl -s -m 3 -o /dev/null -w '%{http_code} %{errormsg}\\n' \
                    http://\(EndToEndLab.vip)/ || true; done
                    """
                program = try Program([EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", loop])
            }

            /// Stops it; the answers that were not 200.
            func failures() throws -> [String] {
                kill(-program.id, SIGTERM)
                let lines = try program.finish().lines
                guard lines.count > 20 else { throw Trouble("the client asked \(lines.count) times only") }
                return lines.dropLast().filter { !$0.hasPrefix("200") }
            }
        }
    }
}
