import Foundation
import Testing

extension EndToEndTests {
    /// From bare hosts to a running service, and that again.
    @Suite(.serialized) struct ApplyTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        @Test func planShowsTheChangesAndMakesNone() throws {
            try lab.bare()
            let before = try lab.snapshots()
            let told = try lab.haprov("plan")
            #expect(told.status == 2, "\(told)")
            #expect(told.summary["ok"].flag == true)
            let changes = try #require(told.summary["changes"].number)
            #expect(changes > 40)
            #expect(Double(told.all("change").count) == changes, "every change is told of")
            #expect(told.all("build").map { $0["product"].text } == ["haproxy", "keepalived"])
            try lab.expectUnchanged(since: before)
            #expect(try lab.on("haproxy1", "test -e /var/lib/haprov").status != 0)
        }

        @Test func nobodyToAskMeansNo() throws {
            try lab.bare()
            let outcome = try lab.start(["apply"], json: false).finish()
            #expect(outcome.status == 130, "\(outcome)")
            #expect(outcome.errors.contains("nobody is here to ask: standard input is no terminal"))
            #expect(outcome.errors.contains("Give --yes"))
            let told = try lab.haprov("apply")
            #expect(told.status == 130)
            #expect(told.summary["ok"].flag == false)
            #expect(told.summary["run"] == .null)
            for host in balancers { #expect(try lab.on(host, "test -e /var/lib/haprov").status != 0) }
        }

        @Test func bareHostsBecomeAService() throws {
            try lab.converged()
            let told = try lab.firstApplied()
            #expect(told.summary["ok"].flag == true)
            #expect(told.summary["run"].text != nil)
            let recorded = try lab.haprov("history").all("run").first { $0["run"] == told.summary["run"] }
            #expect(recorded?["changes"] == told.summary["changes"])
            #expect(told.all("build").map { $0["host"].text } == ["haproxy3", "haproxy3"])
            let finished = told.all("finished").compactMap { $0["step"].text }
            #expect(finished.filter { $0.hasPrefix("compile ") }.count == 2)
            // The first run ends with the drill.
            #expect(told.summary["drills"][0]["ok"].flag == true)
            // The standbys come first, and the host of the highest priority last.
            let stages = told.all("stage").compactMap { $0["name"].text }.filter { $0.hasPrefix("Roll out") }
            #expect(stages == ["Roll out to haproxy3", "Roll out to haproxy2", "Roll out to haproxy1"])
            for host in balancers {
                for unit in ["haproxy", "keepalived"] {
                    #expect(
                        try lab.ask(host, "systemctl is-enabled \(unit); systemctl is-active \(unit)")
                            == "enabled\nactive")
                    #expect(try lab.on(host, "service \(unit) status").output.contains("active (running)"))
                }
            }
            #expect(try lab.holders() == ["haproxy1"])
            let answers = Set(try (1...6).map { _ in try lab.get("http://\(EndToEndLab.vip)/") })
            #expect(answers == ["app1", "app2", "app3"])
        }

        @Test func serviceAnswersToStopStartAndRestart() throws {
            try lab.converged()
            defer { _ = try? lab.on("haproxy3", "service haproxy start; service keepalived start") }
            for unit in ["haproxy", "keepalived"] {
                let first = try lab.mainProcess(unit, on: "haproxy3")
                #expect(try lab.on("haproxy3", "service \(unit) restart").status == 0)
                #expect(try lab.mainProcess(unit, on: "haproxy3") != first)
                #expect(try lab.on("haproxy3", "service \(unit) stop").status == 0)
                #expect(try lab.on("haproxy3", "service \(unit) status").status == 3)
                #expect(try lab.on("haproxy3", "service \(unit) start").status == 0)
                #expect(try lab.on("haproxy3", "service \(unit) status").status == 0)
            }
        }

        @Test(arguments: ["haproxy", "keepalived"])
        func theCompiledProgramRuns(_ product: String) throws {
            try lab.converged()
            let compiled = try Self.compiledDigests()
            let versions = ["haproxy": "HAProxy version 2.6.12", "keepalived": "Keepalived v2.2.7"]
            for host in balancers {
                let process = try lab.mainProcess(product, on: host)
                let path = try lab.ask(host, "readlink /proc/\(process)/exe")
                #expect(path == "/usr/local/\(product)/sbin/\(product)")
                let digest = try lab.ask(host, "sha256sum < /proc/\(process)/exe | cut -d' ' -f1")
                #expect(compiled["sbin/\(product)"]?.contains(digest) == true, "\(host): \(digest), \(compiled)")
                #expect(try lab.ask(host, "readlink -f /usr/sbin/\(product)") == path)
                let version = try lab.ask(host, "\(path) -v 2>&1 | head -n 1")
                #expect(version.hasPrefix(try #require(versions[product])), "\(version)")
                #expect(try lab.ask(host, "ldd \(path) | grep -c 'not found' || true") == "0")
            }
        }

