import Errors
import Foundation
import HostShell
import SSH
import Testing

@testable import Provisioning

@Suite("The lock on a host")
struct LockTests {
    private func take(_ host: ScratchHost, _ run: String, _ owner: String) async throws -> String {
        let result = try await host.shell(Shell.join(["hp_lock", run, owner]) + "\nhp_say end")
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    @Test(arguments: ScratchHost.shells)
    func oneAtATime(shell: String) async throws {
        let host = try ScratchHost(shell)
        #expect(try await take(host, "R1", "ann@here, haprov apply") == "@end\n")
        let refused = try await take(host, "R2", "bob@there, haprov apply")
        #expect(refused.hasPrefix("@locked\tann@here, haprov apply\tR1\t") && !refused.contains("@end"))
        #expect(host.text(host.home + "/lock/owner") == "ann@here, haprov apply\n", "it still is ann's")
        #expect(try await take(host, "R1", "ann@here, haprov apply") == "@end\n", "the same run may come again")
        let facts = try await host.facts([])
        let lock = try #require(facts.lock)
        #expect(lock.owner == "ann@here, haprov apply" && lock.run == "R1" && lock.age < 900)
        _ = try await host.shell("hp_unlock R2")
        #expect(host.exists(host.home + "/lock"), "another run cannot give it back")
        _ = try await host.shell("hp_unlock R1")
        #expect(try await host.facts([]).lock == nil)
        #expect(try await take(host, "R2", "bob") == "@end\n")
    }

    @Test("A holder that has been silent for 15 minutes is gone", arguments: ScratchHost.shells)
    func stale(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await take(host, "R1", "ann")
        _ = try await host.shell(#"touch -d "-10 minutes" "$hp_home/lock""#)
        #expect(try await take(host, "R2", "bob").firstMatch(of: /^@locked\tann\tR1\t[6-8]\d\d\t/) != nil)
        _ = try await host.shell(#"touch -d "-901 seconds" "$hp_home/lock""#)
        #expect(try await take(host, "R2", "bob") == "@end\n")
        #expect(host.text(host.home + "/lock/run") == "R2\n")
        #expect(try await host.facts([]).lock?.age ?? 900 < 60, "its age begins anew")
        #expect(try await take(host, "R1", "ann").hasPrefix("@locked\tbob\tR2\t"))
    }

    @Test("A lock taken this instant, its owner not yet written, is a lock too", arguments: ScratchHost.shells)
    func halfTaken(shell: String) async throws {
        let host = try ScratchHost(shell)
        try FileManager.default.createDirectory(atPath: host.home + "/lock", withIntermediateDirectories: true)
        async let told = take(host, "R2", "bob")
        for (name, text) in [("owner", "ann\n"), ("run", "R1\n")] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(host.home)/lock/\(name)"))
        }
        #expect(try await told.hasPrefix("@locked\tann\tR1\t"))
    }

    @Test("A lock that nobody has put a name to holds nobody off", arguments: ScratchHost.shells)
    func nameless(shell: String) async throws {
        let host = try ScratchHost(shell)
        try FileManager.default.createDirectory(atPath: host.home + "/lock", withIntermediateDirectories: true)
        _ = try await host.shell(#"touch -d "-60 seconds" "$hp_home/lock""#)
        #expect(try await take(host, "R2", "bob") == "@end\n")
        #expect(host.text(host.home + "/lock/run") == "R2\n")
    }

    @Test("What a dead run began ends before its next change; then the lock passes", arguments: ScratchHost.shells)
    func deadRun(shell: String) async throws {
        let host = try ScratchHost(shell)
        let (first, second) = (host.root + "/etc/first", host.root + "/etc/second")
        let go = Shell.quote(host.root + "/go")
        _ = try await host.shell("hp_lock R1 ann dead ''")
        async let dying = host.perform(
            [Changes.write(first, "1"), Changes.write(second, "2")],
            overrides: "hp_label() { until [ -e \(go) ]; do sleep 0.05; done; }")
        try await wait("the first change to be under way") { host.state(of: 1) == "started" }
        async let told = host.shell("hp_lock R2 bob me dead\nhp_say end")
        try await wait("the dead run to be told to stop") { host.exists(host.home + "/lock/halt") }
        try host.write("", "go")
        let output = String(decoding: try await told.standardOutput, as: UTF8.self)
        #expect(output.hasSuffix("@end\n") && !output.contains("@locked"), "\(output)")
        #expect(try await dying.failure?.summary == "bob takes this run for dead and waits for it to end")
        #expect([1, 2].map { host.state(of: $0) } == ["done", "saved"])
        #expect(!host.exists(second) && host.text(host.home + "/lock/run") == "R2\n")
        #expect(!host.exists(host.home + "/lock/halt"))
    }

    @Test(
        "A run that has lost the lock begins nothing more",
        arguments: ScratchHost.shells,
        [
            ("echo R3 >$hp_home/lock/run; echo ann >$hp_home/lock/owner", "passed to ann"),
            // Whoever took it over is through.
            ("rm -rf $hp_home/lock", "been taken over and given back"),
        ])
    func lost(shell: String, loss: (script: String, words: String)) async throws {
        let host = try ScratchHost(shell)
        _ = try await take(host, "R2", "bob")
        // Between its first look and its first change.
        let (first, second) = (host.root + "/etc/first", host.root + "/etc/second")
        let told = try await host.perform(
            [Changes.write(first, "1"), Changes.write(second, "2")], run: "R2",
            overrides: "hp_label() { \(loss.script); }")
        #expect(told.failure?.summary == "the lock has \(loss.words): this run was silent for too long")
        #expect(host.exists(first) && !host.exists(second))
    }

    @Test("A run that has lost the lock leaves the compilation of who has it alone", arguments: ScratchHost.shells)
    func othersBuild(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await take(host, "R2", "bob")
        _ = try await host.shell("mkdir -p $hp_home/build/B $hp_home/packages\nhp_sweep_away R1")
        #expect(host.exists(host.home + "/build/B") && host.exists(host.home + "/packages"))
        _ = try await host.shell("hp_sweep_away R2")
        #expect(!host.exists(host.home + "/build") && !host.exists(host.home + "/packages"))
    }

    @Test("A sign of life for a lock that has just gone makes none", arguments: ScratchHost.shells)
    func lateSign(shell: String) async throws {
        let host = try ScratchHost(shell)
        _ = try await take(host, "R2", "bob")
        // The run is looked up, then the lock goes.
        _ = try await host.shell("hp_touch R2", overrides: "cat() { command cat \"$@\"; rm -rf \"$hp_home/lock\"; }")
        #expect(!host.exists(host.home + "/lock"))
    }

    @Test("Whoever finds the lock finds what is under way, until it has ended", arguments: ScratchHost.shells)
    func step(shell: String) async throws {
        let host = try ScratchHost(shell)
        let (path, go) = (host.root + "/etc/a", Shell.quote(host.root + "/go"))
        _ = try await take(host, "R1", "ann")
        let change = Changes.write(path, "1")
        async let made = host.perform([change], overrides: "hp_label() { until [ -e \(go) ]; do sleep 0.05; done; }")
        try await wait("the change to be under way") { host.text(host.home + "/lock/step") == change.summary }
        let lock = try #require(try await host.facts([]).lock)
        #expect(lock.step == change.summary && lock.held < 900 && lock.stepAge < 900 && lock.run == "R1")
        #expect(try await take(host, "R2", "bob").contains("\t\(change.summary)\t"))
        try host.write("", "go")
        #expect(try await made.failure == nil)
        #expect(try await host.facts([]).lock?.step == "")
    }

    /// Waits for a condition, with a limit that only a fault reaches.
    private func wait(_ what: Comment, _ condition: () -> Bool) async throws {
        for _ in 0..<600 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record(what)
    }

    @Test(arguments: ScratchHost.shells)
    func ofManyAtOnceOneGetsIt(shell: String) async throws {
        let host = try ScratchHost(shell)
        let winners = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 1...6 {
                group.addTask {
                    try await take(host, "R\(number)", "o\(number)").contains("@end") ? "R\(number)\n" : ""
                }
            }
            var winners: [String] = []
            for try await winner in group where !winner.isEmpty { winners.append(winner) }
            return winners
        }
        #expect(winners.count == 1)
        #expect(host.text(host.home + "/lock/run") == winners.first)
    }

    @Test("What the controller says of a taken lock")
    func message() async throws {
        let host = try ScratchHost("dash")
        _ = try await take(host, "R1", "ann@here, haprov apply")
        _ = try await host.shell(#"touch -d "-100 seconds" "$hp_home/lock""#)
        let reader = BatchReader(host: "haproxy2", summaries: [:], events: { _ in })
        let output = try await take(host, "R2", "bob")
        reader.take(.standardOutput(Array(output.utf8)))
        let failure = try #require(throws: Failure.self) {
            try reader.finish(RemoteResult(exitStatus: 1), command: "apply")
        }
        #expect(failure.kind == .locked && failure.host == "haproxy2" && failure.step == "lock")
        let times = /run R1, began \d+ s ago, last sign of life [1-8]\d\d s ago/
        #expect(failure.summary.firstMatch(of: times) != nil)
        #expect(failure.summary.hasPrefix("ann@here, haprov apply is at work on this host (run R1, "))
        #expect(
            failure.remedy
                == "Wait for that run to end; `--wait 10m` does. A run that has been silent for 15 minutes no longer "
                + "holds the lock; where you know that its haprov is dead, `haprov unlock` gives it back.")
    }
}
