import Foundation
import Inventory
import Testing
import VRRP

@testable import Drills

@Suite struct TakeoverEstimateTests {
    /// From RFC 3768 section 6.1 and RFC 5798 section 6.1.
    @Test(arguments: [
        (ProtocolVersion.v2, 1000, 100, 609, 3609), (.v2, 1000, 254, 7, 3007), (.v2, 3000, 100, 609, 9609),
        (.v3, 100, 100, 60, 360), (.v3, 1000, 100, 609, 3609), (.v3, 10, 253, 0, 30),
    ])
    func arithmetic(version: ProtocolVersion, interval: Int, priority: UInt8, skew: Int, down: Int) {
        let estimate = TakeoverEstimate(
            version, interval: .milliseconds(interval), from: 255, to: priority,
            check: .init(interval: 2000, duration: 0))
        #expect(estimate.skew == skew)
        #expect(estimate.downInterval == down)
        #expect(estimate.expected == skew...(2000 + skew))
        #expect(estimate.worst == 2000 + down)
    }

    @Test func comebackWaitsForTheCheckAndTheDownInterval() {
        let estimate = TakeoverEstimate(
            .v2, interval: .seconds(1), from: 101, to: 100, check: .init(interval: 2000, duration: 200))
        #expect(estimate.comeback == 2200 + 3000 + 605)
    }

    @Test(arguments: [1000, 3000, 60_000]) func waitsCoverTheEstimate(interval: Int) {
        let estimate = TakeoverEstimate(
            .v2, interval: .milliseconds(interval), from: 101, to: 100, check: .init(interval: 2000, duration: 3000))
        let waits = DrillWaits(estimate, limits: Limits(vipMoved: 5000, clientGap: 7000))
        #expect(waits.move >= 2 * estimate.worst && waits.move >= 10_000)
        #expect(waits.serve >= 14_000)
        #expect(waits.comeback > estimate.comeback)
        #expect(waits.stay > estimate.comeback)
        // The way back must not open while the drill still measures.
        #expect(waits.armedSeconds * 1000 >= waits.move + waits.serve + DrillWaits.scripts)
    }

    @Test func announcementNamesTheCost() throws {
        func announcement(_ cluster: Cluster) -> [String] {
            Announcement.sentences(Scenario.usual(for: cluster), on: cluster)
        }
        let sentences = announcement(TestCluster.guide())
        try #require(sentences.count == 3)
        #expect(sentences[0].contains("172.16.122.100 (haproxy1, as a rule)"))
        #expect(
            sentences[1].contains(
                "0.6 s to 2.8 s, for 5.8 s at the worst, and for about 2.0 s, as keepalived 1.4.5 does it, when the VIP returns."
            ))
        var modern = TestCluster.guide()
        modern.keepalived?.version = "2.2.7"
        #expect(announcement(modern)[1].contains("and for a moment when the VIP returns."))
        let restarting = announcement(TestCluster.guide(check: .restartFirst))
        try #require(restarting.count == 4)
        #expect(restarting[1] == "It is killed twice: once to be started again on the spot, once held down.")
        #expect(
            sentences[2] == "HAProxy is given back afterwards; should haprov be killed meanwhile, the host does so by"
                + " itself within 53 s.")
    }
}

@Suite struct JudgeTests {
    struct Case: Sendable {
        var moved: Int?
        var gap: Int?
        var back: Int?
        var to: String?
        var scenario = Scenario.haproxyKilled
        var problems: [String]
    }

    @Test(arguments: [
        Case(moved: 5000, gap: 5000, back: 0, to: "b", problems: []),
        Case(
            moved: 5001, gap: 100, to: "b",
            problems: ["The VIP took 5001 ms to move; limits.vip_moved allows 5000 ms."]),
        Case(
            moved: 100, gap: 5001, to: "b",
            problems: ["Clients had no good answer for 5001 ms after the kill; limits.client_gap allows 5000 ms."]),
        Case(
            moved: 100, gap: 100, back: 6000, to: "b",
            problems: [
                "Clients had no good answer for 6000 ms while HAProxy came back; limits.client_gap allows 5000 ms."
            ]),
        Case(
            moved: 1, gap: 1, to: "c",
            problems: ["Expected b, which has the next priority, to take the VIP; found it on c."]),
        Case(gap: 1, scenario: .haproxyRestarted, problems: []),
        Case(
            moved: 1, gap: 1, to: "b", scenario: .haproxyRestarted,
            problems: ["Expected HAProxy to be started again on the spot; found the VIP moved to b."]),
    ])
    func judges(_ test: Case) {
        let cluster = TestCluster.guide(preempt: false)
        var report = DrillReport(test.scenario, on: cluster)
        report.from = "a"
        report.to = test.to
        report.vipMovedMilliseconds = test.moved
        report.clientGapMilliseconds = test.gap
        report.returnGapMilliseconds = test.back
        let problems = Judge.problems(report, successor: "b", for: cluster.instances[0], in: cluster)
        #expect(problems.map(\.summary) == test.problems)
        #expect(problems.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test func bothWaysOfTheVIPAreJudged() {
        let cluster = TestCluster.guide(limits: Limits(vipMoved: 1500, clientGap: 1500))
        var report = DrillReport(.haproxyKilled, on: cluster)
        report.from = "a"
        report.to = "b"
        report.vipMovedMilliseconds = 700
        report.clientGapMilliseconds = 710
        report.vipReturnedMilliseconds = 2600
        report.returnUnheldMilliseconds = 2010
        report.returnGapMilliseconds = 2012
        let problems = Judge.problems(report, successor: "b", for: cluster.instances[0], in: cluster)
        #expect(
            problems.map(\.summary) == [
                "Nobody held the VIP for 2010 ms when it returned; limits.vip_moved allows 1500 ms.",
                "Clients had no good answer for 2012 ms while HAProxy came back; limits.client_gap allows 1500 ms.",
            ])
        #expect(
            problems.allSatisfy { $0.remedy.hasPrefix("keepalived before 2.0 leaves the VIP to nobody for about 2000") }
        )
    }

    @Test func reportHasTheKeysThatToolsRelyOn() throws {
        var report = DrillReport(.haproxyKilled, on: TestCluster.guide())
        report.from = "haproxy1"
        report.to = "haproxy2"
        report.vipMovedMilliseconds = 1234
        report.clientGapMilliseconds = 1300
        report.requests = 9000
        report.failed = 12
        report.restored = true
        report.ok = true
        report.timeline = [.init(ms: 800, host: "haproxy1", change: .lost)]
        let data = try JSONEncoder().encode(report)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["name"] as? String == "haproxy-killed")
        #expect(json["ok"] as? Bool == true)
        #expect(json["from"] as? String == "haproxy1")
        #expect(json["to"] as? String == "haproxy2")
        #expect(json["vip_moved_ms"] as? Int == 1234)
        #expect(json["client_gap_ms"] as? Int == 1300)
        #expect(json["requests"] as? Int == 9000)
        #expect(json["failed"] as? Int == 12)
        #expect(json["restored"] as? Bool == true)
        let timeline = try #require(json["timeline"] as? [[String: Any]])
        #expect(timeline.first?["ms"] as? Int == 800)
        #expect(timeline.first?["change"] as? String == "lost")
    }
}
