import Foundation
import Inventory
import Planning
import Provisioning
import SSH
import Synchronization
import Testing
import VRRP

@testable import Drills

/// Drills on three balancers that share two VIPs, one of them of both families: real scripts, two real servers and probers; what
/// keepalived would do is played.
@Suite struct SeveralVIPsTests {
    private final class Stage: Sendable {
        let servers: [String: TestServer]
        private let asksSix: Bool
        let hosts: TestHosts
        let events = Mutex<[DrillEvent]>([])
        /// Whether a kill takes VIPs along whose holder was not struck.
        let takesBystanders: Bool

        /// - Parameter asksSix: whether a network leads to the VIP of IPv6.
        init(preempt: Bool = true, takesBystanders: Bool = false, asksSix: Bool = false) throws {
            self.asksSix = asksSix
            self.takesBystanders = takesBystanders
            let web = TestServer(body: "app1\n")
            let api = TestServer(body: "app1\n", address: "127.0.0.2", port: web.port)
            let six = asksSix ? ["web_6": TestServer(body: "app1\n", address: "::1", port: web.port)] : [:]
            servers = ["web": web, "api": api].merging(six) { first, _ in first }
            let limits = Limits(vipMoved: 20_000, clientGap: 20_000)
            var cluster = TestCluster.guide(
                preempt: preempt, vip: "127.0.0.1", port: web.port, advertisementInterval: .milliseconds(10),
                limits: limits)
            var first = cluster.instances[0]
            (first.version, first.vip, first.syncGroup) = (.v3, "web", "web")
            var second = first
            second.addresses = [
                InterfaceAddress(address: try #require(IPAddress(asksSix ? "::1" : "2001:db8::100")), prefixLength: 64)
            ]
            var other = first
            (other.vip, other.syncGroup, other.virtualRouterID) = ("api", nil, 52)
            other.addresses = [InterfaceAddress(address: try #require(IPAddress("127.0.0.2")), prefixLength: 8)]
            other.members = [
                .init(host: "haproxy1", priority: 99), .init(host: "haproxy2", priority: 101),
                .init(host: "haproxy3", priority: 100),
            ]
            cluster.instances = [first, second, other]
            cluster.drill.rate = 500
            hosts = try TestHosts(cluster, others: ["web_6": "haproxy1", "api": "haproxy2"])
        }

        func verify() async -> VerifyReport {
            let run = RunIdentity(id: "V1", command: "verify", operatorName: "me@here", started: "2026-01-31T09:45:00Z")
            var options = DrillOptions(run, clock: { "2026-01-31T09:46:00Z" }, proberBinary: nil)
            options.timeout = 300_000
            var verification = Verification(
                hosts.cluster, scenarios: [.haproxyKilled], options: options,
                connect: { host throws(SSHError) in self.hosts.connection(host.name) }, event: { self.happened($0) })
            verification.look = { _ in WireView(cluster: self.hosts.cluster, facts: [:], heard: []) }
            return await verification.run()
        }

        /// The instances that go where a host is struck, and whereto.
        private func moves(from host: String) -> [(VRRPInstance, String)] {
            hosts.cluster.instances.compactMap { instance in
                let holder = hosts.holder(of: instance)
                let others = hosts.cluster.balancers(of: instance).map(\.name).filter { $0 != host && $0 != holder }
                guard holder == host || takesBystanders, let next = others.first else { return nil }
                return (instance, next)
            }
        }

        private func happened(_ event: DrillEvent) {
            events.withLock { $0.append(event) }
            switch event {
            case .broken(let host, _, _):
                let moves = moves(from: host)
                for (instance, _) in moves { servers[instance.name]?.close() }
                Thread.detachNewThread {
                    usleep(150_000)
                    for (instance, to) in moves { self.hosts.moveVIP(instance, to: to) }
                    usleep(50_000)
                    for (instance, _) in moves { self.servers[instance.name]?.reopen() }
                }
            case .restored:
                for instance in hosts.cluster.instances where instance.preempt {
                    let best = hosts.cluster.balancers(of: instance)[0].name
                    if hosts.holder(of: instance) != best { hosts.moveVIP(instance, to: best) }
                }
            default: break
            }
        }
    }

    @Test func exactlyTheVIPsOfTheStruckHostMove() async throws {
        let report = try await Stage().verify()
        #expect(report.failures == [])
        try #require(report.drills.count == 2)
        let (one, two) = (report.drills[0], report.drills[1])
        #expect(one.from == "haproxy1" && one.to == "haproxy2")
        #expect(one.vips.map(\.name) == ["web", "web_6", "api"])
        #expect(one.vips.map(\.isStruck) == [true, true, false])
        #expect(one.vips.map(\.to) == ["haproxy2", "haproxy2", nil])
        #expect(one.vips.map { $0.vipMovedMilliseconds != nil } == [true, true, false])
        #expect(one.vips[1].requests == nil && one.vips[0].failed ?? 0 > 0)
        // A machine that is busy may owe it answers too.
        #expect(one.vips[2].from == "haproxy2" && one.vips[2].failed ?? 0 < one.vips[2].requests ?? 0)
        #expect(one.vips[0].clientGapMilliseconds ?? 0 >= 150)
        #expect(one.vips.map { $0.vipReturnedMilliseconds != nil } == [true, true, false])
        #expect(one.requests == one.vips.compactMap(\.requests).reduce(0, +))
        #expect(two.from == "haproxy2" && two.to == "haproxy3")
        #expect(two.vips.map(\.name) == ["api", "web", "web_6"])
        #expect(two.vips.map(\.to) == ["haproxy3", nil, nil])
    }

    @Test func aVIPOfIPv6IsAskedWhereANetworkLeadsToIt() async throws {
        let stage = try Stage(asksSix: true)
        let report = await stage.verify()
        #expect(report.failures == [])
        let one = try #require(report.drills.first)
        #expect(one.vips.map(\.name) == ["web", "web_6", "api"])
        #expect(one.vips.allSatisfy { $0.requests ?? 0 > 0 })
        #expect(one.vips[1].failed ?? 0 > 0 && one.vips[1].clientGapMilliseconds ?? 0 >= 150)
        #expect(one.resolutionMilliseconds == 3)
        let placed = stage.events.withLock { $0 }.compactMap { event -> String? in
            guard case .proberPlaced(.controller, let target, 3000) = event else { return nil }
            return target
        }
        let port = try #require(stage.servers["web"]).port
        #expect(placed == ["127.0.0.1:\(port) and [::1]:\(port) and 127.0.0.2:\(port)"])
    }

    @Test func theReportNamesEachVIP() async throws {
        let report = try await Stage().verify()
        let drill = try #require(report.drills.first)
        let data = try JSONEncoder().encode(drill)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let vips = try #require(json["vips"] as? [String: [String: Any]])
        #expect(Set(vips.keys) == ["web", "web_6", "api"])
        #expect(vips["web"]?["vip_moved_ms"] as? Int == json["vip_moved_ms"] as? Int)
        #expect(vips["web_6"]?["addresses"] as? [String] == ["2001:db8::100"])
        #expect(vips["api"]?["to"] is NSNull && vips["api"]?["struck"] as? Bool == false)
    }

    @Test func aVIPThatMovesWithoutNeedIsAFault() async throws {
        let report = try await Stage(takesBystanders: true).verify()
        #expect(!report.ok)
        #expect(
            report.failures.contains {
                $0.summary.hasPrefix("Expected api to stay on haproxy2, to which nothing was done")
            },
            "\(report.failures)")
        // A cluster that failed one drill does not get another.
        #expect(report.drills.count == 1 && report.drills[0].restored)
    }

    /// Without preemption all are on haproxy2 after the first drill, and go from there in the second.
    @Test func everyVIPIsShownToMove() async throws {
        let report = try await Stage(preempt: false).verify()
        #expect(report.failures == [])
        #expect(report.drills.map(\.from) == ["haproxy1", "haproxy2"])
        #expect(report.drills.last?.vips.map(\.isStruck) == [true, true, true])
        #expect(report.drills.last?.vips.map(\.to) == ["haproxy1", "haproxy1", "haproxy3"])
    }
}
