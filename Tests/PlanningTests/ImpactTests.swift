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
        func steps(_ verbs: [(UnitChange.Verb, String)]) -> [Step] {
            verbs.map { .change(UnitChange($0.0, unit: "\($0.1).service", service: $0.1)) }
        }
        let write = Step.change(Call("file_write", ["/a"], resource: "file /a", summary: "write"))
        let plan = HostPlan(
            host: host, beforeBuild: [], prepare: [write], rollout: steps(verbs), together: steps(together))
        return try #require(
            ImpactEstimate(cluster: try Samples.cluster(edit), facts: facts, of: [plan]).impact(plan))
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
        let nothing = HostPlan(host: "haproxy1", beforeBuild: [], prepare: [], rollout: [])
        #expect(
            ImpactEstimate(cluster: try Samples.cluster(), facts: Self.facts(), of: [nothing]).impact(nothing) == nil)
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

    /// Takes back what a run did on all balancers.
    private static func impacts(undoing verbs: [(UnitChange.Verb, String)]) throws -> [String: Impact] {
        let plans = ["haproxy1", "haproxy2", "haproxy3"].map { host in
            HostPlan(
                host: host, beforeBuild: [], prepare: [],
                rollout: verbs.enumerated().map { index, verb in
                    let change = UnitChange(verb.0, unit: "\(verb.1).service", service: verb.1)
                    return .undo(
                        Undo(
                            run: "r", number: "000\(index)", subject: change.subject, summary: "undo", change: change))
                })
        }
        let estimate = ImpactEstimate(cluster: try Samples.cluster(), facts: facts(), of: plans)
        let pairs = plans.compactMap { plan in estimate.impact(plan).map { (plan.host, $0) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test("Taking back is told as what it comes to: a service that was started stops, one that was restarted restarts")
    func takenBack() throws {
        let restart = try #require(try Self.impacts(undoing: [(.restart, "haproxy")])["haproxy1"])
        #expect(restart.gap == 614 && restart.text.contains("as haproxy is restarted, and one of about 2000 ms when"))
        #expect(try Self.impacts(undoing: [(.reload, "haproxy")]).allSatisfy { $0.value.isNothing })
        // The others have gone by the holder's turn.
        let all = try Self.impacts(undoing: [(.start, "keepalived"), (.start, "haproxy")])
        let holder = try #require(all["haproxy1"])
        #expect(holder.gap == nil && holder.addresses == [Self.vip] && holder.cutsConnections)
        #expect(
            holder.text
                == "clients get no answer from then on: keepalived is stopped and haproxy is stopped, and no other balancer "
                + "takes \(Self.vip) over; connections are cut")
        #expect(all["haproxy2"]?.isNothing == true && all["haproxy2"]?.cutsConnections == true)
        // Another engine: what runs now stops, what ran before starts.
        let engine = try #require(
            try Self.impacts(undoing: [(.stop, "haprov-vrrpd"), (.start, "keepalived")])["haproxy1"])
        #expect(engine.gap == 614 && engine.text.contains("to another balancer, as keepalived is stopped"))
    }
}
