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

    /// Pulled out of the balancer that holds the VIP.
    private static let cable = Scenario(
        name: "cable-pulled",
        victim: Victim(
            target: { _, host in host.interface }, title: { _ in "Its cable" },
            keepsVIP: { host, _ in "the other balancers still hear \(host.name)" }),
        deed: Deed(
            noun: "pull", participle: "pulled", gerund: "pulling", means: "ip link set down", function: "drill_unplug",
            wayBack: "drill_plug", restored: "up"),
        isHeldDown: true, manner: "left out", expectation: .vipMoves, detection: { _ in 0...4000 })

    @Test("What breaks no service is one value too") func aCable() {
        let cluster = TestCluster.guide()
        let fault = Fault(Self.cable, on: cluster.balancers[0], in: cluster)
        #expect(fault.deed == ["drill_unplug", "ens33", "hold"] && fault.wayBack == ["drill_plug", "ens33"])
        #expect(fault.restored == "up" && fault.evidence == [])
        #expect(HostScript.disarm(fault).contains("drill_disarm ens33"))
        let sentences = Announcement.sentences([Self.cable, .haproxyKilled], on: cluster)
        #expect(sentences.first?.hasPrefix("Its cable is pulled on the balancer that holds 172.16.122.100") == true)
        #expect(sentences.contains { $0.hasPrefix("HAProxy is killed on") })
        #expect(Self.cable.leavesServing)
    }
}
