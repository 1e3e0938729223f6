import Foundation
import Testing

@Suite(
    "Logins by OpenSSH's configuration, with real sshds",
    .enabled(if: LoopbackHosts.canBeMade, Comment(rawValue: LoopbackHosts.cannot)))
struct OpenSSHConfigurationTests {
    private let hosts: LoopbackHosts

    init() async throws {
        hosts = try LoopbackHosts()
        try await hosts.makeKeys()
        try hosts.add("one", "192.0.2.1", port: 2201)
        try hosts.add("two", "192.0.2.2", port: 2202)
        try hosts.add("gate", "192.0.2.9", port: 2209)
        try hosts.write("Include conf.d/*.conf\n\(Self.patterns(hosts.folder))", "home/.ssh/config")
        try hosts.write(
            """
            Host gate
              HostName 192.0.2.9
              Port 2209
            Host haproxy2
              Port 2202
              ProxyJump gate
            """, "home/.ssh/conf.d/a.conf")
    }

    private static func patterns(_ folder: String) -> String {
        """
        Host haproxy? gate !haproxy9
          IdentityFile \(folder)/%r-key
          IdentitiesOnly yes
          UserKnownHostsFile "\(folder)/known_hosts"
          ServerAliveInterval 30
        Host 192.0.2.1
          Port=2201

        """
    }

    private func logins(_ name: String) -> Int {
        hosts.log(of: name).components(separatedBy: "Accepted publickey").count - 1
    }

    private func nameKey() throws { try hosts.write(try hosts.read("key"), "root-key", mode: 0o600) }

    @Test("patterns, what is included, and a bastion") func endToEnd() async throws {
        try nameKey()
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config")
        let told = try await hosts.haprov("history")
        #expect(told.status == 0, "\(told)")
        #expect(Set(told.all("connected").compactMap { $0["host"] as? String }) == ["haproxy1", "haproxy2"], "\(told)")
        #expect(["one", "two", "gate"].map(logins) == [1, 1, 1])
    }

    @Test("a bastion of the inventory's is reached as the configuration says, as ssh reaches it")
    func bastionBehindBastion() async throws {
        try nameKey()
        try hosts.add("outer", "192.0.2.8", port: 2208)
        try hosts.write(
            """
            Host gate
              HostName 192.0.2.9
              Port 2209
              ProxyJump outer
            Host outer
              HostName 192.0.2.8
              Port 2208
            Host outer haproxy2
              IdentityFile \(hosts.folder)/key
              UserKnownHostsFile \(hosts.folder)/known_hosts
            Host haproxy2
              Port 2202
            """, "home/.ssh/conf.d/a.conf")
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config, jump: gate")
        let told = try await hosts.haprov("history")
        #expect(told.status == 0, "\(told)")
        #expect(["one", "two", "gate", "outer"].map(logins) == [1, 1, 1, 1])
    }

    @Test("IdentityFile none: the usual files are not tried", arguments: [("", 0, 1), ("IdentityFile none\n", 4, 0)])
    func noIdentity(line: String, status: Int32, count: Int) async throws {
        try hosts.write(try hosts.read("key"), "home/.ssh/id_ed25519", mode: 0o600)
        try hosts.write(
            "Host *\n\(line)UserKnownHostsFile \(hosts.folder)/known_hosts\n", "home/.ssh/config")
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config", ", ssh: { port: 2201 }", ", ssh: { port: 2202 }")
        let told = try await hosts.haprov("history")
        #expect(told.status == status, "\(told)")
        #expect(["one", "two"].map(logins) == [count, count])
    }

