import Errors
import Inventory
import Planning

extension Executor {
    /// What a host's script has to be told before its steps: that others can take its VIPs over while HAProxy restarts. Who could
    /// is asked when its turn comes.
    ///
    /// - Parameter own: those of the VIPs that the host holds now. One that it does not hold may come to it, and go elsewhere
    ///   then; where another host has it, it need not.
    func standby(for plan: HostPlan, in whole: Plan, holding own: [VIPCheck]) async throws(Failure) -> [[String]] {
        guard plan.restartsHAProxy, whole.allowsSteppingAside else { return [] }
        let others = hosts.filter { $0 != plan.host }
        for check in own.isEmpty ? checks : own where try await check.standbys(among: others).isEmpty {
            guard !own.isEmpty else { return [] }
            let text = "restarts HAProxy where it is: no other balancer could take \(check.instance) over now"
            session.events(.note(host: plan.host, text: text))
            return []
        }
        let addresses = checks.flatMap(\.instance.addresses).map { "\($0.address)" }
        let words = [Engine.units, addresses].map { $0.joined(separator: " ") }
        return [["service_has_standby", HAProxy.unit] + words]
    }
}
