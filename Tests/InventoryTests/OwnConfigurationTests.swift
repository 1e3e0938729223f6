import HAProxyReading
import Testing

@testable import Inventory

@Suite("The operator's own configuration in an inventory")
struct OwnConfigurationTests {
    private func inventory(_ haproxy: String, _ more: String = "") -> String {
        """
        cluster: web
        vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }
        haproxy:
          version: 2.6.12
          \(haproxy.replacing("\n", with: "\n  "))
        keepalived: { version: 1.4.5 }
        \(more)
        hosts:
          one: { address: 172.16.122.101, role: balancer, priority: 101 }
          two: { address: 172.16.122.102, role: balancer, priority: 100 }
        """
    }

    @Test func forms() throws {
        let folder = try #require(read(inventory("config: haproxy/")).cluster).haproxy.own
        #expect(folder == OwnConfiguration(source: "haproxy/"))
        let whole = try #require(
            read(
                inventory(
                    """
                    config: { from: lb, to: /etc/haproxy/, per_host: lb-hosts }
                    ports: [80, 443]
                    unmanaged: ["certs/acme/*", state.map]
                    """)
            ).cluster)
        #expect(
            whole.haproxy.own
                == OwnConfiguration(
                    source: "lb", target: "/etc/haproxy", perHost: "lb-hosts",
                    unmanaged: ["certs/acme/*", "state.map"], ports: [80, 443]))
        #expect(whole.haproxy.frontends.isEmpty && whole.haproxy.ports == [80, 443])
    }

    @Test func values() throws {
        let cluster = try #require(
            read(
                inventory(
                    "config: haproxy/",
                    "vars: { site: www.example.com, workers: 4 }\nsecrets: { stats: { env: STATS }, key: { file: k } }")
            ).cluster)
        #expect(cluster.variables == ["site": "www.example.com", "workers": "4"])
        #expect(cluster.secrets == ["stats": .environment("STATS"), "key": .file("k")])
    }

    @Test(
        "What cannot be meant is said",
        arguments: [
            (
                "config: a\nfrontends: { web: { bind: \"*:80\", backend: app } }",
                "`haproxy.config` names a whole configuration, and `haproxy.frontends` describes one"
            ),
            ("ports: [80]", "`haproxy.ports` is about a configuration of your own"),
            ("config: { to: /etc/haproxy }", "`haproxy.config` lacks `from`"),
            ("config: { from: a, to: etc }", "`haproxy.config.to` is `etc`; expected a folder of its own, from `/` on"),
            (
                "config: { from: a, to: /etc }",
                "`haproxy.config.to` is `/etc`; expected a folder of its own, from `/` on"
            ),
            (
                "config: { from: a, to: \"/etc/a b\" }",
                "`haproxy.config.to` is `/etc/a b`; expected a folder of its own, from `/` on"
            ),
            ("config: [a]", "`haproxy.config` has to be a folder, a file or a mapping; found a list"),
            ("config: a\nports: [0]", "`haproxy.ports` has `0`; a port is 1 to 65535"),
            ("config: a\nunmanaged: [../b]", "`haproxy.unmanaged` has `../b`, which is no path below a folder"),
        ])
    func faults(haproxy: String, message: String) {
        let reading = read(inventory(haproxy))
        #expect(reading.cluster == nil)
        #expect(reading.diagnostics.map(\.message).contains(message), "\(reading.diagnostics)")
    }

    @Test("A keepalived.conf of one's own needs no keepalived where haprov's engine runs")
    func keepalivedByTheOwnEngine() throws {
        let text = inventory("config: haproxy/").replacing("{ version: 1.4.5 }", with: "{ config: k.conf.mustache }")
        let needed = read(text)
        #expect(needed.cluster == nil)
        #expect(needed.diagnostics.map(\.message) == ["`keepalived` lacks `version`"])
        let cluster = try #require(read("engine: vrrpd\n" + text).cluster)
        #expect(cluster.keepalived?.template == "k.conf.mustache" && cluster.keepalived?.version == "")
        #expect(cluster.compiledProducts.map(\.name) == ["haproxy"])
    }

    @Test("Names of values can be used in templates")
    func names() {
        let reading = read(inventory("config: a", "vars: { \"a-b\": 1 }"))
        #expect(reading.diagnostics.map(\.message) == ["`vars` has the name `a-b`, which no template could use"])
    }

    private func filled(_ text: String, files: [String] = []) -> OwnConfiguration {
        var own = OwnConfiguration(source: "lb", unmanaged: ["certs/acme/*"], ports: [8080])
        own.reading = HAProxyReader.read([.init(file: "haproxy.cfg", text: text)])
        own.files = Dictionary(uniqueKeysWithValues: (files + ["haproxy.cfg"]).map { ($0, []) })
        return own
    }

    @Test func listeners() throws {
        let own = filled("listen web\n mode http\n bind :80\n bind 10.0.0.1:443 ssl\n bind :8080\n bind :1000-1200\n")
        var cluster = try #require(read(inventory("config: lb")).cluster)
        cluster.haproxy.own = own
        let found = cluster.haproxy.listeners
        #expect(found.prefix(2).map(\.address) == ["0.0.0.0", "10.0.0.1"])
        #expect(found.prefix(2).map(\.isEncrypted) == [false, true])
        #expect(found.count == 3 + OwnConfiguration.portsOfRange, "what `ports` says is among them")
        #expect(cluster.haproxy.socket == "/run/haproxy/haprov.sock")
        #expect(cluster.haproxy.openFiles == 65536)
        cluster.haproxy.own = filled(
            "global\n maxconn 100000\n stats socket /run/a level admin expose-fd listeners\nfrontend a\n bind :1\n")
        #expect(cluster.haproxy.socket == "/run/a")
        #expect(cluster.haproxy.openFiles == 204096)
    }

    @Test("Files that are not kept, and files that are not there")
    func lint() {
        let own = filled(
            """
            frontend web
                bind :443 ssl crt certs/site.pem crt /etc/haproxy/certs/other.pem crt /etc/ssl/third.pem crt certs/acme/
                bind :81 ssl crt ./certs/site.pem crt certs
                bind :1000-2000
            """, files: ["certs/site.pem", "certs/other.pem.mustache"])
        let found = OwnConfigurationLint(own, folder: "/etc/haproxy").diagnostics
        #expect(
            found.map { "\($0.file):\($0.line): \($0.message)" } == [
                "lb/haproxy.cfg:2: `crt /etc/ssl/third.pem` is outside /etc/haproxy: haprov does not keep it, nor roll it back",
                "lb/haproxy.cfg:4: `bind` has 1001 ports, of which haprov opens the first 128",
            ])
        let absent = OwnConfigurationLint(filled("frontend a\n bind :1 ssl crt certs/x.pem\n"), folder: "/etc/haproxy")
        #expect(absent.diagnostics.map(\.message) == ["`crt certs/x.pem` is not in lb"])
    }

    @Test("Lua is refused where HAProxy has none, but for what stands below a condition")
    func lua() {
        func found(_ global: String, lacksLua: Bool = true) -> [String] {
            let own = filled("global\n\(global)\nfrontend a\n bind :1\n", files: ["lua/a.lua"])
            return OwnConfigurationLint(own, folder: "/etc/haproxy", lacksLua: lacksLua).diagnostics
                .filter { $0.code == "HV524" }.map { "\($0.severity) \($0.line): \($0.message)" }
        }
        for word in ["lua-load", "lua-load-per-thread", "lua-prepend-path", "tune.lua.maxmem"] {
            let text = "error 3: `\(word)` needs Lua, and HAProxy is compiled without it: it would refuse to start"
            #expect(found(" maxconn 10\n \(word) lua/a.lua\n lua-load lua/a.lua") == [text])
        }
        #expect(found(" lua-load lua/a.lua", lacksLua: false) == [])
        #expect(found(" maxconn 10") == [])
        #expect(found(".if feature(LUA)\n lua-load lua/a.lua\n.endif") == [])
        #expect(found(".if feature(LUA)\n lua-load lua/a.lua\n.endif\n lua-load lua/a.lua").count == 1)
    }
}
