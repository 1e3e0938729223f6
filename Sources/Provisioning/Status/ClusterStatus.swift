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
        /// For people; empty where nothing is known of it.
        package var platform = ""
        package var services: [(name: String, state: String)] = []
        /// Of the distribution's own packages, by program; of those that are installed.
        package var versions: [(name: String, version: String)] = []
        /// Who is at work there.
        package var lock: LockFact?
        /// Whether the process that took the lock is known to be dead.
        package var isAbandoned: Bool { lock?.isAbandoned ?? false }
        /// What the next `apply` would change.
        package var drift: [String] = []
        /// Where it takes no part for a while.
        package var maintenance: MaintenanceFact?
        /// The instances that were moved there.
        package var moves: [(instance: VRRPInstance, fact: MoveFact)] = []
        /// The run that left it out, where it is not up to date or that is not known.
        package var leftOut: RunFact?
        /// The virtual routers of the daemon that runs there.
        package var routers: [RouterFact] = []
        /// Of the programs that run, by their units' names.
        package var running: [String: String] = [:]
        /// What HAProxy shows its clients.
        package var certificates: [CertificateFact] = []
        /// HAProxy's, as it says itself; nil where it was not asked, or did not answer.
        package var servers: [BalancedServer]?
        /// Those that are kept out of service by hand.
        package var takenOut: [BalancedServer] = []
    }

    /// Who holds the addresses of an instance.
    package struct Holding: Sendable {
        package var instance: VRRPInstance
        /// Names of balancers.
        package var hosts: [String] = []
    }

    /// For every instance, in the order of the inventory.
    package var holdings: [Holding] = []
    package var hosts: [HostStatus] = []
    /// The last run that is no verification.
    package var lastRun: RecordedRun?
    /// The last verification.
    package var lastDrill: RecordedRun?

    /// Versions of a program on balancers that could have the same.
    package struct Versions: Sendable, Equatable {
        package var program: String
        /// For people: `Debian 12`.
        package var platform: String
        package var versions: [Version]

        /// One of them, and who has it.
        package struct Version: Sendable, Equatable {
            package var text: String
            package var hosts: [String]
        }
    }

    /// Programs of which not every balancer of a platform has the same version: platforms never have the same.
    package var differingVersions: [Versions] {
        var found: [Versions] = []
        for host in hosts {
            for (name, text) in host.versions {
                let place = found.firstIndex { $0.program == name && $0.platform == host.platform }
                guard let place else {
                    found.append(
                        Versions(
                            program: name, platform: host.platform, versions: [.init(text: text, hosts: [host.name])])
                    )
                    continue
                }
                if let same = found[place].versions.firstIndex(where: { $0.text == text }) {
                    found[place].versions[same].hosts.append(host.name)
                } else {
                    found[place].versions.append(.init(text: text, hosts: [host.name]))
                }
            }
        }
        return found.filter { $0.versions.count > 1 }
    }

    /// Asks every balancer; those that fail are part of the answer.
    ///
    /// - Parameter guesses: what they should have as each platform, by host.
    package static func gather(
        _ session: Session, guesses: [[String: HostResources]]
    ) async throws(PlaybookError) -> ClusterStatus {
        let fleet = await Fleet.connect(to: session.targets, by: session.connector)
        var answers = await fleet.onEach(Array(fleet.connections.keys)) { host throws(Failure) in
            try await session.look(
                at: host, fleet, guesses: guesses, preflight: false, besides: session.standingQueries)
        }
        await fleet.close()
        for failure in fleet.failures { answers[failure.host ?? ""] = .failure(failure) }
        return try ClusterStatus(session, answers: answers)
    }

    /// From what balancers answered, or by what asking them failed.
    init(_ session: Session, answers: [String: Result<Facts, Failure>]) throws(PlaybookError) {
        holdings = session.cluster.instances.map { Holding(instance: $0) }
        let facts = answers.compactMapValues { try? $0.get() }
        let planner = session.planner(resources: try session.resources(facts: facts), facts: facts)
        let history = Rollbacker.history(facts, cluster: session.cluster)
        lastRun = history.first { $0.command != RecordedRun.verification }
        lastDrill = history.first { $0.command == RecordedRun.verification }
        for host in session.targets {
            var entry = HostStatus(name: host.name)
            switch answers[host.name] {
            case .success(let facts):
                for index in holdings.indices where facts.holds(holdings[index].instance) {
                    holdings[index].hosts.append(host.name)
                }
                entry.take(facts, session)
                // It is left out for as long as that lasts.
                entry.drift = facts.maintenance == nil ? planner.outlook(host, withBuilds: false).drift : []
            case .failure(let failure): entry.failure = failure
            case nil: break
            }
            if entry.failure != nil || !entry.drift.isEmpty || entry.maintenance != nil {
                entry.leftOut = RecordedRun.leaving(out: host.name, in: history)?.fact
            }
            hosts.append(entry)
        }
    }

    /// Of nobody yet.
    package init() {}

    /// What HAProxy on each balancer says of its servers.
    mutating func add(_ servers: [String: [BalancedServer]]) {
        for index in hosts.indices where hosts[index].failure == nil {
            hosts[index].servers = servers[hosts[index].name]
        }
    }
}

extension ClusterStatus.HostStatus {
    fileprivate mutating func take(_ facts: Facts, _ session: Session) {
        for name in [HAProxy.program, session.cluster.engine.program] {
            let unit = facts.units["\(name).service"] ?? UnitFact()
            services.append((name, unit.exists ? unit.activeState : "not installed"))
            running[name] = facts.runningVersions["\(name).service"]
        }
        let platform = session.platforms.working(facts.system)
        self.platform = platform.name
        for choice in session.cluster.packagedPrograms {
            let name = platform.packaged(choice).name
            guard let package = facts.packages[name], !package.isEmpty else { continue }
            versions.append((choice.name, String(package.dropFirst(name.count + 1))))
        }
        lock = facts.lock
        moves = facts.moves.flatMap { fact in
            session.cluster.instances.filter { $0.virtualRouterID == fact.virtualRouterID }.map { ($0, fact) }
        }
        maintenance = facts.maintenance
        routers = facts.routers
        certificates = facts.certificates
        takenOut = facts.takenOut.map { BalancedServer($0) }
    }
}
