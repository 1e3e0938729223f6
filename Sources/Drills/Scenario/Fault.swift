import Inventory

/// A scenario's fault in a cluster's terms: what is called on a host that is struck.
struct Fault: Sendable {
    /// Where a fault is, and what for.
    struct Place: Sendable {
        var host: Host
        var cluster: Cluster
        /// The VIPs that it is about.
        var instances: [VRRPInstance]
        /// The longest that a takeover may take without a word from the old master, milliseconds.
        var takeover: Int

        /// Whole seconds in which every master is heard.
        var hearing: Int {
            (instances.map(\.advertisementInterval.wholeMilliseconds).max() ?? 1000) / 1000 + 1
        }
    }

    /// What is struck, as users call it.
    let subject: String
    /// The same for the host's functions: a unit, where it is a service.
    let target: String
    /// The shell function of the deed, and its arguments.
    let deed: [String]
    /// The same for what undoes it.
    let wayBack: [String]
    /// What the way back says of it once it is given back.
    let restored: String
    /// The commands that show how it stands and why.
    let evidence: [String]

    /// - Parameter instances: the VIPs that it is about; all where nil.
    init(_ scenario: Scenario, on host: Host, in cluster: Cluster, for instances: [VRRPInstance]? = nil) {
        subject = scenario.victim.title(cluster)
        target = scenario.victim.target(cluster, host)
        let arguments = scenario.arguments(
            Place(
                host: host, cluster: cluster, instances: instances ?? cluster.instances,
                takeover: TakeoverEstimate.unannounced(in: cluster).upperBound))
        deed = [scenario.deed.function, target, scenario.isHeldDown ? "hold" : "free"] + arguments
        wayBack = [scenario.deed.wayBack, target] + arguments
        restored = scenario.deed.restored
        evidence = scenario.victim.service(cluster).map { ["systemctl status \($0)", "journalctl -u \($0)"] } ?? []
    }
}
