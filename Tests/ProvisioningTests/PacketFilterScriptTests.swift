import Foundation
import HostShell
import Testing

@testable import Planning
@testable import Provisioning

/// Rules that nft(8) itself has taken, in a network namespace of their own, as it prints them.
@Suite(
    "Rules as nft prints them",
    .enabled(
        if: geteuid() == 0 && access("/usr/sbin/nft", X_OK) == 0, "namespaces need root, and rules /usr/sbin/nft"))
struct PacketFilterScriptTests {
    private func facts(_ rules: String, shell: String = "dash") async throws -> Facts {
        let host = try ScratchHost(shell)
        let blocked = (0..<5000).map { "192.0.\($0 / 250).\(1 + $0 % 250)" }.joined(separator: ", ")
        let file = try host.write(
            """
            table inet filter {
                set blocked { type ipv4_addr; elements = { \(blocked) }; }
                set few { type inet_service; elements = { 80 }; }
                map ports { type inet_service : verdict; elements = { 80 : accept, 22 : drop }; }
                chain web { tcp dport { 80, 8000-8010 } accept; }
                chain input {
                    type filter hook input priority 0; policy drop;
                    \(rules)
                }
            }
            """, "rules")
        let library = try host.write(ShellLibrary.host.text(of: ["probe_filters"]), "library.sh")
        let script = try host.write(". \(library)\nnft -f \(file) || exit 9\nprobe_filters\n", "script.sh")
        let result = try await host.shell("unshare -n \(shell) \(script)")
        try #require(result.exitStatus == 0, "\(String(decoding: result.standardError, as: UTF8.self))")
        return FactsReader.read(result.standardOutput)
    }

    @Test(
        "What surely drops, and what is not judged",
        arguments: [
            ("ct state vmap { invalid : drop, established : accept, related : accept }", "vrrp drops, 80 drops"),
            ("ct state new accept", "vrrp passes, 80 passes"),
            ("ct state { new, untracked } accept", "vrrp passes, 80 passes"),
            ("tcp dport vmap { 22 : accept, 80 : jump web }", "vrrp drops, 80 passes"),
            ("iifname vmap { lo : accept, ens33 : goto web }", "vrrp drops, 80 passes"),
            ("meta l4proto vmap { tcp : jump web, vrrp : accept }", "vrrp passes, 80 passes"),
            ("tcp dport vmap @ports", "vrrp drops, 80 unknown"),
            ("tcp dport @few accept", "vrrp drops, 80 unknown"),
            ("iifname . tcp dport vmap { ens33 . 80 : accept }", "vrrp unknown, 80 unknown"),
            ("ip saddr @blocked drop\nip protocol vrrp ip daddr 224.0.0.18 accept", "vrrp passes, 80 drops"),
            ("tcp dport 80 counter accept comment \"or drop it\"", "vrrp drops, 80 passes"),
            ("fib daddr . iif type local accept", "vrrp unknown, 80 unknown"),
        ])
    func judged(rules: String, expected: String) async throws {
        let facts = try await facts(rules)
        #expect(facts.cutFilters == [])
        let filter = try #require(PacketFilter.nftables(facts.filterRules["nft"] ?? []).first)
        let vrrp = filter.judge(.init("vrrp", nic: "ens33", isMulticast: true))
        let web = filter.judge(.init("tcp", port: 80, nic: "ens33"))
        #expect("vrrp \(vrrp), 80 \(web)" == expected, "\(facts.filterRules)")
    }

    @Test("More rules than are told are said to be more", arguments: ScratchHost.shells)
    func cut(shell: String) async throws {
        let rules = (1...3100).map { "tcp dport \($0) accept" }.joined(separator: "\n")
        let facts = try await facts(rules, shell: shell)
        #expect(facts.cutFilters == ["nft"])
        #expect(facts.filterRules["nft"]?.count == 3000)
    }
}
