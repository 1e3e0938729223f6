import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("What a packet filter surely drops")
struct PacketFilterTests {
    private static func dropped(_ filter: PacketFilter) -> [String] {
        var names: [String] = []
        if filter.drops(.init("vrrp", nic: "ens33")) { names.append("vrrp") }
        for port in [80, 443] where filter.drops(.init("tcp", port: port, nic: "ens33")) { names.append("\(port)") }
        return names
    }

    @Test(
        "iptables -S",
        arguments: [
            ("-P INPUT ACCEPT", []),
            ("-P INPUT DROP", ["vrrp", "80", "443"]),
            (
                "-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT",
                ["vrrp", "80", "443"]
            ),
            ("-P INPUT DROP\n-A INPUT -p vrrp -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT", []),
            (
                "-P INPUT DROP\n-A INPUT -d 224.0.0.18/32 -p 112 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 1:100 -j ACCEPT",
                ["443"]
            ),
            (
                "-P INPUT ACCEPT\n-N own\n-A INPUT -j own\n-A own -p tcp -m tcp --dport 80 -j ACCEPT\n"
                    + "-A own -m comment --comment \"the rest\" -j REJECT --reject-with icmp-host-prohibited",
                ["vrrp", "443"]
            ),
            ("-P INPUT ACCEPT\n-N own\n-A INPUT -j own\n-A own -p tcp -j RETURN\n-A own -j DROP", ["vrrp"]),
            // What is not sure is no reason for a word.
            ("-P INPUT ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP\n-A INPUT ! -i ens33 -j DROP", []),
            ("-P INPUT DROP\n-A INPUT -s 172.16.0.0/12 -j ACCEPT", []),
            ("-P INPUT ACCEPT\n-A INPUT -p vrrp -j DROP", ["vrrp"]),
            ("-P INPUT ACCEPT\n-A INPUT -i ens+ -p tcp -m tcp --dport 443 -j DROP", ["443"]),
        ] as [(String, [String])])
    func iptables(text: String, expected: [String]) throws {
        let filter = try #require(PacketFilter.iptables(text.split(separator: "\n").map(String.init)))
        #expect(Self.dropped(filter) == expected)
    }

    /// As nft 1.0 prints it.
    private static func ruleset(_ rules: String, policy: String = "drop") -> [String] {
        """
        table inet filter {
        set blocked {
        type ipv4_addr
        }

        chain input {
        type filter hook input priority filter; policy \(policy);
        \(rules)
        }

        chain own {
        tcp dport { 80, 8000-8010 } accept
        }

        chain output {
        type filter hook output priority filter; policy drop;
        }
        }
        """.split(separator: "\n").map(String.init)
    }

    @Test(
        "nft list ruleset",
        arguments: [
            ("", "accept", []), ("", "drop", ["vrrp", "80", "443"]),
            ("iif \"lo\" accept\nct state established,related accept", "drop", ["vrrp", "80", "443"]),
            (
                "ct state { established, related } counter packets 0 bytes 0 accept\njump own\nip protocol 112 accept",
                "drop", ["443"]
            ),
            ("iifname \"ens33\" meta l4proto { 6, 112 } accept", "drop", []),
            ("tcp dport 443 accept\nreject with icmpx type port-unreachable", "accept", ["vrrp", "80"]),
            ("ip saddr @blocked drop\nct state invalid drop", "accept", []),
            ("ip saddr 172.16.0.0/12 accept", "drop", []), ("iifname != \"ens33\" drop", "accept", []),
            (
                "meta nfproto ipv6 drop\nip6 nexthdr 58 accept\nlog prefix \"in: \" drop", "accept",
                ["vrrp", "80", "443"]
            ),
        ] as [(String, String, [String])])
    func nftables(rules: String, policy: String, expected: [String]) throws {
        let filters = PacketFilter.nftables(Self.ruleset(rules, policy: policy))
        try #require(filters.count == 1)
        #expect(Self.dropped(filters[0]) == expected)
    }

    @Test("Preflight names the line to add, unless firewalld or ufw is opened by itself")
    func remarks() throws {
        let cluster = try Samples.cluster()
        func said(_ edit: (inout Facts) -> Void) -> [String] {
            let facts = Samples.threeHosts { if var one = $0["haproxy2"] { edit(&one); $0["haproxy2"] = one } }
            return Preflight(cluster: cluster, facts: facts).remarks(resources: [:]).map(\.description)
                .filter { $0.contains("drops") }
        }
        #expect(
            said { $0.filterRules["nft"] = Self.ruleset("tcp dport 80 accept") } == [
                "haproxy2: chain input of nftables' table inet filter drops VRRP, so that the balancers would not hear each "
                    + "other and several take the VIP: let it in by `nft insert rule inet filter input iifname \"ens33\" meta "
                    + "l4proto 112 accept`, and where it is kept for the next boot"
            ])
        #expect(
            said { $0.filterRules["iptables"] = ["-P INPUT DROP", "-A INPUT -p vrrp -j ACCEPT"] } == [
                "haproxy2: iptables' chain INPUT drops port 80: let it in by `iptables -I INPUT -p tcp --dport 80 -j ACCEPT`, "
                    + "and where it is kept for the next boot"
            ])
        #expect(
            said {
                $0.filterRules["iptables"] = ["-P INPUT DROP"]
                $0.ufw.isActive = true
            } == [])
    }

    @Test("Who sets the NIC up anew is named with the line to add")
    func managers() throws {
        let facts = Samples.threeHosts {
            $0["haproxy1"]?.networkManagers = [
                NetworkManagerFact(name: "systemd-networkd", file: "/run/systemd/network/10-netplan-ens33.network")
            ]
            $0["haproxy2"]?.networkManagers = [NetworkManagerFact(name: "NetworkManager", file: "")]
        }
        let said = Preflight(cluster: try Samples.cluster(), facts: facts).remarks(resources: [:]).map(\.description)
        #expect(
            said.contains {
                $0.hasPrefix(
                    "haproxy1: systemd-networkd manages ens33 by /run/systemd/network/10-netplan-ens33.network")
                    && $0.hasSuffix("/etc/systemd/network/10-netplan-ens33.network.d/haprov.conf")
            }, "\(said)")
        #expect(said.contains { $0.hasPrefix("haproxy2: NetworkManager manages ens33") }, "\(said)")
    }
}
