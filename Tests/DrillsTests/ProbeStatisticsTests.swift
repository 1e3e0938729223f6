import Testing

@testable import Prober

@Suite struct ProbeStatisticsTests {
    private let app1 = Array("app1".utf8)
    private let app2 = Array("app2".utf8)

    @Test func longestGapIsBetweenConsecutiveGoodAnswers() throws {
        var statistics = ProbeStatistics()
        for time in [1000, 2000, 3000] { statistics.finish(.good, at: time, label: app1) }
        statistics.finish(.refused, at: 3500, label: [])
        statistics.finish(.timedOut, at: 7500, label: [])
        statistics.finish(.good, at: 8000, label: app2)
        let phase = try #require(statistics.phases(at: 8100).first)
        #expect(phase.longestGap == 5000)
        #expect(phase.longestGapStart == 3000)
        #expect(phase.requests == 6)
        #expect(phase.failed == 2)
        #expect(phase.outcomes == [.good: 4, .refused: 1, .timedOut: 1])
        #expect(phase.firstFailure == 3500)
        #expect(phase.lastFailure == 7500)
        #expect(phase.servers == ["app1": 3, "app2": 1])
    }

    @Test func aGapThatIsOpenAtTheEndCounts() {
        var statistics = ProbeStatistics()
        statistics.finish(.good, at: 1000, label: app1)
        #expect(ProbeSummary(phases: statistics.phases(at: 9000)).longestGap == 8000)
    }

    @Test func withoutAGoodAnswerThereIsNoGap() {
        var statistics = ProbeStatistics()
        statistics.finish(.refused, at: 1000, label: [])
        #expect(ProbeSummary(phases: statistics.phases(at: 9000)).longestGap == nil)
    }

    @Test func aGapBelongsToThePhaseInWhichItEnds() {
        var statistics = ProbeStatistics()
        statistics.finish(.good, at: 1000, label: app1)
        statistics.finish(.good, at: 1500, label: app1)
        statistics.mark("failover")
        statistics.finish(.good, at: 4500, label: app1)
        statistics.mark("return")
        statistics.finish(.good, at: 4600, label: app1)
        let summary = ProbeSummary(phases: statistics.phases(at: 4600))
        #expect(summary.phases.map(\.name) == ["start", "failover", "return"])
        #expect(summary["start"]?.longestGap == 500)
        #expect(summary["failover"]?.longestGap == 3000)
        #expect(summary["return"]?.longestGap == 100)
        #expect(summary.requests == 4)
    }

    @Test func serversAreBounded() {
        var statistics = ProbeStatistics()
        for number in 0..<200 { statistics.finish(.good, at: number, label: Array("server \(number)".utf8)) }
        let servers = ProbeSummary(phases: statistics.phases(at: 200)).servers
        #expect(servers.count == ProbeStatistics.maximumServers + 1)
        #expect(servers[ProbeStatistics.otherServers] == 200 - ProbeStatistics.maximumServers)
    }
}

@Suite struct ProbeLineTests {
    static let lines: [ProbeLine] = {
        var phase = ProbePhase(name: "failover")
        phase.requests = 12
        phase.outcomes = [.good: 9, .refused: 2, .badStatus: 1]
        phase.longestGap = 4210
        phase.longestGapStart = 900
        phase.firstFailure = 990
        phase.lastFailure = 2990
        phase.suppressed = 3
        phase.servers = ["app1": 5, "a b,c=d é": 3, "": 1]
        return [
            .ready, .end, .error("expected an IPv4 address to probe, found \"x\""), .phase(phase),
            .phase(ProbePhase(name: "start")), .progress(ProbeProgress()),
            .progress(ProbeProgress(elapsed: 1, requests: 5, good: 3, inFlight: 4, lastGood: 0, lastFailure: 7)),
        ]
    }()

    @Test(arguments: lines) func roundTrip(_ line: ProbeLine) {
        #expect(ProbeLine(line.text) == line)
        #expect(!line.text.contains("\n"))
    }

    @Test(arguments: ["", "ready now", "progress 1 2 3", "phase x y", "phase a 1 - 0 - - 0 good=x ", "haprov: begin"])
    func refuses(_ text: String) { #expect(ProbeLine(text) == nil) }
}
