import Foundation
import Processes
import Testing

/// The program itself, given two inventories whose hosts nobody can reach.
@Suite(.enabled(if: getuid() == 0, "only root can make network namespaces")) final class ClustersCommandTests {
    private let folder = NSTemporaryDirectory() + "haprov-clusters-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for number in 1...2 {
            let inventory = """
                cluster: web-\(number)
                ssh: { user: root, known_hosts: /nowhere }
                vip: { address: 172.16.122.10\(number)/24, interface: ens33, virtual_router_id: 5\(number) }
                haproxy:
                  from: package
                  frontends: { web: { bind: "*:80", backend: app } }
                  backends: { app: { servers: application, port: 10900 } }
                keepalived: { from: package }
                hosts:
                  lb1: { address: 172.16.122.\(number)1, role: balancer, priority: 101 }
                  lb2: { address: 172.16.122.\(number)2, role: balancer, priority: 100 }
                  app: { address: 172.16.122.200, role: application }

                """
            try Data(inventory.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(number).yml"))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func haprov(_ words: String...) async throws -> Command.Result {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
        return try await Command(["unshare", "--net", program] + words + ["\(folder)/1.yml", "\(folder)/2.yml"]).run()
    }

    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test(arguments: [1, 2]) func everyLineSaysWhoseItIs(width: Int) async throws {
        let told = try await haprov("plan", "--keep-going", "--parallel", "\(width)")
        #expect(told.status == 4, "\(told)")
        for number in 1...2 {
            #expect(told.output.contains("web-\(number) | Connect\n"), "\(told.output)")
            #expect(told.errors.contains("web-\(number) | error lb1: "), "\(told.errors)")
        }
        #expect(lines(told.errors).allSatisfy { $0.hasPrefix("web-1 | ") || $0.hasPrefix("web-2 | ") })
        let summary = lines(told.output).suffix(4).map { $0.split(separator: " ").prefix(4).joined(separator: " ") }
        #expect(
            summary == [
                "cluster result changes drill", "web-1 failed 0 -", "web-2 failed 0 -", "2 clusters: 2 failed.",
            ])
    }

    @Test func afterTheFirstThatFailsNoneIsBegun() async throws {
        let told = try await haprov("plan")
        #expect(told.status == 4, "\(told)")
        #expect(lines(told.output).last == "2 clusters: 1 failed, 1 not begun.", "\(told.output)")
        #expect(!told.output.contains("web-2 | Connect"), "\(told.output)")
    }

    /// What is said of it names the file, as editors know it.
    @Test func aFaultyInventoryIsToldBeforeAnythingIsBegun() async throws {
        try Data("cluster: web-2\nengine: steam\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/2.yml"))
        let told = try await haprov("apply", "--yes")
        #expect(told.status == 1, "\(told)")
        #expect(lines(told.errors).contains { $0.hasPrefix("\(folder)/2.yml:2:9: error: `engine` is `steam`") })
        #expect(lines(told.output).last == "2 clusters: 1 failed, 1 not begun.", "\(told.output)")
        #expect(!told.output.contains("Connect"))
    }

    @Test func whatTwoShareIsRefusedEvenWhereOthersWouldGoOn() async throws {
        let text = try String(contentsOfFile: "\(folder)/2.yml", encoding: .utf8)
        try Data(text.replacing("172.16.122.21", with: "172.16.122.11").utf8)
            .write(to: URL(fileURLWithPath: "\(folder)/2.yml"))
        // Of the shard that has the one of them alone, too.
        let told = try await haprov("apply", "--yes", "--keep-going", "--shard", "1/2")
        #expect(told.status == 1 && told.output == "", "\(told)")
        #expect(
            lines(told.errors).first
                == "error: clusters: 172.16.122.11 is the balancer lb1 in \(folder)/1.yml and the balancer lb1 in "
                + "\(folder)/2.yml")
    }

    @Test func aShardHasItsOwnAlone() async throws {
        let told = try await haprov("plan", "--shard", "2/2")
        #expect(told.status == 4 && !(told.output + told.errors).contains("web-1"), "\(told)")
        let none = try await haprov("plan", "--shard", "3/3")
        #expect(none.status == 0 && none.output == "Nothing to do: of 2 clusters, shard 3/3 has none.\n", "\(none)")
    }
}
