import Testing
import YAMLReading

@testable import Inventory

@Suite("Logins by OpenSSH's configuration")
struct LoginCompletionTests {
    private static let local = LoginCompletion.Local(
        home: "/home/me", user: "me", environment: ["KEYS": "/keys"])

    /// The first host of an inventory whose `ssh` section has these settings.
    private func complete(
        _ settings: String, _ configuration: String
    ) throws -> (ssh: SSHSettings, sources: LoginSources, diagnostics: [Diagnostic]) {
        let reading = read(try inventory("hosts:\n", "ssh: { \(settings) }\nhosts:\n"))
        #expect(reading.diagnostics == [])
        var host = try #require(reading.cluster).hosts[0]
        let (lines, faults) = SSHConfiguration.lines(of: configuration, file: "c")
        var completion = LoginCompletion(reading, file: "i.yml", local: Self.local)
        let sources = completion.complete(&host, by: SSHConfiguration(entries: lines.map { .line($0) }))
        return (host.ssh, sources, faults + completion.diagnostics)
    }

    private let example = """
        Host one
          User ops
          Port 2222
          IdentityFile %d/%h-%r-%u-%n-%p%%
          IdentityFile ${KEYS}/b
          UserKnownHostsFile ~/.ssh/%n
          ProxyJump gate
          ConnectTimeout 5
        Host gate
          HostName gate.example
          User guest
          Port 2200
          IdentityFile ~/.ssh/gate
          IdentitiesOnly yes
          ProxyJump outer
        Host outer
          CertificateFile ~/.ssh/outer-cert.pub
          UserKnownHostsFile ~/.ssh/outer_hosts
        """

