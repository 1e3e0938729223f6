import Foundation
import Testing
import VRRP

@Suite struct EventFileTests {
    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/elections")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test func thereAreFiles() { #expect(Self.names.count > 60) }

    @Test(arguments: names) func everyEventHasItsEffects(name: String) throws {
        let file = try EventFile(String(contentsOf: Self.directory.appending(path: name), encoding: .utf8))
        var election = Election(file.settings)
        #expect(!file.steps.isEmpty)
        for step in file.steps {
            let place = Comment(rawValue: "\(name), line \(step.line)")
            if step.isTimer {
                #expect(election.deadline == step.moment, place)
            } else if !step.isLate, let deadline = election.deadline {
                #expect(deadline >= step.moment, place)
            }
            let effects = election.handle(step.event, at: step.moment).map(EffectText.line)
            #expect(effects == step.effects, place)
        }
    }
}
