import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("What a packet filter surely drops")
struct PacketFilterTests {
    /// What is dropped; what is not judged has a question mark.
    private static func dropped(_ filter: PacketFilter) -> [String] {
        let group = AddressFamily.ipv4.multicastGroup
        var packets = [("vrrp", PacketFilter.Packet("vrrp", nic: "ens33", destination: group))]
        for port in [80, 443] { packets.append(("\(port)", .init("tcp", port: port, nic: "ens33"))) }
        return packets.compactMap { name, packet in
            switch filter.judge(packet) {
            case .letIn: nil
            case .dropped: name
            case .unknown: name + "?"
            }
        }
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
            ("-P INPUT DROP\n-A INPUT -s 172.16.0.0/12 -j ACCEPT", ["vrrp?", "80?", "443?"]),
            ("-P INPUT DROP\n-A INPUT -d 10.0.0.0/8 -p vrrp -j ACCEPT", ["vrrp", "80", "443"]),
            ("-P INPUT DROP\n-A INPUT -p tcp -j NFQUEUE --queue-num 1", ["vrrp", "80?", "443?"]),
            ("-P INPUT DROP\n-A INPUT -p tcp -j LOG --log-prefix \"no -j ACCEPT \"", ["vrrp", "80", "443"]),
            // What goes to another chain does not come back, what jumps does.
            ("-P INPUT ACCEPT\n-N own\n-A INPUT -g own\n-A INPUT -j DROP", []),
            ("-P INPUT ACCEPT\n-N own\n-A INPUT -j own\n-A INPUT -p vrrp -j DROP", ["vrrp"]),
            (
                "-P INPUT ACCEPT\n-N own\n-A INPUT -j own\n-A own -s 10.0.0.0/8 -j RETURN\n-A own -p vrrp -j DROP",
                ["vrrp?"]
            ),
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
            ("ip saddr 172.16.0.0/12 accept", "drop", ["vrrp?", "80?", "443?"]),
            ("iifname != \"ens33\" drop", "accept", []),
            (
                "meta nfproto ipv6 drop\nip6 nexthdr 58 accept\nlog prefix \"in: \" drop", "accept",
                ["vrrp", "80", "443"]
            ),
            ("ct state vmap { invalid : drop, established : accept }", "drop", ["vrrp", "80", "443"]),
            (
                "ct state 0x8 tcp dport vmap { 22 : accept, 80 : jump own, 8000-8010 : goto own }", "drop",
                ["vrrp", "443"]
            ),
            ("ct state { 0x8, 0x40 } accept", "drop", []),
            ("iifname vmap { \"lo\" : accept, \"ens33\" : jump own }", "drop", ["vrrp", "443"]),
            ("meta l4proto vmap { 6 : jump own, 112 : accept }", "drop", ["443"]),
            ("tcp dport vmap @ports", "drop", ["vrrp", "80?", "443?"]),
            ("meta nfproto vmap { ipv4 : jump own, ipv6 : drop }", "drop", ["vrrp", "443"]),
            ("iifname . tcp dport vmap { \"ens33\" . 80 : accept }", "drop", ["vrrp", "80?", "443?"]),
            ("iifname . tcp dport { \"ens33\" . 80 } accept", "drop", ["vrrp", "80?", "443?"]),
            ("iifname @nics accept", "drop", ["vrrp?", "80?", "443?"]),
            ("iifname { \"ens33\", \"ens34\" } tcp dport 80 accept", "drop", ["vrrp", "443"]),
            ("meta l4proto 1-120 accept", "drop", ["vrrp?", "80?", "443?"]),
            ("fib daddr . iif type 2 accept", "drop", ["vrrp?", "80?", "443?"]),
            ("meta mark set 0x00000001 tcp dport 80 accept", "drop", ["vrrp", "443"]),
            ("ip daddr { 10.0.0.1, 224.0.0.0/24 } ip protocol 112 accept", "drop", ["80", "443"]),
            ("tcp dport 80 counter packets 0 bytes 0 accept comment \"or drop 443\"", "drop", ["vrrp", "443"]),
            ("log prefix \"we drop \" flags all\ntcp dport 80 accept", "drop", ["vrrp", "443"]),
            ("goto own\naccept", "drop", ["vrrp", "443"]),
        ] as [(String, String, [String])])
    func nftables(rules: String, policy: String, expected: [String]) throws {
        let filters = PacketFilter.nftables(Self.ruleset(rules, policy: policy))
        try #require(filters.count == 1)
        #expect(Self.dropped(filters[0]) == expected)
    }

    @Test("Only chains that see IPv4")
    func families() {
        for family in ["arp", "bridge", "ip6"] {
            let lines = Self.ruleset("").map { $0.replacing("table inet", with: "table \(family)") }
            #expect(PacketFilter.nftables(lines) == [])
        }
    }

    @Test("Preflight names the line to add, unless firewalld or ufw is opened by itself")
    func remarks() throws {
        let cluster = try Samples.cluster()
        func said(_ edit: (inout Facts) -> Void) -> [String] {
            let facts = Samples.threeHosts { if var one = $0["haproxy2"] { edit(&one); $0["haproxy2"] = one } }
            return Preflight(cluster: cluster, facts: facts).remarks(resources: [:]).map(\.description)
                .filter { $0.contains("drops") || $0.contains("let in") || $0.contains("lets in") }
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
            said { $0.filterRules["nft"] = Self.ruleset("tcp dport 80 accept\nip daddr 10.0.0.0/8 accept") } == [
                "haproxy2: chain input of nftables' table inet filter drops VRRP, so that the balancers would not hear each "
                    + "other and several take the VIP: let it in by `nft insert rule inet filter input iifname \"ens33\" meta "
                    + "l4proto 112 accept`, and where it is kept for the next boot"
            ])
        #expect(
            said { $0.filterRules["nft"] = Self.ruleset("ip saddr @friends accept") } == [
                "haproxy2: chain input of nftables' table inet filter was not judged for VRRP, port 80: it has rules that "
                    + "haprov does not understand; see that they are let in"
            ])
        #expect(
            said {
                $0.filterRules["iptables"] = ["-P INPUT DROP"]
                $0.cutFilters = ["iptables"]
            } == [
                "haproxy2: iptables has more rules than haprov judges: see that it lets in VRRP (IP protocol 112) and what "
                    + "frontends listen on"
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
