import Foundation
import Processes
import Testing

/// The program itself, with a playbook in which a field and a value are misspelt.
@Suite("A playbook with faults", .enabled(if: getuid() == 0, "only root can make network namespaces"))
struct PlaybookFaultTests {
    @Test(
        "Every command that needs it says what is wrong and where, and connects to no host",
        arguments: [
            "check", "status", "plan", "preflight",
        ])
    func isSaid(command: String) async throws {
        let said = try await haprov(command)
        let faults = said.filter { $0["step"] as? String == "playbook" }
        #expect(faults.map { $0["line"] as? Int } == [2, 4], "\(said)")
        #expect(faults.map { $0["column"] as? Int } == [16, 32])
        #expect(faults.map { $0["remedy"] as? String } == ["Did you mean `names`?", "Did you mean `vip.address`?"])
        #expect(faults.allSatisfy { $0["kind"] as? String == "input" && $0["type"] as? String == "error" })
        #expect(said.last?["exit"] as? Int == 1 && !said.contains { $0["kind"] as? String == "unreachable" })
    }

    @Test("Who needs none is not kept from their work") func isNotNeeded() async throws {
        let said = try await haprov("history")
        #expect(said.last?["exit"] as? Int == 4 && !said.contains { $0["step"] as? String == "playbook" }, "\(said)")
    }

    /// What it says with `--json`.
    private func haprov(_ command: String) async throws -> [[String: Any]] {
        let folder = NSTemporaryDirectory() + "haprov-playbook-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try write(
            """
            cluster: web
            ssh: { user: root, known_hosts: /nowhere }
            vip: { address: 192.0.2.9/24, interface: ens33, virtual_router_id: 51 }
            haproxy:
              version: 1.8.25
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: application, port: 10900 } }
            keepalived: { version: 1.4.5 }
            hosts:
              haproxy1: { address: 192.0.2.1, role: balancer, priority: 101 }
              haproxy2: { address: 192.0.2.2, role: balancer, priority: 100 }
              app1: { address: 192.0.2.3, role: application }
            """, "i.yml")
        try write(
            """
            prepare:
              - package: { nams: a }
            rollout:
              - link: { path: /x, target: "{{vip.adress}}" }
            """, "balancer.yml")
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("haprov").path
        // Without a network whoever asks a host learns at once that it cannot be reached.
        let result = try await Command([
            "unshare", "--net", program, command, "--json", "--playbooks", folder, folder + "/i.yml",
        ]).run()
        return try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}
