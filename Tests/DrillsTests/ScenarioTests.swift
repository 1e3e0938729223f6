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
        #expect(Scenario.usual(for: restarting).map(\.name) == ["haproxy-restarted", "haproxy-killed"])
    }
}
