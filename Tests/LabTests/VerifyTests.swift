import Foundation
import Testing

extension EndToEndTests {
    /// The failover drill: on a sound cluster, on broken ones, and cut short.
    @Suite(.serialized) struct VerifyTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        @Test func theVIPMovesAndReturns() throws {
            try lab.converged()
            let page = "\(lab.folder)/proof.html"
            let told = try lab.haprov("verify", "--yes", "--report", page, "--junit", "\(lab.folder)/proof.xml")
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["ok"].flag == true)
            #expect(told.summary["drills"].list.count == 1)
            let drill = told.summary["drills"][0]
            #expect(drill["name"].text == "haproxy-killed")
            #expect(drill["ok"].flag == true)
            #expect(drill["from"].text == "haproxy1")
            #expect(drill["to"].text == "haproxy2")
            #expect(drill["restored"].flag == true)
            #expect(drill["problems"] == .list([]))
            let moved = try #require(drill["vip_moved_ms"].number)
            let gap = try #require(drill["client_gap_ms"].number)
            #expect(moved > 0)
            let requests = try #require(drill["requests"].number)
            let failed = try #require(drill["failed"].number)
            // One a millisecond, whatever became of the earlier ones: those in the gap fail, the others do not.
            #expect(gap > 0 && requests > gap)
            #expect(failed > 0 && failed < requests)
            #expect(drill["servers"].keys == ["app1", "app2", "app3"])
            #expect(takers(drill) == ["haproxy2", "haproxy1"])
            try nothingIsLeft()
            #expect(try lab.holders() == ["haproxy1"])
            try isReported(drill, at: page)
            try isLogged()
        }

        /// Who held the VIP when, how requests ended, what the hosts said: in `--json` and in the files.
        private func isReported(_ drill: JSON, at page: String) throws {
            let back = try #require(drill["given_back_ms"].number)
            #expect(back > 0 && (drill["end_ms"].number ?? 0) > back)
            let vip = drill["vips"]["VI_1"]
            #expect(vip["timeline"] == drill["timeline"])
            let spans = try #require(vip["history"]["spans"].text).split(separator: " ")
            #expect(spans.contains { $0.contains("/") }, "some failed")
            let taken = drill["logs"].list.filter { $0["text"].text?.contains("Entering MASTER STATE") == true }
            #expect(
                Set(taken.compactMap { $0["host"].text }).isSuperset(of: ["haproxy1", "haproxy2"]), "\(drill["logs"])")
            let text = try String(contentsOfFile: page, encoding: .utf8)
            #expect(text.contains("Entering MASTER STATE") && text.contains("class=\"failed\""))
            let cases = try String(contentsOfFile: "\(lab.folder)/proof.xml", encoding: .utf8)
            #expect(cases.contains(#"tests="1" failures="0""#) && cases.contains(#"name="haproxy-killed""#))
        }

        /// All balancers in one stream, in the order of time.
        private func isLogged() throws {
            let told = try lab.haprov("logs", "--since", "5m")
            #expect(told.status == 0, "\(told)")
            let lines = told.all("log")
            #expect(Set(lines.compactMap { $0["host"].text }) == Set(balancers))
            let times = lines.compactMap { $0["time"].text }
            #expect(times == times.sorted())
            #expect(
                lines.contains { $0["source"].text?.hasPrefix("haprov[") == true }, "\(told)")
        }

        @Test func aStoppedDaemonGivesTheVIPAway() throws {
            try lab.converged()
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            let told = try lab.haprov("verify", "--yes", "--drill", "daemon-stopped")
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["drills"].list.map { $0["name"].text } == ["daemon-stopped"])
            let drill = told.summary["drills"][0]
            #expect(drill["ok"].flag == true && drill["restored"].flag == true)
            #expect(drill["from"].text == "haproxy1" && drill["to"].text == "haproxy2")
            #expect(takers(drill) == ["haproxy2", "haproxy1"])
            try nothingIsLeft()
            #expect(try lab.on("haproxy1", "systemctl -q is-active keepalived").status == 0)
            #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
            #expect(try lab.holders() == ["haproxy1"])
        }

        @Test func itAsksFirst() throws {
            try lab.converged()
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            let outcome = try lab.start(["verify"], json: false).finish()
            #expect(outcome.status == 130)
            #expect(outcome.output.contains("New connections may fail for"))
            #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
        }

        /// On hosts whose sshd gives one session a connection.
        @Test func haproxyComesBackThoughHaprovIsKilled() throws {
            try lab.converged()
            let hosts = balancers + EndToEndLab.applications
            let sshd = "/etc/ssh/sshd_config.d/one-session.conf"
            for host in hosts { try lab.ask(host, "echo 'MaxSessions 1' >\(sshd) && systemctl reload ssh") }
            defer { for host in hosts { _ = try? lab.on(host, "rm -f \(sshd) && systemctl reload ssh") } }
            try #require(try lab.ask("haproxy1", "sshd -T | grep -i ^maxsessions") == "maxsessions 1")
            var announced: Double?
            let told = try lab.haprov("verify", "--yes") { event, process in
                if event["event"].text == "armed" {
                    announced = event["text"].text?.split(separator: " ").compactMap { Double($0) }.first
                }
                if event["event"].text == "killed" { kill(process, SIGKILL) }
            }
            #expect(told.status == -SIGKILL)
            let seconds = try #require(announced)
            #expect(try lab.on("haproxy1", "systemctl -q is-active haproxy").status != 0)
            // Meanwhile the service goes on elsewhere, and nobody begins another drill.
            try lab.settled(on: "haproxy2")
            let meanwhile = try lab.haprov("verify", "--yes")
            #expect(meanwhile.status == 3)
            #expect(
                meanwhile.failures.contains {
                    $0.contains("| haproxy1 |") && $0.contains("its timer gives HAProxy back in")
                }, "\(meanwhile)")
            // By itself: nothing but the timer knows of it.
            try lab.wait("HAProxy to be back", seconds: seconds + 90) {
                try lab.on(
                    "haproxy1", "systemctl -q is-active haproxy && ! systemctl -q is-active haprov-drill-restore.timer"
                ).status == 0
            }
            try lab.settled()
            try nothingIsLeft()
            let again = try lab.haprov("verify", "--yes")
            #expect(again.status == 0, "\(again)")
        }

        @Test(.long) func nothingIsChangedDuringADrill() throws {
            try lab.converged()
            var refused: Told?
            let told = try lab.haprov("verify", "--yes") { event, _ in
                if event["event"].text == "killed" { refused = try lab.haprov("apply", "--yes") }
            }
            #expect(told.status == 0, "\(told)")
            let failures = try #require(refused).failures
            #expect(refused?.status == 1 && failures.count == 3, "\(failures)")
            let reason = "haprov verify is at work on this host"
            #expect(failures.allSatisfy { $0.hasPrefix("locked | ") && $0.contains(reason) })
            let plan = try lab.haprov("plan")
            #expect(plan.status == 0, "\(plan)")
        }

        @Test func ctrlCGivesHAProxyBackAtOnce() throws {
            try lab.converged()
            let told = try lab.haprov("verify", "--yes") { event, process in
                if event["event"].text == "killed" { kill(process, SIGINT) }
            }
            #expect(told.status == 130, "\(told)")
            #expect(told.summary["drills"][0]["restored"].flag == true)
            try nothingIsLeft()
            #expect(try lab.on("haproxy1", "systemctl -q is-active haproxy").status == 0)
            try lab.settled()
        }

        @Test(.long) func stoppedStandbysAreNamed() throws {
            try lab.converged()
            let standbys = ["haproxy2", "haproxy3"]
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            for host in standbys { try lab.ask(host, "systemctl stop keepalived") }
            defer { for host in standbys { _ = try? lab.on(host, "systemctl start keepalived") } }
            let told = try lab.haprov("verify", "--yes")
            #expect(told.status == 3, "\(told)")
            #expect(told.summary["ok"].flag == false)
            for host in standbys {
                #expect(
                    told.failures.contains {
                        $0.contains("| \(host) |") && $0.contains("found keepalived.service inactive (dead)")
                            && $0.contains("the VIP cannot move to this host")
                            && $0.contains("systemctl start keepalived")
                    }, "\(told)")
            }
            // Nothing is killed where it is known beforehand that nobody would take over.
            #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
        }

        enum Blockage: String, CaseIterable, CustomTestStringConvertible {
            case firewalldClosed, nftablesDrops
            var testDescription: String { rawValue }
            var make: String {
                switch self {
                case .firewalldClosed: #"firewall-cmd --remove-rich-rule='rule protocol value="vrrp" accept'"#
                case .nftablesDrops:
                    "nft 'add table ip t; add chain ip t c { type filter hook input priority -300; }; add rule ip t c ip protocol vrrp drop'"
                }
            }
            var undo: String {
                switch self {
                case .firewalldClosed: #"firewall-cmd --add-rich-rule='rule protocol value="vrrp" accept'"#
                case .nftablesDrops: "nft delete table ip t"
                }
            }
            /// Words of the explanation, and of what to do.
            var explanation: [String] {
                switch self {
                case .firewalldClosed:
                    [
                        "firewalld on haproxy1 does not let VRRP in (zone public)",
                        #"firewall-cmd --zone=public --add-rich-rule='rule protocol value="vrrp" accept'"#,
                    ]
                case .nftablesDrops: ["a filter on haproxy1 may drop VRRP", "let protocol 112 (VRRP) in on haproxy1"]
                }
            }
        }

        @Test(arguments: EndToEndTrait.areLongAsked ? Blockage.allCases : [.firewalldClosed])
        func splitBrainIsExplained(_ blockage: Blockage) throws {
            try lab.converged()
            for host in balancers { try lab.ask(host, blockage.make) }
            defer {
                for host in balancers { _ = try? lab.on(host, blockage.undo) }
                _ = try? lab.settled()
            }
            try lab.wait("every balancer to hold the VIP") { try lab.holders() == balancers }
            let told = try lab.haprov("verify", "--yes")
            #expect(told.status == 3, "\(told)")
            let failure = try #require(told.failures.first { $0.contains("Split brain") }, "\(told)")
            #expect(failure.contains("found haproxy1, haproxy2 and haproxy3"))
            for words in blockage.explanation { #expect(failure.contains(words), "\(failure)") }
            let status = try lab.haprov("status")
            #expect(status.status == 3)
            #expect(status.summary["holders"].list.count == 3)
        }

        enum HoldDown: String, CaseIterable, CustomTestStringConvertible {
            case masked, condition, broken
            var testDescription: String { rawValue }
            private static let dropIn = "/run/systemd/system/haproxy.service.d"
            var make: String {
                switch self {
                // `systemctl mask` refuses where /etc has a unit of that name; who masks it by hand does this.
                case .masked:
                    "systemctl stop haproxy; cd /etc/systemd/system; mv haproxy.service /root/; "
                        + "ln -s /dev/null haproxy.service; systemctl daemon-reload"
                case .condition:
                    """
                    mkdir -p \(Self.dropIn); printf '[Unit]\\nConditionPathExists=/nowhere\\n' > \(Self.dropIn)/hold.conf
                    systemctl daemon-reload; systemctl restart haproxy; ! systemctl -q is-active haproxy
                    """
                case .broken:
                    """
                    cp -a /usr/local/haproxy/conf/haproxy.cfg /root/kept.cfg
                    echo 'no such keyword' >> /usr/local/haproxy/conf/haproxy.cfg; systemctl stop haproxy
                    """
                }
            }
            var undo: String {
                switch self {
                case .masked:
                    "mv -fT /root/haproxy.service /etc/systemd/system/haproxy.service; systemctl daemon-reload; "
                        + "systemctl start haproxy"
                case .condition: "rm -r \(Self.dropIn); systemctl daemon-reload; systemctl start haproxy"
                case .broken: "mv /root/kept.cfg /usr/local/haproxy/conf/haproxy.cfg; systemctl start haproxy"
                }
            }
            var explanation: String {
                switch self {
                case .masked: "held down: haproxy.service is masked"
                case .condition: "hold.conf: ConditionPathExists=/nowhere"
                case .broken: "it would not start: "
                }
            }
        }

        @Test(arguments: EndToEndTrait.areLongAsked ? HoldDown.allCases : [.broken])
        func whatHoldsHAProxyDownIsNamed(_ hold: HoldDown) throws {
            try lab.converged()
            // Where it is the first, the VIP moves: that too is part of the state that verify meets.
            let (host, holder) = hold == .masked ? ("haproxy1", "haproxy2") : ("haproxy3", "haproxy1")
            var isUndone = false
            defer { if !isUndone { _ = try? lab.on(host, hold.undo) } }
            try lab.ask(host, hold.make)
            try lab.settled(on: holder)
            let told = try lab.haprov("verify", "--yes")
            #expect(told.status == 3, "\(told)")
            #expect(told.failures.contains { $0.contains("| \(host) |") && $0.contains(hold.explanation) }, "\(told)")
            try lab.ask(host, hold.undo)
            isUndone = true
            try lab.settled()
            let healthy = try lab.haprov("status")
            #expect(healthy.status == 0)
            #expect(healthy.all("host").allSatisfy { $0["drift"] == .list([]) }, "\(healthy)")
        }

        /// Who took the VIPs over, one after the other. On a busy machine haproxy3, 4 ms behind haproxy2, tries too for a moment.
        private func takers(_ drill: JSON) -> [String?] {
            drill["timeline"].list.filter { $0["change"].text == "gained" }.map { $0["host"].text }
                .filter { $0 != "haproxy3" }
        }

        /// No timer, drop-in or marker of a drill on any balancer.
        private func nothingIsLeft() throws {
            for host in balancers {
                let script = """
                    find /run/haprov /run/systemd/system /tmp /var/tmp -name '*haprov*' 2>/dev/null
                    systemctl list-units --all --plain --no-legend '*haprov*'
                    pgrep -af 'haprov|monitor address' | grep -v pgrep
                    """
                try lab.wait("the drill to leave nothing on \(host)", seconds: 30) {
                    try lab.on(host, script).lines.filter { !$0.contains("sh -s") } == []
                }
            }
        }
    }
}
