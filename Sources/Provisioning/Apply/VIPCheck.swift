import Inventory
import SSH

/// Who holds the VIP, asked of the hosts themselves.
public struct VIPCheck: Sendable {
    var cluster: Cluster
    var fleet: Fleet
    /// How long the VIP may be on its way.
    var patience: Duration

    package init(cluster: Cluster, fleet: Fleet) {
        self.cluster = cluster
        self.fleet = fleet
        // Two takeovers with generous room: a rollout may move the VIP there and back.
        patience = .milliseconds(20 * cluster.vip.advertisementInterval + 20_000)
    }

    /// The hosts that hold the VIP now, highest priority first.
    public func holders(among hosts: [String]) async throws(Failure) -> [String] {
        let address = "\(cluster.vip.address.address)"
        let script = RemoteScript(
            HostScript.library
                + "if ip -o -4 addr show | grep -qwF \(Shell.quote(address)); then hp_say holds yes; fi\nhp_say end\n")
        let results = await fleet.onEach(hosts) { host throws(Failure) in
            let result = try await fleet.run(script, on: host, deadline: Deadline(idle: 60, total: 60))
            return String(decoding: result.standardOutput, as: UTF8.self).contains("@holds")
        }
        do throws(Failures) {
            let held = try results.successes()
            return cluster.balancers.map(\.name).filter { held[$0] == true }
        } catch {
            throw error.all.first
                ?? Failure(.verification, step: "VIP", summary: "nobody answered", remedy: "Run `haprov status`.")
        }
    }

    /// Waits until the VIP is held as it should be: by exactly one, or by at most one while a rollout goes on.
    public func settle(hosts: [String], atMostOne: Bool) async throws(Failure) {
        let start = ContinuousClock.now
        var holders: [String] = []
        repeat {
            holders = try await self.holders(among: hosts)
            if holders.count == 1 || (atMostOne && holders.isEmpty) { return }
            do { try await Task.sleep(for: .milliseconds(250)) } catch {
                throw Failure(.cancelled, step: "VIP", summary: "interrupted", remedy: "Run `haprov status`.")
            }
        } while ContinuousClock.now - start < patience
        let engine = cluster.engine.program
        throw Failure(
            .verification, step: "VIP",
            summary: holders.isEmpty
                ? "no balancer holds \(cluster.vip.address.address)"
                : "\(holders.joined(separator: " and ")) hold \(cluster.vip.address.address) at the same time: split brain",
            remedy: holders.isEmpty
                ? "Look at \(engine) and its health check: `journalctl -u \(engine)` on the balancers."
                : "VRRP does not pass between them: look at firewalls (protocol 112, 224.0.0.18) and switches.")
    }
}
