import Foundation
import Testing

extension PreflightTests {
    /// `status --watch`.
    @Suite(.serialized)
    struct StatusWatchTests {
        private let lab = EndToEndLab.preflight

        /// HAProxy of the holder is killed and kept from starting, and given back once the VIP has moved.
        @Test(.long) func theHolderIsSeenToChange() throws {
            try lab.up()
            let inventory = try lab.inventory(
                "packaged", EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived)
            try lab.converged(inventory)
            let drilled = try lab.haprov("verify", "--yes", inventory: inventory)
            #expect(drilled.status == 0, "\(drilled)")
            let before = try lab.snapshots()
            let folder = "/run/systemd/system/haproxy.service.d"
            defer { _ = try? lab.on("haproxy1", "rm -rf \(folder); systemctl daemon-reload; systemctl start haproxy") }
            var holders: [[String?]] = []
            var dead: JSON = .null
            let told = try lab.haprov("status", "--watch", "--interval", "1s", inventory: inventory) { event, process in
                guard event["type"].text == "round" else { return }
                let now = event["holders"].list.map(\.text)
                let last = holders.last
                if last != now { holders.append(now) }
                switch (now, holders.count) {
                case (["haproxy1"], 1) where last == nil:
                    try lab.ask(
                        "haproxy1",
                        """
                        mkdir -p \(folder); printf '[Unit]\\nConditionPathExists=/nowhere\\n' >\(folder)/hold.conf
                        systemctl daemon-reload; systemctl kill -s KILL haproxy
                        """)
                case (["haproxy2"], _)
                where dead == .null && event["hosts"]["haproxy1"]["services"]["haproxy"].text != "active":
                    dead = event
                    try lab.ask("haproxy1", "rm -rf \(folder); systemctl daemon-reload; systemctl start haproxy")
                case (["haproxy1"], let count) where count > 1 && dead != .null:
                    if event["hosts"]["haproxy1"]["servers"]["app/app1"].text == "up" { kill(process, SIGINT) }
                default: break
                }
            }
            #expect(told.status == 0, "\(told)")
            #expect(told.summary["command"].text == "status" && told.summary["ok"].flag == true)
            // For a moment nobody may have it.
            #expect(holders.filter { !$0.isEmpty } == [["haproxy1"], ["haproxy2"], ["haproxy1"]], "\(holders)")
            let (first, second) = (dead["hosts"]["haproxy1"], dead["hosts"]["haproxy2"])
            #expect(first["routers"][0]["state"].text == "FAULT" && first["servers"] == .null, "\(first)")
            #expect(second["routers"][0]["state"].text == "MASTER" && second["routers"][0]["priority"].number == 100)
            #expect(second["servers"].keys == ["app/app1", "app/app2", "app/app3"], "\(second)")
            #expect(second["running"].keys == ["haproxy", "haprov-vrrpd"])
            #expect(dead["last_run"]["command"].text == "apply" && dead["last_drill"]["result"].text == "ok")
            try lab.settled()
            try nothingStays()
            try lab.expectUnchanged(since: before)
        }

        /// Where nobody listens any more hosts end what they were asked for.
        private func nothingStays() throws {
            for host in EndToEndLab.balancers {
                try lab.wait("nothing of the watch to be left on \(host)", seconds: 30) {
                    try lab.ask(
                        host, "find /run /var/lib /usr/local -name '.haprov-bring*'; pgrep -x haprov-prober || :")
                        == ""
                }
            }
        }
    }
}
