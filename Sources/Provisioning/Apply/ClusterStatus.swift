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
    package static func gather(_ session: Session) async -> ClusterStatus {
        let fleet = await Fleet.connect(to: session.targets, by: session.connector)
        var status = ClusterStatus()
        let resources = (try? session.resources()) ?? [:]
        let answers = await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await Session.facts(
                session.probeScript(host, resources: resources, preflight: false), on: host, fleet: fleet)
        }
        await fleet.close()
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
                entry.drift = drift(host, facts, resources: resources[host.name] ?? HostResources(), session)
            case .failure(let failure): entry.failure = failure
            case nil: entry.failure = fleet.failures.first { $0.host == host.name }
            }
            status.hosts.append(entry)
        }
        return status
    }

    /// The summaries of what a plan would hold, made without asking yum.
    private static func drift(_ host: Host, _ facts: Facts, resources: HostResources, _ session: Session) -> [String] {
        var found: [String] = []
        var steps: [Step] = []
        let products = session.recipes.products(cache: session.cache)
        let context = PlanContext(
            cluster: session.cluster, host: host,
            builds: Dictionary(uniqueKeysWithValues: products.map { ($0.name, $0.identity(for: facts.system)) }),
            secrets: session.password.map { [$0] } ?? [], programs: session.programs, transaction: nil)
        for resource in resources.all {
            if let package = resource as? PackageResource {
                found += package.missing(in: facts).map { "package \($0) is missing" }
                continue
            }
            do throws(Failure) {
                let new = try resource.steps(facts: facts, earlier: steps, context: context)
                steps += new
                found += new.filter { !$0.isCheck }.map(\.summary)
            } catch {
                found.append("\(error.step): \(error.summary)")
            }
        }
        return found
    }
}
