import Foundation
import Inventory
import Planning
import Prober
import Provisioning
import SSH
import Synchronization
import Testing

@testable import Drills

/// Whole drills: real scripts by a real shell, a real prober and a real HTTP server; systemd and keepalived are played
/// by Fixtures/bin and by the events below.
@Suite struct VerificationTests {
    /// What keepalived does in a test.
    enum Play: Sendable { case takeover, stays, toThird, restart, servedElsewhere }

    private final class Stage: Sendable {
        let server = TestServer(body: "app1\n")
        let hosts: TestHosts
        let events = Mutex<[DrillEvent]>([])
        let connections = Mutex<[String: Int]>([:])
        let play: Play
        let scenarios: [Scenario]?
        let refusing: @Sendable (String, [DrillEvent]) -> Bool
        /// Who answers for the VIP besides the balancers, by what has happened.
        let stranger: @Sendable ([DrillEvent]) -> String?

        init(
            _ play: Play = .takeover, check: HealthCheck = .process, preempt: Bool = true,
            limits: Limits = Limits(vipMoved: 20_000, clientGap: 20_000), holders: [String] = ["haproxy1"],
            shell: String = "/bin/dash", scenarios: [Scenario]? = nil,
            stranger: @escaping @Sendable ([DrillEvent]) -> String? = { _ in nil },
            refusing: @escaping @Sendable (String, [DrillEvent]) -> Bool = { _, _ in false }
        ) throws {
            self.stranger = stranger
            self.play = play
            self.scenarios = scenarios
            self.refusing = refusing
            var cluster = TestCluster.guide(
                check: check, preempt: preempt, vip: "127.0.0.1", port: server.port,
                advertisementInterval: .milliseconds(10),
                limits: limits)
            cluster.instances[0].version = .v3
            cluster.drill.rate = 500
            hosts = try TestHosts(cluster, holders: holders, shell: shell)
        }

        var isUnlocked: Bool { TestHosts.names.allSatisfy { hosts.read($0, "haprov/lock/run") == nil } }

        func verify() async -> VerifyReport {
            let run = RunIdentity(id: "V1", command: "verify", operatorName: "me@here", started: "2026-01-31T09:45:00Z")
            var options = DrillOptions(run, clock: { "2026-01-31T09:46:00Z" }, proberBinary: nil)
            options.timeout = 300_000
            var verification = Verification(
                hosts.cluster, scenarios: scenarios ?? Scenario.usual(for: hosts.cluster), options: options,
                connect: { host throws(SSHError) in
                    self.connections.withLock { $0[host.name, default: 0] += 1 }
                    if self.refusing(host.name, self.events.withLock { $0 }) { throw LocalShell.lost }
                    return FragileConnection(inner: self.hosts.connection(host.name)) {
                        self.refusing(host.name, self.events.withLock { $0 })
                    }
                }, event: { self.happened($0) })
            verification.look = { _ in
                let answer = self.stranger(self.events.withLock { $0 }).map {
                    WireView.Answer(address: "127.0.0.1", hardware: $0, kind: .owner)
                }
                return WireView(cluster: self.hosts.cluster, facts: [:], heard: [answer].compactMap { $0 })
            }
            return await verification.run()
        }

        private func happened(_ event: DrillEvent) {
            events.withLock { $0.append(event) }
            switch event {
            case .broken where play == .servedElsewhere: Thread.detachNewThread { self.react() }
            case .broken:
                server.close()
                Thread.detachNewThread { self.react() }
            case .restored where play != .restart && play != .stays && hosts.cluster.instances[0].preempt:
                hosts.moveVIP(to: "haproxy1")
            default: break
            }
        }

        private func react() {
            usleep(150_000)
            switch play {
            case .servedElsewhere:
                usleep(2_000_000)
                return hosts.moveVIP(to: "haproxy2")
            case .takeover: hosts.moveVIP(to: "haproxy2")
            case .toThird: hosts.moveVIP(to: "haproxy3")
            case .restart:
                let restart = RemoteScript("systemctl start haproxy.service")
                Task {
                    _ = try? await hosts.connection("haproxy1").run(restart, deadline: Deadline(idle: 9, total: 9)) {
                        _ in
                    }
                    self.server.reopen()
                }
                return
            case .stays: return
            }
            usleep(50_000)
            server.reopen()
        }
    }

