import Testing

@testable import Prober

/// Against a real server on the loopback interface.
@Suite struct OpenLoopProberTests {
    private func configuration(_ server: TestServer) -> ProbeConfiguration {
        ProbeConfiguration(
            address: "127.0.0.1", port: server.port, interval: 2000, timeout: 50_000_000, maximumSeconds: 300)
    }

    @Test func countsGoodAnswersByServer() async throws {
        let server = TestServer(body: "app7\nmore")
        let prober = try OpenLoopProber(configuration(server))
        #expect(await eventually { prober.progress.good >= 50 })
        let summary = prober.stop()
        #expect(summary.failed == 0)
        #expect(summary.servers.keys.sorted() == ["app7"])
        #expect(summary.servers["app7"] == summary.requests)
        #expect(summary == prober.stop())
    }

    @Test func seesTheServiceGoAndComeBack() async throws {
        let server = TestServer()
        var configuration = configuration(server)
        configuration.keepsRecords = true
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 20 })
        prober.mark("failover")
        server.close()
        func silence() -> Int { prober.progress.elapsed - (prober.progress.lastGood ?? 0) }
        #expect(await eventually { prober.progress.failed >= 20 && silence() >= 200_000 })
        let least = silence()
        let before = prober.progress.good
        server.reopen()
        #expect(await eventually { prober.progress.good > before + 20 })
        prober.mark("return")
        let marked = prober.progress.good
        #expect(await eventually { prober.progress.good > marked + 20 })
        let summary = prober.stop()
        let failover = try #require(summary["failover"])
        #expect(failover.outcomes[.refused, default: 0] > 0)
        #expect(try #require(failover.longestGap) >= least)
        #expect(try #require(failover.firstFailure) <= #require(failover.lastFailure))
        #expect(prober.records.count == summary.requests)
        #expect(prober.records.filter { $0.outcome == .good }.allSatisfy { $0.status == 200 })
        #expect(try #require(summary["return"]).good > 0)
    }

    @Test func goesOnAskingWhileTheServerHangs() async throws {
        let server = TestServer()
        server.behave(.hang)
        var configuration = configuration(server)
        configuration.maximumInFlight = 64
        let prober = try OpenLoopProber(configuration)
        // A closed loop would have one connection open.
        #expect(await eventually { server.accepted >= 64 })
        #expect(await eventually { prober.progress.inFlight == 64 })
        #expect(prober.progress.requests == 0)
        let ticks = prober.progress.elapsed
        #expect(await eventually { prober.progress.elapsed > ticks + 50_000 })
        #expect(prober.progress.inFlight == 64)
        let summary = prober.stop()
        #expect(summary.requests == 0)
        #expect(try #require(summary.phases.first).suppressed > 0)
    }

    @Test func asksLessOftenWhereManyWait() async throws {
        let server = TestServer()
        server.behave(.hang)
        var configuration = configuration(server)
        configuration.interval = 1000
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.elapsed > 2_000_000 })
        // A hundred as fast as they come, with what is on its way by then, and every tenth of two thousand.
        #expect(prober.progress.inFlight < 1000)
        server.behave(.answer)
        #expect(await eventually { prober.progress.good >= 20 })
        _ = prober.stop()
    }

    @Test func givesUpAfterTheTimeout() async throws {
        let server = TestServer()
        server.behave(.hang)
        var configuration = configuration(server)
        configuration.timeout = 20_000
        configuration.keepsRecords = true
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.failed >= 20 })
        let summary = prober.stop()
        #expect(summary.outcomes == [.timedOut: summary.requests])
        #expect(summary.longestGap == nil)
        #expect(prober.records.allSatisfy { $0.duration >= 20_000 })
    }

    @Test func aBadStatusIsAFailure() async throws {
        let server = TestServer()
        server.behave(.fail)
        let prober = try OpenLoopProber(configuration(server))
        #expect(await eventually { prober.progress.failed >= 10 })
        #expect(prober.stop().outcomes.keys.sorted { $0.rawValue < $1.rawValue } == [.badStatus])
    }

    @Test func onlyExpectedStatusesAreGood() async throws {
        let server = TestServer()
        server.behave(.fail)
        var configuration = configuration(server)
        configuration.expected = StatusSet([503...503])
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 10 })
        server.behave(.answer)
        #expect(await eventually { prober.progress.failed >= 10 })
        #expect(prober.stop().outcomes.keys.sorted { $0.rawValue < $1.rawValue } == [.good, .badStatus])
    }

    @Test func asksByIPv6() async throws {
        let server = TestServer(body: "app6", address: "::1")
        var configuration = configuration(server)
        configuration.address = "::1"
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 20 })
        let summary = prober.stop()
        #expect(summary.failed == 0 && summary.servers.keys.sorted() == ["app6"])
    }

    @Test(
        arguments: [
            ("200", [200...200]), ("200,300-399", [200...200, 300...399]), ("2xx", nil), ("", nil), ("600", nil),
            ("300-200", nil), ("200,", nil), ("1-2-3", nil),
        ] as [(String, [ClosedRange<Int>]?)])
    func readsStatuses(text: String, ranges: [ClosedRange<Int>]?) {
        #expect(StatusSet(text)?.ranges == ranges)
        if let ranges { #expect(StatusSet(ranges).text == text) }
    }

    @Test func anAcceptedConnectionIsEnoughForTCP() async throws {
        let server = TestServer()
        server.behave(.hang)
        var configuration = configuration(server)
        configuration.kind = .tcp
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.progress.good >= 20 })
        #expect(prober.stop().failed == 0)
    }

    @Test func endsByItself() async throws {
        let server = TestServer()
        var configuration = configuration(server)
        configuration.maximumSeconds = 1
        let prober = try OpenLoopProber(configuration)
        #expect(await eventually { prober.summary != nil })
        #expect(prober.progress.elapsed >= 1_000_000)
    }

    @Test(arguments: [
        (ProbeConfiguration(address: "app1", port: 80), "expected an IPv4 or IPv6 address to probe, found \"app1\""),
        (ProbeConfiguration(address: "10.0.0.1", port: 0), "expected a port from 1 to 65535, found 0"),
        (
            ProbeConfiguration(address: "10.0.0.1", port: 80, interval: 0),
            "expected an interval from 100 µs to 60 s, found 0 µs"
        ),
        (
            ProbeConfiguration(address: "10.0.0.1", port: 80, host: "a\r\nX: y"),
            "expected the name of a host, found \"a\r\nX: y\""
        ),
        (
            ProbeConfiguration(address: "10.0.0.1", port: 80, path: "/a\r\nX: y"),
            "expected a path that starts with / and has no blanks, found \"/a\r\nX: y\""
        ),
    ])
    func refuses(_ configuration: ProbeConfiguration, message: String) {
        #expect(throws: ProbeError(message)) { try OpenLoopProber(configuration) }
    }
}
