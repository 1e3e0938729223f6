import Foundation
import PlanningSamples
import Processes
import Testing

@testable import Planning
@testable import Provisioning

/// The host's side of it: what is kept, and that all of it comes back.
@Suite("A journal that is folded")
struct FoldTests {
    /// Folds runs as a run does once it has come to its end.
    static func fold(_ runs: [String], on host: ScratchHost, overrides: String = "") async throws {
        let facts = try await host.facts(runs.map { ProbeQuery("probe_run", $0) })
        var fold = try #require(
            JournalFold(
                (runs + ["Y", "Z"]).reversed().map { id in
                    let fact = RunFact(
                        id: id, cluster: "web", command: "apply", operatorName: "", started: "", result: "ok",
                        finished: "", changes: 1, undone: 0)
                    return RecordedRun(fact: fact, hosts: ["h": fact])
                }, keeping: 1))
        fold.runs = runs
        let needless = fold.needless(facts.entries)
        let words = fold.call(needless).map { "'\($0)'" }.joined(separator: " ")
        let result = try await host.shell(words, overrides: overrides)
        #expect(
            result.exitStatus == 0, "\(String(decoding: result.standardOutput + result.standardError, as: UTF8.self))")
    }

    /// Takes back all that the journals of runs, newest first, say that stands.
    static func takeBack(_ runs: [String], on host: ScratchHost, overrides: String = "") async throws
        -> [String]
    {
        let facts = try await host.facts(runs.map { ProbeQuery("probe_run", $0) })
        var events: [String] = []
        for run in runs {
            let numbers = (facts.entries[run] ?? []).filter(\.isStanding).compactMap { Int($0.number) }
            let undo = try await host.undo(numbers, run: run, overrides: overrides)
            #expect(undo.failure == nil, "\(undo.output)")
            events += undo.events
        }
        return events.filter { $0.hasPrefix("note") }
    }

    @Test(
        "Files come back as they were before the oldest run, and only what somebody changed is kept",
        arguments: ScratchHost.shells)
    func files(shell: String) async throws {
        for byHand in [false, true] {
            let host = try ScratchHost(shell)
            let (old, new) = (try host.write("old\n", "etc/old", mode: 0o640), host.root + "/etc/new")
            let before = try host.snapshot()
            for (run, text) in [("R1", "1\n"), ("R2", "2\n"), ("R3", "3\n")] {
                let changes: [any Change] = [Changes.write(old, text), Changes.write(new, text, mode: "0600")]
                #expect(try await host.perform(changes, run: run).failure == nil)
            }
            #expect(try await host.perform([Changes.mode(old, "0604")], run: "R4").failure == nil)
            let after = try host.snapshot()
            try await Self.fold(["R1", "R2", "R3", "R4"], on: host)
            #expect(try host.snapshot() == after, "nothing but the journal is touched")
            for run in ["R2", "R3", "R4"] {
                #expect(!host.exists("\(host.home)/runs/\(run)/0001") && host.exists("\(host.home)/runs/\(run)/meta"))
            }
            #expect(host.journal("before/image", of: 1) == "old")
            #expect(host.exists("\(host.home)/runs/R1/undo.sh") && !host.exists("\(host.home)/runs/R2/undo.sh"))
            let runs = try await host.facts([]).runs
            #expect(runs.map(\.changes) == [2, 0, 0, 0] && Set(runs.map(\.folded)) == ["R4"])
            #expect(Set(runs.map(\.format)) == [4])
            let edited = try await host.facts([ProbeQuery("probe_edited", "R4", "R3", "R2", "R1")]).edited
            #expect(edited.isEmpty)
            if byHand { try Data("by hand\n".utf8).write(to: URL(fileURLWithPath: old)) }
            let notes = try await Self.takeBack(["R4", "R3", "R2", "R1"], on: host)
            #expect(notes.count == (byHand ? 1 : 0), "\(notes)")
            #expect(!byHand || host.journal("found", of: 1) == "by hand")
            #expect(try host.snapshot() == before)
        }
    }

    @Test("What a secret was stays one", arguments: ScratchHost.shells)
    func secrets(shell: String) async throws {
        let host = try ScratchHost(shell)
        let path = host.root + "/etc/a"
        var (first, second) = (Changes.write(path, "1"), Changes.write(path, "2"))
        (first.diff, second.diff) = ("--- a\n", "(secret: 2 bytes)\n")
        #expect(try await host.perform([first]).failure == nil)
        #expect(try await host.perform([second], run: "R2").failure == nil)
        try await Self.fold(["R1", "R2"], on: host)
        try Data("by hand".utf8).write(to: URL(fileURLWithPath: path))
        let edited = try await host.facts([ProbeQuery("probe_edited", "R2", "R1")]).edited
        #expect(edited["R1"]?["0001"]?.map(\.isSecret) == [true])
    }

    @Test(
        "Of program trees what the oldest found comes back, and what later ones brought goes",
        arguments: ScratchHost.shells)
    func trees(shell: String) async throws {
        let host = try ScratchHost(shell)
        let prefix = host.root + "/usr/local/haproxy"
        try host.write("mine", "usr/local/haproxy/sbin/haproxy")
        let before = try host.snapshot()
        let scratch = try ScratchFolder()
        let trees: [(String, [String])] = [
            ("1", ["sbin/haproxy", "doc/only-1", "share/all"]),
            ("2", ["sbin/haproxy", "doc/deep/only-2", "share/all"]),
            ("3", ["sbin/haproxy", "doc/only-1", "other/3", "share/all"]),
        ]
        var between: [String: [String: String]] = [:]
        for (name, files) in trees {
            for file in files { try scratch.write("\(name) of \(file)", to: "\(name)/\(file)") }
            let archive = "\(scratch.path)/\(name).tar.gz"
            try await Command(["tar", "-czf", archive, "-C", "\(scratch.path)/\(name)", "."]).output(step: "test")
            // Somebody's own, of which only the third has one too.
            if name == "2" { try host.write("theirs", "usr/local/haproxy/other/3") }
            let outcome = try await host.perform(
                [.change(Changes.archive("haproxy", prefix, BuildID(name)))], run: "R\(name)",
                artifacts: [BuildID(name): archive])
            #expect(outcome.failure == nil, "\(outcome.output)")
            between[name] = try host.snapshot()
        }
        try await Self.fold(["R1", "R2", "R3"], on: host)
        #expect(try host.snapshot() == between["3"])
        #expect(!host.exists("\(host.home)/runs/R2/0001") && !host.exists("\(host.home)/runs/R3/0001"))
        #expect(try await Self.takeBack(["R3", "R2", "R1"], on: host) == [])
        var wanted = before
        for name in ["usr/local/haproxy/other", "usr/local/haproxy/other/3"] { wanted[name] = between["2"]?[name] }
        #expect(try host.snapshot() == wanted)
    }

    @Test("What was taken back before keeps nothing but what people were told of", arguments: ScratchHost.shells)
    func undone(shell: String) async throws {
        let host = try ScratchHost(shell)
        let (a, b) = (host.root + "/etc/a", host.root + "/etc/b")
        #expect(try await host.perform([Changes.write(a, "1"), Changes.write(b, "1")]).failure == nil)
        try Data("by hand".utf8).write(to: URL(fileURLWithPath: a))
        #expect(try await host.undo([1, 2]).failure == nil)
        #expect(try await host.perform([Changes.write(a, "2")], run: "R2").failure == nil)
        try await Self.fold(["R1", "R2"], on: host)
        #expect(host.journal("found", of: 1) == "by hand" && !host.exists("\(host.home)/runs/R1/0002"))
        #expect(try await Self.takeBack(["R2", "R1"], on: host) == [] && !host.exists(a))
    }

    @Test(
        "Wherever the power goes while it is folded, all can be taken back, and folded again",
        .enabled(if: getuid() == 0, "only root can mount a disk"))
    func powerCut() async throws {
        let disk = try ForgetfulDisk()
        let host = try ScratchHost("dash", at: disk.path)
        let old = try host.write("old\n", "etc/old", mode: 0o640)
        let before = try host.snapshot()
        for run in ["R1", "R2"] {
            #expect(
                try await host.perform([Changes.write(old, "\(run)\n")], run: run, overrides: disk.shell).failure == nil
            )
        }
        let after = try host.snapshot()
        try disk.flush()
        let everywhere = """

            mv() { command mv "$@" && power_cut; }
            rm() { command rm "$@" && power_cut; }
            """
        try await Self.fold(["R1", "R2"], on: host, overrides: disk.shell + everywhere)
        let moments = try disk.moments()
        #expect(moments.count > 6)
        for moment in moments {
            for again in [false, true] {
                try disk.restart(from: moment)
                #expect(try host.snapshot() == after)
                if again {
                    try await Self.fold(["R1", "R2"], on: host, overrides: disk.shell)
                    #expect(try await host.facts([]).runs.map(\.changes) == [1, 0])
                }
                // Without the rest of a fold that was cut off, a file may be kept that nobody has changed.
                let notes = try await Self.takeBack(["R2", "R1"], on: host, overrides: disk.shell)
                #expect(!again || notes == [])
                #expect(try host.snapshot() == before)
            }
        }
    }
}
