import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("What a packet filter surely drops")
struct PacketFilterTests {
    /// What is dropped; what is not judged has a question mark.
    private static func dropped(_ filter: PacketFilter) -> [String] {
        var packets = [("vrrp", PacketFilter.Packet("vrrp", nic: "ens33", isMulticast: true))]
        for port in [80, 443] { packets.append(("\(port)", .init("tcp", port: port, nic: "ens33"))) }
        return packets.compactMap { name, packet in
            switch filter.judge(packet) {
            case .passes: nil
            case .drops: name
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
            (
                "-P INPUT ACCEPT\n-N own\n-A INPUT -j own\n-A own -s 10.0.0.0/8 -j RETURN\n-A own -j DROP",
                ["vrrp?", "80?", "443?"]
            ),
            ("-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 80 -j NFQUEUE --queue-num 0", ["vrrp", "80?", "443"]),
            (
                "-P INPUT ACCEPT\n-N own\n-A INPUT -g own\n-A INPUT -j DROP\n-A own -j LOG --log-prefix \"drop -j DROP \"",
                []
            ),
            // What is not for them is sure to be.
            (
                "-P INPUT ACCEPT\n-A INPUT ! -i lo -p tcp -m multiport ! --dports 22,80 -m comment --comment \"all \\\"x\\\" y\" "
                    + "-j DROP\n-A INPUT -m conntrack ! --ctstate NEW -j DROP", ["443"]
            ),
            ("-P INPUT ACCEPT\n-A INPUT -d 224.0.0.0/4 -j DROP", ["vrrp"]),
            ("-P INPUT ACCEPT\n-A INPUT -m pkttype --pkt-type multicast -j DROP", ["vrrp"]),
            ("-P INPUT DROP\n-A INPUT -m addrtype --dst-type MULTICAST -j ACCEPT", ["80", "443"]),
            ("-P INPUT DROP\n-A INPUT -s 172.16.0.0/12 -j ACCEPT", ["vrrp?", "80?", "443?"]),
            ("-P INPUT ACCEPT\n-A INPUT -p vrrp -j DROP", ["vrrp"]),
            ("-P INPUT ACCEPT\n-A INPUT -i ens+ -p tcp -m tcp --dport 443 -j DROP", ["443"]),
        ] as [(String, [String])])
    func iptables(text: String, expected: [String]) throws {
        let filters = PacketFilter.iptables(text.split(separator: "\n").map(String.init), command: "iptables")
        try #require(filters.count == 1)
        #expect(Self.dropped(filters[0]) == expected)
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

        chain empty {
        }

        chain own {
        tcp dport { 80, 8000-8010 } accept
        }

        chain output {
        type filter hook output priority filter; policy accept;
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
            // As `nft -nn` prints the state `new`; maps to verdicts.
            ("ct state vmap { 0x1 : drop, 0x2 : accept }\nct state 0x8 tcp dport 80 accept", "drop", ["vrrp", "443"]),
            ("ct state 0x2,0x4 accept", "drop", ["vrrp", "80", "443"]),
            (
                "iifname vmap { \"lo\" : accept, \"ens33\" : jump own }\nmeta l4proto vmap { 6 : goto empty, 112 : accept }",
                "accept", []
            ),
            ("meta l4proto vmap { 6 : jump own, 17 : accept }\ndrop", "accept", ["vrrp", "443"]),
            ("tcp dport vmap { 80 : drop, 443 : goto empty }\ntcp dport 443 drop", "accept", ["80"]),
            // What is not known may let it in.
            ("meta l4proto @open accept\ntcp dport vmap @ports", "drop", ["vrrp?", "80?", "443?"]),
            ("ip protocol . th dport { 6 . 80, 17 . 53 } accept", "drop", ["vrrp?", "80?", "443?"]),
            ("fib daddr type vmap { 2 : accept, 3 : drop }", "drop", ["vrrp?", "80?", "443?"]),
            ("tcp dport 80 queue num 3\nlimit rate 10/second accept", "drop", ["vrrp?", "443?"]),
            ("log prefix \"in drop \" level 4\ncounter name \"c\" comment \"drop\"", "accept", []),
            ("iifname . tcp dport vmap { \"ens33\" . 80 : accept }", "drop", ["vrrp?", "80?", "443?"]),
            ("meta mark set 0x00000001 tcp dport 80 accept", "drop", ["vrrp", "443"]),
            ("ip daddr { 10.0.0.1, 224.0.0.0/24 } ip protocol 112 accept", "drop", ["80", "443"]),
            ("meta nfproto vmap { ipv4 : jump own, ipv6 : drop }", "drop", ["vrrp", "443"]),
            ("goto own\naccept", "drop", ["vrrp", "443"]),
            // What is not for them is sure to be.
            ("ip protocol != { 1, 6, 17 } counter packets 2 bytes 80 drop", "accept", ["vrrp"]),
            ("iifname != \"lo\" tcp dport != 80 reject with tcp reset", "accept", ["443"]),
            ("ip daddr 224.0.0.0/4 drop", "accept", ["vrrp"]), ("meta pkttype 2 drop", "accept", ["vrrp"]),
            (
                "meta nfproto ipv6 drop\nip6 nexthdr 58 accept\nlog prefix \"in: \" drop", "accept",
                ["vrrp", "80", "443"]
            ),
        ] as [(String, String, [String])])
    func nftables(rules: String, policy: String, expected: [String]) throws {
        let filters = PacketFilter.nftables(Self.ruleset(rules, policy: policy))
        try #require(filters.map(\.entry) == ["input", "output"])
        #expect(Self.dropped(filters[0]) == expected)
    }

    @Test("Wherever packets of IPv4 come in or leave, by the keeper of the rules")
    func chains() {
        let ruleset = """
            table netdev n {
            chain c {
            type filter hook ingress devices = { "ens33", "ens34" } priority 0; policy accept;
            meta l4proto 112 drop
            }
            chain other {
            type filter hook ingress device "ens35" priority 0; policy drop;
            }
            }
            table ip raw {
            chain PREROUTING {
            type filter hook prerouting priority -300; policy drop;
            }
            }
            table ip filter {
            chain INPUT {
            type filter hook input priority 0; policy drop;
            }
            chain output {
            type filter hook output priority 0; policy drop;
            }
            }
            table inet sleeping {
            flags dormant
            chain input {
            type filter hook input priority 0; policy drop;
            }
            }
            table ip6 filter {
            chain input {
            type filter hook input priority 0; policy drop;
            }
            }
            table ip nat {
            chain pre {
            type nat hook prerouting priority 0; policy drop;
            }
            }
            """.split(separator: "\n").map(String.init)
        func lines(_ rules: [String: [String]]) -> [String] {
            var facts = Facts()
            facts.filterRules = rules
            let vrrp = PacketFilter.Packet("vrrp", nic: "ens33", isMulticast: true)
            return facts.packetFilters.filter { $0.judge(vrrp) == .drops }.map { $0.line(admitting: vrrp) }
        }
        let raw = "nft insert rule ip raw PREROUTING iifname \"ens33\" meta l4proto 112 accept"
        let input = "nft insert rule ip filter INPUT iifname \"ens33\" meta l4proto 112 accept"
        let plain = [
            "nft insert rule netdev n c meta l4proto 112 accept",
            "nft insert rule ip filter output oifname \"ens33\" meta l4proto 112 accept",
        ]
        #expect(lines(["nft": ruleset]) == [plain[0], raw, input, plain[1]])
        // iptables tells of its tables; the one from before there was nftables has others.
        let policy = ["-P PREROUTING DROP"]
        #expect(
            lines(["nft": ruleset, "iptables": ["-P INPUT DROP", "-P OUTPUT DROP"], "iptables -t raw": policy]) == [
                "iptables -I INPUT -i ens33 -p 112 -j ACCEPT", "iptables -I OUTPUT -o ens33 -p 112 -j ACCEPT",
                "iptables -t raw -I PREROUTING -i ens33 -p 112 -j ACCEPT",
            ] + plain)
        #expect(
            lines(["nft": ruleset, "iptables-legacy -t raw": policy])
                == ["iptables-legacy -t raw -I PREROUTING -i ens33 -p 112 -j ACCEPT", plain[0], raw, input, plain[1]])
    }

    @Test("Preflight names the line to add, unless firewalld or ufw is opened by itself")
    func remarks() throws {
        let cluster = try Samples.cluster()
        func said(_ edit: (inout Facts) -> Void) -> [String] {
            let facts = Samples.threeHosts { if var one = $0["haproxy2"] { edit(&one); $0["haproxy2"] = one } }
            return Preflight(cluster: cluster, facts: facts).remarks().map(\.description)
                .filter { $0.contains("drops") || $0.contains("let in") }
        }
        #expect(
            said { $0.filterRules["nft"] = Self.ruleset("tcp dport 80 accept") } == [
                "haproxy2: chain input of nftables' table inet filter drops VRRP, so that the balancers would not hear each "
                    + "other and several take the VIP: let it in by `nft insert rule inet filter input iifname \"ens33\" meta "
                    + "l4proto 112 accept`, and where it is kept for the next boot"
            ])
        #expect(
            said { $0.filterRules["iptables"] = ["-P INPUT DROP", "-A INPUT -p vrrp -j ACCEPT"] } == [
                "haproxy2: chain INPUT of `iptables` drops port 80: let it in by `iptables -I INPUT -p tcp --dport 80 -j ACCEPT`, "
                    + "and where it is kept for the next boot"
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
                "haproxy2: `iptables -S` has more rules than haprov judges: see that VRRP (IP protocol 112) and what "
                    + "frontends listen on are let in"
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
        let said = Preflight(cluster: try Samples.cluster(), facts: facts).remarks().map(\.description)
        #expect(
            said.contains {
                $0.hasPrefix(
                    "haproxy1: systemd-networkd manages ens33 by /run/systemd/network/10-netplan-ens33.network")
                    && $0.hasSuffix(
                        "into /etc/systemd/network/10-netplan-ens33.network.d/haprov.conf, and `networkctl reload`")
            }, "\(said)")
        #expect(said.contains { $0.hasPrefix("haproxy2: NetworkManager manages ens33") }, "\(said)")

        func saysNothing(_ keeps: String) throws -> Bool {
            let cluster = try Samples.cluster()
            let facts = Samples.threeHosts {
                $0["haproxy1"]?.networkManagers = [
                    NetworkManagerFact(name: "systemd-networkd", file: "/a.network", keeps: keeps)
                ]
            }
            return !Preflight(cluster: cluster, facts: facts).remarks().contains {
                $0.description.contains("KeepConfiguration")
            }
        }
        #expect(try saysNothing("static") && !saysNothing("yes") && !saysNothing("dynamic"))
    }
}
