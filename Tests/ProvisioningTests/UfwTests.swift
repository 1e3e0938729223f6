import Testing

/// The rules of ufw(8) as it writes them down.
@Suite("ufw") struct UfwTests {
    @Test(
        "A rule that says otherwise of the same port is not put aside, and what says nothing of it is let be",
        arguments: ScratchHost.shells,
        [
            ("deny tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", true), ("limit tcp 80 ::/0 any ::/0 in", true),
            ("allow_log tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", true), ("allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in", false),
            ("deny tcp 8080 0.0.0.0/0 any 0.0.0.0/0 in", false), ("deny tcp 80 0.0.0.0/0 any 192.0.2.0/24 in", false),
            ("deny udp 80 0.0.0.0/0 any 0.0.0.0/0 in", false),
        ])
    func others(shell: String, rule: (tuple: String, isOther: Bool)) async throws {
        let host = try ScratchHost(shell)
        try host.write("### tuple ### \(rule.tuple)\n", rule.tuple.contains("::") ? "user6.rules" : "user.rules")
        let told = try await host.shell("ufw_others tcp 80", overrides: "ufw_etc=\(host.root)")
        let words = String(decoding: told.standardOutput, as: UTF8.self)
        let action = rule.tuple.prefix { $0 != " " }
        #expect(words.filter { !$0.isNewline } == (rule.isOther ? "\(action) 80/tcp" : ""))
    }
}