    @Test("check -v says what comes from where, and connects to nobody") func sources() async throws {
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config, user: root", ", ssh: { port: 2222 }")
        let told = try await hosts.haprov("check", "-v")
        let rows = told.all("login").filter { ($0["host"] as? String)?.hasPrefix("haproxy") == true }.map { login in
            (login["settings"] as? [[String: String]] ?? []).map {
                "\($0["key"] ?? "") \($0["value"] ?? "") \($0["source"] ?? "")"
            }
        }
        let (config, file) = ("~/.ssh/config", "\(hosts.folder)/i.yml")
        let common = [
            "identity \(hosts.folder)/root-key \(config):3", "known_hosts \(hosts.folder)/known_hosts \(config):5",
        ]
        #expect(
            rows == [
                ["user root \(file):3", "port 2222 \(file):10"] + common + ["jump none default"],
                ["user root \(file):3", "port 2202 ~/.ssh/conf.d/a.conf:5"] + common
                    + ["jump root@192.0.2.9:2209 (gate) ~/.ssh/conf.d/a.conf:6"],
            ], "\(told)")
        #expect(["one", "two", "gate"].map(logins) == [0, 0, 0])
    }

    @Test("a proxy command is shown before it runs, and is the connection") func proxyCommand() async throws {
        try nameKey()
        // `%h` and `%p` of the host; the bastion is ssh's own business.
        let command =
            "ssh -F none -i \(hosts.folder)/key -o UserKnownHostsFile=\(hosts.folder)/known_hosts -p 2209 -W %h:%p root@192.0.2.9"
        try hosts.write("Host haproxy2\n  Port 2202\n  ProxyCommand \(command)\n", "home/.ssh/conf.d/a.conf")
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config")
        let told = try await hosts.haprov("history")
        #expect(told.status == 0, "\(told)")
        let shown = command.replacing("%h:%p", with: "192.0.2.2:2202")
        #expect(
            told.all("note").map { $0["text"] as? String } == ["connecting by ProxyCommand: \(shown)"], "\(told)")
        let notes = told.lines.firstIndex { $0["type"] as? String == "note" } ?? .max
        let connected =
            told.lines.firstIndex { $0["type"] as? String == "connected" && $0["host"] as? String == "haproxy2" }
            ?? .min
        #expect(notes < connected)
        #expect(["one", "two", "gate"].map(logins) == [1, 1, 1])
    }

    @Test("where it is off and has what was missing, the error says so")
    func hints() async throws {
        try nameKey()
        let known = "user: root, known_hosts: \(hosts.folder)/known_hosts"
        // Nobody listens on port 22.
        _ = try hosts.inventory(ssh: "\(known), identity: \(hosts.folder)/key", ", ssh: { port: 2201 }")
        let tcp = try await hosts.haprov("history")
        #expect(tcp.status == 4)
        let way = tcp.all("error").compactMap { $0["remedy"] as? String }
        #expect(
            way.count == 1
                && way[0].hasSuffix(
                    "~/.ssh/conf.d/a.conf:6 has ProxyJump for this host, which haprov follows once the inventory says "
                        + "`ssh: { config: ~/.ssh/config }`"),
            "\(tcp)")
        // No key at all.
        _ = try hosts.inventory(ssh: known, ", ssh: { port: 2201 }", ", ssh: { port: 2202, jump: [] }")
        let keys = try await hosts.haprov("history")
        let remedies = keys.all("error").compactMap { $0["remedy"] as? String }
        #expect(
            remedies.count == 2 && remedies.allSatisfy { $0.contains("~/.ssh/config:3 has IdentityFile for this host") }
        )
    }

    @Test(
        "what cannot be used is said where it stands, and nobody is connected to",
        arguments: [
            ("Host haproxy1\n HostName 192.0.2.7", 0o600, "~/.ssh/config", 2, "HostName"),
            ("Host *\n Port 1a", 0o600, "~/.ssh/config", 2, "Port"),
            ("User \"x", 0o600, "~/.ssh/config", 1, "quote"),
            ("Include config", 0o600, "~/.ssh/config", 1, "16 deep"),
            ("User x", 0o620, "i.yml", 3, "can be written by others"),
            ("Host a\nInclude conf.d/writable", 0o600, "~/.ssh/config", 2, "can be written by others"),
        ])
    func refused(text: String, mode: Int, file: String, line: Int, words: String) async throws {
        try hosts.write(text + "\n", "home/.ssh/config", mode: mode)
        try hosts.write("User y\n", "home/.ssh/conf.d/writable", mode: 0o622)
        _ = try hosts.inventory(ssh: "config: ~/.ssh/config")
        let told = try await hosts.haprov("history")
        #expect(told.status == 1)
        let errors = told.all("error")
        #expect(
            errors.contains {
                ($0["file"] as? String)?.hasSuffix(file) == true && $0["line"] as? Int == line
                    && ($0["message"] as? String)?.contains(words) == true
            }, "\(told)")
        #expect(told.all("connected").isEmpty)
    }

    @Test("a file that is not there") func missing() async throws {
        _ = try hosts.inventory(ssh: "config: ~/.ssh/other")
        let told = try await hosts.haprov("history")
        #expect(told.status == 1 && told.description.contains("~/.ssh/other cannot be read: No such file"), "\(told)")
    }
}
