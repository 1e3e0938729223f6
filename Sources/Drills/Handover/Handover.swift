import Errors
import Inventory
import Prober
import Provisioning

/// An instance goes from one balancer to another on purpose, while a client asks and every balancer is watched.
package struct Handover: Sendable {
    private let cluster: Cluster
    private let instance: VRRPInstance
    private let options: DrillOptions
    private let connect: Connector
    private let event: @Sendable (DrillEvent) -> Void

    /// - Parameters:
    ///   - options: how the client asks.
    ///   - connect: opens connections to hosts; each balancer gets one more.
    ///   - event: called as things happen, from any thread.
    package init(
        _ cluster: Cluster, instance: VRRPInstance, options: DrillOptions, connect: @escaping Connector,
        event: @escaping @Sendable (DrillEvent) -> Void
    ) {
        self.cluster = cluster
        self.instance = instance
        self.options = options
        self.connect = connect
        self.event = event
    }

    /// Does the deed, and waits until the other balancer alone holds the instance and clients are served.
    ///
    /// - Parameters:
    ///   - from: who holds it now.
    ///   - to: who is to hold it.
    /// - Throws: what the deed throws, and where the instance does not get there.
    package func measure(
        from: String, to: String, deed: @Sendable () async throws -> Void
    ) async throws -> HandoverReport {
        let waits = waits
        let seconds = (waits.steady + 2 * waits.move + waits.serve + waits.stay) / 1000 + 120
        let watcher = VIPWatcher(
            [instance], hosts: cluster.balancers(of: instance), seconds: seconds, connect: connect
        ) { [event] seen in
            event(.vip("\(seen.vip)", host: seen.change.host, change: seen.change.held ? .gained : .lost, ms: nil))
        }
        watcher.begin()
        do {
            let report = try await measure(watcher, seconds: seconds, from: from, to: to, deed: deed)
            await watcher.stop()
            return report
        } catch {
            await watcher.stop()
            throw error
        }
    }

    private var waits: DrillWaits {
        let members = cluster.balancers(of: instance)
        return DrillWaits(
            TakeoverEstimate(instance, in: cluster, from: members[0], to: members[members.count - 1]),
            limits: cluster.limits)
    }

    private func measure(
        _ watcher: VIPWatcher, seconds: Int, from: String, to: String, deed: @Sendable () async throws -> Void
    ) async throws -> HandoverReport {
        let isWatched = try await Waiting.until(milliseconds: waits.settle) {
            watcher.isComplete && watcher.timeline(of: instance).holders == [from]
        }
        guard isWatched else {
            throw failure(
                "Expected \(instance) on \(from), found it on \(list(watcher.timeline(of: instance).holders)).",
                "`haprov status` shows how the balancers stand.")
        }
        var report = HandoverReport(vip: "\(instance)", from: from, to: to)
        let client = try await client(seconds)
        report.prober = client?.site.location.name
        report.resolutionMilliseconds = client?.site.resolutionMilliseconds
        do {
            if let client, !(try await isServed(client, milliseconds: waits.steady)) {
                event(.note("clients are not served steadily even now"))
            }
            try await client?.probe.mark("move")
            let start = watcher.now
            try await deed()
            let arrived = try await Waiting.until(milliseconds: 2 * waits.move) {
                watcher.timeline(of: instance).holders == [to]
            }
            guard arrived else {
                throw failure(
                    "Expected \(instance) to go to \(to) within \(2 * waits.move) ms, found it on "
                        + "\(list(watcher.timeline(of: instance).holders)).",
                    "See journalctl -u \(cluster.engine.program) on \(from) and \(to).")
            }
            if let client { _ = try await isServed(client, milliseconds: waits.serve) }
            // Whether it stays, too.
            _ = try await Waiting.until(milliseconds: waits.stay) { watcher.timeline(of: instance).holders != [to] }
            let timeline = watcher.timeline(of: instance)
            guard timeline.holders == [to] else {
                throw failure(
                    "Expected \(instance) to stay on \(to), found it on \(list(timeline.holders)).",
                    "See journalctl -u \(cluster.engine.program) on \(to).")
            }
            let gain = timeline.firstGain(by: { $0 == to }, from: start)
            report.movedMilliseconds = gain.map { ($0.time - start).milliseconds }
            let unheld = timeline.unserved(initial: [from], from: start, to: watcher.now)
            report.unheldMilliseconds = unheld.map { ($0.end - $0.start).milliseconds }.max() ?? 0
        } catch {
            _ = try? await client?.probe.stop()
            throw error
        }
        if let summary = try await client?.probe.stop(), let phase = summary["move"] {
            report.clientGapMilliseconds = phase.longestGap.map { ($0 + 500) / 1000 }
            report.requests = phase.requests
            report.failed = phase.failed
        }
        return report
    }

    private func isServed(_ client: Client, milliseconds: Int) async throws -> Bool {
        var state = SteadyState(interval: client.site.interval)
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end, client.probe.fault == nil {
            if state.take(client.probe.progress) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// A running prober.
    private struct Client {
        var site: ProberSite
        var probe: any ClientProbe
    }

    /// Nil where no client can be placed, which is no reason to leave the instance where it is.
    private func client(_ seconds: Int) async throws -> Client? {
        guard let target = ProbeTarget(of: instance, in: cluster) else { return nil }
        let configuration = ProbeConfiguration(
            target, on: instance, of: cluster, options: options, maximumSeconds: seconds)
        do throws(Failure) {
            let choice = try await ProberSite.choose(
                configuration, cluster: cluster, binary: options.proberBinary, connect: connect)
            switch choice {
            case .silence(let failure): throw failure
            case .site(let site):
                event(
                    .proberPlaced(
                        site.location, target: target.described(on: instance, by: cluster.drill),
                        interval: site.interval))
                return Client(site: site, probe: try await site.start())
            }
        } catch {
            if error.kind == .cancelled { throw error }
            event(.note("what clients notice is not measured: \(error.summary)"))
            return nil
        }
    }

    private func list(_ hosts: Set<String>) -> String {
        hosts.isEmpty ? "nobody" : hosts.sorted().joined(separator: ", ")
    }

    private func failure(_ summary: String, _ remedy: String) -> Failure {
        Failure(.verification, step: "move", summary: summary, remedy: remedy)
    }
}
