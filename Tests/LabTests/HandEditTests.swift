import Foundation
import Testing

extension EndToEndTests {
    /// What somebody changes by hand on hosts is seen, repaired alone, and brought back by a rollback.
    @Suite(.serialized) struct HandEditTests {
        private let lab = EndToEndLab.main
        private static let edits = [
            "haproxy2": """
            echo '# by hand' >>/usr/local/haproxy/conf/haproxy.cfg
            echo 'net.ipv4.ip_nonlocal_bind=1 # by hand' >/etc/sysctl.d/90-haprov.conf
            """,
            "haproxy3": """
            sed -i 's/^vrrp_instance/# by hand\\n&/' /etc/keepalived/keepalived.conf
            chmod 0604 /etc/keepalived/keepalived.conf
            chown games /etc/keepalived/keepalived.conf
            """,
        ]
        private static let files = [
            "haproxy2 /etc/sysctl.d/90-haprov.conf", "haproxy2 /usr/local/haproxy/conf/haproxy.cfg",
            "haproxy3 /etc/keepalived/keepalived.conf",
        ]

        @Test func threeFilesOnTwoHosts() throws {
            // HAProxy binds the VIP itself, which is what the kernel setting is for.
            try lab.up()
            let bound = try lab.inventory("by-hand", (#"bind: "*:80""#, #"bind: "172.16.122.100:80""#))
            try lab.converged(bound)
            let before = try lab.snapshots()
            let processes = try EndToEndLab.balancers.map { try lab.mainProcess("haproxy", on: $0) }
            for (host, script) in Self.edits { try lab.ask(host, "set -e; " + script) }
            lab.disturbed()
            let edited = try lab.snapshots()
            #expect(edited.difference(from: before).count == 8, "three contents, one mode and owner: each gone and new")

            let plan = try lab.haprov("plan", inventory: bound)
            #expect(plan.status == 2, "\(plan)")
            #expect(try files(plan.all("change")) == Self.files)
            for change in plan.all("change") where change["resource"].text?.hasPrefix("service ") != true {
                #expect(change["diff"].text?.contains("by hand") == true, "\(change)")
            }

            let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: bound)
            #expect(told.status == 0, "\(told)")
            #expect(try files(told.all("change")) == Self.files)
            #expect(told.summary["changes"] == plan.summary["changes"])
            try lab.settled()
            try lab.expectUnchanged(since: before)
            #expect(try EndToEndLab.balancers.map { try lab.mainProcess("haproxy", on: $0) } == processes)

            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            try lab.settled()
            try lab.expectUnchanged(since: edited)
            try lab.converged(bound)
            try lab.expectUnchanged(since: before)
        }

        /// The files that are changed, each with its host; services take them up, on these hosts alone.
        private func files(_ changes: [JSON]) throws -> [String] {
            var files: [String] = []
            for change in changes {
                let words = try #require(change["resource"].text?.split(separator: " ").map(String.init))
                let host = try #require(change["host"].text)
                if words[0] == "service" {
                    #expect(
                        change["summary"].text == "reload \(words[1])" && Self.edits.keys.contains(host), "\(change)")
                } else {
                    files.append("\(host) \(words[1])")
                }
            }
            return files.sorted()
        }
    }
}
