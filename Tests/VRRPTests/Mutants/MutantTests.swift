import Foundation
import Testing

/// Bugs are planted in the election, one at a time: the simulation has to find each of them, and nothing in the election
/// as it is. It takes minutes, so `make mutants` asks for all of them, and `make test` for every twelfth (`sample`).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HAPROV_MUTANTS"] != nil, "make mutants runs it"))
struct MutantTests {
    private static let networks = 4000
    /// Every how many of them are tried.
    private static let step = ProcessInfo.processInfo.environment["HAPROV_MUTANTS"] == "sample" ? 12 : 1

    @Test func theSimulationFindsEveryPlantedBugAndNoOther() async throws {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures/mutants", withExtension: nil))
        let mutants = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "mutant" }.map { try Mutant(contentsOf: $0) }.sorted { $0.name < $1.name }
        #expect(mutants.count >= 10)
        let workshop = try MutantWorkshop()
        defer { workshop.close() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { Self.tryUnchanged(in: workshop) }
            let tried = stride(from: 0, to: mutants.count, by: Self.step).map { mutants[$0] }
            for (index, mutant) in tried.enumerated() {
                // No more at a time than there are processors.
                if index + 1 >= ProcessInfo.processInfo.activeProcessorCount { await group.next() }
                group.addTask { Self.try(mutant, in: workshop) }
            }
        }
    }

    private static func tryUnchanged(in workshop: MutantWorkshop) {
        do {
            let outcome = try workshop.simulate("unchanged", networks: networks)
            #expect(outcome.status == 0, "\(outcome.output)")
            say("as it is: \(outcome.output.prefix { $0 != "\n" }) in \(rounded(outcome.seconds)) s")
        } catch {
            Issue.record(error)
        }
    }

    private static func `try`(_ mutant: Mutant, in workshop: MutantWorkshop) {
        do {
            try workshop.build(mutant)
            let outcome = try workshop.simulate(mutant.name, networks: networks)
            // A crash would be another way of being wrong than the one that was planted.
            #expect(outcome.status == 1, "\(mutant.name) goes unnoticed: \(mutant.summary)")
            say("\(mutant.name): \(outcome.output.prefix { $0 != "\n" })")
        } catch {
            Issue.record(error, "\(mutant.name)")
        }
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("mutants: \(line)\n".utf8))
    }

    private static func rounded(_ seconds: Double) -> String { String(format: "%.1f", seconds) }
}
