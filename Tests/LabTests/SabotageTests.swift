import Foundation
import Testing

extension PreflightTests {
    /// Fourteen clusters with one fault each, of the kind that is met when it matters. What finds it names the cause.
    ///
    /// Eight of them are other tests': VRRP dropped one way, a foreign router with our number, an application that the holder alone
    /// reaches, a clock that is off and a NIC that is not there are in ``faultsAreNamedBeforeClientsMeetThem()`` (and VRRP one way before
    /// anything is set up in ``vrrpIsSentWhereNobodySpeaksYet()``), a VIP that a stranger took in
    /// ``EndToEndTests/StrangerTests``, a standby without HAProxy and two holders in ``EndToEndTests/VerifyTests``. The others follow.
    @Suite(.serialized)
    struct SabotageTests {
        private let lab = EndToEndLab.preflight
        private let balancers = EndToEndLab.balancers
        private static let configuration = "/etc/keepalived/keepalived.conf"

        /// A cluster that has converged.
        private func sound() throws -> String {
            try lab.up()
            let inventory = try lab.inventory(
                "packaged", EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived)
            try lab.converged(inventory)
            return inventory
        }

        /// Has the daemon of some balancers read an edited configuration, for as long as the work takes.
        private func sabotaging(
            _ hosts: [String], by edit: String, _ work: () throws -> Void
        ) throws {
            defer {
                for host in hosts {
                    _ = try? lab.on(
                        host,
                        "mv -f /root/kept.conf \(Self.configuration); rm -f /etc/keepalived/chk_by_hand.sh; systemctl restart haprov-vrrpd"
                    )
                }
                _ = try? lab.settled()
            }
            for host in hosts {
                try lab.ask(
                    host, "set -e; cp -a \(Self.configuration) /root/kept.conf\n\(edit)\nsystemctl restart haprov-vrrpd"
                )
            }
            try work()
        }

        /// What lint says of the files as they stand on the balancers.
        private func linted() throws -> Told {
            var files: [String] = []
            for host in balancers {
                let folder = "\(lab.folder)/linted/\(host)"
                try? FileManager.default.removeItem(atPath: folder)
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                for path in [Self.configuration, "/etc/haproxy/haproxy.cfg", "/etc/keepalived/chk_by_hand.sh"] {
                    let text = try lab.on(host, "cat \(path)")
                    guard text.status == 0 else { continue }
                    let file = "\(folder)/\(URL(fileURLWithPath: path).lastPathComponent)"
                    try Data(text.output.utf8).write(to: URL(fileURLWithPath: file))
                    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
                    if !path.hasSuffix(".sh") { files.append(file) }
                }
            }
            return try Told(
                try Program.run([EndToEndLab.program, "check", "--json", "--files"] + files, within: 120))
        }

        private func expect(_ told: Told, _ code: String, _ part: String, place: SourceLocation = #_sourceLocation) {
            let found = told.events.filter { $0["code"].text == code }
            #expect(
                found.contains { $0["message"].text?.contains(part) == true }, "no \(code) of \(part): \(told)",
                sourceLocation: place)
        }

