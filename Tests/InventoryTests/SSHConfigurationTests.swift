import Testing

@testable import Inventory

@Suite("OpenSSH's client configuration")
struct SSHConfigurationTests {
    private static func configuration(_ text: String, file: String = "c") -> SSHConfiguration {
        SSHConfiguration(entries: SSHConfiguration.lines(of: text, file: file).lines.map { .line($0) })
    }

    @Test(
        "lines are taken apart as ssh does",
        arguments: [
            ("User ops", ["User", "ops"]), ("  User\t=  ops  ", ["User", "ops"]), ("User=ops", ["User", "ops"]),
            (#"IdentityFile "a b" # words"#, ["IdentityFile", "a b"]),
            ("Host a 'b c' d#e", ["Host", "a", "b c", "d#e"]),
            (#"IdentityFile a\ b"#, ["IdentityFile", "a b"]),
            (#"IdentityFile "a\"b\\c\d""#, ["IdentityFile", #"a"b\c\d"#]),
            (#"IdentityFile """#, ["IdentityFile", ""]), ("User ops\r", ["User", "ops"]),
            (#"ProxyCommand nc "%h" %p # x"#, ["ProxyCommand", #"nc "%h" %p # x"#]),
            ("proxycommand = sh -c 'exec nc'", ["proxycommand", "sh -c 'exec nc'"]),
        ])
    func words(line: String, expected: [String]) throws {
        let (lines, faults) = SSHConfiguration.lines(of: "# comment\n\n\(line)\n", file: "c")
        #expect(faults == [])
        let found = try #require(lines.first)
        #expect([found.keyword] + found.arguments == expected && lines.count == 1)
        #expect(found.place == .init(file: "c", line: 3))
    }

    @Test("a keyword alone and an open quote are faults", arguments: ["User", "User =", "User \"ops", "Host 'a"])
    func broken(line: String) {
        let (lines, faults) = SSHConfiguration.lines(of: "Port 1\n\(line)", file: "c")
        #expect(lines.count == 1)
        #expect(faults.map(\.line) == [2] && faults.allSatisfy { $0.severity == .error && $0.file == "c" })
    }

    @Test(
        "patterns, and those that are negated",
        arguments: [
            ("Host *", true), ("Host web1", true), ("Host web?", true), ("Host 10.0.0.*", true),
            ("Host db* web*", true),
            ("Host web* !web1", false), ("Host * !10.0.0.1", false), ("Host !web1 *", false), ("Host !db", false),
            ("Host db !web2 web1", true), ("Host WEB1", false), ("Match all", true), ("Match host web1", false),
        ])
    func patterns(line: String, holds: Bool) {
        let answer = Self.configuration("\(line)\nUser found\n").answer(for: ["web1", "10.0.0.1"])
        #expect((answer.user?.value == "found") == holds)
    }

    @Test("of several values the first holds, files of keys are all taken, and what is said of nobody is said of all")
    func firstWins() {
        let answer = Self.configuration(
            """
            ConnectTimeout 1m
            Host other
              User other
              IdentityFile other
            Host web*
              user ops
              IdentityFile one
              ProxyJump gate
            Host *
              User nobody
              Port 2222
              Port 22
              IdentityFile two
              ProxyCommand nc %h %p
            """
        ).answer(for: ["web1"])
        #expect(answer.user?.value == "ops" && answer.user?.place.line == 6)
        #expect(answer.port?.value == 2222)
        #expect(answer.identities.map(\.value) == ["one", "two"])
        #expect(answer.jump?.value == [Jump(address: "gate")])
        #expect(answer.proxyCommand == nil)
        #expect(answer.connectTimeout?.value == 60_000)
        #expect(answer.diagnostics == [])
    }

    @Test("an included file speaks where its line does, and what it says of hosts ends with it")
    func included() {
        func lines(_ text: String, _ file: String) -> [SSHConfiguration.Entry] {
            Self.configuration(text, file: file).entries
        }
        let inner = SSHConfiguration.Entry.included(lines("User all\nHost web1\nPort 1\nHost db\nPort 2", "i"))
        let after = lines("IdentityFile after", "c")
        func answer(_ host: String, below pattern: String) -> SSHConfiguration.Answer {
            SSHConfiguration(entries: lines("Host \(pattern)", "c") + [inner] + after).answer(for: [host])
        }
        let held = answer("web1", below: "web*")
        #expect(held.user?.value == "all" && held.port?.value == 1 && held.identities.map(\.value) == ["after"])
        #expect(held.port?.place == .init(file: "i", line: 3))
        // A file that is included for others says nothing, whatever patterns it has itself.
        let other = answer("db", below: "web*")
        #expect(other.user == nil && other.port == nil && other.identities.isEmpty)
    }

    @Test(
        "bastions",
        arguments: [
            ("a", [Jump(address: "a")]),
            ("ops@a:23,b", [Jump(address: "a", port: 23, user: "ops"), Jump(address: "b")]),
            ("ssh://ops@a:23", [Jump(address: "a", port: 23, user: "ops")]), ("none", []), ("NONE", []),
        ])
    func jumps(text: String, expected: [Jump]) {
        let answer = Self.configuration("ProxyJump \(text)").answer(for: ["x"])
        #expect(answer.jump?.value == expected)
    }

    @Test(
        "values that are none",
        arguments: [
            "Port 0", "Port ssh", "Port 65536", "User -x", "IdentitiesOnly maybe", "ConnectTimeout soon",
            "ConnectTimeout 0", "ProxyJump a,,b", "ProxyJump a:b",
        ])
    func faulty(line: String) throws {
        let answer = Self.configuration("Host *\n\(line)").answer(for: ["x"])
        let fault = try #require(answer.diagnostics.first)
        #expect(fault.severity == .error && fault.line == 2 && fault.message.contains(line.split(separator: " ")[1]))
    }

    @Test("what is not followed is named; what does not matter only where somebody asks")
    func passedOver() {
        let answer = Self.configuration(
            """
            Match exec "test -f /tmp/x"
              User never
            Host *
              StrictHostKeyChecking no
              ServerAliveInterval 30
              Compression yes
              HostKeyAlias other
              StrictHostKeyChecking yes
            """
        ).answer(for: ["x"])
        #expect(answer.user == nil)
        #expect(
            answer.diagnostics.map(\.line) == [1, 4, 7] && answer.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(answer.diagnostics.map { $0.message.prefix(30) }.first == "`Match` is not followed: what ")
        #expect(answer.harmless.map(\.keyword) == ["ServerAliveInterval", "Compression", "StrictHostKeyChecking"])
    }
}
