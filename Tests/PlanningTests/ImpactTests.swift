import Inventory
import PlanningSamples
import Testing

@testable import Planning

@Suite("What clients may notice, host by host")
struct ImpactTests {
    private static let running = UnitFact(loadState: "loaded", activeState: "active", fileState: "enabled")
    private static let vip = "172.16.122.100"

    /// Three balancers that serve.
    private static func facts(holder: String? = "haproxy1", edit: (inout [String: Facts]) -> Void = { _ in })
        -> [String: Facts]
    {
        Samples.threeHosts { all in
            for name in all.keys {
                all[name]?.units = ["haproxy.service": running, "keepalived.service": running]
            }
            if let holder {
                all[holder]?.addresses.append(NICAddress(nic: "ens33", family: "inet", cidr: vip + "/24"))
            }
            edit(&all)
        }
    }

    private static func impact(
        of verbs: [(UnitChange.Verb, String)], together: [(UnitChange.Verb, String)] = [], on host: String = "haproxy1",
        facts: [String: Facts] = facts(), cluster edit: (inout Cluster) -> Void = { _ in }
    ) throws -> Impact {
        let planner = Planner(
            cluster: try Samples.cluster(edit), resources: [:], facts: facts, products: [], transactions: [:],
            secrets: [])
        func steps(_ verbs: [(UnitChange.Verb, String)]) -> [Step] {
            verbs.map { .change(UnitChange($0.0, unit: "\($0.1).service", service: $0.1)) }
        }
        let write = Step.change(Call("file_write", ["/a"], resource: "file /a", summary: "write"))
        return try #require(
            planner.impact(
                HostPlan(
                    host: host, beforeBuild: [], prepare: [write], rollout: steps(verbs), together: steps(together))))
    }

    @Test("A reload is noticed by nobody, nor a file alone")
    func reload() throws {
        let haproxy = try Self.impact(of: [(.reload, "haproxy")])
        #expect(
            haproxy.isNothing && !haproxy.cutsConnections
                && haproxy.text
                    == "clients notice nothing: HAProxy is reloaded, and its old processes keep their connections"
        )
        let both = try Self.impact(of: [(.reload, "haproxy"), (.reload, "keepalived")])
        #expect(both.isNothing && both.text.hasSuffix("; the VRRP engine is reloaded, and goes on holding \(Self.vip)"))
        #expect(try Self.impact(of: []).text == "clients notice nothing: no service that they use is touched")
        let planner = Planner(
            cluster: try Samples.cluster(), resources: [:], facts: Self.facts(), products: [], transactions: [:],
            secrets: [])
        #expect(planner.impact(HostPlan(host: "haproxy1", beforeBuild: [], prepare: [], rollout: [])) == nil)
    }

    @Test("Whoever holds the VIP and is to restart gives it away, and has it back where it is preferred")
    func holder() throws {
        let restart = try Self.impact(of: [(.restart, "haproxy")])
        #expect(restart.addresses == [Self.vip] && restart.gap == 614 && restart.cutsConnections && !restart.isNothing)
        #expect(
            restart.text
                == "clients may notice a gap of up to 614 ms while \(Self.vip) moves to another balancer, as haproxy is "
                + "restarted, and one of about 2000 ms when it returns; connections through it are cut")
        let newer = try Self.impact(of: [(.restart, "haproxy")]) { $0.keepalived?.version = "2.2.7" }
        #expect(newer.text.contains("restarted, and once more when it returns;"))
        let stays = try Self.impact(of: [(.restart, "keepalived")]) { $0.instances[0].preempt = false }
        #expect(stays.text.contains("as keepalived is restarted; connections"))
        let second = try Self.impact(
            of: [(.restart, "haproxy")], on: "haproxy2", facts: Self.facts(holder: "haproxy2"))
        #expect(second.text.contains("as haproxy is restarted; connections"), "haproxy1 is preferred, and runs")
        let engine = try Self.impact(of: [(.stop, "keepalived"), (.start, "haprov-vrrpd")]) { $0.engine = .vrrpd }
        #expect(engine.gap == 614 && engine.text.contains("as keepalived is stopped, and once more"))
    }

    @Test("Where no other balancer is ready, nobody answers meanwhile; one that is not looked at may be")
    func alone() throws {
        func impact(_ edit: (inout [String: Facts]) -> Void) throws -> Impact {
            try Self.impact(of: [(.restart, "haproxy")], facts: Self.facts(edit: edit))
        }
        let none = try impact {
            $0["haproxy2"]?.units["haproxy.service"]?.activeState = "failed"
            $0["haproxy3"]?.units["keepalived.service"]?.activeState = "inactive"
        }
        #expect(none.gap == nil && none.cutsConnections && !none.isNothing)
        #expect(none.text.contains("while haproxy is restarted: no other balancer is ready to take \(Self.vip) over"))
        #expect(try impact { $0["haproxy2"]?.units["haproxy.service"]?.activeState = "failed" }.gap == 614)
        #expect(
            try impact {
                $0["haproxy3"] = nil; $0["haproxy2"] = nil
            }.gap == 614)
    }

    @Test("A balancer without the VIP may be restarted; one that is preferred takes it when it joins")
    func standby() throws {
        let restart = try Self.impact(of: [(.restart, "haproxy")], on: "haproxy2")
        #expect(restart.isNothing && restart.cutsConnections)
        #expect(
            restart.text
                == "clients notice nothing: it holds no VIP; what is connected to an address of its own is cut")
        #expect(try !Self.impact(of: [(.reload, "haproxy")], on: "haproxy2").cutsConnections)
        #expect(try Self.impact(of: [(.start, "keepalived")], facts: Self.facts(holder: nil)).isNothing)
        let joins = try Self.impact(of: [(.start, "keepalived")], facts: Self.facts(holder: "haproxy3"))
        #expect(joins.addresses == [Self.vip] && joins.gap == 2000 && joins.cutsConnections)
        #expect(joins.text.hasPrefix("\(Self.vip) moves to it, which is preferred"))
        #expect(try Self.impact(of: [(.start, "keepalived")], on: "haproxy3").isNothing)
        let stays = try Self.impact(of: [(.start, "keepalived")], facts: Self.facts(holder: "haproxy3")) {
            $0.instances[0].preempt = false
        }
        #expect(stays.isNothing)
    }

    @Test("While all take another VRRP configuration, the holder's addresses may move")
    func together() throws {
        let holder = try Self.impact(of: [], together: [(.reload, "keepalived")])
        #expect(holder.gap == 3614 && holder.addresses == [Self.vip] && holder.cutsConnections)
        #expect(try Self.impact(of: [], together: [(.reload, "keepalived")], on: "haproxy3").isNothing)
    }
}
