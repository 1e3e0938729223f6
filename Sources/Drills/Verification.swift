import Errors
import Inventory
import Planning
import Prober
import Provisioning
import SSH
import Synchronization
import VRRP

/// `haprov verify`: looks at the cluster, and where it is fit for it breaks something on each master and watches.
package struct Verification: Sendable {
    let cluster: Cluster
    let scenarios: [Scenario]
    /// Nil where each drill is run once.
    let soak: Soak?
    let options: DrillOptions
    let connect: Connector
    let event: @Sendable (DrillEvent) -> Void
    /// Looks who answers for the VIP; tests see somebody else.
    var look: @Sendable (_ balancers: [HostLink]) async -> WireView

    /// - Parameters:
    ///   - scenarios: the drills, at least one, in the order in which they are run.
    ///   - soak: for how long they are drawn from by chance; nil where each is run once.
    ///   - connect: opens connections to hosts; a balancer gets two at a time, and so does the prober's host.
    ///   - event: called as things happen, from any thread.
    package init(
        _ cluster: Cluster, scenarios: [Scenario], soak: Soak? = nil, options: DrillOptions,
        connect: @escaping Connector, event: @escaping @Sendable (DrillEvent) -> Void
    ) {
        self.cluster = cluster
        self.scenarios = scenarios
        self.soak = soak
        self.options = options
        self.connect = connect
        self.event = event
        let look = WireLook(cluster, connect: connect, prober: { options.proberBinary })
        self.look = { links in
            await look.look(by: Dictionary(links.map { ($0.host.name, $0) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Runs the drills. Never throws: what went wrong is in the report, with what could still be found out.
    package func run() async -> VerifyReport {
        event(.checking)
        let balancers = cluster.instances.map { cluster.balancers(of: $0).count }.min() ?? 0
        guard balancers > 1 else {
            return failed([
                Failure(
                    .input, step: Preconditions.step,
                    summary: "Expected at least two balancers, found \(balancers).",
                    remedy: "A VIP needs somewhere to go: add a balancer to the inventory.")
            ])
        }
        let links = cluster.balancers.map { HostLink($0, connect: connect) }
        let report = await locked(links)
        for link in links { await link.close() }
        return report
    }

    /// Nobody changes a host while a drill is on, and no drill begins on hosts that are being changed.
    private func locked(_ links: [HostLink]) async -> VerifyReport {
        let hosts = links.map(\.host.name)
        let connections = links.map { ($0.host.name, $0 as any HostConnection) }
        let lock = HostLock(
            fleet: Fleet(connections: Dictionary(uniqueKeysWithValues: connections)), run: options.run,
            opening: options.run.opening(cluster: cluster.name), patience: options.patience,
            events: { [event] told in
                guard case .note(let host, let text) = told else { return }
                event(.note(host.map { "\($0): \(text)" } ?? text))
            })
        do throws(Failures) { try await lock.take(hosts) } catch {
            if Task.isCancelled { return failed([interrupted]) }
            return failed(error.all)
        }
        let report = await lock.keeping(hosts) { await run(links) }
        // Not cancelled with the rest: Ctrl-C must not leave the hosts locked.
        let end = RunEnd(run: options.run.id, result: report.ok ? "ok" : "failed", time: options.clock())
        await Task { await lock.release(hosts, closing: [end]) }.value
        return report
    }

    private func run(_ links: [HostLink]) async -> VerifyReport {
        let waits = DrillWaits.longest(of: scenarios, on: cluster)
        let drillSeconds = longestSeconds(waits) + 140
        let total =
            soak.map { Int($0.duration.components.seconds) + drillSeconds * cluster.instances.count }
            ?? drillSeconds * scenarios.count * cluster.instances.count
        let moment = Mutex<Duration?>(nil)
        let (event, titles) = (event, titles)
        let watcher = VIPWatcher(
            cluster.instances, hosts: cluster.balancers,
            seconds: 120 + total, connect: connect
        ) { seen in
            let (change, broken) = (seen.change, moment.withLock { $0 })
            event(
                .vip(
                    titles[seen.vip] ?? "\(seen.vip)", host: change.host, change: change.held ? .gained : .lost,
                    ms: broken.map { (change.time - $0).milliseconds }))
        }
        let surveyor = Surveyor(cluster: cluster, links: links)
        watcher.begin()
        let report = await run(links: links, watcher: watcher, surveyor: surveyor, waits: waits) {
            moment.withLock { $0 = watcher.now }
        }
        await watcher.stop()
        return report
    }

    /// Seconds that any of the drills takes at the most.
    func longestSeconds(_ waits: DrillWaits) -> Int {
        scenarios.map { $0.longestSeconds(waits, on: cluster) }.max() ?? waits.armedSeconds
    }

    /// How sentences call a VIP.
    private var titles: [IPAddress: String] {
        Dictionary(cluster.instances.map { ($0.representative, title(of: $0)) }) { first, _ in first }
    }

    func title(of instance: VRRPInstance) -> String {
        cluster.instances.count == 1 ? "the VIP" : instance.name
    }

    /// Every drill is run until each VIP was held by a balancer that was struck.
    private func run(
        links: [HostLink], watcher: VIPWatcher, surveyor: Surveyor, waits: DrillWaits,
        broken: @escaping @Sendable () -> Void
    ) async -> VerifyReport {
        let sites: [String: ProberSite]
        var standings: [Standing]
        do {
            standings = try await check(surveyor, watcher, waits)
            try await refuseStrangers(links)
            sites = try await place(waits)
        } catch {
            return failed(faults(error))
        }
        var report = VerifyReport(drills: [], failures: [])
        var order = DrillOrder(scenarios, soak: soak)
        while let scenario = order.next() {
            var waiting = Set(cluster.instances.map(\.name))
            while let next = cluster.instances.first(where: { waiting.contains($0.name) }) {
                // Without preemption VIPs are elsewhere after a drill that moved them.
                if !report.drills.isEmpty {
                    do { standings = try await check(surveyor, watcher, waits) } catch {
                        report.failures += faults(error)
                        return report
                    }
                }
                guard let from = standings.first(where: { $0.instance.name == next.name })?.holder
                else { return report }
                let passages = standings.map { passage($0, struck: from, scenario, sites) }
                waiting.subtract(passages.filter(\.isStruck).map(\.instance.name))
                let drill = FailoverDrill(
                    scenario, from: from, passages: passages,
                    in: surroundings(links, watcher, surveyor, broken: broken))
                let (result, failures) = await drill.run()
                report.drills.append(result)
                report.failures += failures
                // A cluster that failed one drill does not get another.
                if !result.ok { return report }
            }
        }
        return report
    }

    private func surroundings(
        _ links: [HostLink], _ watcher: VIPWatcher, _ surveyor: Surveyor,
        broken: @escaping @Sendable () -> Void
    ) -> FailoverDrill.Surroundings {
        let (event, look) = (event, look)
        return FailoverDrill.Surroundings(
            cluster: cluster, options: options, watcher: watcher, links: links,
            diagnose: { await surveyor.survey(diagnose: true).surveys },
            strangers: { await look(links).strangers },
            neighbour: { [connect, cluster] in await Self.neighbour(of: $1, at: $0, in: cluster, by: connect) },
            logs: DrillLogs(cluster: cluster, links: links, watcher: watcher),
            event: { happened in
                if case .broken = happened { broken() }
                event(happened)
            })
    }

    private func passage(
        _ standing: Standing, struck: Host, _ scenario: Scenario, _ sites: [String: ProberSite]
    ) -> Passage {
        let concernsAll = scenario.expectation.concernsEveryVIP || scenario.reach(cluster) == .oneAfterTheOther
        return Passage(
            instance: standing.instance, holder: standing.holder, successor: standing.successor,
            site: sites[standing.instance.name]?.slowed(to: scenario.leastInterval),
            isStruck: concernsAll || standing.holder.name == struck.name,
            title: title(of: standing.instance), report: DrillReport(scenario, on: cluster))
    }

    /// Why a drill cannot begin.
    private func faults(_ error: any Error) -> [Failure] {
        if Task.isCancelled { return [interrupted] }
        return (error as? PreconditionFailures)?.failures ?? [error as? Failure].compactMap { $0 }
    }

    struct PreconditionFailures: Error { var failures: [Failure] }

    /// Where clients may be served by another machine, a drill says nothing, and nothing is broken.
    private func refuseStrangers(_ links: [HostLink]) async throws {
        let view = await look(links)
        let failures = view.strangers + view.takingPart(.verification).filter { _ in view.isHeldByFormer }
        guard failures.isEmpty else { throw PreconditionFailures(failures: failures) }
        for note in view.notes { event(.note(note)) }
    }

    private var interrupted: Failure {
        Failure(
            .cancelled, step: Preconditions.step, summary: "Interrupted.",
            remedy: "Run haprov verify again; nothing was changed.")
    }

    /// A report of a verification whose drills could not begin: the last one, which is the hardest, stands for all.
    private func failed(_ failures: [Failure]) -> VerifyReport {
        let drills = scenarios.suffix(1).map { scenario in
            var drill = DrillReport(scenario, on: cluster)
            drill.restored = true
            drill.problems = failures.map { ($0.host.map { "\($0): " } ?? "") + $0.sentences }
            return drill
        }
        return VerifyReport(drills: drills, failures: failures)
    }
}
