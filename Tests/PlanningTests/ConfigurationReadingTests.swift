import Digests
import Errors
import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("haprov's own reader judges keepalived.conf before anything is touched")
struct ConfigurationReadingTests {
    private static let wrong = Samples.configuration.replacing("priority 100", with: "priority 1000")

    private static func planner(_ cluster: Cluster, _ text: String, there: String = "") throws -> Planner {
        var resources: [String: HostResources] = [:]
        for host in cluster.balancers {
            resources[host.name] = HostResources(rollout: [
                try Samples.resource(
                    "template", ["source": "k", "path": Engine.configuration, "mode": "0600"], cluster: cluster,
                    host: host, templates: ["k": text])
            ])
        }
        let facts = Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.files[Engine.configuration] = FileFact(
                    kind: .file, mode: "0600", owner: "root", group: "root", digest: SHA256.hex(Array(there.utf8)),
                    content: Array(there.utf8))
            }
        }
        return Planner(
            cluster: cluster, resources: resources, facts: facts, products: [], transactions: [:], secrets: [])
    }

    @Test("A fault stops the plan, with its place", arguments: [("1.4.5", Engine.keepalived), ("2.2.7", .vrrpd)])
    func fault(version: String, engine: Engine) throws {
        let cluster = try Samples.cluster {
            $0.engine = engine
            $0.keepalived?.version = version
        }
        let failure = try #require(throws: Failure.self) { try Self.planner(cluster, Self.wrong).plan() }
        #expect(failure.kind == .input && failure.step == "keepalived.conf" && failure.host == "haproxy3")
        #expect(failure.summary.hasPrefix("/etc/keepalived/keepalived.conf:4:"), "\(failure.summary)")
        // Hosts that have it already are not stopped for it: nothing would be written.
        #expect(try Self.planner(cluster, Self.wrong, there: Self.wrong).plan().isEmpty)
        #expect(throws: Never.self) { try Self.planner(cluster, Samples.configuration).plan() }
    }

    @Test("keepalived from 2.0.4 on judges for itself: the reader's word is a note, said once")
    func note() throws {
        let cluster = try Samples.cluster { $0.keepalived?.version = "2.0.4" }
        let notes = try Self.planner(cluster, Self.wrong).plan().notes
        #expect(notes.count == 1 && notes[0].hasPrefix("/etc/keepalived/keepalived.conf:4:"), "\(notes)")
        #expect(try Self.planner(cluster, Samples.configuration).plan().notes == [])
    }

    @Test("What the shipped playbook writes gives it nothing to say", arguments: TemplateTests.variants)
    func shipped(variant: String) throws {
        let cluster = try TemplateTests.cluster(variant)
        let folder = try Samples.playbooks()
        var resources: [String: HostResources] = [:]
        for host in cluster.balancers {
            let context = TemplateContext(
                cluster: cluster, host: host, passwords: cluster.instances[0].version == .v2 ? [51: "4gjfethT"] : [:],
                packages: [:])
            resources[host.name] = try folder.resources(for: host, context: context)
        }
        let reading = ConfigurationReading(cluster: cluster, resources: resources)
        let hosts = cluster.balancers.map(\.name)
        #expect(reading.failures(on: hosts).isEmpty)
        #expect(reading.notes(on: hosts).allSatisfy { $0.hasPrefix("keepalived 1.4.5 cannot test a configuration") })
    }
}
