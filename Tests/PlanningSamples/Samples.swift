import Foundation
import Inventory
import Planning
import YAMLReading

/// The guide's cluster, and facts of hosts in known states.
package enum Samples {
    /// What a sample needs is not there.
    package struct Missing: Error { var what: String }

    package static let inventory = """
        cluster: web
        engine: keepalived
        ssh: { user: root, known_hosts: /k }
        vip:
          address: 172.16.122.100/24
          interface: ens33
          virtual_router_id: 51
          version: 2
          advert_int: 1s
          preempt: true
        health_check: process
        packages: host
        haproxy:
          version: 1.8.25
          prefix: /usr/local/haproxy
          frontends: { web: { bind: "*:80", backend: app } }
          backends: { app: { servers: application, port: 10900, balance: roundrobin } }
        keepalived: { version: 1.4.5, prefix: /usr/local/keepalived }
        hosts:
          haproxy1: { address: 172.16.122.101, role: balancer, priority: 101 }
          haproxy2: { address: 172.16.122.102, role: balancer, priority: 100 }
          haproxy3: { address: 172.16.122.103, role: balancer, priority: 99 }
          app1: { address: 172.16.122.104, role: application }
          app2: { address: 172.16.122.105, role: application }
          app3: { address: 172.16.122.106, role: application }
        """

    /// A keepalived.conf that can be run.
    package static let configuration = """
        vrrp_instance VI_1 {
            interface ens33
            virtual_router_id 51
            priority 100
            virtual_ipaddress {
                172.16.122.100/24
            }
        }

        """

    package static func cluster(_ edit: (inout Cluster) -> Void = { _ in }) throws -> Cluster {
        let reading = InventoryReader.read(inventory, file: "inventory.yml")
        guard var cluster = reading.cluster else { throw Missing(what: "\(reading.diagnostics)") }
        edit(&cluster)
        return cluster
    }

    package static func host(_ name: String = "haproxy1", in cluster: Cluster) throws -> Inventory.Host {
        guard let host = cluster.hosts.first(where: { $0.name == name }) else { throw Missing(what: name) }
        return host
    }

    /// A bare CentOS 7.7 that is fit for everything.
    package static func facts(address: String = "172.16.122.101", _ edit: (inout Facts) -> Void = { _ in }) -> Facts {
        let said = """
            @host|centos|7|CentOS Linux release 7.7.1908 (Core)|x86_64|3.10.0-1062.el7.x86_64|glibc 2.17|systemd|0|h
            @space|/usr/local|\(10 << 20)
            @space|/var/lib|\(10 << 20)
            @tool|yum|yes
            @tool|rpm|yes
            @address|lo|inet|127.0.0.1/8
            @address|ens33|inet|\(address)/24
            @nic|lo|
            @nic|ens33|00:0c:29:00:00:\(address.suffix(2))

            """
        var facts = FactsReader.read(Array(said.replacing("|", with: "\t").utf8))
        edit(&facts)
        return facts
    }

    /// The three balancers, bare.
    package static func threeHosts(_ edit: (inout [String: Facts]) -> Void = { _ in }) -> [String: Facts] {
        var facts = [
            "haproxy1": facts(address: "172.16.122.101"), "haproxy2": facts(address: "172.16.122.102"),
            "haproxy3": facts(address: "172.16.122.103"),
        ]
        edit(&facts)
        return facts
    }

    /// This repository.
    package static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The playbook that haprov comes with.
    package static func playbooks() throws -> PlaybookFolder {
        let folder = repository + "/Playbooks"
        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mustache") }
        return PlaybookFolder(
            balancer: try text("balancer.yml"), file: "\(folder)/balancer.yml",
            templates: Dictionary(uniqueKeysWithValues: try names.map { ($0, try text($0)) }))
    }

    /// Reads one resource as a playbook would give it.
    package static func resource(
        _ kind: String, _ fields: [String: String], cluster: Cluster, host: Inventory.Host, secrets: [String] = [],
        templates: [String: String] = [:]
    ) throws(PlaybookError) -> any Resource {
        let entries = fields.sorted { $0.key < $1.key }.enumerated().map { index, field in
            Fields.Entry(
                name: field.key, text: field.value, place: SourcePlace(line: 4 + index, column: 7),
                valuePlace: SourcePlace(line: 4 + index, column: 9))
        }
        guard let type = ResourceKinds.named(kind) else { throw PlaybookError([]) }
        let values = TemplateContext(
            cluster: cluster, host: host, passwords: secrets.first.map { [51: $0] } ?? [:], packages: [:])
        return try type.init(
            Fields(entries, of: type, file: "p.yml", place: SourcePlace(line: 3, column: 5)),
            context: ResourceContext(host: host, values: values, templates: templates))
    }
}
