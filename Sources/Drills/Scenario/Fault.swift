import Inventory

/// A scenario's fault in a cluster's terms: what is called on the host that is struck.
struct Fault: Sendable {
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

    init(_ scenario: Scenario, on host: Host, in cluster: Cluster) {
        subject = scenario.victim.title(cluster)
        target = scenario.victim.target(cluster, host)
        deed = [scenario.deed.function, target, scenario.isHeldDown ? "hold" : "free"]
        wayBack = [scenario.deed.wayBack, target]
        restored = scenario.deed.restored
        evidence = scenario.victim.service(cluster).map { ["systemctl status \($0)", "journalctl -u \($0)"] } ?? []
    }
}
