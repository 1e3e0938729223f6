import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("A cluster of two VIPs")
struct SeveralInstancesTests {
    private static let (web, api) = (IPAddress.v4(0xAC10_7A64), IPAddress.v4(0xAC10_7A6E))

    /// The guide's VIP, and one that haproxy2 is to hold.
    private static func cluster() throws -> Cluster {
        try Samples.cluster { cluster in
            var other = cluster.instances[0]
            other.addresses = [InterfaceAddress(address: api, prefixLength: 24)]
            other.virtualRouterID = 52
            other.members = [.init(host: "haproxy2", priority: 200), .init(host: "haproxy3", priority: 100)]
            cluster.instances.append(other)
        }
    }

    private static func facts(_ held: [String: [IPAddress]]) -> [String: Facts] {
        Samples.threeHosts { facts in
            for (host, addresses) in held {
                facts[host]?.addresses += addresses.map { NICAddress(nic: "ens33", family: "inet", cidr: "\($0)/24") }
            }
        }
    }

    @Test(
        "Those come first whose change moves the fewest VIPs",
        arguments: [
            (["haproxy1": [web], "haproxy2": [api]], ["haproxy3", "haproxy2", "haproxy1"]),
            (["haproxy1": [web, api], "haproxy2": []], ["haproxy3", "haproxy2", "haproxy1"]),
            (["haproxy3": [web, api], "haproxy2": []], ["haproxy2", "haproxy1", "haproxy3"]),
            (["haproxy3": [api], "haproxy2": [web]], ["haproxy1", "haproxy3", "haproxy2"]),
            ([:], ["haproxy3", "haproxy2", "haproxy1"]),
        ] as [([String: [IPAddress]], [String])])
    func order(held: [String: [IPAddress]], order: [String]) throws {
        #expect(try Self.cluster().rolloutOrder(Self.facts(held)).map(\.name) == order)
    }

    @Test func hostsAreAskedForBoth() throws {
        let cluster = try Self.cluster()
        let preflight = Preflight(cluster: cluster, facts: Self.facts([:]))
        let queries = preflight.queries(for: try Samples.host("haproxy1", in: cluster))
        #expect(
            queries.filter { $0.function == "probe_neighbour" }.map { $0.arguments[0] } == [
                "\(Self.web)", "\(Self.api)",
            ])
        #expect(
            queries.first { $0.function == "probe_processes" }?.arguments == ["\(Self.web)", "\(Self.api)", "51", "52"])
    }

    @Test func whoeverSpeaksWithTheNumberOfEitherIsARival() throws {
        var facts = Self.facts([:])
        let speakers = [51, 52, 53].map { number in
            Speaker(
                address: "172.16.122.\(200 + number - 51)", virtualRouterID: number, priority: 150, version: 2,
                authentication: "none", hardwareAddress: "", virtualAddresses: ["172.16.122.99"], isMulticast: true)
        }
        facts["haproxy1"]?.listening = Listening(means: "socket", reason: "", speakers: speakers)
        let rivals = Preflight(cluster: try Self.cluster(), facts: facts).rivals().map(\.summary)
        #expect(rivals.count == 2)
        #expect(rivals.first?.contains("virtual router ID 51, which is this cluster's") == true)
        #expect(rivals.last?.contains("virtual router ID 52, which is this cluster's") == true)
    }
}
