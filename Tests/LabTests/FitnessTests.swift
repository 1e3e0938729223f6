import Foundation
import Testing

extension EndToEndTests {
    /// Hosts that somebody else's VRRP and HAProxy run on.
    @Suite(.serialized) struct FitnessTests {
        private let lab = EndToEndLab.main

        /// Of another cluster with the same number, where the controller is.
        private func stranger() throws -> Program {
            let built = URL(fileURLWithPath: EndToEndLab.program).deletingLastPathComponent()
                .appendingPathComponent("haprov-vrrpd").path
            let program = ProcessInfo.processInfo.environment["HAPROV_VRRPD"] ?? built
            let configuration = "\(lab.folder)/stranger.conf"
            let text = """
                vrrp_instance OTHER {
                    interface eth0
                    virtual_router_id 51
                    priority 150
                    virtual_ipaddress {
                        172.16.122.77/24
                    }
                }

                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
            return try Program([
                EndToEndLab.program, "lab", "run", "--name", lab.name, "--", program, "run", "-f", configuration,
                "--pid",
                "\(lab.folder)/stranger.pid", "--socket", "\(lab.folder)/stranger.sock",
            ])
        }

        /// An init script as distributions wrote them.
        private static let initScript = """
            #!/bin/sh
            ### BEGIN INIT INFO
            # Provides: keepalived
            # Required-Start: $network
            # Required-Stop: $network
            # Default-Start: 2 3 4 5
            # Default-Stop: 0 1 6
            # Short-Description: keepalived
            ### END INIT INFO
            case $1 in
            start) /usr/sbin/keepalived 86400 & ;;
            stop) pkill -x keepalived || : ;;
            esac
            """

        @Test(.long) func theGuidesClusterIsNamedAndItsInitScriptComesBack() throws {
            try lab.bare()
            defer {
                _ = try? lab.on(
                    "haproxy1",
                    """
                    systemctl disable --now keepalived; rm -f /usr/sbin/keepalived /etc/init.d/keepalived /etc/rc?.d/???keepalived
                    systemctl daemon-reload
                    """)
                _ = try? lab.on("haproxy2", "systemctl stop by-hand.scope launch.service; rm -rf /opt/haproxy")
            }
            // Programs of these names are enough: what they do is not looked at.
            try lab.ask(
                "haproxy1",
                """
                cat >/etc/init.d/keepalived <<'END'
                \(Self.initScript)
                END
                chmod +x /etc/init.d/keepalived; cp /bin/sleep /usr/sbin/keepalived
                systemctl daemon-reload; systemctl enable keepalived; systemctl start keepalived
                """)
            try lab.ask(
                "haproxy2",
                """
                mkdir /opt/haproxy; cp /bin/sleep /opt/haproxy/haproxy
                systemd-run --quiet --unit=launch systemd-run --scope --quiet --unit=by-hand /opt/haproxy/haproxy 86400
                """)
            try lab.wait("that HAProxy to run") { try lab.on("haproxy2", "pgrep -x haproxy").status == 0 }
            let other = try stranger()
            defer {
                kill(other.id, SIGTERM)
                _ = try? other.finish(within: 60)
            }
            try lab.wait("the stranger to have its VIP") {
                try lab.lab("run", "--", "ip", "-o", "-4", "addr", "show").output.contains("172.16.122.77")
            }
            let told = try lab.haprov("preflight")
            #expect(told.status == 1, "\(told)")
            let failures = told.failures.joined(separator: "\n")
            for part in [
                "haproxy1 | service keepalived | keepalived runs from the init script /etc/init.d/keepalived",
                "/opt/haproxy/haproxy) runs outside haproxy.service, in by-hand.scope",
                "172.16.122.254 (", "which is none of the balancers, speaks VRRP with virtual router ID 51",
                "priority 150, version 2, no authentication, for 172.16.122.77, heard by haproxy1, haproxy2, haproxy3",
            ] {
                #expect(failures.contains(part), "\(told)")
            }
            for host in EndToEndLab.balancers {
                #expect(try lab.ask(host, "find /run /var/lib /usr/local -name '.haprov-bring*'") == "")
            }

            // As the messages say; the init script stays, and is enabled.
            kill(other.id, SIGTERM)
            try lab.ask(
                "haproxy1",
                "systemctl stop keepalived; pkill -x keepalived || :; rm /usr/sbin/keepalived; systemctl reset-failed keepalived"
            )
            try lab.ask("haproxy2", "systemctl stop by-hand.scope launch.service; rm -r /opt/haproxy")
            let before = try lab.snapshots()
            let applied = try lab.haprov("apply", "--yes", "--no-verify")
            lab.disturbed()
            #expect(applied.status == 0, "\(applied)")
            let back = try lab.haprov("rollback", "--yes")
            #expect(back.status == 0, "\(back)")
            try lab.expectUnchanged(since: before)
            #expect(try lab.ask("haproxy1", "ls /etc/rc?.d | grep -c 'S..keepalived'") == "4")
        }
    }
}
