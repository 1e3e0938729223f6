import Foundation
import HAProxyReading
import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("What the shipped playbook writes")
struct TemplateTests {
    static let variants = [
        "preempt", "preempt-standby", "nopreempt", "unicast", "version3", "restart-first", "bound-vip", "vrrpd",
        "package", "several", "own", "own-package", "serving", "answer", "own-answer",
    ]

    static func cluster(_ variant: String) throws -> Cluster {
        try Samples.cluster { cluster in
            switch variant {
            case "nopreempt": cluster.instances[0].preempt = false
            case "unicast": cluster.instances[0].unicast = true
            case "version3":
                cluster.instances[0].version = .v3
                cluster.instances[0].advertisementInterval = .milliseconds(250)
                cluster.keepalived?.version = "2.0.20"
            case "vrrpd":
                cluster.engine = .vrrpd
                cluster.keepalived = nil
            case "package":
                cluster.haproxy.origin = .distribution
                cluster.haproxy.prefix = ""
                cluster.keepalived = Keepalived(origin: .distribution, version: "2.0.4", prefix: "")
            case "several": severalVIPs(&cluster)
            case "answer": cluster.healthCheck = .answer
            case "own": ownConfiguration(&cluster)
            case "own-answer":
                ownConfiguration(&cluster)
                cluster.healthCheck = .answer
                cluster.healthPort = 8412
            case "serving": serving(&cluster)
            case "own-package":
                cluster.haproxy.origin = .distribution
                cluster.haproxy.prefix = ""
                ownConfiguration(&cluster)
                cluster.haproxy.own?.target = "/etc/balancing"
            case "restart-first": cluster.healthCheck = .restartFirst
            case "bound-vip":
                cluster.haproxy.frontends = [
                    Frontend(name: "web", bindAddress: "172.16.122.100", port: 80, mode: "http", backend: "app"),
                    Frontend(name: "db", bindAddress: "*", port: 5432, mode: "tcp", backend: "db"),
                ]
                cluster.haproxy.backends.append(
                    Backend(name: "db", servers: ["app2"], port: 5433, balance: "leastconn", mode: "tcp"))
            default: break
            }
        }
    }

    /// The short form with all that it knows.
    private static func serving(_ cluster: inout Cluster) {
        cluster.haproxy.version = "2.6.12"
        cluster.haproxy.extra.global = ["tune.bufsize 32768"]
        cluster.haproxy.extra.defaults = ["option httplog"]
        cluster.haproxy.frontends = [
            Frontend(
                name: "web", binds: [.init(address: "*", ports: 80...80), .init(address: "*", ports: 8000...8002)],
                mode: "http", backend: "app", extra: ["option http-buffer-request"])
        ]
        cluster.haproxy.backends = [
            Backend(
                name: "app",
                servers: ["app1", "haproxy3", .outside(name: "old", address: .v4(0xC0A8_0009), port: 8080)],
                port: 10900, balance: "roundrobin", mode: "http",
                check: BackendCheck(
                    kind: .page(path: "/health", host: "www.test", status: 204), interval: 500, fall: 2, rise: 1,
                    port: 9000), extra: ["timeout server 5m"]),
            Backend(
                name: "quiet", servers: ["app2"], port: 10901, balance: "roundrobin", mode: "tcp",
                check: BackendCheck(kind: .none)),
        ]
    }

    /// One that has a socket and loads servers' states already, and one that does neither.
    private static func ownConfiguration(_ cluster: inout Cluster) {
        var own = OwnConfiguration(source: "haproxy", ports: [9000])
        let socket = "    stats socket /run/haproxy.sock level admin expose-fd listeners\n"
        let text =
            "global\n    maxconn 100000\n\(cluster.haproxy.prefix.isEmpty ? "" : socket)"
            + "defaults\n    load-server-state-from-file global\nfrontend {{vars.name}}\n    bind 172.16.122.100:80\n"
        own.files = ["haproxy.cfg.mustache": Array(text.utf8)]
        own.reading = HAProxyReader.read([.init(file: "haproxy.cfg", text: text)])
        cluster.variables = ["name": "web"]
        (cluster.haproxy.own, cluster.haproxy.frontends, cluster.haproxy.backends) = (own, [], [])
    }

    /// One of both families that haproxy1 is to hold, and one for haproxy2.
    private static func severalVIPs(_ cluster: inout Cluster) {
        var web = cluster.instances[0]
        (web.vip, web.syncGroup, web.version) = ("web", "web", .v3)
        var six = web
        six.addresses = [InterfaceAddress(address: .v6(0x2001_0DB8_0000_0000, 0x100), prefixLength: 64)]
        var api = web
        (api.vip, api.syncGroup, api.virtualRouterID) = ("api", nil, 52)
        api.addresses = [InterfaceAddress(address: .v4(0xAC10_7A6E), prefixLength: 24)]
        api.members = [
            .init(host: "haproxy1", priority: 220), .init(host: "haproxy2", priority: 240),
            .init(host: "haproxy3", priority: 200),
        ]
        cluster.instances = [web, six, api]
    }

