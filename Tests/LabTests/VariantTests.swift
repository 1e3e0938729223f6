import Foundation
import Testing

extension EndToEndTests {
    /// The service as the inventory can also ask for it, each proved by its drills, and the shells of the hosts.
    @Suite(.serialized) struct VariantTests {
        private let lab = EndToEndLab.main
        private let balancers = EndToEndLab.balancers

        /// Applies a variant on the converged hosts, with the drill that such a change brings.
        private func change(_ inventory: String) throws -> Told {
            try lab.converged()
            let told = try lab.haprov("apply", "--yes", inventory: inventory)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            let again = try lab.haprov("plan", inventory: inventory)
            #expect(again.status == 0, "\(again)")
            return told
        }

        @Test func withoutPreemptionTheVIPStays() throws {
            try lab.up()
            let told = try change(try lab.inventory("nopreempt", ("preempt: true", "preempt: false")))
            let drill = told.summary["drills"][0]
            #expect(drill["ok"].flag == true)
            let to = try #require(drill["to"].text)
            #expect(drill["from"].text != to)
            #expect(drill["restored"].flag == true)
            #expect(try lab.holders() == [to])
            for (host, guide) in GuideConfiguration.nonPreemptive {
                let text = try lab.ask(host, "cat /etc/keepalived/keepalived.conf")
                #expect(GuideConfiguration.words(text) == GuideConfiguration.expected(guide), "\(host)")
            }
        }

        @Test(.long) func restartFirstRecoversOnTheSpotAndElseMoves() throws {
            try lab.up()
            let told = try change(
                try lab.inventory("restart-first", ("health_check: process", "health_check: restart-first")))
            let drills = told.summary["drills"]
            #expect(drills.list.map { $0["name"].text } == ["haproxy-restarted", "haproxy-killed"])
            #expect(drills.list.map { $0["ok"].flag } == [true, true])
            #expect(drills[0]["to"] == .null)
            #expect(drills[0]["timeline"] == .list([]))
            #expect(drills[1]["to"].text == "haproxy2")
            try lab.settled()
        }

        @Test(.long) func unicastPassesWhereMulticastDoesNot() throws {
            try lab.converged()
            let inventory = try lab.inventory("unicast", ("  preempt: true", "  preempt: true\n  unicast: true"))
            let told = try change(inventory)
            #expect(told.summary["drills"][0]["ok"].flag == true)
            let rule =
                "nft 'add table ip t; add chain ip t c { type filter hook input priority -300; }; add rule ip t c ip daddr 224.0.0.18 drop'"
            for host in balancers { try lab.ask(host, rule) }
            defer { for host in balancers { _ = try? lab.on(host, "nft delete table ip t") } }
            let verified = try lab.haprov("verify", "--yes", inventory: inventory)
            #expect(verified.status == 0, "\(verified)")
            #expect(try lab.holders() == ["haproxy1"])
        }

        /// Neither dash nor bash, nor the lack of Python, makes a difference.
        @Test(.long, arguments: ["dash", "bash"])
        func hostsNeedAShellAndNoPython(_ shell: String) throws {
            try lab.converged()
            let hide = """
                set -e; ln -sfn \(shell) /bin/sh.new; mv -fT /bin/sh.new /bin/sh
                chmod 000 $(readlink -f /usr/bin/python3); ! python3 -c pass 2>/dev/null
                """
            for host in balancers { try lab.ask(host, hide) }
            defer {
                let show =
                    "chmod 755 $(readlink -f /usr/bin/python3); ln -sfn dash /bin/sh.new; mv -fT /bin/sh.new /bin/sh"
                for host in balancers { _ = try? lab.on(host, show) }
            }
            let inventory = try lab.inventory("shell-\(shell)", ("balance: roundrobin", "balance: leastconn"))
            let told = try lab.haprov("apply", "--yes", "--verify", inventory: inventory)
            lab.disturbed()
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["drills"][0]["ok"].flag == true)
            let second = try lab.haprov("apply", "--yes", inventory: inventory)
            #expect(second.status == 0)
            #expect(second.summary["changes"].number == 0)
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try lab.haprov("plan").status == 0)
            try lab.settled()
        }
    }
}
