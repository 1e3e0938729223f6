import Foundation
import Glibc
import HostShell
import Planning
import PlanningSamples
import Testing

@testable import Provisioning

/// The power of a host is cut at every step that its scripts take, on a file system that loses what was not flushed.
@Suite("A host that loses power", .enabled(if: getuid() == 0, "only root can mount a disk"))
struct PowerCutTests {
    /// Cuts the power when a change begins and when it has ended, and once a file is in its place.
    private static let everywhere = """
        mv() { command mv "$@" && power_cut; }
        hp_doing() { power_cut; }
        """

    private let disk: ForgetfulDisk
    private let host: ScratchHost
    private let changes: [any Change]
    private let before: [String: String]
    /// What a file may hold at any moment.
    private let whole: [String: Set<String?>]

    init() throws {
        disk = try ForgetfulDisk()
        host = try ScratchHost("dash", at: disk.path)
        let old = try host.write("old\n", "etc/a.conf", mode: 0o640)
        let other = try host.write("other\n", "etc/b.conf")
        let (new, folder) = (host.root + "/etc/new.conf", host.root + "/etc/made")
        var last = Changes.write(other, "changed\n")
        last.isBarrier = true
        changes = [
            Changes.write(old, "new\n", mode: "0600"), Changes.write(new, "first\n"), Changes.directory(folder),
            Changes.link(host.root + "/etc/link", "a.conf"), last,
        ]
        whole = [old: ["old\n", "new\n"], new: [nil, "first\n"], other: ["other\n", "changed\n"]]
        before = try host.snapshot()
        try disk.flush()
    }

    private func restart(from moment: String) throws {
        try disk.restart(from: moment)
        // The next run takes it over.
        try? FileManager.default.removeItem(atPath: host.home + "/lock")
        for (path, texts) in whole {
            #expect(texts.contains(host.text(path)), "\(path) is torn: \(host.text(path) ?? "")")
        }
    }

    /// Takes back what the journals of runs say that stands.
    private func takeBack(_ runs: String...) async throws {
        let facts = try await host.facts(runs.map { ProbeQuery("probe_run", $0) })
        for run in runs {
            let numbers = (facts.entries[run] ?? []).filter(\.isStanding).compactMap { Int($0.number) }
            let undo = try await host.undo(numbers, run: run, overrides: disk.shell)
            #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo.output)")
        }
        #expect(try host.snapshot() == before, "\(runs)")
    }

    @Test("Whenever it was while a run was at work: the journal takes it back, or the next run completes it")
    func run() async throws {
        #expect(try await host.perform(changes, overrides: disk.shell + "\n" + Self.everywhere).failure == nil)
        let after = try host.snapshot()
        let moments = try disk.moments()
        #expect(moments.count > 10)
        for moment in moments {
            try restart(from: moment)
            try await takeBack("R1")
            try restart(from: moment)
            #expect(try await host.perform(changes, run: "R2", overrides: disk.shell).failure == nil)
            #expect(try host.snapshot() == after)
            try await takeBack("R2", "R1")
        }
    }

    @Test("Whenever it was while a run was taken back: the next rollback takes back the rest")
    func rollback() async throws {
        #expect(try await host.perform(changes, overrides: disk.shell).failure == nil)
        try disk.flush()
        #expect(
            try await host.undo(Array(1...changes.count), overrides: disk.shell + "\n" + Self.everywhere).failure == nil
        )
        let moments = try disk.moments()
        #expect(moments.count > 10)
        for moment in moments {
            try restart(from: moment)
            try await takeBack("R1")
        }
    }

    @Test("What was changed by hand is kept before it is replaced")
    func byHand() async throws {
        let path = host.root + "/etc/a.conf"
        #expect(try await host.perform(changes, overrides: disk.shell).failure == nil)
        try Data("by hand\n".utf8).write(to: URL(fileURLWithPath: path))
        try disk.flush()
        #expect(try await host.undo([1], overrides: disk.shell + "\n" + Self.everywhere).failure == nil)
        let moments = try disk.moments()
        #expect(moments.count > 2)
        for moment in moments {
            try disk.restart(from: moment)
            #expect(host.text(path) == "by hand\n" || host.journal("found", of: 1) == "by hand")
        }
    }
}
