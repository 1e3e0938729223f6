import Foundation
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// The rules of ufw(8) as it writes them down.
@Suite("ufw") struct UfwTests {
    @Test(
        "A rule that says otherwise of the same port is not put aside, and what says nothing of it is let be",
        arguments: ScratchHost.shells,
        [
            ("deny tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", true), ("limit tcp 80 ::/0 any ::/0 in", true),
            ("allow_log tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", true), ("allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", false),
            ("deny tcp 8080 0.0.0.0/0 any 0.0.0.0/0 in", false), ("deny tcp 80 0.0.0.0/0 any 192.0.2.0/24 in", false),
            ("deny udp 80 0.0.0.0/0 any 0.0.0.0/0 in", false), ("route:deny tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", false),
        ])
    func others(shell: String, rule: (tuple: String, isOther: Bool)) async throws {
        let host = try ScratchHost(shell)
        try host.write("### tuple ### \(rule.tuple)\n", rule.tuple.contains("::") ? "user6.rules" : "user.rules")
        let told = try await host.shell("ufw_others tcp 80", overrides: "ufw_etc=\(host.root)")
        let words = String(decoding: told.standardOutput, as: UTF8.self)
        let action = rule.tuple.prefix { $0 != " " }
        #expect(words.filter { !$0.isNewline } == (rule.isOther ? "\(action) 80/tcp" : ""))
    }

    @Test("What it lets in and what it does otherwise is told, as ufw 0.36 writes it", arguments: ScratchHost.shells)
    func probe(shell: String) async throws {
        let host = try ScratchHost(shell)
        try host.write("ENABLED=yes\n", "ufw.conf")
        try host.write(
            """
            ### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
            ### tuple ### allow_log tcp 80 0.0.0.0/0 any 0.0.0.0/0 in
            ### tuple ### allow tcp 81 0.0.0.0/0 any 192.0.2.0/24 in
            ### tuple ### deny tcp 8000:8010,9000 0.0.0.0/0 any 0.0.0.0/0 in comment=68656c
            ### tuple ### deny any 82 0.0.0.0/0 any 0.0.0.0/0 in_eth0
            ### tuple ### limit tcp 83 0.0.0.0/0 any 0.0.0.0/0 WWW - in
            ### tuple ### deny any 84 0.0.0.0/0 any 0.0.0.0/0 out

            """, "user.rules")
        try host.write("### tuple ### deny any any ::/0 any ::/0 in\n", "user6.rules")
        let result = try await host.shell(
            "probe_ufw",
            overrides: """
                ufw_etc=\(host.root)
                ufw() { case $1 in version) echo ufw 0.36.2 ;; status) echo Status: active ;; esac; }
                """)
        let ufw = FactsReader.read(result.standardOutput).ufw
        #expect(ufw.isActive && ufw.version == "0.36.2")
        #expect(ufw.open == ["tcp 22", "tcp 80"])
        #expect(
            ufw.others == [
                .init(action: "allow_log", transport: "tcp", ports: "80"),
                .init(action: "deny", transport: "tcp", ports: "8000:8010,9000"),
                .init(action: "deny", transport: "any", ports: "82", direction: "in_eth0"),
                .init(action: "limit", transport: "tcp", ports: "83"),
                .init(isIPv4: false, action: "deny", transport: "any", ports: "any"),
            ])
    }

    /// Rewrites its files as ufw does: in a form of its own.
    private static let program = """
        ufw() {
            for f in user.rules user6.rules; do
                any=0.0.0.0/0
                [ "$f" = user.rules ] || any=::/0
                case "$*" in
                'allow 80/tcp') sed -i "s|^### END RULES|### tuple ### allow tcp 80 $any any $any in\\n&|" "$ufw_etc/$f" ;;
                'delete allow 80/tcp') sed -i '/ allow tcp 80 /d' "$ufw_etc/$f" ;;
                'delete allow proto tcp from 0.0.0.0/0 to 0.0.0.0/0 port 80')
                    sed -i '/ allow tcp 80 0.0.0.0/d' "$ufw_etc/$f" ;;
                *) return 1 ;;
                esac
                sed -i '/^# a note$/d' "$ufw_etc/$f"
            done
        }
        """

    private static func rules(_ tuples: String, logging: String = "low") -> String {
        "### RULES ###\n# a note\n\(tuples)### END RULES ###\n### LOGGING ###\n\(logging)\n### END LOGGING ###\n"
    }

    @Test("Undoing brings the bytes back", arguments: ScratchHost.shells)
    func undo(shell: String) async throws {
        let host = try ScratchHost(shell)
        let old = Self.rules("### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n")
        for name in ["user.rules", "user6.rules"] { try host.write(old, name) }
        let overrides = "ufw_etc=\(host.root)\n\(Self.program)"
        #expect(try await host.perform([OpenUFW("80/tcp")], overrides: overrides).failure == nil)
        #expect(host.text("\(host.root)/user.rules")?.contains("allow tcp 80") == true)
        #expect(host.text("\(host.root)/user.rules")?.contains("a note") == false)
        #expect(try await host.undo([1], overrides: overrides).failure == nil)
        for name in ["user.rules", "user6.rules"] { #expect(host.text("\(host.root)/\(name)") == old) }
    }

    @Test("Undoing takes back the rule alone where something else was changed since", arguments: ScratchHost.shells)
    func undoAlone(shell: String) async throws {
        let host = try ScratchHost(shell)
        let own = "### tuple ### allow tcp 80 ::/0 any ::/0 in\n"
        try host.write(Self.rules(""), "user.rules")
        try host.write(Self.rules(own), "user6.rules")
        let overrides = "ufw_etc=\(host.root)\n\(Self.program)"
        #expect(try await host.perform([OpenUFW("80/tcp")], overrides: overrides).failure == nil)
        for name in ["user.rules", "user6.rules"] {
            let text = try #require(host.text("\(host.root)/\(name)"))
            try host.write(text.replacing("\nlow\n", with: "\nhigh\n"), name)
        }
        #expect(try await host.undo([1], overrides: overrides).failure == nil)
        let now = try #require(host.text("\(host.root)/user.rules"))
        #expect(now.contains("\nhigh\n") && !now.contains("allow tcp 80"), "\(now)")
        // Nor what was open by IPv6 before.
        #expect(host.text("\(host.root)/user6.rules")?.contains(own) == true)
    }
}
