import Foundation
import Processes
import Testing
import Texts

@testable import Inventory

/// Judged by Python's jsonschema, as editors judge.
@Suite("The JSON schema of inventories") struct SchemaTests {
    /// What the validator has against an inventory, a line each: where, and what.
    private func faults(_ inventory: String, _ language: Explanation.Language = .english) async throws -> [String] {
        let told = try await Command([
            "/usr/bin/python3", "-c",
            """
            import json, sys, jsonschema, yaml
            schema = json.loads(sys.argv[1])
            jsonschema.Draft7Validator.check_schema(schema)
            for fault in jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(sys.argv[2])):
                print('.'.join(map(str, fault.path)) + ': ' + fault.message.split('\\n')[0])
            """, InventorySchema.text(language), inventory,
        ]).run()
        try #require(told.status == 0, "\(told.errors)")
        return told.output.split(separator: "\n").map(String.init)
    }

    @Test(
        "What init writes fits, and so does every form that the reader takes", arguments: Explanation.Language.allCases)
    func sound(language: Explanation.Language) async throws {
        #expect(try await faults(InventoryTemplate.text(language), language) == [])
        let rich = """
            cluster: web
            ssh:
              identity: [a, b]
              password: { command: [pass, show, haprov] }
              become: { by: su, password: { file: /root/secret } }
              jump: [ops@bastion, { address: 10.0.0.1, port: 22 }]
            vip: { address: 172.16.122.100/24, interface: ens33, virtual_router_id: 51, version: 3, advert_int: 100ms }
            packages: { rpms: rpms }
            haproxy:
              version: 2.8
              frontends: { web: { bind: "*:80", backend: app } }
              backends: { app: { servers: [app1], port: 10900, mode: http } }
            engine: vrrpd
            hosts:
              haproxy1: { address: 172.16.122.101, role: balancer, priority: 101, ssh: { port: 2222 } }
              haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
              app1: { address: 172.16.122.104, role: application }
            """
        #expect(read(rich).cluster != nil, "\(messages(rich))")
        #expect(try await faults(rich, language) == [])
    }

    @Test(
        "What the reader refuses for its form does not fit",
        arguments: [
            ("role: balancer, priority: 101", "role: balancer", "hosts.haproxy1"),
            ("role: application", "role: other", "hosts.app1.role"),
            ("port: 10900", "port: 109000", "haproxy.backends.app.port"),
            ("engine: keepalived", "engine: frr", "engine"),
            ("known_hosts:", "known_host:", "ssh"),
            ("preempt: true", "preempt: 1", "vip.preempt"),
            ("cluster: web", "", ""),
            ("password: { env: HAPROV_VRRP_PASSWORD }", "password: { vault: x }", "vip.password"),
        ])
    func unsound(change: (old: String, new: String, place: String)) async throws {
        let text = InventoryTemplate.text(.english)
        try #require(text.contains(change.old))
        let faults = try await faults(text.replacingOccurrences(of: change.old, with: change.new))
        #expect(faults.contains { $0.hasPrefix("\(change.place): ") }, "\(faults)")
    }
}
