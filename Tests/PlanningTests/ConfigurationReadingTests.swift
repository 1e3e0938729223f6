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

    @Test(
        "A keepalived.conf of one's own has the inventory's routers and VIPs",
        arguments: [
            ("virtual_router_id {{vip.virtual_router_id}}", "{{vip.cidr}}", true),
            ("virtual_router_id 51", "10.0.0.1/24", false),
            ("virtual_router_id 52", "{{vip.cidr}}", false),
        ])
    func own(router: String, address: String, isWhole: Bool) throws {
        let cluster = try Samples.cluster { $0.keepalived?.template = "/site/k.mustache" }
        let template =
            Samples.configuration.replacing("virtual_router_id 51", with: router)
            .replacing("172.16.122.100/24", with: address) + "# {{vars.site}} {{secrets.mail}} {{host.name}}\n"
        var named = cluster
        named.variables = ["site": "east"]
        named.secrets = ["mail": .environment("MAIL")]
        let folder = try Samples.playbooks().writingKeepalived(by: template, from: "/site/k.mustache")
        let resources = try folder.resources(of: named, passwords: [:], secretValues: ["mail": "s3cret"], packages: [:])
        let text = try #require(resources["haproxy2"]?.keepalivedConfiguration)
        #expect(text.hasSuffix("# east s3cret haproxy2\n"), "\(text)")
        let failures = ConfigurationReading(cluster: named, resources: resources).failures(on: ["haproxy2"])
        #expect(failures.isEmpty == isWhole, "\(failures)")
        guard !isWhole else { return }
        #expect(failures[0].step == "keepalived.config" && failures[0].host == "haproxy2")
        #expect(
            failures[0].summary
                == "/site/k.mustache makes no instance of virtual_router_id 51 with 172.16.122.100, "
                + "which the inventory has")
    }

    @Test("haprov's own engine takes a keepalived.conf of one's own too: what it ignores is told")
    func ownEngine() throws {
        let cluster = try Samples.cluster { cluster in
            cluster.engine = .vrrpd
            cluster.keepalived?.template = "/site/k.mustache"
        }
        func reading(_ line: String) throws -> ConfigurationReading {
            let template = Samples.configuration + line
            let folder = try Samples.playbooks().writingKeepalived(by: template, from: "/site/k.mustache")
            return ConfigurationReading(
                cluster: cluster, resources: try folder.resources(of: cluster, passwords: [:], packages: [:]))
        }
        let hosts = ["haproxy2"]
        let sound = try reading("")
        #expect(sound.failures(on: hosts).isEmpty && sound.notes(on: hosts).isEmpty, "\(sound.notes(on: hosts))")
        let mail = try reading("global_defs {\n    smtp_server 127.0.0.1\n}\n")
        #expect(mail.failures(on: hosts).isEmpty)
        #expect(mail.notes(on: hosts).contains { $0.contains("`smtp_server` is ignored") }, "\(mail.notes(on: hosts))")
        let wrong = try reading("global_defs {\n    vrrp_garp_master_refresh soon\n}\n").failures(on: hosts)
        #expect(wrong.count == 1 && wrong[0].step == "keepalived.conf", "\(wrong)")
        #expect(wrong[0].summary.contains("vrrp_garp_master_refresh") && wrong[0].remedy.contains("/site/k.mustache"))
    }

    @Test("Faults of a keepalived.conf of one's own are told by its name and line")
    func ownFault() throws {
        let folder = try Samples.playbooks().writingKeepalived(
            by: "global_defs {\n}\n{{vars.sight}}\n", from: "/site/k.mustache")
        let error = try #require(throws: PlaybookError.self) {
            try folder.resources(of: Samples.cluster { $0.variables = ["site": "east"] }, passwords: [:], packages: [:])
        }
        #expect(Set(error.faults.map(\.file)) == ["/site/k.mustache"] && error.faults[0].line == 3, "\(error.faults)")
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