        /// Digests of the programs in the compiled trees that the controller keeps, by their path below the prefix.
        private static func compiledDigests() throws -> [String: Set<String>] {
            let builds = EndToEndLab.main.cache + "/builds"
            var digests: [String: Set<String>] = [:]
            for file in try FileManager.default.contentsOfDirectory(atPath: builds) {
                let script = """
                    set -e; cd "$(mktemp -d)"; tar -xzf '\(builds)/\(file)'; find . -path './sbin/*' -type f |
                    xargs sha256sum; rm -rf "$PWD"
                    """
                for line in try Program.run(["sh", "-c", script]).lines {
                    let words = line.split(separator: " ").map(String.init)
                    try #require(words.count == 2, "\(line)")
                    digests[String(words[1].dropFirst(2)), default: []].insert(words[0])
                }
            }
            return digests
        }

        @Test func compilersAreOnTheBuildHostAlone() throws {
            try lab.converged()
            #expect(try lab.on("haproxy3", "rpm -q gcc").status == 0)
            #expect(try lab.ask("haproxy3", "yum history list gcc 2>/dev/null | grep -c install").isEmpty == false)
            for host in ["haproxy1", "haproxy2"] {
                #expect(try lab.on(host, "rpm -q gcc").lines == ["package gcc is not installed"])
                #expect(try lab.on(host, "command -v gcc cc make").status != 0)
            }
            for host in balancers {
                #expect(try lab.on(host, "ls /var/lib/haprov/build").status != 0, "sources are left on \(host)")
            }
        }

        @Test func keepalivedSaysWhatTheGuideSays() throws {
            try lab.converged()
            for (host, guide) in GuideConfiguration.preemptive {
                let text = try lab.ask(host, "cat /etc/keepalived/keepalived.conf")
                #expect(GuideConfiguration.words(text) == GuideConfiguration.expected(guide), "\(host)")
                // The password is nobody else's business.
                #expect(try lab.ask(host, "stat -c '%a %U %G' /etc/keepalived/keepalived.conf") == "600 root root")
            }
        }

        @Test func aSecondApplyChangesNothing() throws {
            try lab.converged()
            func processes() throws -> [String] {
                try balancers.map { host in
                    try lab.ask(
                        host, "pgrep -x -d' ' 'haproxy|keepalived'; systemctl show -p MainPID haproxy keepalived")
                }
            }
            let before = try processes()
            let cursors = try balancers.map {
                try lab.ask($0, "journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p'")
            }
            let told = try lab.haprov("apply", "--yes")
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["changes"].number == 0)
            #expect(told.summary["run"] == .null)
            #expect(try processes() == before)
            for (host, cursor) in zip(balancers, cursors) {
                let log = try lab.ask(host, "journalctl -u ssh -u sshd -o cat --after-cursor '\(cursor)'").split(
                    separator: "\n")
                let connections = log.filter { $0.hasPrefix("Connection from ") }
                let channels = log.filter { $0.contains("server_input_channel_open: ctype session") }
                #expect(connections.count == 1, "\(host): \(connections)")
                #expect((1...3).contains(channels.count), "\(host): \(channels.count) channels")
            }
            let plan = try lab.haprov("plan")
            #expect(plan.status == 0)
            #expect(plan.summary["changes"].number == 0)
        }

        @Test func statusAndHistoryTellOfIt() throws {
            try lab.converged()
            let status = try lab.haprov("status")
            #expect(status.status == 0, "\(status)")
            #expect(status.summary["holders"] == .list([.text("haproxy1")]))
            for host in status.all("host") {
                #expect(host["drift"] == .list([]))
                #expect(host["services"]["haproxy"].text == "active")
                #expect(host["services"]["keepalived"].text == "active")
            }
            #expect(status.all("host").count == 3)
            let history = try lab.haprov("history")
            let run = try #require(history.all("run").first { $0["command"].text == "apply" })
            #expect(run["result"].text == "ok")
            #expect(run["hosts"].list.count == 3)
        }

        @Test func noSecretIsWhereItDoesNotBelong() throws {
            try lab.converged()
            let secret = "4gjfethT"
            for host in balancers {
                let script = "grep -rlF \(secret) /etc /var/log /run /tmp /var/lib/haprov 2>/dev/null | sort"
                let files = try lab.on(host, script).lines
                #expect(files.contains("/etc/keepalived/keepalived.conf"))
                for file in files {
                    // Root's alone, and so is every folder on the way that leads to a journal.
                    let modes = try lab.ask(host, "f='\(file)'; stat -c %a \"$f\"; stat -c %a /var/lib/haprov")
                    let isPrivate = modes.split(separator: "\n").contains { $0.hasSuffix("00") }
                    #expect(isPrivate, "\(host): \(file) \(modes)")
                }
                #expect(try lab.on(host, "journalctl -o cat | grep -cF \(secret)").lines == ["0"])
            }
            let told = try lab.firstApplied()
            #expect(!told.lines.contains { $0.contains(secret) })
        }
    }
}
