import Testing
import Texts
import VRRP

@testable import Inventory

/// A valid inventory in few lines, to be made wrong in one place.
let valid = """
    cluster: web
    vip:
      address: 172.16.122.100/24
      interface: ens33
      virtual_router_id: 51
    haproxy:
      version: 1.8.25
      frontends: { web: { bind: "*:80", backend: app } }
      backends: { app: { servers: application, port: 10900 } }
    keepalived: { version: 1.4.5 }
    hosts:
      one: { address: 172.16.122.101, role: balancer, priority: 101 }
      two: { address: 172.16.122.102, role: balancer, priority: 100 }
      app1: { address: 172.16.122.104, role: application }
      app2: { address: 172.16.122.105, role: application }
    """

/// The valid inventory with one piece replaced; the piece has to be there.
func inventory(_ piece: String, _ replacement: String, in text: String = valid) throws -> String {
    try #require(text.contains(piece), "the test replaces what is not there: \(piece)")
    return text.replacing(piece, with: replacement, maxReplacements: 1)
}

func read(_ text: String) -> InventoryReader.Reading { InventoryReader.read(text, file: "i.yml") }

/// Diagnostics as users see them.
func messages(_ text: String) -> [String] { read(text).diagnostics.map(\.description) }

@Suite("A valid inventory")
struct ValidInventoryTests {
    @Test func defaults() throws {
        let reading = read(valid)
        #expect(reading.diagnostics == [])
        let cluster = try #require(reading.cluster)
        #expect(cluster.engine == .keepalived)
        #expect(cluster.healthCheck == .process)
        #expect(cluster.packages == .host)
        #expect(cluster.allowUpgrades == false)
        #expect(cluster.buildHost == nil)
        try #require(cluster.instances.count == 1)
        #expect(cluster.instances[0].version == .v2)
        #expect(cluster.instances[0].advertisementInterval == .seconds(1))
        #expect(cluster.instances[0].preempt)
        #expect(!cluster.instances[0].unicast)
        #expect(cluster.instances[0].password == nil)
        #expect(cluster.haproxy.prefix == "/usr/local/haproxy")
        #expect(cluster.keepalived?.prefix == "/usr/local/keepalived")
        #expect(
            cluster.haproxy.frontends == [
                Frontend(name: "web", bindAddress: "*", port: 80, mode: "http", backend: "app")
            ])
        #expect(
            cluster.haproxy.backends == [
                Backend(name: "app", servers: ["app1", "app2"], port: 10900, balance: "roundrobin", mode: "http")
            ])
        #expect(cluster.limits == Limits(vipMoved: 5000, clientGap: 5000))
        #expect(cluster.keptRuns == 10)
        #expect(cluster.balancers.map(\.name) == ["one", "two"])
        #expect(cluster.applications.map(\.name) == ["app1", "app2"])
        #expect(
            cluster.hosts[0].ssh
                == SSHSettings(
                    user: "root", port: 22, identities: [], knownHosts: "~/.ssh/known_hosts", passphraseVariable: nil,
                    password: nil))
        #expect(cluster.hosts.map(\.interface) == ["ens33", "ens33", "ens33", "ens33"])
    }
}

@Suite("The engine")
struct EngineTests {
    private static let vrrpd = valid.replacing("cluster: web", with: "cluster: web\nengine: vrrpd")

    @Test("keepalived has to be described only where it is the engine")
    func withoutKeepalived() throws {
        let reading = read(try inventory("keepalived: { version: 1.4.5 }\n", "", in: Self.vrrpd))
        #expect(reading.diagnostics == [])
        let cluster = try #require(reading.cluster)
        #expect(cluster.engine == .vrrpd && cluster.keepalived == nil)
        #expect(cluster.compiledProducts.map(\.name) == ["haproxy"])
        #expect(read(try inventory("keepalived: { version: 1.4.5 }\n", "")).cluster == nil)
    }

