import Digests
import Foundation
import HostShell
import PlanningSamples
import SSH
import Testing

@testable import Planning
@testable import Provisioning

@Suite("Taking changes back on a host")
struct UndoTests {
    /// A host with one of everything, and changes to all of it.
    private func changed(_ shell: String) async throws -> (ScratchHost, before: [String: String], changes: [any Change])
    {
        let host = try ScratchHost(shell)
        let root = host.root
        try host.write("old\n", "etc/a.conf", mode: 0o640)
        try host.write("then\n", "etc/other")
        try host.write("#!/bin/sh\n", "etc/run", mode: 0o4755)
        try FileManager.default.createSymbolicLink(atPath: root + "/etc/link", withDestinationPath: "a.conf")
        try FileManager.default.createSymbolicLink(atPath: root + "/etc/dangling", withDestinationPath: "/none")
        try host.write("x", "etc/d/inside")
        let before = try host.snapshot()
        let changes = [
            Changes.write(root + "/etc/a.conf", "new\n", mode: "0600"), Changes.write(root + "/etc/other", "now\n"),
            Changes.mode(root + "/etc/run", "0700"), Changes.mode(root + "/etc/d", "0700"),
            Changes.link(root + "/etc/link", "gone"), Changes.link(root + "/etc/dangling", "/other"),
            Changes.link(root + "/etc/newlink", "x"), Changes.directory(root + "/var/lib/x y/z", mode: "0750"),
            Changes.write(root + "/var/lib/x y/z/f", ""), Changes.write(root + "/etc/never", "once"),
        ]
        return (host, before, changes)
    }

    @Test(arguments: ScratchHost.shells)
    func everythingComesBack(shell: String) async throws {
        let (host, before, changes) = try await changed(shell)
        #expect(try await host.perform(changes).failure == nil)
        let after = try host.snapshot()
        #expect(after["etc/a.conf"]?.contains(" 600 ") == true && after["etc/other"] != before["etc/other"])
        #expect(after["var/lib/x y/z"]?.contains(" 750 ") == true && after["var/lib"]?.contains(" 755 ") == true)
        #expect(after["etc/run"]?.contains(" 700 ") == true && after["etc/dangling"]?.hasSuffix("/other") == true)
        #expect(after["var/lib/x y/z/f"]?.hasSuffix(SHA256.hex([])) == true, "an empty file is a file too")
        let undo = try await host.undo(Array(1...changes.count))
        #expect(undo.failure == nil)
        #expect(!undo.events.contains { $0.hasPrefix("note") })
        #expect(try host.snapshot() == before)
        // Once more, after somebody has gone on working there: nothing happens.
        try host.write("mine\n", "etc/a.conf")
        let again = try await host.undo(Array(1...changes.count))
        #expect(again.failure == nil)
        #expect(host.text(host.root + "/etc/a.conf") == "mine\n")
    }

