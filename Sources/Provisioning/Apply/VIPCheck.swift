import Errors
import HostShell
import Inventory
import SSH

/// Who holds the addresses of an instance, asked of the hosts themselves.
package struct VIPCheck: Sendable {
    var cluster: Cluster
    var instance: VRRPInstance
    var fleet: Fleet
    /// How long the VIP may be on its way.
    var patience: Duration

    package init(cluster: Cluster, instance: VRRPInstance, fleet: Fleet) {
        self.cluster = cluster
        self.instance = instance
        self.fleet = fleet
        // Two takeovers with generous room: a rollout may move the VIP there and back.
        patience = instance.advertisementInterval * 20 + .seconds(20)
    }

    /// One for each instance of a cluster.
    ///
    /// - Parameter patience: how long VIPs may be on their way; what is usual where nil.
    package static func all(of cluster: Cluster, by fleet: Fleet, patience: Duration? = nil) -> [VIPCheck] {
        cluster.instances.map { instance in
            var check = VIPCheck(cluster: cluster, instance: instance, fleet: fleet)
            if let patience { check.patience = patience }
            return check
        }
    }

    /// How a host stands with the VIP.
    private struct Standing {
        var holds: Bool
        /// Whether a VRRP engine of haprov's runs.
        var runsEngine: Bool
        /// Whether the engines' configuration names the VIP.
        var isConfigured: Bool
        /// Whether HAProxy runs.
        var serves: Bool
    }

    /// The hosts that hold the VIP now, highest priority first.
    package func holders(among hosts: [String]) async throws(Failure) -> [String] {
        let standings = try await standings(hosts)
        return cluster.balancers(of: instance).map(\.name).filter { standings[$0]?.holds == true }
    }

    /// The hosts that could take the VIP over from whoever holds it.
    func standbys(among hosts: [String]) async throws(Failure) -> [String] {
        try await standings(hosts).filter { _, standing in
            !standing.holds && standing.runsEngine && standing.isConfigured && standing.serves
        }.map(\.key)
    }

    private func standings(_ hosts: [String]) async throws(Failure) -> [String: Standing] {
        let script = RemoteScript(
            ShellLibrary.host.script(
                calls: instance.addresses.map {
                    ["probe_vip", "\($0.address)", Engine.configuration] + Engine.units
                } + [["probe_serves", HAProxy.unit], ["hp_say", "end"]]))
        let results = await fleet.onEach(hosts) { host throws(Failure) in
            let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 60, total: 60))
            let records = Record.all(in: result.standardOutput)
            return Standing(
                holds: records.contains { Holding($0)?.interface != nil },
                runsEngine: records.contains { $0.word == "engine" },
                isConfigured: records.contains { $0.word == "configured" },
                serves: records.contains { $0.word == "serves" })
        }
        do throws(Failures) {
            return try results.successes()
        } catch {
            throw error.all.first
                ?? Failure(.verification, step: "VIP", summary: "nobody answered", remedy: "Run `haprov status`.")
        }
    }

    /// Waits until the VIP is held as it should be: by exactly one, or by at most one while a rollout goes on.
    package func settle(hosts: [String], atMostOne: Bool) async throws(Failure) {
        var holders: [String] = []
        let isSettled = try await wait { () throws(Failure) in
            holders = try await self.holders(among: hosts)
            return holders.count == 1 || (atMostOne && holders.isEmpty)
        }
        if !isSettled { throw failure(holders) }
    }

    /// Waits for the end that follows from what shall run by now: one balancer holds the VIP where an engine runs that is
    /// configured for it, and none by an engine that was to end.
    ///
    /// - Parameter engines: where an engine shall run. Of balancers that are not among `hosts` nothing is known: they may
    ///   hold it.
    package func settle(hosts: [String], engines: Set<String>) async throws(Failure) {
        let isComplete = hosts.count == cluster.balancers.count
        var (holders, strays) = ([String](), [String]())
        let isSettled = try await wait { () throws(Failure) in
            let standings = try await self.standings(hosts)
            let names = cluster.balancers(of: instance).map(\.name)
            holders = names.filter { standings[$0]?.holds == true }
            strays = holders.filter { standings[$0]?.runsEngine == true && !engines.contains($0) }
            let someone = isComplete && engines.contains { standings[$0]?.isConfigured == true }
            return strays.isEmpty && (someone ? holders.count == 1 : holders.count < 2)
        }
        if isSettled { return }
        guard strays.isEmpty else {
            throw Failure(
                .verification, step: "VIP",
                summary:
                    "\(strays.joined(separator: " and ")) still runs VRRP and holds \(instance), "
                    + "where it was to end",
                remedy: "Find out who started it: `systemctl status \(Engine.units.joined(separator: " "))` there.")
        }
        throw failure(holders)
    }

    /// - Returns: whether the condition came true in time.
    private func wait(for condition: () async throws(Failure) -> Bool) async throws(Failure) -> Bool {
        let start = ContinuousClock.now
        repeat {
            if try await condition() { return true }
            do { try await Task.sleep(for: .milliseconds(250)) } catch {
                throw Failure(.cancelled, step: "VIP", summary: "interrupted", remedy: "Run `haprov status`.")
            }
        } while ContinuousClock.now - start < patience
        return false
    }

    private func failure(_ holders: [String]) -> Failure {
        let engine = cluster.engine.program
        return Failure(
            .verification, step: "VIP",
            summary: holders.isEmpty
                ? "no balancer holds \(instance)"
                : "\(holders.joined(separator: " and ")) hold \(instance) at the same time: split brain",
            remedy: holders.isEmpty
                ? "Look at \(engine) and its health check: `journalctl -u \(engine)` on the balancers."
                : "VRRP does not pass between them: look at firewalls (protocol 112, 224.0.0.18) and switches.")
    }
}
