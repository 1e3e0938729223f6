import Foundation
import Testing

/// What packet filters do to VRRP, and whether the advice that is given helps.
extension DebianTests {
    /// A packet filter of a host, of every kind there is.
    private struct Filter {
        var host: String
        var rules: String
        /// What preflight says to add.
        var lines: [String]

        /// What shows all of them, without what they have counted.
        static let show = """
            { nft list ruleset; for t in filter raw; do iptables -t $t -S; iptables-legacy -t $t -S; done; } 2>/dev/null |
                sed 's/packets [0-9]* bytes [0-9]*//'
            """
        static let clear =
            "nft flush ruleset; iptables-legacy -P INPUT ACCEPT; iptables-legacy -F; iptables-legacy -t raw -F"
    }

    private static let filters = [
        Filter(
            host: "haproxy1",
            rules: """
                nft -f - <<'END'
                table inet own {
                    chain early {
                        type filter hook prerouting priority raw; policy accept;
                        iifname != "lo" ip daddr 224.0.0.0/4 counter drop
                    }
                    chain input {
                        type filter hook input priority filter; policy drop;
                        ct state vmap { established : accept, related : accept, invalid : drop }
                        meta l4proto vmap { icmp : accept, tcp : jump tcp_in }
                        iifname "lo" accept
                    }
                    chain tcp_in {
                        ct state new tcp dport { 22, 443 } accept
                    }
                }
                END
                """,
            lines: [
                "nft insert rule inet own early iifname \"ens33\" meta l4proto 112 accept",
                "nft insert rule inet own input iifname \"ens33\" meta l4proto 112 accept",
                "nft insert rule inet own input tcp dport 80 accept",
            ]),
        Filter(
            host: "haproxy2",
            rules: """
                iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                iptables -A INPUT -i lo -j ACCEPT
                iptables -A INPUT -p tcp -m multiport --dports 22,443 -m comment --comment "log in, not 80" -j ACCEPT
                iptables -P INPUT DROP
                iptables -t raw -A PREROUTING -p 112 -j DROP
                iptables -A OUTPUT -p 112 -j DROP
                """,
            lines: [
                "iptables -I INPUT -i ens33 -p 112 -j ACCEPT", "iptables -I INPUT -p tcp --dport 80 -j ACCEPT",
                "iptables -I OUTPUT -o ens33 -p 112 -j ACCEPT",
                "iptables -t raw -I PREROUTING -i ens33 -p 112 -j ACCEPT",
            ]),
        Filter(
            host: "haproxy3",
            rules: """
                iptables-legacy -N own
                iptables-legacy -A own -m state --state NEW -p tcp --dport 22 -j RETURN
                iptables-legacy -A own -m state --state NEW ! -p icmp -j REJECT --reject-with icmp-host-prohibited
                iptables-legacy -A INPUT ! -i lo -j own
                """,
            lines: [
                "iptables-legacy -I INPUT -i ens33 -p 112 -j ACCEPT",
                "iptables-legacy -I INPUT -p tcp --dport 80 -j ACCEPT",
            ]),
    ]

    /// What preflight has to say of hosts, in its own marks for commands.
    private func advice(_ lab: EndToEndLab, _ inventory: String) throws -> [String: [String]] {
        let told = try lab.haprov("preflight", inventory: inventory)
        #expect(told.status == 0, "\(told)")
        var lines: [String: [String]] = [:]
        for note in told.all("note") {
            guard let text = note["text"].text, text.contains(" drops "), let host = note["host"].text else { continue }
            lines[host, default: []].append(text.split(separator: "`").map(String.init).dropLast().last ?? "")
        }
        return lines
    }

    @Test(
        "What would drop VRRP is named with the lines that help, added as they stand; haprov adds none",
        .enabled(if: EndToEndTrait.arePlatformsAsked, "set HAPROV_PLATFORM_TESTS=1"))
    func packetFilters() throws {
        let lab = EndToEndLab.debian
        try lab.bare()
        let inventory = try lab.inventory(
            "filters", EndToEndLab.engineVRRPD, EndToEndLab.packagedHAProxy, EndToEndLab.withoutKeepalived)
        for filter in Self.filters { try lab.ask(filter.host, "set -e\n" + filter.rules) }
        defer { for filter in Self.filters { _ = try? lab.on(filter.host, Filter.clear) } }
        let expected = Dictionary(uniqueKeysWithValues: Self.filters.map { ($0.host, $0.lines) })
        #expect(try advice(lab, inventory) == expected)
        for filter in Self.filters { try lab.ask(filter.host, (["set -e"] + filter.lines).joined(separator: "\n")) }
        #expect(try advice(lab, inventory) == [:])
        let before = try Self.filters.map { try lab.ask($0.host, Filter.show) }
        let applied = try lab.haprov("apply", "--yes", inventory: inventory)
        lab.disturbed()
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.summary["drills"][0]["ok"].flag == true, "\(applied)")
        let back = try lab.haprov("rollback", "--all", "--yes", inventory: inventory)
        #expect(back.status == 0, "\(back)")
        let after = try Self.filters.map { try lab.ask($0.host, Filter.show) }
        #expect(before == after)
    }
}
