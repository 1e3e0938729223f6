import Foundation
import Inventory
import PlanningSamples
import Testing

@testable import Planning
@testable import Provisioning

/// What an earlier haprov wrote keeps its meaning: Fixtures/earlier was made by that of 2026-11-25, and stays as it is. A day
/// later a journal of the second format had the same entries, its number, and the functions that undo them (undo-2.sh).
@Suite("What an earlier haprov left")
struct EarlierTests {
    /// Lays out a part of journal.txt below a folder.
    private static func layOut(_ part: String, at folder: String, root: String) throws {
        let manager = FileManager.default
        var file: (path: String, mode: Int, lines: [String])?
        func finish() throws {
            guard let open = file else { return }
            let text = open.lines.map { $0 + "\n" }.joined().replacing("@ROOT@", with: root)
            try Data(text.utf8).write(to: URL(fileURLWithPath: open.path))
            try manager.setAttributes([.posixPermissions: open.mode], ofItemAtPath: open.path)
            file = nil
        }
        for line in try Samples.fixture("earlier/journal.txt").split(separator: "\n").map(String.init) {
            if line.hasPrefix("|") {
                file?.lines.append(String(line.dropFirst()))
                continue
            }
            try finish()
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, words[2] == part || words[2].hasPrefix(part + "/") else { continue }
            let path = folder + words[2].dropFirst(part.count)
            switch words[0] {
            case "directory":
                try? manager.removeItem(atPath: path)
                let mode = try #require(Int(words[1], radix: 8))
                try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
                try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            case "link": try manager.createSymbolicLink(atPath: path, withDestinationPath: words[1])
            default: file = (path, try #require(Int(words[1], radix: 8)), [])
            }
        }
        try finish()
    }

    @Test(
        "A journal without a format is taken back, and one of the second",
        .enabled(if: getuid() == 0, "its files are root's"),
        arguments: ScratchHost.shells, [1, 2])
    func journal(shell: String, format: Int) async throws {
        let (host, wanted) = (try ScratchHost(shell), try ScratchHost(shell))
        try Self.layOut("home", at: host.home, root: host.root)
        if format == 2 {
            let folder = URL(fileURLWithPath: host.home + "/runs/20261125T220000Z-0a1b")
            let meta = try String(contentsOf: folder.appending(path: "meta"), encoding: .utf8)
            try Data("format=2\nfunctions=2\n\(meta)".utf8).write(to: folder.appending(path: "meta"))
            try Data(Samples.fixture("earlier/undo-2.sh").utf8).write(to: folder.appending(path: "undo.sh"))
        }
        try Self.layOut("root", at: host.root, root: host.root)
        try Self.layOut("before", at: wanted.root, root: wanted.root)
        #expect(try host.snapshot() != wanted.snapshot())
        let facts = try await host.facts([ProbeQuery("probe_run", "20261125T220000Z-0a1b")])
        let run = try #require(facts.runs.first)
        #expect(run.format == format && run.changes == 5 && run.undone == 0)
        #expect(UndoOwner(run) == (format == 2 ? .journal : .own))
        let plan = RollbackPlanner(cluster: try Samples.cluster(), facts: ["haproxy1": facts], runs: [run.id]).plan()
        let steps = try #require(plan.hosts.first).rollout
        #expect(steps.count == 5)
        let outcome = try await host.perform(steps, run: "U")
        #expect(outcome.failure == nil, "\(outcome.output)")
        #expect(try host.snapshot() == wanted.snapshot())
        #expect(try await host.facts([]).runs.first { $0.id == run.id }?.undone == 5)
    }

    @Test(
        "A run of today is undone by what it brought along, unless that is known to be faulty",
        arguments: ScratchHost.shells)
    func functions(shell: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.snapshot()
        #expect(try await host.perform([Changes.write(host.root + "/etc/a", "a")]).failure == nil)
        let run = try #require(try await host.facts([]).runs.first)
        #expect(UndoOwner(run) == .journal && UndoOwner(run, recalled: [JournalFormat.functions]) == .own)
        let later = "file_write_undo() { echo 'not as it was'; return 1; }\nhp_restore() { return 1; }"
        func undo(_ owner: UndoOwner) async throws -> ScratchHost.Outcome {
            let step = Step.undo(Undo(run: "R1", number: "0001", resource: "r", summary: "undo", owner: owner))
            return try await host.perform([step], run: "U", overrides: later)
        }
        #expect(try await undo(.own).failure != nil, "by the functions of the script")
        #expect(try await undo(.journal).failure == nil)
        #expect(try host.snapshot() == before)
    }

    @Test("Its playbooks are read and say the same")
    func playbooks() throws {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/earlier/playbooks").path
        let cluster = try Samples.cluster()
        let host = try Samples.host(in: cluster)
        func resources(_ path: String) throws -> HostResources {
            let values = TemplateContext(cluster: cluster, host: host, passwords: [:], packages: [:])
            return try PlaybookFolder(path: path, over: Samples.playbooks()).resources(for: host, context: values)
        }
        let (earlier, today) = (try resources(folder), try resources(Samples.repository + "/Playbooks"))
        let new = ["/etc/keepalived/chk_move.sh", "/var/lib/haproxy/server-state"]
        #expect(earlier.all.count + new.count == today.all.count && earlier.all.count > 20)
        func texts(_ resources: HostResources) -> [String: String] {
            Dictionary(
                resources.all.compactMap { $0 as? any TextResource }.map {
                    ($0.target.path, String(decoding: $0.content, as: UTF8.self))
                }, uniquingKeysWith: { $1 })
        }
        let (then, now) = (texts(earlier), texts(today))
        #expect(Set(now.keys) == Set(then.keys).union(new))
        for (path, text) in then {
            var rest = (now[path] ?? "").split(separator: "\n")[...]
            // What has been added since stands between.
            for line in text.split(separator: "\n") {
                let place = rest.firstIndex(of: line)
                #expect(place != nil, "\(path): \(line)")
                rest = rest[(place.map { $0 + 1 } ?? rest.endIndex)...]
            }
        }
    }
}
