import Errors
import Inventory
import Planning
import SSH

/// How the balancers stand, as far as they can be reached.
package struct ClusterStatus: Sendable {
    /// One balancer.
    package struct HostStatus: Sendable {
        package var name: String
        /// Why nothing is known of it.
        package var failure: Failure?
        package var services: [(name: String, state: String)] = []
        /// Who is at work there.
        package var lock: LockFact?
        /// Whether the process that took the lock is known to be dead.
        package var isAbandoned: Bool { lock?.isAbandoned ?? false }
        /// What the next `apply` would change.
        package var drift: [String] = []
    }

    /// Who holds the VIP.
    package var holders: [String] = []
    package var hosts: [HostStatus] = []

    /// Asks every balancer; those that fail are part of the answer.
    ///
    /// - Parameter resources: what they should have, by host.
    package static func gather(_ session: Session, resources: [String: HostResources]) async -> ClusterStatus {
        let fleet = await Fleet.connect(to: session.targets, by: session.connector)
        var status = ClusterStatus()
        let answers = await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await Session.facts(
                session.probeScript(host, resources: resources, preflight: false), on: host, fleet: fleet)
        }
        await fleet.close()
        let planner = session.planner(resources: resources, facts: answers.compactMapValues { try? $0.get() })
        for host in session.targets {
            var entry = HostStatus(name: host.name)
            switch answers[host.name] {
            case .success(let facts):
                if facts.holds(session.cluster.vip.address.address) { status.holders.append(host.name) }
                for name in ["haproxy", session.cluster.engine.program] {
                    let unit = facts.units["\(name).service"] ?? UnitFact()
                    entry.services.append((name, unit.exists ? unit.activeState : "not installed"))
                }
                entry.lock = facts.lock
                entry.drift = planner.outlook(host, withBuilds: false).drift
            case .failure(let failure): entry.failure = failure
            case nil: entry.failure = fleet.failures.first { $0.host == host.name }
            }
            status.hosts.append(entry)
        }
        return status
    }
}
