import Errors
import Foundation
import Inventory
import Testing

@testable import Provisioning

/// Rollbacks over several hosts, some of which move on meanwhile.
extension FleetTests {
    @Test("A rollback stops where the VIP is lost between two hosts; once more, it goes on")
    func lostOnTheWay() async throws {
        let before = try snapshots()
        _ = try await apply("R1")
        // haproxy1 holds the VIP as long as haproxy3 is as the run left it.
        let third = try #require(hosts["haproxy3"])
        try hosts["haproxy1"]?.write("grep -q '^name' '\(third.root)/etc/service.conf'\n", "holds")
        let failed = try await failures { _ = try await rollback(run: "R8") }
        #expect(failed.map(\.kind) == [.verification] && failed.first?.summary == "no balancer holds 192.0.2.100")
        #expect(
            failed.first?.remedy.hasSuffix("`haprov rollback` again goes on with the other balancers as things stand.")
                == true)
        #expect(seen.texts.filter { $0.hasPrefix("Roll back") } == ["Roll back haproxy3"])
        #expect(hosts["haproxy2"].map { $0.text($0.root + "/etc/service.conf") } == "name haproxy2\n")
        #expect(hosts.values.allSatisfy { !$0.exists($0.home + "/lock") })
        #expect(try await rollback() == ["R1"])
        try hosts["haproxy1"].map { try FileManager.default.removeItem(atPath: $0.root + "/holds") }
        #expect(try snapshots() == before)
    }

    @Test("Whoever holds the VIP comes last, and after it nobody need hold it")
    func holderLast() async throws {
        _ = try await apply("R1")
        let third = try #require(hosts["haproxy3"])
        try third.write("grep -q '^name' '\(third.root)/etc/service.conf'\n", "holds")
        #expect(try await rollback() == ["R1"])
        let order = seen.texts.filter { $0.hasPrefix("Roll back") }
        #expect(order == ["Roll back haproxy2", "Roll back haproxy1", "Roll back haproxy3"])
    }

    /// A process of this machine that does not run any more.
    private static let dead: String = {
        var words = LockHolder.current.split(separator: ":").map(String.init)
        words[2] = "4194305"
        return words.joined(separator: ":")
    }()

    @Test("What a dead run went on to do until the lock passed is taken back too, and its locks go everywhere")
    func deadRun() async throws {
        let before = try snapshots()
        let third = try #require(hosts["haproxy3"])
        let (first, late) = (third.root + "/etc/first", third.root + "/etc/late")
        _ = try await third.perform([Changes.write(first, "1")])
        for host in hosts.values { _ = try await host.shell("hp_lock R1 ann \(Self.dead) ''") }
        let runs = try await rollback {
            let outcome = try await third.perform([.change(Changes.write(late, "2"))], first: 2)
            #expect(outcome.failure == nil)
        }
        #expect(runs == ["R1"])
        #expect(try snapshots() == before)
        for (name, host) in hosts { #expect(!host.exists(host.home + "/lock"), "\(name)") }
    }

    @Test("Runs that were not shown are not taken back")
    func otherRuns() async throws {
        _ = try await apply("R1")
        let second = try #require(hosts["haproxy2"])
        let path = second.root + "/etc/new"
        let failed = try await failures {
            _ = try await rollback { _ = try await second.perform([.change(Changes.write(path, "1"))], run: "R2") }
        }
        #expect(
            failed == [
                Failure(
                    .preflight, step: "rollback", summary: "R2 is to be taken back by now, and R1 was shown",
                    remedy: "Nothing was done. `haprov rollback` again shows how things stand.")
            ])
        #expect(second.text(path) == "1")
        #expect(!seen.texts.contains { $0.hasPrefix("Roll back") })
        #expect(hosts.values.allSatisfy { !$0.exists($0.home + "/lock") })
    }

    @Test("The order follows who holds the VIP when the lock is taken, not when the plan was shown")
    func holderMoved() async throws {
        _ = try await apply("R1")
        let third = try #require(hosts["haproxy3"])
        _ = try await rollback {
            try third.write("grep -q '^name' '\(third.root)/etc/service.conf'\n", "holds")
        }
        let order = seen.texts.filter { $0.hasPrefix("Roll back") }
        #expect(order == ["Roll back haproxy2", "Roll back haproxy1", "Roll back haproxy3"])
    }

    @Test(
        "In the end nobody need hold the VIP where nothing runs any more, and nobody may by an engine that was to end")
    func end() async throws {
        let first = try #require(hosts["haproxy1"])
        try await session.withFleet { fleet in
            let rollbacker = Rollbacker(session, fleet: fleet, patience: .zero)
            let plan = try await rollbacker.plan(undoing: [])
            let undone = Rollbacker.Undone(plan: plan, engines: [])
            try await rollbacker.settle(undone)
            // By somebody else, as before.
            try first.write("true", "holds")
            try await rollbacker.settle(undone)
            try first.write("", Engine.keepalived.unit)
            let failure = try await #require(throws: Failure.self) { try await rollbacker.settle(undone) }
            #expect(
                failure.summary == "haproxy1 still runs VRRP and holds 192.0.2.100, where it was to end")
            try await rollbacker.settle(Rollbacker.Undone(plan: plan, engines: ["haproxy1"]))
        }
    }

    @Test func unknownRun() async throws {
        let failure = try await #require(throws: Failure.self) { _ = try await rollback(to: "R7") }
        #expect(failure.step == "rollback --to R7" && failure.summary == "no host knows a run of that name")
        #expect(failure.remedy == "`haprov history` lists the runs.")
    }
}