        private func expect(
            _ told: Told, _ status: Int32, _ parts: String..., place: SourceLocation = #_sourceLocation
        ) {
            #expect(told.status == status, "\(told)", sourceLocation: place)
            for part in parts {
                #expect(
                    told.failures.contains { $0.contains(part) }, "nothing of \(part): \(told)", sourceLocation: place)
            }
        }

        /// It is there, and the check sees it.
        @Test(.long) func haproxyIsAliveAndHangs() throws {
            let inventory = try sound()
            defer { for host in balancers { _ = try? lab.on(host, "pkill -CONT -x haproxy") } }
            try lab.ask("haproxy1", "pkill -STOP -x haproxy")
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            let told = try lab.haprov("verify", "--yes", inventory: inventory)
            expect(
                told, 3, "| haproxy1 |", "Expected HAProxy to answer, found that it hangs", "\(process)",
                "are stopped (SIGSTOP)", "`health_check: process` does not see that")
            try lab.ask("haproxy1", "pkill -CONT -x haproxy")
            // A standby that hangs would be found by clients at the next failover.
            try lab.ask("haproxy3", "pkill -STOP -x haproxy")
            expect(
                try lab.haprov("verify", "--yes", inventory: inventory), 3, "| haproxy3 |", "found that it hangs")
        }

        /// It does not believe the holder, and takes the VIP too.
        @Test(.long) func aStandbysPasswordIsWrong() throws {
            let inventory = try sound()
            try sabotaging(["haproxy2"], by: "sed -i 's/auth_pass .*/auth_pass another/' \(Self.configuration)") {
                try lab.wait("both to hold the VIP") { try lab.holders() == ["haproxy1", "haproxy2"] }
                expect(try linted(), "HV403", "haproxy2")
                let told = try lab.haprov("verify", "--yes", inventory: inventory)
                expect(told, 3, "Split brain", "found haproxy1 and haproxy2", "password")
                let preflight = try lab.haprov("preflight", inventory: inventory)
                #expect(
                    preflight.all("check").contains {
                        $0["found"].text?.contains("several balancers speak as master") == true
                            && $0["remedy"].text?.contains("the password") == true
                    }, "\(preflight)")
            }
        }

        /// A check of the operator's own in the place of haprov's.
        private func check(_ script: String, _ more: String = "") -> String {
            """
            printf '#!/bin/sh\\n\(script)\\n' >/etc/keepalived/chk_by_hand.sh
            chmod 755 /etc/keepalived/chk_by_hand.sh
            awk '/^vrrp_script chk_haproxy/ { inside = 1 }
                inside && $1 == "script" { print "    script \\"/etc/keepalived/chk_by_hand.sh\\""; next }
                inside && $1 == "}" { print "\(more)"; inside = 0 }
                { print }' /root/kept.conf >\(Self.configuration)
            """
        }

        @Test(.long) func theCheckScriptIsAlwaysTrue() throws {
            let inventory = try sound()
            let script = check("/usr/bin/pidof haproxy >/dev/null || echo dead\\nexit 0")
            try sabotaging(balancers, by: script) {
                try lab.settled()
                expect(try linted(), "HV201", "0")
                expect(
                    try lab.haprov("verify", "--yes", inventory: inventory), 3, "found it on haproxy1",
                    "haprov-vrrpd on haproxy1 kept the VIP although HAProxy is dead, so its health check does not see that"
                )
            }
        }

        @Test(.long) func theCheckMayNotSignalHAProxy() throws {
            let inventory = try sound()
            let script = check("kill -0 $(/usr/bin/pidof haproxy)", "    user nobody")
            try sabotaging(balancers, by: script) {
                try lab.wait("nobody to hold the VIP") { try lab.holders() == [] }
                expect(try linted(), "HV210", "nobody")
                expect(
                    try lab.haprov("verify", "--yes", inventory: inventory), 3, "found none",
                    "the health check itself is likely to fail", "it may not signal HAProxy (script_user)")
            }
        }

        @Test(.long) func theWeightIsTooSmall() throws {
            let inventory = try sound()
            try sabotaging(balancers, by: check("exec /usr/bin/pidof haproxy >/dev/null", "    weight -1")) {
                try lab.settled()
                expect(try linted(), "HV101", "1")
                expect(
                    try lab.haprov("verify", "--yes", inventory: inventory), 3, "found it on haproxy1",
                    "has it no weight?")
            }
        }

        /// What says where the VIP is now is dropped where the clients are.
        @Test(.long) func announcementsDoNotArrive() throws {
            let inventory = try sound()
            func here(_ command: String) throws -> Program.Outcome {
                try lab.lab("run", "--", "sh", "-c", command)
            }
            defer { _ = try? here("nft delete table arp t") }
            try #require(try lab.get("http://\(EndToEndLab.vip)/") != "")
            let filter = try here(
                """
                nft 'add table arp t; add chain arp t c { type filter hook input priority 0; }
                add rule arp t c arp saddr ip \(EndToEndLab.vip) drop'
                """)
            try #require(filter.status == 0, "\(filter)")
            let told = try lab.haprov("verify", "--yes", inventory: inventory)
            let hardware = try lab.ask("haproxy1", "cat /sys/class/net/ens33/address")
            expect(
                told, 3, "haproxy2 holds the VIP, and controller still takes \(hardware), haproxy1's, for it",
                "(gratuitous ARP) did not arrive there")
            #expect(told.summary["drills"][0]["restored"].flag == true)
            #expect(try here("nft delete table arp t").status == 0)
            try lab.settled()
            let again = try lab.haprov("verify", "--yes", inventory: inventory)
            #expect(again.status == 0, "\(again)")
        }
    }
}
