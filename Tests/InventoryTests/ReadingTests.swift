import Testing
import VRRP

@testable import Inventory

@Suite("Reading an inventory")
struct ReadingTests {
    @Test func everyKey() throws {
        let text = """
            cluster: web-1
            engine: keepalived
            ssh: { user: ops, port: 2222, identity: [~/.ssh/a, ~/.ssh/b], known_hosts: kh, passphrase_env: PASS,
                   password: { env: SSH_PASSWORD }, become: { by: su, password: { command: [pass, show, root] } },
                   jump: [gate, { address: 10.0.0.9, user: g, port: 23, identity: k, known_hosts: gk }] }
            vip:
              address: 10.0.0.100/16
              interface: ens33
              virtual_router_id: 255
              version: 3
              advert_int: 100ms
              preempt: false
              unicast: true
            health_check: restart-first
            packages: { rpms: /srv/rpms }
            allow_upgrades: true
            build_host: b
            haproxy:
              version: 2.6.12
              prefix: /opt/haproxy
              frontends:
                web: { bind: "10.0.0.100:8080", mode: tcp, backend: app }
              backends:
                app: { servers: [d], port: 1, balance: leastconn }
            keepalived: { version: 2.2.7, prefix: /opt/keepalived }
            hosts:
              a: { address: 10.0.1.1, role: balancer, priority: 254, interface: eth0 }
              b: { address: 10.0.1.2, role: balancer, priority: 1, 
                   ssh: { user: root, identity: c, password: x, become: { password: { file: p } },
                   jump: [] } }
              c: { address: 192.168.0.1, role: application }
              d: { address: 192.168.0.2, role: application }
            limits: { vip_moved: 2.5s, client_gap: 2m }
            journal: { keep: 25 }
            """
        let cluster = try #require(read(text).cluster)
        let common = SSHSettings(
            user: "ops", port: 2222, identities: ["~/.ssh/a", "~/.ssh/b"], knownHosts: "kh", passphraseVariable: "PASS",
            password: .environment("SSH_PASSWORD"),
            become: Become(by: .su, password: .command(["pass", "show", "root"])),
            jump: [
                Jump(address: "gate"),
                Jump(address: "10.0.0.9", port: 23, user: "g", identities: ["k"], knownHosts: "gk"),
            ])
        var own = common
        (own.user, own.identities, own.password) = ("root", ["c"], .text("x"))
        own.become = Become(by: .sudo, password: .file("p"))
        own.jump = []
        let address = try #require(IPAddress("10.0.0.100"))
        #expect(
            cluster
                == Cluster(
                    name: "web-1", engine: .keepalived,
                    instances: [
                        VRRPInstance(
                            addresses: [InterfaceAddress(address: address, prefixLength: 16)], interface: "ens33",
                            virtualRouterID: 255, version: .v3, advertisementInterval: .milliseconds(100),
                            preempt: false, unicast: true, password: nil,
                            members: [.init(host: "a", priority: 254), .init(host: "b", priority: 1)])
                    ],
                    healthCheck: .restartFirst, packages: .rpms("/srv/rpms"), allowUpgrades: true, buildHost: "b",
                    haproxy: HAProxy(
                        version: "2.6.12", prefix: "/opt/haproxy",
                        frontends: [
                            Frontend(name: "web", bindAddress: "10.0.0.100", port: 8080, mode: "tcp", backend: "app")
                        ],
                        backends: [
                            Backend(name: "app", servers: ["d"], port: 1, balance: "leastconn", mode: "tcp")
                        ]),
                    keepalived: Keepalived(version: "2.2.7", prefix: "/opt/keepalived"),
                    hosts: [
                        Host(
                            name: "a", address: try #require(IPAddress("10.0.1.1")), role: .balancer,
                            interface: "eth0", ssh: common),
                        Host(
                            name: "b", address: try #require(IPAddress("10.0.1.2")), role: .balancer,
                            interface: "ens33", ssh: own),
                        Host(
                            name: "c", address: try #require(IPAddress("192.168.0.1")), role: .application,
                            interface: "ens33", ssh: common),
                        Host(
                            name: "d", address: try #require(IPAddress("192.168.0.2")), role: .application,
                            interface: "ens33", ssh: common),
                    ], limits: Limits(vipMoved: 2500, clientGap: 120_000), keptRuns: 25))
    }

    @Test(arguments: [
        ("1s", 1000), ("1", 1000), ("3", 3000), ("255s", 255_000), ("1000ms", 1000), ("2.0", 2000), ("1m", 60_000),
    ])
    func intervalsOfVersion2(_ text: String, _ milliseconds: Int) throws {
        let reading = read(try inventory("virtual_router_id: 51", "virtual_router_id: 51\n  advert_int: \(text)"))
        #expect(reading.cluster?.instances.first?.advertisementInterval == .milliseconds(milliseconds))
    }

    @Test(arguments: [("10ms", 10), ("0.01", 10), ("40.95s", 40_950), ("0.5", 500), ("1s", 1000)])
    func intervalsOfVersion3(_ text: String, _ milliseconds: Int) throws {
        let reading = read(
            try inventory("virtual_router_id: 51", "virtual_router_id: 51\n  version: 3\n  advert_int: \(text)"))
        #expect(reading.cluster?.instances.first?.advertisementInterval == .milliseconds(milliseconds))
    }

    @Test func anchorsAndMergeKeys() throws {
        let text = try inventory(
            "{ address: 172.16.122.101, role: balancer, priority: 101 }",
            "{ <<: &balancer { role: balancer, ssh: { user: ops } }, address: 172.16.122.101, priority: 101 }")
        let merged = try inventory(
            "{ address: 172.16.122.102, role: balancer, priority: 100 }",
            "{ <<: [*balancer, { ssh: { user: x } }], address: 172.16.122.102, priority: 100 }", in: text)
        let cluster = try #require(read(merged).cluster)
        #expect(cluster.balancers.map(\.ssh.user) == ["ops", "ops"])
    }

    @Test func placesOfValuesAndSections() throws {
        let reading = read(valid)
        #expect(reading.places["haproxy.version"] == .init(line: 7, column: 12))
        #expect(reading.places["keepalived.version"] == .init(line: 10, column: 24))
        #expect(reading.places["haproxy"] == .init(line: 6, column: 1))
        #expect(reading.places["hosts.one"] == .init(line: 12, column: 3))
        #expect(reading.places["hosts.two.priority"] == .init(line: 13, column: 61))
        let fault = reading.diagnostic(
            .error, at: "haproxy.prefix", file: "i.yml", message: "m", remedy: "r")
        #expect(fault.description == "i.yml:6:1: error: m\n    r")
    }

    @Test func placesHoldWithByteOrderMarkCarriageReturnsAndWideCharacters() {
        let text = "\u{FEFF}cluster: web # 集群 🚀\r\nengine: none\r\n\"键\": 1\r\nengine: again"
        let found = read(text).diagnostics.prefix { $0.line > 0 }.map { "\($0.line):\($0.column) \($0.message)" }
        #expect(found.contains("2:9 `engine` is `none`; expected `keepalived` or `vrrpd`"))
        #expect(found.contains("3:1 unknown key `键` at the top level"))
        #expect(found.contains("4:1 the key `engine` was given before, on line 2"))
    }

    @Test(arguments: ["", "   \n", "# nothing\n", "---\n", "~"])
    func empty(_ text: String) {
        #expect(
            messages(text) == [
                """
                i.yml:1:1: error: the inventory is empty
                    `haprov init` writes one with comments to start from.
                """
            ])
    }

    @Test(arguments: [
        "- a\n- b", "tokenvalue", "tokenvalue: x\nother: tokenvalue", "tokenvalue: 1\ntokenvalue: 2",
        "? [tokenvalue]\n: 1",
        "root:$6$tokenvalue:19000::\n", "export A=tokenvalue\nexport B='tokenvalue'",
    ])
    func whatIsNoInventoryIsNotQuoted(_ text: String) {
        let found = read(text).diagnostics
        #expect(found.map(\.message) == ["this is no inventory: it has none of an inventory's keys"])
        #expect(!found.contains { $0.description.contains("tokenvalue") })
    }

    /// Aliases that multiply (ten to the ninth here) end in a diagnostic, soon.
    @Test func multiplyingAliases() {
        var text = "cluster: web\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
        }
        let found = read(text).diagnostics.map(\.message)
        #expect(found.contains("values are nested, or repeated by aliases, beyond all measure"))
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNesting(_ opening: String) {
        let reading = read("cluster: web\nhosts:\n  " + String(repeating: opening, count: 50_000))
        #expect(reading.cluster == nil)
        #expect(reading.diagnostics.contains { $0.severity == .error })
    }

    /// Whatever is done to a file, reading it ends, and every place lies in the file.
    @Test func mutilatedFiles() {
        var generator = SplitMix64(state: 51)
        let source = Array(InventoryTemplate.text.unicodeScalars)
        for _ in 0..<400 {
            var scalars = source
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let start = Int.random(in: 0..<scalars.count, using: &generator)
                let end = min(scalars.count, start + Int.random(in: 0...30, using: &generator))
                let insertion = ["", ":", "\n", "  ", "- ", "{", "}", "\"", "&a ", "*a", "0", "é", "\u{7}"]
                    .randomElement(
                        using: &generator)
                scalars.replaceSubrange(start..<end, with: Array((insertion ?? "").unicodeScalars))
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            let reading = read(text)
            let lines = text.unicodeScalars.count { $0 == "\n" } + 2
            for one in reading.diagnostics {
                #expect((1...lines).contains(one.line) && one.column >= 1, "\(one)")
                #expect(!one.message.isEmpty && !one.remedy.isEmpty)
            }
            #expect((reading.cluster == nil) == reading.diagnostics.contains { $0.severity == .error })
        }
    }

    @Test(arguments: [
        ("gate", Jump(address: "gate")), ("ops@gate:2222", Jump(address: "gate", port: 2222, user: "ops")),
        ("[2001:db8::1]:23", Jump(address: "2001:db8::1", port: 23)), ("2001:db8::1", Jump(address: "2001:db8::1")),
        ("a@b@10.0.0.1", Jump(address: "10.0.0.1", user: "a@b")), ("gate:", nil), ("gate:65536", nil), ("@gate", nil),
        ("ops@", nil), ("-x", nil), ("a b", nil), ("-x@gate", nil), ("ssh://gate", nil), ("", nil),
    ])
    func bastions(text: String, jump: Jump?) {
        #expect(Jump(text) == jump)
    }

    /// No diagnostic repeats a secret, however it is wrong.
    @Test(arguments: [
        "S3CRET VALUE", "[S3CRET]", "{ S3CRET: }", "{ env: $S3CRET }", "{ env: [S3CRET] }", "{ S3CRET: x, env: y }",
        "\"S3CRET\\u0007\"", "S3CRET#!{}", "&S3CRET S3CRET\u{e9}", "{ file: \"S3CRET\\n\" }",
        "{ command: S3CRET }", "{ command: [S3CRET, [S3CRET]] }", "{ command: [\"S3CRET\\n\"] }",
    ])
    func secretsAreNotRepeated(_ value: String) throws {
        for section in [
            "ssh: { password: \(value) }", "ssh:\n  password: \(value)", "ssh: { become: { password: \(value) } }",
        ] {
            let text = try inventory("cluster: web", "cluster: web\n\(section)")
            #expect(!messages(text).contains { $0.contains("S3CRET") })
        }
        let text = try inventory("virtual_router_id: 51", "virtual_router_id: 51\n  password: \(value)")
        #expect(!messages(text).contains { $0.contains("S3CRET") })
    }
}

/// Random numbers that are the same in every run.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
