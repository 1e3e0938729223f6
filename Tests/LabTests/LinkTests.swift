import Foundation
import Synchronization
import Testing

extension EndToEndTests {
    /// The cable of a host is out for a minute: the same run goes on where it was, and nothing is done twice.
    @Suite(.serialized) struct LinkTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        /// A cable that is cut at a moment, and joined by itself.
        private final class Cable: Sendable {
            private let lab: EndToEndLab
            private let host: String
            private let trouble = Mutex<[String]>([])
            private let joined = Mutex<Thread?>(nil)
            private let isOut = Mutex(false)

            init(_ host: String, of lab: EndToEndLab) {
                self.host = host
                self.lab = lab
            }

            var wasCut: Bool { joined.withLock { $0 != nil } }

            /// Cuts it, once, for a number of seconds: that long it is out, whatever haprov does meanwhile.
            func cut(for seconds: Double) {
                let isFirst = joined.withLock { thread in
                    guard thread == nil else { return false }
                    let new = Thread { [self] in
                        Thread.sleep(forTimeInterval: seconds)
                        run("join")
                        isOut.withLock { $0 = false }
                    }
                    thread = new
                    return true
                }
                guard isFirst else { return }
                isOut.withLock { $0 = true }
                run("cut")
                joined.withLock { $0?.start() }
            }

            /// Waits until it is joined.
            func finish() throws {
                while isOut.withLock({ $0 }) { usleep(100_000) }
                let all = trouble.withLock { $0 }
                if !all.isEmpty { throw Trouble(all.joined(separator: "\n")) }
            }

            private func run(_ command: String) {
                let outcome = Result { try lab.lab(command, host) }
                if case .success(let told) = outcome, told.status == 0 { return }
                trouble.withLock { $0.append("\(command) \(host): \(outcome)") }
            }
        }

        /// Applies on bare hosts without what was compiled before; the cable of a host is cut when an event comes.
        private func apply(_ cable: Cable, when: (JSON) -> Bool) throws -> Told {
            lab.disturbed()
            let told = try lab.haprov(
                "apply", "--yes", "--no-verify", "-v", environment: ["HAPROV_CACHE": "\(lab.cache)-link"]
            ) { event, _ in if when(event) { cable.cut(for: 60) } }
            try cable.finish()
            return told
        }

        private func texts(_ told: Told, _ host: String) -> [String] {
            told.all("note").filter { $0["host"].text == host }.compactMap { $0["text"].text }
        }

        @Test(.long) func aCableIsOutForAMinute() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            defer { try? FileManager.default.removeItem(atPath: "\(lab.cache)-link") }

            // In the midst of a compile.
            let compiling = Cable("haproxy3", of: lab)
            let first = try apply(compiling, when: Self.isCompiling)
            #expect(compiling.wasCut && first.status == 0, "\(first)")
            #expect(texts(first, "haproxy3").contains("reached again"), "\(first)")
            let logs = "\(lab.cache)-link/logs"
            for name in try FileManager.default.contentsOfDirectory(atPath: logs) {
                let log = try String(contentsOfFile: "\(logs)/\(name)", encoding: .utf8)
                let compiled = log.split(separator: "\n").filter { $0.contains(" src/haproxy.o") && $0.contains("CC ") }
                #expect(compiled.count <= 1, "\(name) was compiled \(compiled.count) times")
            }
            #expect(try lab.haprov("plan").status == 0)
            try lab.settled()
            #expect(try lab.haprov("rollback", "--yes").status == 0)
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })

            // In the midst of a host's rollout; the trees are there by now.
            let rollout = Cable("haproxy2", of: lab)
            let second = try apply(rollout) {
                $0["type"].text == "started" && $0["step"].text == "start haproxy" && $0["host"].text == "haproxy2"
            }
            #expect(rollout.wasCut && second.status == 0, "\(second)")
            #expect(texts(second, "haproxy2").contains("reached again"), "\(second)")
            #expect(
                second.all("finished").filter { $0["step"].text == "start haproxy" && $0["host"].text == "haproxy2" }
                    .count == 1)
            let started = try lab.ask("haproxy2", "journalctl -u haproxy -o cat | grep -c '^Start.*HAProxy' || :")
            #expect(Int(started) ?? 0 >= 1, "\(started)")
            #expect(try lab.haprov("plan").status == 0)
            try lab.settled()
            #expect(try lab.haprov("rollback", "--yes").status == 0)
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })
        }

        /// haprov is killed while a host compiles: the next apply goes on with that, and a rollback ends it.
        @Test(.long)
        func whatADeadRunCompiles() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            let environment = ["HAPROV_CACHE": "\(lab.cache)-dead"]
            defer { try? FileManager.default.removeItem(atPath: "\(lab.cache)-dead") }
            func killed() throws {
                lab.disturbed()
                let told = try lab.haprov("apply", "--yes", "--no-verify", "-v", environment: environment) {
                    event, process in if Self.isCompiling(event) { kill(process, SIGKILL) }
                }
                #expect(told.status == -SIGKILL)
                #expect(try compilers() > 0)
            }
            try killed()
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try compilers() == 0)
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })

            try killed()
            let on = try lab.haprov("apply", "--yes", "--no-verify", environment: environment)
            #expect(on.status == 0, "\(on)")
            #expect(texts(on, "haproxy3").contains { $0.hasPrefix("goes on where ") }, "\(on)")
            #expect(try lab.haprov("rollback", "--yes").status == 0)
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })
        }

        /// The second Ctrl-C ends the compile too, and gives the locks back.
        @Test func whoStopsAtOnceLeavesNothingAtWork() throws {
            try lab.bare()
            let bare = try lab.bareHosts()
            lab.disturbed()
            defer { try? FileManager.default.removeItem(atPath: "\(lab.cache)-stopped") }
            let told = try lab.haprov(
                "apply", "--yes", "--no-verify", "-v", environment: ["HAPROV_CACHE": "\(lab.cache)-stopped"]
            ) { event, process in if Self.isCompiling(event) { kill(process, SIGINT) } }
            #expect(told.status == 130, "\(told)")
            #expect(try compilers() == 0)
            for host in balancers { #expect(try lab.on(host, "test -e /var/lib/haprov/lock").status == 1, "\(host)") }
            #expect(try lab.haprov("rollback", "--yes").status == 0)
            try lab.expectUnchanged(since: bare.filter { balancers.contains($0.key) })
        }

        /// HAProxy's own make says so of each file.
        private static func isCompiling(_ event: JSON) -> Bool {
            event["type"].text == "output" && event["host"].text == "haproxy3"
                && event["line"].text?.contains("CC ") == true && event["line"].text?.hasSuffix(".o") == true
        }

        /// How many scripts of a compilation run on the host that compiles.
        private func compilers() throws -> Int {
            Int(try lab.ask("haproxy3", "pgrep -fc 'jobs/[b]uild-' || :")) ?? 0
        }
    }
}
