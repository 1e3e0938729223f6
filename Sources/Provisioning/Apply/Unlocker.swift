import Errors
import Planning

/// Gives back locks of runs that no longer go on, of which haprov cannot know that by itself.
package struct Unlocker: Sendable {
    /// A lock that was found.
    package struct Found: Sendable {
        package var host: String
        package var lock: LockFact
    }

    private let session: Session
    private let fleet: Fleet

    package init(_ session: Session, fleet: Fleet) {
        self.session = session
        self.fleet = fleet
    }

    /// The locks on the hosts, by host.
    ///
    /// - Throws: where a haprov that holds one is known to live.
    package func locks() async throws -> [Found] {
        let facts = try await Rollbacker(session, fleet: fleet).journals()
        let found = facts.sorted { $0.key < $1.key }.compactMap { host, facts in
            facts.lock.map { Found(host: host, lock: $0) }
        }
        let living = found.compactMap { found in
            LockHolder.living(found.lock.holder).map { process in
                Failure(
                    .locked, host: found.host, step: "unlock", summary: found.lock.text,
                    remedy: "Its haprov lives, as process \(process) of this machine: let it come to its end, or end "
                        + "it by `kill \(process)`, which lets it finish what it has in hand.")
            }
        }
        guard living.isEmpty else { throw Failures(living) }
        return found
    }

    /// Gives them back, once what their scripts began on the hosts has ended.
    ///
    /// - Throws: where another run has a lock by now: then all that are left stay.
    package func unlock(_ found: [Found], run: RunIdentity, clock: @Sendable () -> String) async throws(Failures) {
        var lock = HostLock(
            fleet: fleet, run: run, opening: run.opening(cluster: session.cluster.name), patience: session.patience,
            events: session.events)
        lock.over = Dictionary(found.map { ($0.host, $0.lock.run) }, uniquingKeysWith: { $1 })
        let hosts = found.map(\.host)
        try await lock.take(hosts)
        await lock.release(hosts, closing: [RunEnd(run: run.id, result: "ok", time: clock())])
    }
}
