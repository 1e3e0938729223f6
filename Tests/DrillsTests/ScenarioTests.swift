import Inventory
import Testing

@testable import Drills

@Suite struct ScenarioTests {
    @Test func namesAreUnique() {
        #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
    }

    @Test func aClusterGetsTheDrillsThatItsHealthCheckCallsFor() {
        #expect(Scenario.usual(for: TestCluster.guide()).map(\.name) == ["haproxy-killed"])
        #expect(Scenario.haproxyRestarted.obstacle(on: TestCluster.guide())?.kind == .input)
        let restarting = TestCluster.guide(check: .restartFirst)
        #expect(Scenario.daemonStopped.obstacle(on: TestCluster.guide()) == nil)
        #expect(Scenario.usual(for: restarting).map(\.name) == ["haproxy-restarted", "haproxy-killed"])
    }

    @Test func aStoppedDaemonResignsAtOnce() {
        let sentences = Announcement.sentences([.daemonStopped], on: TestCluster.guide())
        #expect(
            sentences.first == "keepalived is stopped on the balancer that holds 172.16.122.100 (haproxy1, as a rule);"
                + " connections through it are cut.")
        #expect(
            sentences.dropFirst().first?.hasPrefix(
                "New connections may fail for 0.6 s to 1.6 s, for 4.6 s at the worst, and") == true)
        #expect(sentences.last?.hasPrefix("keepalived is given back afterwards;") == true)
        let both = Announcement.sentences([.haproxyKilled, .daemonStopped], on: TestCluster.guide())
        #expect(both.count == 6 && both[3] == sentences[0])
    }
}
