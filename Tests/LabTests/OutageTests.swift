import Foundation
import Testing

/// Changes on a cluster that serves, and trouble in the midst of them: clients notice nothing beyond what was announced.
@Suite(
    .serialized, .enabled(if: EndToEndTrait.isAsked, "set HAPROV_LAB_TESTS=1 and run as root"),
    EndToEndTrait(labs: [.outage]))
struct OutageTests {
    /// What a client that asks over and over sees of changes.
    @Suite(.serialized) struct ClientTests {
        private let lab = EndToEndLab.outage
        private let balancers = EndToEndLab.balancers

        /// What was done, and what the client saw from stage to stage.
        private struct Seen {
            var told: Told
            var phases: [OpenLoopClient.Phase]

            /// Milliseconds, as the plan announces them.
            var announced: Double? {
                told.all("impact").compactMap { $0["gap_ms"].number }.filter { $0 > 0 }.max().map { Double($0) }
            }

            func steps(_ step: String) -> [String] {
                told.all("finished").filter { $0["step"].text == step }.compactMap { $0["host"].text }
            }
        }

        /// Runs haprov while a client asks.
        private func watch(
            _ arguments: String..., inventory: String? = nil, assets: String? = nil,
            event: (JSON) throws -> Void = { _ in }
        ) throws -> Seen {
            let client = try OpenLoopClient(lab)
            var isRollingOut = false
            let told = try lab.haprov(arguments, inventory: inventory, assets: assets) { json, _ in
                try event(json)
                // Compiling may take what the client needs.
                guard json["type"].text == "stage", let name = json["name"].text else { return }
                isRollingOut = isRollingOut || name.hasPrefix("Roll ")
                if isRollingOut { try client.mark(name.replacing(" ", with: "-")) }
            }
            lab.disturbed()
            try lab.settled()
            return Seen(told: told, phases: try client.phases().filter { $0.name != "start" })
        }

        private func plan(_ arguments: String..., inventory: String? = nil) throws -> Seen {
            Seen(told: try lab.haprov(["plan"] + arguments, inventory: inventory), phases: [])
        }

        /// No request may fail.
        private func expectNothing(_ seen: Seen) {
            #expect(seen.told.status == 0, "\(seen.told)")
            #expect(!seen.phases.isEmpty)
            for phase in seen.phases { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
        }

        /// Requests may fail when the VIP's holder has its turn, and after that, for as long as was announced each time that the
        /// VIP moves: there, and back where it returns.
        private func expectTakeover(_ seen: Seen, announced: Double) {
            #expect(seen.told.status == 0, "\(seen.told)")
            let turn = seen.phases.firstIndex { $0.name.hasSuffix("-haproxy1") } ?? seen.phases.endIndex
            #expect(turn < seen.phases.endIndex, "\(seen.phases)")
            for phase in seen.phases[..<turn] { #expect(phase.failed == 0 && phase.good > 0, "\(phase)") }
            let limit = announced + OpenLoopClient.room
            for phase in seen.phases[turn...] {
                #expect(phase.good > 0 && phase.longestGap < limit, "\(phase)")
                #expect(Double(phase.failed) < 2 * limit, "\(phase)")
            }
            let figures = seen.phases.map { "\($0.name): \($0.longestGap) ms, \($0.failed) failed" }
            FileHandle.standardOutput.write(Data("lab: \(figures.joined(separator: "; "))\n".utf8))
        }

        @Test func aNewBackendIsAReloadThatNoRequestAndNoConnectionNotices() throws {
            try lab.converged()
            let other = try lab.inventory(
                "backend",
                (
                    "  backends:\n",
                    "  backends:\n    other: { servers: application, port: 10900, balance: leastconn }\n"
                ))
            let download = try SlowDownload(lab)
            let seen = try watch("apply", "--yes", "--no-verify", inventory: other)
            expectNothing(seen)
            #expect(seen.steps("reload haproxy").sorted() == balancers)
            #expect(seen.steps("restart haproxy") == [])
            let back = try watch("rollback", "--yes")
            expectNothing(back)
            #expect(download.isUnderWay, "it has to outlive the reloads")
            #expect(try download.finish() == SlowDownload.size)
        }

        /// The interval of the check is on no wire.
        @Test(.long) func anotherConfigurationOfKeepalivedIsAReload() throws {
            try lab.converged()
            let playbooks = try lab.playbooks(
                "interval", "keepalived.conf.mustache", ("    interval 2\n", "    interval 3\n"))
            let seen = try watch("apply", "--yes", "--no-verify", "--playbooks", playbooks)
            expectNothing(seen)
            #expect(seen.steps("reload keepalived").sorted() == balancers)
            expectNothing(try watch("rollback", "--yes"))
        }

        /// HAProxy's master process starts its successor from the new program.
        @Test(.long) func aNewVersionOfHAProxyIsAReload() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let next = try lab.anotherHAProxy()
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            let seen = try watch("apply", "--yes", "--no-verify", inventory: next.inventory, assets: next.assets)
            expectNothing(seen)
            #expect(seen.steps("reload haproxy").sorted() == balancers)
            #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
            #expect(try lab.ask("haproxy1", "/proc/\(process)/exe -v").contains("2.6.99"))
            expectNothing(try watch("rollback", "--yes", inventory: next.inventory))
            #expect(try lab.ask("haproxy1", "/proc/\(process)/exe -v").contains("2.6.12"))
            try lab.expectUnchanged(since: before)
        }

        /// Its unit changes. The holder gives the VIP away before it restarts, on the way back too.
        @Test func aRestartOfHAProxyIsATakeoverThatWasAnnounced() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let playbooks = try lab.playbooks(
                "restart", "haproxy.service.mustache", ("Type=notify\n", "Type=notify\nOOMScoreAdjust=-500\n"))
            let announced = try #require(try plan("--playbooks", playbooks).announced)
            let programs = try resignations()
            let seen = try watch("apply", "--yes", "--no-verify", "--playbooks", playbooks)
            expectTakeover(seen, announced: announced)
            #expect(seen.steps("restart haproxy").sorted() == balancers)
            #expect(try resignations() == programs + 1, "haproxy1 alone gives the VIP away")
            expectTakeover(try watch("rollback", "--yes"), announced: announced)
            #expect(try resignations() == programs + 2)
            try lab.expectUnchanged(since: before)
        }

