import Errors
import Foundation
import SSH
import Testing

@testable import Planning
@testable import Provisioning

/// Runs that end before their end.
extension FleetTests {
    /// A session that is asked to end once it has said something.
    private func stopping(once isSaid: @escaping @Sendable (String) -> Bool) -> Session {
        var session = session
        let seen = seen
        session.isInterrupted = { seen.texts.contains(where: isSaid) }
        return session
    }

    @Test("Asked to end, a run finishes what is in hand, begins no other phase, and says how to go on")
    func interrupted() async throws {
        let before = try snapshots()
        let stopping = stopping { $0.hasPrefix("haproxy1: ") }
        let failure = try await #require(throws: Failure.self) {
            try await stopping.withFleet { fleet in
                _ = try await Applier(
                    session: stopping, fleet: fleet, survey: try await survey(fleet), run: ScratchHost.identity("R1"),
                    clock: { "2026-01-31T10:00:00Z" }
                ).apply()
            }
        }
        #expect(failure.kind == .cancelled && failure.remedy.hasPrefix("`haprov apply` again goes on from here; "))
        #expect(!seen.texts.contains { $0.hasPrefix("Roll out") })
        for host in hosts.values {
            #expect(host.exists(host.root + "/srv/a b") && !host.exists(host.root + "/usr/haproxy"))
            #expect(!host.exists(host.home + "/lock"))
            #expect(host.text(host.home + "/runs/R1/meta")?.contains("result=failed\n") == true)
        }
        #expect(try await apply("R2").unfinished?.id == "R1")
        #expect(try await rollback() == ["R2", "R1"])
        #expect(try snapshots() == before)
    }

    @Test("A run that was cut off, and of which nothing is left to do, has come to its end with the next")
    func completed() async throws {
        _ = try await apply("R1")
        for host in hosts.values {
            let meta = host.text(host.home + "/runs/R1/meta") ?? ""
            let cut = meta.replacingOccurrences(of: "result=ok\n", with: "")
            try Data(cut.utf8).write(to: URL(fileURLWithPath: host.home + "/runs/R1/meta"))
        }
        let second = try await apply("R2")
        #expect(second.unfinished?.isInterrupted == true && second.plan.isEmpty)
        let journals = try await session.withFleet { try await Rollbacker(session, fleet: $0).journals() }
        let history = Rollbacker.history(journals, cluster: session.cluster)
        #expect(history.map(\.id) == ["R1"] && history.first?.result == "ok")
    }

    @Test("A plan that goes on with no run is refused where one was begun and cut off meanwhile")
    func cutOffMeanwhile() async throws {
        let host = try #require(hosts["haproxy2"])
        let failed = try await failures {
            _ = try await apply("R2") { _ in
                _ = try await host.shell(
                    """
                    mkdir -p $hp_home/runs/R1/0001
                    printf '%s\\n' format=3 cluster=web command=apply operator=ann@there >$hp_home/runs/R1/meta
                    echo file_mode >$hp_home/runs/R1/0001/function
                    echo 'file /etc/a' >$hp_home/runs/R1/0001/resource
                    echo 'started 7' >$hp_home/runs/R1/0001/state
                    """)
            }
        }
        #expect(failed.first?.summary == "run R1 was begun and has ended since the plan was made", "\(failed)")
        #expect(!host.exists(host.home + "/runs/R2"))
    }
}
