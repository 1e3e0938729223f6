import Digests
import Errors
import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("Balancers that would stop hearing each other")
struct WireTests {
    private static let conf = "/etc/keepalived/keepalived.conf"

    private func plan(
        _ facts: [String: Facts], new: String = "virtual_router_id 52\n", unicast: Bool = false,
        former: [FormerHostState] = [], kind: String = "template"
    ) throws -> Plan {
        // One that tests its configuration itself: these are no whole ones.
        let cluster = try Samples.cluster {
            $0.instances[0].unicast = unicast
            $0.keepalived?.version = "2.0.4"
        }
        var resources: [String: HostResources] = [:]
        for host in cluster.balancers {
            resources[host.name] = HostResources(rollout: [
                try Samples.resource(
                    kind,
                    [
                        kind == "file" ? "content" : "source": kind == "file" ? new : "k", "path": Self.conf,
                        "mode": "0600",
                    ],
                    cluster: cluster, host: host, templates: ["k": new]),
                try Samples.resource(
                    "service", ["name": "keepalived", "unit": "/u", "reload_on": "template \(Self.conf)"],
                    cluster: cluster, host: host),
            ])
        }
        var planner = Planner(
            cluster: cluster, resources: resources, facts: facts, products: [], transactions: [:], secrets: [])
        planner.former = former
        return try planner.plan()
    }

    private func facts(_ text: String = "virtual_router_id 51\n") -> [String: Facts] {
        Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.files[Self.conf] = FileFact(
                    kind: .file, mode: "0600", owner: "root", group: "root", digest: SHA256.hex(Array(text.utf8)),
                    content: Array(text.utf8))
                all[name]?.units["keepalived.service"] = UnitFact(
                    loadState: "loaded", activeState: "active", fileState: "enabled")
            }
        }
    }

    @Test("What a playbook writes by `file`, not by `template`, changes the wire all the same")
    func file() throws {
        let plan = try plan(facts(), kind: "file")
        #expect(plan.hosts.allSatisfy { $0.together.map(\.summary) == ["reload keepalived"] })
        var partial = facts()
        partial["haproxy3"] = nil
        #expect(throws: Failure.self) { try self.plan(partial, kind: "file") }
    }

    @Test("A new balancer starts when the others take up the configuration that knows it")
    func newBalancer() throws {
        var facts = facts()
        facts["haproxy3"]?.files = [:]
        facts["haproxy3"]?.units = [:]
        let plan = try plan(facts)
        #expect(
            plan.hosts.map { $0.together.map(\.summary) } == [
                ["start keepalived"], ["reload keepalived"], ["reload keepalived"],
            ])
    }

    @Test("What a former balancer would not follow is refused while it takes part")
    func former() throws {
        var seen = Facts()
        seen.processes = [
            ProcessFact(
                name: "keepalived", id: 7, parent: 1, unit: "keepalived.service", path: "/k", arguments: ["/k"])
        ]
        var state = FormerHostState(
            host: FormerHost(
                name: "haproxy9", address: try #require(IPAddress("172.16.122.109")), port: 22, user: "root",
                run: "R1",
                isRecent: true),
            facts: seen)
        let failure = #expect(throws: Failure.self) { try plan(facts(), former: [state]) }
        #expect(failure?.summary.contains("haproxy9 (172.16.122.109), which is no longer a balancer") == true)
        #expect(failure?.remedy.contains("systemctl stop keepalived") == true)
        #expect(try !plan(facts("virtual_router_id 52\n"), former: [state]).hosts.isEmpty)
        state.facts?.processes = []
        #expect(try !plan(facts(), former: [state]).hosts.isEmpty)
    }

    @Test("Some alone are refused where they would no longer be heard, and only there")
    func limited() throws {
        var facts = facts()
        facts["haproxy2"] = nil
        let failure = #expect(throws: Failure.self) { try plan(facts) }
        #expect(failure?.summary.contains("and haproxy2 would go on with the old one") == true)
        let priority = try plan(facts, new: "priority 7\nvirtual_router_id 51\n")
        #expect(priority.hosts.allSatisfy { $0.together.isEmpty })
    }

    @Test(
        "What a balancer keeps to itself is taken up one after the other",
        arguments: [
            ("172.16.122.100/24", "172.16.122.100/32"),
            ("vrrp_instance VI_1", "vrrp_script alive {\n    script /bin/true\n}\n\nvrrp_instance VI_1"),
            ("    virtual_ipaddress", "    track_script {\n        alive\n    }\n    virtual_ipaddress"),
        ])
    func own(text: String, other: String) throws {
        let script = "vrrp_script alive {\n    script /bin/false\n}\n\n"
        let old = text.hasPrefix(" ") ? script + Samples.configuration : Samples.configuration
        let plan = try plan(facts(old), new: old.replacing(text, with: other))
        #expect(plan.hosts.count == 3 && plan.hosts.allSatisfy { $0.together.isEmpty })
        #expect(plan.hosts.allSatisfy { $0.rollout.contains { $0.summary == "reload keepalived" } })
    }

    @Test("By unicast a new balancer does not start without the others, which have to list it")
    func unlisted() throws {
        let new = "virtual_router_id 51\n"
        var facts = facts()
        facts["haproxy1"] = nil
        // One that was stopped knows the others, and they know it.
        facts["haproxy3"]?.units = [:]
        #expect(
            try plan(facts, new: new, unicast: true).hosts.first?.rollout.map(\.summary).contains("start keepalived")
                == true)
        facts["haproxy3"]?.files = [:]
        let failure = #expect(throws: Failure.self) { try plan(facts, new: new, unicast: true) }
        #expect(
            failure?.summary.hasPrefix("haproxy3 would start, and haproxy1 may not list it among the peers yet") == true
        )
        #expect(throws: Never.self) { try plan(facts, new: new, unicast: false) }
    }

    @Test("What an interrupted run has written is taken up by all at once")
    func interrupted() throws {
        var facts = facts("virtual_router_id 52\n")
        #expect(try plan(facts).isEmpty)
        for name in facts.keys {
            facts[name]?.left = [LeftChange(run: "R1", function: "file_write", subject: "template \(Self.conf)")]
        }
        #expect(try plan(facts).hosts.allSatisfy { $0.together.map(\.summary) == ["reload keepalived"] })
    }

    @Test("A former balancer is reached by SSH, by its own way, also where the first of today is the machine itself")
    func formerHostIsNotLocal() throws {
        var cluster = try Samples.cluster()
        cluster.hosts[0].connection = .local
        cluster.hosts[1].ssh.proxyCommand = "nc 172.16.122.102 22"
        let former = FormerHost(
            name: "old", address: try #require(IPAddress("172.16.122.109")), port: 22, user: "root", run: "R1",
            isRecent: true)
        let host = try #require(former.host(in: cluster))
        #expect(host.connection == .ssh && host.ssh.proxyCommand == nil && host.address == former.address)
    }
}
