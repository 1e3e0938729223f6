import Errors
import Inventory
import Testing

@testable import haprov

@Suite("Which VIPs a move is about") struct MoveTests {
    /// Two alone, and two that move together: an entry with both families is such a pair.
    private static func cluster() throws -> Cluster {
        let text = """
            cluster: web
            vrrp: { interface: ens33, version: 3 }
            vips:
              web: { addresses: [172.16.122.100/24], virtual_router_id: 51, prefer: [one, two] }
              api: { addresses: [172.16.122.110/24], virtual_router_id: 52, prefer: [two, one] }
              both: { addresses: [172.16.122.120/24, "2001:db8::100/64"], virtual_router_id: 53, prefer: [one, two] }
            haproxy:
              version: 2.6.12
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 8080 } }
            keepalived: { version: 2.2.7 }
            hosts:
              one: { address: 172.16.122.101, role: balancer }
              two: { address: 172.16.122.102, role: balancer }
              app1: { address: 172.16.122.104, role: application }
            """
        let reading = InventoryReader.read(text, file: "inventory.yml")
        return try #require(reading.cluster, "\(reading.diagnostics)")
    }

    private static func chosen(_ vip: String?, isHome: Bool = false) throws -> [String] {
        try MoveWork.chosen(of: cluster(), vip: vip, isHome: isHome).map(\.name)
    }

    @Test("By its name, its address or its virtual router ID", arguments: ["api", "172.16.122.110", "52"])
    func one(vip: String) throws {
        #expect(try Self.chosen(vip) == ["api"])
        #expect(try Self.chosen(vip, isHome: true) == ["api"])
    }

    @Test(
        "What moves together is not torn apart, whichever of it is named",
        arguments: ["both", "2001:db8::100", "53", nil])
    func together(vip: String?) throws {
        let failure = try #require(throws: Failure.self) { try Self.chosen(vip) }
        #expect(failure.kind == .input && failure.step == "move")
        #expect(failure.summary.hasSuffix("is in the sync group both, and moves by itself with all of it"))
        #expect(failure.remedy.contains("--vip") && failure.remedy.contains("haprov maintenance HOST on"))
    }

    @Test("Home goes what can be moved, and nothing is refused")
    func home() throws { #expect(try Self.chosen(nil, isHome: true) == ["web", "api"]) }

    @Test("Who names none of them is told which there are")
    func unknown() throws {
        let failure = try #require(throws: Failure.self) { try Self.chosen("shop") }
        #expect(failure.summary == "the inventory has no virtual IP `shop`")
        for address in ["172.16.122.100", "172.16.122.110", "172.16.122.120", "2001:db8::100"] {
            #expect(failure.remedy.contains(address), "\(failure.remedy)")
        }
    }
}
