import Digests
import Foundation
import HostShell
import PlanningSamples
import SSH
import Testing

@testable import Planning
@testable import Provisioning

/// The host's side of a run: real scripts, both shells, a folder that stands for the host.
@Suite("The journal on a host")
struct JournalTests {
    @Test(arguments: ScratchHost.shells)
    func whatIsWritten(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old\n", "etc/a.conf", mode: 0o640)
        let outcome = try await host.perform([
            Changes.write(path, "new hunter22\n", mode: "0600"), Changes.write(host.root + "/etc/none", ""),
        ])
        #expect(outcome.failure == nil)
        #expect(
            outcome.events == [
                "started write \(path)", "finished write \(path)", "started write \(host.root)/etc/none",
                "finished write \(host.root)/etc/none",
            ])
        #expect(host.text(path) == "new hunter22\n")
        let digest = SHA256.hex(Array("new hunter22\n".utf8))
        #expect(host.journal("function", of: 1) == "file_write")
        #expect(host.journal("args", of: 1) == "\(path)\n0600\n\(Changes.user)\n\(Changes.group)\n\(digest)\n")
        #expect(host.journal("resource", of: 1) == "file \(path)")
        #expect(host.journal("summary", of: 1) == "write \(path)")
        #expect(host.state(of: 1) == "done" && host.state(of: 2) == "done")
        #expect(host.journal("before/image", of: 1) == "old")
        #expect(host.journal("before/absent", of: 2) == "")
        #expect(host.journal("log", of: 1) == "")
        #expect(
            host.text("\(host.home)/runs/R1/meta")
                == "format=3\nfunctions=\(JournalFormat.functions)\ncluster=web\ncommand=apply\noperator=me@here\nstarted=2026-01-31T09:45:00Z\n"
        )
        // The new content may be a secret: it goes to its place and nowhere else.
        #expect(try !host.journalHolds("hunter22"))
        for folder in ["", "/runs", "/runs/R1", "/runs/R1/0001", "/runs/R1/0001/before"] {
            let mode = try FileManager.default.attributesOfItem(atPath: host.home + folder)[.posixPermissions]
            #expect(mode as? Int == 0o700, "\(folder)")
        }
    }

    @Test(arguments: ScratchHost.shells)
    func factsOfTheJournal(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await host.perform([Changes.write(host.root + "/etc/a", "a"), Changes.link(host.root + "/etc/l", "a")])
        _ = try await host.undo([2])
        _ = try await host.shell("hp_close R1 ok 2026-01-31T09:46:00Z")
        let facts = try await host.facts([ProbeQuery("probe_run", "R1"), ProbeQuery("probe_run", "none")])
        let run = try #require(facts.runs.first { $0.id == "R1" })
        #expect(
            run
                == RunFact(
                    id: "R1", cluster: "web", command: "apply", operatorName: "me@here",
                    started: "2026-01-31T09:45:00Z", result: "ok", finished: "2026-01-31T09:46:00Z", changes: 2,
                    undone: 1, format: 3, functions: JournalFormat.functions))
        let digest = SHA256.hex(Array("a".utf8))
        let entries = (facts.entries["R1"] ?? []).map { entry in
            #expect(entry.began.map { $0 <= entry.ended ?? 0 } == true)
            var timeless = entry
            (timeless.began, timeless.ended) = (nil, nil)
            return timeless
        }
        #expect(
            entries == [
                EntryFact(
                    number: "0001", state: "done", function: "file_write", subject: "file \(host.root)/etc/a",
                    summary: "write \(host.root)/etc/a",
                    arguments: [host.root + "/etc/a", "0644", Changes.user, Changes.group, digest, ""]),
                EntryFact(
                    number: "0002", state: "undone", function: "link_make", subject: "link \(host.root)/etc/l",
                    summary: "link \(host.root)/etc/l", arguments: [host.root + "/etc/l", "a"]),
            ])
        #expect(facts.entries["none"] == nil)
    }

    @Test("Why a run was made, and what it changed in files, is kept for people", arguments: ScratchHost.shells)
    func forPeople(shell: String) async throws {
        let host = try ScratchHost(shell)
        var change = Changes.write(host.root + "/etc/a", "a")
        change.diff = "--- a\n+++ a\n@@ -0,0 +1 @@\n+\ta=é\n"
        var run = RunIdentity(
            id: "R1", command: "apply", operatorName: "me@here", started: "now", reason: "ticket=42; it's \"due\"")
        run.wanted = "0a1b"
        run.without = ["haproxy3", "haproxy2"]
        let began = Int(Date().timeIntervalSince1970) - 2
        #expect(try await host.perform([.change(change)], as: run).failure == nil)
        let facts = try await host.facts([ProbeQuery("probe_run", "R1"), ProbeQuery("probe_diffs", "R1")])
        #expect(facts.runs.first?.reason == run.reason)
        #expect(facts.runs.first?.wanted == "0a1b" && facts.runs.first?.without == ["haproxy3", "haproxy2"])
        #expect(facts.diffs == ["R1": ["0001": change.diff ?? ""]])
        let entry = try #require(facts.entries["R1"]?.first)
        #expect(try #require(entry.began) >= began && #require(entry.ended) >= #require(entry.began))
    }

    @Test("A line of the journal that was torn is none", arguments: ScratchHost.shells)
    func torn(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await host.perform([Changes.write(host.root + "/etc/a", "a")])
        _ = try await host.shell("hp_close R1 ok 2026-01-31T09:46:00Z")
        for tail in ["undone", "undo", "und\0\0"] {
            let state = (host.journal("state", of: 1) ?? "") + "\n" + tail
            try Data(state.utf8).write(to: URL(fileURLWithPath: "\(host.home)/runs/R1/0001/state"))
            #expect(try await host.facts([ProbeQuery("probe_run", "R1")]).entries["R1"]?.first?.state == "done")
            try Data((state.dropLast(tail.count)).utf8).write(
                to: URL(fileURLWithPath: "\(host.home)/runs/R1/0001/state"))
        }
        let meta = try #require(host.text("\(host.home)/runs/R1/meta"))
        let cut = meta.replacing("result=ok\nfinished=2026-01-31T09:46:00Z\n", with: "result=o")
        try Data(cut.utf8).write(to: URL(fileURLWithPath: "\(host.home)/runs/R1/meta"))
        #expect(try await host.facts([]).runs.first?.result == "")
        // What was begun after the tear counts.
        #expect(try await host.undo([1]).failure == nil)
        #expect(host.state(of: 1) == "undone" && !host.exists(host.root + "/etc/a"))
    }

    @Test("A failure leaves what comes after it alone, and says why", arguments: ScratchHost.shells)
    func failureInASegment(shell: String) async throws {
        let host = try ScratchHost(shell)
        let before = try host.write("good\n", "etc/checked.conf")
        let (first, third) = (host.root + "/etc/first", host.root + "/etc/third")
        let outcome = try await host.perform([
            Changes.write(first, "1"), Changes.write(before, "bad\n", check: "/bin/cat {} /nonexistent-for-haprov"),
            Changes.write(third, "3"),
        ])
        let failure = try #require(outcome.failure)
        #expect(failure.kind == .change && failure.step == "write \(before)")
        #expect(failure.summary.hasPrefix("it failed: the program that will read \(before) refuses it"))
        #expect(
            failure.remedy
                == "`haprov apply` again goes on from here; `haprov rollback` takes this run back. The whole log is "
                + "\(host.home)/runs/R1/0002/log on h.")
        let cause = try #require(failure.cause)
        #expect(cause.contains("bad\n"), "the check was given the new file")
        #expect(cause.contains("/nonexistent-for-haprov: No such file"))
        #expect(cause.hasSuffix("the program that will read \(before) refuses it; the old file is still in place"))
        #expect(
            outcome.events == [
                "started write \(first)", "finished write \(first)", "started write \(before)",
                "failed write \(before)",
            ])
        #expect([1, 2, 3].map { host.state(of: $0) } == ["done", "failed", "saved"])
        #expect(host.text(first) == "1" && host.text(before) == "good\n" && !host.exists(third))
        #expect(try host.snapshot().keys.sorted() == ["etc", "etc/checked.conf", "etc/first"], "nothing is left over")
        // All three can be taken back, in whatever state they are.
        let undo = try await host.undo([1, 2, 3])
        #expect(undo.failure == nil && !undo.events.contains { $0.hasPrefix("note") })
        #expect(try host.snapshot().keys.sorted() == ["etc", "etc/checked.conf"])
    }

    @Test("What a later segment would do has not begun where an earlier one fails", arguments: ScratchHost.shells)
    func laterSegments(shell: String) async throws {
        let host = try ScratchHost(shell)
        var bad = Changes.write(host.root + "/etc/no/such/folder/x", "x")
        bad.isBarrier = true
        let outcome = try await host.perform([bad, Changes.write(host.root + "/etc/later", "x")])
        #expect(outcome.failure?.step == bad.summary)
        #expect(host.journal("function", of: 2) == "file_write", "it was received")
        #expect(host.state(of: 2) == nil, "and not begun")
        let facts = try await host.facts([])
        #expect(facts.runs.first?.changes == 1, "so it does not count as a change that stands")
        let undo = try await host.undo([1, 2])
        #expect(undo.failure == nil)
        let run = try #require(try await host.facts([]).runs.first { $0.id == "R1" })
        #expect(run.changes == run.undone, "nothing of the run stands")
    }

    @Test("A change that cannot be kept for undoing is not made", arguments: ScratchHost.shells)
    func failureToSave(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let first = host.root + "/etc/first"
        let outcome = try await host.perform(
            [Changes.write(first, "1"), Changes.write(path, "new")],
            overrides: "hp_copy() { echo 'no space left'; return 1; }")
        #expect(outcome.failure?.step == "write \(path)")
        #expect(outcome.failure?.cause == "no space left")
        #expect(host.text(path) == "old" && !host.exists(first), "nothing of the segment was made")
    }

    @Test("Before-images are on the disk before the first change of a segment", arguments: ScratchHost.shells)
    func durability(shell: String) async throws {
        let host = try ScratchHost(shell)
        let trace = Shell.quote(host.home + "-trace")
        let a = try host.write("a", "etc/a")
        let b = try host.write("b", "etc/b")
        let outcome = try await host.perform(
            [Changes.write(a, "A"), Changes.write(b, "B")],
            overrides: """
                sync() { echo "sync $#:" $(cat "$hp_dir"/*/state 2>/dev/null | sed 's/ .*//') >>\(trace); }
                hp_copy() { echo "keep ${1##*/}" >>\(trace); command cp -a -- "$1" "$2"; }
                dd() { case "$*" in *conv=notrunc,fsync*) echo "flush" >>\(trace) ;; esac; command dd "$@"; }
                mv() { echo "mv" >>\(trace); command mv "$@"; }
                """)
        #expect(outcome.failure == nil)
        #expect(
            host.text(host.home + "-trace")?.split(separator: "\n") == [
                "keep a", "keep b", "sync 0:", "sync 0: saved saved", "flush", "mv", "flush", "mv",
                "sync 0: saved started done saved started done",
            ])
    }

    @Test("Content that arrives cut short changes nothing", arguments: ScratchHost.shells)
    func truncated(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let other = host.root + "/etc/b"
        let outcome = try await host.perform(
            [.change(Changes.write(other, "12345")), .change(Changes.write(path, "1234567890"))], bytesMissing: 6)
        #expect(outcome.failure?.summary == "the content of change 0002 arrived incomplete")
        #expect(outcome.failure?.kind == .change)
        #expect(outcome.events == [])
        #expect(host.text(path) == "old" && !host.exists(other))
    }

    @Test("Content that is not what the plan holds is not put in place", arguments: ScratchHost.shells)
    func damaged(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        var change = Changes.write(path, "new")
        change.content = .bytes(Array("n3w".utf8))
        let outcome = try await host.perform([change])
        #expect(outcome.failure?.cause == "the content arrived damaged")
        #expect(host.text(path) == "old")
        #expect(try host.snapshot().keys.sorted() == ["etc", "etc/a"])
    }

    @Test("A journal that cannot be written stops everything", arguments: ScratchHost.shells)
    func fullDisk(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = try host.write("old", "etc/a")
        let outcome = try await host.perform(
            [Changes.write(path, "new")],
            overrides: """
                mkdir() {
                    command mkdir "$@"
                    case "$*" in *0001/before) ln -sf /dev/full "$hp_home/runs/R1/0001/state" ;; esac
                }
                """)
        let state = "\(host.home)/runs/R1/0001/state"
        #expect(outcome.failure?.summary == "cannot write to \(state): No space left on device")
        #expect(host.text(path) == "old")
    }
}
