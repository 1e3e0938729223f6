import Foundation
import Testing

extension OutageTests {
    /// Changes that cannot be made: the cause is named, the service goes on as it was, and nobody is kept out.
    @Suite(.serialized) struct TroubleTests {
        private let lab = EndToEndLab.outage
        private let balancers = EndToEndLab.balancers

        /// Where a host's disk is to be in trouble, and how.
        struct Spoiling: CustomTestStringConvertible {
            var folder: String
            var script: String
            var mending: String
            var words: String
            var testDescription: String { "\(folder): \(words)" }
        }

        private static let spoilings =
            ["/usr/local", "/var/lib/haprov", "/var"].map {
                Spoiling(
                    folder: $0, script: "cat /dev/zero >\($0)/filler 2>/dev/null || :", mending: "rm \($0)/filler",
                    words: "No space left on device")
            } + [
                Spoiling(
                    folder: "/usr/local", script: "mount -o remount,ro /usr/local",
                    mending: "mount -o remount,rw /usr/local", words: "Read-only file system")
            ]

        /// It happens after the plan was made, so that no preflight sees it.
        @Test(arguments: EndToEndTrait.areLongAsked ? spoilings : [spoilings[0]])
        func aDiskThatTakesNothingMore(_ spoiling: Spoiling) throws {
            try lab.converged()
            let before = try lab.snapshots()
            try lab.ask("haproxy3", Self.small(spoiling.folder))
            defer { _ = try? lab.on("haproxy3", "umount -l \(spoiling.folder)") }
            let next = try lab.anotherHAProxy()
            var isSpoilt = false
            try failing(says: ["haproxy3", spoiling.words], inventory: next.inventory, assets: next.assets) {
                event, process in
                guard !isSpoilt, event["type"].text == "stage", event["name"].text == "Roll out to haproxy3" else {
                    return
                }
                isSpoilt = true
                kill(process, SIGSTOP)
                try lab.ask("haproxy3", spoiling.script)
                kill(process, SIGCONT)
            } mending: {
                #expect(isSpoilt)
                try lab.ask("haproxy3", spoiling.mending)
            }
            try lab.ask("haproxy3", Self.give(spoiling.folder))
            try lab.expectUnchanged(since: before)
        }

        /// A folder becomes a small disk of its own, with all that is in it.
        private static func small(_ folder: String) -> String {
            """
            set -e
            mkdir /run/apart
            size=$(du -sm \(folder) | cut -f 1)
            mount -t tmpfs -o size=$((size + 64))m,mode=755 apart /run/apart
            chmod --reference=\(folder) /run/apart
            cp -a \(folder)/. /run/apart/
            mount --move /run/apart \(folder) 2>/dev/null || { mount --bind /run/apart \(folder); umount /run/apart; }
            rmdir /run/apart
            """
        }

        /// What is on the small disk comes to be what the folder holds.
        private static func give(_ folder: String) -> String {
            """
            set -e
            mkdir /run/kept
            cp -a \(folder)/. /run/kept/
            umount -l \(folder)
            find \(folder) -mindepth 1 -delete
            cp -a /run/kept/. \(folder)/
            rm -r /run/kept
            """
        }

        @Test func aConfigurationThatHAProxyRefuses() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let limit = "    maxconn 4000\n"
            let playbooks = try lab.playbooks(
                "refused", "haproxy.cfg.mustache", (limit, limit + "    nonsense on purpose\n"))
            try failing(says: ["haproxy3", "unknown keyword 'nonsense'"], "--playbooks", playbooks)
            try lab.expectUnchanged(since: before)
        }

        @Test(.long) func aSourceThatDoesNotCompile() throws {
            try lab.converged()
            let before = try lab.snapshots()
            let next = try lab.anotherHAProxy("2.6.98", "#error broken on purpose")
            try failing(
                says: ["haproxy3", "compile haproxy 2.6.98", "broken on purpose"], inventory: next.inventory,
                assets: next.assets)
            #expect(try lab.on("haproxy3", "ls -d /var/lib/haprov/build /var/lib/haprov/packages").output == "")
            try lab.expectUnchanged(since: before)
        }

        @Test(.long)
        func aYumThatIsKilledAtWork() throws {
            try lab.killsPackageManager(
                killing: """
                    timeout 900 sh -c 'while [ ! -e /usr/bin/killall ]; do :; done' || exit 1
                    pkill -9 -f 'bin/(yum|dnf) .*install' && echo killed
                    """)
        }

        /// An apply that ends 1 for a reason that it names, while a client asks. What it had done is taken back.
        private func failing(
            says words: [String], _ arguments: String..., inventory: String? = nil, assets: String? = nil,
            event: @escaping (JSON, pid_t) throws -> Void = { _, _ in }, mending: () throws -> Void = {}
        ) throws {
            let client = try OpenLoopClient(lab)
            try lab.wait("the client to be served") { try lab.get("http://\(EndToEndLab.vip)/").hasPrefix("app") }
            try client.mark("change")
            let told = try lab.haprov(
                ["apply", "--yes", "--no-verify"] + arguments, inventory: inventory, assets: assets, event: event)
            lab.disturbed()
            let phase = try #require(try client.phases().first { $0.name == "change" })
            try mending()
            #expect(told.status == 1, "\(told)")
            for word in words {
                #expect(told.failures.first?.contains(word) == true, "\(word): \(told.failures)")
            }
            #expect(phase.failed == 0 && phase.good > 0, "\(phase)")
            #expect(try lab.holders() == ["haproxy1"])
            for host in balancers {
                #expect(try lab.ask(host, "systemctl is-active haproxy keepalived") == "active\nactive")
            }
            try lab.hasNoLocks()
            let recorded = try lab.haprov("history").all("run").first { $0["run"] == told.summary["run"] }
            if let recorded, (recorded["changes"].number ?? 0) > 0 {
                let back = try lab.haprov("rollback", "--yes")
                #expect(back.status == 0 && back.summary["undone"].list.count == 1, "\(back)")
            }
            try lab.hasNoLocks()
            try lab.settled()
        }
    }
}
