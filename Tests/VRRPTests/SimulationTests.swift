import Foundation
import Testing

/// Some networks of the simulation with every run of the unit tests; `make mutants` runs thousands.
@Suite struct SimulationTests {
    /// `HAPROV_SIMULATION_SEED=N swift test --filter SimulationTests` lets that network live once more.
    @Test func aHealthyNetworkHasOneMasterAndItIsTheRightOne() throws {
        let wanted = ProcessInfo.processInfo.environment["HAPROV_SIMULATION_SEED"].flatMap(UInt64.init)
        // The same ones each time, and some that nobody has seen yet.
        let new = UInt64.random(in: 1_000_000...1_000_000_000)
        for seed in wanted.map({ [$0] }) ?? Array(1...60) + Array(new..<new + 20) {
            guard let (finding, trace) = Simulation.run(seed: seed) else { continue }
            Issue.record("seed \(seed): \(finding)\n\(trace.joined(separator: "\n"))")
            return
        }
    }
}
