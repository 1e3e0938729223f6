import Errors
import Inventory
import Testing

@testable import Drills

@Suite struct ScenarioTests {
    @Test func theInventoryKnowsTheNames() {
        #expect(Scenario.all.map(\.name) == DrillSettings.names)
        #expect(Set(DrillSettings.names).count == DrillSettings.names.count)
        #expect(DrillSettings.usuallyAllowed.allSatisfy { Scenario.named($0) != nil })
    }

    @Test func whatIsNotAllowedIsRefusedWithTheKeyThatWouldAllowIt() throws {
        let cluster = TestCluster.guide()
        #expect(throws: Never.self) { try DrillChoice.named([.daemonStopped, .move], on: cluster) }
        let failure = #expect(throws: Failure.self) { try DrillChoice.named([.move, .hostIsolated], on: cluster) }
        #expect(failure?.kind == .input)
        #expect(failure?.summary == "`drill.allow` does not let host-isolated run on cluster web.")
        #expect(
            failure?.remedy.contains("allow: [haproxy-killed, daemon-stopped, move, failback, host-isolated]") == true)
        var strict = cluster
        strict.drill.allowed = ["move"]
        #expect(throws: Failure.self) { try DrillChoice.usual(on: strict) }
        #expect(try DrillChoice.all(on: strict).scenarios == [.move])
    }

    @Test func allRunsWhatIsAllowedAndTellsTheOthers() throws {
        let usual = try DrillChoice.all(on: TestCluster.guide())
        #expect(usual.scenarios.map(\.name) == ["haproxy-killed", "daemon-stopped", "move", "failback"])
        #expect(usual.skipped.first { $0.name == "cascade" }?.reason == "drill.allow does not have it")
        var cluster = TestCluster.guide(preempt: false)
        cluster.drill.allowed = DrillSettings.names
        let all = try DrillChoice.all(on: cluster)
        let reasons = Dictionary(uniqueKeysWithValues: all.skipped.map { ($0.name, $0.reason) })
        #expect(reasons.keys.sorted() == ["failback", "haproxy-hung", "haproxy-restarted"])
        #expect(reasons["failback"] == "it is for clusters with `preempt: true, and no sync_group`")
        #expect(
            reasons["haproxy-hung"]?.hasPrefix("HAProxy hangs and the check does not see it: `health_check: process`")
                == true)
        #expect(all.scenarios.count + all.skipped.count == Scenario.all.count)
        #expect(reasons["haproxy-hung"]?.hasSuffix("`--drill haproxy-hung` shows it") == true)
        cluster.healthCheck = .answer
        #expect(try DrillChoice.all(on: cluster).scenarios.contains(.haproxyHung))
        cluster.healthCheck = .process
        // Playbooks of the operator's own may have another check.
        cluster.playbooks = "/mine"
        #expect(try DrillChoice.all(on: cluster).scenarios.contains(.haproxyHung))
    }

    @Test(arguments: Scenario.all) func eachSaysBeforehandWhatItIsFor(_ scenario: Scenario) {
        let lines = Announcement.plan(scenario, on: TestCluster.guide())
        #expect(lines.map(\.word) == ["hypothesis", "blast radius", "limit", "way back"])
        #expect(lines.allSatisfy { $0.text.count > 10 })
    }

    @Test func theSameSeedDrawsTheSameDrills() {
        func drawn(_ seed: UInt64) -> [String] {
            var order = DrillOrder(Scenario.all, soak: Soak(duration: .seconds(600), seed: seed))
            return (0..<30).compactMap { _ in order.next()?.name }
        }
        #expect(drawn(7) == drawn(7) && drawn(7).count == 30)
        #expect(drawn(7) != drawn(8))
        #expect(Set(drawn(7)).count > 5)
        var over = DrillOrder(Scenario.all, soak: Soak(duration: .zero, seed: 7))
        #expect(over.next() != nil && over.next() == nil)
        var each = DrillOrder([.move, .failback], soak: nil)
        #expect([each.next(), each.next(), each.next()] == [.move, .failback, nil])
    }

    @Test func eachStrikesWhomItShould() {
        let cluster = TestCluster.guide()
        func struck(_ scenario: Scenario, _ cluster: Cluster) -> [String] {
            let hosts = cluster.balancers
            return scenario.reach(cluster).hosts(
                from: hosts[0], to: hosts[1], sharing: cluster.instances[0], in: cluster
            ).map(\.name)
        }
        #expect(struck(.haproxyHung, cluster) == ["haproxy1"])
        #expect(struck(.splitBrain, cluster) == ["haproxy2"])
        #expect(struck(.applicationDown, cluster) == ["haproxy1", "haproxy2", "haproxy3"])
        #expect(struck(.cascade, cluster) == ["haproxy1", "haproxy2"])
        #expect(struck(.move, cluster) == ["haproxy2"])
        #expect(struck(.move, TestCluster.guide(preempt: false)) == ["haproxy3", "haproxy1"])
    }

    @Test func whatIsRejectedAreTheServersOfTheInventory() {
        let cluster = TestCluster.guide()
        func deed(_ scenario: Scenario) -> [String] { Fault(scenario, on: cluster.balancers[0], in: cluster).deed }
        #expect(deed(.applicationDown) == ["drill_block", "haprov-application", "hold", "tcp", "172.16.122.104:10900"])
        #expect(
            deed(.applicationsDown).suffix(3) == [
                "172.16.122.104:10900", "172.16.122.105:10900", "172.16.122.106:10900",
            ])
        #expect(deed(.move) == ["drill_move", "haprov-move", "hold", "here", "51"])
        #expect(
            deed(.hostRebooted) == ["drill_reboot", "haprov-host", "hold", "haproxy.service", "keepalived.service"])
        #expect(deed(.linkFlap) == ["drill_flap", "haprov-link", "hold", "7", "ens33"])
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
        isHeldDown: true, manner: "left out", expectation: .vipMoves, detection: { _ in 0...4000 },
        hypothesis: { _ in "The VIP moves." }, blastRadius: { _ in "one cable" })

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