    @Test(arguments: ["/bin/dash", "/bin/bash"])
    func aFailoverIsMeasuredAndEverythingPutBack(shell: String) async throws {
        let stage = try Stage(shell: shell)
        let report = await stage.verify()
        #expect(report.failures == [])
        let drill = try #require(report.drills.first)
        #expect(report.ok && drill.ok && drill.restored)
        #expect(drill.scenario == .haproxyKilled)
        #expect(drill.from == "haproxy1")
        #expect(drill.to == "haproxy2")
        #expect(drill.prober == "controller")
        #expect(try #require(drill.vipMovedMilliseconds) >= 100)
        #expect(try #require(drill.clientGapMilliseconds) >= 150)
        #expect(drill.requests > drill.failed)
        #expect(drill.failed > 20)
        #expect(drill.servers.keys.sorted() == ["app1"])
        #expect(
            drill.timeline.map { "\($0.host) \($0.change)" }.sorted() == [
                "haproxy1 gained", "haproxy1 lost", "haproxy2 gained", "haproxy2 lost",
            ])
        #expect(stage.hosts.remains("haproxy1") == [])
        #expect(stage.hosts.read("haproxy1", "state/haproxy") == "active\n")
        #expect(stage.hosts.read("haproxy1", "state/haprov-drill-restore.timer") == nil)
        let events = stage.events.withLock { $0 }
        let armed = try #require(events.firstIndex { if case .armed = $0 { true } else { false } })
        let killed = try #require(events.firstIndex { if case .broken = $0 { true } else { false } })
        #expect(armed < killed)
    }

    /// HAProxy goes on meanwhile, which is what the clients see.
    @Test(arguments: ["/bin/dash", "/bin/bash"])
    func aStoppedDaemonIsDrilledLikeAKilledHAProxy(shell: String) async throws {
        let stage = try Stage(shell: shell, scenarios: [.daemonStopped])
        let report = await stage.verify()
        #expect(report.failures == [])
        let drill = try #require(report.drills.first)
        #expect(report.ok && drill.ok && drill.restored)
        #expect(drill.scenario == .daemonStopped && drill.subject == "keepalived")
        #expect(drill.from == "haproxy1" && drill.to == "haproxy2")
        #expect(
            drill.timeline.map { "\($0.host) \($0.change)" }.sorted() == [
                "haproxy1 gained", "haproxy1 lost", "haproxy2 gained", "haproxy2 lost",
            ])
        #expect(
            stage.events.withLock { $0 }.contains(
                .broken(host: "haproxy1", word: "stopped", text: "keepalived on haproxy1 is stopped")))
        #expect(stage.hosts.read("haproxy1", "state/keepalived") == "active\n")
        // HAProxy was not touched, keepalived started once.
        #expect(stage.hosts.read("haproxy1", "state/starts") == "start\nstart\n")
        #expect(stage.hosts.read("haproxy1", "proc/4000/comm") == "haproxy\n")
        #expect(stage.hosts.remains("haproxy1") == [])
        #expect(stage.isUnlocked)
    }

    @Test func nothingIsKilledWhileAStrangerAnswersForTheVIP() async throws {
        let stage = try Stage(stranger: { _ in "de:ad:be:ef:00:01" })
        let report = await stage.verify()
        #expect(report.failures.map(\.kind) == [.verification])
        #expect(report.failures.first?.summary.contains("found de:ad:be:ef:00:01") == true)
        #expect(!stage.events.withLock { $0 }.contains { if case .armed = $0 { true } else { false } })
        #expect(stage.isUnlocked)
    }

    /// It answers only while the VIP is on its way.
    @Test func clientsServedByAStrangerFailADrill() async throws {
        let stage = try Stage(.servedElsewhere) { events in
            events.contains { if case .broken = $0 { true } else { false } } ? "de:ad:be:ef:00:01" : nil
        }
        let report = await stage.verify()
        let drill = try #require(report.drills.first)
        #expect(!report.ok && !drill.ok && drill.restored)
        #expect(
            report.failures.contains {
                $0.summary.contains("while no balancer that runs HAProxy held the VIP: another machine serves them")
            }, "\(report.failures)")
        #expect(report.failures.last?.summary.contains("found de:ad:be:ef:00:01") == true, "\(report.failures)")
    }

    @Test func withoutPreemptionTheVIPStays() async throws {
        let stage = try Stage(preempt: false)
        let report = await stage.verify()
        #expect(report.failures == [])
        #expect(report.drills.first?.timeline.map(\.host).sorted() == ["haproxy1", "haproxy2"])
    }

    @Test func theSecondDrillStrikesWhoHoldsTheVIPByThen() async throws {
        // These hosts let the VIP move once; where to it was to move a second time is what counts.
        let stage = try Stage(
            preempt: false, limits: Limits(vipMoved: 5000, clientGap: 20_000),
            scenarios: [.haproxyKilled, .daemonStopped])
        let report = await stage.verify()
        #expect(report.drills.map(\.from) == ["haproxy1", "haproxy2"])
    }

    @Test func withRestartFirstItRecoversOnTheSpot() async throws {
        // The second drill's VIP does not move here, and that is said.
        let stage = try Stage(.restart, check: .restartFirst, limits: Limits(vipMoved: 100, clientGap: 20_000))
        let report = await stage.verify()
        let drill = try #require(report.drills.first)
        #expect(drill.scenario == .haproxyRestarted)
        #expect(drill.problems == [])
        #expect(drill.ok && drill.restored)
        #expect(drill.to == nil)
        #expect(drill.failed > 0)
        #expect(report.drills.count == 2)
    }

    @Test func aVIPThatDoesNotMoveIsExplained() async throws {
        let stage = try Stage(.stays, limits: Limits(vipMoved: 5000, clientGap: 5000))
        let report = await stage.verify()
        let drill = try #require(report.drills.first)
        #expect(!report.ok)
        #expect(drill.restored)
        #expect(drill.problems.first?.contains("kept the VIP although HAProxy is dead") == true)
        #expect(report.failures.allSatisfy { $0.kind == .verification })
        #expect(stage.hosts.remains("haproxy1") == [])
    }

    @Test func theWrongSuccessorIsNamed() async throws {
        let stage = try Stage(.toThird)
        let report = await stage.verify()
        let drill = try #require(report.drills.first)
        #expect(drill.to == "haproxy3")
        #expect(!drill.ok && drill.restored)
        #expect(drill.problems.contains { $0.contains("Expected haproxy2, which has the next priority") })
    }

    @Test func withoutPreemptionATieIsNoFault() async throws {
        let stage = try Stage(.toThird, preempt: false)
        let report = await stage.verify()
        #expect(report.failures == [])
        #expect(report.drills.first?.to == "haproxy3")
        #expect(report.drills.first?.notes.first?.hasPrefix("haproxy3 took the VIP although haproxy2") == true)
    }

    @Test func limitsAreHeldAgainstIt() async throws {
        let stage = try Stage(limits: Limits(vipMoved: 1, clientGap: 1))
        let report = await stage.verify()
        #expect(report.failures.count >= 2)
        #expect(report.drills.first?.restored == true)
    }

    @Test func splitBrainEndsBeforeAnythingIsKilled() async throws {
        let stage = try Stage(holders: ["haproxy1", "haproxy2"])
        let report = await stage.verify()
        #expect(!report.ok)
        #expect(report.failures.map(\.kind) == [.verification])
        let summary = try #require(report.failures.first).summary
        #expect(summary.hasPrefix("Split brain: expected one balancer to hold 127.0.0.1"))
        #expect(stage.hosts.read("haproxy1", "state/starts") == "start\n")
        #expect(stage.hosts.read("haproxy1", "state/haproxy") == "active\n")
    }

    @Test func theHostsAreLockedAsLongAsItLasts() async throws {
        let stage = try Stage()
        let task = Task { await stage.verify() }
        #expect(
            await eventually { stage.events.withLock { $0.contains { if case .broken = $0 { true } else { false } } } })
        #expect(TestHosts.names.map { stage.hosts.read($0, "haprov/lock/run") } == ["V1\n", "V1\n", "V1\n"])
        #expect(stage.hosts.read("haproxy3", "haprov/lock/owner") == "me@here, haprov verify\n")
        #expect(await task.value.ok)
        #expect(stage.isUnlocked)
    }

    @Test func whereAHostIsBeingChangedNoDrillBegins() async throws {
        let stage = try Stage()
        let lock = RemoteScript("mkdir -p haprov/lock; echo R1 >haprov/lock/run; echo ann@there >haprov/lock/owner")
        _ = try await stage.hosts.connection("haproxy2").run(lock, deadline: Deadline(idle: 9, total: 9)) { _ in }
        let report = await stage.verify()
        #expect(report.failures.map(\.kind) == [.locked] && report.failures.map(\.host) == ["haproxy2"])
        #expect(report.failures.first?.summary.hasPrefix("ann@there is at work on this host (run R1") == true)
        #expect(stage.hosts.read("haproxy1", "state/starts") == "start\n")
        #expect(stage.hosts.read("haproxy2", "haprov/lock/run") == "R1\n")
        #expect(stage.hosts.read("haproxy1", "haprov/lock/run") == nil)
    }

    @Test func anUnreachableBalancerIsNamed() async throws {
        let stage = try Stage(refusing: { host, _ in host == "haproxy3" })
        let report = await stage.verify()
        #expect(report.failures.map(\.kind) == [.unreachable])
        #expect(report.failures.map(\.host) == ["haproxy3"])
    }

    @Test func aLostHostGivesHAProxyBackByItself() async throws {
        // After the kill no new connection is let in, and the old one breaks with the first order.
        let stage = try Stage(refusing: { host, events in
            host == "haproxy1" && events.contains { if case .broken = $0 { true } else { false } }
        })
        let report = await stage.verify()
        let drill = try #require(report.drills.first)
        #expect(!drill.ok && !drill.restored)
        #expect(drill.armedSeconds != nil)
        #expect(drill.problems.contains { $0.contains("The host itself starts it again") })
        #expect(report.failures.contains { $0.kind == .unreachable })
        #expect(stage.hosts.read("haproxy1", "state/haprov-drill-restore.timer") == "active\n")
        // What the timer would run.
        let script = RemoteScript("sh run/drill-restore.sh")
        let result = try await stage.hosts.connection("haproxy1").run(script, deadline: Deadline(idle: 9, total: 9)) {
            _ in
        }
        #expect(result.exitStatus == 0)
        #expect(stage.hosts.read("haproxy1", "state/haproxy") == "active\n")
        #expect(stage.hosts.remains("haproxy1") == [])
    }

    @Test func cancellationGivesHAProxyBack() async throws {
        let stage = try Stage(.stays)
        let task = Task { await stage.verify() }
        #expect(
            await eventually { stage.events.withLock { $0.contains { if case .broken = $0 { true } else { false } } } })
        task.cancel()
        let report = await task.value
        let drill = try #require(report.drills.first)
        #expect(report.failures.contains { $0.kind == .cancelled })
        #expect(drill.restored)
        #expect(stage.hosts.read("haproxy1", "state/haproxy") == "active\n")
        #expect(stage.hosts.remains("haproxy1") == [])
        #expect(stage.isUnlocked)
    }
}

/// A connection that is found to be lost when it is used.
private struct FragileConnection: HostConnection {
    let inner: LocalShell
    let isLost: @Sendable () -> Bool

    func run(
        _ script: RemoteScript, deadline: Deadline, output: @escaping @Sendable (OutputChunk) -> Void
    ) async throws(SSHError) -> RemoteResult {
        if isLost() { throw LocalShell.lost }
        return try await inner.run(script, deadline: deadline, output: output)
    }

    func close() async { await inner.close() }
}
