import Errors
import Foundation
import Inventory
import Testing

@testable import Planning
@testable import Provisioning

/// Two operators on the same hosts.
extension FleetTests {
    private static let other = "hp_lock OTHER 'ann@there, haprov apply' elsewhere ''"

    private func lock(_ fleet: Fleet, _ run: String, patience: ContinuousClock.Instant? = nil) -> HostLock {
        let seen = seen
        return HostLock(
            fleet: fleet, run: ScratchHost.identity(run), patience: patience, events: { seen.add($0) })
    }

    /// Why a lock was not taken; nil where it was.
    private func refusal(of lock: HostLock) async -> [Failure]? {
        do throws(Failures) {
            try await lock.take(Array(hosts.keys))
            return nil
        } catch {
            return error.all
        }
    }

    private func holders() -> [String?] { hosts.keys.sorted().map { hosts[$0]?.holder } }

    @Test("Whoever is patient says for whom he waits, and gets all locks once they are given back")
    func patience() async throws {
        let second = try #require(hosts["haproxy2"])
        _ = try await second.shell(Self.other)
        let seen = seen
        try await session.withFleet { fleet in
            async let taken: Void = lock(fleet, "R1", patience: .now + .seconds(600)).take(Array(hosts.keys))
            for _ in 0..<600 where !seen.texts.contains(where: { $0.contains("waits for the lock") }) {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(second.holder == "OTHER")
            _ = try await second.shell("hp_unlock OTHER")
            try await taken
        }
        #expect(holders() == ["R1", "R1", "R1"])
        let told = seen.texts.filter { $0.contains("note") }
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("haproxy2 note: waits for the lock: ann@there, haprov apply is") == true)
    }

    @Test("Of two that come at the same moment, one gets all locks, every time, and the other leaves none")
    func two() async throws {
        try await session.withFleet { fleet in
            for round in 1...10 {
                async let first = refusal(of: lock(fleet, "A\(round)"))
                async let second = refusal(of: lock(fleet, "B\(round)"))
                let refused = await [first, second]
                #expect(refused.filter { $0 == nil }.count == 1, "\(round)")
                #expect(refused.compactMap(\.self).first?.map(\.kind) == [.locked])
                let winner = refused[0] == nil ? "A\(round)" : "B\(round)"
                #expect(holders() == [winner, winner, winner])
                await lock(fleet, winner).release(Array(hosts.keys))
                #expect(holders() == [nil, nil, nil])
            }
        }
    }

    @Test("A lock whose holder nobody can know of is given back when an operator says so, and only that one")
    func unlock() async throws {
        for name in ["haproxy1", "haproxy3"] { _ = try await hosts[name]?.shell(Self.other) }
        var run = ScratchHost.identity("U1")
        run.command = "unlock"
        try await session.withFleet { [run] fleet in
            let unlocker = Unlocker(session, fleet: fleet)
            let found = try await unlocker.locks()
            #expect(found.map(\.host) == ["haproxy1", "haproxy3"] && found.map(\.lock.run) == ["OTHER", "OTHER"])
            // Meanwhile one of them came to its end, and the next one is at work.
            _ = try await hosts["haproxy3"]?.shell("hp_unlock OTHER\nhp_lock NEXT bob elsewhere ''")
            let refused = try await failures { try await unlocker.unlock(found, run: run, clock: { "now" }) }
            #expect(refused.map(\.host) == ["haproxy3"] && holders() == [nil, nil, "NEXT"])
            _ = try await hosts["haproxy1"]?.shell(Self.other)
            try await unlocker.unlock(try await unlocker.locks(), run: run, clock: { "now" })
            #expect(holders() == [nil, nil, nil])
        }
        let facts = try await session.withFleet { try await Rollbacker(session, fleet: $0).journals() }
        let recorded = try #require(Rollbacker.history(facts, cluster: session.cluster).first)
        #expect(recorded.command == "unlock" && recorded.result == "ok" && !recorded.isStanding)
    }

    @Test("A haprov that lives is not robbed of its lock")
    func living() async throws {
        _ = try await hosts["haproxy2"]?.shell("hp_lock OTHER ann '\(LockHolder.current)' ''")
        let refused = try await failures {
            _ = try await session.withFleet { try await Unlocker(session, fleet: $0).locks() }
        }
        #expect(refused.map(\.host) == ["haproxy2"] && refused.first?.kind == .locked)
        #expect(refused.first?.remedy.contains("`kill \(getpid())`") == true)
        #expect(holders() == [nil, "OTHER", nil])
    }

    @Test("A rollback shows what was changed by hand since the newest run that wrote it, and keeps it")
    func byHand() async throws {
        _ = try await apply("R1")
        let host = try #require(hosts["haproxy2"])
        try host.write("name haproxy2\npassword hunter22\n", "etc/service.conf")
        try await session.withFleet { fleet in
            let plan = try await Rollbacker(session, fleet: fleet).plan(undoing: ["R1"])
            let edits = plan.hosts.flatMap(\.steps).compactMap { step -> Undo? in
                guard case .undo(let undo) = step, undo.edit != nil else { return nil }
                return undo
            }
            let path = host.root + "/etc/service.conf"
            #expect(
                edits.map(\.edit) == [
                    "--- \(path)\n+++ \(path)\n@@ -1,2 +1 @@\n-name haproxy2\n-password ********\n+old of haproxy2\n"
                ])
            #expect(edits.first?.kept == "/var/lib/haprov/runs/R1/\(edits.first?.number ?? "")/found")
        }
        #expect(try await rollback() == ["R1"])
        let number = try #require(
            try FileManager.default.contentsOfDirectory(atPath: host.home + "/runs/R1").first {
                host.exists("\(host.home)/runs/R1/\($0)/found")
            })
        #expect(host.text("\(host.home)/runs/R1/\(number)/found") == "name haproxy2\npassword hunter22\n")
    }
}

extension ScratchHost {
    /// The run that has the lock.
    fileprivate var holder: String? { text(home + "/lock/run").map { String($0.dropLast()) } }
}