        /// How often keepalived was stopped on all balancers.
        private func resignations() throws -> Int {
            try balancers.map {
                Int(try lab.ask($0, "journalctl -u keepalived -o cat | grep -c '^Stopped keepalived' || :")) ?? 0
            }.reduce(0, +)
        }

        /// The VIP is elsewhere already when it turns out that HAProxy does not come back; the engine takes part again.
        @Test(.long) func anHAProxyThatDoesNotComeBackHasGivenTheVIPAway() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let condition = "ExecStartPre=/usr/bin/test ! -e /run/broken\n"
            let playbooks = try lab.playbooks(
                "broken", "haproxy.service.mustache", ("Type=notify\n", "Type=notify\n" + condition))
            try lab.ask("haproxy1", "touch /run/broken")
            defer { _ = try? lab.on("haproxy1", "rm -f /run/broken") }
            let announced = try #require(try plan("--playbooks", playbooks).announced)
            let client = try OpenLoopClient(lab)
            let told = try lab.haprov("apply", "--yes", "--no-verify", "--playbooks", playbooks) { json, _ in
                guard json["type"].text == "stage", json["name"].text?.hasPrefix("Roll ") == true else { return }
                try client.mark("change")
            }
            lab.disturbed()
            #expect(told.status == 1 && told.failures.first?.contains("haproxy1 | restart haproxy") == true, "\(told)")
            try lab.settled(on: "haproxy2")
            #expect(try lab.on("haproxy1", "systemctl -q is-active keepalived").status == 0)
            #expect(try lab.on("haproxy1", "test -e /run/haprov/aside").status != 0)
            try lab.hasNoLocks()
            let phases = try client.phases().filter { $0.name == "change" }
            for phase in phases { #expect(phase.longestGap < announced + OpenLoopClient.room, "\(phase)") }
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            try lab.settled()
            try lab.expectUnchanged(since: before)
        }

        @Test(.long) func anotherEngineIsATakeoverThatWasAnnouncedAndSoIsTheWayBack() throws {
            try lab.converged()
            let vrrpd = try lab.vrrpdInventory()
            let there = try #require(try plan(inventory: vrrpd).announced)
            expectTakeover(try watch("apply", "--yes", "--no-verify", inventory: vrrpd), announced: there)
            let back = try #require(try plan().announced)
            expectTakeover(try watch("apply", "--yes", "--no-verify"), announced: back)
        }
    }
}

/// A connection through the VIP that is under way for as long as the test wants.
final class SlowDownload {
    static let size = 256 << 20
    private let program: Program
    private let mark: String

    /// Begins to read, a little at a time.
    init(_ lab: EndToEndLab) throws {
        for host in EndToEndLab.applications {
            try lab.ask(
                host,
                """
                set -e
                truncate -s \(Self.size) /var/tmp/large
                chmod 644 /var/tmp/large
                grep -q large /etc/nginx/nginx.conf ||
                    sed -i 's|location / {|location /large { root /var/tmp; } location / {|' /etc/nginx/nginx.conf
                nginx -s reload
                """)
        }
        let mark = "\(lab.folder)/download-\(UUID().uuidString)"
        self.mark = mark
        let url = "http://\(EndToEndLab.vip)/large"
        // What is read while the mark is there is much less than all, and more than would let HAProxy's timeout pass.
        // Little waits in buffers: on a busy machine it would take longer than that timeout until any of it is read.
        let script = """
            echo '4096 65536 131072' >/proc/sys/net/ipv4/tcp_rmem
            : >'\(mark)'
            curl -s '\(url)' | {
                head -c 65536; : >'\(mark).begun'
                while [ -e '\(mark)' ]; do head -c 65536; sleep 0.2; done; cat; } | wc -c
            """
        program = try Program([EndToEndLab.program, "lab", "run", "--name", lab.name, "--", "sh", "-c", script])
        try lab.wait("the download to begin") { FileManager.default.fileExists(atPath: mark + ".begun") }
    }

    /// One that has ended is a zombie until it is waited for.
    var isUnderWay: Bool {
        let text = (try? String(contentsOfFile: "/proc/\(program.id)/stat", encoding: .utf8)) ?? ""
        return !text.isEmpty && !text.contains(") Z ")
    }

    /// Reads the rest; how many octets came.
    func finish() throws -> Int {
        try FileManager.default.removeItem(atPath: mark)
        return Int(try program.finish(within: 300).output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
}
