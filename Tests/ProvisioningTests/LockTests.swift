import Foundation
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
        _ = try await host.shell(#"touch -d "-14 minutes" "$hp_home/lock""#)
        #expect(try await take(host, "R2", "bob").firstMatch(of: /^@locked\tann\tR1\t8[4-9]\d\t/) != nil)
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
        #expect(try await take(host, "R2", "bob").hasPrefix("@locked\t\t\t"))
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
        #expect(
            failure.summary.wholeMatch(
                of: /ann@here, haprov apply is at work on this host \(run R1, last sign of life 1\d\d s ago\)/) != nil)
        #expect(
            failure.remedy
                == "Wait for that run to end. A run that has been silent for 15 minutes no longer holds the lock.")
    }
}
