import Testing

@testable import Inventory

@Suite("Hosts that were balancers")
struct RetiredTests {
    private static let flow = """
        cluster: web
        engine: vrrpd
        vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51 }
        haproxy:
          version: 2.6.12
          frontends: { web: { bind: "*:80", backend: app } }
          backends: { app: { servers: application, port: 80 } }
        hosts:
          haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }   # balancer of the first rack
          haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
          balancer3: { address: 172.16.122.103, role: balancer, priority: 99 }
          app1: { address: 172.16.122.104, role: application }

        """
    private static let block = flow.replacing(
        "  haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }\n",
        with: "  haproxy2:\n    address: 172.16.122.102\n    role:   \"balancer\" # the second\n    priority: 100\n")

    @Test("One word changes, whatever else stands there", arguments: [flow, block], ["haproxy2", "balancer3"])
    func retiring(text: String, host: String) throws {
        let changed = try #require(InventoryEdit.retiring(host, in: text))
        let (before, after) = (text.split(separator: "\n"), changed.split(separator: "\n"))
        let lines = zip(before, after).filter { $0 != $1 }
        #expect(before.count == after.count && lines.count == 1)
        let (old, new) = try #require(lines.first)
        #expect(old.count == new.count + 1 && new.contains("retired"))
        let cluster = try #require(InventoryReader.read(changed, file: "i.yml").cluster)
        #expect(cluster.hosts.first { $0.name == host }?.role == .retired)
        #expect(cluster.balancers.map(\.name) == ["haproxy1", "haproxy2", "balancer3"].filter { $0 != host })
        #expect(cluster.applications.map(\.name) == ["app1"])
        #expect(cluster.instances[0].members.count == 2, "its priority stands there still, and means nothing")
    }

    @Test("VIPs may prefer it still: the others' priorities stay as they are")
    func preferred() throws {
        let changed = try #require(InventoryEdit.retiring("two", in: SeveralVIPsTests.several))
        let reading = InventoryReader.read(changed, file: "i.yml")
        #expect(reading.diagnostics == [])
        let cluster = try #require(reading.cluster)
        #expect(cluster.instances[0].members == [.init(host: "one", priority: 240), .init(host: "six", priority: 200)])
        #expect(cluster.instances[2].preference.map(\.host) == ["six", "one"])
    }

    @Test("Of a host that is none there is nothing to change")
    func none() {
        #expect(InventoryEdit.retiring("app1", in: Self.flow) == nil)
        #expect(InventoryEdit.retiring("haproxy9", in: Self.flow) == nil)
        let alias = Self.flow.replacing("101, role: balancer,", with: "101, role: &r balancer,")
            .replacing("102, role: balancer,", with: "102, role: *r,")
        #expect(InventoryEdit.retiring("haproxy2", in: alias) == nil)
    }
}