    @Test("what the inventory leaves open comes from the configuration, with where it stands")
    func filledIn() throws {
        let (ssh, sources, diagnostics) = try complete("config: c", example)
        #expect(diagnostics == [])
        #expect(ssh.user == "ops" && ssh.port == 2222 && ssh.knownHosts == "~/.ssh/one")
        #expect(ssh.identities == ["/home/me/172.16.122.101-ops-me-one-2222%", "/keys/b"])
        #expect(ssh.identitiesOnly == false)
        #expect(ssh.timeouts == .init(connect: 5000))
        var outer = Jump(address: "outer", knownHosts: "~/.ssh/outer_hosts")
        outer.certificates = ["~/.ssh/outer-cert.pub"]
        var gate = Jump(address: "gate.example", port: 2200, user: "guest", identities: ["~/.ssh/gate"])
        (gate.alias, gate.identitiesOnly, gate.triesUsualFiles) = ("gate", true, true)
        #expect(ssh.jump == [outer, gate])
        #expect(
            sources.rows.map { "\($0.key) \($0.value) \($0.source)" } == [
                "user ops c:2", "port 2222 c:3", "identity /home/me/172.16.122.101-ops-me-one-2222% c:4",
                "identity /keys/b c:5", "known_hosts ~/.ssh/one c:6", "jump ops@outer:22 c:7",
                "jump guest@gate.example:2200 (gate) c:7", "timeouts.connect 5s c:8",
            ])
    }

    @Test("the inventory wins, key by key")
    func inventoryWins() throws {
        let (ssh, sources, diagnostics) = try complete(
            "config: c, user: me, port: 23, identity: k, known_hosts: kh, jump: [], timeouts: { connect: 1s }", example)
        #expect(diagnostics == [])
        #expect(ssh.user == "me" && ssh.port == 23 && ssh.identities == ["k"] && ssh.identitiesOnly == nil)
        #expect(ssh.knownHosts == "kh" && ssh.jump == [] && ssh.timeouts.connect == 1000)
        #expect(Set(sources.rows.map(\.source)) == ["i.yml:11"])
    }

    @Test("a key without a value leaves it open") func empty() throws {
        #expect(try complete("config: c, user: ", example).ssh.user == "ops")
    }

    @Test("a bastion of the inventory's gets from the configuration what it leaves open itself")
    func bastion() throws {
        let (ssh, sources, _) = try complete("config: c, jump: me@gate", example)
        var outer = Jump(address: "outer", knownHosts: "~/.ssh/outer_hosts")
        outer.certificates = ["~/.ssh/outer-cert.pub"]
        var gate = Jump(address: "gate.example", port: 2200, user: "me", identities: ["~/.ssh/gate"])
        (gate.alias, gate.identitiesOnly, gate.triesUsualFiles) = ("gate", true, true)
        #expect(ssh.jump == [outer, gate], "and is reached as the configuration says, as ssh reaches it")
        #expect(
            sources.rows.filter { $0.key == "jump" }.map { "\($0.value) \($0.source)" } == [
                "ops@outer:22 i.yml:11", "me@gate.example:2200 (gate) i.yml:11",
            ])
    }

    @Test("of several bastions of the inventory's the first alone is reached as the configuration says")
    func bastions() throws {
        let text = "Host a\nProxyCommand nc %h %p\nHost b\nProxyJump c"
        let (ssh, _, found) = try complete("config: c, jump: [a, b]", text)
        #expect(found == [])
        #expect(ssh.jump.map(\.address) == ["a", "b"] && ssh.jump.map(\.proxyCommand) == ["nc a 22", nil])
    }

    @Test("a bastion of the inventory's that the configuration has behind itself") func circle() throws {
        let (_, _, found) = try complete("config: c, jump: gate", "Host *\nProxyJump gate")
        #expect(found.map(\.message) == ["`ProxyJump` goes in a circle: gate by way of gate"])
        #expect(found.map(\.remedy) == ["Except the bastion from it: `Host * !gate`."])
    }

    @Test("without a configuration all is as it was, and the table says so")
    func without() throws {
        let reading = read(valid)
        var host = try #require(reading.cluster).hosts[0]
        let before = host
        var completion = LoginCompletion(reading, file: "i.yml", local: Self.local)
        let sources = completion.complete(&host, by: nil)
        #expect(host == before)
        #expect(
            sources.rows.map { "\($0.key) \($0.value) \($0.source)" } == [
                "user root default", "port 22 default", "identity the agent, the usual files default",
                "known_hosts ~/.ssh/known_hosts default", "jump none default",
            ])
    }

    @Test(
        "which keys may be offered",
        arguments: [
            ("IdentityFile a", ["a"], false, "a c:1"), ("IdentityFile a\nIdentitiesOnly yes", ["a"], true, "a c:1"),
            ("IdentitiesOnly yes", [], true, "the usual files c:1"),
            ("User x", [], nil, "the agent, the usual files default"),
            ("IdentityFile none", [], nil, "the agent c:1"),
            ("IdentityFile none\nIdentitiesOnly yes", [], true, "none c:2"),
            ("IdentityFile none\nIdentityFile a", ["a"], false, "a c:2"),
        ])
    func identities(text: String, files: [String], only: Bool?, row: String) throws {
        let (ssh, sources, _) = try complete("config: c", text)
        #expect(ssh.identities == files && ssh.identitiesOnly == only)
        #expect(ssh.triesUsualFiles == !text.contains("none"))
        #expect(sources.rows.filter { $0.key == "identity" }.map { "\($0.value) \($0.source)" } == [row])
    }

    @Test("no files for a bastion, where it is to have none") func bastionWithoutFiles() throws {
        let (ssh, _, _) = try complete(
            "config: c, identity: k", "Host gate\nIdentityFile none\nHost one\nProxyJump gate")
        #expect(ssh.jump.map(\.identities) == [[]] && ssh.jump.map(\.triesUsualFiles) == [false])
        #expect(ssh.identities == ["k"] && ssh.triesUsualFiles)
    }

    @Test("the machine itself is not logged in to, whatever a configuration says of it") func local() throws {
        let reading = read(
            try inventory("role: balancer, priority: 101", "role: balancer, priority: 101, connection: local"))
        var host = try #require(reading.cluster?.hosts.first { $0.connection == .local })
        let before = host
        var completion = LoginCompletion(reading, file: "i.yml", local: Self.local)
        let (lines, _) = SSHConfiguration.lines(of: "HostName 10.9.9.9\nUser x\nProxyJump gate", file: "c")
        let sources = completion.complete(&host, by: SSHConfiguration(entries: lines.map { .line($0) }))
        #expect(completion.diagnostics == [] && host == before)
        #expect(sources.rows.map { "\($0.key) \($0.value)" } == ["connection local"])
        #expect(sources.rows.first?.source.hasPrefix("i.yml:") == true)
    }

    @Test("a proxy command gets its tokens") func proxyCommand() throws {
        // Variables are for its shell: one may hold a secret.
        let (ssh, sources, _) = try complete("config: c", "ProxyCommand nc -X 5 %h %p '%r' %% ${KEYS}")
        #expect(ssh.proxyCommand == "nc -X 5 172.16.122.101 22 'root' % ${KEYS}")
        #expect(sources.rows.contains(.init("proxy command", "nc -X 5 172.16.122.101 22 'root' % ${KEYS}", "c:1")))
    }

    @Test(
        "what cannot be meant",
        arguments: [
            ("HostName 10.9.9.9", "the address of one in the inventory is 172.16.122.101"),
            ("HostName %h.example", "the address of one in the inventory is 172.16.122.101"),
            ("IdentityFile %C", "a token that haprov does not know"),
            ("IdentityFile ${NONE}", "NONE, which is not set"),
            ("UserKnownHostsFile a b", "names 2 files"),
            ("Host *\nProxyJump gate", "goes in a circle: gate by way of gate"),
            ("Host one\nProxyJump a\nHost a\nProxyJump b\nHost b\nProxyJump a", "a circle: a by way of b by way of a"),
        ])
    func refused(text: String, words: String) throws {
        let found = try complete("config: c", text).diagnostics
        #expect(found.contains { $0.severity == .error && $0.message.contains(words) }, "\(found)")
    }

    @Test("the inventory's address under another name is no difference", arguments: ["%h", "172.16.122.101"])
    func hostName(value: String) throws {
        #expect(try complete("config: c", "HostName \(value)").diagnostics == [])
    }

    @Test("host keys are known or they are not, whatever the configuration would have")
    func unknownHostKeys() throws {
        let (ssh, _, found) = try complete(
            "config: c", "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null")
        #expect(ssh.knownHosts == "~/.ssh/known_hosts")
        #expect(
            found.map(\.line) == [1, 2]
                && found.allSatisfy { $0.severity == .warning && $0.message.contains("ignored") })
    }
}