    @Test("Times come back too", arguments: ScratchHost.shells)
    func times(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf")
        let then = Date(timeIntervalSince1970: 1_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: path)
        _ = try await host.perform([Changes.write(path, "new\n")])
        _ = try await host.undo([1])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == then)
    }

    @Test(
        "Owners are set and come back", .enabled(if: getuid() == 0, "only root can give files away"),
        arguments: ScratchHost.shells)
    func owners(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf")
        let before = try host.snapshot()
        _ = try await host.perform([
            Changes.write(path, "new\n", owner: "daemon"),
            Call("file_mode", [host.root + "/etc", "0711", "daemon", "daemon"], resource: "r", summary: "s"),
        ])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.ownerAccountName] as? String == "daemon")
        #expect(
            try FileManager.default.attributesOfItem(atPath: host.root + "/etc")[.groupOwnerAccountName] as? String
                == "daemon")
        _ = try await host.undo([1, 2])
        #expect(try host.snapshot() == before)
    }

    /// Where a host's shell dies, between the new file and its place: nothing of it runs on, no trap is called.
    private static let deathBeforeMove =
        """
        mv() { kill -9 $$; sh -c 'kill -9 $PPID'; }
        """

    @Test(
        "A change that began and did not end is taken back, with all it left lying about",
        arguments: ScratchHost.shells, ["file", "link", "new"])
    func interrupted(shell: String, kind: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf")
        let before = try host.snapshot()
        let change =
            switch kind {
            case "file": Changes.write(path, "new\n")
            case "link": Changes.link(path, "elsewhere")
            default: Changes.write(host.root + "/etc/new", "new\n")
            }
        let outcome = try await host.perform([change], overrides: Self.deathBeforeMove)
        let failure = try #require(outcome.failure)
        #expect(failure.step == change.summary)
        #expect(failure.summary == "what was begun here was killed")
        #expect(host.state(of: 1) == "started")
        #expect(try host.snapshot() != before, "the test has to leave something lying about")
        let undo = try await host.undo([1])
        #expect(undo.failure == nil && undo.events.count == 2, "no word of a change by somebody else: \(undo.events)")
        #expect(try host.snapshot() == before)
    }

    @Test("An undo that was interrupted is finished by the next one", arguments: ScratchHost.shells)
    func interruptedUndo(shell: String) async throws {
        let (host, before, changes) = try await changed(shell)
        _ = try await host.perform(changes)
        let numbers = Array(1...changes.count)
        let steps = numbers.reversed().map { number in
            Step.undo(Undo(run: "R1", number: Batch.name(number), resource: "r", summary: "undo \(number)"))
        }
        let broken = try await host.perform(steps, run: "U1", overrides: Self.deathBeforeMove)
        #expect(broken.failure != nil)
        #expect(numbers.contains { host.state(of: $0) == "undoing" })
        let undo = try await host.undo(numbers)
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo.events)")
        #expect(try host.snapshot() == before)
    }

    @Test("A file that somebody changed since is kept aside and named", arguments: ScratchHost.shells)
    func changedSince(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf")
        _ = try await host.perform([Changes.write(path, "new\n")])
        try host.write("by hand\n", "etc/a.conf")
        let undo = try await host.undo([1])
        #expect(undo.failure == nil)
        let kept = "\(host.home)/runs/R1/0001/found"
        #expect(
            undo.events == [
                "started undo 1", "note \(path) had been changed since; what stood there is kept as \(kept)",
                "finished undo 1",
            ])
        #expect(host.text(path) == "old\n" && host.text(kept) == "by hand\n")
    }

    @Test("A directory that holds other people's files stays, and says so", arguments: ScratchHost.shells)
    func foreignFiles(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/srv/a/b"
        _ = try await host.perform([Changes.directory(path)])
        try host.write("x", "srv/a/other")
        let undo = try await host.undo([1])
        #expect(undo.failure == nil)
        #expect(!host.exists(path), "the empty one goes")
        #expect(host.text(host.root + "/srv/a/other") == "x")
        #expect(
            undo.events.filter { $0.hasPrefix("note") }
                == ["\(host.root)/srv/a", "\(host.root)/srv"].map {
                    "note \($0) is kept: it holds files that haprov did not put there"
                })
    }

    @Test("Neighbours below one new directory come and go without a word", arguments: ScratchHost.shells)
    func neighbours(shell: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.snapshot()
        _ = try await host.perform(["srv/a/b", "srv/a/c", "srv/d"].map { Changes.directory("\(host.root)/\($0)") })
        let undo = try await host.undo([1, 2, 3])
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") }, "\(undo.events)")
        #expect(try host.snapshot() == before)
    }

    @Test("An undo that fails stops there, says why, and can be repeated", arguments: ScratchHost.shells)
    func failingUndo(shell: String) async throws {
        let host = try ScratchHost(shell)
        let (a, b) = (host.root + "/etc/a", host.root + "/etc/b")
        _ = try await host.perform([Changes.write(a, "a"), Changes.write(b, "b")])
        // A directory stands where the file to be removed stood.
        try FileManager.default.removeItem(atPath: b)
        try host.write("x", "etc/b/c")
        let undo = try await host.undo([1, 2])
        #expect(undo.failure?.step == "undo 2" && undo.failure?.cause?.contains("Is a directory") == true)
        #expect(host.text(a) == "a", "the earlier change is not reached")
        try FileManager.default.removeItem(atPath: b)
        #expect(try await host.undo([1, 2]).failure == nil)
        #expect(!host.exists(a))
    }

    @Test(
        "What is as it was is not written again, so that a file which cannot be written is no obstacle",
        .enabled(if: getuid() == 0, "only root can make files immutable"), arguments: ScratchHost.shells,
        ["write", "link", "mode"])
    func immutable(shell: String, kind: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf", mode: 0o640)
        let isImmutable = try await host.shell("chattr +i \(Shell.quote(path))").exitStatus == 0
        try #require(isImmutable, "the file system of \(path) has to know immutable files, as ext4 and XFS do")
        let before = try host.snapshot()
        let change =
            switch kind {
            case "write": Changes.write(path, "new\n")
            case "link": Changes.link(path, "elsewhere")
            default: Changes.mode(path, "0600")
            }
        #expect(try await host.perform([change]).failure != nil)
        let undo = try await host.undo([1])
        #expect(undo.failure == nil, "\(undo.failure?.cause ?? "")")
        _ = try await host.shell("chattr -i \(Shell.quote(path))")
        #expect(try host.snapshot() == before)
    }

    @Test("A file that cannot be put back leaves nothing beside it", arguments: ScratchHost.shells)
    func restoreFails(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf")
        _ = try await host.perform([Changes.write(path, "new\n")])
        let undo = try await host.undo(
            [1],
            overrides: "mv() { case \"$*\" in *haprov-restore*) return 1 ;; esac; command mv \"$@\"; }")
        #expect(undo.failure != nil)
        #expect(try host.snapshot().keys.sorted() == ["etc", "etc/a.conf"])
    }

    @Test func unknownChange() async throws {
        let host = try ScratchHost("dash")
        #expect(try await host.undo([7]).failure?.summary == "run R1 has no change 0007 on this host")
    }

    @Test("Changes of two runs with one number keep their own words", arguments: ScratchHost.shells)
    func twoRuns(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("0", "etc/a")
        _ = try await host.perform([Changes.write(path, "1")], run: "R1")
        _ = try await host.perform([Changes.write(path, "2")], run: "R2")
        let steps = ["R2", "R1"].map { run in
            Step.undo(Undo(run: run, number: "0001", resource: "r", summary: "undo of \(run)"))
        }
        let undo = try await host.perform(steps, run: "U")
        #expect(
            undo.events == ["started undo of R2", "finished undo of R2", "started undo of R1", "finished undo of R1"])
        #expect(host.text(path) == "0")
        #expect(try !FileManager.default.contentsOfDirectory(atPath: "\(host.home)/runs/R2/0001").contains("note"))
    }

    @Test("A change that another step takes back too is only marked", arguments: ScratchHost.shells)
    func marksOnly(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/a"
        _ = try await host.perform([Changes.write(path, "1")])
        let undo = Undo(run: "R1", number: "0001", resource: "r", summary: "s", marksOnly: true)
        #expect(try await host.perform([.undo(undo)], run: "U").events == ["started s", "finished s"])
        #expect(host.text(path) == "1" && host.state(of: 1) == "undone")
    }
}
