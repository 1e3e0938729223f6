import Errors
import Foundation
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// Journals that do not grow for ever.
extension FleetTests {
    /// Applies with another text in a file each time.
    private func apply(_ runs: ClosedRange<Int>, name: String = "R") async throws -> [Int: [String: [String: String]]] {
        var after: [Int: [String: [String: String]]] = [:]
        for run in runs {
            var changed = self
            try scratch.write("name {{host.name}}, \(run)\n", to: "playbooks/conf.mustache")
            changed.session.playbooks = try PlaybookFolder(path: scratch.path + "/playbooks", over: Samples.playbooks())
            #expect(try await changed.apply("\(name)\(run)").plan.changeCount >= 3)
            after[run] = try snapshots()
        }
        return after
    }

    private func foldedRuns() async throws -> FoldedRuns? { FoldedRuns(in: try await history()) }

    private func history() async throws -> [RecordedRun] {
        let journals = try await session.withFleet { try await Rollbacker(session, fleet: $0).journals() }
        return Rollbacker.history(journals, cluster: session.cluster)
    }

    /// How many before-images of the file the journals hold.
    private func images() throws -> Int {
        try hosts.values.reduce(0) { sum, host in
            let names = try FileManager.default.subpathsOfDirectory(atPath: host.home)
            return sum + names.filter { $0.hasSuffix("before/image") }.count
        }
    }

    @Test("Older runs are folded: those after them can each be gone back to, and they are taken back as one")
    func folded() async throws {
        let before = try snapshots()
        var after = try await apply(1...4)
        #expect(!seen.texts.contains { $0.hasPrefix("Fold") })
        #expect(try await foldedRuns()?.runs.map(\.id) == nil)
        #expect(try images() == 3 * 4)
        after.merge(try await apply(5...5)) { $1 }
        #expect(seen.texts.last == "Fold 3 older runs into one", "\(seen.texts)")
        #expect(try images() == 3 * 3, "the oldest, and those of the two that stay")
        #expect(hosts.values.allSatisfy { !$0.exists($0.home + "/lock") })
        let all = try await history()
        let folded = try #require(FoldedRuns(in: all))
        #expect(folded.runs.map(\.id) == ["R3", "R2", "R1"] && all.allSatisfy { $0.result == "ok" })
        #expect(all.filter { $0.fact.format == JournalFormat.folded }.map(\.id) == ["R3", "R2", "R1"])

        let refused = try await #require(throws: Failure.self) { _ = try await rollback(to: "R2") }
        #expect(refused.summary.contains("in the middle of 3 older runs that were folded into one, up to R3"))
        #expect(try snapshots() == after[5])
        #expect(try await rollback(to: "R4") == ["R5"])
        #expect(try snapshots() == after[4])
        #expect(try await rollback(to: "R3") == ["R4"])
        #expect(try snapshots() == after[3])
        #expect(!seen.texts.contains { $0.contains("note") }, "nobody has changed a file by hand: \(seen.texts)")

        // On top of what was folded, and folded along in the end.
        after.merge(try await apply(4...8, name: "S")) { $1 }
        #expect(seen.texts.last == "Fold 6 older runs into one")
        #expect(try await rollback(to: "S6", run: "R91") == ["S8", "S7"])
        #expect(try snapshots() == after[6])
        #expect(try await rollback(run: "R92") == ["S6", "S5", "S4", "R3", "R2", "R1"])
        #expect(try snapshots() == before)
        #expect(try await foldedRuns()?.runs.map(\.id) == nil)
        #expect(!seen.texts.contains { $0.contains("note") }, "\(seen.texts)")
        #expect(try await rollback(all: true, run: "R93") == [])
    }

    @Test("A host whose journal cannot be folded keeps what it has; all goes back nevertheless")
    func foldedInPart() async throws {
        let before = try snapshots()
        _ = try await apply(1...4)
        let second = try #require(hosts["haproxy2"])
        // A folder where a file is to be.
        try FileManager.default.createDirectory(
            atPath: second.home + "/runs/R2/meta.new", withIntermediateDirectories: true)
        _ = try await apply(5...5)
        let notes = seen.texts.filter { $0.contains("note: its journal is not folded") }
        #expect(notes.count == 1 && notes.first?.hasPrefix("haproxy2 ") == true, "\(seen.texts)")
        #expect(hosts.values.allSatisfy { !$0.exists($0.home + "/lock") })
        #expect(try await history().first?.result == "ok")
        #expect(try await foldedRuns()?.newest == "R3")
        let failure = try await #require(throws: Failure.self) { _ = try await rollback(to: "R1") }
        #expect(failure.summary.contains("folded"))
        #expect(try await rollback(all: true) == ["R5", "R4", "R3", "R2", "R1"])
        #expect(try snapshots() == before)
    }
}
