import Errors
import Inventory
import Prober
import Provisioning
import SSH

/// How VIPs stand before a drill, and from where they are asked.
extension Verification {
    /// How a VIP stands before a drill.
    struct Standing {
        var instance: VRRPInstance
        var holder: Host
        /// Who takes over from it.
        var successor: Host
    }

    /// Waits until one balancer holds each VIP, looks at all of them, and says who holds which and who takes over.
    func check(
        _ surveyor: Surveyor, _ watcher: VIPWatcher, _ waits: DrillWaits
    ) async throws -> [Standing] {
        let first = await surveyor.survey(diagnose: false)
        if !first.failures.isEmpty { throw PreconditionFailures(failures: first.failures) }
        // Right after a change a VIP may still be on its way: worth a wait, unless something is plainly down.
        let isDown = first.surveys.values.contains { !$0.haproxy.isActive || !$0.engine.isActive }
        let expected = cluster.instances.map { ($0, $0.preempt ? cluster.balancers(of: $0)[0].name : nil) }
        let settled = try await Waiting.until(milliseconds: isDown ? 3000 : waits.settle) {
            watcher.isComplete
                && expected.allSatisfy { instance, best in
                    let holders = watcher.timeline(of: instance).holders
                    return holders.count == 1 && (best == nil || holders.first == best)
                }
        }
        if let (host, reason) = watcher.deaths.sorted(by: { $0.key < $1.key }).first {
            throw Failure(
                .unreachable, host: host, step: "watching the VIP",
                summary: "Expected a stream of who holds the VIP, found: \(reason).",
                remedy: "A balancer is given two connections at a time: see MaxSessions and MaxStartups of its sshd.")
        }
        var all = preconditions(first.surveys)
        if !settled || all.contains(where: { $0.holder == nil || !$0.failures().isEmpty }) {
            let second = await surveyor.survey(diagnose: true)
            if !second.failures.isEmpty { throw PreconditionFailures(failures: second.failures) }
            all = preconditions(second.surveys)
        }
        // What is wrong with a host is so for each VIP.
        var failures: [Failure] = []
        for failure in all.flatMap({ $0.failures() }) where !failures.contains(failure) { failures.append(failure) }
        let standings = all.compactMap { one -> Standing? in
            guard let holder = one.holder, let next = one.successor(of: holder) else { return nil }
            return Standing(instance: one.instance, holder: holder, successor: next)
        }
        guard failures.isEmpty, standings.count == all.count else { throw PreconditionFailures(failures: failures) }
        return standings
    }

    private func preconditions(_ surveys: [String: BalancerSurvey]) -> [Preconditions] {
        cluster.instances.map {
            Preconditions(cluster: cluster, instance: $0, scenarios: scenarios, surveys: surveys)
        }
    }

    /// From where each VIP is asked, by its name; one at least is.
    func place(_ waits: DrillWaits) async throws(Failure) -> [String: ProberSite] {
        let seconds = longestSeconds(waits)
        let targets = cluster.instances.compactMap { instance in
            ProbeTarget(of: instance, in: cluster).map { (instance, $0) }
        }
        guard !targets.isEmpty else {
            throw Failure(
                .input, step: "choosing what to ask",
                summary: "Expected a frontend that listens on the VIP, found none.",
                remedy:
                    "Give a frontend of haproxy.frontends `bind: \"*:PORT\"` or the VIP's own address; or say what to ask:"
                    + " `drill: { url: … }`.")
        }
        var sites: [String: ProberSite] = [:]
        var placed = PlacedProbers()
        var missed: [String: Failure] = [:]
        for (instance, target) in targets {
            let configuration = ProbeConfiguration(
                target, on: instance, of: cluster, options: options, besides: targets.count, maximumSeconds: seconds)
            let choice = try await ProberSite.choose(
                configuration, cluster: cluster, binary: options.proberBinary, connect: connect)
            switch choice {
            case .site(let site):
                sites[instance.name] = site
                placed.add(site, target.described(on: instance, by: cluster.drill))
            case .silence(let failure):
                // IPv6 need not lead everywhere; that a VIP of IPv4 cannot be reached is a fault.
                guard instance.representative.family == .ipv6 else { throw failure }
                missed[instance.name] = failure
            }
        }
        if sites.isEmpty, let first = missed.values.first { throw first }
        for one in placed.all { event(one) }
        for instance in cluster.instances where sites[instance.name] == nil {
            let reason = missed[instance.name].map { ": \($0.summary)" } ?? ""
            event(.note("\(title(of: instance)) (\(instance)) is watched, and no client asks it\(reason)"))
        }
        return sites
    }
}

extension Verification {
    /// The hardware address that the kernel at a place takes for a VIP's; nil where it knows none.
    static func neighbour(
        of instance: VRRPInstance, at place: ProberLocation, in cluster: Cluster, by connect: Connector
    ) async -> String? {
        let address = "\(instance.representative)"
        guard case .host(let name) = place else { return NeighbourTable.here?[address: address] }
        guard let host = cluster.hosts.first(where: { $0.name == name }), let connection = try? await connect(host)
        else { return nil }
        let script = RemoteScript("cat \(NeighbourTable.file)", asRoot: false)
        let result = try? await connection.run(script, deadline: Deadline(idle: 20, total: 20)) { _ in }
        await connection.close()
        return result.flatMap { NeighbourTable(String(decoding: $0.standardOutput, as: UTF8.self))[address: address] }
    }
}

/// Where probers run, told once for those that run at one place.
private struct PlacedProbers {
    private var sites: [(site: ProberSite, targets: [String])] = []

    mutating func add(_ site: ProberSite, _ target: String) {
        let place = sites.firstIndex { $0.site.location == site.location && $0.site.interval == site.interval }
        if let place { sites[place].targets.append(target) } else { sites.append((site, [target])) }
    }

    var all: [DrillEvent] {
        sites.map { site, targets in
            .proberPlaced(site.location, target: targets.joined(separator: " and "), interval: site.interval)
        }
    }
}
