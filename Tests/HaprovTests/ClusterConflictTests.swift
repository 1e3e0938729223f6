import Errors
import Foundation
import Testing

@testable import haprov

/// What two clusters cannot both have.
@Suite final class ClusterConflictTests {
    private let folder = NSTemporaryDirectory() + "haprov-clusters-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// An inventory of two balancers of which everything differs from those of other numbers.
    private func inventory(_ number: Int, _ changes: (String, String)...) throws -> ListedInventory {
        let path = "\(folder)/\(number).yml"
        var text = """
            cluster: web-\(number)
            engine: vrrpd
            ssh: { known_hosts: /nowhere }
            vip: { address: 172.16.122.10\(number)/24, interface: ens33, virtual_router_id: 5\(number) }
            haproxy:
              from: package
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 10900 } }
            hosts:
              lb1: { address: 172.16.122.\(number)1, role: balancer, priority: 101 }
              lb2: { address: 172.16.122.\(number)2, role: balancer, priority: 100 }
              app: { address: 172.16.122.200, role: application }

            """
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try ListedInventory(path)
    }

    private func summaries(_ inventories: ListedInventory...) -> [String] {
        ClusterConflicts.find(in: inventories).map { $0.summary.replacing(folder + "/", with: "") }
    }

    /// The application's hosts may be those of several.
    @Test func clustersOfOneNetworkStandBesideEachOther() throws {
        let all = try (1...6).map { try inventory($0) }
        #expect(all.map(\.cluster?.name) == (1...6).map { "web-\($0)" })
        try ClusterConflicts.refuse(all)
    }

    @Test func oneFileTwice() throws {
        let one = try inventory(1)
        let other = try ListedInventory("\(folder)/../\(URL(fileURLWithPath: folder).lastPathComponent)/1.yml")
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link.yml", withDestinationPath: "1.yml")
        #expect(ClusterConflicts.find(in: [one, other]).count == 1)
        #expect(summaries(one, try ListedInventory("\(folder)/link.yml")) == ["1.yml and link.yml are one file"])
    }

    @Test func oneName() throws {
        let conflicts = summaries(try inventory(1), try inventory(2, ("cluster: web-2", "cluster: web-1")))
        #expect(conflicts == ["1.yml and 2.yml are both of cluster web-1"])
    }

    @Test func oneBalancer() throws {
        let conflicts = summaries(try inventory(1), try inventory(2, ("172.16.122.21", "172.16.122.12")))
        #expect(conflicts == ["172.16.122.12 is the balancer lb2 in 1.yml and the balancer lb1 in 2.yml"])
    }

    @Test func oneVIP() throws {
        #expect(
            summaries(try inventory(1), try inventory(2, ("172.16.122.102/24", "172.16.122.101/24")))
                == ["172.16.122.101 is a VIP in 1.yml and a VIP in 2.yml"])
        #expect(
            summaries(try inventory(1), try inventory(2, ("172.16.122.102/24", "172.16.122.11/24")))
                == ["172.16.122.11 is the balancer lb1 in 1.yml and a VIP in 2.yml"])
    }

    @Test func oneVirtualRouter() throws {
        let same = ("virtual_router_id: 52", "virtual_router_id: 51")
        #expect(
            summaries(try inventory(1), try inventory(2, same))
                == ["1.yml and 2.yml both have the virtual router ID 51 in 172.16.122.0/24"])
        let elsewhere = ("172.16.122.102/24", "172.16.123.102/24")
        #expect(summaries(try inventory(1), try inventory(2, same, elsewhere)) == [])
        let unicast = ("virtual_router_id: 52", "virtual_router_id: 51, unicast: true")
        #expect(summaries(try inventory(1), try inventory(2, unicast)) == [])
    }

    /// Networks of the same addresses at two places.
    @Test func behindAnotherBastionAllIsAnother() throws {
        func beside(_ jump: String) throws -> ListedInventory {
            try inventory(
                2, ("known_hosts: /nowhere", "known_hosts: /nowhere, jump: \(jump)"),
                ("172.16.122.21", "172.16.122.11"), ("172.16.122.102", "172.16.122.101"),
                ("virtual_router_id: 52", "virtual_router_id: 51"))
        }
        #expect(summaries(try inventory(1), try beside("admin@bastion")) == [])
    }

    @Test func allAreTold() throws {
        let conflicts = summaries(
            try inventory(1), try inventory(2, ("cluster: web-2", "cluster: web-1")),
            try inventory(3, ("172.16.122.31", "172.16.122.22")), try inventory(4, ("172.16.122.42", "172.16.122.22")))
        #expect(conflicts.count == 3, "\(conflicts)")
        let failures = #expect(throws: Failures.self) {
            try ClusterConflicts.refuse([try self.inventory(1), try self.inventory(1)])
        }
        #expect(failures?.all.first?.remedy == "Nothing was begun. Name each inventory once.")
    }

    @Test func whatCannotBeReadIsNoConflict() throws {
        let faulty = try inventory(2, ("engine: vrrpd", "engine: steam"))
        #expect(faulty.cluster == nil)
        #expect(try summaries(inventory(1), faulty, ListedInventory("\(folder)/none.yml")) == [])
    }
}
