import Foundation
import Testing

extension EndToEndTests {
    /// Machines that answer for the VIP or speak VRRP and are none of the inventory's balancers.
    @Suite(.serialized) struct StrangerTests {
        private let lab = EndToEndLab.main
        private static let third = "  haproxy3: { address: 172.16.122.103, role: balancer, priority: 99 }\n"
        private static let stop = "'systemctl stop keepalived; systemctl disable keepalived'"

        /// A balancer that was only deleted from the inventory goes on with what it was told last.
        @Test(.long) func aBalancerTakenOutOfTheInventoryIsSeen() throws {
            try lab.converged()
            let without = try lab.inventory("without", (Self.third, ""))
            let another = try lab.inventory(
                "another-router", (Self.third, ""), ("virtual_router_id: ", "virtual_router_id: 1"))
            lab.disturbed()
            defer {
                _ = try? lab.on("haproxy3", "systemctl start sshd; systemctl stop keepalived")
                _ = try? lab.haprov("apply", "--yes", "--no-verify")
            }
            // Nothing is to be done, and yet it is there.
            for command in [["plan"], ["apply", "--yes"]] {
                let told = try Told(try lab.start(command, inventory: without).finish())
                #expect(told.status == 0 && told.summary["changes"].number == 0, "\(told)")
                let notes = told.all("note").compactMap { $0["text"].text }
                #expect(
                    notes.contains { $0.contains("haproxy3 (172.16.122.103)") && $0.contains(Self.stop) }, "\(told)")
            }
            try namesIt(try lab.haprov("status", inventory: without))
            // What it would not follow is refused while it takes part.
            let before = try lab.ask("haproxy1", "sha256sum /etc/keepalived/keepalived.conf; ls /var/lib/haprov/runs")
            for command in [["plan"], ["apply", "--yes"]] {
                let told = try Told(try lab.start(command, inventory: another).finish())
                #expect(told.status == 1, "\(told)")
                #expect(told.failures.contains { $0.contains("haproxy3") && $0.contains(Self.stop) }, "\(told)")
            }
            #expect(
                try lab.ask("haproxy1", "sha256sum /etc/keepalived/keepalived.conf; ls /var/lib/haprov/runs") == before)
            try namesIt(try lab.haprov("status", inventory: another))

            // Where it lets nobody in, it cannot be looked at beforehand: who answers for the VIP is seen from outside.
            try lab.ask("haproxy3", "systemctl stop sshd")
            let hardware = try lab.ask("haproxy3", "cat /sys/class/net/ens33/address")
            let told = try lab.haprov("apply", "--yes", "--no-verify", inventory: another)
            #expect(told.status == 3, "\(told)")
            #expect(told.failures.contains { $0.contains(hardware) && $0.contains("haproxy3") }, "\(told)")
            let verified = try lab.haprov("verify", "--yes", inventory: another)
            #expect(verified.status == 3, "\(verified)")
            #expect(verified.failures.contains { $0.contains(hardware) && $0.contains("haproxy3") }, "\(verified)")
            let status = try lab.haprov("status", inventory: another)
            #expect(status.status == 3, "\(status)")
            #expect(status.failures.contains { $0.contains(hardware) && $0.contains("haproxy3") }, "\(status)")

            // Done as it was told, all is well.
            try lab.ask("haproxy3", "systemctl start sshd; systemctl stop keepalived; systemctl disable keepalived")
            let well = try lab.haprov("status", inventory: another)
            #expect(well.status == 0, "\(well)")
            let drilled = try lab.haprov("verify", "--yes", inventory: another)
            #expect(drilled.status == 0, "\(drilled)")
        }

        private func namesIt(_ told: Told) throws {
            #expect(told.status == 3, "\(told)")
            #expect(
                told.failures.contains { $0.hasPrefix("verification | haproxy3 |") && $0.contains(Self.stop) },
                "\(told)")
        }

        /// One that is no balancer answers beside the right one.
        @Test func aStrangerThatAnswersForTheVIPIsNamed() throws {
            try lab.converged()
            let nic = try lab.ask("app3", "ip -o -4 addr show | awk '/172.16.122.106/ { print $2 }'")
            let hardware = try lab.ask("app3", "cat /sys/class/net/\(nic)/address")
            try lab.ask("app3", "ip addr add \(EndToEndLab.vip)/32 dev \(nic)")
            defer { _ = try? lab.on("app3", "ip addr del \(EndToEndLab.vip)/32 dev \(nic)") }
            let status = try lab.haprov("status")
            #expect(status.status == 3, "\(status)")
            #expect(
                status.failures.contains { $0.contains(hardware) && $0.contains("app3 (172.16.122.106)") }, "\(status)")
            let process = try lab.mainProcess("haproxy", on: "haproxy1")
            let verified = try lab.haprov("verify", "--yes")
            #expect(verified.status == 3, "\(verified)")
            #expect(verified.failures.contains { $0.contains(hardware) }, "\(verified)")
            // Nothing is killed while it is not clear who serves the clients.
            #expect(try lab.mainProcess("haproxy", on: "haproxy1") == process)
            try lab.ask("app3", "ip addr del \(EndToEndLab.vip)/32 dev \(nic)")
            let well = try lab.haprov("status")
            #expect(well.status == 0, "\(well)")
        }

        /// A router that answers for what lies behind it has no such address itself.
        @Test(.long) func proxyARPOnlyWarns() throws {
            try lab.converged()
            let nic = try lab.ask("app3", "ip -o -4 addr show | awk '/172.16.122.106/ { print $2 }'")
            let hardware = try lab.ask("app3", "cat /sys/class/net/\(nic)/address")
            try lab.ask(
                "app3",
                """
                sysctl -w net.ipv4.ip_forward=1 net.ipv4.conf.\(nic).proxy_arp=1; ip link add p0 type veth peer name p1; ip link set p1 up
                ip link set p0 up; ip route add \(EndToEndLab.vip)/32 dev p0
                """)
            defer {
                _ = try? lab.on(
                    "app3", "ip link del p0; sysctl -w net.ipv4.ip_forward=0 net.ipv4.conf.\(nic).proxy_arp=0")
            }
            let status = try lab.haprov("status")
            #expect(status.status == 0, "\(status)")
            let notes = status.all("note").compactMap { $0["text"].text }
            #expect(notes.contains { $0.contains(hardware) && $0.contains("proxy ARP") }, "\(status)")
        }
    }
}