    /// Everything that a host gets, one resource after another.
    private static func rendered(_ variant: String) throws -> String {
        let cluster = try cluster(variant)
        let host = try Samples.host(variant == "preempt-standby" ? "haproxy2" : "haproxy1", in: cluster)
        let context = TemplateContext(
            cluster: cluster, host: host, passwords: cluster.instances[0].version == .v2 ? [51: "Pa<s>&1="] : [:],
            packages: ["haproxy": ["pcre"], "keepalived": ["libnl3", "libnfnetlink"]].filter { product, _ in
                cluster.compiledProducts.contains { $0.name == product }
            })
        let resources = try Samples.playbooks().resources(
            for: host, context: context)
        let planContext = PlanContext(
            cluster: cluster, host: host, platform: EnterpriseLinux(),
            builds: ["haproxy": BuildID("b1"), "keepalived": BuildID("b2")], secrets: [],
            programs: ["haprov-vrrpd": StaticProgram(path: "/p", size: 7, sha256: "d1")], packages: nil)
        var text = ""
        var steps: [Step] = []
        let facts = Samples.facts {
            $0.sysctls["net.ipv4.ip_nonlocal_bind"] = "0"
            $0.firewall.isActive = true
            $0.firewall.zone = "public"
        }
        for resource in resources.all {
            if let package = resource as? PackageResource {
                text += "== packages \(package.names.joined(separator: " "))\n"
                continue
            }
            let new = try resource.steps(facts: facts, earlier: steps, context: planContext)
            steps += new
            for step in new {
                text += "== \(step.summary)\n"
                if let tree = step.change as? WriteTree {
                    text += tree.diff ?? ""
                } else if case .change(let change) = step, case .bytes(let bytes) = change.content {
                    text += String(decoding: bytes, as: UTF8.self)
                }
            }
        }
        return text
    }

    @Test(arguments: variants)
    func golden(variant: String) throws {
        let text = try Self.rendered(variant)
        if let folder = ProcessInfo.processInfo.environment["HAPROV_WRITE_GOLDEN"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(variant).txt"))
        }
        let expected = try Samples.fixture("config/\(variant).txt")
        #expect(text == expected, "\(TextDiff.unified(from: expected, to: text, path: variant) ?? "")")
    }

    @Test("The golden files differ in what they are about")
    func variantsDiffer() throws {
        let texts = try Self.variants.map { try Samples.fixture("config/\($0).txt") }
        #expect(Set(texts).count == texts.count)
        func has(_ variant: String, _ line: String) throws -> Bool {
            try Samples.fixture("config/\(variant).txt").contains("\n" + line + "\n")
        }
        #expect(try has("preempt", "    state MASTER") && !has("preempt", "    nopreempt"))
        #expect(try has("preempt-standby", "    state BACKUP") && has("preempt-standby", "    priority 100"))
        #expect(try has("nopreempt", "    state BACKUP") && has("nopreempt", "    nopreempt"))
        #expect(try has("unicast", "    unicast_src_ip 172.16.122.101") && has("unicast", "        172.16.122.103"))
        #expect(try has("version3", "    version 3") && has("version3", "    advert_int 0.25"))
        #expect(try !has("version3", "    authentication {"))
        #expect(try has("restart-first", "Restart=no") && has("preempt", "Restart=on-failure"))
        #expect(try has("preempt", "        auth_pass Pa<s>&1="), "nothing is escaped as in HTML")
        #expect(try has("vrrpd", "Conflicts=keepalived.service") && !has("preempt", "Conflicts=keepalived.service"))
        #expect(try has("bound-vip", "net.ipv4.ip_nonlocal_bind = 1"))
        let package = try Samples.fixture("config/package.txt")
        #expect(package.contains("== packages psmisc haproxy keepalived\n") && !package.contains("/usr/local"))
    }

    @Test(
        "HAProxy comes back by itself only once a takeover is over",
        arguments: [(ProtocolVersion.v2, 1000, 6), (.v2, 5000, 6), (.v3, 100, 6)])
    func restartDelay(version: ProtocolVersion, interval: Int, seconds: Int) throws {
        let cluster = try Samples.cluster {
            $0.instances[0].version = version
            $0.instances[0].advertisementInterval = .milliseconds(interval)
        }
        let delay = TemplateContext.restartDelay(cluster)
        #expect(delay == seconds)
        var other = cluster
        other.engine = .vrrpd
        #expect(TemplateContext.restartDelay(other) == delay, "a change of engines leaves HAProxy's unit as it is")
    }
}
