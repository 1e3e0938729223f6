import Inventory
import PlanningSamples
import Testing
import VRRP

@testable import Planning

@Suite("Whether VRRP passes is tried where it does no harm")
struct VRRPTrialTests {
    private static let other = Speaker(
        address: "172.16.122.9", virtualRouterID: 255, priority: 100, version: 2, authentication: "none",
        hardwareAddress: "", virtualAddresses: [])

    private func preflight(
        _ cluster: (inout Cluster) -> Void = { _ in }, _ edit: (inout [String: Facts]) -> Void = { _ in }
    ) throws -> Preflight {
        let facts = Samples.threeHosts { hosts in
            for name in hosts.keys { hosts[name]?.listening = Listening(means: "haprov-vrrpd", reason: "") }
            edit(&hosts)
        }
        return Preflight(cluster: try Samples.cluster(cluster), facts: facts)
    }

    private func obstacle(_ edit: (inout [String: Facts]) -> Void) throws -> String? {
        let preflight = try preflight({ _ in }, edit)
        do throws(TrialObstacle) {
            _ = try preflight.trial()
            return nil
        } catch { return error.text }
    }

    @Test("By the NICs that carry the VIP, with a number that nobody was heard to use")
    func ways() throws {
        let way = try #require(try preflight().trial().ways.first)
        #expect(way.virtualRouterID == 255 && !way.isUnicast)
        #expect(way.members.map(\.host) == ["haproxy1", "haproxy2", "haproxy3"])
        #expect(
            way.arguments(of: way.members[1]).joined(separator: " ")
                == "--interface ens33 --virtual-router-id 255 --source 172.16.122.102")
        let beside = try preflight({ _ in }) { $0["haproxy2"]?.listening?.speakers = [Self.other] }.trial()
        #expect(beside.ways.map(\.virtualRouterID) == [254])
        let unicast = try #require(try preflight { $0.instances[0].unicast = true }.trial().ways.first)
        #expect(
            unicast.arguments(of: unicast.members[0]).suffix(2) == ["--to", "172.16.122.102,172.16.122.103"])
    }

    @Test("Never where this cluster's VRRP runs, nor where nobody has listened")
    func obstacles() throws {
        #expect(try obstacle { _ in } == nil)
        let running = try obstacle { hosts in
            hosts["haproxy2"]?.processes = [
                ProcessFact(
                    name: "keepalived", id: 7, parent: 1, unit: "keepalived.service", path: "/usr/sbin/keepalived",
                    arguments: ["keepalived"])
            ]
        }
        #expect(running?.contains("VRRP of this cluster runs on haproxy2, and is not disturbed") == true)
        let apart = try obstacle { hosts in
            hosts["haproxy2"]?.processes = [
                ProcessFact(
                    name: "keepalived", id: 7, parent: 1, unit: "keepalived.service", path: "/usr/sbin/keepalived",
                    arguments: ["keepalived"], isApart: true)
            ]
        }
        #expect(apart == nil, "another cluster's disturbs nobody")
        let deaf = try obstacle { $0["haproxy3"]?.listening?.means = nil }
        #expect(deaf?.contains("nobody could listen on haproxy3") == true)
        #expect(try obstacle { $0 = $0.filter { $0.key == "haproxy1" } } == "it takes two balancers")
    }

    private func told(
        _ edit: (inout [String: Facts]) -> Void = { _ in }, _ change: (inout TrialOutcome) -> Void
    ) throws -> [PreflightFinding] {
        let preflight = try preflight({ _ in }, edit)
        let way = try #require(try preflight.trial().ways.first)
        var outcome = TrialOutcome(way)
        for to in way.members {
            outcome.heard[to.host] = way.members.filter { $0.host != to.host }.map(\.source)
        }
        change(&outcome)
        return preflight.findings(outcome)
    }

    @Test func outcomes() throws {
        let sound = try told { _ in }
        #expect(sound.map(\.verdict) == [.pass])
        #expect(
            sound[0].found
                == "VRRP passes between haproxy1, haproxy2 and haproxy3, each way (three advertisements of priority 1 "
                + "each, virtual router ID 255)")
        let dropped = try told { $0.heard["haproxy2"]?.removeFirst() }
        #expect(dropped.map(\.found) == ["VRRP from haproxy1 does not reach haproxy2"])
        #expect(dropped[0].host == "haproxy2" && dropped[0].failure?.summary == dropped[0].found)
        #expect(dropped[0].remedy.contains("224.0.0.18"))
        let refused = try told { outcome in
            outcome.heard["haproxy2"]?.removeFirst()
            outcome.heard["haproxy3"]?.removeFirst()
            outcome.refused["haproxy1"] = "Operation not permitted"
        }
        #expect(
            refused.map(\.found)
                == ["haproxy2", "haproxy3"].map {
                    "VRRP from haproxy1 does not reach \($0): it does not leave haproxy1 (Operation not permitted)"
                })
        let kept = try told({ $0["haproxy2"]?.firewall.isActive = true }) { $0.heard["haproxy2"] = [] }
        #expect(kept.map(\.verdict) == [.warn, .warn], "apply is still to open it")
        #expect(kept[0].found == "VRRP from haproxy1 does not reach haproxy2, where firewalld runs")
        let absent = try told { outcome in
            outcome.absent["haproxy3"] = "no room"
            outcome.heard["haproxy3"] = nil
        }
        #expect(absent.map(\.found) == ["it was not tried whether VRRP passes: no room"])
    }
}