    @Test("One word changes it: what is said of keepalived may stay, and has to be right")
    func oneWord() throws {
        let cluster = try #require(read(Self.vrrpd).cluster)
        #expect(cluster.keepalived == Keepalived(version: "1.4.5", prefix: "/usr/local/keepalived"))
        #expect(cluster.compiledProducts.map(\.name) == ["haproxy"])
        #expect(read(valid).cluster?.compiledProducts.map(\.name) == ["haproxy", "keepalived"])
        #expect(
            messages(try inventory("1.4.5", "1.2.13", in: Self.vrrpd)).first?.hasPrefix(
                "i.yml:11:24: error: `keepalived.version` is 1.2.13, and 1.3 is the oldest") == true)
    }

    @Test("A key without a value is one that is left out")
    func empty() {
        #expect(
            read(valid.replacing("cluster: web", with: "cluster: web\nengine:\nhealth_check:")).cluster
                == read(valid).cluster)
    }

    @Test("haprov-vrrpd notices HAProxy's death at once, unless a script of its own has to find it")
    func detection() throws {
        var cluster = try #require(read(valid).cluster)
        let instance = try #require(cluster.instances.first)
        #expect(cluster.worstDetection == 2000)
        cluster.engine = .vrrpd
        #expect(cluster.worstDetection == 0)
        #expect(instance.worstTakeoverAfterResignation == 610)
        cluster.healthCheck = .restartFirst
        #expect(cluster.worstDetection == 2000)
    }
}

@Suite("Several instances")
struct InstanceTests {
    @Test func eachHasItsOwnOrder() throws {
        var cluster = try #require(read(InventoryTemplate.text).cluster)
        var other = try #require(cluster.instances.first)
        other.virtualRouterID = 52
        other.addresses = [InterfaceAddress(address: try #require(IPAddress("172.16.122.110")), prefixLength: 24)]
        other.members = [.init(host: "haproxy2", priority: 90), .init(host: "haproxy3", priority: 200)]
        cluster.instances.append(other)
        #expect(cluster.balancers(of: cluster.instances[0]).map(\.name) == ["haproxy1", "haproxy2", "haproxy3"])
        #expect(cluster.balancers(of: other).map(\.name) == ["haproxy3", "haproxy2"])
        #expect(other.priority(of: "haproxy3") == 200 && other.priority(of: "haproxy1") == nil)
        #expect(cluster.balancers.map(\.name) == ["haproxy1", "haproxy3", "haproxy2"])
        #expect(cluster.instances.map(\.description) == ["172.16.122.100", "172.16.122.110"])
        #expect(cluster.instances.map(\.worstTakeoverAfterResignation) == [614, 649])
    }

    @Test func addressesOfBothFamilies() throws {
        var instance = try #require(read(valid).cluster?.instances.first)
        instance.addresses.append(
            InterfaceAddress(address: try #require(IPAddress("2001:db8::100")), prefixLength: 64))
        #expect(instance.description.hasSuffix(", 2001:db8::100"))
        #expect(instance.reaches(try #require(IPAddress("2001:db8::7"))))
        #expect(!instance.reaches(try #require(IPAddress("2001:db8:1::7"))))
    }
}

@Suite("The commented inventory")
struct InventoryTemplateTests {
    @Test(arguments: Explanation.Language.allCases)
    func isValid(_ language: Explanation.Language) throws {
        let reading = read(InventoryTemplate.text(language))
        #expect(reading.diagnostics == [])
        let cluster = try #require(reading.cluster)
        #expect(cluster.haproxy.version == "1.8.25")
        #expect(cluster.keepalived?.version == "1.4.5")
        #expect(cluster.instances.map { $0.preference.map(\.priority) } == [[101, 100, 99]])
        #expect(cluster.applications.count == 3)
    }

    @Test func languagesSayTheSame() {
        #expect(read(InventoryTemplate.text(.chinese)).cluster == read(InventoryTemplate.text).cluster)
    }
}

@Suite("The machine that haprov runs on") struct LocalHostTests {
    @Test("A local host has a password to become root only where it says so itself")
    func localBecome() throws {
        let common = "ssh: { user: ops, become: { password: { env: SUDO } } }\n"
        let own = "connection: local, ssh: { become: { password: { env: MINE } } }"
        for (line, password) in [("connection: local", nil), (own, Secret.environment("MINE"))] {
            let text = common + valid.replacingOccurrences(of: "priority: 101", with: "priority: 101, \(line)")
            let cluster = try #require(read(text).cluster, "\(messages(text))")
            #expect(cluster.balancers[0].connection == .local && cluster.balancers[0].ssh.become?.password == password)
            #expect(cluster.balancers[1].ssh.become?.password == .environment("SUDO"))
        }
    }
}
