import Errors
import Inventory
import Planning
import Prober
import Provisioning
import SSH
import Synchronization

/// `haprov verify`: looks at the cluster, and where it is fit for it breaks something on the master and watches.
package struct Verification: Sendable {
    private let cluster: Cluster
    private let instance: VRRPInstance
    private let scenarios: [Scenario]
    private let options: DrillOptions
    private let connect: Connector
    private let event: @Sendable (DrillEvent) -> Void
    /// Looks who answers for the VIP; tests see somebody else.
    var look: @Sendable (_ balancers: [HostLink]) async -> WireView

    /// - Parameters:
    ///   - instance: what is to move.
    ///   - scenarios: the drills, at least one, in the order in which they are run.
    ///   - connect: opens connections to hosts; a balancer gets two at a time, and so does the prober's host.
    ///   - event: called as things happen, from any thread.
    package init(
        _ cluster: Cluster, instance: VRRPInstance, scenarios: [Scenario], options: DrillOptions,
        connect: @escaping Connector, event: @escaping @Sendable (DrillEvent) -> Void
    ) {
        self.cluster = cluster
        self.instance = instance
        self.scenarios = scenarios
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
        let balancers = cluster.balancers(of: instance).count
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
        let waits = DrillWaits.longest(of: scenarios, for: instance, on: cluster)
        let drillSeconds =
            waits.armedSeconds + (waits.steady + waits.comeback + waits.stay + 2 * waits.serve) / 1000 + 200
        let moment = Mutex<Duration?>(nil)
        let event = event
        let watcher = VIPWatcher(
            vip: instance.representative, hosts: cluster.balancers(of: instance),
            seconds: 120 + drillSeconds * scenarios.count, connect: connect
        ) { change in
            let broken = moment.withLock { $0 }
            event(
                .vip(
                    host: change.host, change: change.held ? .gained : .lost,
                    ms: broken.map { (change.time - $0).milliseconds }))
        }
        let surveyor = Surveyor(cluster: cluster, instance: instance, links: links)
        watcher.begin()
        let report = await run(links: links, watcher: watcher, surveyor: surveyor, waits: waits) {
            moment.withLock { $0 = watcher.now }
        }
        await watcher.stop()
        return report
    }

    private func run(
        links: [HostLink], watcher: VIPWatcher, surveyor: Surveyor, waits: DrillWaits,
        broken: @escaping @Sendable () -> Void
    ) async -> VerifyReport {
        let site: ProberSite
        var from: Host
        var successor: Host
        do {
            (from, successor) = try await check(surveyor, watcher, waits)
            try await refuseStrangers(links)
            site = try await place(waits)
        } catch {
            return failed(faults(error))
        }
        var report = VerifyReport(drills: [], failures: [])
        for (index, scenario) in scenarios.enumerated() {
            // Without preemption the VIP is elsewhere after a drill that moved it.
            if index > 0 {
                do { (from, successor) = try await check(surveyor, watcher, waits) } catch {
                    report.failures += faults(error)
                    break
                }
            }
            guard let link = links.first(where: { $0.host.name == from.name }) else { break }
            let (event, look) = (event, look)
            let surroundings = FailoverDrill.Surroundings(
                cluster: cluster, instance: instance, options: options, watcher: watcher, site: site, link: link,
                diagnose: { await surveyor.survey(diagnose: true).surveys },
                strangers: { await look(links).strangers },
                event: { happened in
                    if case .broken = happened { broken() }
                    event(happened)
                })
            let drill = FailoverDrill(scenario, from: from, successor: successor, in: surroundings)
            let (result, failures) = await drill.run()
            report.drills.append(result)
            report.failures += failures
            // A cluster that failed one drill does not get another.
            if !result.ok { break }
        }
        return report
    }

    /// Why a drill cannot begin.
    private func faults(_ error: any Error) -> [Failure] {
        if Task.isCancelled { return [interrupted] }
        return (error as? PreconditionFailures)?.failures ?? [error as? Failure].compactMap { $0 }
    }

    private struct PreconditionFailures: Error { var failures: [Failure] }

    /// Waits until one balancer holds the VIP, looks at all of them, and says who will lose it and who takes over.
    private func check(
        _ surveyor: Surveyor, _ watcher: VIPWatcher, _ waits: DrillWaits
    ) async throws -> (Host, Host) {
        let first = await surveyor.survey(diagnose: false)
        if !first.failures.isEmpty { throw PreconditionFailures(failures: first.failures) }
        let before = Preconditions(cluster: cluster, instance: instance, scenarios: scenarios, surveys: first.surveys)
        // Right after a change the VIP may still be on its way: worth a wait, unless something is plainly down.
        let isDown = first.surveys.values.contains { !$0.haproxy.isActive || !$0.engine.isActive }
        let best = cluster.balancers(of: instance)[0].name
        let preempts = instance.preempt
        let limit = isDown ? 3000 : waits.settle
        let settled = try await Waiting.until(milliseconds: limit) {
            let holders = watcher.timeline.holders
            return watcher.isComplete && holders.count == 1 && (!preempts || holders == [best])
        }
        if let (host, reason) = watcher.deaths.sorted(by: { $0.key < $1.key }).first {
            throw Failure(
                .unreachable, host: host, step: "watching the VIP",
                summary: "Expected a stream of who holds the VIP, found: \(reason).",
                remedy: "A balancer is given two connections at a time: see MaxSessions and MaxStartups of its sshd.")
        }
        var preconditions = before
        if !settled || before.holder == nil || !before.failures().isEmpty {
            let second = await surveyor.survey(diagnose: true)
            if !second.failures.isEmpty { throw PreconditionFailures(failures: second.failures) }
            preconditions.surveys = second.surveys
        }
        let failures = preconditions.failures()
        guard failures.isEmpty, let holder = preconditions.holder, let next = preconditions.successor(of: holder) else {
            throw PreconditionFailures(failures: failures)
        }
        return (holder, next)
    }

    /// Where clients may be served by another machine, a drill says nothing, and nothing is broken.
    private func refuseStrangers(_ links: [HostLink]) async throws {
        let view = await look(links)
        let failures = view.strangers + view.takingPart(.verification).filter { _ in view.isHeldByFormer }
        guard failures.isEmpty else { throw PreconditionFailures(failures: failures) }
        for note in view.notes { event(.note(note)) }
    }

    private func place(_ waits: DrillWaits) async throws(Failure) -> ProberSite {
        let seconds = waits.armedSeconds + (waits.steady + waits.comeback + 2 * waits.serve) / 1000 + 60
        guard
            let configuration = ProbeConfiguration(
                cluster, instance: instance, path: options.path, interval: options.interval, timeout: options.timeout,
                maximumSeconds: seconds)
        else {
            throw Failure(
                .input, step: "choosing what to ask",
                summary: "Expected a frontend that listens on the VIP, found none.",
                remedy: "Give a frontend of haproxy.frontends `bind: \"*:PORT\"` or the VIP's own address.")
        }
        let site = try await ProberSite.choose(
            configuration, cluster: cluster, binary: options.proberBinary, connect: connect)
        event(.proberPlaced(site.location, target: "\(configuration.address):\(configuration.port)"))
        return site
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
